"""Every table of the report: the paper's beside ours, orders, frontier, distributions, matches, entries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from ..catalog.wording import claim_text, factor_text, family_texts
from ..groups.abelian import Group
from ..terminal.tables import minimum_cells, number
from .collect import Inputs, Lacking, Missing
from .paper_sheets import errata, table_1, table_2
from .remedies import ENUMERATE, TRAIN
from .style import short
from .tabular import Sheet, write_sheets

#: What sorts the distributions of a group.
RATES = ("hidden", "weight_decay", "lr")

__all__ = ["Sheet", "sheets", "write_sheets"]


def sheets(inputs: Inputs) -> tuple[list[Sheet], list[Missing]]:
    """Every sheet that the inputs can feed; what the others lack."""
    made, missing = [], []
    for title, build in SHEETS.items():
        try:
            made.append(build(inputs))
        except Lacking as error:
            missing.append(error.missing(title))
    return made, missing


def minimal_orders(inputs: Inputs) -> Sheet:
    """The table of minimal orders of every catalog, with the scope of each bound."""
    if not inputs.minimal:
        raise Lacking("the catalogs hold none", ENUMERATE)
    characters = {search["catalog"]: search["character_order"] for search in inputs.searches}
    frequencies = {"generic": "generic", "4": "4k = 0", "2": "2k = 0"}
    rows = [
        (
            row["catalog"],
            frequencies[characters.get(row["catalog"], "generic")],
            row["cover"],
            row["model"] + (f", {row['nodes']}" if row["nodes"] else ""),
            *minimum_cells(row),
            row["outcome"],
        )
        for row in inputs.minimal
    ]
    heads = "catalog, frequency, cover, model, minimised, least, merged, bound, method, scope of the bound, outcome"
    caption = (
        "One frequency, Lemma 1's sufficient conditions; least: the best value of what is minimised; merged: distinct "
        "directions among the least found."
    )
    return Sheet("minimal-orders", "Minimal orders", caption, tuple(heads.split(", ")), tuple(rows))


def frontier(inputs: Inputs) -> Sheet:
    """The width frontier, one row for each group and setting."""
    rows = []
    for r in inputs.frontier:
        setting = (r["group"], r["trivial"], r["target"])
        if r.get("impossible"):
            rows.append((*setting, "", "", "", "", "", "impossible at any width"))
            continue
        values = (number(r["bound"]), r["argument"], *(number(r[name]) for name in ("certified", "found", "paper")))
        rows.append((*setting, *values, "least width" if r["minimal"] else ""))
    columns = ("group", "trivial character", "targets", "bound", "argument", "certified", "found", "paper", "proved")
    caption = (
        "Hidden nodes of networks of zero loss. certified: in exact arithmetic, from the catalogs; found: hit by a "
        "search in float64, no proof; paper: the narrowest of its constructions."
    )
    return Sheet("frontier", "The width frontier", caption, columns, tuple(rows))


def order_distributions(inputs: Inputs) -> Sheet:
    """How many frequencies have each order, one row for each group, width and rates."""
    records = [record for record in inputs.orders if record["orders"]]
    if not records:
        raise Lacking("no run with the paper's optimizer has ended", TRAIN)
    orders = range(max(int(order) for record in records for order in record["orders"]) + 1)
    rows = [
        (
            r["group"],
            str(r["hidden"]),
            short(r["weight_decay"]),
            short(r["lr"]),
            ", ".join(f"{n} {status}" for status, n in sorted(r["runs"].items())),
            *(str(r["orders"].get(str(order), 0)) for order in orders),
            f"{r['mean_order']:.2f}",
        )
        for r in sorted(records, key=lambda r: (Group.parse(r["group"]).order, r["group"], *map(r.get, RATES)))
    ]
    columns = ("group", "q", "weight decay", "learning rate", "networks", *(f"order {o}" for o in orders), "mean")
    caption = "Frequencies by order, the nodes with |z_a| > 0.05 (the paper's rule), 100 epochs before the end."
    return Sheet("order-distributions", "Orders over weight decay, width and modulus", caption, columns, tuple(rows))


def entries(inputs: Inputs) -> Sheet:
    """The entries of all catalogs, with the frequencies that were nearest to them."""
    if not inputs.entries:
        raise Lacking("the catalogs hold none", ENUMERATE)
    hits = None
    if inputs.matches is not None:
        hits = {h["id"]: h["hits"] for h in inputs.matches.comparison.get("entries", [])}
    rows = [
        (
            e["id"],
            str(e["n"]),
            str(e["order"]),
            "+".join(e["covers"]),
            "; ".join(family_texts(e)) or "-",
            factor_text(e),
            e["cost"],
            str(e["orbit_size"]),
            claim_text(e["optimality"]),
            "" if hits is None else str(hits.get(e["id"], "-")),
        )
        for e in (located.record for located in inputs.entries)
    ]
    columns = ("id", "n", "order", "covers", "families", "factors", "cost", "orbit", "claim", "hits")
    caption = (
        "cost: 3 sum_j (|c_j| / r_kkk)^(2/3), the least squared norm at one frequency; hits: frequencies of the runs "
        "whose nearest entry it is within the tolerance, for orders 4 and 6 (-: not compared; empty: no runs)."
    )
    return Sheet("entries", "Catalog entries", caption, columns, tuple(rows))


def matched(inputs: Inputs) -> Sheet:
    """What the frequencies of the runs became, by group, order, status and family."""
    if inputs.matches is None:
        raise Lacking("no run has ended", TRAIN)
    report = inputs.matches.report
    found = Counter(
        (n["group"], f["order"], f["status"], f["family"] or "-") for n in report["networks"] for f in n["frequencies"]
    )
    counts = sorted(found.items(), key=lambda item: (Group.parse(item[0][0]).order, item[0]))
    rows = [tuple(map(str, (*key, count))) for key, count in counts]
    columns = ("group", "order", "status", "family", "frequencies")
    caption = (
        f"{len(report['networks'])} networks at their last epoch, by our rules, relative distance at most "
        f"{report['tolerance']:g}; the share of random blocks that come as near to any family is at most "
        f"{report['null_rate']:g}."
    )
    return Sheet("matches", "What the runs learned", caption, columns, tuple(rows))


SHEETS: dict[str, Callable[[Inputs], Sheet]] = {
    "Table 1": table_1,
    "Table 2": table_2,
    "Errata of the paper": errata,
    "Minimal orders": minimal_orders,
    "The width frontier": frontier,
    "Orders over weight decay, width and modulus": order_distributions,
    "What the runs learned": matched,
    "Catalog entries": entries,
}
