"""The free model with weighted nodes: the least number of nodes over mu_n whatever their weights, and all solutions.

From the pencil bound upwards every size is searched in full (:mod:`.supports`) until a solution is found, so its order
is minimal and the list is complete. Above the minimal order solutions come in continuous families, which no list
exhausts: nothing is searched there.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Protocol

import numpy as np

from ..algebra.canonical import Solution, canonical
from ..algebra.cyclotomic import IntArray, galois, lift, units_modulo
from ..algebra.ranks import primes
from ..algebra.weights import Weights
from .bounds import Bound, pencil_bound, scope
from .outcome import Outcome
from .supports import SupportProblem, SupportSearch, UnluckyPrime

Progress = Callable[[str], None]
#: What the progress of a search counts by; catalog entries do not identify Galois conjugates.
SYMMETRY = "symmetry and Galois conjugation"
#: Most projections of columns that a bound may need if a verifier is asked to repeat the search behind it.
MAX_REPEATED = 1_000_000


class Checkpoint(Protocol):
    """Where a long search keeps what is done, by a name for each of its parts."""

    def load(self, part: str) -> dict[str, Any] | None:
        """What was last saved for a part."""

    def save(self, part: str, state: dict[str, Any]) -> None:
        """Keep the state of a part."""


@dataclass(frozen=True)
class WeightedResult:
    """The free model's answer for one cover with weighted nodes.

    ``found`` counts the supports over mu_n, through the anchor (1, 1) where there is one; ``solutions`` are their
    orbits by id, of which at most a limit are kept; ``complete`` says that none is missing.
    """

    cover: str
    n: int
    order: int | None
    bounds: tuple[Bound, ...]
    outcome: Outcome
    found: int = 0
    complete: bool = True
    solutions: dict[str, Solution] = field(default_factory=dict)

    @property
    def level_counts(self) -> dict[int, int]:
        """Supports by their order: one order only."""
        return {} if self.order is None else {self.order: self.found}

    @property
    def merged_order(self) -> int | None:
        """The order: distinct directions are what is minimised."""
        return self.order


def search_weighted(
    n: int,
    cover: str,
    character_order: str = "generic",
    limit: int = 1000,
    progress: Progress = lambda message: None,
    checkpoint: Checkpoint | None = None,
) -> WeightedResult:
    """Least number of weighted nodes over mu_n for one cover, and all solutions with so many.

    Raises InputError if there are too many subsets to search.
    """
    problem = SupportProblem(n, cover, character_order)
    pencil = pencil_bound(cover, character_order)
    work = sum(problem.work(size) for size in range(1, pencil.lower_bound))  # a verifier begins at 1
    for size in range(pencil.lower_bound, len(problem.conditions) + 2):
        search, supports = _all_supports(problem, size, progress, checkpoint)
        if len(supports) == 0:
            work += problem.work(size)
            continue
        bounds = [pencil]
        if size > pencil.lower_bound:
            method = "exhaustive" if work <= MAX_REPEATED else "solver-only"
            place = scope("weighted", n, cover, "order", character_order)
            bounds.append(Bound(size, method, place, None))
        bounds.sort(key=Bound.rank)
        proved = bounds[0].method != "solver-only"
        progress(f"{_name(problem)}: {len(supports)} supports up to {SYMMETRY}, order {size}")
        solutions, complete = _orbits(search, supports, limit)
        return WeightedResult(
            cover,
            n,
            size,
            tuple(bounds),
            Outcome.PROVED if proved else Outcome.FEASIBLE,
            sum(problem.orbit(support) for support in supports),
            complete,
            solutions,
        )
    return WeightedResult(cover, n, None, (pencil,), Outcome.INFEASIBLE)


def _name(problem: SupportProblem) -> str:
    merged = "" if problem.character_order == "generic" else f" at characters of order {problem.character_order}"
    return f"free {problem.cover}{merged}, weighted nodes over mu_{problem.n}"


def _all_supports(
    problem: SupportProblem, size: int, progress: Progress, checkpoint: Checkpoint | None
) -> tuple[SupportSearch, IntArray]:
    """Every support of this size up to symmetry, modulo the first prime under which nothing only seems dependent."""
    for skip, p in enumerate(islice(primes(problem.n), 100)):
        search = SupportSearch(problem, size, p)
        try:
            return search, _joined(search, f"{problem.cover}, order {size}, prime {skip}", progress, checkpoint)
        except UnluckyPrime:
            progress(f"{_name(problem)}: the prime {p} is unlucky, taking the next")
    raise AssertionError("only finitely many primes divide the minors")


def _joined(search: SupportSearch, part: str, progress: Progress, checkpoint: Checkpoint | None) -> IntArray:
    name = f"{_name(search.problem)}, order {search.size}"
    progress(f"{name}: listing subsets of {max(search.size - 2, 0)} nodes")
    subsets = search.subsets
    state = (checkpoint.load(part) if checkpoint else None) or {"done": 0, "supports": []}
    done, found = state["done"], [np.array(state["supports"], dtype=np.int64).reshape(-1, search.size)]
    search.remember(found[0])
    told = saved = time.monotonic()
    try:
        while done < len(subsets):
            found.append(search.join(subsets[done : done + search.chunk]))
            done = min(done + search.chunk, len(subsets))
            now = time.monotonic()
            if now - told > 2:
                told = now
                progress(f"{name}: {done} of {len(subsets)} subsets, {sum(map(len, found))} supports up to {SYMMETRY}")
            if checkpoint and now - saved > 10:
                saved = now
                checkpoint.save(part, {"done": done, "supports": np.concatenate(found).tolist()})
    finally:
        if checkpoint:
            checkpoint.save(part, {"done": done, "supports": np.concatenate(found).tolist()})
    return search.problem.representatives(np.concatenate(found))


def _orbits(search: SupportSearch, supports: IntArray, limit: int) -> tuple[dict[str, Solution], bool]:
    """The catalog's solutions: Galois conjugates are entries of their own. And whether the limit left all in."""
    problem, (coefficients, good) = search.problem, search.solve(supports)
    if not good.all():
        raise AssertionError("a support without a solution was kept")
    n = problem.n
    even = n * (1 + n % 2)
    a, b = (part * (even // n) for part in problem.directions)
    solutions: dict[str, Solution] = {}
    for support, c in zip(supports, coefficients, strict=True):
        for t in units_modulo(even):
            image = Weights.from_nodes(even, t * a[support], t * b[support], galois(lift(c, n, even), t, even))
            solution = canonical(image, problem.character_order)
            if len(solutions) >= limit and solution.id not in solutions:
                return solutions, False
            solutions[solution.id] = solution
    return solutions, True
