"""From weights of nearly zero loss to a proof that a network of exactly zero loss is near them.

As many weights as there are equations may move, chosen by pivoted QR of the Jacobian; the others stay as they are. The
catalog's verifier decides, by Krawczyk's test in integers (``check_enclosure``). It can decide only where all equations
are independent at the solution. Networks much narrower than the paper's have fewer weights than equations, and no test
of this kind can prove that they solve more equations than they have unknowns: those need an exact form.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import scipy.linalg

from ..catalog.network_records import make_record, radius, scientific
from ..errors import InputError
from ..networks.network import TENSORS
from .newton import Solution

#: Radii tried, as multiples of the last Newton step that the float64 inverse predicts.
RADII = (4, 64, 1024)


def enclosure_record(name: str, solution: Solution) -> dict[str, Any]:
    """The catalog's record of a solution, with the radius within which an exact one lies.

    Raises InputError, with what stands in the way, if that is not proved.
    """
    equations, bits = solution.equations, solution.bits
    if not solution.converged:
        raise InputError(
            f"Newton's method failed from these weights: residual {scientific(solution.residual)}; that is no "
            "statement about whether a solution is near (a start of smaller loss may reach one)"
        )
    if solution.rank < equations.count:
        above, below = solution.gap
        raise InputError(
            f"the {equations.count} equations have rank {solution.rank} in the weights (singular values down to "
            f"{above:.1e} of the largest, then {below:.1e}), and Krawczyk's test needs them independent: this one "
            "needs an exact form, or an argument why some equations follow from others"
        )
    unit = Fraction(1, 2**bits)
    floats = np.array([float(int(x) * unit) for x in solution.weights.ravel()]).reshape(solution.weights.shape)
    jacobian = equations.jacobian(floats)
    order = scipy.linalg.qr(jacobian, mode="r", pivoting=True)[1][: equations.count]
    residual = equations.residual(solution.weights, 1 << 3 * bits)
    largest = max(1, *(abs(int(x)) for x in residual))
    scaled = np.array([float(Fraction(int(x), largest)) for x in residual])
    step = float(np.abs(np.linalg.solve(jacobian[:, order], scaled)).max())
    d, q = equations.group.order, equations.width
    weights = {name: rows.tolist() for name, rows in zip(TENSORS, solution.weights, strict=True)}
    unknowns = sorted(np.stack(np.unravel_index(equations.free[order], (3, d, q)), axis=1).tolist())
    for factor in RADII:
        radius = int(Fraction(step) * largest * factor / 2 ** (2 * bits)) + 1
        certificate = {"kind": "enclosure", "radius": radius, "unknowns": unknowns}
        try:
            return make_record(name, equations.group, equations.setting, q, {"exponent": bits, **weights}, certificate)
        except InputError as error:
            refusal = error
    raise refusal


def describe(solution: Solution, digits: int, record: dict[str, Any] | None, reason: str | None) -> dict[str, Any]:
    """What `frontier certify` found, as JSON: counts, and the weights as decimal strings and as hexadecimal floats.

    ``reason`` says why there is no ``record``.
    """
    equations, unit = solution.equations, Fraction(1, 2**solution.bits)
    values = [[[int(x) * unit for x in row] for row in rows] for rows in solution.weights]
    return {
        "group": equations.group.name,
        "trivial": equations.setting.trivial,
        "target": equations.setting.target,
        "width": equations.width,
        "equations": equations.count,
        "rank": solution.rank,
        "gap": list(solution.gap),
        "dimension_at_most": solution.dimension if solution.converged else None,
        "converged": solution.converged,
        "residual": scientific(solution.residual),
        "working_bits": solution.working,
        "kernel_vectors": solution.kernel,
        "nudge": solution.nudge,
        "left_out": solution.left_out,
        "shift": solution.shift,
        "largest": float(max(abs(int(x)) for x in solution.weights.ravel()) * unit),
        "proved": record is not None,
        "radius": None if record is None else scientific(radius(record)),
        "reason": reason,
        "id": None if record is None else record["id"],
        "digits": digits,
        "decimal": {n: [[_decimal(x, digits) for x in r] for r in v] for n, v in zip(TENSORS, values, strict=True)},
        "hexadecimal": {n: [[float(x).hex() for x in r] for r in v] for n, v in zip(TENSORS, values, strict=True)},
    }


def _decimal(x: Fraction, digits: int) -> str:
    """Rounded to ``digits`` places after the point."""
    scaled = round(abs(x) * 10**digits)
    sign = "-" if x < 0 and scaled else ""
    return f"{sign}{scaled // 10**digits}.{scaled % 10**digits:0{digits}d}"
