"""What a catalog says was searched, and the generators that it lists."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from .meter import agree, require
from .vocabulary import Direction
from .weights import value_at

MAX_SEARCH_N = 120  # beyond: refused, not computed
NOTHING = {"roots": [], "closure": False, "n": 1, "model": "free", "nodes": "aligned", "covers": [],
           "character_order": "generic", "max_factors": None, "max_order": None, "limit": 1, "budget": 1,
           "complete": {}}  # fmt: skip


@dataclass(frozen=True)
class Search:
    """What the catalog says was searched."""

    roots: tuple[int, ...]
    n: int
    closure: bool
    model: str
    covers: tuple[str, ...]
    max_factors: int | None
    max_order: int | None
    limit: int | None
    nodes: str
    character_order: str

    @property
    def even(self) -> int:
        """The least even multiple of n: -1 is needed to fold directions."""
        return math.lcm(2, self.n)

    @property
    def models(self) -> tuple[str, ...]:
        """The models that were run."""
        return ("product", "free") if self.model == "all" else (self.model,)

    def generators(self) -> list[Direction]:
        """All (a, b) in mu_r^2 for one of the roots r; c = 1/(ab) then lies in mu_r too."""
        steps = [self.n // r for r in ((self.n,) if self.closure else self.roots)]
        return sorted({(a, b) for s in steps for a in range(0, self.n, s) for b in range(0, self.n, s)})


@lru_cache(maxsize=4)
def searched(search: Search) -> frozenset[Direction]:
    """The generators, to look one up."""
    return frozenset(search.generators())


def read_search(data: dict[str, Any]) -> Search:
    """Check the search and its list of generators."""
    s = data["search"]
    roots, covers = tuple(s["roots"]), tuple(s["covers"])
    if not covers:  # a file of whole networks alone
        agree("search of no covers", s, NOTHING)
        require(not data["entries"], "entries: nothing was searched")
    positive = bool(roots) == bool(covers) and min(roots, default=1) >= 1
    require(positive and list(roots) == sorted(set(roots)), f"search.roots: {s['roots']}")
    require(max(roots, default=1) <= MAX_SEARCH_N, f"search.roots: {max(roots, default=1)} is above {MAX_SEARCH_N}")
    agree("search.n", s["n"], math.lcm(*roots))
    require(s["n"] <= MAX_SEARCH_N, f"search.n: {s['n']} is above {MAX_SEARCH_N}")
    require(len(set(covers)) == len(covers), f"search.covers: {s['covers']}")
    for key, least in (("max_factors", 1), ("max_order", 1), ("limit", 1), ("budget", 1)):
        optional = key in ("max_factors", "max_order")
        require(optional if s[key] is None else s[key] >= least, f"search.{key}: {s[key]}")
    numbers = (s["max_factors"], s["max_order"], s["limit"])
    search = Search(roots, s["n"], s["closure"], s["model"], covers, *numbers, s["nodes"], s["character_order"])
    n = search.n
    merged = search.character_order != "generic"
    possible = not merged or (search.model, search.nodes) == ("free", "weighted")
    require(possible, f"search.character_order: {search.character_order} is for the free model with weighted nodes")
    aligned = search.nodes == "aligned"
    require(aligned or search.max_order is None, "search.max_order: goes with aligned nodes only")
    require(aligned or search.model != "product", "search.nodes: weighted nodes are for the free model")
    expected = [] if s["model"] == "free" else [
        {"a": a, "b": b, "c": -(a + b) % n, "n": n, "values": value_at(n, a, b)}
        for a, b in search.generators()
    ]  # fmt: skip
    for i, (stored, computed) in enumerate(zip(data["generators"], expected, strict=False)):
        agree(f"generators[{i}]", stored, computed)
    agree("number of generators", len(data["generators"]), len(expected))
    return search
