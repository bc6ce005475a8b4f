r"""The family ``opposite_pair``: two nodes that annul R_n, one phase x.

    {1, [x, -1/x, -1]}:    aAc = bBc = 1 - 1 = 0,    abc = 1 + x (-1/x) (-1) = 2.

Nodes have modulus one and abc = 1; R_c and R_* do not hold in general. A pseudo-1 sign takes x to -x, the unit
[1/x, -x, -1] and the swap to 1/x: the fundamental domain is x in [0, 1/4] turns.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np

from ..algebra.canonical import Solution
from ..networks.network import ComplexArray
from .aligned import reflected
from .arrangements import Arrangement
from .base import TURN, Family, Fit
from .exact import Directions, Parameters, aligned_parameters, by_directions, product_directions


def member(solution: Solution) -> Parameters | None:
    """{x} of an exact member."""
    return aligned_parameters(solution, members)


@cache
def members(n: int) -> dict[Directions, Parameters]:
    """The directions of every member over mu_n, n even."""
    one = [(0, 0)]
    return by_directions((product_directions(n, one, [(0, 0), (x, n // 2 - x)]), {"x": x}) for x in range(n))


def fit(z: ComplexArray, found: Sequence[Arrangement] = ()) -> Fit | None:
    """The member nearest to two balanced nodes z (3, 2): x is the mean of a_2/a_1 and -b_1/b_2 as a phase."""
    a, b, _ = z[:, 1] * z[:, 0].conj()
    nodes = pair(float(np.angle(a - b.conj())) / TURN)
    unit = np.mean(z * nodes.conj(), axis=1)
    model = unit[:, None] * nodes
    distance = float(np.linalg.norm(z - model) / np.linalg.norm(z))
    parameters = {"x": reflected(float(np.angle(nodes[0, 1])) / TURN, 1 / 2)}
    return Fit("opposite_pair", parameters, distance, dimension=6, model=model, unit=unit)


def pair(turns: float) -> ComplexArray:
    """The member (3, 2) with x at a phase in turns."""
    x = np.exp(1j * TURN * turns)
    return np.array([[1, x], [1, -1 / x], [1, -1]])


FAMILY = Family(
    "opposite_pair",
    orders=(2,),
    formula=r"$\{1, [x, -1/x, -1]\}$",
    member=member,
    fit=fit,
    draw=lambda rng: pair(rng.random()),
)
