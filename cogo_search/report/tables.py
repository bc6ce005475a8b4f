"""Tables for people, on stdout: minimal orders, completeness, entries."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..cyclotomic import format_root
from ..search.outcome import Outcome

METHOD_SCOPE = {
    "real": "all real weights",
    "aligned": "aligned nodes over mu_{n}",
    "product": "products of polynomials over roots {roots}",
}


def console() -> Console:
    """A console that never wraps a table when its output is piped."""
    return Console() if sys.stdout.isatty() else Console(width=200)


def scope_text(scope: dict[str, Any]) -> str:
    """A scope in words: the class of weights, and what is minimised."""
    roots = ",".join(map(str, scope.get("roots", [])))
    text = METHOD_SCOPE[scope["weights"]].format(n=scope["n"], roots=roots)
    if scope.get("max_factors"):
        text += f", at most {scope['max_factors']} factor" + ("s" if scope["max_factors"] > 1 else "")
    return text


def number(value: int | None) -> str:
    """An integer, or a dash where none is known."""
    return "-" if value is None else str(value)


def print_table(out: Console, title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a title line and a plain table; columns that hold only numbers are right-aligned.

    Cells are literal text. On a narrow terminal every column folds but ids and numbers.
    """
    out.print(Text(title, style="bold"))
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), show_edge=False)
    for index, name in enumerate(columns):
        numeric = all(row[index].lstrip("-").replace(".", "", 1).isdigit() or row[index] == "-" for row in rows)
        keep = numeric or name in ("id", "cover", "model", "symbol", "factors", "claim")
        table.add_column(Text(name), justify="right" if numeric else "left", no_wrap=keep, overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    out.print(table)


def print_search(catalog: dict[str, Any]) -> None:
    """What ``enumerate`` prints: generators, the table of minimal orders, completeness, the entries."""
    search = catalog["search"]
    out = console()
    roots = ",".join(map(str, search["roots"]))
    generators = "" if search["model"] == "free" else f", {len(catalog['generators'])} generators with abc = 1"
    out.print(f"roots {roots}: n = {search['n']}{generators}, {len(catalog['entries'])} entries", highlight=False)
    out.print()
    _print_minimal(out, catalog)
    _print_completeness(out, search)
    print_entries(catalog["entries"])


def _print_minimal(out: Console, catalog: dict[str, Any]) -> None:
    rows = []
    for row in catalog["minimal"]:
        further = ", ".join(f"{b['lower_bound']} {b['method']} ({b['scope']['weights']})" for b in row["bounds"][1:])
        rows.append(
            [
                row["cover"],
                row["model"],
                row["minimised"].replace("_", " "),
                number(row["order"]),
                number(row["merged_order"]),
                number(row["lower_bound"]),
                row["method"],
                scope_text(row["scope"]),
                further or "-",
                "-" if row["order"] is None else row["claim"],
                row["outcome"],
            ]
        )
    columns = ["cover", "model", "minimised", "least", "merged", "bound", "method", "scope of the bound"]
    print_table(out, "Minimal orders", [*columns, "further bounds", "claim", "outcome"], rows)
    text = "one generic frequency, Lemma 1's sufficient conditions; merged: distinct directions among the least found"
    out.print(Text(text, style="dim"))
    for row in catalog["minimal"]:
        if row["outcome"] != "PROVED":
            out.print(Text(f"{row['cover']}, {row['model']}: {row['outcome']}: {Outcome[row['outcome']].advice}"))
    out.print()


def _print_completeness(out: Console, search: dict[str, Any]) -> None:
    units = {"product": "minimal products", "free": "solutions through (1,1,1)"}
    rows = []
    for cover, record in search["complete"].items():
        for model, unit in units.items():
            if part := record.get(model):
                levels = part.get("levels", {})
                detail = ", ".join(f"{count} with {nodes} nodes" for nodes, count in levels.items())
                found = f"{part['found']} {unit}" + (f": {detail}" if len(levels) > 1 else "")
                complete = "yes" if part["complete"] else "NO: raise --budget or --limit for more"
                rows.append([cover, model, found, str(part["kept"]), complete])
    print_table(out, "Enumeration", ["cover", "model", "found", "entries", "complete"], rows)
    out.print()


def print_entries(entries: list[dict[str, Any]]) -> None:
    """One line for each entry, with the most special family only."""
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
            entry["cost"][:6],
            entry["optimality"]["claim"],
        ]
        for entry in entries
    ]
    columns = ["id", "order", "covers", "aligned", "factors", "family", "found by", "orbit", "cost", "claim"]
    print_table(console(), f"{len(entries)} entries", columns, rows)


def factor_text(entry: dict[str, Any]) -> str:
    """Orders of the factors, or "irreducible"."""
    if entry["factors"] is None:
        return "irreducible"
    return " x ".join(str(f["order"]) for f in entry["factors"])


def family_texts(entry: dict[str, Any]) -> list[str]:
    """Families with their parameters, most special first."""
    n = entry["n"]
    return [
        f"{family['name']}({', '.join(f'{k}={format_root(v, n)}' for k, v in family['parameters'].items())})"
        for family in entry["families"]
    ]
