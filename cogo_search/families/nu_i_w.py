r"""The family ``nu_i*w``: {1, [i, -i, 1]} * w with any w of order 2 or 3 that annuls a b conj(c), orders 4 and 6.

z_{nu=i} = {1, u_i}, u_i = [i, -i, 1], annuls every potential of R_c and R_* but a b conj(c) (``ABc``, Table 1), so w
has one condition left. Exact members have any even order: u_i exchanges their nodes in pairs. The family contains
``nu_i*xi`` and ``nu_i*syn_ab``, and its many parameters absorb the unequal weights that weight decay leaves, so it
refutes nobody.

The fit: nodes come in pairs (w_l, u_i w_l), a pseudo-1 sign free in each. Over all perfect matchings the nearest pairs
are means, and w is then projected to the quadric sum_l a_l b_l conj(c_l) = 0 by Newton steps. There is no uniform
measure on such w, so no members are drawn, and no parameter that Figure 5 could count.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..algebra.canonical import Solution
from ..algebra.weights import fold
from ..networks.network import ComplexArray, FloatArray
from .arrangements import Arrangement, pseudo_one
from .base import TURN, Family, Fit
from .exact import Parameters

NAME = "nu_i*w"
#: Matchings that are projected: a block near the family is near in one, the others settle ties of nodes of equal c.
TRIED = 3
_U_I = np.array([1j, -1j, 1])


def member(solution: Solution) -> Parameters | None:
    """{w0, w1, ...}: the nodes of w among those of an exact member; times u_i they are the other nodes."""
    w = solution.weights()
    n = w.n
    if n % 4 or w.potential("ABc").any() or w.times_unit(n // 4, -n // 4) != w:
        return None
    a, b = fold(w.a + n // 4, w.b - n // 4, n)
    places = {direction: node for node, direction in enumerate(zip(w.a.tolist(), w.b.tolist(), strict=True))}
    partners = [places[direction] for direction in zip(a.tolist(), b.tolist(), strict=True)]
    first_of_pairs = [node for node, partner in enumerate(partners) if node < partner]
    return {f"w{i}": node for i, node in enumerate(first_of_pairs)}


def fit(z: ComplexArray, found: Sequence[Arrangement] = ()) -> Fit | None:
    """The nearest member to balanced nodes z (3, q), q = 4 or 6; ``found`` is not used, w need not factor the nodes."""
    matchings = _matchings(z.shape[1])
    w, sign, deviation = _nearest_pairs(z, matchings)
    scored = []
    for n in map(int, np.argsort(deviation)[:TRIED]):
        near = project(w[:, n])
        scored.append((float(deviation[n] + 2 * np.sum(np.abs(near - w[:, n]) ** 2)), n, near))
    score, best, near = min(scored, key=lambda item: item[0])
    model = np.empty_like(z)
    model[:, matchings[best, :, 0]] = near
    model[:, matchings[best, :, 1]] = near * _U_I[:, None] * pseudo_one(sign[best])
    heaviest = near[:, np.abs(np.prod(near, axis=0)).argmax()]
    return Fit(
        NAME,
        _parameters(near),
        distance=float(np.sqrt(score / float(np.sum(np.abs(z) ** 2)))),
        dimension=5 * near.shape[1] - 2,
        model=model,
        unit=heaviest,
    )


@cache
def _matchings(q: int) -> NDArray[np.int64]:
    """Perfect matchings of q nodes, (N, q/2, 2)."""

    def extend(rest: tuple[int, ...]) -> list[list[tuple[int, int]]]:
        if not rest:
            return [[]]
        first, *others = rest
        found = []
        for partner in others:
            for tail in extend(tuple(node for node in others if node != partner)):
                found.append([(first, partner), *tail])
        return found

    return np.array(extend(tuple(range(q))), dtype=np.int64)


def _nearest_pairs(z: ComplexArray, matchings: NDArray[np.int64]) -> tuple[ComplexArray, NDArray[np.int64], FloatArray]:
    """For each of N matchings the nearest w (3, N, q/2), the pairs' signs (N, q/2), and the squared distance (N,)."""
    first, second = z[:, matchings[:, :, 0]], z[:, matchings[:, :, 1]]  # (3, N, pairs)
    back = second * _U_I.conj()[:, None, None]  # the second node of a pair divided by u_i
    means, deviations = [], []
    for sign in (1, -1):
        signed = np.array([sign, sign, 1])[:, None, None] * back
        means.append((first + signed) / 2)
        deviations.append(np.sum(np.abs(first - signed) ** 2, axis=0) / 2)
    plus = deviations[0] <= deviations[1]
    return np.where(plus, *means), np.where(plus, 1, -1), np.minimum(*deviations).sum(axis=1)


def project(w: ComplexArray, steps: int = 8) -> ComplexArray:
    """The point nearest to w (3, m) with sum a b conj(c) = 0, by least-norm Newton steps from w."""
    near = w
    for _ in range(steps):
        a, b, c = near
        value = np.sum(a * b * c.conj())
        real = np.stack([b.conj() * c, a.conj() * c, a * b])  # gradient of the real part, <g, h> = Re sum conj(g) h
        imaginary = real * np.array([1j, 1j, -1j])[:, None]  # as long as it and normal to it
        size = max(float(np.sum(np.abs(real) ** 2)), 1e-300)
        moved = near - w
        along = [float(np.sum((gradient.conj() * moved).real)) for gradient in (real, imaginary)]
        near = w + ((along[0] - value.real) * real + (along[1] - value.imag) * imaginary) / size
    return near


def _parameters(w: ComplexArray) -> dict[str, Any]:
    """w up to its unit: shares of the nodes in r_kkk, phases relative to the largest node, all in turns.

    Nodes are sorted by |a b c|, largest first; a of a node is known up to 1/4 turn with b, both are given for
    the member with a in [0, 1/4).
    """
    size = np.abs(np.prod(w, axis=0))
    order = np.argsort(-size, kind="stable")
    relative = np.angle(w[:, order] * w[:, order[:1]].conj()) / TURN
    quarters = np.floor(np.mod(relative[0], 1.0) * 4 + 1e-9) / 4
    a, b, c = relative[0] - quarters, relative[1] + quarters, relative[2]
    return {
        "weights": [float(v) for v in size[order] / size.sum()],
        **{name: [_turn(v) for v in part] for name, part in (("a", a), ("b", b), ("c", c))},
    }


def _turn(value: float) -> float:
    """A phase in [0, 1), rounding just below 1 counted as 0."""
    rest = float(value) % 1.0
    return 0.0 if rest > 1 - 1e-9 else rest


FAMILY = Family(
    NAME,
    orders=(4, 6),
    formula=r"$z_{\nu=i} * w$",
    member=member,
    fit=fit,
    draw=None,
    panel=None,
    refutes=False,
)
