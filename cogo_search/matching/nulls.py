r"""How often nodes that mean nothing match a family: the null distributions behind every match.

Three nulls at every order that families are fitted at (4 and 6), each giving for every family of that order the
distances of random blocks:

* ``random-phases``: |a| = |b| = |c| = 1, phases uniform;
* ``rc-only``: Gaussian nodes moved to the nearest zero of R_c with abc = 1 (the weighted family is flexible: what a
  partly trained frequency would look like must not pass for it);
* ``shuffled``: nodes of trained networks, drawn from different frequencies.

The first two depend on no data: ``null.json`` holds their distances up to 0.3 (scripts/null_distributions.py draws
them again). The third is drawn from the networks at hand.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from ..families.arrangements import factorize
from ..families.fitting import fits
from ..families.registry import fitted_at, fitted_orders
from ..networks.network import ComplexArray
from .polish import newton
from .spectrum import Block, balance

#: Distances above are not kept: no tolerance reaches them.
LIMIT = 0.3


@dataclass(frozen=True)
class Null:
    """Distances (sorted, at most LIMIT) of ``samples`` blocks of one kind and order to one family."""

    kind: str
    order: int
    family: str
    samples: int
    distances: tuple[float, ...]

    def rate(self, tolerance: float) -> float:
        """Share of the samples within the tolerance."""
        return float(np.searchsorted(self.distances, tolerance, side="right")) / self.samples

    def upper(self, tolerance: float) -> float:
        """Upper end of the exact one-sided 95 % confidence interval of the rate (Clopper, Pearson 1934)."""
        from scipy.stats import beta

        hits = round(self.rate(tolerance) * self.samples)
        return float(beta.ppf(0.95, hits + 1, self.samples - hits)) if hits < self.samples else 1.0


def random_phases(order: int, rng: np.random.Generator) -> ComplexArray:
    """Nodes (3, order) of unit modulus."""
    return np.exp(2j * np.pi * rng.random((3, order)))


def rc_only(order: int, rng: np.random.Generator) -> ComplexArray:
    """Balanced nodes (3, order) with abc = 1 and R_c = 0."""
    while True:
        start = rng.normal(size=(3, order)) + 1j * rng.normal(size=(3, order))
        z = newton(start / np.sqrt(2), [("Abc",), ("aBc",), ("ABc",)])
        if z is not None:
            return z


def shuffled(order: int, blocks: list[Block], rng: np.random.Generator) -> ComplexArray:
    """Balanced nodes (3, order) drawn from different blocks of one order, phases of each left as they are."""
    chosen = rng.choice(len(blocks), size=order, replace=len(blocks) < order)
    return np.stack([blocks[i].z[:, rng.integers(blocks[i].order)] for i in chosen], axis=1)


def distances(z: ComplexArray) -> dict[str, float]:
    """The distance of balanced nodes to every family of their order, exact up to LIMIT."""
    return {fit.family: fit.distance for fit in fits(balance(z), factorize(z, within=LIMIT))}


def collect(kind: str, order: int, samples: list[ComplexArray]) -> list[Null]:
    """The null of each family from random blocks."""
    rows = [distances(z) for z in samples]
    return [
        Null(
            kind,
            order,
            family.name,
            len(rows),
            tuple(sorted(row[family.name] for row in rows if row.get(family.name, np.inf) <= LIMIT)),
        )
        for family in fitted_at(order)
    ]


def draw(samples: int, seed: int) -> list[Null]:
    """The two nulls that depend on no data."""
    found = []
    for kind, make in (("random-phases", random_phases), ("rc-only", rc_only)):
        for order in fitted_orders():
            rng = np.random.default_rng([seed, order, len(kind)])
            found += collect(kind, order, [make(order, rng) for _ in range(samples)])
    return found


def draw_shuffled(blocks: list[Block], samples: int, seed: int = 0) -> list[Null]:
    """The null of the networks at hand, for the orders of which there are at least two blocks."""
    found = []
    for order in fitted_orders():
        pool = [block for block in blocks if block.order == order]
        if len(pool) >= 2:
            rng = np.random.default_rng([seed, order])
            found += collect("shuffled", order, [shuffled(order, pool, rng) for _ in range(samples)])
    return found


@lru_cache(maxsize=1)
def shipped() -> tuple[Null, ...]:
    """The nulls of null.json."""
    rows = json.loads(Path(__file__).with_name("null.json").read_text(encoding="ascii"))["nulls"]
    return tuple(Null(r["kind"], r["order"], r["family"], r["samples"], tuple(r["distances"])) for r in rows)


def rates(tolerance: float, nulls: tuple[Null, ...] | list[Null]) -> list[dict[str, Any]]:
    """Rows {kind, order, family, samples, rate, upper} at a tolerance; ``upper`` is the 95 % bound."""
    return [
        {
            "kind": null.kind,
            "order": null.order,
            "family": null.family,
            "samples": null.samples,
            "rate": null.rate(tolerance),
            "upper": null.upper(tolerance),
        }
        for null in nulls
    ]


def worst(tolerance: float, nulls: tuple[Null, ...] | list[Null]) -> float:
    """The largest rate of any family and kind."""
    return max(null.rate(tolerance) for null in nulls)
