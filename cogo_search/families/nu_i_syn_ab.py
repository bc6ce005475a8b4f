r"""The family ``nu_i*syn_ab`` (Eq. 11): z_{nu=i} * z_{syn, alpha beta}, order 6, two phases alpha and beta.

    z_{nu=i} = {1, u_i},  u_i = [i, -i, 1],
    z_{syn, alpha beta} = {1, [w alpha, w/alpha, w], [beta/w, 1/(w beta), 1/w]},  w = e^{2 pi i/3}.

All nodes have modulus one, and all conditions hold, R_n included. The three columns have phases (0, alpha, beta) up to
a common shift; u_i changes each by a quarter of a turn. (alpha, beta) is the least of the twelve images under
exchanging the columns and negating, modulo 1/4: the fundamental domain is the triangle with the corners (0, 0),
(1/12, 1/6), (0, 1/8).
"""

from __future__ import annotations

from functools import cache
from itertools import permutations

import numpy as np

from ..algebra.canonical import Solution
from ..networks.network import FloatArray
from .aligned import AlignedModel, product_phases
from .base import Family, Scatter
from .exact import Directions, Parameters, aligned_parameters, by_directions, product_directions


def member(solution: Solution) -> Parameters | None:
    """{alpha, beta} of an exact member."""
    return aligned_parameters(solution, members)


@cache
def members(n: int) -> dict[Directions, Parameters]:
    """The directions of every member over mu_n; 12 must divide n."""
    if n % 12:
        return {}
    third, quarter, half = n // 3, n // 4, n // 2
    nu_i = [(0, 0), (quarter, quarter + half)]
    found = []
    for alpha in range(n):
        for beta in range(n):
            syn_ab = [(0, 0), (third + alpha, third - alpha), (beta - third, -beta - third)]
            found.append((product_directions(n, nu_i, syn_ab), {"alpha": alpha, "beta": beta}))
    return by_directions(found)


def least_image(values: list[float]) -> list[float]:
    """The least image of (alpha, beta) under exchanging the three columns and negating, modulo 1/4.

    Images within 1e-9 of 1/4 count as 0.
    """
    phases = (0.0, *values)
    images = []
    for order in permutations(range(3)):
        for sign in (1, -1):
            pair = [(sign * (phases[order[i]] - phases[order[0]])) % 0.25 for i in (1, 2)]
            images.append([0.0 if v > 0.25 - 1e-9 else v for v in pair])
    return min(images)


def _offset() -> FloatArray:
    """The phases at alpha = beta = 1: rows are z_{nu=i}, columns are z_syn."""
    one, w = np.ones(3, dtype=complex), np.exp(2j * np.pi / 3)
    return product_phases([one, np.array([1j, -1j, 1])], [one, one * w, one / w])


def _design() -> FloatArray:
    """The second column goes with [alpha, 1/alpha, 1], the third with [beta, 1/beta, 1]."""
    design = np.zeros((3, 2, 3, 2))  # part a, b, c; row; column; parameter
    design[:, :, 1, 0] = [[1], [-1], [0]]
    design[:, :, 2, 1] = [[1], [-1], [0]]
    return design


MODEL = AlignedModel(
    "nu_i*syn_ab",
    parameters=("alpha", "beta"),
    offset=_offset(),
    design=_design(),
    free_signs="rows",
    domain=least_image,
)

FAMILY = Family(
    "nu_i*syn_ab",
    orders=(6,),
    formula=r"$z_{\nu=i} * z_{syn,\alpha\beta}$",
    member=member,
    fit=MODEL.fit,
    draw=MODEL.draw,
    panel=Scatter(
        ("alpha", "beta"),
        r"$\alpha, \beta$ of $z_{\nu=i} * z_{syn,\alpha\beta}$",
        outline=((0, 0), (1 / 12, 1 / 6), (0, 1 / 8)),
        xlim=(-0.005, 0.09),
        ylim=(-0.01, 0.18),
    ),
)
