"""Tables for people, on stdout: minimal orders, completeness, entries."""

from __future__ import annotations

import sys
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

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


def plain_table(title: str, columns: list[tuple[str, str]], rows: list[list[str]]) -> Table:
    """A table with headers and justifications given as (name, left | right) and no markup in cells."""
    table = Table(title=title, title_justify="left", title_style="bold")
    for name, justify in columns:
        table.add_column(Text(name), justify="right" if justify == "right" else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    return table


def print_search(catalog: dict[str, Any]) -> None:
    """What ``enumerate`` prints: generators, the table of minimal orders, completeness, the entries."""
    search = catalog["search"]
    out = console()
    roots = ",".join(map(str, search["roots"]))
    generators = "" if search["model"] == "free" else f", {len(catalog['generators'])} generators with abc = 1"
    out.print(f"roots {roots}: n = {search['n']}{generators}, {len(catalog['entries'])} entries", highlight=False)
    out.print(_minimal_table(catalog))
    out.print(
        "one generic frequency, conditions of Lemma 1 (sufficient); order = nodes after merging equal directions",
        highlight=False,
        style="dim",
    )
    for row in catalog["minimal"]:
        if row["outcome"] != "PROVED":
            advice = Outcome[row["outcome"]].advice
            out.print(f"{row['cover']}, {row['model']}: {row['outcome']}: {advice}", highlight=False)
    out.print(_completeness_table(search))
    print_entries(catalog["entries"])


def _minimal_table(catalog: dict[str, Any]) -> Table:
    rows = []
    for row in catalog["minimal"]:
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
                ", ".join(f"{b['lower_bound']} {b['method']} ({b['scope']['weights']})" for b in row["bounds"][1:])
                or "-",
                row["claim"] if row["outcome"] in ("PROVED", "FEASIBLE") else "-",
                row["outcome"],
            ]
        )
    columns = [
        ("cover", "left"),
        ("model", "left"),
        ("minimised", "left"),
        ("least", "right"),
        ("merged", "right"),
        ("bound", "right"),
        ("method", "left"),
        ("scope of the bound", "left"),
        ("further bounds", "left"),
        ("claim", "left"),
        ("outcome", "left"),
    ]
    return plain_table("Minimal orders", columns, rows)


def _completeness_table(search: dict[str, Any]) -> Table:
    rows = []
    for cover, record in search["complete"].items():
        for model in ("product", "free"):
            if part := record.get(model):
                unit = "minimal products" if model == "product" else "solutions through (1,1,1)"
                levels = " ".join(f"{nodes}:{count}" for nodes, count in part.get("levels", {}).items())
                rows.append(
                    [
                        cover,
                        model,
                        f"{part['found']} {unit}"
                        + (f" (by nodes {levels})" if len(part.get("levels", {})) > 1 else ""),
                        str(part["kept"]),
                        "yes" if part["complete"] else "NO: raise --budget or --limit for more",
                    ]
                )
    columns = [
        ("cover", "left"),
        ("model", "left"),
        ("found", "left"),
        ("kept as entries", "right"),
        ("complete", "left"),
    ]
    return plain_table("Enumeration", columns, rows)


def print_entries(entries: list[dict[str, Any]]) -> None:
    """One line for each entry."""
    rows = []
    for entry in entries:
        rows.append(
            [
                entry["id"],
                str(entry["order"]),
                "+".join(entry["covers"]),
                number(entry["aligned_nodes"]),
                factor_text(entry),
                family_text(entry) or "-",
                ",".join(entry["found_by"]),
                str(entry["orbit_size"]),
                entry["cost"][:6],
                entry["optimality"]["claim"],
            ]
        )
    columns = [
        ("id", "left"),
        ("order", "right"),
        ("covers", "left"),
        ("aligned", "right"),
        ("factors", "left"),
        ("families", "left"),
        ("found by", "left"),
        ("orbit", "right"),
        ("cost", "right"),
        ("claim", "left"),
    ]
    console().print(plain_table(f"{len(entries)} entries", columns, rows))


def factor_text(entry: dict[str, Any]) -> str:
    """Orders of the factors, or "irreducible"."""
    if entry["factors"] is None:
        return "irreducible"
    return " x ".join(str(f["order"]) for f in entry["factors"])


def family_text(entry: dict[str, Any]) -> str:
    """Families with their parameters, most special first."""
    from ..cyclotomic import format_root

    parts = []
    for family in entry["families"]:
        values = ", ".join(f"{k}={format_root(v, entry['n'])}" for k, v in family["parameters"].items())
        parts.append(f"{family['name']}({values})")
    return "; ".join(parts)
