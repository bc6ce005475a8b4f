r"""Levenberg-Marquardt on the nodes of many networks at once, and what each came to.

Left alone, most starts run off to infinite norm: two nodes merge and their difference acts as a derivative. So each
network minimises cost + penalty^2 norm^2 (see :class:`.problem.State`) for the falling penalties of a *ladder*, at
last without any, where it ends as
  hit         cost below HIT at a norm below LARGE: zero loss in float64 (which certifies nothing by itself);
  near miss   the norm passed LARGE at a cost below NEAR: the fingerprint of a border-rank limit, with the exponent p
              of cost^(1/2) ~ norm^-p fitted along the way;
  escape      the norm passed LARGE while the cost stays above: an infimum away from zero, at infinity;
  minimum     the cost no longer falls: a local minimum (or a saddle), or hopeless under a penalty already;
  degenerate  the squares are dependent at a random point: a smaller width does as well;
  unfinished  still falling after the last iteration.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..networks.network import FloatArray
from .problem import Problem, State

HIT, NEAR, LARGE = 1e-24, 1e-5, 1e4
#: Penalties of random starts, one after the other. A network whose total fell by less than the share STALL in SETTLED
#: steps goes on to the next, or ends where its cost is above HOPELESS. Without penalty it is given up after PATIENCE.
PENALTIES = (0.1, 0.02, 0.003, 0.0)
SETTLED, HOPELESS = 12, 0.5
STALL, PATIENCE = 0.02, 25


@dataclass(frozen=True, eq=False)
class Point:
    """Where one network ended: outcome, cost, norm, exponent (near misses), iterations and unknowns (orbits, n)."""

    outcome: str
    cost: float
    norm: float
    exponent: float | None
    iterations: int
    theta: FloatArray


def descend(
    problem: Problem, theta: FloatArray, ladder: FloatArray | None = None, iterations: int = 400
) -> list[Point]:
    """Levenberg-Marquardt from theta (B, orbits, n), all at once.

    ``ladder`` (B, stages, q) has the penalty of every node, stage by stage, PENALTIES by default. Where its last stage
    has penalties, a network that settles there ends as a ``minimum``.
    """
    networks, width = len(theta), len(problem.blocks)
    if ladder is None:
        ladder = np.broadcast_to(np.array(PENALTIES)[:, None], (networks, len(PENALTIES), width))
    stage = np.zeros(networks, dtype=int)
    state = problem.evaluate(theta, ladder[:, 0].copy())
    matrix, right = problem.normal_equations(state)
    damping = np.full(networks, 1e-2)
    outcome = np.full(networks, "unfinished", dtype=object)
    squares = state.h.reshape(networks, -1, width) ** 2
    outcome[np.linalg.matrix_rank(squares, tol=1e-9) < width] = "degenerate"
    trails: list[list[tuple[float, float, float]]] = [[] for _ in range(networks)]
    lengths = np.zeros(networks, dtype=int)
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
        totals = state.total
        for i in active.tolist():
            trails[i].append((float(state.cost[i]), float(state.norm[i]), float(totals[i])))
            outcome[i] = _outcome(trails[i], bool(state.penalty[i].any()))
            if outcome[i] == "settled":
                stage[i] += 1
                if stage[i] == ladder.shape[1]:
                    outcome[i] = "minimum"
                    continue
                outcome[i] = "unfinished"
                state.put([i], problem.evaluate(state.theta[[i]], ladder[[i], stage[i]]))
                damping[i], trails[i] = 1e-3, []
                changed.append(i)
        changed = sorted(set(changed))
        if changed:
            matrix[changed], right[changed] = problem.normal_equations(state[changed])
    points = []
    for i in range(networks):
        exponent = fit([trail[:2] for trail in trails[i]]) if outcome[i] == "near miss" else None
        facts = str(outcome[i]), float(state.cost[i]), float(state.norm[i]), exponent, int(lengths[i])
        points.append(Point(*facts, state.theta[i]))
    return points


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


def _outcome(trail: list[tuple[float, float, float]], penalised: bool) -> str:
    """What the (cost, norm, total) of a network at its stage amount to; ``unfinished`` to go on."""
    cost, norm, total = trail[-1]
    if penalised:
        if len(trail) <= SETTLED or total < (1 - STALL) * trail[-SETTLED - 1][2]:
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
