"""Nodes that can be left out of entries, blocks and networks.

A node can be left out of an entry if its c, times rational numbers, can be added to those of the others so that abc
and all conditions keep their values; out of a network if the square of what it computes is a combination of the
others' squares, whose outputs take its own then. Nodes that cancel each other are so in both. The first prime is
chosen by the id: its maker cannot have made the rows dependent modulo that prime alone. What seems dependent is
proved to be so by many primes, unless this takes too long; then the report says that it is not proved.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import count, islice, product
from typing import Any

from .cyclotomic import add, combine, multiply, powers
from .fields import read_components
from .groups import Character, times
from .meter import METER
from .radicals import places, tower_modulo
from .ranks import PRIME_STEPS, exact_rank, is_prime, named_prime, rank_modulo, roots_modulo, tower_primes
from .vocabulary import CONDITIONS, POTENTIALS, Direction, Element, Weight


def left_out(rows: int, rank: int, proof: Callable[[], int], steps: float, name: str) -> str | None:
    """How many nodes of ``name`` can be left out, None if none can, given a rank modulo one prime and its proof."""
    if rank == rows:
        return None
    if 2 * steps > METER.left:
        return f"{rows - rank} of {rows} in {name} (modulo a prime: not proved)"
    rank = proof()
    return None if rank == rows else f"{rows - rank} of {rows} in {name}"


def steps_of_rank(matrix: list[list[Element]], degree: int) -> float:
    """About how many steps ``exact_rank`` takes for a deficient matrix: so many primes, an elimination for each."""
    height = sum(sum(abs(m) for x in row for m in x).bit_length() for row in matrix)
    return (2 + height * degree / 60) * 2 * len(matrix) ** 2 * (len(matrix[0]) + degree)


def spare_in_entry(n: int, weight: Weight, conditions: Iterable[str], name: str) -> str | None:
    """Nodes that a weight can do without, ``conditions`` and abc as they are (combined with rational numbers)."""
    sums = [[(1, 1)], *([POTENTIALS[part] for part in r.split("+")] for r in conditions)]
    METER.doing = f"{name}: nodes that can be left out"
    METER.reserve(40 * len(weight) * len(sums) * len(powers(n)[0]))
    matrix: list[list[Element]] = []
    for (a, b), c in weight.items():
        values = [combine(n, ((x, i * a + j * b + k) for i, j in terms for k, x in enumerate(c))) for terms in sums]
        matrix.append([(x,) for value in values for x in value])
    p = named_prime(2, name)
    rank = rank_modulo(([x for (x,) in row] for row in matrix), p)
    return left_out(len(matrix), rank, lambda: exact_rank(2, matrix), steps_of_rank(matrix, 1), name)


@lru_cache(maxsize=256)
def spare_in_block(n: int, nodes: tuple[tuple[Direction, Element], ...], order: str, name: str) -> str | None:
    """Nodes that a block can do without, all conditions and the constant that it leaves as they are."""
    weight = dict(nodes)
    text = ",".join(f"{a} {b} {c}" for (a, b), c in nodes)
    conditions = [*(r for sets in CONDITIONS[order].values() for r in sets), "aAc"]
    found = spare_in_entry(n, weight, dict.fromkeys(conditions), f"{name} {text}")
    return found and f"{found.split(' in ')[0]} in the block {name}"


def spare_in_optimizers(optimizers: list[dict[str, Any]]) -> list[str]:
    """The same for all blocks, each of them once."""
    found: dict[str, None] = {}
    for block in (block for o in optimizers for block in o["recipe"].get("blocks", [])):
        METER.spend(100 + 20 * len(block["nodes"]))
        kind = re.match("cogo1-k([24])-", block["solution"])
        nodes = tuple(((node["a"], node["b"]), tuple(node["c"])) for node in block["nodes"])
        if said := spare_in_block(block["n"], nodes, kind[1] if kind else "generic", block["solution"]):
            found[said] = None
    return list(found)


def spare_in_field(weights: dict[str, Any], factors: tuple[int, ...], name: str) -> str | None:
    """Nodes that a network over Q(zeta_n) can do without."""
    n = weights["n"]
    matrix = squares_by_characters(weights, factors)
    p = named_prime(n, name)
    z = roots_modulo(n, p)
    METER.spend(PRIME_STEPS + 40 * n + len(matrix) * len(matrix[0]) * len(powers(n)[0]))
    rank = rank_modulo(([sum(m * z[i] for i, m in enumerate(x)) % p for x in row] for row in matrix), p)
    steps = steps_of_rank(matrix, len(powers(n)[0]))
    return left_out(len(matrix), rank, lambda: exact_rank(n, matrix), steps, name)


def squares_by_characters(weights: dict[str, Any], factors: tuple[int, ...]) -> list[list[Element]]:
    """The Fourier coefficients of h_j^2, one row a node."""
    n = weights["n"]
    zero, nothing = (0,) * len(factors), (0,) * len(powers(n)[0])
    found: list[dict[tuple[Character, Character], Element]] = []
    for node in weights["nodes"]:
        hidden: list[tuple[Character, Character, Element]] = []
        for part in "ab":
            spectrum = read_components(node[part], factors, n, True, "networks")
            hidden += [(k, zero, x) if part == "a" else (zero, k, x) for k, x in spectrum.items()]
        METER.spend(30 * len(hidden) ** 2)
        square: dict[tuple[Character, Character], Element] = {}
        for (k1, k2, u), (m1, m2, v) in product(hidden, repeat=2):
            first, second = times(k1, m1, factors), times(k2, m2, factors)
            square[first, second] = add(square.get((first, second), nothing), multiply(n, u, v))
        found.append(square)
    places_ = sorted({place for square in found for place in square})
    METER.reserve(40 * len(found) * len(places_))
    return [[square.get(place, nothing) for place in places_] for square in found]


def spare_in_tower(weights: dict[str, Any], factors: tuple[int, ...], name: str) -> str | None:
    """The same for weights by their values: h_j^2 at all inputs, one row a node."""
    radicands, d = weights["radicands"], math.prod(factors)
    w_a, w_b = weights["W_a"], weights["W_b"]
    width, degree = len(w_a[0]), 2 ** len(radicands)

    def rank_at(p: int, roots: list[int]) -> int:
        METER.spend(8 * width * d * d)
        a, b = ([[tower_modulo(x, roots, p) for x in row] for row in rows] for rows in (w_a, w_b))
        rows = ([(a[x1][j] + b[x2][j]) ** 2 % p for x1 in range(d) for x2 in range(d)] for j in range(width))
        return rank_modulo(rows, p)

    # However a root's sign is chosen, in the radicands too, it is at most the square root of this sum.
    limits: list[int] = []

    def most(x: list[int]) -> int:
        METER.spend(len(x) * (4 + len(limits)))
        return sum(abs(m) * math.prod(limit for i, limit in enumerate(limits) if e >> i & 1) for e, m in enumerate(x))

    for radicand in radicands:
        limits.append(math.isqrt(most(radicand)) + 1)
    squares_ = []
    for j in range(width):
        a, b = (max(most(row[j]) for row in rows) for rows in (w_a, w_b))
        squares_.append(d * d * (a + b) ** 4)  # squared length of the row of h_j^2, at most
    bits = sum(x.bit_length() for x in squares_) * degree // 2  # of the norm of a minor
    steps = (1 + bits / 31) * (2 ** len(radicands) * PRIME_STEPS + 2 * width * width * d * d)

    def proof() -> int:
        rank, passed = 0, 0
        for p in tower_primes():
            for roots in islice(places(radicands, p), 1):
                rank = max(rank, rank_at(p, roots))
                passed += p.bit_length() - 1
            if rank == width or passed > bits:
                return rank
        raise AssertionError

    skipped = int(hashlib.sha256(name.encode()).hexdigest()[:14], 16)  # the name chooses the prime
    primes = (p for p in count((1 << 60) + 4 * skipped + 3, 4) if is_prime(p))
    for p in primes:
        METER.spend(PRIME_STEPS)
        for roots in islice(places(radicands, p), 1):
            return left_out(width, rank_at(p, roots), proof, steps, name)
    raise AssertionError
