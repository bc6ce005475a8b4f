r"""Optimizers of group-action tasks: from an acting element g and a state x, predict g.x (Appendix E, F).

    o[g, x] = sum_j v_j (alpha_j[g] + beta_j[x])^2,   W_a (|G|, q),  W_b (|X|, q),  V (|X|, q)

**The task.** The matrices of the action are block-diagonal over the orbits X_l (Lemma 11), and the analysis applies
to each block by itself (F.2): for a state x of X_l the outputs of the other orbits are masked, the rest is the task
of the induced group, g acting as iota_0(g) (Lemma 9). ``outputs="orbit"`` (default), with P_l = I - 11^T/d_l:

    zero-mean:  l = mean over (g, x) of || P_l (o - onehot(g.x))|_{X_l} ||^2,  x in X_l;      one-hot: without P_l.

It is sum_l d_l/|X| times the loss (Eq. 1) of the group G/G_x0 of X_l wherever the weights W_a of the nodes with
outputs on X_l are in-graph there. ``outputs="all"`` compares the outputs at all states, with P = I - 11^T/|X|.
Weights without trivial characters (of the induced groups) cannot meet that with L >= 2 orbits: outputs sum to 0 on
every orbit, so the loss is at least (L - 1)/|X|, the share of onehot(g.x) that only names the orbit.

**The construction.** Take for each orbit an optimizer of its group: lift alpha to G by P_0 (Eq. 87), put beta and v
on the states of the orbit, 0 elsewhere. For x outside X_l its nodes are still driven by alpha and add
sum_j v_j alpha_j[g]^2 at X_l. These strays vanish: their spectrum is R_{a,m,k} (:mod:`.loss`), of which the loss
already asks 0 at m != 0, separately for a and b, and R_{a,0,k} + R_{b,0,k} = 0 at m = 0; where every node has
||alpha_j|| = ||beta_j||, as in all recipes, both halves are 0. So masked optimizers reach the
bound (L - 1)/|X| as they are.

Zero loss over all states takes the **same width** as one-hot outputs within each orbit: let t_j be the column sums of
V of a one-hot optimizer, so that sum_j t_j h_j^2 = 1 on its orbit (h_j = alpha_j + beta_j); by the same halving
sum_j t_j alpha_j^2 = kappa = 1/2 outside. Take for v_j at the nodes of X_m its zero-mean part plus t_j w_mn at all
states of every X_n, with sum_m B_lm w_mn = [l = n]/d_n, B_ll = 1, B_lm = kappa_m: all outputs are exactly
onehot(g.x). A constant unit alpha = beta = 1/2 first becomes alpha = 1/sqrt 2, beta = 1 - 1/sqrt 2 on its orbit.

A fixed state needs no nodes for zero-mean outputs within its orbit, since P_l = 0 there; otherwise the one node
alpha = 0, beta = v = 1 at that state.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..errors import InputError, choose
from ..groups.abelian import Group
from ..groups.actions import Action, Component
from ..networks.loss import Score
from ..networks.network import DEFAULT, FloatArray, Network, Setting
from .compose import build

OUTPUTS = ("orbit", "all")


@dataclass(frozen=True, eq=False)
class ActionNetwork:
    """A 2-layer quadratic network on an action task; W_a (|G|, q), W_b and V (|X|, q), float64.

    Raises InputError if the shapes do not fit the action, or a weight is not finite.
    """

    action: Action
    W_a: FloatArray
    W_b: FloatArray
    V: FloatArray

    def __post_init__(self) -> None:
        n, states = self.action.order, self.action.states
        shapes = {name: getattr(self, name).shape for name in ("W_a", "W_b", "V")}
        q = self.W_a.shape[-1] if self.W_a.ndim == 2 else None
        if shapes != {"W_a": (n, q), "W_b": (states, q), "V": (states, q)}:
            raise InputError(f"weights have shapes {shapes}: W_a must be ({n}, q), W_b and V ({states}, q)")
        if not all(np.isfinite(getattr(self, name)).all() for name in shapes):
            raise InputError("weights contain NaN or infinity: this network cannot be evaluated")

    @property
    def width(self) -> int:
        """Number of hidden nodes q."""
        return int(self.W_a.shape[1])


def direct(network: ActionNetwork, setting: Setting = DEFAULT, outputs: str = "orbit") -> Score:
    """The loss and accuracy over all |G| |X| inputs in float64, as defined above, one g at a time.

    Accuracy is the share of inputs whose largest output, within the orbit of x or over all states, is at g.x.
    Raises InputError for unknown ``outputs``.
    """
    _check(outputs)
    action = network.action
    everything = np.arange(action.states)
    compared = action.labels[:, None] == action.labels if outputs == "orbit" else np.ones((action.states,) * 2, bool)
    total, right = 0.0, 0
    for g, target in enumerate(action.table):
        residual = np.asarray((network.W_a[g] + network.W_b) ** 2 @ network.V.T)
        right += int((np.where(compared, residual, -np.inf).argmax(axis=1) == target).sum())
        residual[everything, target] -= 1
        residual *= compared
        if setting.target == "zero-mean":
            residual -= compared * (residual.sum(axis=1) / compared.sum(axis=1))[:, None]
        total += float(np.sum(residual**2))
    inputs = action.order * action.states
    return Score(total / inputs, right / inputs)


def decompose(component: Component, weights: FloatArray) -> tuple[FloatArray, FloatArray]:
    """In-graph and out-of-graph parts of weights on G, shape (|G|, q): w = P_0 w_par + w_perp (Eq. 87).

    Returns w_par, shape (d_l, q), by element of the induced group, and w_perp, shape (|G|, q). w_par is the mean over
    each coset iota_0^-1(x), so P_0 w_par is constant on cosets and w_perp is orthogonal to all that are.
    Raises InputError if the weights do not have a row for each acting element.
    """
    lifting = component.lifting
    if weights.ndim != 2 or len(weights) != len(lifting):
        raise InputError(f"weights have shape {weights.shape}: give ({len(lifting)}, q), a row for each acting element")
    in_graph = lifting.T @ weights / (len(lifting) // component.order)
    return in_graph, weights - in_graph[component.coset]


def restrict(network: ActionNetwork, component: Component) -> Network:
    """What a network does on one orbit through in-graph weights: the network of the induced group, all q nodes.

    Exact where W_a of the nodes with outputs on the orbit is in-graph there. Raises InputError for a fixed state.
    """
    if component.group is None:
        raise InputError(f"state {component.states[0]} is fixed by every group element: it has no group to restrict to")
    w_a, _ = decompose(component, network.W_a)
    return Network(component.group, w_a, network.W_b[component.states], network.V[component.states])


def default_recipe(group: Group) -> str:
    """f4/6 where there is a conjugate pair, else f4+real: every group has one of them, in every setting."""
    return "f4/6" if group.conjugate_pairs else "f4+real"


def needed(action: Action, setting: Setting, outputs: str) -> Setting:
    """The setting each orbit's group has to meet: one-hot where the outputs at all states tell several orbits apart.

    Raises InputError for unknown ``outputs``, and where the setting forbids the trivial character that takes.
    """
    _check(outputs)
    if outputs == "orbit" or len(action.components) == 1:
        return setting
    if setting.trivial == "without":
        raise InputError(
            f"outputs='all' is impossible with trivial=without on {len(action.components)} orbits: outputs sum to 0 on "
            "every orbit and cannot tell which holds the state; allow the trivial character, or use outputs='orbit'"
        )
    return Setting("with", "one-hot")


def construct(
    action: Action,
    recipe: str | Mapping[int, str] | None = None,
    setting: Setting = DEFAULT,
    outputs: str = "orbit",
) -> ActionNetwork:
    """An optimizer of the action task, assembled from a named recipe (:func:`.recipes.build`) for each orbit.

    ``recipe`` is one name for all orbits, or names by base state (the least of an orbit), :func:`default_recipe` for
    the others. With ``outputs="all"`` all outputs are exactly one-hot. Raises InputError, with a witness, where
    an orbit is no Abelian group (:attr:`.Action.components`), a recipe does not fit its group, no orbit has the
    base state named, or ``outputs="all"`` meets several orbits and trivial=without.
    """
    components = action.components
    setting = needed(action, setting, outputs)
    named = recipe if isinstance(recipe, Mapping) else {}
    bases = [int(c.states[0]) for c in components]
    if unknown := sorted(set(named) - {b for b, c in zip(bases, components, strict=True) if c.group}):
        raise InputError(f"recipe names state {unknown[0]}, which is no base state of an orbit of two states or more")
    networks: list[Network | None] = []
    for base, c in zip(bases, components, strict=True):
        if c.group is None:
            networks.append(None)
            continue
        name = recipe if isinstance(recipe, str) else named.get(base, default_recipe(c.group))
        try:
            networks.append(build(name, c.group, setting).assemble())
        except InputError as error:
            raise InputError(f"orbit of state {base}, group {c.group.name}: {error}") from None
    return assemble(action, networks, setting, outputs)


def assemble(
    action: Action, networks: Sequence[Network | None], setting: Setting = DEFAULT, outputs: str = "orbit"
) -> ActionNetwork:
    """One network for the action from one for each component's group, None for a fixed state.

    With ``outputs="all"`` and several orbits the networks must be one-hot optimizers. Raises InputError if a group
    differs from its component's, or the strays outside an orbit do not cancel; evaluate the result with
    :func:`direct`.
    """
    _check(outputs)
    components = action.components
    if [n.group if n else None for n in networks] != [c.group for c in components]:
        raise InputError(
            f"networks have groups {[n.group.name if n else None for n in networks]}, the components "
            f"{[c.group.name if c.group else None for c in components]}: give one for each, in this order"
        )
    everywhere = outputs == "all" and len(components) > 1
    blocks = [_place(action, c, n, setting, everywhere) for c, n in zip(components, networks, strict=True)]
    if everywhere:
        sums = [v.sum(axis=0) for _, _, v in blocks]
        outside = [_outside(c, block, t) for c, block, t in zip(components, blocks, sums, strict=True)]
        between = np.tile(outside, (len(blocks), 1))
        np.fill_diagonal(between, 1.0)
        shares = np.linalg.solve(between, np.diag([1 / c.order for c in components]))
        for m, (c, (a, b, v), t) in enumerate(zip(components, blocks, sums, strict=True)):
            centred = v.copy()
            centred[c.states] -= t / c.order
            blocks[m] = (a, b, centred + shares[m, action.labels][:, None] * t)
    w_a, w_b, v = (np.concatenate(parts, axis=1) for parts in zip(*blocks, strict=True))
    return ActionNetwork(action, w_a, w_b, v)


Nodes = tuple[FloatArray, FloatArray, FloatArray]


def _place(action: Action, component: Component, network: Network | None, setting: Setting, split: bool) -> Nodes:
    """alpha lifted by P_0, beta and v on the component's states; ``split`` divides constant units between them."""
    if network is None:
        w_a = np.zeros((1, 1 if split or setting.target == "one-hot" else 0))
        w_b = v = w_a + 1
    else:
        w_a, w_b, v = network.W_a, network.W_b, network.V
        if split:
            whole = w_a + w_b
            unit = np.ptp(w_a, axis=0) + np.ptp(w_b, axis=0) <= 1e-12 * np.abs(whole).max(axis=0)
            w_a = np.where(unit, whole / np.sqrt(2), w_a)
            w_b = np.where(unit, whole - w_a, w_b)
    beta, outgoing = np.zeros((2, action.states, w_a.shape[1]))
    beta[component.states], outgoing[component.states] = w_b, v
    return w_a[component.coset], beta, outgoing


def _outside(component: Component, block: Nodes, sums: FloatArray) -> float:
    """kappa = sum_j t_j alpha_j[g]^2, checked to be constant and in [0, 1); strays of zero-mean v are checked to be 0.

    For kappa in [0, 1) the shares w exist: B = diag(1 - kappa) + 1 kappa^T has a positive determinant.
    """
    squares = block[0] ** 2
    kappa = squares @ sums
    stray = squares @ (block[2][component.states] - sums / component.order).T
    if max(np.ptp(kappa), np.abs(stray).max(initial=0.0)) > 1e-9 or not 0 <= kappa.mean() < 1 - 1e-9:
        raise InputError(
            f"network of the orbit of state {component.states[0]} disturbs the other orbits: sum_j v_j alpha_j^2 must "
            "be one constant; use a one-hot optimizer with |alpha_j| = |beta_j| at every node, or outputs='orbit'"
        )
    return float(kappa.mean())


def _check(outputs: str) -> None:
    if outputs not in OUTPUTS:
        raise InputError(f"outputs={outputs!r} is unknown: {choose(outputs, OUTPUTS)}")
