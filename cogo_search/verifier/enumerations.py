"""The enumerations that bounds rest on, but for weighted nodes.

Aligned solutions over mu_n by meet in the middle, and products of polynomials rho_S(u) of the searched generators:
the least number of nodes or the least formal order, or all of one size.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations, combinations_with_replacement
from typing import Any

from .cyclotomic import combine, multiply, powers
from .meter import METER
from .orbits import anchored, candidates, make_id
from .searches import Search
from .vocabulary import POTENTIALS, WANTED, Direction, Weight
from .weights import fold, primitive, rho, value_at

DEEP_LIMIT, DEEP_TABLE = 5 * 10**6, 10**6  # sums that are looked up, and that are kept
STATED = 10**18  # counts in a file are no larger


def binomial(n: int, k: int) -> int:
    """Subsets of k out of n, or STATED if there are more."""
    k, number = min(k, n - k), 1
    if k < 0:
        return 0
    for i in range(k):
        number = number * (n - i) // (i + 1)
        if number > STATED:  # grows until k = n/2
            return STATED
    return number


@lru_cache(maxsize=8)
def columns(n: int, cover: str, size: int) -> tuple[list[Direction], list[int]]:
    """Directions of mu_n^2 up to sign, (1, 1) first, and the coordinates of the wanted potentials at the aligned node.

    The coordinates are packed into one integer with digits so wide that sums of ``size`` columns cannot overlap.
    """
    even = math.lcm(2, n)
    k = even // n
    METER.spend(n * n * len(WANTED[cover]) * len(powers(even)[0]))
    directions = sorted({fold(even, a * k, b * k) for a in range(n) for b in range(n)})
    width = (2 * size * max(abs(x) for row in powers(even) for x in row) + 1).bit_length() + 1
    packed = []
    for a, b in directions:
        at = value_at(even, a, b)
        digits = [x for r in WANTED[cover] for x in powers(even)[at[r]]]
        packed.append(sum(x << (width * i) for i, x in enumerate(digits)))
    return directions, packed


@lru_cache(maxsize=32)
def smallest_aligned(n: int, cover: str, below: int) -> int | None:
    """The least number t < below of aligned nodes over mu_n with (1, 1, 1) among them, by meet in the middle."""
    _, column = columns(n, cover, below)
    sums: list[set[int]] = [{0}]  # sums[h]: all sums of h columns
    for t in range(2, below):  # a single node has no vanishing potential
        small = (t - 1) // 2
        large = t - 1 - small
        METER.spend(4 * len(sums[-1]) * len(column))
        if large == len(sums):
            # the sums of h columns are at most the multisets of h of them
            count_ = min(len(sums[-1]) * len(column), math.comb(len(column) + large - 1, large))
            METER.reserve(count_ * (100 + column[-1].bit_length() // 8))
            sums.append({x + y for x in sums[-1] for y in column})
        if not sums[small].isdisjoint(-column[0] - x for x in sums[large]):
            return t
    return None


def aligned_solutions(n: int, cover: str, size: int) -> Iterator[Weight] | None:
    """All aligned solutions over mu_n of ``size`` nodes through (1, 1, 1), by meet in the middle; None: too many."""
    directions, column = columns(n, cover, size)
    small, last, total = (size - 1) // 2, size - 2 - (size - 1) // 2, len(column)
    if size < 2:
        return iter(())
    if binomial(total + last, last + 1) > DEEP_LIMIT or binomial(total + small - 1, small) > DEEP_TABLE:
        return None
    METER.spend(3 * binomial(total + last, last + 1) + 30 * binomial(total + small - 1, small))
    METER.reserve(binomial(total + small - 1, small) * (300 + 8 * small + column[-1].bit_length() // 8))
    halves: dict[int, list[tuple[int, ...]]] = {}
    for chosen in combinations_with_replacement(range(total), small):
        halves.setdefault(sum(column[i] for i in chosen), []).append(chosen)
    found: set[tuple[int, ...]] = set()
    for head in combinations_with_replacement(range(total), last):
        rest = -column[0] - sum(column[i] for i in head)
        for i in range(head[-1] if head else 0, total):
            for chosen in halves.get(rest - column[i], ()):
                found.add(tuple(sorted((0, *head, i, *chosen))))
    even = math.lcm(2, n)

    def weights() -> Iterator[Weight]:
        for solution in sorted(found):
            multiplicity = Counter(directions[i] for i in solution)
            if math.gcd(*multiplicity.values()) == 1:
                yield {(a, b): combine(even, [(m, -a - b)]) for (a, b), m in multiplicity.items()}

    return weights()


def aligned_id(n: int, weight: Weight) -> str:
    """The id of an aligned solution over mu_n through (1, 1, 1): its least n divides out the common exponent."""
    g = math.gcd(n // 2, *(x for d in weight for x in d))
    least = {(a // g, b // g): combine(n // g, [(math.gcd(*c), -(a + b) // g)]) for (a, b), c in weight.items()}
    return make_id(n // g, min(candidates(n // g, least)))


@lru_cache(maxsize=4)
def polynomial_orders(search: Search) -> dict[int, int]:
    """The least order of rho_S(u) for every zero set (a mask of the nine potentials) that some u and S have.

    Galois conjugation of u keeps orders and masks, so does pseudo-1; the swap permutes the masks: one generator per
    class is enough.
    """
    m, k = search.even, search.even // search.n
    mirror = [1, 0, 2, 4, 3, 6, 5, 8, 7]  # where the swap of a and b takes each potential
    units = [t for t in range(1, m) if math.gcd(t, m) == 1]
    seen: set[Direction] = set()
    least: dict[int, int] = {}
    for a, b in ((a * k, b * k) for a, b in search.generators()):
        if fold(m, a, b) in seen:
            continue
        seen |= {fold(m, t * x, t * y) for t in units for x, y in ((a, b), (b, a))}
        at = list(value_at(m, a, b).values())
        taken = sorted(set(at) - {0})
        for roots in (s for size in range(1, len(taken) + 1) for s in combinations(taken, size)):
            METER.spend(100 * len(roots))
            order = len(rho(m, a, b, roots))
            hit = [i for i, value in enumerate(at) if value in roots]
            for mask in (sum(1 << i for i in hit), sum(1 << mirror[i] for i in hit)):
                least[mask] = min(order, least.get(mask, order))
    return least


@lru_cache(maxsize=16)
def smallest_product(search: Search, cover: str) -> int | None:
    """The least product of orders of polynomials whose zero sets together contain the cover; None: unreachable.

    A potential of a product vanishes exactly if it vanishes on a factor. More than nine factors never help, since
    each must contribute a potential.
    """
    best = {0: 1}
    for _ in range(min(search.max_factors or 9, 9)):
        longer = dict(best)
        METER.spend(4 * len(best) * len(polynomial_orders(search)))
        for mask, cost in best.items():
            for zeros, order in polynomial_orders(search).items():
                if cost * order < longer.get(mask | zeros, cost * order + 1):
                    longer[mask | zeros] = cost * order
        best = longer
    wanted = mask_of(cover)
    return min((cost for mask, cost in best.items() if mask & wanted == wanted), default=None)


def mask_of(cover: str) -> int:
    """The potentials of a cover as a bit mask."""
    return sum(1 << i for i, r in enumerate(POTENTIALS) if r in WANTED[cover])


def normalised_rho(n: int, a: int, b: int, roots: tuple[int, ...]) -> Weight:
    """rho_S(u) with r_kkk a positive integer: r_kkk = prod (1 - s), and (1 - s) sum k s^k = -m if s has order m."""
    weight = rho(n, a, b, roots)
    for s in roots:
        inverse = combine(n, ((-k, k * s) for k in range(1, n // math.gcd(n, s))))
        weight = {d: multiply(n, c, inverse) for d, c in weight.items()}
    return primitive(n, weight)


@lru_cache(maxsize=4)
def distinct_polynomials(search: Search, formal: int) -> list[tuple[int, int, Weight, str]]:
    """(order, zero mask, weight, name) of every rho_S(u) whose order divides ``formal``.

    Once per class under units, which no orbit distinguishes; [-a, -b, c] gives the weights of [a, b, c].
    """
    n, k = search.even, search.even // search.n
    known: set[Direction] = set()
    seen: set[tuple[Any, ...]] = set()
    out = []
    for a, b in search.generators():
        direction = fold(n, a * k, b * k)
        if direction in known:
            continue
        known.add(direction)
        at = list(value_at(n, a * k, b * k).values())
        taken = sorted(set(at) - {0})
        for roots in (s for size in range(1, len(taken) + 1) for s in combinations(taken, size)):
            METER.spend(400)
            if formal % len(rho(n, a * k, b * k, roots)):
                continue
            weight = normalised_rho(n, a * k, b * k, roots)
            key = min(anchored(n, weight))
            if key not in seen:
                METER.reserve(len(seen) * len(weight) * (400 + 20 * len(powers(n)[0])))
                seen.add(key)
                mask = sum(1 << i for i, value in enumerate(at) if value in roots)
                out.append((len(weight), mask, weight, f"{[a, b]} with values {[s // k for s in roots]}"))
    return out


def minimal_products(search: Search, cover: str, formal: int) -> Iterator[list[tuple[int, int, Weight, str]]]:
    """All multisets of polynomials with this product of orders whose zero sets contain the cover."""
    polynomials, wanted = distinct_polynomials(search, formal), mask_of(cover)

    def extend(start: int, rest: int, mask: int, chosen: list[int]) -> Iterator[list[int]]:
        if rest == 1 and mask & wanted == wanted:
            yield chosen
        METER.spend(len(polynomials) - start)
        for i in range(start, len(polynomials)) if rest > 1 and len(chosen) < (search.max_factors or 9) else ():
            if rest % polynomials[i][0] == 0:
                yield from extend(i + 1, rest // polynomials[i][0], mask | polynomials[i][1], [*chosen, i])

    return ([polynomials[i] for i in chosen] for chosen in extend(0, formal, 0, []))
