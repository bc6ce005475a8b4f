r"""The family ``rho_nu``: rho_S(u_nu), S all values of u_nu other than 1, which solves everything with order 6.

u_nu = [nu, -nu, -nu^-2] has the values s^(1/2), -s^(1/2), s, -s and -1, s = nu^-4 (Table 1 with its errata), so that

    rho(x) = (x + 1)(x^2 - s)(x^2 - s^2) = x^5 + x^4 - (s + s^2)(x^3 + x^2) + s^3 (x + 1)

and its nodes are the powers u^j times these coefficients on c, of unequal weight. r_kkk = rho(1) is 0 where s = +-1.
The fundamental domain is nu in [0, 1/4] turns. Exact membership lists the members over mu_n by their ids.

The fit: b = (-1)^j a up to the unit, so even and odd powers are told apart by the sign of b/a; a node's own sign is
absent from a^2 and c, by which powers and nu are found on a grid, and nu is then refined.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from ..algebra.canonical import Solution, canonical
from ..algebra.generators import Generator
from ..algebra.polynomials import maximal_polynomial
from ..algebra.weights import Weights
from ..networks.network import ComplexArray, FloatArray
from .arrangements import Arrangement, pseudo_one
from .base import TURN, Family, Fit
from .exact import Parameters, up_to_units

NAME = "rho_nu"
#: Values of nu tried before the best are refined.
GRID = 120
#: Points of the grid that are refined.
REFINED = 4


def member(solution: Solution) -> Parameters | None:
    """{nu} of an exact member."""
    if solution.order != 6:
        return None
    return up_to_units(solution, lambda generic: members(generic.n).get(generic.id))


@cache
def members(n: int) -> dict[str, Parameters]:
    """The parameters of every member over mu_n by the id of its solution."""
    found: dict[str, Parameters] = {}
    for nu, weights in _generic_members(n):
        if np.any(weights.potential("abc")):
            found.setdefault(canonical(weights).id, {"nu": nu})
    return found


def _generic_members(n: int) -> Iterator[tuple[int, Weights]]:
    """Where u_nu has five values other than 1: nu and the maximal polynomial."""
    for nu in range(n):
        polynomial = maximal_polynomial(Generator(nu, (nu + n // 2) % n, n))
        if polynomial is not None and polynomial.order == 6:
            yield nu, polynomial.weights()


def nodes_at(turns: float) -> ComplexArray:
    """The balanced nodes of the member at nu = e^{2 pi i turns}, (3, 6), up to a unit; the power u^0 first."""
    nu = np.exp(1j * TURN * turns)
    s = nu**-4
    powers = np.arange(6)
    coefficients = np.array([s**3, s**3, -s - s**2, -s - s**2, 1, 1])
    size = np.abs(coefficients) ** (1 / 3)
    c = coefficients / np.maximum(size**2, 1e-300) * (-(nu**-2)) ** powers
    return np.stack([nu**powers * size, (-nu) ** powers * size, c])


def draw(rng: np.random.Generator) -> ComplexArray:
    """A member with uniform nu."""
    return nodes_at(float(rng.random() / 4))


def fit(z: ComplexArray, found: Sequence[Arrangement] = ()) -> Fit | None:
    """The nearest member to balanced nodes z (3, 6); None where the nodes do not split into three and three by b/a.

    Members are no ring products: ``found`` is not used.
    """
    halves = _halves(z)
    if halves is None:
        return None
    nodes = np.concatenate([_powers(*halves), _powers(*halves[::-1])])  # (72, 6)
    turns, likeness = _on_grid(z, nodes)
    best = np.argsort(-likeness, axis=None)[:REFINED]
    fits = []
    for point, placing in zip(*np.unravel_index(best, likeness.shape), strict=True):
        fits.append(_refined(z, nodes[placing], float(turns[point])))
    return min(fits, key=lambda fit: fit.distance)


def _halves(z: ComplexArray) -> tuple[NDArray[np.int64], NDArray[np.int64]] | None:
    """The nodes on either side by b/a, three and three, else None; which side has the even powers is open."""
    ratio = z[1] * z[0].conj()
    reference = np.sqrt(np.sum(ratio**2))
    side = (ratio * reference.conj()).real > 0
    return (np.flatnonzero(side), np.flatnonzero(~side)) if side.sum() == 3 else None


def _powers(even: NDArray[np.int64], odd: NDArray[np.int64]) -> NDArray[np.int64]:
    """The nodes of the powers u^0, ..., u^5, for every order of three even and three odd ones, (36, 6)."""
    return np.concatenate([even, odd])[_orders()]


@cache
def _orders() -> NDArray[np.int64]:
    """Three nodes given to even powers and three to odd ones: positions among (0, 1, 2) and (3, 4, 5), (36, 6)."""
    thirds = list(permutations(range(3)))
    return np.array([[e[0], o[0] + 3, e[1], o[1] + 3, e[2], o[2] + 3] for e in thirds for o in thirds])


@cache
def _grid() -> tuple[FloatArray, ComplexArray, ComplexArray, FloatArray, FloatArray]:
    """nu in turns over (0, 1/4), (G,); a^2 and c of the members there, (G, 6); the norms of both, (G,)."""
    turns = (np.arange(GRID) + 0.5) / (4 * GRID)
    members = np.stack([nodes_at(t) for t in turns])
    squares, c = members[:, 0] ** 2, members[:, 2]
    return turns, squares, c, np.linalg.norm(squares, axis=1), np.linalg.norm(c, axis=1)


def _on_grid(z: ComplexArray, nodes: NDArray[np.int64]) -> tuple[FloatArray, FloatArray]:
    """nu in turns (G,), and how like the members there the nodes z (3, 6) are, placed in N ways, (G, N).

    Cosines of a^2 and of c, together: free of the nodes' signs and, in modulus, of the unit.
    """
    turns, squares, c, norm_of_squares, norm_of_c = _grid()
    of_squares = np.abs(np.einsum("gj,nj->gn", squares.conj(), z[0][nodes] ** 2))
    of_c = np.abs(np.einsum("gj,nj->gn", c.conj(), z[2][nodes]))
    size = norm_of_squares * np.linalg.norm(z[0] ** 2) + norm_of_c * np.linalg.norm(z[2])
    return turns, (of_squares + of_c) / size[:, None]


def _refined(z: ComplexArray, nodes: NDArray[np.int64], start: float) -> Fit:
    """The nearest member with the nodes so placed and nu near a point of the grid."""
    from scipy.optimize import minimize_scalar  # takes a second to load, and exact membership does without

    placed = z[:, nodes]
    width = 0.5 / GRID
    result = minimize_scalar(
        lambda turns: _nearest(placed, turns)[0],
        bounds=(start - width, start + width),
        method="bounded",
        options={"xatol": 1e-10},
    )
    turns = float(result.x)
    deviation, fitted, unit = _nearest(placed, turns)
    model = np.empty_like(z)
    model[:, nodes] = fitted
    nu = min(turns % 0.5, 0.5 - turns % 0.5)
    distance = float(np.sqrt(deviation / np.sum(np.abs(z) ** 2)))
    return Fit(NAME, {"nu": nu}, distance, dimension=6, model=model, unit=unit)


def _nearest(placed: ComplexArray, turns: float) -> tuple[float, ComplexArray, ComplexArray]:
    """Squared distance to the member at nu over units and signs, that member, and its unit."""
    x = nodes_at(turns)
    products = placed * x.conj()
    signs = pseudo_one(_signs(products[:2]))
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


FAMILY = Family(
    NAME,
    orders=(6,),
    formula=r"$\rho(u_\nu)$",
    member=member,
    fit=fit,
    draw=draw,
    panel=None,
)
