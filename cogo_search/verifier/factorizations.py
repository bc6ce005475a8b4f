"""Whether a weight is a product, of given factors, of polynomials of generators, or of anything at all."""

from __future__ import annotations

import math
from functools import cache
from typing import Any

from .cyclotomic import multiply, powers
from .meter import METER, agree, require
from .orbits import same_orbit
from .searches import Search, searched
from .texts import shown
from .vocabulary import Direction, Weight
from .weights import MAX_N, MAX_NODES, fold, lift, read_nodes, rho, ring_product, value_at


def check_product(n: int, weight: Weight, parts: list[tuple[int, Weight]], where: str) -> int:
    """Is the ring product of the parts (n_i, weight_i) in the orbit of the weight? Returns the formal order."""
    require(len(parts) <= 64, f"{where}: too large ({len(parts)} factors)")
    formal, m = math.prod(len(part) for _, part in parts), math.lcm(n, *(k for k, _ in parts))
    require(formal <= 4 * MAX_NODES and m <= MAX_N, f"{where}: too large (formal order {shown(formal)}, n {shown(m)})")
    total: Weight = {(0, 0): powers(m)[0]}
    for k, part in parts:
        total = ring_product(m, total, lift(part, k, m))
    require(same_orbit(m, total, lift(weight, n, m)), f"{where}: the product is not this entry")
    return formal


def check_factors(n: int, weight: Weight, factors: list[dict[str, Any]], formal: int, where: str) -> None:
    """At least two factors of order at least 2 whose orders multiply to the formal order and whose product fits."""
    require(2 <= len(factors) <= 64, f"{where}: factors: fewer than two, or more than 64")
    parts = []
    for i, f in enumerate(factors):
        part = read_nodes(f["n"], f["nodes"], f"{where}: factors[{i}]")
        agree(f"{where}: factors[{i}].order", f["order"], len(part))
        require(len(part) >= 2, f"{where}: factors[{i}]: order 1")
        parts.append((f["n"], part))
    agree(f"{where}: formal_order against factors", formal, check_product(n, weight, parts, where + ": factors"))


def splits(n: int, weight: Weight) -> bool:
    """Is the weight a product of two weights of order >= 2 without merging?

    With (1, 1) shifted into both factors X and Y, both are parts of the weight, every direction is x + y exactly
    once, and c(x + y) c(0) = c(x) c(y). The smaller factor is tried as every subset that leaves enough partners.
    """
    nodes, c0 = list(weight), weight[0, 0]
    scaled = {d: multiply(n, c, c0) for d, c in weight.items()}

    @cache
    def total(x: Direction, y: Direction) -> Direction | None:
        d = fold(n, x[0] + y[0], x[1] + y[1])
        return d if d in weight and scaled[d] == multiply(n, weight[x], weight[y]) else None

    def tiles(part: list[Direction], partners: list[Direction], covered: frozenset[Direction]) -> bool:
        METER.spend(25 * len(part) * len(partners))
        open_nodes = [d for d in nodes if d not in covered]
        if not open_nodes:
            return True
        for y in partners:
            shifted = frozenset(d for x in part if (d := total(x, y)) is not None)
            fits = len(shifted) == len(part) and open_nodes[0] in shifted and not shifted & covered
            if fits and tiles(part, partners, covered | shifted):
                return True
        return False

    def extend(part: list[Direction], start: int, partners: list[Direction], size: int) -> bool:
        if len(part) == size:
            return tiles(part, partners, frozenset(part))
        METER.spend(20 * len(partners) * (len(nodes) - start))
        for i in range(start, len(nodes)):
            left = [y for y in partners if total(nodes[i], y) is not None]
            if len(left) >= len(nodes) // size and extend([*part, nodes[i]], i + 1, left, size):
                return True
        return False

    q = len(nodes)
    sizes = [size for size in range(2, q) if q % size == 0 and size * size <= q]
    return any(extend([(0, 0)], 1, nodes, size) for size in sizes)


def check_polynomials(n: int, weight: Weight, entry: dict[str, Any], search: Search, where: str) -> int:
    """Searched generators, values that they take, true orders, true product; returns the formal order."""
    m, k, parts = search.even, search.even // search.n, []
    require(1 <= len(entry["polynomials"]) <= (search.max_factors or 64), f"{where}: polynomials: wrong number")
    generators = searched(search)
    for i, p in enumerate(entry["polynomials"]):
        here, roots = f"{where}: polynomials[{i}]", p["values"]
        require(len(p["generator"]) == 3, f"{here}: generator {p['generator']}")
        a, b, c = p["generator"]
        agree(f"{here}.n", p["n"], search.n)
        require((a, b) in generators, f"{here}: generator {p['generator']} was not searched")
        agree(f"{here}.generator[2]", c, -(a + b) % search.n)
        taken = set(value_at(search.n, a, b).values()) - {0}
        require(bool(roots) and roots == sorted(set(roots)), f"{here}: values {roots} are empty or not sorted")
        require(set(roots) <= taken, f"{here}: values {roots}, but the generator takes {sorted(taken)} besides 0")
        part = rho(m, a * k, b * k, tuple(s * k for s in roots))
        agree(f"{here}.order", p["order"], len(part))
        parts.append((m, part))
    return check_product(n, weight, parts, where + ": polynomials")
