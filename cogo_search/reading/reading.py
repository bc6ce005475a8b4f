"""Networks from files of other programs: which tensors they are, which way round, and at which output scale.

The names of the tensors tell the layout (:mod:`.layouts`), shapes the orientation; where shapes leave several
readings, the one whose loss, at its best output scale, is at most half of every other's. V is multiplied by that scale
where the outputs are off by more than 5 %, since papers normalise outputs and losses differently.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..errors import InputError
from ..groups.abelian import Group
from ..networks.network import Network
from ..networks.network_files import SUFFIXES, network_of, read_network
from .layouts import NAMES, OPTIONS, Candidate, Layout, find_layout, mapped_layout
from .state_dicts import StateDict, read_state_dict, shown

#: Output scales this near to 1 are what training leaves, and stay.
NEAR_ONE = 0.05
#: Outputs less correlated with the targets than this have no scale.
UNCORRELATED = 1e-6
NO_NODES = "has width 0, no hidden nodes: there is nothing to match"
#: A loss that is as good as zero: two readings below it are equally right.
ZERO = 1e-9


@dataclass(frozen=True, eq=False)
class Imported:
    """A network and how it came out of its file.

    ``mapping`` says what W_a, W_b and V are in terms of the file's tensors, ``scale`` what V was multiplied by besides;
    ``notes`` are lines for the user: what was assumed, ignored or changed.
    """

    network: Network
    mapping: dict[str, str]
    scale: float
    notes: tuple[str, ...]


def import_network(path: Path, group: str | None = None, mapping: Mapping[str, str] | None = None) -> Imported:
    """The network of a file: our own, a torch checkpoint, or safetensors and .npz with other programs' names.

    ``group`` is a spec such as 2x3, by default the file's own or else the cyclic group of its size. ``mapping`` names
    the keys of W_a, W_b and V, where they are not known by name; ``KEY.T`` is a transposed one, and where the
    loss does not decide, keys are taken as they stand. No code in a file is ever run. Raises InputError if the
    file cannot be read, holds no such network, or may be read in several ways.
    """
    named = None if group is None else Group.parse(group)
    state = read_state_dict(path)
    if str(state.metadata.get("format", "")).startswith("cogo-net-"):
        return _native(path, state, named, mapping)
    return import_state(state, group, mapping)


def import_state(state: StateDict, group: str | None = None, mapping: Mapping[str, str] | None = None) -> Imported:
    """The network of tensors by key, from a file or not, as :func:`import_network` reads them."""
    named = None if group is None else Group.parse(group)
    layout = find_layout(state) if mapping is None else mapped_layout(state, mapping)
    notes = _biases(state, layout) + _unused(state, layout)
    try:
        network, chosen, by_loss = _choose(state, layout, named)
        if named is None:
            cyclic = network.group.name
            notes.insert(0, f"group not named: cyclic {cyclic} assumed; name another one of that order with --group")
        scale, _ = fit(network)
        if not (np.isfinite(scale) and scale > 0):
            scale = 1.0
            notes.append("no output scale brings these outputs nearer to the targets: V left as it is")
        elif abs(scale - 1) <= NEAR_ONE:
            scale = 1.0
        else:
            notes.append(f"V multiplied by {scale:.6g}, the output scale of least loss")
        known = {"file": state.file} if state.file else {}
        provenance = {**known, "mapping": chosen.mapping, "scale": scale}
        metadata = {"origin": "imported", "provenance": json.dumps(provenance, sort_keys=True)}
        precision = state.precision(layout.keys)
        network = Network(network.group, network.W_a, network.W_b, network.V * scale, metadata, precision)
    except InputError as error:
        raise InputError(f"{state.name}: {error}") from None
    return Imported(network, chosen.mapping, scale, (*by_loss, *notes))


def fit(network: Network) -> tuple[float, float]:
    """The output scale s = <P o, P onehot> / |P o|^2 over all inputs, and the zero-mean loss at it.

    s is nan where the outputs are constant over the group or uncorrelated with the targets; the loss at s <= 0 or nan
    is that of no outputs at all. One x1 at a time, as in :func:`cogo_search.networks.loss.direct`.
    """
    g = network.group
    everything = np.arange(g.order)
    v = network.V - network.V.mean(axis=0)
    v[:, np.abs(v).max(axis=0) <= 1e-13 * np.abs(network.V).max(axis=0)] = 0  # rounding of constant columns
    inner = square = 0.0
    for x1 in range(g.order):
        outputs = (network.W_a[x1] + network.W_b) ** 2 @ v.T
        inner += float(outputs[everything, g.add(x1, everything)].sum())
        square += float(np.sum(outputs**2))
    nothing = 1 - 1 / g.order
    correlation = inner / np.sqrt(square * g.order**2 * nothing) if square else 0.0
    scale = inner / square if abs(correlation) > UNCORRELATED else np.nan
    return scale, nothing * (1 - max(correlation, 0.0) ** 2)


def _native(path: Path, state: StateDict, named: Group | None, mapping: Mapping[str, str] | None) -> Imported:
    if path.suffix in SUFFIXES:
        network = read_network(path)
    else:
        held = {name: np.empty(0, int) if x.values is None else x.values for name, x in state.tensors.items()}
        network = network_of(path, held, dict(state.metadata))
    if named is not None and named != network.group:
        raise InputError(
            f"--group {named.name}: network file {path} is on group {network.group.name}: leave --group out"
        )
    if mapping is not None:
        raise InputError(f"--map: network file {path} has format {network.metadata['format']}: leave --map out")
    if network.width == 0:
        raise InputError(f"network file {path} {NO_NODES}")
    return Imported(network, {name: name for name in NAMES}, 1.0, ())


def _choose(state: StateDict, layout: Layout, named: Group | None) -> tuple[Network, Candidate, list[str]]:
    """The reading that the shapes, the group and then the loss decide for."""
    fitting = layout.candidates(state)
    candidates = [c for c in fitting if named is None or c.shape[0] == named.order]
    if fitting and named and not candidates:
        orders = " or ".join(str(d) for d in sorted({c.shape[0] for c in fitting}))
        raise InputError(
            f"--group {named.name} has order {named.order}, the weights fit order {orders}: name a group of such order"
        )
    if not candidates:
        raise InputError(
            f"shapes fit no network: {state.listing(layout.keys)}; with d group elements and q nodes, W_a, W_b and V "
            f"are (d, q) each: choose the keys with {OPTIONS}"
        )
    candidates = [c for c in candidates if c.shape[1]]
    if not candidates:
        raise InputError(NO_NODES)
    networks = [Network(named or Group((c.shape[0],)), *c.weights) for c in candidates]
    if len(candidates) == 1:
        return networks[0], candidates[0], []
    losses = [fit(network)[1] for network in networks]
    ranked = sorted(range(len(losses)), key=lambda i: losses[i])
    best, second = ranked[:2]
    if max(losses[best], ZERO) <= losses[second] / 2:
        note = f"{_told(candidates[best])} by its loss {losses[best]:.2g}, the next reading has {losses[second]:.2g}"
        return networks[best], candidates[best], [note]
    for i, candidate in enumerate(candidates):
        if layout.literal(candidate):
            return networks[i], candidate, [f"{_told(candidate)} as --map has it, the loss does not decide"]
    listed = "; ".join(f"{_told(candidates[i])}: loss {losses[i]:.3g}" for i in ranked[:8])
    raise InputError(
        f"shapes allow {len(candidates)} readings and the loss does not decide ({listed}): choose with --group, or "
        f"with {OPTIONS}, each (d, q) as it stands or KEY.T"
    )


def _told(candidate: Candidate) -> str:
    d, q = candidate.shape
    return f"{', '.join(f'{name} = {what}' for name, what in candidate.mapping.items())} with d = {d}, q = {q}"


def _bias_names(key: str) -> set[str]:
    """The keys that a bias beside these weights may have: W.bias, b_in for W_in, b for W."""
    stem = key.removesuffix(".weight")
    parent, dot, name = stem.rpartition(".")
    short = "b" + name[1:] if name.startswith("W") else f"b_{name}"
    return {f"{stem}.bias", f"{stem}_bias", f"{parent}{dot}{short}"}


def _biases(state: StateDict, layout: Layout) -> list[str]:
    """Notes on biases; InputError for one that does something to the outputs."""
    notes = []
    for key in layout.keys:
        for bias in sorted(_bias_names(key) & state.tensors.keys() - set(layout.keys)):
            values = state.tensors[bias].values
            if values is not None and not values.any():
                continue
            where = f"{state.name}: bias {shown(bias)}"
            if key != layout.keys[-1]:
                raise InputError(
                    f"{where} of the first layer is not zero, and the networks here have none: fold it into W_a, "
                    "or import a model trained without it"
                )
            rounding = 4 * np.finfo(values.dtype).eps if values is not None else 0
            if values is None or not np.ptp(values) <= rounding * np.abs(values).max():
                raise InputError(
                    f"{where} of the output layer differs between outputs, and the networks here have none: import a "
                    "model trained without it"
                )
            notes.append(f"{shown(bias)} ignored: the same for every output")
    return notes


def _unused(state: StateDict, layout: Layout) -> list[str]:
    """A note on tensors that the layout does not use; InputError for weights among them, unless the user mapped."""
    known = set(layout.keys).union(*map(_bias_names, layout.keys))
    unused = [key for key in state.tensors if key not in known]
    weights = [key for key in unused if _acts(state, key)]
    if weights and not layout.mapped:
        raise InputError(
            f"{state.name} holds weights besides {', '.join(map(shown, layout.keys))}: "
            f"{state.listing(weights)}: if the network does not need them, say so with {OPTIONS}"
        )
    return [f"not used: {state.listing(unused)}"] if unused else []


def _acts(state: StateDict, key: str) -> bool:
    """Whether a tensor may be weights: more than one real number, and not all zero."""
    values = state.tensors[key].values
    return values is not None and values.size > 1 and bool(values.any())
