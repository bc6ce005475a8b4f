"""A catalog as a value: what a search found, or what one or several files hold."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from numbers import Integral
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

from ..algebra.canonical import Solution
from ..display import pandas, table
from ..errors import CogoError, InputError
from .catalog_files import find_catalogs, read_catalog, write_catalog
from .entry import ENTRY_COLUMNS, Entry, NetworkRecord
from .lookup import filter_entries, find_entry, merged
from .wording import scope_text

if TYPE_CHECKING:
    import networkx


#: Ids of entries that are printed.
SHOWN = 8


@dataclass(frozen=True)
class Minimum:
    """The least value that a model reaches for a cover, with the bound that holds, its method and its scope."""

    model: str
    cover: str
    n: int
    minimised: str
    order: int | None
    lower_bound: int | None
    method: str
    scope: Mapping[str, Any]
    outcome: str
    claim: str

    @property
    def within(self) -> str:
        """The scope of the bound in words: among which weights, for which conditions, at which frequency."""
        conditions = f"{self.scope['conditions']}, cover {self.scope['cover']}"
        return f"{scope_text(dict(self.scope))}; {conditions}; frequency: {self.scope['frequency']}"

    @property
    def proved(self) -> bool:
        """Whether the bound is reached, so that the least value is the minimum within the scope."""
        return self.outcome == "PROVED"


class Entries(tuple[Entry, ...]):
    """Some entries of a catalog, in the order of the catalog."""

    __slots__ = ()

    def to_pandas(self) -> Any:
        """A pandas DataFrame with a row for each entry. Raises InputError where pandas is not installed."""
        pd = pandas()
        return pd.DataFrame([entry.record for entry in self]).set_index("id")

    def __repr__(self) -> str:
        more = f", ... {len(self)} in all" if len(self) > SHOWN else ""
        return f"Entries({', '.join(entry.id for entry in self[:SHOWN])}{more})"

    def _repr_html_(self) -> str:
        return table(ENTRY_COLUMNS, [entry.row() for entry in self], f"{len(self)} entries")


@dataclass(frozen=True, eq=False)
class Catalog(Sequence[Entry]):
    """Entries and networks of one search, or of several files together: a sequence of :class:`Entry`.

    ``parts`` are names of files, empty for a search that was not saved, with their JSON (docs/catalog.md).

    >>> cat = Catalog.read("catalog/roots-3-4.json")
    >>> len(cat), cat["n6-q6-a6"].order, len(cat.filter(order=4))
    (11, 6, 4)
    """

    parts: tuple[tuple[str, dict[str, Any]], ...]

    @classmethod
    def read(cls, path: str | Path | None = None) -> Catalog:
        """The catalog of a file; without one, all of ./catalog and of the package together.

        Raises CatalogError for a file that is unreadable or no catalog, VerificationError for one that was altered.
        """
        paths = find_catalogs(None if path is None else Path(path))
        return cls(tuple((str(file), read_catalog(file)) for file in paths))

    @cached_property
    def _records(self) -> tuple[list[Entry], list[NetworkRecord]]:
        return merged(self.parts)

    @property
    def entries(self) -> Entries:
        """Every entry once, by order, n and id."""
        return Entries(self._records[0])

    @property
    def networks(self) -> tuple[NetworkRecord, ...]:
        """The whole networks (docs/frontier.md)."""
        return tuple(self._records[1])

    @property
    def solutions(self) -> list[Solution]:
        """The canonical nodes of every entry."""
        return [entry.solution for entry in self.entries]

    @property
    def minimal(self) -> tuple[Minimum, ...]:
        """The least orders with their bounds, of every file in turn."""
        rows = [row for _, data in self.parts for row in data["minimal"]]
        return tuple(Minimum(**{name: row[name] for name in Minimum.__dataclass_fields__}) for row in rows)

    def filter(
        self,
        *,
        order: int | None = None,
        cover: str | None = None,
        family: str | None = None,
        irreducible: bool = False,
        n: int | None = None,
    ) -> Entries:
        """The entries that fulfil every given condition.

        ``cover`` is a wanted zero set (``all``, ``Rc+R*``, ``Rc+Rn``, ``Rc``): an entry may annul more. Raises
        InputError for an unknown family or cover, and for an order or n that is no integer.
        """
        for name, value in (("order", order), ("n", n)):
            if value is not None and (isinstance(value, bool) or not isinstance(value, Integral)):
                raise InputError(f"{name}={value!r} is no integer: write it as in {name}=6")
        for name, word in (("cover", cover), ("family", family)):
            if word is not None and not isinstance(word, str):
                raise InputError(f"{name}={word!r} is no name: give one, as text")
        return Entries(
            filter_entries(self.entries, order=order, cover=cover, family=family, irreducible=irreducible, n=n)
        )

    @overload
    def __getitem__(self, index: int) -> Entry: ...
    @overload
    def __getitem__(self, index: slice) -> Entries: ...
    @overload
    def __getitem__(self, index: str) -> Entry | NetworkRecord: ...
    def __getitem__(self, index: int | slice | str) -> Entry | Entries | NetworkRecord:
        if isinstance(index, str):
            known: list[Entry | NetworkRecord] = [*self.entries, *self.networks]
            return find_entry(known, index)
        if isinstance(index, slice):
            return Entries(self.entries[index])
        if not isinstance(index, Integral):
            raise InputError(f"index={index!r}: entries have a number, a slice, or an id or a unique part of its front")
        if not -len(self) <= index < len(self):
            raise IndexError(f"index={index}: the catalog has {len(self)} entries, from 0")
        return self.entries[int(index)]

    def __len__(self) -> int:
        return len(self.entries)

    def __contains__(self, item: object) -> bool:
        """Whether it has an entry, or something of an id that ``catalog[id]`` finds."""
        if not isinstance(item, str):
            return item in self.entries
        try:
            return bool(self[item])
        except InputError:
            return False

    def graph(self) -> networkx.DiGraph:
        """Which entries are products of which (Theorem 6): a networkx graph on their ids."""
        from .solution_graph import solution_graph

        return solution_graph(*(data for _, data in self.parts))

    @property
    def complete(self) -> bool:
        """Whether every enumeration of its searches is complete."""
        records = [record for _, data in self.parts for record in data["search"]["complete"].values()]
        return all(record["complete"] for record in records)

    def save(self, path: str | Path) -> Catalog:
        """Write the one file that the catalog is; one that is there is replaced once the new one is complete.

        Returns the catalog under the file's name.

        Raises InputError for a catalog of several files, or a place that cannot be written to.
        """
        from ..storage import check_writable

        if not isinstance(path, (str, Path)):
            raise InputError(f"path={path!r} is no file name: give one, as in 'catalog.json'")
        if len(self.parts) != 1:
            raise InputError(f"a catalog of {len(self.parts)} files cannot be saved as one: save each search by itself")
        check_writable(Path(path), "path")
        write_catalog(self.parts[0][1], Path(path))
        return Catalog(((str(path), self.parts[0][1]),))

    def to_dict(self) -> dict[str, Any]:
        """What `enumerate --json` prints: search, minima and ids; of several files ``{"catalogs": [...]}``.

        Whole records are in :meth:`Entry.to_dict`, whole files in ``parts``.
        """
        summaries = [_summary(name, data) for name, data in self.parts]
        return summaries[0] if len(summaries) == 1 else {"catalogs": summaries}

    def to_pandas(self) -> Any:
        """A pandas DataFrame with a row for each entry. Raises InputError where pandas is not installed."""
        return self.entries.to_pandas()

    def __repr__(self) -> str:
        names = ", ".join(name or f"roots {','.join(map(str, data['search']['roots']))}" for name, data in self.parts)
        return f"Catalog({len(self)} entries, {len(self.networks)} networks: {names})"

    def _repr_html_(self) -> str:
        columns = ("cover", "model", "minimised", "least", "lower bound", "method", "scope of the bound", "outcome")
        rows = [
            (m.cover, m.model, m.minimised, m.order, m.lower_bound, m.method, m.within, m.outcome) for m in self.minimal
        ]
        minima = table(columns, rows, "minimal orders") if rows else ""
        return minima + self.entries._repr_html_()


def _summary(name: str, data: dict[str, Any]) -> dict[str, Any]:
    return {
        "catalog": name or None,
        "digest": data["digest"],
        "search": copy.deepcopy(data["search"]),
        "generators": len(data["generators"]),
        "minimal": copy.deepcopy(data["minimal"]),
        "entries": [entry["id"] for entry in data["entries"]],
    }


def ids_at_hand() -> list[str]:
    """Ids of the entries and networks that are found where no catalog is named; none if one cannot be read."""
    try:
        catalog = Catalog.read()
    except CogoError:
        return []
    return [item.id for item in (*catalog.entries, *catalog.networks)]


#: How a face function hands a catalog on: the value, a file, or None for all that are found.
CatalogLike = Catalog | str | Path | None


def as_catalog(catalog: CatalogLike) -> Catalog:
    """The catalog itself, or the one that is meant. Raises InputError for anything else."""
    if isinstance(catalog, Catalog):
        return catalog
    if catalog is None or isinstance(catalog, (str, Path)):
        return Catalog.read(catalog)
    text = repr(catalog)
    short = text if len(text) <= 120 else f"{text[:120]}..."
    raise InputError(f"catalog={short} is no catalog: give a Catalog, a file, or None for all that are found")
