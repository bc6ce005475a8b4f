r"""Many matched networks against the paper's Table 2 and against a catalog.

Table 2: mean and standard error over networks (the paper prints standard errors over seeds) of the percentages of
frequencies by order, factorability and family. The catalog's side asks Figure 5's question for every entry: how many
frequencies have it as their nearest entry within the tolerance, and how many would if the parameters of their family
were uniform over the family's torus, by Monte Carlo on exact members.
"""

from __future__ import annotations

import copy
from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import stats

from ..display import table
from ..events import Callback, Event, ignore
from ..families.registry import family_names, fitted_at, fitted_orders
from ..groups.abelian import Group
from . import nulls
from .expected_hits import expected_hits
from .matches import Matches
from .nearest_entry import Library

#: The families that Table 2 has a column for, and the orders of the frequencies that its shares are of.
TABLE_2 = ("nu_i*xi", "nu_i*syn_ab", "nu*syn")
TABLE_2_ORDERS = (4, 6)
#: Table 2 as printed: mean, standard error; errors in 1e-2, the rest in percent.
PRINTED: dict[int, dict[str, tuple[float, float]]] = {
    23: {
        "not 4/6": (0.0, 0.0),
        "non-factorable 4": (0.0, 0.0),
        "non-factorable 6": (5.71, 5.71),
        "error 4": (0.05, 0.01),
        "error 6": (4.80, 0.96),
        "nu_i*xi": (47.07, 1.88),
        "nu_i*syn_ab": (11.31, 1.76),
        "nu*syn": (39.80, 2.11),
        "others": (1.82, 1.82),
    },
    71: {
        "not 4/6": (0.0, 0.0),
        "non-factorable 4": (0.0, 0.0),
        "non-factorable 6": (0.0, 0.0),
        "error 4": (0.03, 0.0),
        "error 6": (5.02, 0.25),
        "nu_i*xi": (72.57, 0.70),
        "nu_i*syn_ab": (4.00, 1.14),
        "nu*syn": (21.14, 2.14),
        "others": (2.29, 1.07),
    },
    127: {
        "not 4/6": (0.0, 0.0),
        "non-factorable 4": (1.50, 0.92),
        "non-factorable 6": (0.0, 0.0),
        "error 4": (0.26, 0.14),
        "error 6": (0.93, 0.18),
        "nu_i*xi": (82.96, 0.39),
        "nu_i*syn_ab": (2.25, 0.64),
        "nu*syn": (14.13, 0.87),
        "others": (0.66, 0.66),
    },
}
#: Networks trained with it are no subject of Table 2.
CROSS_ENTROPY = "cross-entropy"
#: Blocks of shuffled nodes drawn for the null.
SHUFFLES = 1000
#: Distinct costs needed before cost can be said to explain anything.
TESTABLE = 5


@dataclass(frozen=True, eq=False)
class Comparison:
    """Many networks beside Table 2 and a catalog; ``record`` is comparison.json (docs/matching.md)."""

    record: dict[str, Any]

    @property
    def table(self) -> list[dict[str, Any]]:
        """A row of Table 2 for each group: mean and standard error of every quantity, and the printed ones."""
        return list(self.record["table"])

    @property
    def counts(self) -> list[dict[str, Any]]:
        """How many frequencies there are of each order, status and family."""
        return list(self.record["counts"])

    @property
    def kinds(self) -> list[dict[str, Any]]:
        """Orders, families and statuses side by side: by group, activation and loss function."""
        return list(self.record["kinds"])

    @property
    def hits(self) -> list[dict[str, Any]]:
        """For each entry of order 4 or 6 its hits and those expected of uniform parameters; none by paper's rules."""
        return list(self.record.get("entries", []))

    def to_dict(self) -> dict[str, Any]:
        """comparison.json: what `compare --json` prints."""
        return copy.deepcopy(self.record)

    def __repr__(self) -> str:
        networks = sum(row["networks"] for row in self.table)
        hit = sum(1 for row in self.hits if row["hits"])
        return f"Comparison({networks} networks, {self.record['rules']} rules: {hit} entries hit)"

    def _repr_html_(self) -> str:
        rows = [
            (row["group"], row["networks"], name, value["mean"], (row["printed"] or {}).get(name, ("",))[0])
            for row in self.table
            for name, value in row["values"].items()
        ]
        return table(("group", "networks", "quantity", "here", "paper"), rows, repr(self))


def compare(
    matches: Matches, entries: dict[int, Library], costs: dict[str, float], callback: Callback = ignore
) -> Comparison:
    """The comparison of matched networks; ``costs`` are L2 costs by entry id.

    ``entries`` is empty under the paper's rules, which know no catalog: then there are no hits.
    """
    report = matches.to_dict()
    every = report["networks"]
    squares = [match for match in matches.networks if not is_described(match.record)]
    networks = [match.to_dict() for match in squares]
    blocks = [block for match in squares for block in match.blocks if block.order in fitted_orders()]
    groups: dict[str, list[dict[str, Any]]] = {}
    for network in (n for n in networks if n.get("loss_function") != CROSS_ENTROPY):
        groups.setdefault(network["group"], []).append(network)
    rules = report["rules"]
    callback(Event(f"null distribution: {SHUFFLES} blocks of shuffled nodes of each order"))
    result: dict[str, Any] = {
        "rules": rules,
        "tolerance": report["tolerance"],
        "null_rate": report["null_rate"],
        "nulls": report["nulls"] + nulls.rates(report["tolerance"], nulls.draw_shuffled(blocks, SHUFFLES)),
        "curve": report["curve"],
        "table": [_row(group, networks, rules) for group, networks in sorted(groups.items(), key=_by_order)],
        "counts": counts(every),
        "kinds": kinds(every),
        "left_over": left_over(networks),
    }
    if entries:
        hits = _hits(networks, entries, costs, report["tolerance"], callback)
        result |= {"entries": hits, "cost_explains": cost_explains(hits), "candidates": candidates(networks)}
    return Comparison(result)


def is_described(network: dict[str, Any]) -> bool:
    """Whether the nodes of a network are only described: its activation is none that families are known of."""
    return any(f["status"] == "described" for f in network["frequencies"])


def kinds(networks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Orders, families and statuses by group, activation and loss function, in percent of a kind's frequencies.

    ``statuses`` count networks. A loss function is null where nothing says what a network was trained with.
    """
    found: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for network in networks:
        key = network["group"], network.get("activation", "square"), network.get("loss_function") or ""
        found.setdefault(key, []).append(network)
    rows = []
    for (group, activation, loss), members in sorted(found.items(), key=lambda item: (_by_order(item[0]), item[0])):
        frequencies = [f for network in members for f in network["frequencies"]]
        orders, families = Counter(f["order"] for f in frequencies), Counter(f["family"] for f in frequencies)
        laws = [f["phase_law"] for f in frequencies if f.get("phase_law") is not None]
        rows.append(
            {
                "group": group, "activation": activation, "loss_function": loss or None, "networks": len(members),
                "statuses": dict(Counter(n["status"] for n in members if n.get("status"))),
                "orders": {str(n): 100 * orders[n] / len(frequencies) for n in sorted(orders)},
                "families": {name: 100 * n / len(frequencies) for name, n in sorted(families.items(), key=str) if name},
                "phase_law": float(np.mean(laws)) if laws else None,
            }
        )  # fmt: skip
    return rows


def _by_order(item: tuple[Any, ...]) -> tuple[int, str]:
    return Group.parse(item[0]).order, item[0]


def _row(group: str, networks: list[dict[str, Any]], rules: str) -> dict[str, Any]:
    facts = [_facts(network["frequencies"], rules) for network in networks]
    values: dict[str, Any] = {}
    for name in facts[0]:
        known = [value for f in facts if (value := f[name]) is not None]
        error = float(np.std(known, ddof=1) / np.sqrt(len(known))) if len(known) > 1 else None
        values[name] = {"mean": float(np.mean(known)) if known else None, "standard_error": error}
    printed = PRINTED.get(int(group)) if group.isdigit() else None
    return {"group": group, "networks": len(networks), "values": values, "printed": printed}


def _facts(frequencies: list[dict[str, Any]], rules: str) -> dict[str, float | None]:
    """The percentages of one network; shares are of factorable frequencies, by our rules of all of order 4 and 6."""
    by_order = {order: [f for f in frequencies if f["order"] == order] for order in TABLE_2_ORDERS}
    both = by_order[4] + by_order[6]
    facts: dict[str, float | None] = {"not 4/6": 100 * (1 - len(both) / max(1, len(frequencies)))}
    for order, rows in by_order.items():
        facts[f"non-factorable {order}"] = _percent([f["factorable"] is False for f in rows])
    for order, rows in by_order.items():
        errors = [f["error"] for f in rows if f["factorable"]]
        facts[f"error {order}"] = 100 * float(np.mean(errors)) if errors else None
    base = [f for f in both if f["factorable"]] if rules == "paper" else both
    columns = TABLE_2 if rules == "paper" else _columns()
    for name in columns:
        facts[name] = _percent([f["family"] == name for f in base])
    rest = [f for f in base if f["family"] not in columns]
    if rules == "own":
        for name, kept in (("moving", _is_moving), ("coupled", _is_coupled)):
            facts[name] = _percent([f in rest and kept(f) for f in base])
        rest = [f for f in rest if not (_is_moving(f) or _is_coupled(f))]
    facts["others"] = _percent([f in rest for f in base])
    return facts


def _columns() -> tuple[str, ...]:
    """The families that frequencies of order 4 and 6 are counted by: Table 2's, then the others of these orders."""
    compared = {family.name for order in TABLE_2_ORDERS for family in fitted_at(order)}
    return (*TABLE_2, *(name for name in family_names() if name in compared and name not in TABLE_2))


def _is_moving(frequency: dict[str, Any]) -> bool:
    return bool(frequency["status"] == "moving")


def _is_coupled(frequency: dict[str, Any]) -> bool:
    """Solved together with another frequency: an exact structure, but none of a single frequency."""
    return bool(frequency["coupled_with"] and frequency["solved"])


def _percent(flags: list[bool]) -> float | None:
    return 100 * float(np.mean(flags)) if flags else None


def counts(networks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """How many frequencies there are of each order, status and family."""
    found = Counter((f["order"], f["status"], f["family"] or "") for n in networks for f in n["frequencies"])
    return [
        {"order": order, "status": status, "family": family or None, "count": count}
        for (order, status, family), count in sorted(found.items())
    ]


def left_over(networks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The frequencies of order 4 and 6, the orders of families, in no family and at no entry, with what is known."""
    orders = fitted_orders()
    kept = ("k", "order", "status", "error", "nearest", "motion", "coupled_with", "solved", "potentials", "polished")
    return [
        {"source": n["source"], "epoch": n["epoch"], **{name: f[name] for name in kept if name in f}}
        for n in networks
        for f in n["frequencies"]
        if f["order"] in orders and f["status"] not in ("family", "entry")
    ]


def candidates(networks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Frequencies that solve their conditions, are no longer moving, and are in no family and no entry."""
    return [
        {"source": n["source"], "epoch": n["epoch"], "group": n["group"]}
        | {name: f[name] for name in ("k", "order", "nodes", "z", "coupled_with", "potentials", "residuals")}
        for n in networks
        for f in n["frequencies"]
        if f["order"] and f.get("solved") and f["status"] in ("other", "non-factorable") and f["character_order"] > 2
    ]


def _hits(
    networks: list[dict[str, Any]],
    entries: dict[int, Library],
    costs: dict[str, float],
    tolerance: float,
    callback: Callback,
) -> list[dict[str, Any]]:
    """For every entry of order 4 or 6, the orders of families, its hits, those expected, and its cost."""
    found = Counter(f["entry"] for n in networks for f in n["frequencies"] if f["entry"])
    families = Counter(f["family"] for n in networks for f in n["frequencies"] if f["family"])
    expected = expected_hits(families, entries, tolerance, callback)
    orders = fitted_orders()
    ids = sorted({entry for order, library in entries.items() if order in orders for entry in library.ids})
    return [
        {"id": i, "order": int(i.split("-q")[1].split("-")[0]), "hits": found[i], "expected": expected.get(i, 0.0)}
        | {"cost": costs[i]}
        for i in ids
    ]


def cost_explains(hits: list[dict[str, Any]]) -> dict[str, Any]:
    """Spearman's correlation of cost and hits over the entries, order by order, with a 95 % interval.

    The interval is Fisher's with the standard error of Bonett and Wright (2000). "not testable" with fewer than
    five distinct costs.
    """
    result: dict[str, Any] = {}
    for order in sorted({h["order"] for h in hits}):
        rows = [h for h in hits if h["order"] == order]
        x, y = [round(h["cost"], 9) for h in rows], [h["hits"] for h in rows]
        if len(set(x)) < TESTABLE or len(set(y)) < 2:
            result[str(order)] = f"not testable: {len(set(x))} distinct costs among {len(rows)} entries"
            continue
        r = float(stats.spearmanr(x, y).statistic)
        width = 1.959964 * np.sqrt((1 + r**2 / 2) / (len(rows) - 3))
        z = np.arctanh(np.clip(r, -0.999999, 0.999999))
        result[str(order)] = {
            "spearman": r,
            "interval": [float(np.tanh(z - width)), float(np.tanh(z + width))],
            "entries": len(rows),
        }
    return result
