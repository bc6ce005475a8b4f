"""From search results to the catalog object of docs/catalog.md."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np

from ..algebra.canonical import Solution, solution_cost
from ..algebra.dimension import dimension
from ..algebra.polynomials import Polynomial
from ..algebra.potentials import cover_of, covered_sets
from ..algebra.tilings import irreducible_factors
from ..algebra.weights import Weights
from ..families.membership import families
from ..searching.aligned import AlignedProblem
from ..searching.bounds import Bound, lp_dual_bound, pencil_bound, scope
from ..searching.engine import SearchResult, SearchSettings
from ..searching.free import FreeResult
from ..searching.outcome import Outcome
from ..searching.products import ProductResult
from ..searching.weighted import WeightedResult
from .catalog_files import digest
from .solution_graph import edges

SCHEMA_VERSION = 1


def build_catalog(result: SearchResult) -> dict[str, Any]:
    """The whole catalog of a search, digest included."""
    settings = result.settings
    entries = _entries(result)
    data: dict[str, Any] = {
        "schema_version": SCHEMA_VERSION,
        "search": _search_record(result),
        "generators": [
            {"a": g.a, "b": g.b, "c": g.c, "n": g.n, "values": g.values}
            for g in (() if settings.model == "free" else result.generators)
        ],
        "minimal": list(_minimal_rows(result)),
        "entries": entries,
        "graph": edges(entries),
        "optimizers": [],
        "networks": [],
    }
    return {"schema_version": SCHEMA_VERSION, "digest": digest(data), **data}


def cost(solution: Solution) -> str:
    """The cost of a solution to 12 digits."""
    return format(solution_cost(solution), "#.12g")


def _search_record(result: SearchResult) -> dict[str, Any]:
    s = result.settings
    complete: dict[str, Any] = {}
    for cover in s.covers:
        parts: dict[str, Any] = {}
        ids: set[str] = set()
        if product := result.product.get(cover):
            ids |= set(product.solutions)
            parts["product"] = {"complete": product.complete, "found": product.found, "kept": len(product.solutions)}
        if free := result.free.get(cover):
            ids |= set(free.solutions)
            levels = {str(nodes): found for nodes, found in free.level_counts.items()}
            parts["free"] = {
                "complete": free.complete,
                "found": free.found,
                "kept": len(free.solutions),
                "levels": levels,
            }
        complete[cover] = {
            "complete": all(part["complete"] for part in parts.values()),
            "found": sum(part["found"] for part in parts.values()),
            "kept": len(ids),
            **parts,
        }
    return {
        "roots": list(s.roots),
        "closure": s.closure,
        "n": s.n,
        "model": s.model,
        "nodes": s.nodes,
        "covers": list(s.covers),
        "character_order": s.character_order,
        "max_factors": s.max_factors,
        "max_order": s.max_order,
        "limit": s.limit,
        "budget": s.budget,
        "complete": complete,
    }


def _minimal_rows(result: SearchResult) -> Iterable[dict[str, Any]]:
    n = result.settings.n
    for cover in result.settings.covers:
        if product := result.product.get(cover):
            outcome = Outcome.INFEASIBLE if product.order is None else Outcome.PROVED
            bounds = sorted([pencil_bound(cover), *_product_bounds(product, result.settings)], key=Bound.rank)
            yield _row("product", None, n, product, "formal_order", bounds, outcome)
        if free := result.free.get(cover):
            nodes = result.settings.nodes
            minimised = "aligned_nodes" if nodes == "aligned" else "order"
            yield _row("free", nodes, n, free, minimised, list(free.bounds), free.outcome)


def _row(
    model: str,
    nodes: str | None,
    n: int,
    found: ProductResult | FreeResult | WeightedResult,
    minimised: str,
    bounds: list[Bound],
    outcome: Outcome,
) -> dict[str, Any]:
    headline = bounds[0].record()
    return {
        "model": model,
        "nodes": nodes,
        "cover": found.cover,
        "n": n,
        "order": found.order,
        "minimised": minimised,
        **headline,
        "outcome": outcome.name,
        "claim": _claim(bounds[0], found.order),
        "merged_order": found.merged_order,
        "bounds": [bound.record() for bound in bounds],
    }


def _claim(bound: Bound, value: int | None) -> str:
    return "minimal" if bound.lower_bound == value and bound.method != "solver-only" else "upper-bound-only"


def _product_bounds(product: ProductResult, settings: SearchSettings) -> list[Bound]:
    if product.order is None:
        return []
    extra: dict[str, Any] = {
        "roots": list(settings.roots),
        "closure": settings.closure,
        "max_factors": settings.max_factors,
    }
    return [
        Bound(product.order, "exhaustive", scope("product", settings.n, product.cover, "formal_order", **extra), None)
    ]


def _entries(result: SearchResult) -> list[dict[str, Any]]:
    solutions: dict[str, Solution] = {}
    polynomials: dict[str, tuple[Polynomial, ...]] = {}
    free_ids: set[str] = set()
    for product in result.product.values():
        for key, (solution, factors) in product.solutions.items():
            solutions[key] = solution
            if key not in polynomials or (len(factors), factors) < (len(polynomials[key]), polynomials[key]):
                polynomials[key] = factors
    for free in result.free.values():
        solutions |= free.solutions
        free_ids |= set(free.solutions)
    entries = []
    for key in sorted(solutions, key=lambda k: (solutions[k].order, solutions[k].n, k)):
        entries.append(_entry(solutions[key], polynomials.get(key), key in free_ids, result))
    return entries


def _entry(
    solution: Solution, polynomials: tuple[Polynomial, ...] | None, free: bool, result: SearchResult
) -> dict[str, Any]:
    weights = solution.weights()
    character_order = solution.character_order
    zero_set = weights.zero_set_at(character_order)
    covers = covered_sets(set(zero_set), character_order)
    formal_order = solution.order
    if polynomials is not None:
        formal_order = int(np.prod([p.order for p in polynomials]))
    entry: dict[str, Any] = {
        "id": solution.id,
        "n": solution.n,
        "order": solution.order,
        "formal_order": formal_order,
        "aligned_nodes": solution.aligned_nodes(),
        "nodes": _node_records(weights),
        "zero_set": list(zero_set),
        "covers": list(covers),
        "character_order": character_order,
        "factors": _factors(weights, formal_order, polynomials) if character_order == "generic" else None,
        "polynomials": None if polynomials is None else [_polynomial_record(p) for p in polynomials],
        "families": families(solution),
        "found_by": (["free"] if free else []) + (["product"] if polynomials is not None else []),
        "dimension": dimension(solution),
        "orbit_size": solution.orbit_size,
        "cost": cost(solution),
    }
    entry["optimality"] = _optimality(entry, cover_of(covers), result)
    return entry


def _node_records(weights: Weights) -> list[dict[str, Any]]:
    return [
        {"a": int(a), "b": int(b), "c": [int(v) for v in c]}
        for a, b, c in zip(weights.a, weights.b, weights.c, strict=True)
    ]


def _polynomial_record(p: Polynomial) -> dict[str, Any]:
    u = p.generator
    return {"generator": [u.a, u.b, u.c], "n": u.n, "values": list(p.values), "order": p.order}


def _factors(
    weights: Weights, formal_order: int, polynomials: tuple[Polynomial, ...] | None
) -> list[dict[str, Any]] | None:
    factors = irreducible_factors(weights)
    if (len(factors) == 1 or formal_order != weights.order) and polynomials is not None:
        factors = [p.weights() for p in polynomials]
    if len(factors) < 2:
        return None
    factors.sort(key=lambda f: (f.order, f.n, f.a.tolist(), f.b.tolist(), f.c.tolist()))
    return [{"order": f.order, "n": f.n, "nodes": _node_records(f)} for f in factors]


def _optimality(entry: dict[str, Any], cover: str, result: SearchResult) -> dict[str, Any]:
    """The strongest claim: the widest class in which a bound meets the entry, else the best bound known."""
    n, aligned = result.settings.n, result.settings.nodes == "aligned"
    bounds = [pencil_bound(cover, entry["character_order"])]
    if "free" in entry["found_by"]:
        if aligned and (dual := _cached_dual(n, cover)):
            meets_order = dual.lower_bound == entry["order"]
            bounds.append(replace(dual, scope={**dual.scope, "minimised": "order"}) if meets_order else dual)
        if free := result.free.get(cover):
            bounds += [b for b in free.bounds if b.method in ("exhaustive", "solver-only")]
    if "product" in entry["found_by"] and (product := result.product.get(cover)):
        bounds += _product_bounds(product, result.settings)
    tight = [b for b in bounds if _claim(b, entry[b.scope["minimised"]]) == "minimal"]
    if tight:
        return {"claim": "minimal", **max(tight, key=lambda b: -b.rank()[1]).record()}
    return {"claim": "upper-bound-only", **min(bounds, key=Bound.rank).record()}


@cache
def _cached_dual(n: int, cover: str) -> Bound | None:
    return lp_dual_bound(AlignedProblem(n, cover))
