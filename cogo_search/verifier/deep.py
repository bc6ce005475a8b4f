"""--deep: claims of completeness, by the enumeration behind them again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Any

from .cyclotomic import powers
from .entries import Entry
from .enumerations import aligned_id, aligned_solutions, minimal_products
from .meter import Refused, Undecided, agree, require
from .orbits import candidates
from .rows import behind, span
from .searches import Search
from .supports import deep_supports
from .vocabulary import Log, Weight
from .weights import lift, primitive, ring_product

DEEP_PRODUCTS = 20_000  # products of one row


def deep_free(
    row: dict[str, Any], part: dict[str, Any], entries: list[Entry], search: Search, log: Log
) -> Iterator[tuple[str, bool]]:
    """Every level of one row again: the same ids and the same number of solutions."""
    for level in span(row, search):
        name = f"free {row['cover']} at {level} nodes"
        log(f"{name}: enumerating again")
        if search.nodes == "weighted":
            yield name, deep_supports(row["cover"], level, behind(row, entries, search), search, name)
            continue
        solutions = aligned_solutions(search.n, row["cover"], level)
        if solutions is None:  # nor can the levels above be visited
            yield f"{name} and above", False
            return
        ids = Counter(aligned_id(search.even, weight) for weight in solutions)
        listed = {e.id for e in behind(row, entries, search) if e.quantity["aligned_nodes"] == level}
        missing, extra = sorted(ids.keys() - listed), sorted(listed - ids.keys())
        require(not missing, f"{name}: the catalog claims to be complete but lacks {', '.join(missing[:3])}")
        require(not extra, f"{name}: the enumeration does not give {', '.join(extra[:3])}")
        agree(f"{name}: number of solutions", part["levels"].get(str(level), 0), sum(ids.values()))
        yield name, True


def deep_product(
    row: dict[str, Any], part: dict[str, Any], entries: list[Entry], search: Search, log: Log
) -> Iterator[tuple[str, bool]]:
    """All minimal products of one row again, compared with the entries over the common field (least candidates)."""
    name, n = f"product {row['cover']}", search.even
    log(f"{name}: enumerating again")
    listed = {min(candidates(n, lift(e.weight, e.n, n))): e.id for e in behind(row, entries, search)}
    met = set()
    products = list(islice(minimal_products(search, row["cover"], row["order"]), DEEP_PRODUCTS + 1))
    if len(products) > DEEP_PRODUCTS:
        yield name, False
        return
    for chosen in products:
        weight: Weight = {(0, 0): powers(n)[0]}
        for _, _, factor, _ in chosen:
            weight = ring_product(n, weight, factor)
        key = min(candidates(n, primitive(n, weight)))
        if key not in listed:
            raise Refused(f"{name}: complete, but lacks the product of " + ", ".join(c[3] for c in chosen))
        met.add(key)
    missing = sorted(listed[key] for key in listed.keys() - met)
    require(not missing, f"{name}: the enumeration does not give {', '.join(missing[:3])}")
    agree(f"{name}: number of products", part["found"], len(products))
    yield name, True


def enumerate_again(
    model: str, row: dict[str, Any], part: dict[str, Any], entries: list[Entry], search: Search, log: Log
) -> list[tuple[str, bool]]:
    """What of one claim of completeness was repeated, and what was not: too large, or beyond the budget."""
    again = deep_free if model == "free" else deep_product
    redone: list[tuple[str, bool]] = []
    try:
        redone.extend(again(row, part, entries, search, log))
    except Undecided:
        redone.append((f"{model} {row['cover']}" + (" (the rest)" if redone else ""), False))
    return redone
