r"""The named families fitted to the nodes of one frequency by least squares, with their free parameters.

Every model is up to a unit y (three free complex numbers), the order of the nodes and their pseudo-1 signs; each family
is closed under the swap a <-> b and conjugation. Most special first:

* ``nu*syn``        {1, u_nu} * {1, u_syn, u_syn^2}, order 6 (Eq. 6);
* ``nu_i*syn_ab``   {1, u_i} * {1, [w alpha, w/alpha, w], [beta/w, 1/(w beta), 1/w]}, w = e^{2 pi i/3}, 6 (Eq. 11);
* ``nu_i*xi``       {1, u_i} * {1, [xi, -i/xi, i]}, order 4 (Corollary 4);
* ``rho_nu``        rho_S(u_nu), S the five values of u_nu other than 1, order 6 (:mod:`.rho`);
* ``nu_i*w``        {1, u_i} * w, any w with sum a b conj(c) = 0, orders 4 and 6 (:mod:`.weighted`);

u_nu = [nu, -nu, -nu^-2], u_i = [i, -i, 1], u_syn = [w, w, w]. Parameters are phases in turns (2 pi = 1), reduced to the
fundamental domain of the family's own symmetries: nu in [0, 1/12], xi in [0, 1/8], (alpha, beta) the least of twelve
images modulo 1/4, nu of rho_nu in [0, 1/4]. Distances are relative to the norm of the balanced nodes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import permutations, product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..networks.network import ComplexArray, FloatArray
from .arrangements import Arrangement

TURN = 2 * np.pi
Domain = Callable[[list[float]], list[float]]


@dataclass(frozen=True, eq=False)
class Fit:
    """A family's member nearest to a block: ``model`` (3, q) in the order of the block's nodes, signs included.

    ``distance`` is relative; ``dimension`` counts the family's real parameters, the unit's five included. ``unit`` (3,)
    is y, what the family's node [1, 1, 1] became: the block is y * canonical form (Definition 8).
    """

    family: str
    parameters: dict[str, Any]
    distance: float
    dimension: int
    model: ComplexArray
    unit: ComplexArray


@dataclass(frozen=True, eq=False)
class Aligned:
    """A family whose entries have one modulus and phases offset + design . parameters, in turns.

    ``offset`` (3, rows, columns), ``design`` (3, rows, columns, T); ``column_signs`` / ``row_signs`` say which signs
    the parameters do not absorb.
    """

    name: str
    parameters: tuple[str, ...]
    offset: FloatArray
    design: FloatArray
    column_signs: bool
    row_signs: bool
    domain: Domain


def _fold(value: float, period: float) -> float:
    """value modulo period, reflected into [0, period/2].

    >>> _fold(-0.3, 0.25)
    0.04999999999999999
    """
    rest = value % period
    return min(rest, period - rest)


def _least_image(values: list[float]) -> list[float]:
    """The least image of (alpha, beta) under exchanging the three columns and negating, modulo 1/4.

    The columns have phases (0, alpha, beta) up to a common shift; images within 1e-9 of 1/4 count as 0.
    """
    phases = (0.0, *values)
    images = []
    for order in permutations(range(3)):
        for sign in (1, -1):
            pair = [(sign * (phases[order[i]] - phases[order[0]])) % 0.25 for i in (1, 2)]
            images.append([0.0 if v > 0.25 - 1e-9 else v for v in pair])
    return min(images)


def _phases(rows: list[ComplexArray], columns: list[ComplexArray]) -> FloatArray:
    """Phases in turns of the products of row triples and column triples, (3, rows, columns)."""
    values = np.stack([np.stack([r * c for c in columns], axis=-1) for r in rows], axis=1)
    return np.angle(values) / TURN


def _design(shape: tuple[int, int], entries: dict[tuple[int, int, int], tuple[float, float, float]]) -> FloatArray:
    """{(parameter, row or -1, column or -1): coefficients for a, b, c} as an array; -1 stands for all."""
    size = 1 + max(parameter for parameter, _, _ in entries)
    design = np.zeros((3, *shape, size))
    for (parameter, row, column), coefficients in entries.items():
        rows = slice(None) if row < 0 else row
        columns = slice(None) if column < 0 else column
        for p in range(3):
            design[p, rows, columns, parameter] += coefficients[p]
    return design


_ONE = np.ones(3, dtype=complex)
_W = np.exp(2j * np.pi / 3)
_U_I = np.array([1j, -1j, 1])
ALIGNED = (
    Aligned(
        "nu*syn",
        ("nu",),
        _phases([_ONE, np.array([1, -1, -1], dtype=complex)], [_ONE, _ONE * _W, _ONE / _W]),
        _design((2, 3), {(0, 1, -1): (1, 1, -2)}),
        column_signs=True,
        row_signs=False,
        domain=lambda v: [_fold(v[0], 1 / 6)],
    ),
    Aligned(
        "nu_i*syn_ab",
        ("alpha", "beta"),
        _phases([_ONE, _U_I], [_ONE, _ONE * _W, _ONE / _W]),
        _design((2, 3), {(0, -1, 1): (1, -1, 0), (1, -1, 2): (1, -1, 0)}),
        column_signs=False,
        row_signs=True,
        domain=_least_image,
    ),
    Aligned(
        "nu_i*xi",
        ("xi",),
        _phases([_ONE, _U_I], [_ONE, np.array([1, -1j, 1j])]),
        _design((2, 2), {(0, -1, 1): (1, -1, 0)}),
        column_signs=False,
        row_signs=True,
        domain=lambda v: [_fold(v[0], 1 / 4)],
    ),
)


@cache
def _placements(rows: int, columns: int, column_signs: bool, row_signs: bool) -> tuple[NDArray[np.int64], FloatArray]:
    """Ways to lay an arrangement over a model: flat positions (P, rows*columns) and signs (P, rows*columns)."""
    places = np.arange(rows * columns).reshape(rows, columns)
    positions, signs = [], []
    turned = [places, places.T] if rows == columns else [places]
    for square, r, c in product(turned, permutations(range(rows)), permutations(range(columns))):
        for free in product((1, -1), repeat=(columns - 1) * column_signs + (rows - 1) * row_signs):
            row = np.ones(rows)
            column = np.ones(columns)
            if column_signs:
                column[1:] = free[: columns - 1]
            else:
                row[1:] = free
            positions.append(square[np.ix_(r, c)].ravel())
            signs.append(np.outer(row, column).ravel())
    return np.array(positions), np.array(signs)


def fit_aligned(family: Aligned, z: ComplexArray, found: list[Arrangement]) -> Fit | None:
    """The nearest member among the given arrangements of balanced nodes z (3, q), or None if the shape differs."""
    shape = family.offset.shape[1:]
    fitting = [a for a in found if a.nodes.shape == shape]
    if not fitting:
        return None
    positions, signs = _placements(*shape, family.column_signs, family.row_signs)
    nodes = np.concatenate([a.nodes.ravel()[positions] for a in fitting])
    sign = np.concatenate([a.signs.ravel()[positions] * signs for a in fitting])
    placed = z[:, nodes] * np.stack([sign, sign, np.ones_like(sign)])  # (3, P, q)
    turned = placed * np.exp(-1j * TURN * family.offset.reshape(3, 1, -1))
    theta = _solve_phases(turned, family.design.reshape(3, -1, len(family.parameters)))
    phase = family.design.reshape(3, -1, theta.shape[1])
    members = np.exp(1j * TURN * (family.offset.reshape(3, 1, -1) + np.einsum("pqt,nt->pnq", phase, theta)))
    unit = np.mean(placed * members.conj(), axis=2, keepdims=True)
    deviation = np.sum(np.abs(placed - unit * members) ** 2, axis=(0, 2))
    best = int(deviation.argmin())
    model = np.empty_like(z)
    model[:, nodes[best]] = (unit * members)[:, best] * np.stack([sign[best], sign[best], np.ones_like(sign[best])])
    values = family.domain(list(theta[best] % 1.0))
    return Fit(
        family.name,
        dict(zip(family.parameters, values, strict=True)),
        float(np.sqrt(deviation[best] / np.sum(np.abs(z) ** 2))),
        len(family.parameters) + 5,
        model,
        unit[:, best, 0],
    )


def _solve_phases(turned: ComplexArray, design: FloatArray) -> FloatArray:
    """Parameters (P, T) in turns with arg(turned) = arg(unit_p) + design . parameters, by Gauss-Newton on the phases.

    turned (3, P, q), design (3, q, T). The start compares each node with the first node of the array, where
    every family's design is 0.
    """
    parts, count, q = turned.shape
    t = design.shape[2]
    matrix = np.zeros((parts * q, parts + t))
    for p in range(parts):
        matrix[p * q : (p + 1) * q, p] = 1
    matrix[:, parts:] = design.reshape(-1, t)
    inverse = np.linalg.pinv(matrix)
    theta = np.zeros((count, t))
    for i in range(t):  # alone in its entries, coefficient +-1 in a and b: their phases against the rest of each part
        rest = (design[:2] == 0).all(axis=2)
        total = np.zeros(count, dtype=complex)
        for p in range(2):
            own = design[p, :, i] != 0
            # a node of the same row or column set without this parameter shares the unit
            ratio = turned[p][:, own].mean(axis=1) * turned[p][:, rest[p]].mean(axis=1).conj()
            total += ratio if design[p, own, i][0] > 0 else ratio.conj()
        theta[:, i] = np.angle(total) / TURN
    unit = np.angle(np.mean(turned * np.exp(-1j * TURN * np.einsum("pqt,nt->pnq", design, theta)), axis=2)) / TURN
    for _ in range(4):
        predicted = unit[:, :, None] + np.einsum("pqt,nt->pnq", design, theta)
        delta = np.angle(turned * np.exp(-1j * TURN * predicted)) / TURN
        step = delta.transpose(1, 0, 2).reshape(count, -1) @ inverse.T
        unit = unit + step[:, :parts].T
        theta = theta + step[:, parts:]
    return theta


def fits(z: ComplexArray, found: list[Arrangement]) -> list[Fit]:
    """The nearest member of every family of this order, most special family first.

    ``found`` are the arrangements to try (:func:`.factorization.factorize`): with all whose error is at most t, the
    nearest member of an aligned family is found whenever it is within t.
    """
    from .nu_i_w import fit_weighted
    from .rho_nu import fit_rho

    candidates = [fit_aligned(family, z, found) for family in ALIGNED]
    candidates += [fit_rho(z), fit_weighted(z)]
    return [fit for fit in candidates if fit is not None]
