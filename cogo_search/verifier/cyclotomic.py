"""Exact arithmetic in Z[zeta_n], by coordinates in the power basis modulo the cyclotomic polynomial Phi_n."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, lru_cache

from .meter import METER
from .vocabulary import Element


@cache
def cyclotomic(n: int) -> list[int]:
    """Phi_n, constant term first: x^n - 1 divided by Phi_d for every proper divisor d of n."""
    rest = [-1] + [0] * (n - 1) + [1]
    for d in (d for d in range(1, n) if n % d == 0):
        divisor, quotient = cyclotomic(d), []
        while len(rest) >= len(divisor):
            quotient.append(rest[-1])
            for i, coefficient in enumerate(reversed(divisor), 1):
                rest[-i] -= quotient[-1] * coefficient
            rest.pop()
        rest = quotient[::-1]
    return rest


@cache
def powers(n: int) -> tuple[Element, ...]:
    """The coordinates of zeta_n^0, ..., zeta_n^(n-1)."""
    *low, _ = cyclotomic(n)
    x, out = [1] + [0] * (len(low) - 1), []
    for _ in range(n):
        out.append(tuple(x))
        x = [previous - x[-1] * p for previous, p in zip([0, *x[:-1]], low, strict=True)]
    return tuple(out)


def combine(n: int, terms: Iterable[tuple[int, int]]) -> Element:
    """The sum of m zeta_n^e over the terms (m, e)."""
    table = powers(n)
    total, taken = [0] * len(table[0]), 1
    for m, e in terms:
        if m:
            total = [t + m * p for t, p in zip(total, table[e % n], strict=True)]
            taken += 1
    METER.spend((taken + 1) * (len(total) + 4))
    return tuple(total)


@lru_cache(maxsize=1 << 14)
def rotate(n: int, x: Element, k: int) -> Element:
    """The product x zeta_n^k."""
    return combine(n, ((m, i + k) for i, m in enumerate(x)))


@lru_cache(maxsize=1 << 14)
def multiply(n: int, x: Element, y: Element) -> Element:
    """The product x y: as polynomials in zeta_n, then reduced."""
    product_ = [0] * (2 * len(x))
    METER.spend(len(x) * len(y))
    for i, m in enumerate(x):
        if m:
            for j, k in enumerate(y, i):
                product_[j] += m * k
    return combine(n, ((m, e) for e, m in enumerate(product_)))


def galois(n: int, x: Element, t: int) -> Element:
    """The image of x under zeta -> zeta^t; t = -1 is complex conjugation."""
    return combine(n, ((m, i * t) for i, m in enumerate(x)))


def add(x: Element, y: Element) -> Element:
    """The sum x + y."""
    return tuple(i + j for i, j in zip(x, y, strict=True))
