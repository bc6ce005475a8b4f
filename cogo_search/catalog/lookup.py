"""Looking entries and whole networks up across catalog files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import prod
from pathlib import Path
from typing import Any

from ..algebra.canonical import Solution
from ..algebra.potentials import COVERS
from ..errors import InputError
from ..families import family_names
from .catalog_files import find_catalogs, read_catalog


@dataclass
class Located:
    """An entry, or a network, and the names of the catalogs that hold it; the first one's record is shown."""

    entry: dict[str, Any]
    catalogs: list[str] = field(default_factory=list)


def load_entries(catalog: Path | None) -> list[Located]:
    """The entries of the named catalog, else of ./catalog/*.json, else of the installed ones, by id."""
    return load_records(catalog)[0]


def load_records(catalog: Path | None) -> tuple[list[Located], list[Located]]:
    """The entries as :func:`load_entries` finds them, and the networks of the same files."""
    return merged((path, read_catalog(path)) for path in find_catalogs(catalog))


def merged(catalogs: Iterable[tuple[Path, dict[str, Any]]]) -> tuple[list[Located], list[Located]]:
    """The entries and the networks of several catalogs, each once."""
    entries: dict[str, Located] = {}
    networks: dict[str, Located] = {}
    for path, data in catalogs:
        for located, records in ((entries, data["entries"]), (networks, data["networks"])):
            for record in records:
                located.setdefault(record["id"], Located(record)).catalogs.append(str(path))
    by_order = sorted(entries.values(), key=lambda item: (item.entry["order"], item.entry["n"], item.entry["id"]))
    return by_order, sorted(networks.values(), key=lambda item: _network_key(item.entry))


def is_network(record: dict[str, Any]) -> bool:
    """Is this a record of ``networks``, not of ``entries``?"""
    return "weights" in record


def _network_key(o: dict[str, Any]) -> tuple[Any, ...]:
    return prod(map(int, o["group"].split("x"))), o["group"], o["trivial"], o["target"], o["width"], o["id"]


def solution_of(entry: dict[str, Any]) -> Solution:
    """An entry's nodes as a canonical solution."""
    nodes = tuple((node["a"], node["b"], tuple(node["c"])) for node in entry["nodes"])
    return Solution(entry["n"], nodes, entry["orbit_size"], entry["character_order"])


def load_solutions(catalog: Path | None) -> list[Solution]:
    """The solutions of every entry that :func:`load_entries` finds."""
    return [solution_of(item.entry) for item in load_entries(catalog)]


def find_entry(located: list[Located], prefix: str) -> Located:
    """The one entry whose id, or hash part, starts with a nonempty ``prefix``; InputError if none or several do."""
    if not prefix:
        raise InputError("an empty id names no entry: give some characters, see python -m cogo_search list")
    matches = [
        item
        for item in located
        if any(part.startswith(prefix) for part in (item.entry["id"], item.entry["id"].split("-", 1)[1]))
        or item.entry["id"].rsplit("-", 1)[1].startswith(prefix)
    ]
    exact = [item for item in matches if item.entry["id"] == prefix]
    if len(exact or matches) == 1:
        return (exact or matches)[0]
    if not matches:
        raise InputError(f"id {prefix!r} matches no entry of the catalog: see python -m cogo_search list")
    some = ", ".join(item.entry["id"] for item in matches[:4]) + (", ..." if len(matches) > 4 else "")
    raise InputError(f"id {prefix!r} is ambiguous, {len(matches)} entries match ({some}): give more characters")


def is_irreducible(entry: dict[str, Any]) -> bool:
    """No factorization into weights whose orders multiply to the formal order; unknown where conditions are merged."""
    return entry["factors"] is None and entry["character_order"] == "generic"


def filter_entries(
    located: list[Located],
    order: int | None = None,
    cover: str | None = None,
    family: str | None = None,
    irreducible: bool = False,
    n: int | None = None,
) -> list[Located]:
    """The entries that fulfil every given condition.

    Raises InputError for an unknown family.
    """
    if family is not None and family not in family_names():
        raise InputError(f"--family {family!r} is unknown: choose from {', '.join(family_names())}")
    wanted = set(COVERS[cover]) if cover is not None else set()
    return [
        item
        for item in located
        if (order is None or item.entry["order"] == order)
        and wanted <= set(item.entry["covers"])
        and (family is None or family in [f["name"] for f in item.entry["families"]])
        and (not irreducible or is_irreducible(item.entry))
        and (n is None or item.entry["n"] == n)
    ]
