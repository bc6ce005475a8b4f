"""Tables for people, on stdout: minimal orders, completeness, entries."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..catalog.catalog import ids_at_hand
from ..catalog.lookup import short_ids
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
    out: Console,
    title: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    secondary: Sequence[str] = (),
    notes: Sequence[str] = (),
) -> None:
    """Print a title line and a plain table of literal text; columns that hold only numbers are right-aligned.

    ``notes`` are lines below the title.

    What is not printable in a cell is escaped: names of files and of tensors come from anywhere.

    Where the terminal is too narrow, ``secondary`` columns are left out, first ones first, and named below the
    table. No cell is ever cut or folded: what still does not fit is left to the terminal's own wrapping.
    """
    rows = [[one_line(cell) for cell in row] for row in rows]
    widths, dropped = _fitting(out, columns, rows, secondary)
    out.print(Text(one_line(title), style="bold"))
    for note in notes:
        print_line(out, note, "dim")
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), show_edge=False)
    for name in widths:
        numeric = _numeric([row[columns.index(name)] for row in rows])
        table.add_column(Text(name), justify="right" if numeric else "left", no_wrap=True)
    for row in rows:
        table.add_row(*(Text(row[columns.index(name)]) for name in widths))
    wide = Output(width=max(out.width, sum(widths.values()) + 2), highlight=False)
    wide.print(table)
    _tell_dropped(out, dropped)


def print_records(
    out: Console,
    title: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    below: Sequence[Sequence[str]],
    secondary: Sequence[str] = (),
) -> None:
    """Print a table as :func:`print_table` does, with lines of text below each row."""
    rows = [[one_line(cell) for cell in row] for row in rows]
    widths, dropped = _fitting(out, columns, rows, secondary)
    right = [_numeric([row[columns.index(name)] for row in rows]) for name in widths]

    def line(cells: Sequence[str]) -> str:
        sizes = [width - 2 for width in widths.values()]
        placed = zip(cells, sizes, right, strict=True)
        return "  ".join(cell.rjust(size) if ends else cell.ljust(size) for cell, size, ends in placed).rstrip()

    out.print(Text(one_line(title), style="bold"))
    out.print(Text(line(list(widths)), style="bold"))
    for row, texts in zip(rows, below, strict=True):
        print_unfolded(out, line([row[columns.index(name)] for name in widths]))
        for text in texts:
            print_unfolded(out, f"  {one_line(text)}", "dim")
    _tell_dropped(out, dropped)


def print_unfolded(out: Console, text: str, style: str = "") -> None:
    """Print a line of literal text that is left to the terminal's own wrapping."""
    out.print(Text(text, style=style), soft_wrap=True)


def _fitting(
    out: Console, columns: Sequence[str], rows: Sequence[Sequence[str]], secondary: Sequence[str]
) -> tuple[dict[str, int], list[str]]:
    """Widths by column, and those secondary ones that had to be left out."""
    widths = {name: max(len(name), *(len(row[i]) for row in rows), 0) + 2 for i, name in enumerate(columns)}
    dropped: list[str] = []
    for name in secondary:
        if sum(widths.values()) > out.width:
            dropped.append(name)
            del widths[name]
    return widths, dropped


def fits(out: Console, columns: Sequence[str], rows: Sequence[Sequence[str]], secondary: Sequence[str] = ()) -> bool:
    """Whether the rows fit in the terminal's width, at the price of secondary columns at most."""
    return sum(_fitting(out, columns, rows, secondary)[0].values()) <= out.width


def _numeric(cells: Sequence[str]) -> bool:
    return all(cell.lstrip("-").replace(".", "", 1).isdigit() or cell == "-" for cell in cells)


def _tell_dropped(out: Console, dropped: Sequence[str]) -> None:
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


def print_entries(entries: list[dict[str, Any]], most: int | None = None, known: Sequence[str] | None = None) -> None:
    """Each entry with the most special family only; at most ``most`` of them.

    Where the terminal is too narrow for id, family and claim in one line, these two stand below it, and ids are
    shortened to what `show` takes: ``known`` are those it finds, by default of all catalogs at hand.
    """
    out, shown = console(), entries[:most]
    rows = [
        [
            entry["id"],
            str(entry["order"]),
            "+".join(entry["covers"]),
            number(entry["aligned_nodes"]),
            factor_text(entry),
            _family(entry) or "-",
            ", ".join(entry["found_by"]),
            str(entry["orbit_size"]),
            f"{float(entry['cost']):.4f}",
            claim_text(entry["optimality"]),
        ]
        for entry in shown
    ]
    columns = ["id", "order", "covers", "aligned", "factors", "family", "found by", "orbit", "cost", "claim"]
    title = plural(len(entries), "entry", "entries")
    secondary = ["orbit", "cost", "found by", "aligned", "factors"]
    if fits(out, columns, rows, secondary):
        print_table(out, title, columns, rows, secondary)
    else:
        short = short_ids([entry["id"] for entry in shown], ids_at_hand() if known is None else known)
        below = [_below(entry, out.width - 2) for entry in shown]
        placed = [i for i, name in enumerate(columns) if name not in ("family", "claim")]
        cells = [[short[row[0]], *(row[i] for i in placed[1:])] for row in rows]
        print_records(out, f"{title}, below each its family and its claim", [columns[i] for i in placed], cells, below,
                      secondary)  # fmt: skip
        out.print(Text("(ids are shortened: show takes them so, --json has them whole)", style="dim"))
    if most is not None and len(entries) > most:
        out.print(Text(f"... and {len(entries) - most} more: python -m cogo_search list shows them all"))


def _family(entry: dict[str, Any]) -> str:
    return family_texts(entry)[0] if entry["families"] else ""


def _below(entry: dict[str, Any], width: int) -> list[str]:
    """Family and claim in lines of ``width``, as few as it takes; the claim in fewer words where it has to."""
    family, claims = _family(entry), [claim_text(entry["optimality"], short) for short in (False, True)]
    for claim in claims:
        if len(line := f"{family}; {claim}" if family else claim) <= width:
            return [line]
    return [*([family] if family else []), next((claim for claim in claims if len(claim) <= width), claims[1])]
