"""The solution graph: entries joined by the factor that makes one of the other."""

from __future__ import annotations

from typing import Any

from .entries import Entry
from .factorizations import check_product
from .meter import METER, agree, require
from .orbits import check_normal
from .texts import shown
from .vocabulary import Log
from .weights import read_nodes


def check_edge(edge: dict[str, Any], entries: dict[str, Entry], where: str) -> None:
    """Two entries, a factor of order at least 2, and source times factor in the target's orbit."""
    source, target, factor = edge["source"], edge["target"], edge["factor"]
    for key in (source, target):
        require(key in entries, f"{where}: {shown(key)} is no entry of this file under generic conditions")
    require(source != target, f"{where}: {source} is joined to itself")
    METER.doing = where
    part = read_nodes(factor["n"], factor["nodes"], f"{where}: factor")
    agree(f"{where}: factor.order", factor["order"], len(part))
    require(len(part) >= 2, f"{where}: factor: order 1")
    check_normal(factor["n"], part, factor["nodes"], f"{where}: factor")
    s, t = entries[source], entries[target]
    check_product(t.n, t.weight, [(s.n, s.weight), (factor["n"], part)], f"{where}: source times factor")


def check_graph(edges: list[dict[str, Any]], entries: list[Entry], log: Log) -> int:
    """Every edge; none twice; sorted. That no edge is missing is not checked."""
    by_id = {entry.id: entry for entry in entries if entry.id.startswith("cogo1-n")}  # merged conditions: cogo1-k
    for i, edge in enumerate(edges):
        if i % 50 == 49:
            log(f"edge {i + 1} of {len(edges)}")
        check_edge(edge, by_id, f"graph[{i}]")
    pairs = [(edge["source"], edge["target"]) for edge in edges]
    require(len(set(pairs)) == len(pairs), "graph: an edge occurs twice")
    require(pairs == sorted(pairs), "graph: not sorted by (source, target)")
    return len(edges)
