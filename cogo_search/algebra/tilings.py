"""Does a solution factor? Ring factorizations whose orders multiply to the order, by exact exhaustion.

Over mu_n a solution is an element of a group ring: a coefficient c on each direction of a set D. A
factorization without merging is D = X + Y, every direction a sum in exactly one way, with
c(x + y) c(0) = c(x) c(y) where X and Y are shifted by units to contain the direction 0 = (1, 1). So the
smaller factor X is a subset of D, and the search runs over such subsets, pruned by the directions y
that fit all x chosen so far.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from .cyclotomic import IntArray, divisors, multiply
from .weights import Weights, fold


def irreducible_factors(weights: Weights) -> list[Weights]:
    """Factors of order at least 2, none of which factors further; a single one if irreducible.

    The first direction of ``weights`` must be (1, 1). The product of the factors is ``weights`` up to
    a scale.
    """
    pair = split(weights)
    return [weights] if pair is None else [f for part in pair for f in irreducible_factors(part)]


def split(weights: Weights) -> tuple[Weights, Weights] | None:
    """Some factorization into two weights of order at least 2, or None if there is none."""
    q = weights.order
    table = sum_table(weights)
    for size in divisors(q)[1:-1]:
        if size * size > q:
            break
        for x, candidates in _subsets(table, size):
            for y in _tilings(table, x, candidates):
                return part(weights, x), part(weights, y)
    return None


def part(w: Weights, index: list[int]) -> Weights:
    """The weights that consist of some of the nodes."""
    return Weights.from_nodes(w.n, w.a[index], w.b[index], w.c[index])


def sum_table(w: Weights) -> IntArray:
    """T[i, j] = the node on direction i + j if c(i + j) c(0) = c(i) c(j), else -1."""
    a, b = fold(np.add.outer(w.a, w.a), np.add.outer(w.b, w.b), w.n)
    index = {(int(x), int(y)): i for i, (x, y) in enumerate(zip(w.a, w.b, strict=True))}
    products = multiply(w.c[:, None, :], w.c[None, :, :], w.n)
    scaled = multiply(w.c, w.c[0], w.n)
    table = np.full((w.order, w.order), -1, dtype=np.int64)
    for i in range(w.order):
        for j in range(w.order):
            k = index.get((int(a[i, j]), int(b[i, j])), -1)
            if k >= 0 and np.array_equal(scaled[k], products[i, j]):
                table[i, j] = k
    return table


def complements(table: IntArray, x: list[int]) -> Iterator[list[int]]:
    """Every Y with node 0 such that the nodes x, 0 among them, times Y are all nodes without merging."""
    return _tilings(table, x, [y for y in range(len(table)) if (table[x, y] >= 0).all()])


def _subsets(table: IntArray, size: int) -> Iterator[tuple[list[int], list[int]]]:
    """Subsets X of the given size with node 0, and the y with x + y a node for every x of X."""
    needed = len(table) // size

    def extend(x: list[int], candidates: list[int]) -> Iterator[tuple[list[int], list[int]]]:
        if len(x) == size:
            yield x, candidates
            return
        for following in range(x[-1] + 1, len(table)):
            remaining = [y for y in candidates if table[following, y] >= 0]
            if len(remaining) >= needed:
                yield from extend([*x, following], remaining)

    yield from extend([0], list(range(len(table))))


def _tilings(table: IntArray, x: list[int], candidates: list[int]) -> Iterator[list[int]]:
    """Every Y with node 0 such that the sets x + y are disjoint and cover every node."""
    translates = {y: frozenset(int(table[i, y]) for i in x) for y in candidates}
    everything = frozenset(range(len(table)))

    def cover(y: list[int], covered: frozenset[int]) -> Iterator[list[int]]:
        if covered == everything:
            yield y
            return
        wanted = min(everything - covered)
        for following, nodes in translates.items():
            if wanted in nodes and len(nodes) == len(x) and not nodes & covered:
                yield from cover([*y, following], covered | nodes)

    if 0 in translates and len(translates[0]) == len(x):
        yield from cover([0], translates[0])
