"""The page: one HTML file with the catalog, the solution graph, runs, tables and figures, and what is missing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ... import __version__
from ...storage import write_atomically
from ..collect import Inputs, Missing
from .document import document, image
from .entries import entry_record
from .networks import network_record
from .runs import runs_record

if TYPE_CHECKING:
    from ..figures import Written
    from ..sheets import Sheet

#: Characters of all embedded figures together; what does not fit stays beside the page. The page keeps below 5 MB.
FIGURES = 2_500_000
#: A drawing in more characters than this is embedded as pixels, if they are less.
DRAWING = 150_000


def write_page(
    inputs: Inputs,
    figures: Sequence[Written],
    sheets: Sequence[Sheet],
    missing: Sequence[Missing],
    out: Path,
    catalog: Path | None = None,
) -> Path:
    """Write ``out``/index.html, atomically, and return its path.

    ``missing`` is all that the report lacks, ``catalog`` the file that commands on the page have to name.
    """
    path = out / "index.html"
    write_atomically(path, document("cogo_search", page_data(inputs, figures, sheets, missing, catalog)).encode())
    return path


def page_data(
    inputs: Inputs,
    figures: Sequence[Written],
    sheets: Sequence[Sheet],
    missing: Sequence[Missing],
    catalog: Path | None = None,
) -> dict[str, Any]:
    """What the page shows, as JSON."""
    found = _found(inputs)
    entries = sorted(inputs.entries, key=lambda located: located.record["character_order"] != "generic")
    place = {located.record["id"]: i for i, located in enumerate(entries)}
    return {
        "version": __version__,
        "entries": [entry_record(located, found(located.record), catalog) for located in entries],
        "networks": [network_record(located, inputs.frontier, catalog) for located in inputs.networks],
        "edges": [
            [place[s], place[t], edge["order"]] for s, t, edge in sorted(inputs.graph.edges(data=True), key=_ends)
        ],
        "compared": inputs.matches is not None,
        "trained": runs_record(inputs),
        "sheets": [{**asdict(sheet), "marked": sorted(sheet.marked)} for sheet in sheets],
        "figures": _embedded(figures),
        "missing": [asdict(m) for m in missing],
    }


def _ends(edge: tuple[str, str, Any]) -> tuple[str, str]:
    return edge[0], edge[1]


def _found(inputs: Inputs) -> Callable[[dict[str, Any]], dict[str, Any] | None]:
    """How often gradient descent ended at an entry: {hits, expected}, None where that was not asked."""
    hits: dict[str, Any] = {}
    if inputs.matches is not None:
        hits = {row["id"]: row for row in inputs.matches.comparison.get("entries", ())}

    def found(entry: dict[str, Any]) -> dict[str, Any] | None:
        row = hits.get(entry["id"])
        return None if row is None else {"hits": row["hits"], "expected": round(row["expected"], 1)}

    return found


def _embedded(figures: Sequence[Written]) -> list[dict[str, str]]:
    """Every figure with its picture as a data: address, smaller ones first served, the others named as files."""
    shown: dict[str, str] = {}
    left = FIGURES
    for figure in sorted(figures, key=lambda f: f.svg.stat().st_size):
        pictures = [image(path) for path in (figure.svg, figure.png)]
        best = pictures[0] if len(pictures[0]) <= DRAWING else min(pictures, key=len)
        if len(best) <= left:
            shown[figure.name] = best
            left -= len(best)
    return [
        {"name": f.name, "title": f.title, "caption": f.caption, "image": shown.get(f.name, "")}
        | {"file": f"{f.svg.parent.name}/{f.svg.name}"}
        for f in figures
    ]
