r"""Exact ranks over Q(zeta_n) from ranks modulo primes p = 1 mod n.

Modulo such a prime Z[zeta_n] has a homomorphism to F_p, zeta -> z, z of order n. A minor of a matrix over Z[zeta_n] is
an element delta whose norm is an integer: if delta is not zero and goes to zero modulo p_1, ..., p_k, then
p_1 ... p_k divides the norm, so p_1 ... p_k <= |norm| <= B^phi(n), where B bounds delta in every embedding (Hadamard:
the product of the row norms). Hence

* full rank modulo one prime is full rank;
* a deficiency modulo primes whose product exceeds B^phi(n) is a deficiency. No accident is left.

Searches take primes little above 2^21, so that float64 matrix products of residues are exact up to 2^10 terms; proofs
of deficiency take primes above 2^30, so that fewer are needed and products of residues still fit 64 bits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import count
from math import prod

import numpy as np
from numpy.typing import NDArray

from .cyclotomic import IntArray, euler_phi

_SEARCH, _PROOF = 1 << 21, 1 << 30


def primes(n: int, least: int = _SEARCH) -> Iterator[int]:
    """The primes p = 1 mod n above ``least``, ascending."""
    start = least - least % n + 1
    return (p for p in count(start, n) if p > least and _is_prime(p))


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


@dataclass(frozen=True)
class Elimination:
    """A batch of m matrices of shape (r, s), s <= r, reduced modulo p.

    ``full`` (m,): full column rank; where it holds, ``annihilator`` (m, r - s, r) is a basis of the row vectors that
    kill the matrix and ``pivots`` (m, s) are the indices of s independent rows.
    """

    full: NDArray[np.bool_]
    annihilator: IntArray
    pivots: IntArray


def eliminate(columns: IntArray, p: int) -> Elimination:
    """Reduce matrices (m, r, s), s <= r, by Gauss and Jordan."""
    m, r, s = columns.shape
    work = np.concatenate([columns % p, np.broadcast_to(np.eye(r, dtype=np.int64), (m, r, r))], axis=2)
    full, each = np.ones(m, dtype=bool), np.arange(m)
    rows = np.tile(np.arange(r), (m, 1))
    for c in range(s):
        pivot = c + np.argmax(work[:, c:, c] != 0, axis=1)
        for array in (work, rows):
            chosen = array[each, pivot].copy()
            array[each, pivot] = array[:, c]
            array[:, c] = chosen
        full &= work[:, c, c] != 0
        row = work[:, c] * inverse(work[:, c, c], p)[:, None] % p
        factor = work[:, :, c].copy()
        factor[:, c] = 0
        work[:, c] = row
        work = (work - factor[:, :, None] * row[:, None, :]) % p
    return Elimination(full, work[:, s:, s:], rows[:, :s])


def _full(columns: IntArray, p: int) -> NDArray[np.bool_]:
    """Which matrices (m, r, s), s <= r, have full column rank modulo p < 2^31; without divisions."""
    work, each = columns % p, np.arange(len(columns))
    full = np.ones(len(columns), dtype=bool)
    for _ in range(columns.shape[2]):
        pivot = np.argmax(work[:, :, 0] != 0, axis=1)
        row, lead = work[each, pivot], work[each, pivot, 0]
        full &= lead != 0
        work[each, pivot] = work[:, 0]
        work = work[:, 1:]
        work = (work[:, :, 1:] * lead[:, None, None] - work[:, :, :1] * row[:, None, 1:]) % p
    return full


def deficient(n: int, matrices: Callable[[int], IntArray], bound: int) -> NDArray[np.bool_]:
    """Which matrices of a batch have less than full column rank, exactly.

    ``matrices(p)`` are the images (m, r, s) modulo p, s <= r; ``bound`` is at least the square of every s-minor in
    every embedding (the product of the squared column norms).
    """
    open_cases, product_of_primes, limit = None, 1, bound ** euler_phi(n)
    for p in primes(n, _PROOF):
        batch = matrices(p)
        if open_cases is None:
            open_cases = np.ones(len(batch), dtype=bool)
        open_cases[open_cases] = ~_full(batch[open_cases], p)
        product_of_primes *= p
        if product_of_primes**2 > limit or not open_cases.any():
            return open_cases
    raise AssertionError("there is a next prime")


def exact_rank(n: int, matrix: IntArray) -> int:
    """The rank over Q(zeta_n) of a matrix (r, s, phi(n)) of coordinates in Z[zeta_n].

    The rank modulo a prime is at most the rank; the next larger minors vanish modulo primes whose product exceeds
    their norm.
    """
    largest_sums = [[int(x) for x in row] for row in np.abs(matrix).sum(axis=2)]
    sizes = sorted((sum(x**2 for x in row) for row in largest_sums), reverse=True)  # squared norms in every embedding
    found, product_of_primes = 0, 1
    for p in primes(n, _PROOF):
        images = matrix % p * root_powers(n, p)[: matrix.shape[2]] % p
        found = max(found, _rank(images.sum(axis=2) % p, p))
        product_of_primes *= p
        limit = prod(sizes[: found + 1]) ** euler_phi(n)
        if found == min(matrix.shape[:2]) or product_of_primes**2 > limit:
            return found
    raise AssertionError("there is a next prime")


def _rank(work: IntArray, p: int) -> int:
    """The rank modulo p of one matrix of residues."""
    work, found = work.copy(), 0
    for c in range(work.shape[1]):
        pivots = np.flatnonzero(work[found:, c])
        if len(pivots) == 0:
            continue
        work[[found, found + pivots[0]]] = work[[found + pivots[0], found]]
        row = work[found] * pow(int(work[found, c]), -1, p) % p
        work[found + 1 :] = (work[found + 1 :] - work[found + 1 :, c, None] * row) % p
        found += 1
        if found == len(work):
            break
    return found
