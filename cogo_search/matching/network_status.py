"""What a whole network is: an exact optimizer, one at other scales, a solved task, or none yet.

An exact optimizer of the squared error meets every condition of Theorem 1, to the tolerance. With cross-entropy there
is none: C_kkk grows without bound and differs by frequency; what can be said is the leak relative to |C_kkk|, and how
the nodes of each frequency are arranged once its scale is taken out.
"""

from __future__ import annotations

from typing import Any

EXACT = "exact optimizer"
SCALED = "same structure, other scale"
SOLVED = "task solved, structure open"
UNSOLVED = "task not solved"
#: Accuracy from which a task counts as solved, as a network's table counts as a group's.
ENOUGH = 0.95
#: A frequency whose |C_kkk| is below this share of the largest is not used.
ABSENT = 1e-3


def network_status(rows: list[dict[str, Any]], accuracy: float, tolerance: float) -> tuple[str, list[str]]:
    """The status by the rows of a quadratic network's frequencies, and lines that say at how many of them it holds."""
    if accuracy < ENOUGH:
        return UNSOLVED, []
    solved = [row for row in rows if row["solved"]]
    if len(solved) == len(rows):
        return EXACT, []
    sizes = [abs(complex(*row["strength"])) for row in rows]
    used = [row for row, size in zip(rows, sizes, strict=True) if size >= ABSENT * max(sizes)]
    clean = [row for row in used if is_clean(row, tolerance)]
    facts = [f"all conditions hold at {len(solved)} of {len(rows)} frequencies"]
    if len(clean) > len(solved):
        facts.append(f"after a scale for each frequency at {len(clean)} of {len(used)} that are used")
    return (SCALED if len(clean) == len(used) else SOLVED), ["; ".join(facts)]


def is_clean(row: dict[str, Any], tolerance: float) -> bool:
    """Whether everything but C_kkk vanishes at a frequency, relative to it, and C_kkk points at the right answer."""
    leaks = row["leaks"]
    return row["order"] > 0 and leaks is not None and max(leaks.values()) <= tolerance
