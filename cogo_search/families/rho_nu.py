r"""The family ``rho_nu``: rho_S(u_nu), S all values of u_nu other than 1, which solves everything with order 6.

u_nu = [nu, -nu, -nu^-2] has the values s^(1/2), -s^(1/2), s, -s and -1, s = nu^-4 (Table 1 with its errata), so that

    rho(x) = (x + 1)(x^2 - s)(x^2 - s^2) = x^5 + x^4 - (s + s^2)(x^3 + x^2) + s^3 (x + 1)

and its nodes are the powers u^j times these coefficients on c, of unequal weight. r_kkk = rho(1) is 0 where s = +-1.
b = (-1)^j a up to the unit: even and odd powers are told apart by the sign of b/a; a node's own sign is absent
from a^2 and c, by which powers and nu are found on a grid, and nu is then refined.
"""

from __future__ import annotations

from functools import cache
from itertools import permutations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

from ..networks.network import ComplexArray, FloatArray
from .fitting import TURN, Fit

#: Values of nu tried before the best are refined.
GRID = 120


def member(turns: float) -> ComplexArray:
    """The balanced nodes of rho_nu at nu = e^{2 pi i turns}, (3, 6), up to a unit; the power u^0 first."""
    nu = np.exp(1j * TURN * turns)
    s = nu**-4
    powers = np.arange(6)
    coefficients = np.array([s**3, s**3, -s - s**2, -s - s**2, 1, 1])
    size = np.abs(coefficients) ** (1 / 3)
    c = coefficients / np.maximum(size**2, 1e-300) * (-(nu**-2)) ** powers
    return np.stack([nu**powers * size, (-nu) ** powers * size, c])


@cache
def _grid() -> tuple[FloatArray, ComplexArray, ComplexArray]:
    """Phases of nu in turns over (0, 1/4), with a^2 and c of the members there, each (G, 6)."""
    turns = (np.arange(GRID) + 0.5) / (4 * GRID)
    members = np.stack([member(t) for t in turns])
    return turns, members[:, 0] ** 2, members[:, 2]


@cache
def _orders() -> NDArray[np.int64]:
    """Three nodes given to even powers and three to odd ones: positions among (0, 1, 2) and (3, 4, 5), (36, 6)."""
    thirds = list(permutations(range(3)))
    return np.array([[e[0], o[0] + 3, e[1], o[1] + 3, e[2], o[2] + 3] for e in thirds for o in thirds])


def fit_rho(z: ComplexArray) -> Fit | None:
    """The nearest member to balanced nodes z (3, 6); None where the nodes do not split into three and three by b/a."""
    if z.shape[1] != 6:
        return None
    ratio = z[1] * z[0].conj()
    reference = np.sqrt(np.sum(ratio**2))
    side = (ratio * reference.conj()).real > 0
    if side.sum() != 3:
        return None
    halves = np.flatnonzero(side), np.flatnonzero(~side)
    nodes = np.concatenate([np.concatenate(pair)[_orders()] for pair in (halves, halves[::-1])])  # (72, 6)
    turns, squares, c = _grid()
    score = np.abs(np.einsum("gj,nj->gn", squares.conj(), z[0][nodes] ** 2)) + np.abs(
        np.einsum("gj,nj->gn", c.conj(), z[2][nodes])
    )
    size = np.linalg.norm(squares, axis=1) * np.linalg.norm(z[0] ** 2) + np.linalg.norm(c, axis=1) * np.linalg.norm(
        z[2]
    )
    score /= size[:, None]
    tried = [np.unravel_index(i, score.shape) for i in np.argsort(-score, axis=None)[:4]]
    fits = [_refined(z, nodes[n], float(turns[g])) for g, n in tried]
    return min(fits, key=lambda fit: fit.distance)


def _refined(z: ComplexArray, nodes: NDArray[np.int64], start: float) -> Fit:
    placed = z[:, nodes]
    width = 0.5 / GRID
    result = minimize_scalar(
        lambda t: _nearest(placed, t)[0],
        bounds=(start - width, start + width),
        method="bounded",
        options={"xatol": 1e-10},
    )
    deviation, fitted, unit = _nearest(placed, float(result.x))
    model = np.empty_like(z)
    model[:, nodes] = fitted
    t = float(result.x) % 0.5
    distance = float(np.sqrt(deviation / np.sum(np.abs(z) ** 2)))
    return Fit("rho_nu", {"nu": min(t, 0.5 - t)}, distance, 6, model, unit)


def _nearest(placed: ComplexArray, turns: float) -> tuple[float, ComplexArray, ComplexArray]:
    """Squared distance to the member at nu over units and signs, that member, and its unit."""
    x = member(turns)
    products = placed * x.conj()
    sign = _signs(products[:2])
    signs = np.stack([sign, sign, np.ones_like(sign)])
    unit = np.sum(products * signs, axis=1) / np.sum(np.abs(x) ** 2, axis=1)
    fitted = unit[:, None] * x * signs
    return float(np.sum(np.abs(placed - fitted) ** 2)), fitted, unit


def _signs(products: ComplexArray) -> NDArray[np.int64]:
    """Pseudo-1 signs (6,) that align a and b (2, 6) with their units: first by a, up to its sign, then by both."""
    reference = np.sqrt(np.sum(products[0] ** 2))
    sign = np.where((products[0] * reference.conj()).real < 0, -1, 1)
    for _ in range(2):
        units = np.sum(products * sign, axis=1)
        sign = np.where(np.sum((products * units.conj()[:, None]).real, axis=0) < 0, -1, 1)
    return sign
