"""The solution graph for people and for other programs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from .tables import console, plural, print_table

if TYPE_CHECKING:
    import networkx


def print_graph(graph: networkx.DiGraph) -> None:
    """One line for each edge: orders (``>`` where nodes merge) and costs from source to target."""
    rows = []
    for source, target, edge in sorted(graph.edges(data=True), key=lambda e: (graph.nodes[e[0]]["order"], *e[:2])):
        s, t = graph.nodes[source], graph.nodes[target]
        sign = "=" if s["order"] * edge["order"] == t["order"] else ">"
        orders = f"{s['order']} x {edge['order']} {sign} {t['order']}"
        rows.append([source, target, orders, s["covers"], f"{s['cost']:.4f}", t["covers"], f"{t['cost']:.4f}"])
    columns = ["source", "target", "orders", "source covers", "source cost", "target covers", "target cost"]
    title = f"{plural(len(graph), 'entry', 'entries')}, {plural(len(rows), 'edge', 'edges')}: target = source * factor"
    print_table(console(), title, columns, rows, [*reversed(columns[3:])])


def node_link(graph: networkx.DiGraph) -> dict[str, Any]:
    """The graph as the object that ``networkx.node_link_graph(data, edges="edges")`` reads."""
    nodes = [{"id": key, **facts} for key, facts in graph.nodes(data=True)]
    joined = [{"source": s, "target": t, **facts} for s, t, facts in graph.edges(data=True)]
    return {"directed": True, "multigraph": False, "graph": {}, "nodes": nodes, "edges": joined}


def graphml(graph: networkx.DiGraph) -> str:
    """The graph as GraphML; a factor is a string of JSON, because GraphML has scalars only."""
    import networkx

    flat = networkx.DiGraph()
    flat.add_nodes_from(graph.nodes(data=True))
    for source, target, facts in graph.edges(data=True):
        flat.add_edge(source, target, order=facts["order"], factor=json.dumps(facts["factor"]))
    return "\n".join(networkx.generate_graphml(flat)) + "\n"
