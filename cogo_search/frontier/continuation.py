r"""From a wide solution to a narrower one: drive one orbit of nodes to zero along the variety of solutions.

Wide solutions are easy to find and come in families. On such a family the contribution of orbit r,
sum_{j in r} ||h_j^2||^2 ||v_j||^2, is driven down by a penalty of its own,

    minimise  || R ||^2 + p^2 sum_{j in r} ||h_j^2||^2 ||v_j||^2 + KEPT^2 (the same of the other nodes),

for p in DRIVEN, each from where the last ended (a penalty method, Nocedal and Wright 2006, ch. 17). Then the orbit is
left out and the rest descends without it. Every orbit that is not too large is tried; the best result goes on.
"""

from __future__ import annotations

import numpy as np

from .descent import Point, descend
from .problem import Problem
from .symmetry import Ansatz

#: Penalties of the orbit on its way out, and of the other nodes meanwhile; what the rest goes through afterwards.
DRIVEN = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0)
KEPT, AFTER = 0.003, (0.003, 0.0)


def drive_out(problem: Problem, hit: Point, width: int, iterations: int = 400) -> tuple[Problem, Point] | None:
    """The best network with one orbit less, from ``width`` nodes on; None if every orbit is too large to go.

    A hit counts more than any other outcome, a hit of small norm more than another, and else the least cost.
    """
    room = sum(problem.sizes) - width
    leaving = [r for r, size in enumerate(problem.sizes) if size <= room]
    if not leaving:
        return None
    ladder = np.full((len(leaving), len(DRIVEN), len(problem.blocks)), KEPT)
    for row, r in zip(ladder, leaving, strict=True):
        first = problem.firsts[r]
        row[:, first : first + problem.sizes[r]] = np.array(DRIVEN)[:, None]
    driven = descend(problem, np.repeat(hit.theta[None], len(leaving), axis=0), ladder, iterations)
    results = []
    for r, point in zip(leaving, driven, strict=True):
        types = problem.ansatz.types
        rest = Problem(problem.group, problem.setting, Ansatz(problem.ansatz.symmetry, types[:r] + types[r + 1 :]))
        after = np.repeat(np.array(AFTER)[None, :, None], len(rest.blocks), axis=2)
        theta = np.delete(point.theta, r, axis=0)[None, :, : rest.blocks.shape[2]]
        results.append((rest, descend(rest, theta, after, iterations)[0]))
    return min(results, key=lambda pair: (pair[1].outcome != "hit", _size(pair[1])))


def _size(point: Point) -> float:
    return point.norm if point.outcome == "hit" else point.cost
