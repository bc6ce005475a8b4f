r"""Factorization of q nodes into a rows x columns ring product, in every arrangement and with every pseudo-1 sign.

Balanced nodes z (3, q) factor as x * y if they can be put into a rows x columns array, node (i, l) times a sign on its
a and b, such that all three arrays z_p are of rank one. The best arrangement minimises

    sum_p ( |z_p|^2 - s_1(z_p)^2 ),    s_1 the largest singular value,

the squared distance to the nearest product (Eckart, Young 1936), whose square root over the norm of z is the ``error``.
Arrangements that differ by exchanging rows or columns, and signs that are a row sign times a column sign, have
the same minimum, so q! 2^q candidates shrink to q!/(rows! columns!) 2^((rows-1)(columns-1)): 60 x 4 at order 6.
c carries no sign: its own deviation bounds the whole from below, so arrangements are tried from the best c on and the
rest is cut off, which loses nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import permutations, product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..networks.network import ComplexArray, FloatArray

#: Orders above are not factorized: 15,120 arrangements at 10.
MAX_ORDER = 10
#: Arrangements scored at once.
PART = 64


@dataclass(frozen=True, eq=False)
class Arrangement:
    """Nodes in a rows x columns array: ``nodes[i, l]`` is an index into the block, ``signs[i, l]`` its pseudo-1 sign.

    ``error`` is the relative distance to the nearest product.
    """

    nodes: NDArray[np.int64]
    signs: NDArray[np.int64]
    error: float

    def array(self, z: ComplexArray) -> ComplexArray:
        """z (3, q) put in place with signs, (3, rows, columns)."""
        return z[:, self.nodes] * pseudo_one(self.signs)


def pseudo_one(signs: NDArray[Any]) -> NDArray[Any]:
    """Factors (3, ...) of a, b and c for signs (...): a node with sign -1 is multiplied by [-1, -1, 1]."""
    return np.stack([signs, signs, np.ones_like(signs)])


def shapes(order: int) -> list[tuple[int, int]]:
    """The rows x columns arrays of an order, 1 < rows <= columns.

    >>> shapes(6), shapes(8), shapes(7)
    ([(2, 3)], [(2, 4)], [])
    """
    return [(r, order // r) for r in range(2, int(order**0.5) + 1) if order % r == 0]


@cache
def arrangements(rows: int, columns: int) -> NDArray[np.int64]:
    """Every way to put rows*columns nodes into the array up to exchanges of rows and of columns, (N, rows, columns).

    Node 0 comes first, the first row and the first column increase.
    """
    rest = np.array(list(permutations(range(1, rows * columns))), dtype=np.int64)
    every = np.concatenate([np.zeros((len(rest), 1), dtype=np.int64), rest], axis=1).reshape(-1, rows, columns)
    increasing = (np.diff(every[:, 0, :], axis=1) > 0).all(axis=1) & (np.diff(every[:, :, 0], axis=1) > 0).all(axis=1)
    return every[increasing]


@cache
def sign_classes(rows: int, columns: int) -> NDArray[np.int64]:
    """Signs up to row and column signs, (S, rows, columns): the first row and column are +1."""
    free = np.array(list(product((1, -1), repeat=(rows - 1) * (columns - 1))), dtype=np.int64)
    signs = np.ones((len(free), rows, columns), dtype=np.int64)
    signs[:, 1:, 1:] = free.reshape(-1, rows - 1, columns - 1)
    return signs


def factorize(z: ComplexArray, within: float = 0.0) -> list[Arrangement]:
    """The best arrangement of balanced nodes z (3, q), and every other whose error is at most ``within``; best first.

    Empty if q is prime or above MAX_ORDER: there is no array to fill.
    """
    q = z.shape[1]
    if q > MAX_ORDER:
        return []
    norm = float(np.sum(np.abs(z) ** 2))
    found = [arrangement for shape in shapes(q) for arrangement in _of_shape(z, norm, within, *shape)]
    return sorted(found, key=lambda arrangement: arrangement.error)


def _of_shape(z: ComplexArray, norm: float, within: float, rows: int, columns: int) -> list[Arrangement]:
    """The best arrangement of one shape, then every other whose error is at most ``within``."""
    every, signs = arrangements(rows, columns), sign_classes(rows, columns)
    limit = within**2 * norm
    index, score = _scores(z, every, signs, limit)
    best = np.unravel_index(int(score.argmin()), score.shape)
    found = []
    for i, s in dict.fromkeys([best, *map(tuple, np.argwhere(score <= limit))]):
        error = float(np.sqrt(max(score[i, s], 0.0) / max(norm, 1e-300)))
        found.append(Arrangement(every[index[i]], signs[s], error))
    return found


def _scores(
    z: ComplexArray, every: NDArray[np.int64], signs: NDArray[np.int64], limit: float
) -> tuple[NDArray[np.int64], FloatArray]:
    """Squared distances to the nearest product: indices (M,) of arrangements, and theirs under each sign class, (M, S).

    Branch and bound: arrangements are scored in parts, from the least deviation of c on, until that deviation alone is
    more than the best score and the limit.
    """
    bound = _deviation(z[2][every], np.ones((1, *every.shape[1:])))[:, 0]
    by_c = np.argsort(bound, kind="stable")
    kept, scores, best = [], [], np.inf
    for first in range(0, len(every), PART):
        part = by_c[first : first + PART]
        if bound[part[0]] > max(limit, best):
            break
        score = bound[part, None] + _deviation(z[0][every[part]], signs) + _deviation(z[1][every[part]], signs)
        best = min(best, float(score.min()))
        kept.append(part)
        scores.append(score)
    return np.concatenate(kept), np.concatenate(scores)


def _deviation(x: ComplexArray, signs: NDArray[np.int64] | FloatArray) -> FloatArray:
    """|x|^2 - s_1(x)^2 of arrays x (N, rows, columns) under signs (S, rows, columns), shape (N, S)."""
    if x.shape[1] == 2:  # the larger eigenvalue of the 2 x 2 Gram matrix in closed form
        first, second = np.sum(np.abs(x) ** 2, axis=2).T
        # sign classes differ in the second row only
        cross = (x[:, 0] * x[:, 1].conj()) @ (signs[:, 0] * signs[:, 1]).T.astype(np.float64)
        root = np.sqrt((first - second)[:, None] ** 2 + 4 * np.abs(cross) ** 2)
        return np.asarray(((first + second)[:, None] - root) / 2)
    signed = x[:, None] * signs  # (N, S, rows, columns): every array under every sign class
    gram = signed @ signed.conj().swapaxes(-1, -2)
    return np.asarray(np.linalg.eigvalsh(gram)[..., :-1].sum(axis=-1))
