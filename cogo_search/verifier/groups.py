"""Groups, their characters, and residuals of the loss of a network.

o[x1, x2] = sum_j v_j (alpha_j[x1] + beta_j[x2])^2. A node is its Fourier coefficients a, b, c at the characters of
the group.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from itertools import product
from typing import Any

from .cyclotomic import combine
from .meter import require
from .texts import shown

MAX_GROUP, MAX_HIDDEN = 128, 1024  # order of the group, hidden nodes
MAX_WORK = 10**9  # products of coordinates in the loss of one network
Character = tuple[int, ...]


@dataclass(frozen=True)
class Task:
    """What the record of a network says it computes, and on which group."""

    factors: tuple[int, ...]  # orders of the cyclic factors
    width: int
    trivial: bool  # may there be components at the trivial character?
    one_hot: bool  # else zero-mean outputs

    @property
    def order(self) -> int:
        """The order of the group."""
        return math.prod(self.factors)

    @property
    def elements(self) -> list[Character]:
        """All elements of the group, or all characters."""
        return list(product(*map(range, self.factors)))


def read_group(spec: str, where: str) -> tuple[int, ...]:
    """The orders of the cyclic factors."""
    good = len(spec) <= 64 and bool(re.fullmatch(r"[1-9][0-9]{0,8}(x[1-9][0-9]{0,8})*", spec))
    require(good, f"{where}: group {shown(spec)} is not written as in 7 or 2x3")
    factors = tuple(map(int, spec.split("x")))
    require(min(factors) >= 2, f"{where}: group {spec} has a factor below 2")
    require(math.prod(factors) <= MAX_GROUP, f"{where}: group {spec} is too large (order above {MAX_GROUP})")
    return factors


def read_task(o: dict[str, Any], where: str) -> Task:
    """The task of a record; one-hot outputs have a mean."""
    task = Task(read_group(o["group"], where), o["width"], o["trivial"] == "with", o["target"] == "one-hot")
    require(task.trivial or not task.one_hot, f"{where}: one-hot outputs need the trivial character")
    return task


def times(k: Character, m: Character, factors: tuple[int, ...]) -> Character:
    """The product of two characters, or the sum of two elements."""
    return tuple((x + y) % f for x, y, f in zip(k, m, factors, strict=True))


def conjugate(k: Character, factors: tuple[int, ...]) -> Character:
    """The character -k."""
    return tuple(-x % f for x, f in zip(k, factors, strict=True))


def check_zero(sums: dict[tuple[Character, Character, Character], list[int]], n: int, where: str) -> None:
    """Every residual, a list of the multiples of 1, zeta_n, ..., zeta_n^(n-1), is zero."""
    for (k1, k2, k), total in sums.items():
        zero = not any(total) or not any(combine(n, ((m, e) for e, m in enumerate(total))))
        require(zero, f"{where}: the loss is not 0 (residual at k1={k1}, k2={k2}, k={k})")
