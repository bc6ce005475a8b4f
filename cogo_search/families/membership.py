"""The families of an exact solution, with parameters as exponents of zeta_n."""

from __future__ import annotations

from typing import Any

from ..algebra.canonical import Solution
from .registry import all_families


def families(solution: Solution) -> list[dict[str, Any]]:
    """``[{name, parameters}]`` for every named family that holds the solution, most special first.

    Where 4k = 0 the families of the merged conditions come first, and membership in the others is up to any unit. Where
    2k = 0 everything is real, and no family is named.
    """
    if solution.character_order == "2":
        return []
    found: list[dict[str, Any]] = []
    for family in sorted(all_families(), key=lambda family: family.character_order == "generic"):
        parameters = family.member(solution) if family.member is not None else None
        if parameters is not None:
            found.append({"name": family.name, "parameters": parameters})
    return found
