"""Exact membership in the named families, with parameters as exponents of zeta_n.

Most special first:

* ``nu*syn``        z_nu * z_syn (Eq. 6), z_nu = u_nu + 1, u_nu = [nu, -nu, -nu^-2];
* ``nu_i*syn_ab``   z_{nu=i} * z_{syn,alpha beta} (Eq. 11);
* ``nu_i*xi``       z_{nu=i} * z_xi (Corollary 4);
* ``rho_nu``        rho_S(u_nu), S all values other than 1: order 6 and all conditions with one generator;
* ``nu_i*w``        z_{nu=i} * w for any w with sum a b c-bar = 0, so that R_c and R_* hold; the parameters w0, w1, ...
  are the nodes of w among the entry's nodes, whose products with [i, -i, 1] are the rest;
* ``three_points``  R_c with three nodes: [1, 1, c0], [alpha, s alpha, s c1], [beta, t beta, t c2] with signs s, t
  ("alpha_sign": 1 for minus) and c0 : c1 : c2 = B - A : 1 - B : A - 1, A = alpha^-2, B = beta^-2: multiplication of
  complex numbers from their products at three points of the real projective line (Toom and Cook). For s = t = 1, R_n
  holds too.

At characters with 4k = 0 the same up to any unit, and before them:

* ``phi_psi``       the four nodes of DESIGN's closed form, e^{i phi} and e^{i psi} as exponents.

For an entry with canonical n every parameter lies in mu_n, because the ratios of its directions do, so
trying all of mu_n decides membership.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np

from ..algebra.canonical import Solution, anchored, canonical, images
from ..algebra.cyclotomic import root_of_unity, rotate
from ..algebra.generators import Generator
from ..algebra.polynomials import maximal_polynomial
from ..algebra.potentials import SETS
from ..algebra.weights import Weights, fold

Directions = frozenset[tuple[int, int]]


def families(solution: Solution) -> list[dict[str, Any]]:
    """``[{name, parameters}]`` for every named family that holds the solution, most special first."""
    n, w = solution.n, solution.weights()
    found: list[dict[str, Any]] = []
    if solution.character_order == "2":
        return found
    if solution.character_order == "4":
        pair = _phi_psi_members(n).get(solution.id) if solution.order == 4 else None
        found += [{"name": "phi_psi", "parameters": pair}] if pair else []
        found += _over(canonical(w), n)
    else:
        found += _over(solution, n)
    halves = _half_of_nodes(w)
    if halves is not None:
        found.append({"name": "nu_i*w", "parameters": {f"w{i}": node for i, node in enumerate(halves)}})
    points = [p for image in images(w) if (p := _three_points(image)) is not None]
    if points:
        found.append({"name": "three_points", "parameters": min(points, key=lambda p: sorted(p.items()))})
    return found


def _over(solution: Solution, n: int) -> list[dict[str, Any]]:
    """The families with parameters in mu_m, m = solution.n, as exponents of zeta_n, m | n."""
    factor = n // solution.n
    return [
        {"name": family["name"], "parameters": {key: value * factor for key, value in family["parameters"].items()}}
        for family in _parametric(solution)
    ]


def _parametric(solution: Solution) -> list[dict[str, Any]]:
    n = solution.n
    found: list[dict[str, Any]] = []
    if solution.aligned_nodes() == solution.order:
        w = solution.weights()
        shapes = {
            frozenset((a, b) for a, b, _ in anchored(image, anchor))
            for image in images(w)
            for anchor in range(image.order)
        }
        for name, members in _aligned_families(n).items():
            fitting = [members[shape] for shape in shapes if shape in members]
            if fitting:
                found.append({"name": name, "parameters": min(fitting, key=lambda p: sorted(p.items()))})
    nu = _rho_nu_members(n).get(solution.id) if solution.order == 6 else None
    if nu is not None:
        found.append({"name": "rho_nu", "parameters": {"nu": nu}})
    return found


def _three_points(w: Weights) -> dict[str, int] | None:
    """Parameters if b = +-a on three nodes, the first at (1, 1); then R_c determines c, because a^2 are distinct."""
    if w.order != 3 or np.any((w.a - w.b - (w.a[0] - w.b[0])) % (w.n // 2)):
        return None
    if any(w.potential(name).any() for name in SETS["Rc"]):
        return None
    parameters: dict[str, int] = {}
    for name, a, b in zip(("alpha", "beta"), w.a[1:] - w.a[0], w.b[1:] - w.b[0], strict=True):
        parameters |= {name: int(a) % w.n, f"{name}_sign": int((a - b) % w.n != 0)}
    return parameters


def _half_of_nodes(w: Weights) -> list[int] | None:
    """The first of each pair of nodes that [i, -i, 1] exchanges, if it exchanges all, and sum a b c-bar vanishes."""
    if w.n % 4 or w.potential("ABc").any():
        return None
    moved = w.times_unit(w.n // 4, -w.n // 4)
    if moved != w:
        return None
    a, b = fold(w.a + w.n // 4, w.b - w.n // 4, w.n)
    keys = (w.a * w.n + w.b).tolist()
    partner = [keys.index(key) for key in (a * w.n + b).tolist()]
    return [node for node in range(w.order) if node < partner[node]]


def phi_psi(phi: int, psi: int, n: int) -> Weights | None:
    """DESIGN's closed form at 4k = 0, four nodes, phi and psi as exponents of zeta_n; None if sin 2 phi sin 2 psi = 0.

    Over n with 4 | n. c is taken 8i sin 2 phi sin 2 psi times as large as printed.
    """
    quarter, half = n // 4, n // 2
    x, y = (root_of_unity(2 * e, n) - root_of_unity(-2 * e, n) for e in (phi, psi))
    if not x.any() or not y.any():
        return None
    ix = rotate(x, quarter, n)
    a = np.array([-phi, phi, -psi, psi])
    b = np.array([quarter - phi, quarter + phi, half - psi, half + psi])
    return Weights.from_nodes(n, a, b, np.stack([y, -y, -ix, ix]))


@cache
def _aligned_families(n: int) -> dict[str, dict[Directions, dict[str, int]]]:
    """Directions of every member over mu_n; members are aligned, so directions decide."""
    result: dict[str, dict[Directions, dict[str, int]]] = {"nu*syn": {}, "nu_i*syn_ab": {}, "nu_i*xi": {}}
    third, quarter, half = n // 3, n // 4, n // 2
    if n % 3 == 0:
        syn = [(0, 0), (third, third), (-third, -third)]
        for nu in range(n):
            _store(result["nu*syn"], n, [(0, 0), (nu, nu + half)], syn, {"nu": nu})
    if n % 4 == 0:
        nu_i = [(0, 0), (quarter, quarter + half)]
        for xi in range(n):
            _store(result["nu_i*xi"], n, nu_i, [(0, 0), (xi, -quarter - xi)], {"xi": xi})
    if n % 12 == 0:
        for alpha in range(n):
            for beta in range(n):
                syn_ab = [(0, 0), (third + alpha, third - alpha), (beta - third, -beta - third)]
                _store(result["nu_i*syn_ab"], n, nu_i, syn_ab, {"alpha": alpha, "beta": beta})
    return result


def _store(
    members: dict[Directions, dict[str, int]],
    n: int,
    x: list[tuple[int, int]],
    y: list[tuple[int, int]],
    parameters: dict[str, int],
) -> None:
    sums = np.array([(a + c, b + d) for a, b in x for c, d in y])
    a, b = fold(sums[:, 0], sums[:, 1], n)
    directions = frozenset(zip(a.tolist(), b.tolist(), strict=True))
    if len(directions) == len(x) * len(y):
        members.setdefault(directions, parameters)


def _generic_nu(n: int) -> Iterator[tuple[int, Weights]]:
    for nu in range(n):
        polynomial = maximal_polynomial(Generator(nu, (nu + n // 2) % n, n))
        if polynomial is not None and polynomial.order == 6:
            yield nu, polynomial.weights()


@cache
def _phi_psi_members(n: int) -> dict[str, dict[str, int]]:
    members: dict[str, dict[str, int]] = {}
    for phi in range(n // 4 if n % 4 == 0 else 0):
        for psi in range(n // 4):
            if (weights := phi_psi(phi, psi, n)) is not None:
                members.setdefault(canonical(weights, "4").id, {"phi": phi, "psi": psi})
    return members


@cache
def _rho_nu_members(n: int) -> dict[str, int]:
    members: dict[str, int] = {}
    for nu, weights in _generic_nu(n):
        if np.any(weights.potential("abc")):
            members.setdefault(canonical(weights).id, nu)
    return members
