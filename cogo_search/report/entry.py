"""One catalog entry for people."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..catalog.entries import Located
from ..cyclotomic import format_root, reduction_matrix, to_complex
from ..potentials import EXPONENTS
from ..weights import Weights
from .tables import console, factor_text, family_texts, number, print_table, scope_text


def format_element(coordinates: list[int], n: int) -> str:
    """An element of Z[zeta_n]: m, m*root where it is one, else a polynomial in z = zeta_n."""
    x = np.array(coordinates)
    for exponent, row in enumerate(reduction_matrix(n)):
        pivot = int(np.flatnonzero(row)[0])
        m = int(x[pivot] // row[pivot])
        if m > 0 and np.array_equal(x, m * row):
            root = format_root(exponent, n)
            return root if m == 1 else str(m) if root == "1" else f"{m} {root}"
    terms = [f"{v:+d}" + ("" if i == 0 else " z" if i == 1 else f" z^{i}") for i, v in enumerate(coordinates) if v]
    return " ".join(terms).lstrip("+") or "0"


def print_entry(located: Located) -> None:
    """Nodes, potentials, provenance and optimality."""
    entry, out = located.entry, console()
    n = entry["n"]
    weights = Weights.from_nodes(
        n, *(np.array([node[key] for node in entry["nodes"]], dtype=np.int64) for key in ("a", "b", "c"))
    )
    scale = int(weights.potential("abc")[0])
    out.print(entry["id"], style="bold", highlight=False)
    rows = []
    for j, node in enumerate(entry["nodes"]):
        size = abs(complex(to_complex(np.array(node["c"]), n))) / scale
        entries = [format_root(node["a"], n), format_root(node["b"], n), format_element(node["c"], n)]
        rows.append([str(j), *entries, f"{size:.6f}"])
    columns = ["node", "a", "b", "c" if scale == 1 else f"{scale} c", "|c|"]
    print_table(out, f"{entry['order']} nodes over mu_{n}, z = zeta_{n}, scaled so that r_kkk = 1", columns, rows)
    out.print()
    values = []
    for name in EXPONENTS:
        value = [int(v) for v in weights.potential(name)]
        shown = "1" if name == "abc" else format_element(value, n) + (f" / {scale}" if any(value) else "")
        values.append([name, shown])
    print_table(out, "potentials", ["name", "value"], values)
    out.print()
    for label, text in _facts(located):
        out.print(f"{label:>14}  {text}", highlight=False, markup=False)


def _facts(located: Located) -> list[tuple[str, str]]:
    entry = located.entry
    optimality = entry["optimality"]
    facts = [
        ("covers", ", ".join(entry["covers"])),
        ("order", f"{entry['order']} (formal {entry['formal_order']}, aligned nodes {number(entry['aligned_nodes'])})"),
        ("factors", factor_text(entry)),
        *(("polynomial", _polynomial_text(p)) for p in entry["polynomials"] or []),
        ("families", "; ".join(family_texts(entry)) or "none of the named ones"),
        ("found by", ", ".join(entry["found_by"])),
        ("orbit size", str(entry["orbit_size"])),
        ("cost", f"{entry['cost']} (least squared norm at one frequency)"),
        (
            "optimality",
            f"{optimality['claim']}: {optimality['scope']['minimised'].replace('_', ' ')} at least "
            f"{optimality['lower_bound']} by {optimality['method']}, over {scope_text(optimality['scope'])}, for "
            f"cover {optimality['scope']['cover']} ({optimality['scope']['frequency'].replace(',', '')} frequency, "
            f"{optimality['scope']['conditions']})",
        ),
        ("in", ", ".join(located.catalogs)),
    ]
    return facts


def _polynomial_text(record: dict[str, Any]) -> str:
    n = record["n"]
    u = ", ".join(format_root(e, n) for e in record["generator"])
    roots = ", ".join(format_root(e, n) for e in record["values"])
    return f"rho_S(u), u = [{u}], S = {{{roots}}}, order {record['order']}"
