"""A bound: what its method can prove, that its certificate or enumeration proves it, and what is claimed by it."""

from __future__ import annotations

import math
from typing import Any

from .certificates import check_dual, check_pencil
from .entries import Entry
from .enumerations import smallest_aligned, smallest_product
from .meter import METER, agree, require
from .searches import Search
from .supports import smallest_support
from .vocabulary import FREQUENCY, PROVING, Log

EXHAUSTIVE_LIMIT = 10**6  # multisets of columns in an enumeration


def check_exhaustive(bound: dict[str, Any], search: Search, where: str, log: Log) -> None:
    """Repeat the enumeration that the bound rests on."""
    scope, stored = bound["scope"], bound["lower_bound"]
    cover = scope["cover"]
    METER.doing = f"{where}: the enumeration again"
    if scope["weights"] == "product":
        if len(search.generators()) > 1000:  # takes seconds
            log(f"{where}: orders of all polynomials over roots {list(search.roots)}")
        agree(f"{where}: lower_bound", stored, smallest_product(search, cover))
        return
    require(stored is not None and stored >= 1, f"{where}: lower_bound {stored}")
    if scope["weights"] == "weighted":
        log(f"{where}: all supports over mu_{search.n} for {cover} with fewer than {stored} weighted nodes")
        found = smallest_support(search.n, cover, search.character_order, stored, where)
        require(found is None, f"{where}: lower_bound: stored {stored}, but there is a solution with {found} nodes")
        return
    columns_count, half = (search.n**2 if search.n % 2 else search.n**2 // 2), (stored - 1) // 2
    size = math.comb(columns_count + half - 1, half) if half <= 100 else EXHAUSTIVE_LIMIT + 1
    require(size <= EXHAUSTIVE_LIMIT, f"{where}: {size} multisets are too many for an exhaustive bound")
    log(f"{where}: all aligned solutions over mu_{search.n} for {cover} with fewer than {stored} nodes")
    found = smallest_aligned(search.n, cover, stored)
    require(found is None, f"{where}: lower_bound: stored {stored}, but there is a solution with {found} nodes")


def check_bound(bound: dict[str, Any], search: Search, where: str, log: Log) -> bool:
    """Check scope and certificate; true if the bound is proved, false if it is the solver's word or no bound."""
    scope, method, stored = bound["scope"], bound["method"], bound["lower_bound"]
    weights, certificate = scope["weights"], bound["certificate"]
    agree(f"{where}: scope.n", scope["n"], None if weights == "real" else search.n)
    agree(f"{where}: scope", (scope["frequency"], scope["conditions"]), FREQUENCY[search.character_order])
    merged = search.character_order != "generic"
    require(not merged or weights in ("real", "weighted"), f"{where}: scope: {weights} weights, merged conditions")
    copied = {"roots": list(search.roots), "closure": search.closure, "max_factors": search.max_factors}
    for key, value in (copied if weights == "product" else {}).items():
        require(key in scope, f"{where}: scope: missing {key}")
        agree(f"{where}: scope.{key}", scope[key], value)
    require(weights == "product" or not copied.keys() & scope.keys(), f"{where}: scope: keys of another class")
    allowed = {
        "pencil-rank": {("real", "order")},
        "lp-dual": {("aligned", "aligned_nodes"), ("aligned", "order")},
        "exhaustive": {("weighted", "order"), ("aligned", "aligned_nodes"), ("product", "formal_order")},
        "solver-only": {("weighted", "order"), ("aligned", "aligned_nodes"), ("product", "formal_order")},
        "none": {("real", "order"), ("weighted", "order"), ("aligned", "aligned_nodes"), ("product", "formal_order")},
    }[method]
    about = f"{scope['minimised']} of {weights} weights"
    require((weights, scope["minimised"]) in allowed, f"{where}: scope: {method} proves nothing about {about}")
    form = {"pencil-rank": "pencil", "lp-dual": "multipliers"}.get(method)
    fits = certificate is None if form is None else certificate is not None and form in certificate
    require(fits, f"{where}: certificate does not belong to {method}")
    if method == "none":
        require(stored in (None, 0, 1), f"{where}: lower_bound {stored} without a method")
    elif method == "solver-only":
        require(stored is not None and stored >= 1, f"{where}: lower_bound {stored}")
    elif method == "exhaustive":
        check_exhaustive(bound, search, where, log)
    elif method == "pencil-rank":
        agree(f"{where}: lower_bound", stored, check_pencil(bound, scope["cover"], search.character_order, where))
    else:
        agree(f"{where}: lower_bound", stored, check_dual(bound, scope["cover"], search, where))
    return method in PROVING


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
