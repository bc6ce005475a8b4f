r"""Theorem 6: a path of zero loss between z = y * z' and z', in the space of networks of z's order.

The path is y(t) * z' with r_kkk(y(t)) = 1 for all k, from y(1) = y to the augmented identity y(0) = e. The
paper takes y(t) from an intermediate value theorem, which does not apply: r_kkk is complex, and it may pass
through 0. Here it is explicit, in up to three stages, t falling from 1 to 0, s rising from 0 to 1 in each:

1. *concentrate*: at every k an anchor node j(k) keeps the sum at 1. The others are multiplied by 1 - s, the
   anchor's a and b go to modulus 1 geometrically while their phases turn to 0, and its
   c = (1 - (1-s)^3 sum_{j != j(k)} a_j b_j c_j) / (a b). Where 2k = 0 a sign cannot turn and is kept; nor can
   a phase in mu_4 where 4k = 0 and z' vanishes through sums in R_*.
2. *right the signs*, only if needed: what sits at the home node moves to a spare one, where it starts at 1.
3. *gather*, only if needed: what does not sit at the home node moves there, and e is reached.

A move takes node i from [u, v, 1/(uv)], |u| = |v| = 1, to [1, 1, 1] at node j along a b c = 1 - h and h, h(s) the
quintic step; its squared norm peaks at 3 * 2^(1/3) where both ends have 3.

Two more repairs to the statement. *Order-1 units with a negative sign where 2k = 0 are excluded*, and have to
be: on Z_2 at width 2, loss 0 means sum abc = 1 and sum (a^2 + b^2) c = 0, hence one node with c > 0, and for it
sum c (a + b)^2 = 2 forces a + b != 0 all along any path; [-1, -1, 1] * z' has the other sign. *z' has to satisfy
Lemma 1* (the proof says every potential but r_kkk vanishes at z'), or y has to be of common modulus
(:mod:`.semiring`): then y(t) is so too, and the sums z' vanishes through stay zero.

**The norm at the two ends** (the paper compares y with e; what counts is y * z' with z'). With
Y_pk = sum_j |y_pkj|^2 and Z_pk likewise for z', ||y * z'||^2 = sum Y_pk Z_pk, and Y_ak Y_bk Y_ck >= 1 for a unit.
So ||y * z'|| >= ||z'|| for every unit y if Z_ak = Z_bk = Z_ck at each k, equality only for one node of phases at
each k; and for every y of common modulus if Z_a + Z_b = 2 Z_c in total (every node in its best gauge). Both
hold for the recipes as :func:`.exact.numeric` balances them; without balance the inequality is false, and in
between the norm need not be monotone. (In weights instead of z the layers count d, d and 1/(4d) fold, and the
same holds with balance in that norm.)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..algebra.cyclotomic import IntArray
from ..errors import InputError
from ..groups.abelian import Group
from ..networks.loss import by_theorem_1
from ..networks.network import DEFAULT, ComplexArray, FloatArray, Network, Setting, from_spectrum
from ..networks.semiring import TOLERANCE, active, hermitian, lemma_1_residual, potentials, ring_product, times_unit

#: What counts as zero loss when a path is built.
ZERO_LOSS = 1e-18


@dataclass(frozen=True, eq=False)
class Profile:
    """Samples along a path: t, loss and squared L2 norm of z, each of shape (n,)."""

    t: FloatArray
    loss: FloatArray
    squared_norm: FloatArray


@dataclass(frozen=True, eq=False)
class ZeroLossPath:
    """y(t) * z', zero loss for all t in [0, 1]; made by :func:`zero_loss_path`.

    ``y`` (3, d, m) is the unit, ``base`` (3, d, q') is z'. At t = 0 the network is z' in the block of nodes
    ``home`` q' to (``home`` + 1) q' - 1, every other weight exactly 0.
    """

    group: Group
    setting: Setting
    y: ComplexArray
    base: ComplexArray
    home: int
    anchors: IntArray
    rigid: NDArray[np.bool_]
    stages: tuple[Callable[[float], ComplexArray], ...]

    def unit(self, t: float) -> ComplexArray:
        """y(t), shape (3, d, m). InputError outside [0, 1]."""
        if not 0 <= t <= 1:
            raise InputError(f"t={t} is not on the path: it runs from 0 (z') to 1 (y * z')")
        if t == 1:
            return self.y
        position = (1 - t) * len(self.stages)
        stage = min(int(position), len(self.stages) - 1)
        return hermitian(self.group, self.stages[stage](position - stage))

    def spectrum(self, t: float) -> ComplexArray:
        """z(t) = y(t) * z', shape (3, d, m q')."""
        return ring_product(self.unit(t), self.base)

    def network(self, t: float) -> Network:
        """The weights of z(t)."""
        return from_spectrum(self.group, self.spectrum(t))

    def sample(self, points: int = 201) -> Profile:
        """Loss (Theorem 1) and squared norm at evenly spaced t. InputError for fewer than 2 points."""
        if points < 2:
            raise InputError(f"points={points} is too few: a path has two ends")
        t = np.linspace(0, 1, points)
        loss = [by_theorem_1(self.network(x), self.setting) for x in t]
        norm = [np.sum(np.abs(self.spectrum(x)) ** 2) for x in t]
        return Profile(t, np.array(loss), np.array(norm))


def zero_loss_path(y: ComplexArray, base: ComplexArray, group: Group, setting: Setting = DEFAULT) -> ZeroLossPath:
    """The path of Theorem 6 between y * z' and z' = ``base``; y of shape (3, d, m), base (3, d, q').

    Raises InputError if y is no unit, z' or y * z' is not of zero loss, y has order 1 and a sign where 2k = 0
    (no path exists in general), or z' is optimal only through sums of potentials that y does not keep.
    """
    product = times_unit(y, base, group, setting)
    for name, z in (("z'", base), ("y * z'", product)):
        if (loss := by_theorem_1(from_spectrum(group, z), setting)) > ZERO_LOSS:
            raise InputError(
                f"{name} has loss {loss:.1e}: Theorem 6 joins two optimizers; where z' vanishes through sums of "
                "potentials only, take y of common modulus"
            )
    separate = lemma_1_residual(base, group, setting) < TOLERANCE
    rigid = group.character_orders <= 2
    if not separate:
        rigid |= (group.character_orders == 4) & _merged(base, group)
    path = _build(y, base, group, setting, rigid, together=not separate)
    worst = max(by_theorem_1(path.network(t), setting) for t in np.linspace(0, 1, 13))
    if worst > ZERO_LOSS:
        raise InputError(
            f"z' is optimal only through sums of potentials and y does not keep them (loss {worst:.1e} on the path): "
            "take y of common modulus"
        )
    return path


def _merged(base: ComplexArray, group: Group) -> NDArray[np.bool_]:
    """Whether some r_{p,k,m-k,.} with m != 0 (R_*) does not vanish, for every character k; shape (d,)."""
    k = np.arange(group.order)
    own = np.abs(potentials(base).own)
    own[:, k, group.multiple(-1, k)] = 0
    return np.asarray((own > TOLERANCE).any(axis=(0, 2, 3)))


def _build(
    y: ComplexArray, base: ComplexArray, group: Group, setting: Setting, rigid: NDArray[np.bool_], together: bool
) -> ZeroLossPath:
    """Anchors, home and spare nodes, and the stages between them.

    ``together``: all characters move where one has to, which keeps the modulus common.
    """
    d, m = y.shape[1:]
    live = np.array(active(group, setting))
    k = np.arange(d)
    entering = np.abs(y[0] * y[1])
    home = int(entering[live].min(axis=0).argmax())
    usable = entering[:, home] > 0.1 * entering.max(axis=1)
    anchors = np.where(usable, home, entering.argmax(axis=1))
    anchors = anchors[np.minimum(k, group.multiple(-1, k))]
    kept = np.where(rigid[:, None], _phases(y[:2, k, anchors].T), 1)  # (d, 2)
    stages: list[Callable[[float], ComplexArray]] = [lambda s: _concentrate(y, anchors, rigid, live, s)]
    wrong = (np.abs(kept - 1) > TOLERANCE).any(axis=1)
    at = anchors.copy()
    if (wrong & (anchors == home))[live].any():
        if m == 1:
            name = group.frequency_name(int(live[wrong[live]][0]))
            raise InputError(
                f"y of order 1 has a sign or quarter turn at frequency {name}, which cannot turn to 1 at zero loss: "
                "give y a second node"
            )
        target = np.where((at == home) & (wrong | together), (home + 1) % m, at)
        stages.append(_mover(kept, at, target, live, m))
        kept = np.where((at != target)[:, None], 1, kept)
        at = target
    if (at != home)[live].any():
        stages.append(_mover(kept, at, np.full(d, home), live, m))
    return ZeroLossPath(group, setting, y, base, home, anchors, rigid, tuple(stages))


def _phases(z: ComplexArray) -> ComplexArray:
    """z/|z|, and 1 where z = 0."""
    size = np.abs(z)
    return np.asarray(np.where(size > 0, z / np.where(size > 0, size, 1), 1))


def _concentrate(
    y: ComplexArray, anchors: IntArray, rigid: NDArray[np.bool_], live: IntArray, s: float
) -> ComplexArray:
    """Stage 1 at s: the anchor of every character takes over."""
    made = (1 - s) * y
    ends = y[:2, live, anchors[live]]
    turned = np.where(rigid[live], _phases(ends), np.exp(1j * (1 - s) * np.angle(ends)))
    ends = np.asarray(turned * np.abs(ends) ** (1 - s))
    others = np.prod(y[:, live], axis=0)
    others[np.arange(len(live)), anchors[live]] = 0
    made[:2, live, anchors[live]] = ends
    made[2, live, anchors[live]] = (1 - (1 - s) ** 3 * others.sum(axis=1)) / np.prod(ends, axis=0)
    return made


def _mover(
    kept: ComplexArray, origin: IntArray, target: IntArray, live: IntArray, m: int
) -> Callable[[float], ComplexArray]:
    """Stages 2 and 3: from [u, v, conj(uv)] at ``origin`` to [1, 1, 1] at ``target``, character by character.

    With h = s^3 (6 s^2 - 15 s + 10), the sizes h^(1/3) and (1 - h)^(1/3) are smooth in s.
    """
    start = np.concatenate([kept, np.prod(kept, axis=1, keepdims=True).conj()], axis=1).T  # (3, d)

    def at(s: float) -> ComplexArray:
        made = np.zeros((3, len(origin), m), dtype=np.complex128)
        up, down = s * np.cbrt(6 * s**2 - 15 * s + 10), (1 - s) * np.cbrt(6 * s**2 + 3 * s + 1)
        stay = live[origin[live] == target[live]]
        go = live[origin[live] != target[live]]
        made[:, stay, origin[stay]] = start[:, stay]
        made[:, go, origin[go]] = down * start[:, go]
        made[:, go, target[go]] = up
        return made

    return at
