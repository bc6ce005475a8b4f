r"""The family ``three_points`` (Toom and Cook): R_c with three nodes, multiplication from its values at three points.

    [1, 1, c0], [alpha, s alpha, s c1], [beta, t beta, t c2],  signs s, t = +-1,
    c0 : c1 : c2 = B - A : 1 - B : A - 1,  A = alpha^-2, B = beta^-2:

Lagrange's weights, so the complex product is recovered from products at three points of the real projective line. For
s = t = 1, R_n holds too. Exact membership only: trained nodes of order 3 are not compared with it.
"""

from __future__ import annotations

import numpy as np

from ..algebra.canonical import Solution, images
from ..algebra.potentials import SETS
from ..algebra.weights import Weights
from .base import Family
from .exact import Parameters, least


def member(solution: Solution) -> Parameters | None:
    """{alpha, alpha_sign, beta, beta_sign} of an exact member, sign 1 for minus; the least under swap, conjugation."""
    if solution.order != 3:
        return None
    found = [_parameters(image) for image in images(solution.weights())]
    return least(parameters for parameters in found if parameters is not None)


def _parameters(w: Weights) -> Parameters | None:
    """Parameters if b = +-a on three nodes, the first at (1, 1); then R_c determines c, because a^2 are distinct."""
    real_line = not np.any((w.a - w.b - (w.a[0] - w.b[0])) % (w.n // 2))
    if not real_line or any(w.potential(name).any() for name in SETS["Rc"]):
        return None
    parameters: Parameters = {}
    for name, a, b in zip(("alpha", "beta"), w.a[1:] - w.a[0], w.b[1:] - w.b[0], strict=True):
        parameters[name] = int(a) % w.n
        parameters[f"{name}_sign"] = int((a - b) % w.n != 0)
    return parameters


FAMILY = Family(
    "three_points",
    orders=(3,),
    formula=r"$z_{\alpha\beta}$ (three points)",
    member=member,
    fit=None,
    draw=None,
    panel=None,
)
