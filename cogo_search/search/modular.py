r"""Exact ranks over Q(zeta_n) from ranks modulo primes p = 1 mod n.

Modulo such a prime Z[zeta_n] has a homomorphism to F_p, zeta -> z, z of order n. A minor of a matrix over Z[zeta_n] is
an element delta whose norm is an integer: if delta is not zero and goes to zero modulo p_1, ..., p_k, then
p_1 ... p_k divides the norm, so p_1 ... p_k <= |norm| <= B^phi(n), where B bounds delta in every embedding (Hadamard:
the product of the row norms). Hence

* full rank modulo one prime is full rank;
* a deficiency modulo primes whose product exceeds B^phi(n) is a deficiency. No accident is left.

Primes lie above 2^21, so that float64 matrix products of residues are exact up to 2^10 terms.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import count

import numpy as np
from numpy.typing import NDArray

from ..cyclotomic import IntArray

_LEAST_PRIME = 1 << 21


def primes(n: int) -> Iterator[int]:
    """The primes p = 1 mod n above 2^21, ascending."""
    start = _LEAST_PRIME - _LEAST_PRIME % n + 1
    return (p for p in count(start, n) if p > _LEAST_PRIME and _is_prime(p))


@cache
def _is_prime(p: int) -> bool:
    return all(p % d for d in range(2, int(p**0.5) + 1))


@cache
def _generator(p: int) -> int:
    """The least primitive root modulo p."""
    factors = [q for q in range(2, int((p - 1) ** 0.5) + 2) if (p - 1) % q == 0]
    factors += [(p - 1) // q for q in factors]
    return next(g for g in range(2, p) if all(pow(g, (p - 1) // q, p) != 1 for q in factors))


@cache
def root_powers(n: int, p: int) -> IntArray:
    """z^0, ..., z^(n-1) modulo p for an element z of order n: the images of the powers of zeta_n."""
    z = pow(_generator(p), (p - 1) // n, p)
    return np.array([pow(z, e, p) for e in range(n)], dtype=np.int64)


@cache
def _inverses(p: int) -> IntArray:
    """x^-1 modulo p for x = 0..p-1, with 0 for 0."""
    powers = np.ones(1, dtype=np.int64)
    while len(powers) < p - 1:
        powers = np.concatenate([powers, powers * pow(_generator(p), len(powers), p) % p])
    powers = powers[: p - 1]
    table = np.zeros(p, dtype=np.int64)
    table[powers] = np.roll(powers[::-1], 1)
    return table


def inverse(x: IntArray, p: int) -> IntArray:
    """x^-1 modulo p entrywise, 0 for 0."""
    return np.asarray(_inverses(p)[x])


def product(x: IntArray, y: NDArray[np.float64], p: int) -> IntArray:
    """The matrix product x @ y modulo p of residues, y as floats: at most 2^10 terms, so exact."""
    z = x.astype(np.float64) @ y
    return np.asarray(z - p * np.floor(z / p)).astype(np.int64)


def annihilators(columns: IntArray, p: int) -> tuple[IntArray, NDArray[np.bool_]]:
    """Bases of the row vectors that kill each matrix of a batch, and which matrices have full column rank.

    ``columns`` (m, r, s), s <= r; returns (m, r - s, r), meaningless where the rank is below s, and (m,).
    """
    m, r, s = columns.shape
    work = np.concatenate([columns % p, np.broadcast_to(np.eye(r, dtype=np.int64), (m, r, r))], axis=2)
    full = np.ones(m, dtype=bool)
    each = np.arange(m)
    for c in range(s):
        pivot = c + np.argmax(work[:, c:, c] != 0, axis=1)
        row = work[each, pivot].copy()
        work[each, pivot] = work[:, c]
        full &= row[:, c] != 0
        row = row * inverse(row[:, c], p)[:, None] % p
        factor = work[:, :, c].copy()
        factor[:, c] = 0
        work[:, c] = row
        work = (work - factor[:, :, None] * row[:, None, :]) % p
    return work[:, s:, s:], full


def rank(matrix: IntArray, p: int) -> int:
    """The rank modulo p of one matrix."""
    work, found = matrix % p, 0
    for c in range(work.shape[1]):
        pivots = np.flatnonzero(work[found:, c])
        if len(pivots) == 0:
            continue
        work[[found, found + pivots[0]]] = work[[found + pivots[0], found]]
        row = work[found] * int(inverse(work[found, c : c + 1], p)[0]) % p
        work[found + 1 :] = (work[found + 1 :] - work[found + 1 :, c, None] * row) % p
        found += 1
        if found == len(work):
            break
    return found
