"""The catalog at a glance: which potentials vanish on which entry, and which entries are products of which."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ...algebra.potentials import CONDITION_SETS, conditions
from ...terminal.tables import plural
from ..collect import Inputs, Lacking
from ..remedies import ENUMERATE
from ..style import COVERS, GREY, PALE, SIZES, blank, integer_ticks
from .base import Drawing

if TYPE_CHECKING:
    import networkx
    from matplotlib.axes import Axes

#: The kinds of characters, in order of appearance, and what they are called.
CHARACTERS = {"generic": "generic frequency", "4": "4k = 0", "2": "2k = 0"}


@dataclass(frozen=True)
class Pattern:
    """Entries of one order on which the same conditions hold: ``zero`` by condition, and how many they are."""

    order: int
    zero: tuple[bool, ...]
    count: int


def zero_patterns(inputs: Inputs, character_order: str) -> list[Pattern]:
    """The patterns of all entries at characters of an order, by order, then fewest zeros first."""
    names = conditions(character_order)
    found = Counter(
        (entry["order"], tuple(name in entry["zero_set"] for name in names))
        for entry in (located.record for located in inputs.entries)
        if entry["character_order"] == character_order
    )
    patterns = [Pattern(order, zero, count) for (order, zero), count in found.items()]
    return sorted(patterns, key=lambda p: (p.order, sum(p.zero), p.zero))


def zero_matrix(inputs: Inputs) -> Drawing:
    """A column for each order and pattern, a row for each condition, the number of entries above."""
    found = {kind: patterns for kind in CHARACTERS if (patterns := zero_patterns(inputs, kind))}
    if not found:
        raise Lacking("the catalogs hold no entries", ENUMERATE)
    widths = [max(3, len(patterns)) for patterns in found.values()]
    figure, axes = blank(1, len(found), 2.7, width_ratios=widths)
    for ax, (kind, patterns) in zip(axes[0], found.items(), strict=True):
        sets = {name: f"{key[0]}_{key[1]}" for key, names in CONDITION_SETS[kind].items() for name in names}
        _draw_patterns(ax, [f"{sets[name]}  {name}" for name in conditions(kind)], patterns)
        ax.set_title(CHARACTERS[kind])
    axes[0, 0].set_xlabel("order (nodes), and below it the number of entries")
    entries = sum(pattern.count for patterns in found.values() for pattern in patterns)
    catalogs = len({row["catalog"] for row in inputs.searches})
    return Drawing(figure, f"{entries} entries of {plural(catalogs, 'catalog', 'catalogs')}.")


def _draw_patterns(ax: Axes, names: list[str], patterns: list[Pattern]) -> None:
    matrix = ~np.array([pattern.zero for pattern in patterns]).T  # filled is not zero, as on the page
    ax.imshow(matrix, cmap=SIZES, vmin=0, vmax=1.25, aspect="auto", interpolation="nearest")
    ax.set_yticks(range(len(names)), names, family="DejaVu Sans Mono")
    ax.set_xticks(range(len(patterns)), [f"{pattern.order}\n{pattern.count}" for pattern in patterns])
    ax.tick_params(length=0)
    ax.set_xticks(np.arange(len(patterns) - 1) + 0.5, minor=True)
    ax.set_yticks(np.arange(len(names) - 1) + 0.5, minor=True)
    ax.grid(which="minor", color=GREY, lw=0.4)
    ax.tick_params(which="minor", length=0)
    for side in ("top", "right"):
        ax.spines[side].set_visible(True)


def solution_graph(inputs: Inputs) -> Drawing:
    """The edges of the graph: cost against order, an arrow from each solution to its product."""
    graph = inputs.graph
    joined = [node for node in graph if graph.degree(node)]
    if not joined:
        raise Lacking("no entry of the catalogs is a product of another", ENUMERATE)
    figure, axes = blank(1, 1, 3.6)
    ax = axes[0, 0]
    places = _places(graph, joined)
    covers = sorted({graph.nodes[node]["covers"] for node in joined}, key=lambda c: (c.count("+"), c))
    for source, target in graph.edges:
        ax.annotate(
            "",
            places[target],
            places[source],
            arrowprops={"arrowstyle": "-|>", "color": GREY, "lw": 0.6, "mutation_scale": 7, "shrinkA": 4, "shrinkB": 4},
        )
    for cover in covers:
        own = [places[node] for node in joined if graph.nodes[node]["covers"] == cover]
        ax.plot(*zip(*own, strict=True), "o", color=COVERS.get(cover, GREY), ms=6, label=cover or "none", zorder=3)
    orders = sorted({graph.nodes[node]["order"] for node in joined})
    integer_ticks(ax, orders)
    ax.set(xlabel="order (nodes)", ylabel="cost (least squared norm at one frequency)")
    ax.set_xlim(orders[0] - 0.8, orders[-1] + 0.8)
    ax.grid(axis="y", color=PALE, lw=0.5)
    ax.set_axisbelow(True)
    ax.legend(title="conditions fulfilled", title_fontsize=7, loc="upper left")
    return Drawing(figure, f"{len(joined)} of {len(graph)} entries, {graph.number_of_edges()} products.")


def _places(graph: networkx.DiGraph, nodes: list[str]) -> dict[str, tuple[float, float]]:
    """Order and cost of each node; entries that share both stand side by side."""
    groups: dict[tuple[int, float], list[str]] = {}
    for node in sorted(nodes):
        facts: dict[str, Any] = graph.nodes[node]
        groups.setdefault((facts["order"], round(facts["cost"], 3)), []).append(node)
    found = {}
    for (order, _), members in groups.items():
        for i, node in enumerate(members):
            shift = 0.16 * (i - (len(members) - 1) / 2)
            found[node] = (order + shift, graph.nodes[node]["cost"])
    return found
