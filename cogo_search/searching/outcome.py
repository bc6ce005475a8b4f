"""What a search ended with, in one vocabulary, and what the user should do next."""

from __future__ import annotations

from enum import Enum


class Outcome(Enum):
    """PROVED, FEASIBLE, INFEASIBLE or BUDGET_EXHAUSTED; ``advice`` tells the next step."""

    PROVED = "the order is minimal in the stated scope, by the stated method"
    FEASIBLE = "a solution is known, not proved least in its scope: raise --budget, or read it as an upper bound"
    INFEASIBLE = "no solution of this class exists: add roots (3 and 4 suffice for every cover) or raise --max-factors"
    BUDGET_EXHAUSTED = "nothing was found within the budget: raise --budget, or choose smaller roots"

    @property
    def advice(self) -> str:
        """The next step, in one line."""
        return self.value
