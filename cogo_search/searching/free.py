"""One free search: proved lower bounds, the best known solution, the solver between, then all optima."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np

from ..algebra.canonical import Solution
from ..algebra.cyclotomic import divisors
from .aligned import AlignedProblem, Enumeration, Multiplicities, enumerate_solutions, minimise_nodes
from .bounds import Bound, lp_dual_bound, pencil_bound, scope
from .exhaustive import MAX_HALF, half_size, solutions_with
from .outcome import Outcome

Progress = Callable[[str], None]


@dataclass(frozen=True)
class FreeResult:
    """The free model's answer for one cover.

    ``best`` is a solution with the least number of aligned nodes known, None if there is none;
    ``levels`` maps a number of aligned nodes to its enumeration; ``bounds`` are sorted strongest first.
    """

    cover: str
    n: int
    best: Multiplicities | None
    bounds: tuple[Bound, ...]
    outcome: Outcome
    levels: dict[int, Enumeration] = field(default_factory=dict)

    @property
    def order(self) -> int | None:
        """Least number of aligned nodes known; None if there is no solution."""
        return None if self.best is None else sum(self.best)

    @property
    def complete(self) -> bool:
        """Every level was enumerated to the end, and the first of them is proved to be the least."""
        return self.outcome in (Outcome.PROVED, Outcome.INFEASIBLE) and all(e.complete for e in self.levels.values())

    @property
    def found(self) -> int:
        """Solutions through the anchor, all levels."""
        return sum(e.found for e in self.levels.values())

    @property
    def level_counts(self) -> dict[int, int]:
        """Solutions through the anchor by their number of aligned nodes."""
        return {nodes: e.found for nodes, e in self.levels.items()}

    @property
    def solutions(self) -> dict[str, Solution]:
        """Every orbit found, by id."""
        return {key: s for e in self.levels.values() for key, s in e.orbits.items()}

    @property
    def merged_order(self) -> int | None:
        """Least number of directions among the solutions with ``order`` aligned nodes."""
        best = self.levels.get(self.order) if self.order is not None else None
        return min((s.order for s in best.orbits.values()), default=None) if best else None


def search_free(
    n: int,
    cover: str,
    max_order: int | None,
    limit: int,
    budget: float,
    progress: Progress = lambda message: None,
    known: Sequence[Multiplicities] = (),
) -> FreeResult:
    """Least number of aligned nodes over mu_n for one cover, and all solutions up to ``max_order``.

    ``known`` are solutions already at hand (those of a larger cover solve this one too), ``budget`` is
    CP-SAT's deterministic time for each call, ``limit`` the most orbits kept, all levels together.
    """
    best, bounds, outcome = least_aligned(n, cover, budget, progress, {n: known})
    if best is None:
        return FreeResult(cover, n, None, bounds, outcome)
    problem, order = AlignedProblem(n, cover), sum(best)
    levels: dict[int, Enumeration] = {}

    def count(found: int) -> None:
        if found % 500 == 0:
            progress(f"free {cover}: {found} solutions so far")

    for nodes in range(order, max(order, max_order or 0) + 1):
        progress(f"free {cover}: enumerating solutions with {nodes} aligned nodes over mu_{n}")
        room = limit - sum(len(level.orbits) for level in levels.values())
        levels[nodes] = (
            enumerate_solutions(problem, nodes, room, budget, count) if room else Enumeration(complete=False)
        )
    if not levels[order].found:  # the budget ended before the first solution: keep the one that is known
        levels[order].add(problem, best)
    return FreeResult(cover, n, best, bounds, outcome, levels)


def least_aligned(
    n: int,
    cover: str,
    budget: float,
    progress: Progress = lambda message: None,
    known: Mapping[int, Sequence[Multiplicities]] = MappingProxyType({}),
) -> tuple[Multiplicities | None, tuple[Bound, ...], Outcome]:
    """A solution with the least number of aligned nodes known, and lower bounds, strongest first.

    ``known`` are solutions at hand over mu_m, by divisors m of n; the divisors that it does not name are
    asked of CP-SAT. The steps, each taken only while the bounds do not meet: pencil and linear program,
    subgroups of mu_n^2 and ``known``, divisors, CP-SAT over mu_n, exhaustive search.
    """
    problem = AlignedProblem(n, cover)
    bounds = [pencil_bound(cover)]
    dual = lp_dual_bound(problem)
    if dual is None:
        return None, tuple(bounds), Outcome.INFEASIBLE
    bounds.append(dual)
    lower = max(bound.lower_bound for bound in bounds)
    best = _known_solution(problem, lower, known, budget)
    if sum(best) > lower:
        progress(f"free {cover}: between {lower} and {sum(best)} aligned nodes, asking CP-SAT")
        best, extra = _close_gap(problem, lower, best, budget)
        bounds += extra
    bounds.sort(key=Bound.rank)
    proved = bounds[0].lower_bound == sum(best) and bounds[0].method != "solver-only"
    return best, tuple(bounds), Outcome.PROVED if proved else Outcome.FEASIBLE


def _known_solution(
    problem: AlignedProblem, lower: int, known: Mapping[int, Sequence[Multiplicities]], budget: float
) -> Multiplicities:
    """The best of the solutions at hand, the subgroup solution and the minima over proper divisors of n."""
    best = min([*known.get(problem.n, ()), problem.subgroup_solution()], key=sum)
    for m in divisors(problem.n)[:-1]:
        if sum(best) == lower:
            return best
        smaller = AlignedProblem(m, problem.cover)
        if not smaller.feasible():
            continue
        solutions = known.get(m)
        if solutions is None:
            solved = minimise_nodes(smaller, lower, smaller.subgroup_solution(), budget)
            solutions = [] if solved.values is None else [solved.values]
        best = min([best, *(_embed(smaller, problem, x) for x in solutions)], key=sum)
    return best


def _embed(smaller: AlignedProblem, larger: AlignedProblem, x: Multiplicities) -> Multiplicities:
    """A solution over mu_m as one over mu_n, m | n."""
    factor = larger.n // smaller.n
    a, b = smaller.directions
    y = np.zeros(len(larger.directions[0]), dtype=np.int64)
    np.add.at(y, larger.columns(a * factor, b * factor), np.array(x))
    return tuple(int(v) for v in y)


def _close_gap(
    problem: AlignedProblem, lower: int, best: Multiplicities, budget: float
) -> tuple[Multiplicities, list[Bound]]:
    """CP-SAT for a better solution, then exhaustive search for what it claims not to exist."""
    solved = minimise_nodes(problem, lower, best, budget)
    if solved.values is not None:
        best = solved.values
    if not (problem.matrix @ np.array(best) == 0).all():
        raise AssertionError("the solver returned a point that violates the equations")
    proved = lower
    while proved < sum(best) and half_size(problem, proved) <= MAX_HALF:
        solutions = solutions_with(problem, proved)
        if solutions:
            best = solutions[0]
        else:
            proved += 1
    bounds = []
    if proved > lower:
        bounds.append(_aligned_bound(problem, proved, "exhaustive"))
    if proved < sum(best) and solved.optimal and solved.objective == sum(best):
        bounds.append(_aligned_bound(problem, sum(best), "solver-only"))
    return best, bounds


def _aligned_bound(problem: AlignedProblem, value: int, method: str) -> Bound:
    return Bound(value, method, scope("aligned", problem.n, problem.cover, "aligned_nodes"), None)
