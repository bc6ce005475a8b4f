"""A whole catalog: every part, each against the others."""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import dataclass
from typing import Any

from .bounds import check_bound, check_claim, quantity_in
from .deep import enumerate_again
from .entries import Entry, read_entry
from .graph import check_graph
from .meter import BUDGET, METER, Unreadable, agree, require
from .networks import check_networks, spare_in_networks
from .optimizers import check_optimizers
from .rows import behind, check_counts, check_row
from .searches import Search, read_search
from .shapes import BOUND, CATALOG, GRAPH, conform
from .spare import spare_in_entry, spare_in_optimizers
from .texts import shown
from .vocabulary import CONDITIONS, COVERS, Log


@dataclass(frozen=True)
class Report:
    """What was checked, and what had to be left to the word of the program that wrote the file."""

    entries: int
    rows: int
    bounds: int  # distinct bounds proved here
    unproved: tuple[str, ...]  # distinct bounds that rest on the solver
    reenumerated: tuple[str, ...]
    not_reenumerated: tuple[str, ...]  # claims of completeness that were not repeated
    optimizers: int  # whole networks whose loss is exactly zero
    edges: int  # of the solution graph
    networks: int  # with nodes of several frequencies, whose loss is exactly zero
    enclosed: int  # of them known up to a radius only
    part: int  # the least ratio of the largest weight to the radius among these, rounded down
    stated: tuple[str, ...]  # what incomplete searches say they found: below what is possible, else unchecked
    spare: tuple[str, ...]  # entries and exact networks with nodes that can be left out

    def __str__(self) -> str:
        parts = [f"{self.entries} entries, {self.rows} rows, {self.bounds} bounds proved"]
        parts += [f"{self.edges} edges of the graph"] if self.edges else []
        parts += [f"{self.optimizers} optimizers of loss 0"] if self.optimizers else []
        parts += [f"{self.networks} networks of loss 0"] if self.networks else []
        parts += (
            [f"{self.enclosed} of them up to 1/{self.part} of the weights (Krawczyk's test)"] if self.enclosed else []
        )
        parts += [f"not proved (solver only): {'; '.join(self.unproved)}"] if self.unproved else []
        parts += [f"re-enumerated: {', '.join(self.reenumerated)}"] if self.reenumerated else []
        skipped = ", ".join(self.not_reenumerated)
        parts += [f"completeness not re-enumerated: {skipped}"] if skipped else []
        parts += [f"as stated by the writer: {', '.join(self.stated)}"] if self.stated else []
        parts += [f"nodes that can be left out: {'; '.join(self.spare)}"] if self.spare else []
        return "; ".join(parts)


def verify_catalog(data: Any, deep: bool = False, progress: Log | None = None, budget: float | None = None) -> Report:
    """Check a parsed catalog within a budget of so many million steps (default: BUDGET for each megabyte).

    Raises ``Refused`` at the first falsehood, ``Unreadable`` for an unknown version, ``Undecided`` if the budget ends
    before. ``deep`` has a budget of the same size of its own: what it does not reach is listed in the report.
    """
    try:
        return check_catalog(data, deep, progress or (lambda _: None), budget)
    finally:
        METER.start(math.inf)


def check_catalog(data: Any, deep: bool, log: Log, budget: float | None) -> Report:
    """All of ``verify_catalog``."""
    budget = open_file(data, budget)
    search = read_search(data)
    entries = read_entries(data, search, log)
    bounds, unproved = check_all_bounds(data, entries, search, log)
    check_optimalities(data, entries)
    rows = check_rows(data, entries, search)
    claimed, stated = check_complete(data, rows, entries, search)
    optimizers = check_optimizers(data["optimizers"], log)
    edges = check_graph(data.get("graph", []), entries, log)
    networks = check_networks(data["networks"], log)
    spare = spare_nodes(data, entries, search)
    redone = [(f"{model} {cover}", False) for model, cover in claimed]
    if deep:
        METER.start(budget)
        complete = data["search"]["complete"]
        redone = [
            item for model, cover in claimed
            for item in enumerate_again(model, rows[model, cover], complete[cover][model], entries, search, log)
        ]  # fmt: skip
    ratios = closeness(data["networks"])
    return Report(
        entries=len(entries),
        rows=len(rows),
        bounds=bounds,
        unproved=tuple(unproved),
        reenumerated=tuple(name for name, good in redone if good),
        not_reenumerated=tuple(name for name, good in redone if not good),
        optimizers=optimizers,
        edges=edges,
        networks=networks,
        enclosed=len(ratios),
        part=min(ratios, default=0),
        stated=tuple(stated),
        spare=tuple(spare),
    )


def open_file(data: Any, budget: float | None) -> float:
    """Shape, version and digest; start the budget that the file has, and return it."""
    require(type(data) is dict, f"expected an object, found {shown(data)}")
    version = data.get("schema_version")
    if type(version) is not int or version != 1:
        raise Unreadable(f"schema_version {shown(version)} is unknown; this verifier reads 1, take a newer one")
    conform(data, CATALOG | ({"graph": GRAPH} if "graph" in data else {}), "")
    rest = {key: value for key, value in data.items() if key != "digest"}
    text = json.dumps(rest, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    # as the file may write it: escapes of letters would make three megabytes of one
    size = len(json.dumps(rest, separators=(",", ":"), ensure_ascii=False)) if "\\u" in text else len(text)
    budget = budget or BUDGET * max(1, math.ceil(size / 2**20))
    METER.start(budget)
    agree("digest", data["digest"], hashlib.sha256(text.encode()).hexdigest())
    return budget


def read_entries(data: dict[str, Any], search: Search, log: Log) -> list[Entry]:
    """Every entry; none twice; sorted."""
    entries = []
    for i, stored in enumerate(data["entries"]):
        if i % 50 == 49:
            log(f"entry {i + 1} of {len(data['entries'])}")
        entries.append(read_entry(stored, search))
    keys = [(e.quantity["order"], e.n, e.id) for e in entries]
    require(len({e.id for e in entries}) == len(entries), "entries: an id occurs twice")
    require(keys == sorted(keys), "entries: not sorted by (order, n, id)")
    return entries


def check_optimalities(data: dict[str, Any], entries: list[Entry]) -> None:
    """What each entry claims to be, by a bound that is about it."""
    for stored, entry in zip(data["entries"], entries, strict=True):
        where, optimality = f"entry {entry.id}: optimality", stored["optimality"]
        agree(f"{where}: scope.cover", optimality["scope"]["cover"], entry.cover)
        value = quantity_in(optimality["scope"], entry)
        require(value is not None, f"{where}: scope: the entry is outside of it")
        check_claim(optimality, value, where)


def check_rows(data: dict[str, Any], entries: list[Entry], search: Search) -> dict[tuple[str, str], dict[str, Any]]:
    """One row for each model and cover, and each entry behind a row; the rows by model and cover."""
    rows = {(row["model"], row["cover"]): row for row in data["minimal"]}
    expected = {(model, cover) for model in search.models for cover in search.covers}
    require(len(rows) == len(data["minimal"]) and rows.keys() == expected, "minimal: not one row per model and cover")
    for (model, cover), row in rows.items():
        check_row(row, entries, search, f"minimal, {model} {cover}")
    accounted = {(e.id, row["model"]) for row in rows.values() for e in behind(row, entries, search)}
    for entry in entries:
        for model in entry.found_by:
            require((entry.id, model) in accounted, f"entry {entry.id}: found_by {model}, but no row reaches that far")
    return rows


def check_complete(
    data: dict[str, Any], rows: dict[tuple[str, str], dict[str, Any]], entries: list[Entry], search: Search
) -> tuple[list[tuple[str, str]], list[str]]:
    """The counts of every cover; which claims of completeness --deep repeats, and what is the writer's word."""
    complete = data["search"]["complete"]
    require(complete.keys() == set(search.covers), "search.complete: not one item per cover")
    claimed: list[tuple[str, str]] = []
    stated: list[str] = []
    for cover in search.covers:
        require({"product", "free"} & complete[cover].keys() == set(search.models), f"search.complete.{cover}: models")
        METER.doing = f"search.complete.{cover}"
        check_counts(cover, complete[cover], {m: rows[m, cover] for m in search.models}, entries, search)
        for model in search.models:
            part = complete[cover][model]
            if not part["complete"] and part["found"]:
                stated.append(f"{model} {cover} found {part['found']}, not all")
            elif part["complete"] and rows[model, cover]["order"] is not None:  # INFEASIBLE: check_row has proved it
                claimed.append((model, cover))
    return claimed, stated


def spare_nodes(data: dict[str, Any], entries: list[Entry], search: Search) -> list[str]:
    """Nodes that can be left out, of entries, blocks and exact networks."""
    sets = CONDITIONS[search.character_order]
    conditions = {cover: [r for name in names for r in sets[name]] for cover, names in COVERS.items()}
    found = [spare_in_entry(e.n, e.weight, conditions[e.cover], e.id) for e in entries]
    found += [*spare_in_optimizers(data["optimizers"]), *spare_in_networks(data["networks"])]
    return [said for said in found if said]


def closeness(networks: list[dict[str, Any]]) -> list[int]:
    """The ratio of the largest weight to the radius, rounded down, of every network that is enclosed."""
    ratios = []
    for o in networks:
        if o["certificate"]["kind"] == "enclosure":
            largest = max(abs(x) for name in ("W_a", "W_b", "V") for row in o["weights"][name] for x in row)
            ratios.append(largest // o["certificate"]["radius"])
    return ratios


def check_all_bounds(data: dict[str, Any], entries: list[Entry], search: Search, log: Log) -> tuple[int, list[str]]:
    """Every distinct bound once; then each against every entry in its scope, whoever found it."""
    done: dict[str, bool] = {}
    unproved = []
    owners = [(f"entry {e['id']}: optimality", e["optimality"]) for e in data["entries"]]
    owners += [
        (f"minimal, {row['model']} {row['cover']}: bounds[{i}]", bound)
        for row in data["minimal"] for i, bound in enumerate(row["bounds"])
    ]  # fmt: skip
    for where, bound in owners:
        core = {key: bound[key] for key in BOUND}
        text = json.dumps(core, sort_keys=True)
        if text in done:
            continue
        done[text] = check_bound(core, search, where, log)
        if not done[text]:
            scope = core["scope"]
            unproved.append(f"{scope['weights']} {scope['cover']} {scope['minimised']} >= {core['lower_bound']}")
        orders = [r["order"] for r in data["minimal"] if (r["model"], r["cover"]) == ("free", core["scope"]["cover"])]
        exact = core["method"] != "exhaustive" or core["scope"]["weights"] == "product" or orders in ([], [None])
        require(exact or orders[0] == core["lower_bound"], f"{where}: exhaustive, yet not the row's order {orders}")
        METER.spend(20 * len(entries))
        for entry in entries:
            value, low = quantity_in(core["scope"], entry), core["lower_bound"] or 0
            require(value is None or value >= low, f"{where}: lower_bound {low}, but entry {entry.id} has {value}")
    return sum(done.values()), unproved
