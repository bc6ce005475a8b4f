r"""Many-start Levenberg-Marquardt on the nodes, and what each start came to.

Left alone, most starts run off to infinite norm: two nodes merge and their difference acts as a derivative. So each
start minimises cost + penalty^2 norm^2 (see :class:`.problem.State`) for a few falling penalties and for none at
last, where it ends as
  hit         cost below HIT at a norm below LARGE: zero loss in float64 (which certifies nothing by itself);
  near miss   the norm passed LARGE at a cost below NEAR: the fingerprint of a border-rank limit, with the exponent p
              of cost^(1/2) ~ norm^-p fitted along the way;
  escape      the norm passed LARGE while the cost stays above: an infimum away from zero, at infinity;
  minimum     the cost no longer falls: a local minimum (or a saddle), or hopeless under a penalty already;
  degenerate  the squares are dependent at a random point: a smaller width does as well;
  unfinished  still falling after the last iteration.
Start i takes list i of orbit types (modulo their number; a random one where there are more lists than starts) and
its own generator [seed, i], so every hit can be had again alone: ``search(..., first=i, starts=1, total=starts)``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np

from ..errors import InputError
from ..groups import Group
from ..optimizers.network import FloatArray, Setting
from .problem import Problem, State
from .symmetry import Ansaetze, Symmetry

MAX_ORDER, MAX_WIDTH = 32, 64
#: Entries of J^T J before orbits are summed, over the starts that descend at once.
MEMORY = 4_000_000
HIT, NEAR, LARGE = 1e-24, 1e-5, 1e4
OUTCOMES = ("hit", "near miss", "escape", "minimum", "degenerate", "unfinished")
#: Penalties on the norm, one after the other; a start whose total fell by less than the share STALL in SETTLED steps
#: goes on to the next, or ends where its cost is above HOPELESS. Without penalty it is given up after PATIENCE steps.
PENALTIES = (0.1, 0.02, 0.003, 0.0)
SETTLED, HOPELESS = 12, 0.5
STALL, PATIENCE = 0.02, 25


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
        if attempt.outcome != "degenerate" and (self.best is None or attempt.cost < self.best.cost):
            self.best = attempt


def search(
    group: Group,
    setting: Setting,
    width: int,
    symmetry: Symmetry,
    starts: int,
    seed: int = 0,
    *,
    orbits: int | None = None,
    first: int = 0,
    total: int | None = None,
    iterations: int = 400,
    batch: int | None = None,
    report: Callable[[Tally], None] = lambda tally: None,
) -> Tally:
    """Try ``starts`` starts from number ``first`` on, of a search of ``total``, by default ``first + starts``.

    ``orbits`` bounds the orbits of a network; ``batch`` starts descend at once, by default up to 16; ``report`` is told
    how far it is. Raises InputError where the width is no sum of orbit sizes, or group or width are too large.
    """
    for name, value, largest in (("order of the group", group.order, MAX_ORDER), ("width", width, MAX_WIDTH)):
        if value > largest:
            raise InputError(f"{name} {value} is above {largest}, more than a search can do: take a smaller one")
    ansaetze = Ansaetze(symmetry, setting.trivial, width, orbits)
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
        size = batch or max(1, min(16, MEMORY // (4 * group.order**2 * width * len(problem.sizes))))
        for offset in range(0, len(numbers), size):
            for attempt in descend(problem, numbers[offset : offset + size], seed, iterations):
                tally.add(attempt)
            report(tally)
    return tally


def descend(problem: Problem, numbers: list[int], seed: int, iterations: int = 400) -> Iterator[Attempt]:
    """Levenberg-Marquardt from the starts with these numbers, all at once; yields an attempt for each."""
    theta = np.stack([problem.start(np.random.default_rng([seed, number])) for number in numbers])
    state = problem.evaluate(theta, np.full(len(numbers), PENALTIES[0]))
    matrix, right = problem.normal_equations(state)
    damping = np.full(len(numbers), 1e-2)
    outcome = np.full(len(numbers), "unfinished", dtype=object)
    squares = state.h.reshape(len(numbers), -1, state.h.shape[-1]) ** 2
    outcome[np.linalg.matrix_rank(squares, tol=1e-9) < squares.shape[2]] = "degenerate"
    trails: list[list[tuple[float, float]]] = [[] for _ in numbers]
    lengths = np.zeros(len(numbers), dtype=int)
    for _ in range(iterations):
        active = np.flatnonzero(outcome == "unfinished")
        if not len(active):
            break
        lengths[active] += 1
        trial, gain = _step(problem, state[active], matrix[active], right[active], damping[active])
        better = trial.total < state.total[active]
        damping[active] = np.clip(damping[active] * np.where(better, np.where(gain > 0.5, 0.2, 1.0), 4.0), 1e-15, 1e15)
        state.put(active[better], trial[better])
        changed = active[better].tolist()
        for i in active.tolist():
            trails[i].append((float(state.cost[i]), float(state.norm[i])))
            outcome[i] = _outcome(trails[i], float(state.penalty[i]))
            if outcome[i] == "settled":
                outcome[i] = "unfinished"
                lower = PENALTIES[PENALTIES.index(state.penalty[i]) + 1]
                state.put([i], problem.evaluate(state.theta[[i]], np.array([lower])))
                damping[i], trails[i] = 1e-3, []
                changed.append(i)
        changed = sorted(set(changed))
        if changed:
            matrix[changed], right[changed] = problem.normal_equations(state[changed])
    for i, number in enumerate(numbers):
        exponent = fit(trails[i]) if outcome[i] == "near miss" else None
        facts = str(outcome[i]), float(state.cost[i]), float(state.norm[i]), exponent, int(lengths[i])
        yield Attempt(number, problem.ansatz.label, *facts, problem, state.theta[i])


def _step(
    problem: Problem, state: State, matrix: FloatArray, right: FloatArray, damping: FloatArray
) -> tuple[State, FloatArray]:
    """One damped step, and by which share of the predicted decrease the cost fell."""
    diagonal = np.einsum("bii->bi", matrix)
    scale = diagonal + 1e-3 * diagonal.max(axis=1, keepdims=True) + 1e-30
    damped = matrix.copy()
    np.einsum("bii->bi", damped)[...] += damping[:, None] * scale
    step = np.linalg.solve(damped, right[..., None])[..., 0]
    trial = problem.evaluate(state.theta + step.reshape(state.theta.shape), state.penalty)
    predicted = np.einsum("bi,bi->b", step, right + damping[:, None] * scale * step)
    return trial, (state.total - trial.total) / np.maximum(predicted, 1e-300)


def _outcome(trail: list[tuple[float, float]], penalty: float) -> str:
    """What the (cost, norm) of a start at its present penalty amount to; ``unfinished`` to go on."""
    cost, norm = trail[-1]
    if penalty:
        totals = [c + (penalty * n) ** 2 for c, n in trail[-SETTLED - 1 :]]
        if len(trail) <= SETTLED or totals[-1] < (1 - STALL) * totals[0]:
            return "unfinished"
        return "minimum" if cost > HOPELESS else "settled"
    if norm > LARGE:
        return "near miss" if cost < NEAR else "escape"
    if cost < HIT and len(trail) > 1 and cost > trail[-2][0] / 2:  # down to rounding
        return "hit"
    if len(trail) > PATIENCE and cost > (1 - STALL) * trail[-PATIENCE][0]:
        return "minimum"
    return "unfinished"


def fit(trail: list[tuple[float, float]]) -> float | None:
    """The exponent p of cost^(1/2) ~ norm^-p over the last factor 30 of the norm; None if the cost did not fall."""
    cost, norm = np.log(np.array(trail)).T
    last = norm > norm[-1] - np.log(30)
    if last.sum() < 3 or np.ptp(norm[last]) < 0.5:
        return None
    slope = -float(np.polyfit(norm[last], cost[last] / 2, 1)[0])
    return slope if slope > 0 else None
