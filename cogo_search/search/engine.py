"""One search from settings to results: what ``enumerate`` runs."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import lcm

from ..errors import InputError
from ..potentials import COVERS
from .free import FreeResult, Progress, search_free
from .generators import Generator, enumerate_generators, normalised_roots
from .products import ProductResult, polynomial_pool, search_products

MODELS = ("product", "free", "all")


@dataclass(frozen=True)
class SearchSettings:
    """What is searched, normalised: equal settings give equal catalogs.

    ``budget`` is in deterministic seconds for each solver call; ``limit`` is the most entries kept per
    model and cover; ``max_order`` makes the free model enumerate above its minimum too;
    ``max_factors`` restricts the product model (1: single-generator polynomials).
    """

    roots: tuple[int, ...]
    model: str = "all"
    covers: tuple[str, ...] = tuple(COVERS)
    closure: bool = False
    max_factors: int | None = None
    max_order: int | None = None
    limit: int = 1000
    budget: int = 20

    def __post_init__(self) -> None:
        object.__setattr__(self, "roots", normalised_roots(self.roots))
        if not self.covers or set(self.covers) - set(COVERS):
            raise InputError(f"covers={list(self.covers)} must be some of {', '.join(COVERS)}")
        object.__setattr__(self, "covers", tuple(c for c in COVERS if c in self.covers))
        if self.model not in MODELS:
            raise InputError(f"model={self.model!r} is unknown: choose from {', '.join(MODELS)}")
        for name in ("limit", "budget", "max_factors", "max_order"):
            value = getattr(self, name)
            if value is not None and value < 1:
                raise InputError(f"{name}={value} must be a positive integer")

    @property
    def n(self) -> int:
        """lcm of the roots: the free model searches mu_n."""
        return lcm(*self.roots)


@dataclass(frozen=True)
class SearchResult:
    """Generators, and one result per cover for each model that was run."""

    settings: SearchSettings
    generators: tuple[Generator, ...]
    product: dict[str, ProductResult] = field(default_factory=dict)
    free: dict[str, FreeResult] = field(default_factory=dict)


def search(settings: SearchSettings, progress: Progress = lambda message: None) -> SearchResult:
    """Run the product and/or the free model for every wanted cover."""
    result = SearchResult(settings, tuple(enumerate_generators(settings.roots, settings.closure)))
    if settings.model != "free":
        progress(f"product: expanding the polynomials of {len(result.generators)} generators")
        pool = polynomial_pool(result.generators)
        for cover in settings.covers:
            progress(f"product {cover}: minimal products of {len(pool)} polynomials")
            result.product[cover] = search_products(pool, cover, settings.max_factors, settings.limit, settings.budget)
    if settings.model != "product":
        for cover in settings.covers:
            progress(f"free {cover}: aligned nodes over mu_{settings.n}")
            known = [r.best for c, r in result.free.items() if r.best and set(COVERS[cover]) <= set(COVERS[c])]
            result.free[cover] = search_free(
                settings.n, cover, settings.max_order, settings.limit, settings.budget, progress, known
            )
    return result
