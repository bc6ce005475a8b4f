r"""The family ``nu_i*w``: {1, [i, -i, 1]} * w with any w of order 2 or 3 that annuls a b conj(c).

z_{nu=i} = {1, [i, -i, 1]} annuls every potential of R_c and R_* but a b conj(c) (``ABc``, Table 1), so w has one
condition left. Nodes come in pairs (w_l, [i, -i, 1] w_l), a pseudo-1 sign free in each; over all perfect matchings
the nearest pairs are means, and w is then projected to the quadric sum_l a_l b_l conj(c_l) = 0 by Newton steps.
"""

from __future__ import annotations

from functools import cache
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..networks.network import ComplexArray
from .fitting import TURN, Fit

ORDERS = (4, 6)


@cache
def _matchings(q: int) -> NDArray[np.int64]:
    """Perfect matchings of q nodes, (N, q/2, 2)."""

    def extend(rest: tuple[int, ...]) -> list[list[tuple[int, int]]]:
        if not rest:
            return [[]]
        first = rest[0]
        return [
            [(first, other), *tail]
            for other in rest[1:]
            for tail in extend(tuple(x for x in rest if x not in (first, other)))
        ]

    return np.array(extend(tuple(range(q))), dtype=np.int64)


@cache
def _turns(pairs: int) -> NDArray[np.int64]:
    """Signs of the second node of each pair, (2^pairs, pairs)."""
    return np.array(list(product((1, -1), repeat=pairs)), dtype=np.int64)


def fit_weighted(z: ComplexArray) -> Fit | None:
    """The nearest member to balanced nodes z (3, q), or None if q is neither 4 nor 6."""
    q = z.shape[1]
    if q not in ORDERS:
        return None
    norm = float(np.sum(np.abs(z) ** 2))
    matchings = _matchings(q)
    first, second = z[:, matchings[:, :, 0]], z[:, matchings[:, :, 1]]  # (3, N, pairs)
    turned = second * np.array([-1j, 1j, 1])[:, None, None]  # divided by u_i
    w, deviation = [], []
    for side in (1, -1):
        factor = np.array([side, side, 1])[:, None, None]
        w.append((first + factor * turned) / 2)
        deviation.append(np.sum(np.abs(first - factor * turned) ** 2, axis=0) / 2)
    sign = np.where(deviation[0] <= deviation[1], 1, -1)  # (N, pairs)
    chosen = np.where(sign > 0, w[0], w[1])
    total = np.minimum(*deviation).sum(axis=1)
    # a block near the family is near in one matching; the runners-up settle ties between nodes of equal c
    scored = []
    for n in map(int, np.argsort(total)[:3]):
        near = project(chosen[:, n])
        scored.append((float(total[n] + 2 * np.sum(np.abs(near - chosen[:, n]) ** 2)), n, near))
    score, best, near = min(scored, key=lambda item: item[0])
    model = np.empty_like(z)
    model[:, matchings[best, :, 0]] = near
    model[:, matchings[best, :, 1]] = near * np.array([1j, -1j, 1])[:, None] * _signed(sign[best])
    dimension = 5 * (q // 2) - 2
    heaviest = near[:, np.abs(np.prod(near, axis=0)).argmax()]
    return Fit("nu_i*w", _parameters(near), float(np.sqrt(score / norm)), dimension, model, heaviest)


def _signed(sign: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.stack([sign, sign, np.ones_like(sign)])


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
