r"""Zero loss as polynomial equations in the weights themselves.

For W = (W_a, W_b, V), shape (3, d, q), h = W_a[x1] + W_b[x2] and o = sum_j V_j h_j^2 the equations are
o[x1, x2, y] - [y = x1 + x2] = 0, for zero-mean targets their differences from y = 0. Where the trivial character is
not allowed the columns of W sum to zero: the entry at the group's 0 is minus the sum of the others. Everything is
written for arrays of floats and of Python integers (fixed point) alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..algebra.cyclotomic import IntArray
from ..errors import InputError
from ..groups.abelian import Group
from ..networks.network import FloatArray, Setting

Weights = NDArray[Any]

#: The most equations that are solved: d^2 (d - 1), for one-hot targets d^3.
MAX_EQUATIONS = 1000


@dataclass(frozen=True)
class Equations:
    """The equations of one group, setting and width. Raises InputError if there are more than MAX_EQUATIONS.

    >>> Equations(Group.parse("5"), Setting("with"), 8).count
    100
    """

    group: Group
    setting: Setting
    width: int

    def __post_init__(self) -> None:
        if not self.width:
            raise InputError("no node has both input and output weights: there is nothing to solve")
        if self.count > MAX_EQUATIONS:
            raise InputError(f"group {self.group.name} has {self.count} equations, above {MAX_EQUATIONS}: too large")

    @property
    def count(self) -> int:
        """d^2 outputs for every input pair, less one each where the mean is free."""
        d = self.group.order
        return d * d * (d - (self.setting.target == "zero-mean"))

    @property
    def gauges(self) -> int:
        """Directions that change no output: node scales, constants from W_a to W_b, means of V that do not count."""
        free = self.setting.trivial == "with"
        return self.width * (1 + free + (free and self.setting.target == "zero-mean"))

    @cached_property
    def free(self) -> IntArray:
        """Flat indices of the entries of W that are unknowns."""
        index = np.arange(3 * self.group.order * self.width).reshape(3, self.group.order, self.width)
        return np.asarray((index if self.setting.trivial == "with" else index[:, 1:]).ravel())

    def residual(self, w: Weights, one: int | float = 1.0) -> Weights:
        """The equations' left sides, shape (count,), with ``one`` for the targets' 1."""
        d = self.group.order
        everything = np.arange(d)
        outputs = (w[0][:, None] + w[1][None]) ** 2 @ w[2].T
        outputs[everything[:, None], everything, self.group.add(everything[:, None], everything)] -= one
        if self.setting.target == "zero-mean":
            outputs = outputs[..., 1:] - outputs[..., :1]
        return np.asarray(outputs.reshape(-1))

    def jacobian(self, w: FloatArray) -> FloatArray:
        """Derivatives by the free entries, shape (count, len(free))."""
        d, q = self.group.order, self.width
        h = w[0][:, None] + w[1][None]
        full = np.zeros((d, d, d, 3, d, q))
        for x in range(d):
            full[x, :, :, 0, x] = 2 * h[x][:, None] * w[2]
            full[:, x, :, 1, x] = 2 * h[:, x][:, None] * w[2]
            full[:, :, x, 2, x] = h**2
        if self.setting.target == "zero-mean":
            full = full[:, :, 1:] - full[:, :, :1]
        if self.setting.trivial == "without":
            full = full[..., 1:, :] - full[..., :1, :]
        return full.reshape(self.count, -1)

    def moved(self, w: Weights, step: Weights) -> Weights:
        """W less a step of the free entries."""
        moved = w.copy()
        moved.reshape(-1)[self.free] -= step
        if self.setting.trivial == "without":
            moved[:, 0] = -moved[:, 1:].sum(axis=1)
        return moved

    def slope(self, w: Weights, direction: Weights) -> Weights:
        """The derivative of :meth:`residual` along a direction of W's shape, without a Jacobian: exact for integers.

        The equations are cubic, so half the difference of their values at W +- the direction is the derivative and the
        cubic term, which is the outputs at the direction itself.
        """
        difference = self.residual(w + direction, 0) - self.residual(w - direction, 0)
        half = difference // 2 if difference.dtype == object else difference / 2
        return np.asarray(half - self.residual(direction, 0))

    def directions(self, free: Weights) -> Weights:
        """Changes of the free entries, shape (..., len(free)), as changes of W: shape (..., 3, d, q)."""
        everything = np.zeros((*free.shape[:-1], 3 * self.group.order * self.width), dtype=free.dtype)
        everything[..., self.free] = free
        shaped = everything.reshape(*free.shape[:-1], 3, self.group.order, self.width)
        if self.setting.trivial == "without":
            shaped[..., 0, :] = -shaped[..., 1:, :].sum(axis=-2)
        return shaped
