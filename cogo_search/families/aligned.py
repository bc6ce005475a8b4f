r"""Families whose nodes all have one modulus: a phase model in an array, and its least-squares fit.

Such a member is a ring product in a rows x columns array whose phases, in turns, are linear in the parameters theta:

    z_p[i, l] = y_p exp(2 pi i (offset_p[i, l] + sum_t design_p[i, l, t] theta_t)),    p = a, b, c,  y the unit.

To fit it, the block's nodes are laid over the array in every way that an arrangement allows, the phases are solved for
by Gauss-Newton, all ways at once, and the nearest member is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import permutations, product

import numpy as np
from numpy.typing import NDArray

from ..networks.network import ComplexArray, FloatArray
from .arrangements import Arrangement, pseudo_one
from .base import TURN, Fit

#: Gauss-Newton steps: they converge quadratically from a start that is right to the noise.
STEPS = 4


@dataclass(frozen=True, eq=False)
class AlignedModel:
    """The phases of a family's members; ``offset`` (3, rows, columns), ``design`` (3, rows, columns, T).

    ``free_signs``, "rows" or "columns", are the pseudo-1 signs that neither the parameters nor the unit absorb. The
    first node of the array has design 0. ``domain`` reduces parameters to the fundamental domain of the family.
    """

    name: str
    parameters: tuple[str, ...]
    offset: FloatArray
    design: FloatArray  # four axes: part a, b, c; row; column; parameter
    free_signs: str
    domain: Callable[[list[float]], list[float]]

    def members(self, theta: FloatArray) -> ComplexArray:
        """The members at parameters (P, T) in turns, before any unit, (3, P, q)."""
        return np.exp(1j * TURN * (self.offset.reshape(3, 1, -1) + self._moved(theta)))

    def draw(self, rng: np.random.Generator) -> ComplexArray:
        """A member (3, q) with uniform phases."""
        theta = rng.random(len(self.parameters))
        return np.exp(1j * TURN * (self.offset + self.design @ theta)).reshape(3, -1)

    def fit(self, z: ComplexArray, found: Sequence[Arrangement]) -> Fit | None:
        """The nearest member among the given arrangements of balanced nodes z (3, q), or None if the shape differs."""
        fitting = [arrangement for arrangement in found if arrangement.nodes.shape == self.offset.shape[1:]]
        if not fitting:
            return None
        nodes, signs = self._overlays(fitting)
        placed = z[:, nodes] * pseudo_one(signs)  # (3, P, q)
        theta = self._solve(placed * np.exp(-1j * TURN * self.offset.reshape(3, 1, -1)))
        members = self.members(theta)
        unit = np.mean(placed * members.conj(), axis=2, keepdims=True)
        deviation = np.sum(np.abs(placed - unit * members) ** 2, axis=(0, 2))
        best = int(deviation.argmin())
        model = np.empty_like(z)
        model[:, nodes[best]] = unit[:, best] * members[:, best] * pseudo_one(signs[best])
        values = self.domain(list(theta[best] % 1.0))
        return Fit(
            self.name,
            parameters=dict(zip(self.parameters, values, strict=True)),
            distance=float(np.sqrt(deviation[best] / np.sum(np.abs(z) ** 2))),
            dimension=len(self.parameters) + 5,
            model=model,
            unit=unit[:, best, 0],
        )

    def _overlays(self, fitting: list[Arrangement]) -> tuple[NDArray[np.int64], FloatArray]:
        """Every way to lay the arranged nodes over the model: nodes (P, q) by place, and their signs (P, q)."""
        positions, signs = _placements(*self.offset.shape[1:], self.free_signs)
        nodes = [arrangement.nodes.ravel()[positions] for arrangement in fitting]
        signed = [arrangement.signs.ravel()[positions] * signs for arrangement in fitting]
        return np.concatenate(nodes), np.concatenate(signed)

    def _solve(self, turned: ComplexArray) -> FloatArray:
        """Parameters (P, T) in turns of nodes (3, P, q) without the offset: arg(turned) = arg(unit) + design . theta.

        Least squares in the phases, linear but for whole turns: Gauss-Newton with one inverse for all steps.
        """
        theta = self._start(turned)
        unit = np.angle(np.mean(turned * np.exp(-1j * TURN * self._moved(theta)), axis=2)) / TURN  # (3, P)
        for _ in range(STEPS):
            predicted = unit[:, :, None] + self._moved(theta)
            missed = np.angle(turned * np.exp(-1j * TURN * predicted)) / TURN
            step = missed.transpose(1, 0, 2).reshape(len(theta), -1) @ self._inverse.T
            unit = unit + step[:, :3].T
            theta = theta + step[:, 3:]
        return theta

    def _start(self, turned: ComplexArray) -> FloatArray:
        """First parameters (P, T): the nodes that a parameter moves against those that no parameter moves, in a and b.

        A parameter is alone in its entries, and its coefficient there is +1 or -1.
        """
        design = self._flat_design
        still = (design[:2] == 0).all(axis=2)
        theta = np.zeros((turned.shape[1], design.shape[2]))
        for t in range(design.shape[2]):
            total = np.zeros(turned.shape[1], dtype=complex)
            for p in range(2):
                moved = design[p, :, t] != 0
                ratio = turned[p][:, moved].mean(axis=1) * turned[p][:, still[p]].mean(axis=1).conj()
                total += ratio if design[p, moved, t][0] > 0 else ratio.conj()
            theta[:, t] = np.angle(total) / TURN
        return theta

    def _moved(self, theta: FloatArray) -> FloatArray:
        """What parameters (P, T) add to the phases, (3, P, q)."""
        return np.asarray(np.einsum("pqt,nt->pnq", self._flat_design, theta))

    @cached_property
    def _flat_design(self) -> FloatArray:
        return self.design.reshape(3, -1, len(self.parameters))

    @cached_property
    def _inverse(self) -> FloatArray:
        """From the phases missed (3 q) to steps of the unit's three phases and of the parameters, (3 + T, 3 q)."""
        q = self._flat_design.shape[1]
        of_unit = np.kron(np.eye(3), np.ones((q, 1)))
        of_parameters = self._flat_design.reshape(3 * q, -1)
        return np.asarray(np.linalg.pinv(np.concatenate([of_unit, of_parameters], axis=1)))


@cache
def _placements(rows: int, columns: int, free_signs: str) -> tuple[NDArray[np.int64], FloatArray]:
    """Ways to lay an arrangement over a model: flat positions (P, rows*columns) and signs (P, rows*columns).

    Rows and columns are exchanged, a square array is transposed too, and each free row or column but the first, which
    the unit absorbs, is taken with either sign.
    """
    places = np.arange(rows * columns).reshape(rows, columns)
    patterns = _sign_patterns(rows, columns, free_signs)
    positions, signs = [], []
    for array in [places, places.T] if rows == columns else [places]:
        for row_order, column_order in product(permutations(range(rows)), permutations(range(columns))):
            position = array[np.ix_(row_order, column_order)].ravel()
            for pattern in patterns:
                positions.append(position)
                signs.append(pattern)
    return np.array(positions), np.array(signs)


def _sign_patterns(rows: int, columns: int, free_signs: str) -> list[FloatArray]:
    """Signs (rows*columns) of the array's places, one pattern for every choice of the free row or column signs."""
    patterns = []
    for rest in product((1.0, -1.0), repeat=(rows if free_signs == "rows" else columns) - 1):
        signs = np.array([1.0, *rest])
        along = signs[:, None] if free_signs == "rows" else signs[None, :]
        patterns.append(np.broadcast_to(along, (rows, columns)).ravel())
    return patterns


def product_phases(rows: list[ComplexArray], columns: list[ComplexArray]) -> FloatArray:
    """Phases in turns of the products of row nodes and column nodes, (3, rows, columns)."""
    values = np.stack([np.stack([row * column for column in columns], axis=-1) for row in rows], axis=1)
    return np.angle(values) / TURN


def reflected(value: float, period: float) -> float:
    """value modulo period, reflected into [0, period/2].

    >>> reflected(-0.3, 0.25)
    0.04999999999999999
    """
    rest = value % period
    return min(rest, period - rest)
