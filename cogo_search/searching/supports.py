r"""Minimal supports with arbitrary weights over mu_n, by exact linear algebra.

A solution is a set S of directions (a, b) in mu_n^2, up to a common sign, with coefficients c in Q(zeta_n), and every
condition is linear in c: M_S c = 0 for the wanted conditions, one row each, and abc c != 0. Let q be the least size.

*At the minimal order every proper subset of S has full column rank.* A kernel vector on fewer columns either has
abc != 0, a smaller solution, or abc = 0, and adding a multiple of it to c cancels a node, a smaller solution again. So
the kernel on S is a line, c is unique up to scale, and the list of all S is finite.

*Enumeration.* Every S is T + {x, y} with a full-rank T of size q - 2. For one T of every orbit under the symmetries
below, all columns are projected to the quotient by the span of T, modulo a prime p = 1 mod n; the pairs {x, y} whose
images are proportional are found by sorting. Modulo p nothing is lost but what only seems dependent: a column in the
span of T is left out after the dependence has been proved over Q(zeta_n) (:mod:`.modular`), and where that fails
another prime is taken. What survives is solved by minors in the group ring Z[x]/(x^n - 1) and checked exactly.

*Symmetries* act on the columns: units, the swap of a and b, and the Galois group, which permutes exact solutions.
Where conditions are merged only units with a^4 = b^4 = 1 (4k = 0) or a^2 = b^2 = 1 (2k = 0, where the directions are
real) remain, so nothing is anchored: there is one first column for every orbit of columns.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from math import comb, gcd

import numpy as np
from numpy.typing import NDArray

from ..algebra.cyclotomic import IntArray, rotate, units_modulo
from ..algebra.potentials import EXPONENTS, condition_exponents, cover_potentials
from ..algebra.ranks import deficient, eliminate, inverse, product, root_powers
from ..algebra.weights import fold
from ..errors import InputError
from .minors import kernel_vectors

#: Most subsets T that one search lists.
MAX_SUBSETS = 20_000_000
_BATCH = 1 << 21


class UnluckyPrime(ArithmeticError):
    """Columns are dependent modulo the prime only: search again with the next one."""


@dataclass(frozen=True)
class SupportProblem:
    """The columns and conditions for one n, cover and order of the character ("generic", "4" or "2")."""

    n: int
    cover: str
    character_order: str = "generic"

    @cached_property
    def directions(self) -> tuple[IntArray, IntArray]:
        """Exponents (a, b) of zeta_n of the columns, one of each pair of opposite signs; real ones where 2k = 0."""
        step = self.n // gcd(2, self.n) if self.character_order == "2" else 1
        a, b = (part.ravel() for part in np.mgrid[0 : self.n : step, 0 : self.n : step])
        keys = np.unique(self._key(a, b))
        return keys // self.n, keys % self.n

    def _key(self, a: IntArray, b: IntArray) -> IntArray:
        n = self.n
        a, b = fold(a, b, n) if n % 2 == 0 else (np.mod(a, n), np.mod(b, n))
        return a * n + b

    @property
    def count(self) -> int:
        """Number of columns."""
        return len(self.directions[0])

    @cached_property
    def conditions(self) -> tuple[tuple[tuple[int, int], ...], ...]:
        """The wanted conditions as exponents of (a, b), equal ones once: aAc and bBc coincide here."""
        return tuple(dict.fromkeys(map(condition_exponents, cover_potentials(self.cover, self.character_order))))

    def rows(self, p: int) -> IntArray:
        """The wanted conditions, and abc last, on every column modulo p: shape (rows + 1, count)."""
        a, b = self.directions
        powers = root_powers(self.n, p)
        rows = [sum(powers[(i * a + j * b) % self.n] for i, j in row) % p for row in self.conditions]
        return np.array([*rows, powers[(a + b) % self.n]])

    @cached_property
    def _position(self) -> IntArray:
        table = np.full(self.n * self.n, -1, dtype=np.int64)
        table[self._key(*self.directions)] = np.arange(self.count)
        return table

    def columns(self, a: IntArray, b: IntArray) -> IntArray:
        """Indices of the columns with these exponents."""
        return self._position[self._key(a, b)]

    @cached_property
    def _relabellings(self) -> IntArray:
        """Where swap and Galois group take each column: shape (2 phi(n), count)."""
        a, b = self.directions
        images = [self.columns(t * x, t * y) for t in units_modulo(self.n) for x, y in ((a, b), (b, a))]
        return np.unique(np.array(images), axis=0)

    @cached_property
    def _shifts(self) -> list[tuple[int, int]]:
        """The units of the merged conditions, one of each pair of opposite signs."""
        step = self.n // gcd(int(self.character_order), self.n)
        sums = {
            int(self._key(np.array(s), np.array(t))) for s in range(0, self.n, step) for t in range(0, self.n, step)
        }
        return [divmod(key, self.n) for key in sorted(sums)]

    def images(self, sets: IntArray) -> Iterator[IntArray]:
        """Every image of sets of columns (m, s) under the symmetries, rows sorted; anchored at each column."""
        a, b = (part[sets] for part in self.directions)
        if self.character_order == "generic":
            shifted = [self.columns(a - a[:, j, None], b - b[:, j, None]) for j in range(sets.shape[1])]
        else:
            shifted = [self.columns(a + s, b + t) for s, t in self._shifts]
        return (np.sort(table[x], axis=1) for x in shifted for table in self._relabellings)

    def keys(self, sets: IntArray) -> IntArray:
        """One integer for each sorted set; the anchor, column 0, is left out."""
        skip = int(self.character_order == "generic")
        keys = np.zeros(len(sets), dtype=np.int64)
        for column in sets.T[skip:]:
            keys = keys * self.count + column
        return keys

    def representatives(self, sets: IntArray) -> IntArray:
        """The least image of each set, without repetition, in order: shape (k, s)."""
        size = sets.shape[1]
        free = size - (self.character_order == "generic")
        if self.count ** max(free, 0) >= 2**63:
            raise InputError(f"n={self.n} is too large for supports of {size} weighted nodes: use smaller roots")
        if len(sets) == 0 or size == 0:
            return sets
        least = np.full(len(sets), np.iinfo(np.int64).max)
        for image in self.images(sets):
            np.minimum(least, self.keys(image), out=least)
        keys, decoded = np.unique(least), []
        for _ in range(free):
            decoded.append(keys % self.count)
            keys = keys // self.count
        if free < size:
            decoded.append(np.zeros_like(keys))
        return np.stack(decoded[::-1], axis=1)

    def work(self, size: int) -> int:
        """An estimate of the projections that a search for supports of this size makes: subsets T times columns."""
        return self.subsets(size - 2) * self.count

    def subsets(self, size: int) -> int:
        """An estimate of the number of orbits of subsets of this size."""
        symmetries = len(self._relabellings)
        if size < 1:
            return 1
        if self.character_order == "generic":
            return 1 + comb(self.count - 1, size - 1) // (symmetries * size)
        return 1 + comb(self.count, size) // (symmetries * len(self._shifts))

    def orbit(self, support: IntArray) -> int:
        """Number of distinct supports among the images of one support (s,)."""
        return len({tuple(image[0].tolist()) for image in self.images(support[None])})


@dataclass(eq=False)
class SupportSearch:
    """The search for all supports of one size modulo one prime; smaller supports must have been excluded."""

    problem: SupportProblem
    size: int
    p: int
    #: Keys of sets that were examined.
    _seen: IntArray = field(default_factory=lambda: np.zeros(0, dtype=np.int64), repr=False)

    @cached_property
    def _rows(self) -> IntArray:
        return self.problem.rows(self.p)

    @cached_property
    def _float_rows(self) -> NDArray[np.float64]:
        return self._rows[:-1].astype(np.float64)

    @cached_property
    def _weights(self) -> NDArray[np.uint64]:
        """Multipliers of the hash by which proportional columns are found."""
        return np.random.default_rng(0).integers(0, 2**63, size=len(self._rows), dtype=np.uint64) | np.uint64(1)

    @cached_property
    def subsets(self) -> IntArray:
        """One full-rank subset T of size - 2 columns for every orbit."""
        problem, size = self.problem, max(self.size - 2, 0)
        if problem.subsets(size) > MAX_SUBSETS:
            raise InputError(
                f"n={problem.n} needs about {problem.subsets(size):.0e} subsets of {size} weighted nodes: "
                f"use smaller roots, or aligned nodes"
            )
        if size == 0:
            return np.zeros((1, 0), dtype=np.int64)
        level = problem.representatives(np.arange(problem.count)[:, None])
        for _ in range(size - 1):
            level = self._extended(level)
        return level

    def _extended(self, level: IntArray) -> IntArray:
        """The orbits of full-rank sets with one column more."""
        problem, size = self.problem, level.shape[1]
        grown = [np.zeros((0, size + 1), dtype=np.int64)]
        chunk = max(1, _BATCH // problem.count)
        for start in range(0, len(level), chunk):
            part = level[start : start + chunk]
            sets = np.concatenate(
                [np.repeat(part, problem.count, axis=0), np.tile(np.arange(problem.count), len(part))[:, None]], axis=1
            )
            distinct = ~(sets[:, :-1] == sets[:, -1:]).any(axis=1)
            grown.append(problem.representatives(np.sort(sets[distinct], axis=1)))
        sets = problem.representatives(np.concatenate(grown))
        return sets[~self._dependent(sets)]

    def _dependent(self, sets: IntArray, target: bool = False) -> NDArray[np.bool_]:
        """Which sets of columns are dependent on the wanted conditions (and abc), exactly."""
        rows = len(self._rows) - (not target)
        if sets.shape[1] > rows:
            return np.ones(len(sets), dtype=bool)
        full = np.concatenate(
            [eliminate(self._matrices(part, rows, self.p), self.p).full for part in _batches(sets, 1 << 16)]
        )
        suspects = sets[~full]
        if len(suspects):
            bound = sum(len(row) ** 2 for row in self.problem.conditions) + target
            proved = deficient(self.problem.n, lambda p: self._matrices(suspects, rows, p), bound ** int(sets.shape[1]))
            if not proved.all():
                raise UnluckyPrime(self.p)
        return ~full

    def _matrices(self, sets: IntArray, rows: int, p: int) -> IntArray:
        """The first ``rows`` rows on sets of columns: shape (m, rows, size)."""
        matrix = self._rows if p == self.p else self.problem.rows(p)
        return matrix[:rows, sets].transpose(1, 0, 2)

    @property
    def chunk(self) -> int:
        """Number of subsets T that :meth:`join` takes at a time."""
        return max(1, _BATCH // (self.problem.count * max(1, len(self._rows) - self.size + 1)))

    def remember(self, supports: IntArray) -> None:
        """Supports that are known already, so that :meth:`join` does not return them."""
        self._seen = np.union1d(self._seen, self.problem.keys(supports))

    def join(self, subsets: IntArray) -> IntArray:
        """The orbits of supports T + {x, y} with T among these subsets, unless met before: shape (k, size)."""
        if self.size == 1:
            return self._solvable(self.problem.representatives(np.arange(self.problem.count)[:, None]))
        images, zero = self._modulo(subsets)
        self._check_spanned(subsets, zero)
        pairs = self._parallel(self._hashes(images, zero))
        sets = [np.concatenate([subsets[which], columns], axis=1) for which, columns in pairs]
        together = np.sort(np.concatenate([np.zeros((0, self.size), dtype=np.int64), *sets]), axis=1)
        return self._solvable(self.problem.representatives(together))

    def _modulo(self, subsets: IntArray) -> tuple[IntArray, NDArray[np.bool_]]:
        """Every column modulo the span of T, for each T: shape (m, left, count); and which of them vanish there.

        T + {x, y} is dependent without T + {x} or T + {y} being so just if x and y are parallel modulo T.
        """
        rows = len(self._rows) - 1
        annihilator = eliminate(self._matrices(subsets, rows, self.p), self.p).annihilator
        left = annihilator.shape[1]
        images = product(annihilator.reshape(-1, rows), self._float_rows, self.p)
        images = images.reshape(len(subsets), left, self.problem.count)
        return images, ~np.any(images, axis=1)

    def _hashes(self, images: IntArray, zero: NDArray[np.bool_]) -> NDArray[np.uint64]:
        """A number for each column that parallel columns share: shape (m, count).

        Columns are scaled to leading entry 1 and weighed at random; one that vanishes keeps its own number, so that it
        is parallel to none. That two others share a number by chance is found out when supports are solved.
        """
        lead = np.take_along_axis(images, np.argmax(images != 0, axis=1)[:, None], axis=1)
        scaled = (images * inverse(lead, self.p) % self.p).astype(np.uint64)
        hashes = (scaled * self._weights[: images.shape[1], None]).sum(axis=1, dtype=np.uint64)
        numbers = np.broadcast_to(np.arange(images.shape[2], dtype=np.uint64), hashes.shape)
        return np.where(zero, numbers, hashes)

    def _parallel(self, hashes: NDArray[np.uint64]) -> Iterator[tuple[IntArray, IntArray]]:
        """All pairs of columns with equal numbers: which T (k,), and the two columns (k, 2).

        Sorted, equal numbers are neighbours: pairs at distance 1, then 2, until there is none.
        """
        order = np.argsort(hashes, axis=1, kind="stable")
        ranked = np.take_along_axis(hashes, order, axis=1)
        for distance in range(1, hashes.shape[1]):
            which, place = np.nonzero(ranked[:, distance:] == ranked[:, :-distance])
            if len(which) == 0:
                return
            yield which, np.stack([order[which, place], order[which, place + distance]], axis=1)

    def _check_spanned(self, subsets: IntArray, zero: NDArray[np.bool_]) -> None:
        """Columns that vanish modulo T depend on T exactly, so that no support is lost with them."""
        which, column = np.nonzero(zero)
        outside = ~(subsets[which] == column[:, None]).any(axis=1)
        sets = np.concatenate([subsets[which[outside]], column[outside, None]], axis=1)
        if len(sets):
            self._dependent(self.problem.representatives(np.sort(sets, axis=1)))

    def _solvable(self, sets: IntArray) -> IntArray:
        """Those of the sets not met before on which the conditions have a kernel vector with abc != 0."""
        keys = self.problem.keys(sets)
        sets = sets[~np.isin(keys, self._seen)]
        self._seen = np.union1d(self._seen, keys)
        sets = sets[~self._dependent(sets, target=True)] if len(sets) else sets
        return np.concatenate([part[self.solve(part)[1]] for part in _batches(sets, 1 << 13)])

    def solve(self, sets: IntArray) -> tuple[IntArray, NDArray[np.bool_]]:
        """Coefficients (m, size, phi(n)), up to a scale, and whether they solve with every node present, exactly."""
        rows, size = len(self._rows) - 1, self.size
        reduced = eliminate(self._matrices(sets[:, : size - 1], rows, self.p), self.p)
        n = self.problem.n
        c = kernel_vectors(self.problem.directions, self.problem.conditions, n, sets, reduced.pivots)
        good: NDArray[np.bool_] = np.all(np.any(c, axis=2), axis=1)
        a, b = (part[sets] for part in self.problem.directions)
        for condition in self.problem.conditions:
            value = np.sum([rotate(c, i * a + j * b, n) for i, j in condition], axis=(0, 2))
            good &= ~np.any(value, axis=1)
        i, j = EXPONENTS["abc"]
        good &= np.any(rotate(c, i * a + j * b, n).sum(axis=1), axis=1)
        return c, good


def _batches(sets: IntArray, size: int) -> Iterator[IntArray]:
    return (sets[start : start + size] for start in range(0, max(1, len(sets)), size))
