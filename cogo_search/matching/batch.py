"""Matching many files into one report: the contents of matches.json."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np

from ..errors import CogoError, InputError
from ..events import Callback, Event, ignore
from ..families.registry import fitted_orders, is_extended
from ..machine import spread, usable_cores
from ..networks.loss import direct
from ..networks.network import Network, Setting
from ..reading.reading import NOTHING, Asked, Imported
from ..reading.sources import Source
from . import nulls
from .match import SHOWN, Options, live, match_network
from .matches import Matches, NetworkMatch
from .network_status import ENOUGH
from .paper_rules import paper_match

RULES = ("own", "paper")
#: More files than this are matched in processes, where there are cores for it.
MANY = 8
#: Tolerances of the match-rate curve.
CURVE = tuple(float(t) for t in np.round(np.geomspace(1e-4, 0.3, 29), 6))


class Readable(Protocol):
    """Where a network comes from: a file, a run on disk or in memory, or a value."""

    @property
    def name(self) -> str:
        """As it is reported."""

    @property
    def epoch(self) -> int | None:
        """The snapshot's epoch, or None for a network of its own."""

    @property
    def loss_function(self) -> str | None:
        """What the network was trained with, where that is known."""

    def read(self, asked: Asked) -> list[Imported]:
        """The networks, mostly one. Raises InputError if there is none."""

    def other(self) -> tuple[int, Network] | None:
        """Another trained snapshot of the run, if there is one: (epochs away, network)."""


@dataclass(frozen=True)
class Request:
    """What is asked of every file: rules, own options, and what is said of foreign files."""

    rules: str
    options: Options
    asked: Asked = NOTHING


#: Of a worker process: what is asked of all of its files.
_asked: Request | None = None


def match_all(
    found: Iterable[Readable | InputError],
    request: Request,
    failed: Callable[[str], None],
    callback: Callback = ignore,
) -> Matches:
    """What all networks hold that can be read.

    ``failed`` is told in one line about each file that cannot be read. Many files are matched in processes, one a core;
    order, results and what is told are the same. Raises InputError if no file could be matched.
    """
    networks: list[NetworkMatch] = []
    errors: list[dict[str, str]] = []
    items = list(found)
    with _matcher(items, request) as match:
        for number, item in enumerate(items):
            try:
                if isinstance(item, InputError):
                    raise item
                callback(Event(item.name, len(networks)))
                networks += match(number)
            except CogoError as error:
                name = "" if isinstance(item, InputError) else item.name
                errors.append({"source": name, "error": str(error)})
                failed(str(error))
    if not networks:
        raise InputError("no network could be matched" + (": see the lines above" if errors else ": none was given"))
    tolerance = request.options.tolerance
    shipped = nulls.shipped()
    return Matches(
        request.rules,
        tolerance,
        null_rate=nulls.worst(tolerance, shipped),
        nulls=nulls.rates(tolerance, shipped),
        curve=curve([network.record for network in networks]) if request.rules == "own" else [],
        networks=tuple(networks),
        failed=tuple(errors),
    )


@contextmanager
def _matcher(items: list[Readable | InputError], request: Request) -> Iterator[Callable[[int], list[NetworkMatch]]]:
    """What gives the matches of the item of a number: here, or from processes that have begun."""

    def here(number: int) -> list[NetworkMatch]:
        item = items[number]
        assert not isinstance(item, InputError)
        return match_source(item, request)

    files = [number for number, item in enumerate(items) if isinstance(item, Source)]
    workers = min(usable_cores(), len(files))
    if len(files) <= MANY or workers < 2 or is_extended():
        yield here
        return
    mapping = request.asked.mapping
    plain = replace(request, asked=replace(request.asked, mapping=None if mapping is None else dict(mapping)))
    with spread(_match_there, [items[number] for number in files], workers, _prepare, plain) as futures:
        coming = dict(zip(files, futures, strict=True))

        def awaited(number: int) -> list[NetworkMatch]:
            if number not in coming:
                return here(number)
            try:
                return coming.pop(number).result()
            except BrokenProcessPool:  # processes cannot begin here, or one was killed
                return here(number)

        yield awaited


def _prepare(request: Request) -> None:
    """What a worker process keeps: entries are sent once."""
    global _asked
    _asked = request


def _match_there(source: Source) -> list[NetworkMatch]:
    assert _asked is not None
    return match_source(source, _asked)


def match_source(source: Readable, request: Request) -> list[NetworkMatch]:
    """What each network of a source holds, with where it is from and how it was read."""
    return [_matched(source, imported, request) for imported in source.read(request.asked)]


def _matched(source: Readable, imported: Imported, request: Request) -> NetworkMatch:
    epoch = source.epoch if imported.epoch is None else imported.epoch
    head: dict[str, Any] = {
        "source": source.name + imported.label, "epoch": epoch, "loss_function": source.loss_function,
    }  # fmt: skip
    if request.rules == "paper":
        found = NetworkMatch(_by_paper(imported.network))
    else:
        found = match_network(imported.network, request.options, source.other())
    body = dict(found.record)
    body["mapping"] = dict(imported.mapping)
    body["scale"] = imported.scale
    body["notes"] = [*imported.notes, *notes(body)]
    body.pop("facts", None)
    return NetworkMatch(head | body, found.blocks)


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
    facts = list(record.get("facts", []))
    if record["accuracy"] >= ENOUGH:
        return facts
    if not any(orders):
        return [*facts, "no node reaches a part of r_kkk = 1: the network is untrained or collapsed"]
    if max(orders) > SHOWN:
        return [*facts, f"up to {max(orders)} nodes at one frequency: an untrained or unfinished network"]
    return facts


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
    named = [frequency.get("distance"), *(a["distance"] for a in frequency["also"])]
    if frequency.get("nearest") is not None:
        named.append(frequency["nearest"]["distance"])
    return min((d for d in named if d is not None), default=float("inf"))
