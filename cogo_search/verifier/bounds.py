"""A bound: what its method can prove, that its certificate or enumeration proves it, and what is claimed by it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .certificates import check_dual, check_pencil
from .entries import Entry
from .enumerations import smallest_aligned, smallest_product
from .meter import METER, agree, require
from .searches import Search
from .supports import smallest_support
from .vocabulary import FREQUENCY, PROVING, Log

EXHAUSTIVE_LIMIT = 10**6  # multisets of columns in an enumeration

# ---- the methods: each refuses a bound that it does not prove


def by_nothing(bound: dict[str, Any], search: Search, where: str, log: Log) -> None:
    """No bound, or one that needs no proof."""
    require(bound["lower_bound"] in (None, 0, 1), f"{where}: lower_bound {bound['lower_bound']} without a method")


def by_word(bound: dict[str, Any], search: Search, where: str, log: Log) -> None:
    """The solver's word."""
    stored = bound["lower_bound"]
    require(stored is not None and stored >= 1, f"{where}: lower_bound {stored}")


def by_pencil(bound: dict[str, Any], search: Search, where: str, log: Log) -> None:
    """The rank of the pencil of moments."""
    rank = check_pencil(bound, bound["scope"]["cover"], search.character_order, where)
    agree(f"{where}: lower_bound", bound["lower_bound"], rank)


def by_dual(bound: dict[str, Any], search: Search, where: str, log: Log) -> None:
    """The dual of the linear relaxation."""
    value = check_dual(bound, bound["scope"]["cover"], search, where)
    agree(f"{where}: lower_bound", bound["lower_bound"], value)


def by_enumeration(bound: dict[str, Any], search: Search, where: str, log: Log) -> None:
    """The enumeration that the bound rests on, again."""
    METER.doing = f"{where}: the enumeration again"
    ENUMERATIONS[bound["scope"]["weights"]](bound, search, where, log)


def no_products(bound: dict[str, Any], search: Search, where: str, log: Log) -> None:
    """The least formal order of a product of polynomials."""
    if len(search.generators()) > 1000:  # takes seconds
        log(f"{where}: orders of all polynomials over roots {list(search.roots)}")
    agree(f"{where}: lower_bound", bound["lower_bound"], smallest_product(search, bound["scope"]["cover"]))


def no_supports(bound: dict[str, Any], search: Search, where: str, log: Log) -> None:
    """No support of fewer weighted nodes has a solution."""
    by_word(bound, search, where, log)
    stored, cover = bound["lower_bound"], bound["scope"]["cover"]
    log(f"{where}: all supports over mu_{search.n} for {cover} with fewer than {stored} weighted nodes")
    found = smallest_support(search.n, cover, search.character_order, stored, where)
    require(found is None, f"{where}: lower_bound: stored {stored}, but there is a solution with {found} nodes")


def no_aligned(bound: dict[str, Any], search: Search, where: str, log: Log) -> None:
    """No solution has fewer aligned nodes."""
    by_word(bound, search, where, log)
    stored, cover, n = bound["lower_bound"], bound["scope"]["cover"], search.n
    columns_count, half = (n**2 if n % 2 else n**2 // 2), (stored - 1) // 2
    size = math.comb(columns_count + half - 1, half) if half <= 100 else EXHAUSTIVE_LIMIT + 1
    require(size <= EXHAUSTIVE_LIMIT, f"{where}: {size} multisets are too many for an exhaustive bound")
    log(f"{where}: all aligned solutions over mu_{n} for {cover} with fewer than {stored} nodes")
    found = smallest_aligned(n, cover, stored)
    require(found is None, f"{where}: lower_bound: stored {stored}, but there is a solution with {found} nodes")


Check = Callable[[dict[str, Any], Search, str, Log], None]
ENUMERATIONS: dict[str, Check] = {"product": no_products, "weighted": no_supports, "aligned": no_aligned}


@dataclass(frozen=True)
class Method:
    """A method of proof: what it can bound for which weights, the key that only its certificates have, its check."""

    check: Check
    bounds: frozenset[tuple[str, str]]  # (weights, minimised)
    certificate: str | None = None


ENUMERABLE = frozenset({("weighted", "order"), ("aligned", "aligned_nodes"), ("product", "formal_order")})
METHODS = {
    "pencil-rank": Method(by_pencil, frozenset({("real", "order")}), "pencil"),
    "lp-dual": Method(by_dual, frozenset({("aligned", "aligned_nodes"), ("aligned", "order")}), "multipliers"),
    "exhaustive": Method(by_enumeration, ENUMERABLE),
    "solver-only": Method(by_word, ENUMERABLE),
    "none": Method(by_nothing, ENUMERABLE | {("real", "order")}),
}

# ---- one bound


def check_bound(bound: dict[str, Any], search: Search, where: str, log: Log) -> bool:
    """Check scope and certificate; true if the bound is proved, false if it is the solver's word or no bound."""
    check_scope(bound["scope"], search, where)
    scope, certificate, method = bound["scope"], bound["certificate"], METHODS[bound["method"]]
    about = f"{scope['minimised']} of {scope['weights']} weights"
    able = (scope["weights"], scope["minimised"]) in method.bounds
    require(able, f"{where}: scope: {bound['method']} proves nothing about {about}")
    fits = (certificate is None) if method.certificate is None else method.certificate in (certificate or {})
    require(fits, f"{where}: certificate does not belong to {bound['method']}")
    method.check(bound, search, where, log)
    return bound["method"] in PROVING


def check_scope(scope: dict[str, Any], search: Search, where: str) -> None:
    """What the bound is about is what was searched."""
    weights, merged = scope["weights"], search.character_order != "generic"
    agree(f"{where}: scope.n", scope["n"], None if weights == "real" else search.n)
    agree(f"{where}: scope", (scope["frequency"], scope["conditions"]), FREQUENCY[search.character_order])
    require(not merged or weights in ("real", "weighted"), f"{where}: scope: {weights} weights, merged conditions")
    copied = {"roots": list(search.roots), "closure": search.closure, "max_factors": search.max_factors}
    for key, value in (copied if weights == "product" else {}).items():
        require(key in scope, f"{where}: scope: missing {key}")
        agree(f"{where}: scope.{key}", scope[key], value)
    require(weights == "product" or not copied.keys() & scope.keys(), f"{where}: scope: keys of another class")


def quantity_in(scope: dict[str, Any], entry: Entry) -> int | None:
    """The minimised quantity of the entry, None where it lies outside the scope."""
    aligned = entry.in_search > 0 and entry.quantity["aligned_nodes"] is not None
    inside = {"real": True, "weighted": entry.in_search > 0, "aligned": aligned, "product": entry.product}[
        scope["weights"]
    ]
    return entry.quantity[scope["minimised"]] if inside and entry.reaches(scope["cover"]) else None


def check_claim(item: dict[str, Any], value: int | None, where: str) -> None:
    """``minimal`` exactly if a proved bound equals the value; no bound above the value."""
    bound = item["lower_bound"]
    require(value is None or bound is None or bound <= value, f"{where}: lower_bound {bound} above the value {value}")
    minimal = value is not None and bound == value and item["method"] in PROVING
    agree(f"{where}: claim", item["claim"], "minimal" if minimal else "upper-bound-only")
