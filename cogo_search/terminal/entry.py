"""One catalog entry for people."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..algebra.cyclotomic import format_element, format_root, to_complex
from ..algebra.potentials import EXPONENTS, conditions
from ..algebra.weights import Weights
from ..catalog.entry import Entry
from ..catalog.wording import factor_text, family_texts, scope_text
from ..errors import VerificationError
from .tables import console, number, print_line, print_table


def print_entry(located: Entry) -> None:
    """Nodes, potentials, provenance and optimality."""
    entry, out = located.record, console()
    n = entry["n"]
    weights = Weights.from_nodes(
        n, *(np.array([node[key] for node in entry["nodes"]], dtype=np.int64) for key in ("a", "b", "c"))
    )
    scale = int(weights.potential("abc")[0])
    if scale < 1:
        raise VerificationError(f"entry {entry['id']} has no positive r_kkk: run verify on its catalog")
    out.print(entry["id"], style="bold", highlight=False)
    rows = []
    for j, node in enumerate(entry["nodes"]):
        size = abs(complex(to_complex(np.array(node["c"]), n))) / scale
        entries = [format_root(node["a"], n), format_root(node["b"], n), format_element(node["c"], n, scale)]
        rows.append([str(j), *entries, f"{size:.6f}"])
    columns = ["node", "a", "b", "c", "|c|"]
    print_table(out, f"{entry['order']} nodes over mu_{n}, z = zeta_{n}, scaled so that r_kkk = 1", columns, rows)
    out.print()
    values = []
    merged = [name for name in conditions(entry["character_order"]) if name not in EXPONENTS]
    for name in [*EXPONENTS, *merged]:
        value = [int(v) for v in weights.condition(name)]
        values.append([name, format_element(value, n, scale)])
    print_table(out, "potentials", ["name", "value"], values)
    out.print()
    for label, text in facts(located):
        print_line(out, f"{label:>14}  {text}")


def facts(located: Entry) -> list[tuple[str, str]]:
    """What is known about an entry beside its nodes and potentials: labels and texts."""
    entry = located.record
    optimality = entry["optimality"]
    facts = [
        ("covers", ", ".join(entry["covers"])),
        ("order", f"{entry['order']} (formal {entry['formal_order']}, aligned nodes {number(entry['aligned_nodes'])})"),
        ("factors", factor_text(entry)),
        *(("polynomial", _polynomial_text(p)) for p in entry["polynomials"] or []),
        ("families", "; ".join(family_texts(entry)) or "none of the named ones"),
        *([("dimension", _dimension_text(entry))] if "dimension" in entry else []),
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


def _dimension_text(entry: dict[str, Any]) -> str:
    """How large the family around the entry is, symmetries apart: isolated, named, or without a name.

    Where the conditions are dependent (a class not in ``regular``) the number is a bound, and no family is claimed.
    """
    dimension, texts = entry["dimension"], []
    for name, scope in (("real", "all real weights"), ("weighted", "|a| = |b| = 1")):
        bound = "" if name in dimension["regular"] or dimension[name] == 0 else "at most "
        texts.append(f"isolated over {scope}" if dimension[name] == 0 else f"{bound}{dimension[name]} over {scope}")
    unnamed = dimension["real"] and "real" in dimension["regular"] and not entry["families"]
    named = " (a family without a name)" if unnamed else ""
    return "; ".join([texts[0] + named, texts[1]])


def _polynomial_text(record: dict[str, Any]) -> str:
    n = record["n"]
    u = ", ".join(format_root(e, n) for e in record["generator"])
    roots = ", ".join(format_root(e, n) for e in record["values"])
    return f"rho_S(u), u = [{u}], S = {{{roots}}}, order {record['order']}"
