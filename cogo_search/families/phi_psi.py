r"""The family ``phi_psi``: four nodes that solve the merged conditions where 4k = 0, two phases phi and psi.

With |a| = |b| = 1, r sin 2 phi = s sin 2 psi (docs/theory.md, section 4)

    a = [e^{-i phi}, e^{i phi}, e^{-i psi}, e^{i psi}],    b = [i e^{-i phi}, i e^{i phi}, -e^{-i psi}, -e^{i psi}],
    c = [r, -r, -i s, i s],    r = 1/(4 sin 2 phi).

R_n = 0 and every merged condition hold; 4 is the least order over all real weights. Exact membership only: where 4k = 0
trained nodes are compared with the families of the generic conditions.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from ..algebra.canonical import Solution, canonical
from ..algebra.cyclotomic import root_of_unity, rotate
from ..algebra.weights import Weights
from .base import Family
from .exact import Parameters


def member(solution: Solution) -> Parameters | None:
    """{phi, psi} of an exact member: a solution of the merged conditions with four nodes."""
    if solution.character_order != "4" or solution.order != 4:
        return None
    return members(solution.n).get(solution.id)


@cache
def members(n: int) -> dict[str, Parameters]:
    """The parameters of every member over mu_n by the id of its solution; 4 must divide n."""
    found: dict[str, Parameters] = {}
    if n % 4:
        return found
    for phi in range(n // 4):
        for psi in range(n // 4):
            weights = phi_psi(phi, psi, n)
            if weights is not None:
                found.setdefault(canonical(weights, "4").id, {"phi": phi, "psi": psi})
    return found


def phi_psi(phi: int, psi: int, n: int) -> Weights | None:
    """The member at phi and psi, exponents of zeta_n with 4 | n; None if sin 2 phi sin 2 psi = 0.

    c is taken 8i sin 2 phi sin 2 psi times as large as printed.
    """
    quarter, half = n // 4, n // 2
    x, y = (root_of_unity(2 * e, n) - root_of_unity(-2 * e, n) for e in (phi, psi))
    if not x.any() or not y.any():
        return None
    ix = rotate(x, quarter, n)
    a = np.array([-phi, phi, -psi, psi])
    b = np.array([quarter - phi, quarter + phi, half - psi, half + psi])
    return Weights.from_nodes(n, a, b, np.stack([y, -y, -ix, ix]))


FAMILY = Family(
    "phi_psi",
    orders=(4,),
    formula=r"$z_{\phi\psi}$ (4k = 0)",
    member=member,
    fit=None,
    draw=None,
    panel=None,
    character_order="4",
)
