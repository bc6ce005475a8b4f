"""One search from settings to results: what ``enumerate`` runs."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import lcm

from ..algebra.generators import Generator, enumerate_generators, normalised_roots
from ..algebra.potentials import COVERS
from ..errors import InputError, choose
from .bounds import PENCIL_RANKS
from .free import FreeResult, Progress, search_free
from .products import ProductResult, polynomial_pool, search_products
from .weighted import Checkpoint, WeightedResult, search_weighted

MODELS = ("product", "free", "all")
NODES = ("aligned", "weighted")


@dataclass(frozen=True)
class SearchSettings:
    """What is searched, normalised: equal settings give equal catalogs.

    ``budget`` is in deterministic seconds for each solver call; ``limit`` is the most entries kept per
    model and cover; ``max_order`` makes the free model enumerate aligned nodes above its minimum too;
    ``max_factors`` restricts the product model (1: single-generator polynomials). ``nodes`` are those of the free
    model. The conditions that characters of order 4 or 2 merge are for the free model with weighted nodes alone.
    """

    roots: tuple[int, ...]
    model: str = "all"
    covers: tuple[str, ...] = tuple(COVERS)
    closure: bool = False
    max_factors: int | None = None
    max_order: int | None = None
    limit: int = 1000
    budget: int = 20
    nodes: str = "aligned"
    character_order: str = "generic"

    def __post_init__(self) -> None:
        object.__setattr__(self, "roots", normalised_roots(self.roots))
        if not self.covers or set(self.covers) - set(COVERS):
            raise InputError(f"covers={list(self.covers)} must be some of {', '.join(COVERS)}")
        object.__setattr__(self, "covers", tuple(c for c in COVERS if c in self.covers))
        if self.model not in MODELS:
            raise InputError(f"model={self.model!r} is unknown: {choose(self.model, MODELS)}")
        if self.nodes not in NODES:
            raise InputError(f"nodes={self.nodes!r} is unknown: {choose(self.nodes, NODES)}")
        if self.character_order not in PENCIL_RANKS:
            choices = ", ".join(PENCIL_RANKS)
            raise InputError(f"character_order={self.character_order!r} is unknown: choose from {choices}")
        if self.character_order != "generic" and (self.model, self.nodes) != ("free", "weighted"):
            raise InputError(
                f"character_order={self.character_order} with model={self.model}, nodes={self.nodes}: sums of "
                f"potentials are no homomorphisms, so merged conditions go with model=free and nodes=weighted only"
            )
        if self.nodes == "weighted" and self.model == "product":
            raise InputError("nodes=weighted with model=product: nodes are those of the free model, choose free or all")
        if self.nodes == "weighted" and self.max_order is not None:
            raise InputError(
                f"max_order={self.max_order} with nodes=weighted: above the minimal order weighted solutions come in "
                f"continuous families, which no list exhausts; leave it out, or use nodes=aligned"
            )
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
    free: dict[str, FreeResult | WeightedResult] = field(default_factory=dict)


def search(
    settings: SearchSettings, progress: Progress = lambda message: None, checkpoint: Checkpoint | None = None
) -> SearchResult:
    """Run the product and/or the free model for every wanted cover.

    A search of weighted nodes keeps what is done in ``checkpoint`` and goes on from there.
    """
    result = SearchResult(settings, tuple(enumerate_generators(settings.roots, settings.closure)))
    if settings.model != "free":
        progress(f"product: expanding the polynomials of {len(result.generators)} generators")
        pool = polynomial_pool(result.generators)
        for cover in settings.covers:
            progress(f"product {cover}: minimal products of {len(pool)} polynomials")
            result.product[cover] = search_products(pool, cover, settings.max_factors, settings.limit, settings.budget)
    aligned: dict[str, FreeResult] = {}
    for cover in settings.covers if settings.model != "product" else ():
        if settings.nodes == "weighted":
            result.free[cover] = search_weighted(
                settings.n, cover, settings.character_order, settings.limit, progress, checkpoint
            )
            continue
        progress(f"free {cover}: aligned nodes over mu_{settings.n}")
        known = [r.best for c, r in aligned.items() if r.best and set(COVERS[cover]) <= set(COVERS[c])]
        result.free[cover] = aligned[cover] = search_free(
            settings.n, cover, settings.max_order, settings.limit, settings.budget, progress, known
        )
    return result
