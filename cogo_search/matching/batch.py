"""Matching many files into one report: the contents of matches.json."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..errors import CogoError, InputError
from ..families.registry import fitted_orders
from ..networks.loss import direct
from ..networks.network import Network, Setting
from ..reading.reading import import_network
from ..reading.sources import Source
from . import nulls
from .match import SHOWN, Options, live, match_network
from .paper_rules import paper_match
from .spectrum import Block

RULES = ("own", "paper")
#: Tolerances of the match-rate curve.
CURVE = tuple(float(t) for t in np.round(np.geomspace(1e-4, 0.3, 29), 6))


@dataclass(frozen=True)
class Request:
    """What is asked of every file: rules, own options, the group and key mapping of foreign files."""

    rules: str
    options: Options
    group: str | None = None
    mapping: Mapping[str, str] | None = None


def match_all(
    found: Iterable[Source | InputError],
    request: Request,
    failed: Callable[[str], None],
    progress: Callable[[str], None] = lambda name: None,
) -> tuple[dict[str, Any], list[Block]]:
    """The report over all files that can be read, and (own rules) all their blocks of orders that have families.

    ``failed`` is told in one line about each file that cannot be read. Raises InputError if no file could be matched.
    """
    networks: list[dict[str, Any]] = []
    errors: list[dict[str, str]] = []
    pool: list[Block] = []
    for item in found:
        try:
            if isinstance(item, InputError):
                raise item
            progress(item.name)
            record, blocks = match_source(item, request)
            networks.append(record)
            pool += [block for block in blocks if block.order in fitted_orders()]
        except CogoError as error:
            name = item.name if isinstance(item, Source) else ""
            errors.append({"source": name, "error": str(error)})
            failed(str(error))
    if not networks:
        raise InputError("no network could be matched: see the lines above")
    tolerance = request.options.tolerance
    shipped = nulls.shipped()
    report = {
        "rules": request.rules,
        "tolerance": tolerance,
        "null_rate": nulls.worst(tolerance, shipped),
        "nulls": nulls.rates(tolerance, shipped),
        "curve": curve(networks) if request.rules == "own" else [],
        "networks": networks,
        "failed": errors,
    }
    return report, pool


def match_source(source: Source, request: Request) -> tuple[dict[str, Any], list[Block]]:
    """The record of one file, and its blocks."""
    imported = import_network(source.file, request.group, request.mapping)
    head: dict[str, Any] = {"source": source.name, "epoch": source.epoch}
    found: list[Block] = []
    if request.rules == "paper":
        body = _by_paper(imported.network)
    else:
        body, found = match_network(imported.network, request.options, source.other())
    body["mapping"] = dict(imported.mapping)
    body["scale"] = imported.scale
    body["notes"] = [*imported.notes, *notes(body)]
    return head | body, found


def _by_paper(network: Network) -> dict[str, Any]:
    evaluation = direct(live(network), Setting("with"))
    rows = []
    for m in paper_match(network):
        status = "family" if m.name else "non-factorable" if m.factorable is False else "other"
        rows.append(
            {
                "k": m.k,
                "order": len(m.nodes),
                "nodes": list(m.nodes),
                "factorable": m.factorable,
                "error": m.error,
                "entry": None,
                "family": m.name,
                "parameters": {},
                "also": [],
                "status": status,
            }
        )
    return {
        "group": network.group.name,
        "loss": evaluation.loss,
        "accuracy": evaluation.accuracy,
        "frequencies": rows,
    }


def notes(record: dict[str, Any]) -> list[str]:
    """What a reader must know before the table: a network that has learned nothing, or not the task."""
    orders = [f["order"] for f in record["frequencies"]]
    if not any(orders):
        return ["no node reaches a part of r_kkk = 1: the network is untrained or collapsed"]
    if max(orders) > SHOWN:
        return [f"up to {max(orders)} nodes at one frequency: no solution yet, an untrained or unfinished network"]
    return []


def curve(networks: list[dict[str, Any]]) -> list[dict[str, float]]:
    """The share of frequencies of these orders (4, 6) within each tolerance of any family, and the null's share."""
    orders = fitted_orders()
    best = [_best(f) for n in networks for f in n["frequencies"] if f["order"] in orders]
    if not best:
        return []
    shipped = nulls.shipped()
    return [
        {"tolerance": t, "matched": float(np.mean(np.array(best) <= t)), "null": nulls.worst(t, shipped)} for t in CURVE
    ]


def _best(frequency: dict[str, Any]) -> float:
    named = [frequency["distance"], *(a["distance"] for a in frequency["also"])]
    if frequency["nearest"] is not None:
        named.append(frequency["nearest"]["distance"])
    return min((d for d in named if d is not None), default=float("inf"))
