"""Supports of weighted nodes over mu_n, enumerated: the least size, or all of one size."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import combinations
from typing import Any

from .cyclotomic import powers
from .entries import Entry
from .meter import METER, require
from .orbits import images, shifts
from .ranks import Row, annihilator, field_primes, rank_modulo, roots_modulo
from .searches import Search
from .vocabulary import CONDITIONS, COVERS, POTENTIALS, Direction
from .weights import fold, lift, within

SUPPORT_LIMIT = 10**6  # projections of columns in a search for supports


class Unlucky(Exception):
    """Columns are dependent modulo the prime only."""


class Supports:
    """Supports of weighted nodes over mu_n: sets of directions on which the wanted conditions have a kernel vector.

    Every column holds the values of the wanted conditions on one direction, c = 1, and of abc. If no smaller support
    has a solution, every proper subset of a support S has full rank: a kernel vector on fewer columns has abc = 0, and
    adding it would cancel a node. So S = T + {x, y} with T of full rank, x and y proportional modulo the span of T; one
    T for each orbit under units, swap and Galois group is enough. What is left out as dependent is proved to be so.
    """

    def __init__(self, n: int, cover: str, order: str, p: int) -> None:
        even = math.lcm(2, n)
        k = even // n
        every = {fold(even, a * k, b * k) for a in range(n) for b in range(n)}
        self.n, self.even, self.order, self.p = n, even, order, p
        self.directions = sorted(d for d in every if order != "2" or all(2 * x % even == 0 for x in d))
        self.index = {d: i for i, d in enumerate(self.directions)}
        names = [r for sets in COVERS[cover] for r in CONDITIONS[order][sets]]
        self.conditions = list(dict.fromkeys(tuple(POTENTIALS[part] for part in r.split("+")) for r in names))
        self.norms = sum(len(row) ** 2 for row in self.conditions)  # squared norm of a column without abc, at most
        units = [t for t in range(1, even + 1) if math.gcd(t, even) == 1]
        swaps = [(t, swap) for t in units for swap in (False, True)]
        METER.spend(10 * len(swaps) * len(self.directions))
        METER.reserve(9 * len(swaps) * len(self.directions) + 400 * len(every))
        maps = {tuple(self.index[fold(even, *((t * b, t * a) if swap else (t * a, t * b)))] for a, b in self.directions)
                for t, swap in swaps}  # fmt: skip
        self.relabellings = sorted(maps)
        step = even if order == "generic" else even // math.gcd(n * k, int(order) if n % 2 == 0 else 1)
        self.shifts = sorted({fold(even, x, y) for x in range(0, even, step) for y in range(0, even, step)})
        self.columns = self.modulo(p)

    def modulo(self, p: int) -> list[Row]:
        """The columns modulo p, abc last."""
        METER.spend(8 * len(self.directions) * (len(self.conditions) + 1))
        z = roots_modulo(self.even, p)
        rows = [*self.conditions, ((1, 1),)]
        return [[sum(z[(i * a + j * b) % self.even] for i, j in row) % p for row in rows] for a, b in self.directions]

    def work(self, size: int) -> int:
        """An estimate of the projections for supports of this size: orbits of subsets T times columns."""
        count, symmetries, t = len(self.directions), len(self.relabellings), size - 2
        if t < 1:
            return count
        if self.order == "generic":
            return (1 + math.comb(count - 1, t - 1) // (symmetries * t)) * count
        return (1 + math.comb(count, t) // (symmetries * len(self.shifts))) * count

    def images(self, subset: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        """The images of a set of columns under the symmetries, sorted; anchored at each of its columns if generic."""
        chosen = [self.directions[i] for i in subset]
        for x, y in chosen if self.order == "generic" else self.shifts:
            moved = [self.index[fold(self.even, a - x, b - y)] for a, b in chosen]
            for table in self.relabellings:
                yield tuple(sorted(table[i] for i in moved))

    def count_images(self, subset: tuple[int, ...], held: int) -> None:
        """Spend what the images of a set will take, beside ``held`` sets of the same size that are kept."""
        shifts_ = len(subset) if self.order == "generic" else len(self.shifts)
        METER.spend(8 * len(subset) * shifts_ * (1 + len(self.relabellings)))
        METER.reserve((held + shifts_ * len(self.relabellings)) * (130 + 8 * len(subset)))

    def dependent(self, subset: tuple[int, ...], target: bool) -> bool:
        """Are the columns (with abc if ``target``) dependent? Exactly; raises Unlucky if only modulo the prime."""
        rows = len(self.conditions) + target
        if len(subset) > rows:
            return True
        if rank_modulo((self.columns[i][:rows] for i in subset), self.p) == len(subset):
            return False
        limit, passed = (self.norms + target) ** (len(subset) * len(powers(self.even)[0])), self.p
        for p in field_primes(self.even):
            if passed**2 > limit:
                return True
            if p != self.p:
                METER.spend(8 * len(self.directions) * rows)
                columns = modulo(self.n, self.even, tuple(self.conditions), tuple(self.directions), p)
                if rank_modulo((columns[i][:rows] for i in subset), p) == len(subset):
                    raise Unlucky
                passed *= p
        raise AssertionError

    def subsets(self, size: int) -> list[tuple[int, ...]]:
        """One full-rank set of columns of every orbit."""
        if size == 0:
            return [()]
        level: list[tuple[int, ...]] = [()]
        for length in range(1, size + 1):
            seen: set[tuple[int, ...]] = set()
            grown = []
            for subset in level:
                anchor = self.order == "generic" and length == 1
                for x in (0,) if anchor else range(len(self.directions)):
                    larger = tuple(sorted((*subset, x)))
                    METER.spend(10)
                    if x not in subset and larger not in seen:
                        self.count_images(larger, len(seen))
                        seen.update(self.images(larger))
                        if not self.dependent(larger, False):
                            grown.append(larger)
            level = grown
        return level

    def solvable(self, size: int) -> set[tuple[int, ...]]:
        """All supports of this size (through the anchor if generic) that have a solution; smaller ones have none."""
        found: set[tuple[int, ...]] = set()
        refuted: set[tuple[int, ...]] = set()
        if size == 1:
            candidates_ = [(i,) for i in range(len(self.directions))]
            return {s for s in candidates_ if not self.dependent(s, True) and self.dependent(s, False)}
        for subset in self.subsets(size - 2):
            kernel = annihilator([self.columns[i][:-1] for i in subset], len(self.conditions), self.p)
            classes: dict[tuple[int, ...], list[int]] = {}
            METER.spend(3 * len(self.columns) * (1 + len(kernel) * len(self.conditions)))
            for x, column in enumerate(self.columns):
                if x in subset:
                    continue
                image = [sum(u * v for u, v in zip(row, column, strict=False)) % self.p for row in kernel]
                lead = next((v for v in image if v), 0)
                if lead == 0:
                    self.dependent((*subset, x), False)  # raises Unlucky if a support could be lost here
                    continue
                inverse = pow(lead, -1, self.p)
                classes.setdefault(tuple(v * inverse % self.p for v in image), []).append(x)
            for members in classes.values():
                for pair in combinations(members, 2):
                    METER.spend(20)
                    support = tuple(sorted((*subset, *pair)))
                    if support in found or support in refuted:
                        continue
                    self.count_images(support, len(found) + len(refuted))
                    # A solution: the conditions are dependent, with abc they are not.
                    good = not self.dependent(support, True) and self.dependent_or_full(support)
                    (found if good else refuted).update(self.images(support))
        return found

    def dependent_or_full(self, support: tuple[int, ...]) -> bool:
        """Are the conditions dependent on this set? A set that is full modulo another prime is no support."""
        try:
            return self.dependent(support, False)
        except Unlucky:
            return False


@lru_cache(maxsize=16)
def modulo(
    n: int, even: int, conditions: tuple[tuple[Direction, ...], ...], directions: tuple[Direction, ...], p: int
) -> list[Row]:
    """The columns of :class:`Supports` modulo another prime."""
    z = roots_modulo(even, p)
    rows = [*conditions, ((1, 1),)]
    return [[sum(z[(i * a + j * b) % even] for i, j in row) % p for row in rows] for a, b in directions]


def lucky(n: int, cover: str, order: str, search: Callable[[Supports], Any]) -> Any:
    """Run a search modulo the first prime under which nothing only seems dependent."""
    for p in field_primes(math.lcm(2, n)):
        try:
            return search(Supports(n, cover, order, p))
        except Unlucky:
            continue
    raise AssertionError


@lru_cache(maxsize=32)
def smallest_support(n: int, cover: str, order: str, below: int, where: str) -> int | None:
    """The least size < below of a support over mu_n with a solution, whatever its weights."""

    def run(supports: Supports) -> int | None:
        last = len(supports.conditions) + 1  # more columns than conditions and abc: a node can be cancelled
        work = sum(supports.work(size) for size in range(1, min(below, last + 1)))
        require(work <= SUPPORT_LIMIT, f"{where}: about {work} projections are too many for an exhaustive bound")
        return next((size for size in range(1, min(below, last + 1)) if supports.solvable(size)), None)

    answer: int | None = lucky(n, cover, order, run)
    return answer


def deep_supports(cover: str, level: int, entries: list[Entry], search: Search, name: str) -> bool:
    """The supports of one order again, and those of all members of the listed orbits; false if they are too many."""
    order, even = search.character_order, search.even

    def run(supports: Supports) -> bool:
        if supports.work(level) > SUPPORT_LIMIT:
            return False
        found = supports.solvable(level)
        listed: dict[tuple[int, ...], str] = {}
        for entry in (e for e in entries if e.quantity["order"] == level):
            m = math.lcm(entry.n, 1 if order == "generic" else int(order))
            for image in images(m, lift(entry.weight, entry.n, m)):
                for x, y in shifts(m, image, order):
                    METER.spend(40 * len(image))
                    directions_ = [fold(m, a - x, b - y) for a, b in image]
                    if within(m, directions_, search.n):
                        exact = [fold(even, *to_even(m, d, search.n)) for d in directions_]
                        listed[tuple(sorted(supports.index[d] for d in exact))] = entry.id
        missing, extra = sorted(found - listed.keys()), sorted(listed.keys() - found)
        directions = [[supports.directions[i] for i in support] for support in missing[:1]]
        require(not missing, f"{name}: the catalog claims to be complete but lacks the support {directions}")
        require(not extra, f"{name}: the enumeration does not give {', '.join(listed[x] for x in extra[:3])}")
        return True

    answer: bool = lucky(search.n, cover, order, run)
    return answer


def to_even(m: int, direction: Direction, n: int) -> Direction:
    """A direction over mu_m that lies in mu_n up to a sign, as exponents of zeta_lcm(2, n) in mu_n itself."""
    even = math.lcm(2, n)
    a, b = next(
        (a, b) for h in (0, m // 2) for a, b in [(direction[0] + h, direction[1] + h)] if n * a % m == 0 == n * b % m
    )
    return n * a // m * (even // n), n * b // m * (even // n)
