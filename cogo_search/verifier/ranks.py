"""Exact ranks of matrices over Z[zeta_n], by primes.

Modulo a prime p = 1 mod n, zeta_n -> z of order n is a homomorphism Z[zeta_n] -> F_p. A minor that is not zero but
vanishes modulo several primes has a norm that their product divides; its norm is at most B^phi(n) where B bounds it
in every embedding (Hadamard). So full rank modulo one prime is full rank, and a deficiency modulo primes whose
product exceeds B^phi(n) is a deficiency.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import count

from .cyclotomic import powers
from .meter import METER
from .vocabulary import Element

PRIME_STEPS = 3000  # finding the next prime, remembered or not: a verdict must not depend on what was checked before
Row = list[int]


def is_prime(p: int) -> bool:
    """Miller and Rabin with bases that decide every p < 3 * 10^24 (Sorenson and Webster 2015)."""
    bases = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41)
    if p < 2 or any(p % q == 0 for q in bases):
        return p in bases
    odd, twos = p - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    for base in bases:
        x = pow(base, odd, p)
        if x != 1 and all(pow(x, 1 << k, p) != p - 1 for k in range(twos)):
            return False
    return True


def field_primes(n: int) -> Iterator[int]:
    """The primes p = 1 mod n above 2^60, ascending."""
    for i in count():
        METER.spend(PRIME_STEPS)
        yield field_prime(n, i)


@lru_cache(maxsize=1 << 12)
def field_prime(n: int, i: int) -> int:
    """Number i of these primes."""
    last = field_prime(n, i - 1) if i else (1 << 60) // n * n + 1
    return next(p for p in count(last + n, n) if is_prime(p))


@lru_cache(maxsize=1 << 13)
def tower_prime(i: int) -> int:
    """Prime number i, p = 3 mod 4, above 2^31."""
    last = tower_prime(i - 1) if i else 2**31 - 1
    return next(p for p in count(last + 4, 4) if is_prime(p))


def tower_primes() -> Iterator[int]:
    """The primes p = 3 mod 4 above 2^31, ascending."""
    for i in count():
        METER.spend(PRIME_STEPS)
        yield tower_prime(i)


@lru_cache(maxsize=64)
def named_prime(n: int, name: str) -> int:
    """A prime p = 1 mod n above 2^60 that a name chooses: nobody can know it while making what is named."""
    start = (1 << 60) + int(hashlib.sha256(name.encode()).hexdigest()[:14], 16)
    return next(p for p in count(start // n * n + n + 1, n) if is_prime(p))


@lru_cache(maxsize=256)
def roots_modulo(n: int, p: int) -> list[int]:
    """z^0, ..., z^(n-1) for an element z of order n."""
    divisors = [q for q in range(2, n + 1) if n % q == 0]
    for base in count(2):
        z = pow(base, (p - 1) // n, p)
        if all(pow(z, n // q, p) != 1 for q in divisors):
            return [pow(z, e, p) for e in range(n)]
    raise AssertionError


def rank_modulo(rows: Iterable[Row], p: int) -> int:
    """The rank of an integer matrix modulo p, by elimination."""
    basis: list[tuple[int, Row]] = []  # (pivot column, row with 1 there)
    for row in rows:
        METER.spend(2 * len(row) * (len(basis) + 1))
        for pivot, other in basis:
            if factor := row[pivot]:
                row = [(x - factor * y) % p for x, y in zip(row, other, strict=True)]
        pivot = next((k for k, x in enumerate(row) if x % p), -1)
        if pivot >= 0:
            inverse = pow(row[pivot], -1, p)
            basis.append((pivot, [x * inverse % p for x in row]))
    return len(basis)


def exact_rank(n: int, rows: list[list[Element]]) -> int:
    """The rank over Q(zeta_n) of a matrix over Z[zeta_n]."""
    sizes = sorted((sum(sum(map(abs, x)) ** 2 for x in row) for row in rows), reverse=True)
    rank, passed, degree = 0, 0, len(powers(n)[0])
    for p in field_primes(n):
        METER.spend(len(rows) * len(rows[0]) * degree + 40 * n)
        z = roots_modulo(n, p)
        rank = max(rank, rank_modulo(([sum(m * z[i] for i, m in enumerate(x)) % p for x in row] for row in rows), p))
        passed += p.bit_length() - 1  # bits, at least, of the product of the primes
        if rank == min(len(rows), len(rows[0])):
            break
        if 2 * passed > degree * sum(size.bit_length() for size in sizes[: rank + 1]):
            break
    return rank


def annihilator(columns: list[Row], rows: int, p: int) -> list[Row]:
    """A basis of the row vectors of length ``rows`` that vanish on independent columns, modulo p."""
    work = [[column[r] for column in columns] + [int(r == k) for k in range(rows)] for r in range(rows)]
    size = len(columns)
    for i in range(size):
        pivot = next(r for r in range(i, rows) if work[r][i])
        work[i], work[pivot] = work[pivot], work[i]
        inverse = pow(work[i][i], -1, p)
        work[i] = [x * inverse % p for x in work[i]]
        for r in range(i + 1, rows):
            if factor := work[r][i]:
                work[r] = [(x - factor * y) % p for x, y in zip(work[r], work[i], strict=True)]
    return [row[size:] for row in work[size:]]
