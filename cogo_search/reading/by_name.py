"""Networks that compute no group, or not yet: read by the names of their keys, the loss deciding between orientations.

A snapshot from the beginning of a training has no function to be known by. Where names or the user say which tensors
are the weights, they are taken at their word, and a note says that nothing but names speaks for it.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ..errors import InputError
from ..groups.abelian import Group
from ..networks.network import FloatArray, Network
from .coordinates import by_shapes
from .layouts import Candidate, Layout
from .readings import Outputs, Reading, Sums, bias_names
from .scale import fit
from .state_dicts import MAPPING, StateDict, shown

NO_NODES = "has width 0, no hidden nodes: there is nothing to match"
#: A loss that is as good as zero: two readings below it are equally right.
ZERO = 1e-9


def choose(
    state: StateDict, layout: Layout, named: Group | None, activation: str
) -> tuple[Network, Mapping[str, str], list[str]]:
    """The reading that the shapes, the group and then the loss decide for: network, mapping, lines for the user.

    Raises InputError if the shapes fit no network, or several whose losses do not decide.
    """
    fitting = layout.candidates(state)
    candidates = [c for c in fitting if named is None or c.shape[0] == named.order]
    if fitting and named and not candidates:
        orders = " or ".join(str(d) for d in sorted({c.shape[0] for c in fitting}))
        raise InputError(
            f"group={named.name} has order {named.order}, the weights fit order {orders}: name a group of such order"
        )
    if not candidates:
        raise InputError(
            f"shapes fit no network: {state.listing(layout.keys)}; with d group elements and q nodes, W_a, W_b and V "
            f"are (d, q) each: choose the keys with {MAPPING}"
        )
    candidates = [c for c in candidates if c.shape[1]]
    if not candidates:
        raise InputError(NO_NODES)
    built = [_built(state, layout, c, named or Group((c.shape[0],)), activation) for c in candidates]
    if len(candidates) == 1:
        return built[0][0], candidates[0].mapping, built[0][1]
    losses = [fit(network)[1] for network, _ in built]
    ranked = sorted(range(len(losses)), key=lambda i: losses[i])
    best, second = ranked[:2]
    if max(losses[best], ZERO) <= losses[second] / 2:
        note = f"{_told(candidates[best])} by its loss {losses[best]:.2g}, the next reading has {losses[second]:.2g}"
        return built[best][0], candidates[best].mapping, [note, *built[best][1]]
    for i, candidate in enumerate(candidates):
        if layout.literal(candidate.mapping):
            note = f"{_told(candidate)} as the mapping has it, the loss does not decide"
            return built[i][0], candidate.mapping, [note, *built[i][1]]
    listed = "; ".join(f"{_told(candidates[i])}: loss {losses[i]:.3g}" for i in ranked[:8])
    raise InputError(
        f"shapes allow {len(candidates)} readings and the loss does not decide ({listed}): choose with group=SPEC, or "
        f"with {MAPPING}, each (d, q) as it stands or KEY.T"
    )


def unused(state: StateDict, layout: Layout) -> None:
    """Raise InputError if a file holds weights that the layout does not use, unless the user mapped."""
    known = set(layout.keys).union(*map(bias_names, layout.keys))
    weights = [key for key in state.tensors if key not in known and _acts(state, key)]
    if weights and not layout.mapped:
        raise InputError(
            f"holds weights besides {', '.join(map(shown, layout.keys))}: {state.listing(weights)}: if the network "
            f"does not need them, say so with {MAPPING}"
        )


def _built(
    state: StateDict, layout: Layout, candidate: Candidate, group: Group, activation: str
) -> tuple[Network, list[str]]:
    """The network of a candidate, with the biases that stand beside its weights."""
    d, q = candidate.shape
    a, b, v = candidate.weights
    names = list(candidate.mapping.values())
    constant = sum((_bias(state, layout, key, q) for key in dict.fromkeys(layout.keys[:-1])), np.zeros(q))
    bias = _bias(state, layout, layout.keys[-1], d)
    sums = Sums(a, b, constant, (names[0], names[1]), layout.keys[:-1])
    return by_shapes(Reading(sums, Outputs(v, bias, names[2], layout.keys[-1:])), activation, group)


def _bias(state: StateDict, layout: Layout, key: str, size: int) -> FloatArray:
    """The sum of the biases that belong to a matrix by name. Raises InputError for one that is no such vector."""
    total = np.zeros(size)
    for name in sorted(bias_names(key) & state.tensors.keys() - set(layout.keys)):
        stored = state.tensors[name]
        if stored.values is None or not np.isfinite(stored.values).all() or stored.shape != (size,):
            raise InputError(f"bias {shown(name)} {stored.shape} is no vector of {size} real numbers: mend it")
        total = total + np.asarray(stored.values, dtype=np.float64)
    return total


def _told(candidate: Candidate) -> str:
    d, q = candidate.shape
    return f"{', '.join(f'{name} = {what}' for name, what in candidate.mapping.items())} with d = {d}, q = {q}"


def _acts(state: StateDict, key: str) -> bool:
    """Whether a tensor may be weights: more than one real number, and not all zero."""
    values = state.tensors[key].values
    return values is not None and values.size > 1 and bool(values.any())
