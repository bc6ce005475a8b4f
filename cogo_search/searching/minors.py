"""Kernel vectors of small systems over Z[zeta_n] by their minors, exactly and for many systems at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..algebra.cyclotomic import IntArray, reduction_matrix

#: A condition: the exponents (i, j) of the potentials that it sums.
Condition = Sequence[tuple[int, int]]


def kernel_vectors(
    directions: tuple[IntArray, IntArray], conditions: Sequence[Condition], n: int, sets: IntArray, rows: IntArray
) -> IntArray:
    """The minors c_j = (-1)^j det(rows, columns without j) in Z[zeta_n], without common factor: (m, q, phi(n)).

    Column x of a condition is the sum of zeta_n^(i a_x + j b_x) over its (i, j); ``directions`` are a and b. Every one
    of the m sets of columns, ``sets`` (m, q), has its own q - 1 conditions, ``rows`` (m, q - 1). Coordinates stay below
    2 phi(n) (q - 1)! 2^(q - 1) with q <= 9, far inside 64 bits.
    """
    (m, q) = sets.shape
    a, b = (part[sets] for part in directions)
    minors = _minors(a, b, conditions, n, rows)
    everything = (1 << q) - 1
    c = np.stack([(-1) ** j * minors[everything ^ (1 << j)] for j in range(q)], axis=1) @ reduction_matrix(n)
    content = np.gcd.reduce(c.reshape(m, q * c.shape[2]), axis=1)
    return np.asarray(c // np.maximum(content, 1)[:, None, None])


def _minors(a: IntArray, b: IntArray, conditions: Sequence[Condition], n: int, rows: IntArray) -> dict[int, IntArray]:
    """Determinants of the first k rows on every set of k < q columns, by Laplace along the last row.

    Sets are bit masks; determinants (m, n) are coefficients of powers of zeta_n, so that a product with a root of
    unity is a cyclic shift. A condition of one potential has its term twice, the second one left out.
    """
    m, q = a.shape
    terms = max((len(row) for row in conditions), default=1)
    exponents = np.array([[*row, *row][:terms] for row in conditions]).reshape(-1, terms, 2)
    single = np.array([len(row) < terms for row in conditions], dtype=bool)
    one = np.zeros((m, n), dtype=np.int64)
    one[:, 0] = 1
    minors = {0: one}
    powers = np.arange(n)
    for mask in sorted(range(1, (1 << q) - 1), key=lambda x: (x.bit_count(), x)):
        which = rows[:, mask.bit_count() - 1]
        total = np.zeros((m, n), dtype=np.int64)
        for j in (j for j in range(q) if mask >> j & 1):
            sign = -1 if (mask >> (j + 1)).bit_count() % 2 else 1
            smaller = minors[mask ^ (1 << j)]
            for t in range(terms):
                e = exponents[which, t, 0] * a[:, j] + exponents[which, t, 1] * b[:, j]
                moved = np.take_along_axis(smaller, (powers - e[:, None]) % n, axis=1)
                total += sign * (moved if t == 0 else moved * ~single[which, None])
        minors[mask] = total
    return minors
