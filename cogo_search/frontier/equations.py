r"""Zero loss as polynomial equations in the weights themselves, and Newton's method to any number of digits.

For W = (W_a, W_b, V), shape (3, d, q), h = W_a[x1] + W_b[x2] and o = sum_j V_j h_j^2 the equations are
o[x1, x2, y] - [y = x1 + x2] = 0, for zero-mean targets their differences from y = 0. Where the trivial character is
not allowed the columns of W sum to zero: the entry at the group's 0 is minus the sum of the others. Everything is
written for arrays of floats and of Python integers (fixed point) alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..cyclotomic import IntArray
from ..errors import InputError
from ..groups import Group
from ..optimizers.network import FloatArray, Network, Setting, balanced, from_spectrum, spectrum

Weights = NDArray[Any]

#: The most equations that are solved: d^2 (d - 1), for one-hot targets d^3.
MAX_EQUATIONS = 750
#: Bits after the point, at least.
LEAST_BITS = 96
#: A singular value below this share of the largest counts as zero.
RANK = 1e-9
#: The residual of a solution in fixed point, in bits above the last.
ROUNDING = 24
#: A node whose outputs are below this share of the largest node's is left out.
IDLE = 1e-10


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


@dataclass(frozen=True, eq=False)
class Solution:
    """Weights near a zero of the equations: integers over 2^bits, shape (3, d, q).

    ``rank`` of the Jacobian there, ``gap`` its singular values on both sides of that rank over the largest,
    ``residual`` the largest equation left, ``shift`` how far a weight moved at most from the balanced network of the
    ``left_out`` nodes fewer, ``converged`` whether Newton's method went on to the last bit.
    """

    equations: Equations
    weights: Weights
    bits: int
    rank: int
    gap: tuple[float, float]
    residual: Fraction
    shift: float
    left_out: int
    converged: bool

    @property
    def dimension(self) -> int:
        """The dimension, gauges apart, that the variety of solutions has here at most."""
        return len(self.equations.free) - self.equations.gauges - self.rank


def solve(network: Network, setting: Setting, bits: int = LEAST_BITS) -> Solution:
    """Gauss-Newton from a network of nearly zero loss, first in float64, then in fixed point to ``bits`` bits.

    Steps are of least norm (pseudo-inverse of the Jacobian, cut at the rank), so they lead to a solution near by where
    solutions form families. In fixed point the float64 pseudo-inverse stays: every step wins about 40 bits.
    Nodes whose outputs are next to nothing (IDLE) are left out, and so is the trivial character where ``setting`` has
    none. Raises InputError if no node is left, or if there are too many equations.
    """
    bits = max(bits, LEAST_BITS)
    z = spectrum(network)
    if setting.trivial == "without":
        z[:, 0] = 0
    entering, leaving = np.sum(np.abs(z[:2]) ** 2, axis=(0, 1)), np.sum(np.abs(z[2]) ** 2, axis=0)
    live = entering * np.sqrt(leaving) > IDLE * np.max(entering * np.sqrt(leaving), initial=0.0)
    equations = Equations(network.group, setting, int(live.sum()))
    even = from_spectrum(network.group, balanced(z[..., live]))
    start = np.stack([even.W_a, even.W_b, even.V])
    w, inverse = _descend(equations, start)
    fixed = np.array([round(Fraction(float(x)) * 2**bits) for x in w.ravel()], dtype=object).reshape(w.shape)
    fixed, converged = _refine(
        equations, equations.moved(fixed, np.zeros(len(equations.free), dtype=object)), inverse, bits
    )
    final = np.array([float(Fraction(int(x), 2**bits)) for x in fixed.ravel()]).reshape(w.shape)
    values = np.linalg.svd(equations.jacobian(final), compute_uv=False)
    rank = int(np.sum(values > RANK * values[0]))
    after = float(values[rank] / values[0]) if rank < len(values) else 0.0
    left = max(abs(int(x)) for x in equations.residual(fixed, 1 << 3 * bits))
    return Solution(
        equations,
        fixed,
        bits,
        rank,
        (float(values[rank - 1] / values[0]), after),
        Fraction(left, 1 << 3 * bits),
        float(np.abs(final - start).max()),
        network.width - equations.width,
        converged,
    )


def _descend(equations: Equations, w: FloatArray, steps: int = 60) -> tuple[FloatArray, FloatArray]:
    """Gauss-Newton in float64 while the residual falls, and the pseudo-inverse where it stopped."""
    size = float(np.linalg.norm(equations.residual(w)))
    for _ in range(steps):
        inverse = np.linalg.pinv(equations.jacobian(w), rcond=RANK)
        step = inverse @ equations.residual(w)
        for share in (1.0, 0.3, 0.1, 0.01):
            trial = equations.moved(w, share * step)
            if (now := float(np.linalg.norm(equations.residual(trial)))) < size:
                break
        else:
            break
        w, size, stalled = trial, now, now > 0.9 * size
        if stalled and size < 1e-12:
            break
    return w, np.asarray(np.linalg.pinv(equations.jacobian(w), rcond=RANK))


def _refine(equations: Equations, w: Weights, inverse: FloatArray, bits: int) -> tuple[Weights, bool]:
    """Newton steps in fixed point until they are below 2^-(bits - 8); whether that is at a zero.

    Where the equations are dependent a step is also small at a minimum that is no zero: its residual stays.
    """
    last = float(bits - 8)  # no solution is near if the first step is 2^-12
    while True:
        residual = equations.residual(w, 1 << 3 * bits)
        size = max(abs(int(x)) for x in residual).bit_length()
        exponent = size - 60
        leading = np.array([int(x) >> exponent if exponent > 0 else int(x) << -exponent for x in residual], dtype=float)
        step = inverse @ leading  # in units of 2^(exponent - 3 bits)
        magnitude = exponent - 2 * bits + np.log2(max(float(np.abs(step).max()), 1e-300))  # in units of 2^-bits
        if magnitude < 8:
            return w, size <= 2 * bits + ROUNDING
        if magnitude > last - 4:
            return w, False
        last = magnitude
        scale = Fraction(2) ** (exponent - 2 * bits)
        w = equations.moved(w, np.array([round(Fraction(float(x)) * scale) for x in step], dtype=object))
