"""The three ways in which a file is not verified, and the budget of a check.

What a check may still spend is counted in steps and bytes before they are spent. A verdict must not depend on the
machine, nor on what was checked before, so what is remembered costs as much as what is not.
"""

from __future__ import annotations

import math
from typing import Any

from .texts import shown

BUDGET = 400  # million steps for each started megabyte of a file: half a minute or so
MEMORY = 1 << 28  # bytes that the tables of one check may take; both grow with --budget


class Refused(Exception):
    """The file parsed, but something in it is false or malformed."""


class Unreadable(Exception):
    """The file is no JSON, cannot be read, or has a schema version that this verifier does not know."""


class Undecided(Exception):
    """The budget is spent before everything was checked: no verdict."""


class Meter:
    """What a check may still spend: steps, of about one addition or product of 64-bit numbers each, and memory.

    The count is the same on every machine. Loops tell their steps before they take them, or a bounded number after.
    """

    def __init__(self) -> None:
        self.left, self.budget, self.doing = math.inf, math.inf, "nothing"

    def start(self, millions: float) -> None:
        """A new budget."""
        self.left = self.budget = millions * 10**6

    def spend(self, steps: float) -> None:
        """Take so many steps off; raises Undecided if they are not there."""
        self.left -= steps
        if self.left < 0:
            raise Undecided(
                f"not decided within the budget of {self.budget / 1e6:.6g} million steps: {self.doing}; "
                "a larger --budget goes on"
            )

    def reserve(self, size: float) -> None:
        """Raise Undecided if a table of ``size`` bytes is too large for the budget."""
        allowed = MEMORY * max(1.0, self.budget / (BUDGET * 10**6))
        if size > allowed:
            raise Undecided(
                f"not decided within the budget's {allowed / 2**20:.6g} MiB: {self.doing} "
                f"(about {size / 2**20:.3g} MiB); a larger --budget goes on"
            )


METER = Meter()


def heavy(bits: int) -> int:
    """How many steps a product of two integers of so many bits counts for."""
    return 1 + (bits // 240) ** 2


def require(condition: bool, reason: str) -> None:
    """Refuse with ``reason`` unless ``condition`` holds."""
    if not condition:
        raise Refused(reason)


def agree(where: str, stored: Any, computed: Any) -> None:
    """Refuse unless the stored value is the recomputed one."""
    if stored != computed or type(stored) is not type(computed):
        raise Refused(f"{where}: stored {shown(stored)}, recomputed {shown(computed)}")
