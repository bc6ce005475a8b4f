"""The named families fitted to the nodes of one frequency by least squares, with their free parameters.

Every model is up to a unit y (three free complex numbers), the order of the nodes and their pseudo-1 signs; each family
is closed under the swap a <-> b and conjugation. Parameters are phases in turns, reduced to the fundamental domain of
the family's own symmetries. Distances are relative to the norm of the balanced nodes.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..networks.network import ComplexArray
from .arrangements import Arrangement
from .base import Fit
from .registry import fitted_at


def fits(z: ComplexArray, found: Sequence[Arrangement]) -> list[Fit]:
    """The nearest member of every family to balanced nodes z (3, q), most special family first.

    ``found`` are the arrangements to try (:func:`.arrangements.factorize`): with all whose error is at most t, the
    nearest member of an aligned family is found whenever it is within t.
    """
    nearest = []
    for family in fitted_at(z.shape[1]):
        fit = family.fit(z, found) if family.fit is not None else None
        if fit is not None:
            nearest.append(fit)
    return nearest
