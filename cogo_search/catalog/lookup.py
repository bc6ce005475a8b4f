"""Looking entries and whole networks up across catalog files."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from math import prod
from pathlib import Path
from typing import Any, TypeVar

from ..algebra.potentials import COVERS
from ..errors import InputError, choose, near
from ..families import family_names
from .entry import Entry, NetworkRecord

#: What has an id in a catalog.
Findable = TypeVar("Findable", bound=Entry | NetworkRecord)

#: Hexadecimal digits of a shortened id, at least.
SHORTEST = 4


def merged(catalogs: Iterable[tuple[Path | str, dict[str, Any]]]) -> tuple[list[Entry], list[NetworkRecord]]:
    """The entries and the networks of several catalogs, each once."""
    records: dict[str, dict[str, dict[str, Any]]] = {"entries": {}, "networks": {}}
    holders: dict[str, list[str]] = {}
    for path, data in catalogs:
        for kind, known in records.items():
            for record in data[kind]:
                known.setdefault(record["id"], record)
                holders.setdefault(record["id"], []).append(str(path))
    entries = [Entry(record, tuple(holders[name])) for name, record in records["entries"].items()]
    networks = [NetworkRecord(record, tuple(holders[name])) for name, record in records["networks"].items()]
    by_order = sorted(entries, key=lambda item: (item.record["order"], item.record["n"], item.record["id"]))
    return by_order, sorted(networks, key=lambda item: _network_key(item.record))


def _network_key(o: dict[str, Any]) -> tuple[Any, ...]:
    return prod(map(int, o["group"].split("x"))), o["group"], o["trivial"], o["target"], o["width"], o["id"]


def find_entry(located: Sequence[Findable], prefix: str) -> Findable:
    """The one entry whose id, or hash part, starts with a nonempty ``prefix``; InputError if none or several do."""
    if not prefix:
        raise InputError("an empty id names no entry: give some characters, see python -m cogo_search list")
    matches = [
        item
        for item in located
        if any(part.startswith(prefix) for part in (item.record["id"], item.record["id"].split("-", 1)[1]))
        or item.record["id"].rsplit("-", 1)[1].startswith(prefix)
    ]
    exact = [item for item in matches if item.record["id"] == prefix]
    if len(exact or matches) == 1:
        return (exact or matches)[0]
    if not matches:
        way_out = "see python -m cogo_search list" + near(prefix, _fronts(located, len(prefix)), 0.8)
        raise InputError(f"id {prefix!r} matches no entry of the catalog: {way_out}")
    some = ", ".join(item.record["id"] for item in matches[:4]) + (", ..." if len(matches) > 4 else "")
    raise InputError(f"id {prefix!r} is ambiguous, {len(matches)} entries match ({some}): give more characters")


def short_ids(ids: Iterable[str], known: Iterable[str]) -> dict[str, str]:
    """For each id the shortest that :func:`find_entry` takes among those known: no ``cogo1-``, 4 digits or more.

    >>> short_ids(["cogo1-n6-q6-a6461111"], ["cogo1-n6-q6-a6462222", "cogo1-n6-q4-a6461111"])
    {'cogo1-n6-q6-a6461111': 'n6-q6-a6461'}
    """
    ids = list(ids)
    rests = sorted({name.split("-", 1)[1] for name in (*ids, *known)})
    short = {}
    for name in ids:
        rest = name.split("-", 1)[1]
        least = rest.rfind("-") + 1 + SHORTEST
        place = bisect_left(rests, rest)
        beside = [rests[i] for i in (place - 1, place + 1) if 0 <= i < len(rests)]
        shared = max((_shared(rest, other) for other in beside), default=0)
        short[name] = rest[: max(least, shared + 1)]
    return short


def _shared(one: str, other: str) -> int:
    """How many characters two texts begin with alike."""
    return next((i for i, (x, y) in enumerate(zip(one, other, strict=False)) if x != y), min(len(one), len(other)))


def _fronts(located: Sequence[Findable], length: int) -> list[str]:
    """What :func:`find_entry` would have found, as long as what was typed."""
    ids = [item.record["id"] for item in located]
    return [part[:length] for name in ids for part in (name, name.split("-", 1)[1], name.rsplit("-", 1)[1])]


def filter_entries(
    located: Iterable[Entry],
    order: int | None = None,
    cover: str | None = None,
    family: str | None = None,
    irreducible: bool = False,
    n: int | None = None,
) -> list[Entry]:
    """The entries that fulfil every given condition.

    Raises InputError for an unknown family.
    """
    if cover is not None and cover not in COVERS:
        raise InputError(f"cover={cover!r} is unknown: {choose(cover, COVERS)}")
    if family is not None and family not in family_names():
        names = family_names()
        raise InputError(f"family={family!r} is unknown: {choose(family, names)}")
    wanted = set(COVERS[cover]) if cover is not None else set()
    return [
        item
        for item in located
        if (order is None or item.record["order"] == order)
        and wanted <= set(item.record["covers"])
        and (family is None or family in [f["name"] for f in item.record["families"]])
        and (not irreducible or item.irreducible)
        and (n is None or item.record["n"] == n)
    ]
