"""The solution graph of a catalog: which entries are products of which.

An edge S -> T joins two entries where T = S * F for weights F of order at least 2, up to the symmetries that make
one entry of many weights (unit, swap, conjugation, scale). F, scaled to r_kkk = 1, can be taken down to the identity
along a path on which every condition that S fulfils stays fulfilled; where S fulfils all, the loss stays zero
(Theorem 6). An F of order 1 joins an entry to itself and gives no edge.

All edges without merging (order(T) = order(S) order(F)) are found: S is laid onto T in each of its images and
the rest must tile. Of the products with merging those are found that the polynomials of an entry spell out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations, islice
from typing import TYPE_CHECKING, Any

import numpy as np

from ..algebra.canonical import NodeList, anchored, images, unit_class
from ..algebra.cyclotomic import lift, multiply
from ..algebra.generators import Generator
from ..algebra.polynomials import Polynomial
from ..algebra.tilings import complements, part, sum_table
from ..algebra.weights import Weights, ring_product
from ..errors import VerificationError
from .entry import Entry

if TYPE_CHECKING:
    import networkx

#: The most factors that are compared for each way to lay a source onto a target.
MOST_FACTORS = 100
#: A factor: order, n, node list, in the order in which the least one is kept.
Factor = tuple[int, int, NodeList]


def edges(entries: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Every known edge ``{source, target, factor: {order, n, nodes}}``, sorted by (source, target).

    The nodes of the source, as they are stored, times those of the factor are in the orbit of the target. Of
    several factors the least is kept, its first direction (1, 1), its r_kkk a positive integer. Entries given
    twice may differ in ``polynomials``. Entries under merged conditions take no part: sums are no homomorphisms.
    """
    entries = [entry for entry in entries if entry["character_order"] == "generic"]
    weights = {entry["id"]: Entry(entry).weights for entry in entries}
    least: dict[tuple[str, str], Factor] = {}

    def add(source: str, target: str, factor: Weights) -> None:
        n, nodes = unit_class(factor)
        key, found = (source, target), (len(nodes), n, nodes)
        least[key] = min(least.get(key, found), found)

    placements = {key: _placements(w) for key, w in weights.items()}
    for target, whole in weights.items():
        fitting = [s for s, w in weights.items() if _may_divide(w, whole)]
        table = sum_table(whole) if fitting else None
        for source in fitting:
            for nodes, image in placements[source].items():
                x = _locate(nodes, weights[source].n, whole)
                if x is None or table is None:
                    continue
                for y in islice(complements(table, x), MOST_FACTORS):
                    add(source, target, images(part(whole, y))[image])
    merging = [entry for entry in entries if entry["polynomials"] and entry["formal_order"] != entry["order"]]
    classes = {unit_class(w): key for key, w in weights.items()} if merging else {}
    for entry in merging:
        for left, right in _subproducts(entry["polynomials"]):
            for u, v in zip(images(left), images(right), strict=True):
                found = classes.get(unit_class(u), entry["id"])
                if found != entry["id"] and v.order > 1:
                    add(found, entry["id"], v)
    return [
        {"source": source, "target": target, "factor": {"order": order, "n": n, "nodes": _records(nodes)}}
        for (source, target), (order, n, nodes) in sorted(least.items())
    ]


def _records(nodes: NodeList) -> list[dict[str, Any]]:
    return [{"a": a, "b": b, "c": list(c)} for a, b, c in nodes]


def _may_divide(w: Weights, whole: Weights) -> bool:
    """Necessary for a factor: the quotient has at least two nodes, and a factor lies over the product's roots."""
    return whole.order % w.order == 0 and whole.order > w.order and whole.n % w.n == 0


def _placements(w: Weights) -> dict[NodeList, int]:
    """Each distinct image of the weights that has the direction (1, 1), with the number of a symmetry that makes it."""
    found: dict[NodeList, int] = {}
    for number, image in enumerate(images(w)):
        for anchor in range(image.order):
            found.setdefault(anchored(image, anchor), number)
    return found


def _locate(nodes: NodeList, n: int, whole: Weights) -> list[int] | None:
    """The nodes of ``whole`` that are the given ones over mu_n up to a scale, node 0 first, or None."""
    k = whole.n // n
    place = {(int(a), int(b)): i for i, (a, b) in enumerate(zip(whole.a, whole.b, strict=True))}
    x = [place.get((a * k, b * k), -1) for a, b, _ in nodes]
    if min(x) < 0:
        return None
    c = lift(np.array([c for _, _, c in nodes], dtype=np.int64), n, whole.n)
    here, there = multiply(c, whole.c[x[0]], whole.n), multiply(whole.c[x], c[0], whole.n)
    return x if np.array_equal(here, there) else None


def _subproducts(records: list[dict[str, Any]]) -> Iterator[tuple[Weights, Weights]]:
    """The products of some of the polynomials, each with that of the others."""
    factors = []
    for record in records:
        a, b, _ = record["generator"]
        factors.append(Polynomial(Generator(a, b, record["n"]), tuple(record["values"]), 0, 0).weights())
    for size in range(1, len(factors)):
        for chosen in combinations(range(len(factors)), size):
            rest = [i for i in range(len(factors)) if i not in chosen]
            yield ring_product(factors[i] for i in chosen), ring_product(factors[i] for i in rest)


def solution_graph(*catalogs: dict[str, Any]) -> networkx.DiGraph:
    """The graph of one catalog, or of the entries of several together.

    Nodes are ids, with ``order``, ``n``, ``covers`` and ``families`` (strings, joined by "+" and ", ") and ``cost``
    (float, the least squared norm at one frequency). Edges have ``order``, that of the factor, and ``factor``. A single
    catalog's own ``graph`` is taken as it is; where there is none, it is found. VerificationError if it names an
    unknown entry.
    """
    import networkx

    entries = [entry for catalog in catalogs for entry in catalog["entries"]]
    stored = catalogs[0].get("graph") if len(catalogs) == 1 else None
    graph = networkx.DiGraph()
    for e in entries:
        facts = {"covers": "+".join(e["covers"]), "families": ", ".join(f["name"] for f in e["families"])}
        graph.add_node(e["id"], order=e["order"], n=e["n"], **facts, cost=float(e["cost"]))
    for edge in edges(entries) if stored is None else stored:
        if unknown := [key for key in (edge["source"], edge["target"]) if key not in graph]:
            raise VerificationError(f"the graph joins {unknown[0]}, which is no entry: run verify on the catalog")
        graph.add_edge(edge["source"], edge["target"], order=edge["factor"]["order"], factor=edge["factor"])
    return graph
