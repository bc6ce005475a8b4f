r"""The family ``nu*syn`` (Eq. 6): z_nu * z_syn, order 6, one phase nu.

    z_nu = {1, u_nu},  u_nu = [nu, -nu, -nu^-2];    z_syn = {1, u_syn, u_syn^2},  u_syn = [w, w, w],  w = e^{2 pi i/3}.

All nodes have modulus one, and all conditions hold, R_n included. The fundamental domain is nu in [0, 1/12] turns:
u_syn u_nu has nu a third of a turn further, a pseudo-1 sign changes it by half a turn, the unit u_nu^-1 reflects it.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from ..algebra.canonical import Solution
from ..networks.network import FloatArray
from .aligned import AlignedModel, product_phases, reflected
from .base import Family, Histogram
from .exact import Directions, Parameters, aligned_parameters, by_directions, product_directions


def member(solution: Solution) -> Parameters | None:
    """{nu} of an exact member."""
    return aligned_parameters(solution, members)


@cache
def members(n: int) -> dict[Directions, Parameters]:
    """The directions of every member over mu_n, n even; 3 must divide n."""
    if n % 3:
        return {}
    third, half = n // 3, n // 2
    syn = [(0, 0), (third, third), (-third, -third)]
    return by_directions((product_directions(n, [(0, 0), (nu, nu + half)], syn), {"nu": nu}) for nu in range(n))


def _offset() -> FloatArray:
    """The phases at nu = 1: rows are z_nu, columns are z_syn."""
    one, w = np.ones(3, dtype=complex), np.exp(2j * np.pi / 3)
    return product_phases([one, np.array([1, -1, -1], dtype=complex)], [one, one * w, one / w])


def _design() -> FloatArray:
    """The second row goes with [nu, nu, nu^-2]."""
    design = np.zeros((3, 2, 3, 1))  # part a, b, c; row; column; parameter
    design[:, 1, :, 0] = [[1], [1], [-2]]
    return design


MODEL = AlignedModel(
    "nu*syn",
    parameters=("nu",),
    offset=_offset(),
    design=_design(),
    free_signs="columns",
    domain=lambda values: [reflected(values[0], 1 / 6)],
)

FAMILY = Family(
    "nu*syn",
    orders=(6,),
    formula=r"$z_\nu * z_{syn}$",
    member=member,
    fit=MODEL.fit,
    draw=MODEL.draw,
    panel=Histogram("nu", r"$\nu$ of $z_\nu * z_{syn}$", end=1 / 12),
)
