"""Orbits of a weight under its symmetries: the canonical form, its id, and whether two weights share one.

Symmetries: units [a, b, c] with abc = 1, swap of a and b, complex conjugation, a common factor on all c. Where
4k = 0 or 2k = 0, only units with a^4 = b^4 = 1 (a^2 = b^2 = 1) respect the merged conditions, and nothing is anchored
at (1, 1).
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Iterator
from typing import Any

from .cyclotomic import galois, multiply, rotate
from .meter import METER, require
from .vocabulary import Direction, Element, Weight
from .weights import fold, potential


def images(n: int, weight: Weight) -> Iterator[Weight]:
    """The weight, with or without swap of a and b, with or without complex conjugation."""
    for t in (1, -1):
        image = {fold(n, t * a, t * b): galois(n, c, t) for (a, b), c in weight.items()}
        yield image
        yield {fold(n, b, a): c for (a, b), c in image.items()}


def anchored(n: int, weight: Weight, order: str = "generic") -> Iterator[tuple[tuple[int, int, Element], ...]]:
    """The sorted node lists divided by one unit after the other: every node moved to (1, 1), or those of ``order``."""
    for x, y in shifts(n, weight, order):
        yield tuple(sorted((a, b, c) for (a, b), c in unit_times(n, weight, x, y).items()))


def candidates(n: int, weight: Weight, order: str = "generic") -> Iterator[tuple[tuple[int, int, Element], ...]]:
    """Every node of every image moved to (1, 1) by a unit: the lists whose least is the canonical form.

    Units, swap and conjugation keep a positive integer r_kkk as it is, so no candidate needs another scale.
    """
    for image in images(n, weight):
        yield from anchored(n, image, order)


def same_orbit(n: int, weight: Weight, canonical: Weight, order: str = "generic") -> bool:
    """Equal up to unit, swap, conjugation and scale? c_d e_0 = e_d c_0 compares the scale without a division."""
    if len(weight) != len(canonical):
        return False
    for image in images(n, canonical):
        first = next(iter(image))
        if order == "generic":  # any unit: bring one node of both to (1, 1)
            image, first = unit_times(n, image, *first), (0, 0)
        for x, y in shifts(n, weight, order):
            moved = unit_times(n, weight, x, y)
            if moved.keys() == image.keys() and all(
                multiply(n, c, image[first]) == multiply(n, image[d], moved[first]) for d, c in moved.items()
            ):
                return True
    return False


def shifts(n: int, weight: Weight, order: str) -> list[Direction]:
    """The units that make candidates of the canonical form: to each node, or all that respect merged conditions.

    The latter within mu_n: a shift by a root of unity outside needs a larger n than the stored, least one. For if n
    is 2 modulo 4 and N a multiple of 4 suffices after a shift by i, then N/2 or less suffices before it.
    """
    if order == "generic":
        return list(weight)
    step = n // math.gcd(n, int(order))
    return sorted({fold(n, x, y) for x in range(0, n, step) for y in range(0, n, step)})


def unit_times(n: int, weight: Weight, x: int, y: int) -> Weight:
    """The weight divided by the unit [zeta_n^x, zeta_n^y, zeta_n^(-x-y)]."""
    METER.spend(20 * len(weight))
    return {fold(n, a - x, b - y): rotate(n, c, (x + y) % n) for (a, b), c in weight.items()}


def make_id(n: int, nodes: Iterable[tuple[int, int, Element]], order: str = "generic") -> str:
    """``cogo1-n{n}-q{order}-``, with k4 or k2 for merged conditions, and 16 hex digits of SHA-256 of the node list."""
    rows = [[a, b, list(c)] for a, b, c in nodes]
    digest = hashlib.sha256(json.dumps([n, rows], separators=(",", ":")).encode()).hexdigest()
    return f"cogo1-{'' if order == 'generic' else f'k{order}-'}n{n}-q{len(rows)}-{digest[:16]}"


def check_canonical(n: int, weight: Weight, where: str, order: str = "generic") -> int:
    """r_kkk is the least L, n is least, the node list is the least candidate; returns the orbit's size."""
    scale, *rest = potential(n, weight, 1, 1)
    require(scale > 0 and not any(rest), f"{where}: nodes: r_kkk = {(scale, *rest)} is no positive integer")
    content = math.gcd(scale, *(x for c in weight.values() for x in c))
    require(content == 1, f"{where}: nodes: r_kkk and all coordinates are divisible by {content}")
    units = shifts(n, weight, order)
    check_least_n(n, weight, units if order != "generic" else units[:1], where)
    # Two of the candidates (4 q, or 4 times the number of units) coincide exactly if they differ by a symmetry that
    # fixes the solution, so every candidate occurs as often as the stored one.
    fixed = 0
    for image in images(n, weight):
        for x, y in shifts(n, image, order):
            difference = compare(n, weight, image, x, y)
            require(
                difference >= 0, f"{where}: nodes: not canonical, the node ({x}, {y}) as anchor gives a lesser list"
            )
            fixed += difference == 0
    require(fixed > 0, f"{where}: nodes: not in canonical order")
    return 4 * {"generic": len(weight), "4": 8, "2": 2}[order] // fixed


def check_least_n(n: int, weight: Weight, units: list[Direction], where: str) -> None:
    """Refuse if the weight, divided by one of the units, lies over fewer roots of unity.

    The even N that suffice are closed under gcd, so n is least if n/p fails for every prime p. An element lies in
    Q(zeta_N) exactly if the automorphisms t = 1 mod N fix it (Galois). Swap and conjugation change no n, nor does
    another anchor; units of merged conditions may.
    """
    for p in (p for p in range(2, n) if n % (2 * p) == 0 and all(p % k for k in range(2, p))):
        fixing = [t for t in range(1, n, n // p) if math.gcd(t, n) == 1]
        for moved in (unit_times(n, weight, x, y) for x, y in units):
            smaller = all(a % p == 0 and b % p == 0 for a, b in moved) and all(
                galois(n, c, t) == c for c in moved.values() for t in fixing
            )
            require(not smaller, f"{where}: n: stored {n}, but {n // p} suffices")


def compare(n: int, stored: Weight, image: Weight, x: int, y: int) -> int:
    """The sign of (the node list of ``image`` with (x, y) moved to (1, 1)) - (the stored one), c only where needed."""
    METER.spend(20 * len(image))
    moved = sorted((fold(n, a - x, b - y), c) for (a, b), c in image.items())
    for (direction, c), (d, e) in zip(moved, stored.items(), strict=True):
        here, there = (direction, rotate(n, c, (x + y) % n) if direction == d else ()), (d, e)
        if here != there:
            return 1 if here > there else -1
    return 0


def check_normal(n: int, weight: Weight, nodes: list[dict[str, Any]], where: str) -> None:
    """The one way to write a weight up to units and scale: as entries, but for swap and conjugation.

    r_kkk is a positive integer without a common factor with all coordinates, n is least, and no other node moved to
    (1, 1) gives a lesser list.
    """
    scale, *rest = potential(n, weight, 1, 1)
    require(scale > 0 and not any(rest), f"{where}: r_kkk = {(scale, *rest)} is no positive integer")
    content = math.gcd(scale, *(x for c in weight.values() for x in c))
    require(content == 1, f"{where}: r_kkk and all coordinates are divisible by {content}")
    check_least_n(n, weight, [next(iter(weight))], where)
    stored = tuple((node["a"], node["b"], tuple(node["c"])) for node in nodes)
    require(stored == min(anchored(n, weight)), f"{where}: not the least way to write it, (1, 1) first, sorted")
