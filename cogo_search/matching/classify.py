r"""What the nodes of one frequency are: family, catalog entry, or neither, with the evidence.

Of the families within the tolerance the most special one that the nodes do not refute is named. A family is refuted by
another that fits the same nodes better than noise allows: with R the squared distance, D the number of parameters and
5q - D the degrees of freedom left (each balanced node has five), f is refuted by g if

    (R_f - R_g) / max(1, D_g - D_f)  >  F  R_g / (5q - D_g),

F the upper 1e-4 quantile of Fisher's distribution: the test of nested least squares, applied to families that share a
boundary. So the noise of a frequency is read off the frequency itself. ``nu_i*w`` refutes nobody (``refutes`` of its
:class:`.Family`): it contains two of the others, its thirteen parameters absorb the unequal weights (about 1 %) that
weight decay leaves in any trained network, and a name says more where it holds within the tolerance.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from scipy.stats import f as fisher

from ..families.arrangements import Arrangement, factorize
from ..families.base import Fit
from ..families.fitting import fits
from ..families.registry import find_family
from .nearest_entry import EntryFit, Library, nearest
from .spectrum import Block

#: Largest relative distance called a match.
TOLERANCE = 0.05
#: False refutations of a true special family.
LEVEL = 1e-4
#: Distances below are rounding of float32 weights, whatever fits better.
ROUNDING = 1e-6
#: Families are fitted to every arrangement up to this error, so that distances are exact up to it.
FAR = 0.3


@dataclass(frozen=True, eq=False)
class Match:
    """A block with what it was compared to; ``status`` family | entry | non-factorable | other.

    ``family`` is None where none is within the tolerance; ``also`` are the others within it, ``nearest`` all fits.
    """

    block: Block
    arrangement: Arrangement | None
    family: Fit | None
    also: tuple[Fit, ...]
    nearest: tuple[Fit, ...]
    entry: EntryFit | None
    status: str


@cache
def _quantile(numerator: int, denominator: int) -> float:
    return float(fisher.isf(LEVEL, numerator, denominator))


def refuted(f: Fit, g: Fit, order: int) -> bool:
    """Whether g fits so much better than f that noise does not explain it."""
    extra = max(1, g.dimension - f.dimension)
    freedom = 5 * order - g.dimension
    noise = max(g.distance, ROUNDING) ** 2 / freedom
    return (f.distance**2 - g.distance**2) / extra > _quantile(extra, freedom) * noise


def select(candidates: list[Fit], order: int, tolerance: float) -> tuple[Fit | None, tuple[Fit, ...]]:
    """The most special family within the tolerance that no other one refutes, and the others within it."""
    within = [fit for fit in candidates if fit.distance <= tolerance]
    rivals = [fit for fit in within if find_family(fit.family).refutes]
    standing = [f for f in within if not any(refuted(f, g, order) for g in rivals if g is not f)]
    chosen = standing[0] if standing else min(within, key=lambda fit: fit.distance, default=None)
    return chosen, tuple(fit for fit in within if fit is not chosen)


def classify(block: Block, entries: dict[int, Library], tolerance: float = TOLERANCE, real: bool = False) -> Match:
    """Factorize, fit the families, look the catalog up and decide.

    At a ``real`` character (2k = 0) the nodes are real and abc = 1 is the one condition: no family or entry is tried.
    """
    if real:
        return Match(block, None, None, (), (), None, "other")
    found = factorize(block.z, within=max(tolerance, FAR))
    candidates = fits(block.z, found)
    family, also = select(candidates, block.order, tolerance)
    library = entries.get(block.order)
    entry = nearest(block.z, library) if library is not None else None
    arrangement = found[0] if found else None
    if family is not None:
        status = "family"
    elif entry is not None and entry.distance <= tolerance:
        status = "entry"
    elif arrangement is not None and arrangement.error > tolerance:
        status = "non-factorable"
    else:
        status = "other"
    return Match(block, arrangement, family, also, tuple(candidates), entry, status)
