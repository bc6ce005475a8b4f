"""Tables for people, on stdout: minimal orders, completeness, entries."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..catalog.wording import claim_text, factor_text, family_texts, scope_text
from ..escaping import one_line
from ..searching.outcome import Outcome


class Output(Console):
    """stdout; a reader that has gone (`| head`) surfaces as BrokenPipeError, which the command line expects."""

    def on_broken_pipe(self) -> None:
        """Let the exception through, where rich would exit with 1."""
        raise


def console() -> Output:
    """The terminal, or stdout at any width where it is piped."""
    return Output(highlight=False) if sys.stdout.isatty() else Output(width=10_000, highlight=False)


def number(value: int | None) -> str:
    """An integer, or a dash where none is known."""
    return "-" if value is None else str(value)


def print_table(
    out: Console, title: str, columns: Sequence[str], rows: Sequence[Sequence[str]], secondary: Sequence[str] = ()
) -> None:
    """Print a title line and a plain table of literal text; columns that hold only numbers are right-aligned.

    What is not printable in a cell is escaped: names of files and of tensors come from anywhere.

    Where the terminal is too narrow, ``secondary`` columns are left out, first ones first, and named below the
    table. No cell is ever cut or folded: what still does not fit is left to the terminal's own wrapping.
    """
    rows = [[one_line(cell) for cell in row] for row in rows]
    widths = {name: max(len(name), *(len(row[i]) for row in rows), 0) + 2 for i, name in enumerate(columns)}
    dropped: list[str] = []
    for name in secondary:
        if sum(widths.values()) > out.width:
            dropped.append(name)
            del widths[name]
    out.print(Text(one_line(title), style="bold"))
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), show_edge=False)
    for name in widths:
        cells = [row[columns.index(name)] for row in rows]
        numeric = all(cell.lstrip("-").replace(".", "", 1).isdigit() or cell == "-" for cell in cells)
        table.add_column(Text(name), justify="right" if numeric else "left", no_wrap=True)
    for row in rows:
        table.add_row(*(Text(row[columns.index(name)]) for name in widths))
    wide = Output(width=max(out.width, sum(widths.values()) + 2), highlight=False)
    wide.print(table)
    if dropped:
        out.print(Text(f"(terminal too narrow for: {', '.join(dropped)}; --json has everything)", style="dim"))


def print_line(out: Console, text: str, style: str = "") -> None:
    """Print one line of literal text, escaped as a cell of a table is."""
    out.print(Text(one_line(text), style=style))


def plural(count: int, singular: str, many: str) -> str:
    """``1 entry``, ``2 entries``."""
    return f"{count} {singular if count == 1 else many}"


def print_search(catalog: dict[str, Any]) -> None:
    """What ``enumerate`` prints: generators, the table of minimal orders, completeness, the entries."""
    search = catalog["search"]
    out = console()
    roots = ",".join(map(str, search["roots"]))
    generators = "" if search["model"] == "free" else f", {len(catalog['generators'])} generators with abc = 1"
    merged = "" if search["character_order"] == "generic" else f", characters of order {search['character_order']}"
    entries = len(catalog["entries"])
    out.print(f"roots {roots}{merged}: n = {search['n']}{generators}, {entries} entries", highlight=False)
    out.print()
    _print_minimal(out, catalog)
    _print_completeness(out, search)
    print_entries(catalog["entries"], most=60)


def minimum_cells(row: dict[str, Any]) -> list[str]:
    """What is minimised, the least value, that after merging, the bound, its method and scope, of a row of minima."""
    values = (number(row[name]) for name in ("order", "merged_order", "lower_bound"))
    return [row["minimised"].replace("_", " "), *values, row["method"], scope_text(row["scope"])]


def _print_minimal(out: Console, catalog: dict[str, Any]) -> None:
    rows = []
    for row in catalog["minimal"]:
        further = ", ".join(f"{b['lower_bound']} {b['method']} ({b['scope']['weights']})" for b in row["bounds"][1:])
        rows.append(
            [
                row["cover"],
                row["model"],
                *minimum_cells(row),
                further or "-",
                "-" if row["order"] is None else row["claim"],
                row["outcome"],
            ]
        )
    columns = ["cover", "model", "minimised", "least", "merged", "bound", "method", "scope of the bound"]
    secondary = ["further bounds", "merged", "outcome", "minimised", "claim"]
    print_table(out, "Minimal orders", [*columns, "further bounds", "claim", "outcome"], rows, secondary)
    frequency = {"generic": "one generic frequency", "4": "one frequency, 4k = 0", "2": "one frequency, 2k = 0"}
    text = f"{frequency[catalog['search']['character_order']]}, Lemma 1's sufficient conditions; "
    text += "merged: distinct directions among the least found"
    out.print(Text(text, style="dim"))
    for row in catalog["minimal"]:
        if row["outcome"] != "PROVED":
            out.print(Text(f"{row['cover']}, {row['model']}: {row['outcome']}: {Outcome[row['outcome']].advice}"))
    out.print()


def _print_completeness(out: Console, search: dict[str, Any]) -> None:
    anchored = " through (1,1,1)" if search["character_order"] == "generic" else ", every anchor counted"
    units = {
        "product": ("minimal product", "minimal products"),
        "free": (f"solution{anchored}", f"solutions{anchored}"),
    }
    rows = []
    for cover, record in search["complete"].items():
        for model, unit in units.items():
            if part := record.get(model):
                levels = part.get("levels", {})
                detail = ", ".join(f"{count} with {nodes} nodes" for nodes, count in list(levels.items())[:6])
                detail += ", ..." if len(levels) > 6 else ""
                found = plural(part["found"], *unit) + (f": {detail}" if len(levels) > 1 else "")
                more = "--limit" if search["nodes"] == "weighted" and model == "free" else "--budget or --limit"
                complete = "yes" if part["complete"] else f"NO: raise {more} for more"
                rows.append([cover, model, found, str(part["kept"]), complete])
    print_table(out, "Enumeration", ["cover", "model", "found", "entries", "complete"], rows)
    out.print()


def print_entries(entries: list[dict[str, Any]], most: int | None = None) -> None:
    """One line for each entry, with the most special family only; at most ``most`` of them."""
    rows = [
        [
            entry["id"],
            str(entry["order"]),
            "+".join(entry["covers"]),
            number(entry["aligned_nodes"]),
            factor_text(entry),
            family_texts(entry)[0] if entry["families"] else "-",
            ", ".join(entry["found_by"]),
            str(entry["orbit_size"]),
            f"{float(entry['cost']):.4f}",
            claim_text(entry["optimality"]),
        ]
        for entry in entries[:most]
    ]
    columns = ["id", "order", "covers", "aligned", "factors", "family", "found by", "orbit", "cost", "claim"]
    secondary = ["orbit", "cost", "found by", "aligned", "factors", "claim", "family"]
    out = console()
    print_table(out, plural(len(entries), "entry", "entries"), columns, rows, secondary)
    if most is not None and len(entries) > most:
        out.print(Text(f"... and {len(entries) - most} more: python -m cogo_search list shows them all"))
