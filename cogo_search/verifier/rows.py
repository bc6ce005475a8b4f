"""The table of minimal orders against the entries, and the counts of what was found."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from .bounds import check_claim
from .entries import Entry
from .enumerations import binomial, smallest_product
from .meter import agree, require
from .searches import Search
from .shapes import BOUND
from .texts import shown
from .vocabulary import COVERS, POTENTIALS, QUANTITY, WIDTH


def span(row: dict[str, Any], search: Search) -> range:
    """The values of the minimised quantity that the enumeration behind a row covers."""
    if row["order"] is None:
        return range(0)
    top = row["order"] if row["model"] == "product" else max(row["order"], search.max_order or 0)
    return range(row["order"], top + 1)


def behind(row: dict[str, Any], entries: list[Entry], search: Search) -> list[Entry]:
    """The entries that the enumeration behind a row accounts for."""
    found = [e for e in entries if row["model"] in e.found_by and e.reaches(row["cover"])]
    return [e for e in found if e.quantity[row["minimised"]] in span(row, search)]


def check_row(row: dict[str, Any], entries: list[Entry], search: Search, where: str) -> None:
    """A row of ``minimal`` against the entries and its bounds (whose certificates are checked elsewhere)."""
    model, cover, order, bounds = row["model"], row["cover"], row["order"], row["bounds"]
    agree(f"{where}: n", row["n"], search.n)
    agree(f"{where}: nodes", row["nodes"], search.nodes if model == "free" else None)
    agree(f"{where}: minimised", row["minimised"], QUANTITY[row["nodes"]])
    require(1 <= len(bounds) <= 16, f"{where}: bounds: {len(bounds)} of them")
    for key in BOUND:
        agree(f"{where}: {key} against bounds[0]", row[key], bounds[0][key])
    for bound in bounds:
        scope = bound["scope"]
        agree(f"{where}: bounds: scope.cover", scope["cover"], cover)
        fitting = scope["weights"] in ("real", search.nodes if model == "free" else "product")
        require(fitting, f"{where}: bounds: {scope['weights']} weights in a row of the {model} model")
        low = bound["lower_bound"] or 0
        require(order is None or low <= order, f"{where}: bounds: {low} is above the order {order}")
    ranks = [(-(b["lower_bound"] or 0), WIDTH[b["scope"]["weights"]]) for b in bounds]
    require(ranks == sorted(ranks), f"{where}: bounds: not in the order strongest first, then widest")
    check_claim(row, order, where)
    if order is None:
        good = row["outcome"] in ("INFEASIBLE", "BUDGET_EXHAUSTED")
        require(good, f"{where}: outcome {row['outcome']} without an order")
    else:
        agree(f"{where}: outcome", row["outcome"], "PROVED" if row["claim"] == "minimal" else "FEASIBLE")
    if row["outcome"] == "INFEASIBLE":
        # The sum over all of mu_n^2 kills every potential if n >= 3; mu_2 leaves Abc = abc. Real nodes, 2k = 0: one
        # direction if n is odd, which leaves aac + bbc = 2 abc.
        free = search.n >= 3 if search.character_order != "2" else search.n % 2 == 0 or "Rn" not in COVERS[cover]
        possible = smallest_product(search, cover) is not None if model == "product" else free
        require(not possible, f"{where}: outcome: INFEASIBLE, but solutions exist")
    own = [e for e in entries if model in e.found_by and e.reaches(cover)]
    best = min((e.quantity[row["minimised"]] or 0 for e in own), default=None)
    agree(f"{where}: order against the entries", order, best)
    merged = min((e.quantity["order"] or 0 for e in own if e.quantity[row["minimised"]] == order), default=None)
    if merged is not None or order is None:
        agree(f"{where}: merged_order against the entries", row["merged_order"], merged)
    possible = row["merged_order"] is None or 1 <= row["merged_order"] <= (order or 0)
    require(possible, f"{where}: merged_order {row['merged_order']}")


def check_counts(
    cover: str, counts: dict[str, Any], rows: dict[str, dict[str, Any]], entries: list[Entry], search: Search
) -> None:
    """``complete`` for one cover: kept entries, found solutions, and orbit sizes that add up to them."""
    where = f"search.complete.{cover}"
    parts = [counts[model] for model in search.models]
    together: set[str] = set()
    for model, part in zip(search.models, parts, strict=True):
        here, row = f"{where}.{model}", rows[model]
        mine = behind(row, entries, search)
        together |= {e.id for e in mine}
        require(0 <= part["kept"] <= part["found"], f"{here}: kept {part['kept']} of found {part['found']}")
        if model == "product":
            most = most_products(row, search)
            require(part["found"] <= most, f"{here}: found: stored {part['found']}, there are at most {most}")
        below = search.limit is None or part["kept"] <= search.limit
        require(below, f"{here}: kept {part['kept']} with limit {search.limit}")
        require(part["kept"] <= len(mine), f"{here}: kept: stored {part['kept']}, the catalog has {len(mine)}")
        if part["complete"]:
            known = row["outcome"] in ("PROVED", "INFEASIBLE")
            require(known, f"{here}: complete, but the minimum is not known")
            agree(f"{here}: kept", part["kept"], len(mine))
        if model == "free":
            check_levels(part, mine, span(row, search), row["minimised"], search, here)
    agree(f"{where}: complete", counts["complete"], all(part["complete"] for part in parts))
    agree(f"{where}: found", counts["found"], sum(part["found"] for part in parts))
    if counts["complete"]:
        agree(f"{where}: kept", counts["kept"], len(together))
    low, high = max(part["kept"] for part in parts), min(sum(part["kept"] for part in parts), len(together))
    require(low <= counts["kept"] <= high, f"{where}: kept: stored {counts['kept']}, not within {low} to {high}")


def most_products(row: dict[str, Any], search: Search) -> int:
    """How many products of so large a formal order there can be: sets of polynomials, each of order 2 at least."""
    if row["order"] is None:
        return 0
    polynomials = len(search.generators()) * (2 ** len(POTENTIALS) - 1)  # a generator and some of its values
    factors = min(search.max_factors or row["order"], row["order"].bit_length() - 1)
    return max(1, sum(binomial(polynomials, r) for r in range(1, factors + 1)))


def most_solutions(level: int, search: Search) -> int:
    """Candidates of so many weighted nodes: sets of directions, through (1, 1) but where conditions are merged."""
    n = search.n
    directions = n * n // 2 if n % 2 == 0 else n * n
    through = search.character_order == "generic"
    return binomial(directions - through, level - through)


def check_levels(
    part: dict[str, Any], mine: list[Entry], levels: range, quantity: str, search: Search, where: str
) -> None:
    """Every solution through (1, 1, 1) is a candidate of one entry: orbit sizes add up to the count.

    Merged conditions have no anchor: all solutions count, the members of the orbits in mu_n. At the minimal order a
    support of weighted nodes has one solution up to scale: otherwise a node could be cancelled.
    """
    stored = part["levels"]
    for key, number in stored.items():
        good = bool(re.fullmatch("[1-9][0-9]{0,8}", key)) and int(key) in levels and number >= 0
        require(good, f"{where}.levels: {shown(key)}: {number}")
    agree(f"{where}: found", part["found"], sum(stored.values()))
    sums: Counter[int] = Counter({int(level): 0 for level in stored})
    for entry in mine:
        sums[entry.quantity[quantity] or 0] += entry.in_search
    for level, total in sums.items():
        count = stored.get(str(level), 0)
        # A limit cuts aligned solutions off while they are counted; supports are counted in full before.
        possible = total
        if search.nodes == "weighted" and not part["complete"]:
            possible = most_solutions(level, search)
        what = f"stored {count}, the entries account for {total}, at most {possible} are possible"
        require(count <= possible, f"{where}.levels: {level}: {what}")
        if part["complete"]:
            agree(f"{where}.levels: {level} (sum of orbit_size)", count, total)
