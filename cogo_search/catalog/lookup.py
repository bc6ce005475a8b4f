"""Looking entries and whole networks up across catalog files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import prod
from pathlib import Path
from typing import Any, TypeVar

from ..algebra.canonical import Solution
from ..algebra.potentials import COVERS
from ..errors import InputError, choose, near
from ..families import family_names
from .catalog_files import find_catalogs, read_catalog
from .entry import Entry, NetworkRecord

#: What has an id in a catalog.
Findable = TypeVar("Findable", bound=Entry | NetworkRecord)


def load_entries(catalog: Path | None) -> list[Entry]:
    """The entries of the named catalog, else of ./catalog/*.json, else of the installed ones, by id."""
    return load_records(catalog)[0]


def load_records(catalog: Path | None) -> tuple[list[Entry], list[NetworkRecord]]:
    """The entries as :func:`load_entries` finds them, and the networks of the same files."""
    return merged((path, read_catalog(path)) for path in find_catalogs(catalog))


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


def load_solutions(catalog: Path | None) -> list[Solution]:
    """The solutions of every entry that :func:`load_entries` finds."""
    return [item.solution for item in load_entries(catalog)]


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
