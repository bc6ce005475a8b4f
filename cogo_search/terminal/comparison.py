"""The comparison for people and for papers: tables on stdout, CSV and LaTeX."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from rich.text import Text

from ..families import all_families
from .matches import frequency, print_evidence
from .tables import console, print_table


def _value(pair: dict[str, float | None]) -> str:
    if pair["mean"] is None:
        return "-"
    error = pair["standard_error"]
    return f"{pair['mean']:.2f}" + ("" if error is None else f" +- {error:.2f}")


def _printed(row: dict[str, Any], name: str) -> str:
    printed = (row["printed"] or {}).get(name)
    return "" if printed is None else f"{printed[0]:.2f} +- {printed[1]:.2f}"


def print_comparison(comparison: dict[str, Any]) -> None:
    """Table 2 beside print, counts, entries, what is left over, and the evidence."""
    out = console()
    rows = []
    for row in comparison["table"]:
        for name, pair in row["values"].items():
            rows.append([row["group"], str(row["networks"]), name, _value(pair), _printed(row, name)])
    title = (
        f"Table 2 by {comparison['rules']} rules: mean and standard error over networks, errors in 1e-2, else percent"
    )
    print_table(out, title, ["group", "networks", "quantity", "here", "paper"], rows)
    if len(comparison["kinds"]) > 1 or any(row["loss_function"] == "cross-entropy" for row in comparison["kinds"]):
        _print_kinds(out, comparison["kinds"])
    rows = [[str(c["order"]), c["status"], c["family"] or "-", str(c["count"])] for c in comparison["counts"]]
    print_table(out, "frequencies", ["order", "status", "family", "count"], rows)
    if "entries" in comparison:
        _print_entries(out, comparison)
        _print_left_over(out, comparison)
        print_evidence(out, comparison)


def _print_kinds(out: Any, kinds: list[dict[str, Any]]) -> None:
    """What is learned under each loss function and activation, side by side: one column a kind."""
    heads = [f"{kind['group']} {kind['activation']} {kind['loss_function'] or 'loss unknown'}" for kind in kinds]
    orders = sorted({int(order) for kind in kinds for order in kind["orders"]})
    families = sorted({name for kind in kinds for name in kind["families"]})
    statuses = sorted({name for kind in kinds for name in kind["statuses"]})
    rows = [["networks", *(str(kind["networks"]) for kind in kinds)]]
    rows += [[status, *(str(kind["statuses"].get(status, 0)) for kind in kinds)] for status in statuses]
    rows += [[f"order {n}", *(_share(kind["orders"].get(str(n))) for kind in kinds)] for n in orders]
    rows += [[name, *(_share(kind["families"].get(name)) for kind in kinds)] for name in families]
    print_table(out, "what is learned, by group, activation and loss: % of frequencies", ["", *heads], rows)


def _share(percent: float | None) -> str:
    return "-" if percent is None else f"{percent:.1f}"


def _print_entries(out: Any, comparison: dict[str, Any]) -> None:
    rows = [
        [h["id"], str(h["order"]), str(h["hits"]), f"{h['expected']:.1f}", f"{h['cost']:.4f}"]
        for h in sorted(comparison["entries"], key=lambda h: (h["order"], -h["hits"], h["id"]))
    ]
    title = "catalog entries: frequencies nearest to them within the tolerance, and expected of uniform parameters"
    print_table(out, title, ["entry", "order", "hits", "expected", "cost"], rows)
    missing = [h["id"] for h in comparison["entries"] if not h["hits"]]
    out.print(Text(f"never found: {', '.join(missing) or 'none'}"))
    for order, verdict in comparison["cost_explains"].items():
        if isinstance(verdict, str):
            out.print(Text(f"does cost explain the hits at order {order}? {verdict}"))
        else:
            low, high = verdict["interval"]
            text = f"Spearman {verdict['spearman']:.2f}, 95 % interval [{low:.2f}, {high:.2f}]"
            out.print(Text(f"does cost explain the hits at order {order}? {text}, {verdict['entries']} entries"))


def _print_left_over(out: Any, comparison: dict[str, Any]) -> None:
    rows = []
    for f in comparison["left_over"]:
        motion, near = f.get("motion"), f["nearest"]
        rows.append(
            [
                f["source"],
                frequency(f["k"]),
                str(f["order"]),
                f["status"],
                "-" if near is None else f"{near['family']} {near['distance']:.3f}",
                "-" if not motion else f"{motion['from']:.4f} -> {motion['to']:.4f}",
                ", ".join(map(frequency, f["coupled_with"])) or "-",
                "yes" if f["solved"] else "no",
            ]
        )
    columns = ["network", "k", "order", "status", "nearest family", "distance in time", "coupled with", "solved"]
    print_table(out, "in no family", columns, rows)


def written(report: dict[str, Any], comparison: dict[str, Any]) -> dict[str, str]:
    """The files of --out by name."""
    files = {
        "comparison.json": json.dumps(comparison, indent=1) + "\n",
        "matches.json": json.dumps(report) + "\n",
        "table2.csv": _table_csv(comparison),
        "table2.tex": _table_latex(comparison),
    }
    if "entries" in comparison:
        files["entries.csv"] = _csv(
            [["id", "order", "hits", "expected", "cost"]] + [list(h.values()) for h in comparison["entries"]]
        )
        files["candidates.json"] = json.dumps(comparison["candidates"], indent=1) + "\n"
    return files


def _csv(rows: list[list[Any]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def _table_csv(comparison: dict[str, Any]) -> str:
    rows: list[list[Any]] = [["group", "networks", "quantity", "mean", "standard_error", "paper_mean", "paper_error"]]
    for row in comparison["table"]:
        for name, pair in row["values"].items():
            printed = (row["printed"] or {}).get(name, ("", ""))
            rows.append([row["group"], row["networks"], name, pair["mean"], pair["standard_error"], *printed])
    return _csv(rows)


def _table_latex(comparison: dict[str, Any]) -> str:
    names = list(comparison["table"][0]["values"])
    formulas = {family.name: family.formula for family in all_families()}
    head = " & ".join(["$d$", *(formulas.get(name, name) for name in names)])
    lines = [rf"\begin{{tabular}}{{l{'c' * len(names)}}}", head + r" \\ \hline"]
    for row in comparison["table"]:
        cells = [_value(pair).replace("+-", r"$\pm$") for pair in row["values"].values()]
        lines.append(" & ".join([row["group"], *cells]) + r" \\")
    return "\n".join([*lines, r"\end{tabular}", ""])
