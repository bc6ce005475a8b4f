r"""Newton's method from a network of nearly zero loss to a zero of its equations, in any number of digits.

First Levenberg-Marquardt in float64, damped by the residual: what is smaller than the distance still to go counts as
zero there, so directions along which solutions form families, and those that noise alone made regular, do no harm.
Then the rank is decided at a gap of the singular values, and Newton's method goes on in fixed point with the
pseudo-inverse at that rank: where the equations are dependent it reaches the last bit if they are consistent. Where
zeros are singular (the rank of the Jacobian J drops at them, as at x y = 0 or x^2 = 0) such steps halve the distance at
best. There the equations are deflated: J v = 0 joins them for a few v of the kernel, which holds at the singular zeros
near by (Leykin, Verschelde, Zhao 2006; here v has its own small Newton steps).

Which rank and how many v are right cannot be told from singular values alone. So the likely ones are tried, and the
residual in fixed point is the judge: it must fall to the last of at least 384 bits. A zero missed by 2^-53 in a
direction in which the equations vanish to second order leaves a residual near 2^-106, and does not pass.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..networks.network import FloatArray, Network, Setting, balanced, from_spectrum, spectrum
from .equations import Equations, Weights

#: Bits after the point of the weights, at least.
LEAST_BITS = 96
#: Bits of the computation: so many more, and so many at least.
GUARD, WORKING = 64, 384
#: The residual of a solution in fixed point, in bits above the last.
ROUNDING = 24
#: A node whose outputs are below this share of the largest node's is left out.
IDLE = 1e-10
#: Newton's method starts where Levenberg-Marquardt leaves a residual below this, of targets of 1.
BASIN = 1e-6
#: Singular values fall by this factor at a gap; below FLOOR of the largest they are rounding errors.
GAP, FLOOR = 30.0, 1e-15
#: How many gaps are tried as the rank, the largest first.
RANKS = 3
#: How many vectors of the kernel join the equations, in the order tried.
KERNELS = (0, 8, 3, 1)
#: Where nothing converges, starts moved at random by these shares of the largest weight are tried, too.
NUDGES = (0.0, 1e-6, 1e-5, 1e-4, 1e-3)
#: Frames of float64 are renewed while weights move by more than this, and so often at most.
RENEW, RENEWALS = 2.0**-50, 20
#: The largest matrix of deflated equations.
MAX_ENTRIES = 5 * 10**7


@dataclass(frozen=True, eq=False)
class Solution:
    """Where Newton's method ended: integers over 2^bits, shape (3, d, q).

    ``converged`` if that is at a zero of the equations, with ``residual`` the largest equation left in the ``working``
    bits of the computation (2^-working and rounding). ``rank`` of the Jacobian at its widest gap, ``gap`` the singular
    values on both sides of it over the largest. ``kernel`` how many vectors of the kernel joined the equations, as is
    needed where the zero is singular. ``nudge``: the share of the largest weight by which the start had to be moved.
    ``shift`` how far a weight moved at most from the balanced network of the ``left_out`` nodes fewer.
    """

    equations: Equations
    weights: Weights
    bits: int
    working: int
    rank: int
    gap: tuple[float, float]
    residual: Fraction
    shift: float
    left_out: int
    converged: bool
    kernel: int
    nudge: float

    @property
    def dimension(self) -> int:
        """The dimension, gauges apart, that the variety of solutions has here at most."""
        return len(self.equations.free) - self.equations.gauges - self.rank


def solve(network: Network, setting: Setting, bits: int = LEAST_BITS) -> Solution:
    """A zero of the equations near a network of nearly zero loss, to ``bits`` bits.

    Steps are of least norm, so they lead to a solution near by where solutions form families. Nodes whose outputs are
    next to nothing (IDLE) are left out, and so is the trivial character where ``setting`` has none. Raises InputError
    if no node is left, or if there are too many equations. A solution that is not ``converged`` says that this search
    failed: no more.
    """
    bits = max(bits, LEAST_BITS)
    working = max(bits + GUARD, WORKING)
    z = spectrum(network)
    given = z.copy()
    if setting.trivial == "without":
        z[:, 0] = 0
    entering, leaving = np.sum(np.abs(z[:2]) ** 2, axis=(0, 1)), np.sum(np.abs(z[2]) ** 2, axis=0)
    live = entering * np.sqrt(leaving) > IDLE * np.max(entering * np.sqrt(leaving), initial=0.0)
    equations = Equations(network.group, setting, int(live.sum()))
    start, before = (_stacked(from_spectrum(network.group, balanced(part[..., live]))) for part in (z, given))

    fixed, nudge, kernel, converged = _search(equations, start, bits, working)
    final = _floats(fixed, working)
    values = np.linalg.svd(equations.jacobian(final), compute_uv=False)
    rank = _widest(values)
    left = max(abs(int(x)) for x in equations.residual(fixed, 1 << 3 * working))
    rounded = np.array([_shifted(int(x), working - bits) for x in fixed.ravel()], dtype=object)
    return Solution(
        equations,
        equations.moved(rounded.reshape(fixed.shape), _zeros(equations)),
        bits,
        working,
        rank,
        (float(values[rank - 1] / values[0]), float(values[rank] / values[0]) if rank < len(values) else 0.0),
        Fraction(left, 1 << 3 * working),
        float(np.abs(final - before).max()),
        network.width - equations.width,
        converged,
        kernel,
        nudge,
    )


def _search(equations: Equations, start: FloatArray, bits: int, working: int) -> tuple[Weights, float, int, bool]:
    """Weights in fixed point, the nudge and the number of the kernel's vectors that led there, and whether it did."""
    ends = []
    for nudge in NUDGES:
        w, size = _descend(equations, _nudged(equations, start, nudge))
        ends.append(w)
        if size > BASIN:
            break
        for rank, kernel in _plans(equations, w):
            fixed, converged = _refine(equations, w, rank, kernel, bits, working)
            if converged:
                return fixed, nudge, kernel, True
    return _fixed(equations, ends[0], working), 0.0, 0, False


def _descend(equations: Equations, w: FloatArray, steps: int = 100) -> tuple[FloatArray, float]:
    """Levenberg-Marquardt in float64 while the residual falls, and its norm where that ends.

    Damped by the residual itself, which keeps the convergence quadratic also where solutions form families.
    """
    residual = equations.residual(w)
    size, factor = float(np.linalg.norm(residual)), 1.0
    rounding = float(8 * np.finfo(float).eps * np.linalg.norm(equations.residual(np.abs(w), -1.0)))
    for _ in range(steps):
        if size <= rounding:
            break
        left, values, right = np.linalg.svd(equations.jacobian(w), full_matrices=False)
        along = left.T @ residual
        for _ in range(8):
            trial = equations.moved(w, right.T @ (along * values / (values**2 + (factor * size) ** 2)))
            residual = equations.residual(trial)
            if (now := float(np.linalg.norm(residual))) < size:
                break
            factor *= 10
        else:
            break
        w, size, factor = trial, now, max(factor / 10, 1.0)
    return w, size


def _plans(equations: Equations, w: FloatArray) -> Iterator[tuple[int, int]]:
    """Ranks at the gaps of the singular values, and numbers of vectors of the kernel: the likely ones first."""
    values = np.linalg.svd(equations.jacobian(w), compute_uv=False)
    ratios = _ratios(values)
    ranks = [int(i) + 1 for i in np.argsort(-ratios, kind="stable")[:RANKS] if ratios[i] >= GAP]
    for kernel in KERNELS:
        for rank in ranks if kernel == 0 else sorted(ranks):
            unknowns = len(equations.free)
            if kernel == 0 or (rank < unknowns and kernel * equations.count * unknowns < MAX_ENTRIES):
                yield rank, kernel


def _ratios(values: NDArray[np.floating[Any]]) -> FloatArray:
    """Each singular value over the next."""
    floor = FLOOR * float(values[0])
    return np.asarray(np.maximum(values, floor) / np.maximum(np.append(values[1:], 0.0), floor))


def _widest(values: NDArray[np.floating[Any]]) -> int:
    """The rank at the widest gap."""
    return int(np.argmax(_ratios(values))) + 1


@dataclass(frozen=True, eq=False)
class _Frame:
    """What float64 knows at a point.

    ``rank`` singular vectors ``left``, shape (count, rank), and ``right``, shape (free, rank), with ``values``;
    ``inverse`` of the equations and those of the kernel's vectors, shape (free, rank + kernel * count); these
    ``vectors``, shape (kernel, free).
    """

    left: FloatArray
    values: FloatArray
    right: FloatArray
    inverse: FloatArray
    vectors: FloatArray

    @classmethod
    def at(cls, equations: Equations, w: FloatArray, rank: int, kernel: int) -> _Frame:
        """The frame at W, shape (3, d, q)."""
        left, values, right = np.linalg.svd(equations.jacobian(w), full_matrices=False)
        left, values, right = left[:, :rank], values[:rank], right[:rank].T
        rng = np.random.default_rng(0)  # the same vectors at every point, up to their projection
        vectors = rng.standard_normal((kernel, len(equations.free)))
        vectors -= (vectors @ right) @ right.T
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        if not kernel:
            return cls(left, values, right, right / values, vectors)
        rows = [values[:, None] * right.T]
        for direction in equations.directions(vectors):  # the Jacobian is quadratic in W
            bend = (equations.jacobian(w + direction) - equations.jacobian(w - direction)) / 2
            rows.append(bend - left @ (left.T @ bend))
        q, r = np.linalg.qr(np.concatenate(rows))
        u, s, vt = np.linalg.svd(r)
        keep = _widest(s)
        inverse = (vt[:keep].T / s[:keep]) @ (q @ u[:, :keep]).T
        return cls(left, values, right, inverse, vectors)

    def step(self, residual: FloatArray, slopes: FloatArray) -> FloatArray:
        """Newton's step for the free entries; ``slopes`` are J v, shape (kernel, count)."""
        outside = slopes - (slopes @ self.left) @ self.left.T
        return np.asarray(self.inverse @ np.concatenate([self.left.T @ residual, outside.ravel()]))

    def bend(self, slopes: FloatArray) -> FloatArray:
        """The changes of the kernel's vectors that make J v zero up to the other equations, shape (kernel, free)."""
        return np.asarray(((slopes @ self.left) / self.values) @ self.right.T)


def _refine(
    equations: Equations, w: FloatArray, rank: int, kernel: int, bits: int, working: int
) -> tuple[Weights, bool]:
    """Newton steps in fixed point of ``working`` bits until they do not fall any more; whether that is at a zero.

    Where the equations are dependent a step is also small at a minimum that is no zero, and where they are flat: the
    residual tells. Steps not below a quarter of the least one before, twice running, are given up.
    """
    fixed, moved = _fixed(equations, w, working), np.inf
    last, slow, renewals = np.inf, 0, 0
    while True:
        if moved > RENEW and renewals < RENEWALS:
            frame = _Frame.at(equations, _floats(fixed, working), rank, kernel)
            directions = _integers(frame.vectors, Fraction(2) ** working)
            renewals += 1
        residual = equations.residual(fixed, 1 << 3 * working)
        slopes = [equations.slope(fixed, v) for v in equations.directions(directions)]
        size = max(abs(int(x)) for x in residual).bit_length()
        exponent = max(max(abs(int(x)) for values in (residual, *slopes) for x in values).bit_length() - 60, 0)
        leading = np.array([[int(x) >> exponent for x in values] for values in (residual, *slopes)], dtype=float)
        step = frame.step(leading[0], leading[1:])  # in units of 2^(exponent - 3 working)
        scale = Fraction(2) ** (exponent - 2 * working)  # and these in units of 2^-working
        magnitude = exponent - 2 * working + np.log2(max(float(np.abs(step).max()), 1e-300))
        moved = 2.0 ** (magnitude - working)
        slow = slow + 1 if magnitude > last - 2 else 0
        if magnitude < 8 or slow > 1 or magnitude > working - 6:
            return fixed, size <= 2 * working + ROUNDING and magnitude < working - bits
        last = min(last, magnitude)
        fixed = equations.moved(fixed, _integers(step, scale))
        if kernel:
            directions = directions - _integers(frame.bend(leading[1:]), scale)


def _stacked(network: Network) -> FloatArray:
    return np.stack([network.W_a, network.W_b, network.V])


def _nudged(equations: Equations, w: FloatArray, share: float) -> FloatArray:
    """The free entries moved at random by this share of the largest weight."""
    noise = np.random.default_rng(0).standard_normal(len(equations.free))
    return equations.moved(w, share * float(np.abs(w).max()) * noise)


def _zeros(equations: Equations) -> Weights:
    return np.zeros(len(equations.free), dtype=object)


def _integers(values: FloatArray, scale: Fraction) -> Weights:
    """Values times ``scale``, rounded to integers of any length."""
    rounded = np.empty(values.size, dtype=object)
    rounded[:] = [round(Fraction(float(x)) * scale) for x in values.ravel()]
    return rounded.reshape(values.shape)


def _fixed(equations: Equations, w: FloatArray, working: int) -> Weights:
    """As integers over 2^working, on the setting's weights exactly."""
    return equations.moved(_integers(w, Fraction(2) ** working), _zeros(equations))


def _floats(fixed: Weights, working: int) -> FloatArray:
    return np.array([float(Fraction(int(x), 1 << working)) for x in fixed.ravel()]).reshape(fixed.shape)


def _shifted(x: int, places: int) -> int:
    """x / 2^places, rounded."""
    return (x + (1 << places >> 1)) >> places
