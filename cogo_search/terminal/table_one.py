"""Table 1 for people: a table, or CSV."""

from __future__ import annotations

import csv
import sys
from typing import Any

from rich.text import Text

from ..algebra.potentials import ZEROABLE
from .tables import console, print_table


def print_rows(rows: list[dict[str, Any]]) -> None:
    """The table for people: * marks values equal to 1, ! cells that differ from the printed paper."""
    columns = ["symbol", "[a, b, c]", *ZEROABLE, "maximal polynomial", "degree", "order"]
    cells = []
    for row in rows:
        marks = dict.fromkeys(row["differs"], "!")
        values = [row["values"][name] + ("*" if name in row["ones"] else "") + marks.get(name, "") for name in ZEROABLE]
        tail = [("-" if row[k] is None else str(row[k])) + marks.get(k, "") for k in ("degree", "order")]
        cells.append([row["symbol"], "[" + ", ".join(row["generator"]) + "]", *values, row["polynomial"], *tail])
    out = console()
    print_table(out, f"{len(rows) - 1} generators with abc = 1, and u_nu for generic nu", columns, cells)
    n = rows[0]["n"]
    out.print(f"* equal to 1: no polynomial in u annuls it;  w3 = exp(2 pi i/3);  z = exp(2 pi i/{n}) in coefficients")
    out.print("ABc is the conjugate of the paper's column a b c-bar")
    for row in rows:
        for column, cell in row["differs"].items():
            text = f"! {row['symbol']}, {column}: printed {cell['printed']}, computed {cell['computed']}: {cell['why']}"
            out.print(Text(text))


def print_csv(rows: list[dict[str, Any]]) -> None:
    """One line for each row; differing cells as column=printed in the last field."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(
        ["symbol", "a", "b", "c", *ZEROABLE, "maximal_polynomial", "degree", "order", "printed_differently"]
    )
    for row in rows:
        differs = "; ".join(f"{column}={cell['printed']}" for column, cell in row["differs"].items())
        values = [row["values"][name] for name in ZEROABLE]
        writer.writerow(
            [row["symbol"], *row["generator"], *values, row["polynomial"], row["degree"], row["order"], differs]
        )
