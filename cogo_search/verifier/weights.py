"""Weights at one frequency: nodes by direction, their products and sums, polynomials rho_S(u), potentials.

Potentials are ring homomorphisms; (a, b) and (-a, -b) are one direction (pseudo-1).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from .cyclotomic import add, combine, multiply, powers, rotate
from .meter import METER, require
from .vocabulary import POTENTIALS, Direction, Element, Weight

MAX_N, MAX_NODES, MAX_COORDINATE = 240, 256, 10**9  # beyond these: refused, not computed


def fold(n: int, a: int, b: int) -> Direction:
    """The representative of {(a, b), (-a, -b)} whose exponent of a is below n/2 (n even)."""
    a, b, half = a % n, b % n, n // 2
    return (a, b) if a < half else (a - half, (b + half) % n)


def gather(n: int, nodes: Iterable[tuple[int, int, Element]]) -> Weight:
    """Merge the nodes of equal direction and drop those with c = 0."""
    weight: Weight = {}
    for a, b, c in nodes:
        d = fold(n, a, b)
        weight[d] = add(weight[d], c) if d in weight else c
    return {d: c for d, c in weight.items() if any(c)}


def lift(weight: Weight, n: int, m: int) -> Weight:
    """The same weight with exponents of zeta_m, where n divides m."""
    k = m // n
    return {(a * k, b * k): combine(m, ((x, i * k) for i, x in enumerate(c))) for (a, b), c in weight.items()}


def ring_product(n: int, left: Weight, right: Weight) -> Weight:
    """All pairs of nodes, multiplied entrywise (Khatri-Rao), then merged."""
    METER.spend(20 * len(left) * len(right))
    pairs = ((p, q) for p in left.items() for q in right.items())
    return gather(n, ((a + x, b + y, multiply(n, c, z)) for ((a, b), c), ((x, y), z) in pairs))


@lru_cache(maxsize=1 << 12)
def monic(n: int, roots: tuple[int, ...]) -> tuple[Element, ...]:
    """The coefficients, constant first, of the product of (x - zeta_n^s) over s in ``roots``."""
    if not roots:
        return (powers(n)[0],)
    zero, rest, minus = (0,) * len(powers(n)[0]), monic(n, roots[:-1]), roots[-1] + n // 2
    return tuple(add(up, rotate(n, low, minus)) for up, low in zip((zero, *rest), (*rest, zero), strict=True))


def rho(n: int, a: int, b: int, roots: tuple[int, ...]) -> Weight:
    """rho_S(u) = prod over s in S of (u - s) for u = [a, b, 1/(ab)], where s scales c only (Theorem 4)."""
    return gather(n, ((k * a, k * b, rotate(n, p, -k * (a + b))) for k, p in enumerate(monic(n, roots))))


def value_at(n: int, a: int, b: int) -> dict[str, int]:
    """Exponents of the nine potentials at the aligned node [a, b, 1/(ab)]."""
    return {r: ((i - 1) * a + (j - 1) * b) % n for r, (i, j) in POTENTIALS.items()}


def read_nodes(n: int, nodes: list[dict[str, Any]], where: str) -> Weight:
    """Parse nodes: exponents below n, full coordinate vectors, no c = 0, no direction twice."""
    require(2 <= n <= MAX_N and n % 2 == 0, f"{where}: n = {n} is not even or above {MAX_N}")
    require(1 <= len(nodes) <= MAX_NODES, f"{where}: {len(nodes)} nodes")
    weight: Weight = {}
    for j, node in enumerate(nodes):
        a, b, c = node["a"], node["b"], tuple(node["c"])
        require(0 <= a < n and 0 <= b < n, f"{where}: node {j}: exponents {a}, {b} are not below {n}")
        require(len(c) == len(powers(n)[0]), f"{where}: node {j}: {len(c)} coordinates, not {len(powers(n)[0])}")
        require(all(abs(x) <= MAX_COORDINATE for x in c), f"{where}: node {j}: coordinate above {MAX_COORDINATE}")
        require(any(c), f"{where}: node {j}: c = 0")
        require(fold(n, a, b) not in weight, f"{where}: node {j}: direction ({a}, {b}) occurs twice")
        weight[fold(n, a, b)] = c
    return weight


def potential(n: int, weight: Weight, i: int, j: int) -> Element:
    """The sum of zeta^(i a + j b) c over the nodes."""
    return combine(n, ((x, i * a + j * b + k) for (a, b), c in weight.items() for k, x in enumerate(c)))


def condition(n: int, weight: Weight, name: str) -> Element:
    """The value of a condition, a potential or a sum of potentials."""
    exponents = [POTENTIALS[part] for part in name.split("+")]
    return combine(n, ((x, i * a + j * b + k) for i, j in exponents for (a, b), c in weight.items()
                       for k, x in enumerate(c)))  # fmt: skip


def primitive(n: int, weight: Weight) -> Weight:
    """The least positive integer r_kkk for a weight whose r_kkk is a positive integer."""
    content = math.gcd(potential(n, weight, 1, 1)[0], *(x for c in weight.values() for x in c))
    return {d: tuple(x // content for x in c) for d, c in weight.items()}


def within(m: int, directions: Iterable[Direction], n: int) -> bool:
    """Are all directions over mu_m in mu_n, up to a common sign each? For odd n, -1 is not in mu_n.

    zeta_m^a = exp(2 pi i a/m) lies in mu_n exactly if m divides n a; nothing is lifted to a common field.
    """
    halves = (0, m // 2)
    return all(any(n * (a + h) % m == 0 == n * (b + h) % m for h in halves) for a, b in directions)
