"""Regenerate docs/minimal-orders.json and .md: least orders at one generic frequency, by roots, cover and nodes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from cogo_search.algebra.cyclotomic import divisors
from cogo_search.algebra.potentials import COVERS
from cogo_search.searching.aligned import AlignedProblem, Multiplicities
from cogo_search.searching.bounds import Bound
from cogo_search.searching.free import least_aligned
from cogo_search.searching.outcome import Outcome
from cogo_search.searching.weighted import search_weighted
from cogo_search.storage import write_atomically
from cogo_search.terminal.progress import progress

ROOT = Path(__file__).resolve().parent.parent
#: The roots of unity of the table, ascending; weighted nodes up to WEIGHTED_TO.
ORDERS_OF_ROOTS = (*range(3, 37), 40, 42, 48, 60)
WEIGHTED_TO = 12
#: CP-SAT's deterministic time for each call.
BUDGET = 10
#: The methods that prove, as cells abbreviate them; a solver's word alone leaves a row open.
METHODS = {"lp-dual": "lp", "pencil-rank": "pencil", "exhaustive": "exh"}
HEAD = """# Minimal orders at one frequency, by roots of unity

The least number of hidden nodes with which weights over the n-th roots of unity (a and b in mu_n) reach a wanted
zero set at **one generic frequency, under Lemma 1's conditions**: `Rc+R*` wants R_c and R_* to vanish, `all` wants
R_n too, and so on; R_g is never zero.

* **aligned**: abc = 1, so a node is a direction (a, b); minimised is the number of aligned nodes, with multiplicity.
* **weighted**: any c in Q(zeta_n) on each direction; minimised is the order, the number of directions after merging.

Behind each number stands what proves that nothing smaller exists in its class:

* `lp`: fractions that make a character sum nonnegative (the dual of the linear relaxation);
* `pencil`: the rank of a real pencil, which bounds all real weights;
* `exh`: our own enumeration, without a solver, which a verifier can repeat.

Weighted nodes were searched for n <= 12: other cells are blank. `lower..upper` is an open cell: the best proved
bound and the best solution known; what a solver alone says is not counted. A solution over mu_m is one over mu_n
for every multiple n of m. Nothing is said here of whole networks, of nodes that serve several frequencies, of what
zero loss alone would ask, or of characters of order 2 and 4, whose conditions merge.
[minimal-orders.json](minimal-orders.json) has the same rows with the scope of each bound.

Regenerate with `python scripts/minimal_orders.py`.

"""
Row = dict[str, Any]
Show = Callable[[str], None]


def aligned_rows(
    roots: Iterable[int], show: Show = lambda message: None
) -> tuple[list[Row], dict[tuple[int, str], Multiplicities]]:
    """One row for each n, ascending, and cover, with the solutions behind them.

    What is known over divisors of n and for larger covers is handed on.
    """
    rows, best = [], {}
    for n in roots:
        for cover in COVERS:
            known = {m: [best[m, cover]] for m in divisors(n)[:-1] if (m, cover) in best}
            known[n] = [best[n, other] for other in larger_covers(cover) if (n, other) in best]
            show(f"n = {n}, {cover}: aligned nodes")
            x, bounds, _ = least_aligned(n, cover, BUDGET, show, known)
            if x is None or not x[0] or (AlignedProblem(n, cover).matrix @ x).any():
                raise AssertionError(f"n={n}, {cover}: no solution through the anchor")
            best[n, cover] = x
            rows.append(row(n, cover, "aligned", sum(x), bounds))
    return rows, best


def weighted_rows(aligned: dict[tuple[int, str], Multiplicities], show: Show = lambda message: None) -> list[Row]:
    """One row for each n up to WEIGHTED_TO and cover, with the number of supports through the anchor."""
    rows = []
    for n, cover in aligned:
        if n > WEIGHTED_TO:
            continue
        show(f"n = {n}, {cover}: weighted nodes")
        result = search_weighted(n, cover, limit=1, progress=show)
        if result.order is None:
            raise AssertionError(f"n={n}, {cover}: aligned nodes solve it, weighted ones do not")
        rows.append(row(n, cover, "weighted", result.order, result.bounds, result.found))
    return rows


def larger_covers(cover: str) -> list[str]:
    """The covers that want more than this one: their solutions solve it too."""
    return [other for other in COVERS if set(COVERS[cover]) < set(COVERS[other])]


def row(n: int, cover: str, nodes: str, order: int, bounds: Sequence[Bound], supports: int | None = None) -> Row:
    """The JSON object: the best solution known, the strongest of the bounds that is proved, and whether they meet."""
    bound = next(b for b in bounds if b.method in METHODS)
    proved = bound.lower_bound == order
    return {
        "n": n,
        "cover": cover,
        "nodes": nodes,
        "minimised": {"aligned": "aligned_nodes", "weighted": "order"}[nodes],
        "order": order,
        "lower_bound": bound.lower_bound,
        "method": bound.method,
        "scope": bound.scope,
        "proved": proved,
        "outcome": (Outcome.PROVED if proved else Outcome.FEASIBLE).name,
        "supports": supports,
    }


def table(rows: Sequence[Row]) -> str:
    """The rows as Markdown: n down, nodes and cover across."""
    cells = {(r["n"], r["nodes"], r["cover"]): cell(r) for r in rows}
    columns = list(dict.fromkeys((r["nodes"], r["cover"]) for r in rows))
    lines = [["n", *(f"{nodes} {cover}" for nodes, cover in columns)], ["---"] * (len(columns) + 1)]
    for n in sorted({r["n"] for r in rows}):
        lines.append([str(n), *(cells.get((n, *column), "") for column in columns)])
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)


def cell(row: Row) -> str:
    """The order, or lower..upper where it is open, and the method of the bound."""
    span = "" if row["lower_bound"] == row["order"] else f"{row['lower_bound']}.."
    return f"{span}{row['order']} {METHODS[row['method']]}"


def main() -> None:
    """Write both files."""
    with progress() as show:
        rows, best = aligned_rows(ORDERS_OF_ROOTS, show)
        rows += weighted_rows(best, show)
        show(f"{len(rows)} rows, {sum(not r['proved'] for r in rows)} open")
    lines = ",\n".join(json.dumps(r) for r in rows)
    write_atomically(ROOT / "docs" / "minimal-orders.json", f'{{"rows": [\n{lines}\n]}}\n'.encode())
    write_atomically(ROOT / "docs" / "minimal-orders.md", (HEAD + table(rows)).encode())


if __name__ == "__main__":
    main()
