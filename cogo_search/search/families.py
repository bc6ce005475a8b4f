"""Exact membership in the named families, with parameters as exponents of zeta_n.

Most special first:

* ``nu*syn``        z_nu * z_syn (Eq. 6), z_nu = u_nu + 1, u_nu = [nu, -nu, -nu^-2];
* ``nu_i*syn_ab``   z_{nu=i} * z_{syn,alpha beta} (Eq. 11);
* ``nu_i*xi``       z_{nu=i} * z_xi (Corollary 4);
* ``rho_nu``        rho_S(u_nu), S all values other than 1: order 6 and all conditions with one generator.

For an entry with canonical n every parameter lies in mu_n, because the ratios of its directions do, so
trying all of mu_n decides membership.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np

from ..weights import Weights, fold
from .generators import Generator
from .orbits import Solution, anchored, canonical, images
from .polynomials import maximal_polynomial

Directions = frozenset[tuple[int, int]]


def families(solution: Solution) -> list[dict[str, Any]]:
    """``[{name, parameters}]`` for every named family that holds the solution, most special first."""
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
def _rho_nu_members(n: int) -> dict[str, int]:
    members: dict[str, int] = {}
    for nu, weights in _generic_nu(n):
        if np.any(weights.potential("abc")):
            members.setdefault(canonical(weights).id, nu)
    return members
