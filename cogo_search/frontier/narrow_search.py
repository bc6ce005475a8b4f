r"""Many starts of one width: which lists of orbits they take, what they come to, and the counts.

Start i takes list i of orbit types (modulo their number; a random one where there are more lists than starts) and
its own generator [seed, i], so every hit can be had again alone: ``search(..., first=i, starts=1, total=starts)``.
With ``wider`` starts are of that width; where one is a hit, orbits are driven out one after another
(:mod:`.continuation`) down to the width wanted. It is counted as
  wider       where it ends above that width: no hit to go on from, or no orbit small enough to leave;
else as what its last descent came to (:mod:`.descent`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np

from ..errors import InputError
from ..groups.abelian import Group
from ..networks.network import FloatArray, Setting
from .continuation import drive_out
from .descent import descend
from .problem import Problem
from .symmetry import Ansaetze, Symmetry

MAX_ORDER, MAX_WIDTH = 32, 64
#: Entries of J^T J before orbits are summed, over the starts that descend at once.
MEMORY = 4_000_000
OUTCOMES = ("hit", "near miss", "escape", "minimum", "degenerate", "unfinished", "wider")


@dataclass(frozen=True, eq=False)
class Attempt:
    """One start: its number, ansatz, outcome, cost, norm, exponent (near misses) and unknowns (orbits, n)."""

    start: int
    ansatz: str
    outcome: str
    cost: float
    norm: float
    exponent: float | None
    iterations: int
    problem: Problem
    theta: FloatArray


@dataclass
class Tally:
    """What a search came to: counts by outcome, hits by ansatz, and the attempts worth keeping."""

    starts: int = 0
    lists: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    ansaetze: Counter[str] = field(default_factory=Counter)
    best: Attempt | None = None
    hits: list[Attempt] = field(default_factory=list)
    misses: list[Attempt] = field(default_factory=list)

    def add(self, attempt: Attempt) -> None:
        """Count one start."""
        self.starts += 1
        self.outcomes[attempt.outcome] += 1
        if attempt.outcome == "hit":
            self.ansaetze[attempt.ansatz] += 1
            self.hits.append(attempt)
        elif attempt.outcome == "near miss":
            self.misses.append(attempt)
        if attempt.outcome not in ("degenerate", "wider") and (self.best is None or attempt.cost < self.best.cost):
            self.best = attempt


def search(
    group: Group,
    setting: Setting,
    width: int,
    symmetry: Symmetry,
    starts: int,
    seed: int = 0,
    *,
    wider: int | None = None,
    orbits: int | None = None,
    first: int = 0,
    total: int | None = None,
    iterations: int = 400,
    batch: int | None = None,
    report: Callable[[Tally], None] = lambda tally: None,
) -> Tally:
    """Try ``starts`` starts from number ``first`` on, of a search of ``total``, by default ``first + starts``.

    ``orbits`` bounds the orbits of a network; ``batch`` starts descend at once, by default up to 16; ``report`` is told
    how far it is. Raises InputError where ``wider`` (else ``width``) is no sum of orbit sizes, or too large.
    """
    if wider is not None and wider <= width:
        raise InputError(f"wider={wider} is no more than the width {width}: take a larger one to come from")
    wide = wider or width
    for name, value, largest in (("order of the group", group.order, MAX_ORDER), ("width", wide, MAX_WIDTH)):
        if value > largest:
            raise InputError(f"{name} {value} is above {largest}, more than a search can do: take a smaller one")
    ansaetze = Ansaetze(symmetry, setting.trivial, wide, orbits)
    total = total or first + starts
    by_list: dict[int, list[int]] = {}
    for start in range(first, first + starts):
        index = start % len(ansaetze)
        if len(ansaetze) > total:
            index = int(np.random.default_rng([seed, start, 1]).integers(len(ansaetze)))
        by_list.setdefault(index, []).append(start)
    tally = Tally(lists=len(by_list))
    for index, numbers in by_list.items():
        problem = Problem(group, setting, ansaetze[index])
        size = batch or max(1, min(16, MEMORY // (4 * group.order**2 * wide * len(problem.sizes))))
        for offset in range(0, len(numbers), size):
            for attempt in _attempts(problem, numbers[offset : offset + size], seed, width, iterations):
                tally.add(attempt)
            report(tally)
    return tally


def _attempts(problem: Problem, numbers: list[int], seed: int, width: int, iterations: int) -> Iterator[Attempt]:
    """Descend from the starts with these numbers, and on to ``width`` where they are wider."""
    theta = np.stack([problem.start(np.random.default_rng([seed, number])) for number in numbers])
    for number, point in zip(numbers, descend(problem, theta, iterations=iterations), strict=True):
        last, outcome, spent = problem, point.outcome, point.iterations
        while outcome == "hit" and len(last.blocks) > width and (driven := drive_out(last, point, width, iterations)):
            last, point = driven
            outcome, spent = point.outcome, spent + point.iterations
        if len(last.blocks) > width:
            outcome = "wider"
        facts = point.cost, point.norm, point.exponent, spent
        yield Attempt(number, last.ansatz.label, outcome, *facts, last, point.theta)
