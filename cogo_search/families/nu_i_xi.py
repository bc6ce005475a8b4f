r"""The family ``nu_i*xi`` (Corollary 4): z_{nu=i} * z_xi, order 4, one phase xi.

    z_{nu=i} = {1, u_i},  u_i = [i, -i, 1];    z_xi = {1, [xi, -i/xi, i]}.

All nodes have modulus one; R_c and R_* hold, R_n does not. The fundamental domain is xi in [0, 1/8] turns: the
node times u_i has xi a quarter of a turn further, the swap reflects it.
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
    """{xi} of an exact member."""
    return aligned_parameters(solution, members)


@cache
def members(n: int) -> dict[Directions, Parameters]:
    """The directions of every member over mu_n, n even; 4 must divide n."""
    if n % 4:
        return {}
    quarter, half = n // 4, n // 2
    nu_i = [(0, 0), (quarter, quarter + half)]
    return by_directions((product_directions(n, nu_i, [(0, 0), (xi, -quarter - xi)]), {"xi": xi}) for xi in range(n))


def _offset() -> FloatArray:
    """The phases at xi = 1: rows are z_{nu=i}, columns are z_xi."""
    one = np.ones(3, dtype=complex)
    return product_phases([one, np.array([1j, -1j, 1])], [one, np.array([1, -1j, 1j])])


def _design() -> FloatArray:
    """The second column goes with [xi, 1/xi, 1]."""
    design = np.zeros((3, 2, 2, 1))  # part a, b, c; row; column; parameter
    design[:, :, 1, 0] = [[1], [-1], [0]]
    return design


MODEL = AlignedModel(
    "nu_i*xi",
    parameters=("xi",),
    offset=_offset(),
    design=_design(),
    free_signs="rows",
    domain=lambda values: [reflected(values[0], 1 / 4)],
)

FAMILY = Family(
    "nu_i*xi",
    orders=(4,),
    formula=r"$z_{\nu=i} * z_\xi$",
    member=member,
    fit=MODEL.fit,
    draw=MODEL.draw,
    panel=Histogram("xi", r"$\xi$ of $z_{\nu=i} * z_\xi$", end=1 / 8, legend="upper left"),
)
