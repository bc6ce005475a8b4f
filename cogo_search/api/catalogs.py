"""Reading catalogs, and verifying them."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .. import verifier
from ..catalog.catalog import Catalog, CatalogLike, as_catalog
from ..catalog.catalog_files import dumps
from ..catalog.standing import mark_verified
from ..display import table
from ..errors import InputError
from ..events import Callback, Event, ignore


def load_catalog(path: str | Path | None = None) -> Catalog:
    """The catalog of a file; without one, what ./catalog and the package hold together.

    The digest is checked on reading, and no more: whether what it claims is true is for :func:`verify` to say. Raises
    CatalogError for a file that is unreadable or no catalog, VerificationError for one that was altered.

    >>> import cogo_search as cogo
    >>> cat = cogo.load_catalog("catalog/roots-3-4.json")
    >>> cat["n6-q6-a6"].covers
    ('Rc', 'Rn', 'R*')
    """
    if path is not None and not isinstance(path, (str, Path)):
        raise InputError(f"path={path!r} is no file name: give one, or None for all that are found")
    return Catalog.read(path)


@dataclass(frozen=True)
class Verification:
    """What the verifier said of one or several files: true if all of them are.

    ``results`` are what `verify --json` prints, by file: ``outcome`` verified, refused, undecided or unreadable, and
    the ``reason`` where it is not verified.
    """

    results: tuple[Mapping[str, Any], ...]

    def __bool__(self) -> bool:
        return all(result["outcome"] == "verified" for result in self.results)

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why files are not verified: one line each."""
        return tuple(result["reason"] for result in self.results if result["outcome"] != "verified")

    def to_dict(self) -> list[dict[str, Any]]:
        """What `verify --json` prints."""
        return [verifier.flat(dict(result)) for result in self.results]

    def __repr__(self) -> str:
        if self:
            return f"Verification(verified: {', '.join(result['file'] for result in self.results)})"
        return f"Verification({'; '.join(self.reasons)})"

    def _repr_html_(self) -> str:
        return table(("file", "outcome", "reason"), [(r["file"], r["outcome"], r.get("reason")) for r in self.results])


def verify(
    catalog: CatalogLike, *, deep: bool = False, budget: float | None = None, callback: Callback = ignore
) -> Verification:
    """Check everything that a catalog says, exactly, with code that shares nothing with the search.

    Args:
        catalog: a :class:`Catalog`, or a file, which need not be a catalog at all.
        deep: repeat small enumerations too, which notices dropped entries.
        budget: million steps at most for each file (default 400 for each megabyte, about half a minute).
        callback: hears of each step.

    >>> import cogo_search as cogo
    >>> bool(cogo.verify("catalog/roots-3-4.json"))
    True
    """
    if budget is not None and not budget > 0:
        raise InputError(f"budget={budget!r} is no positive number of million steps")

    def say(line: str) -> None:
        callback(Event(line))

    if isinstance(catalog, (str, Path)):
        result = verifier.judge(str(catalog), deep, budget, say)
        if result["outcome"] == "verified":
            mark_verified(Path(catalog))
        return Verification((result,))
    results = []
    with tempfile.TemporaryDirectory() as folder:
        for name, data in as_catalog(catalog).parts:
            file = Path(folder) / "catalog.json"
            file.write_text(dumps(data), encoding="ascii")
            results.append({**verifier.judge(str(file), deep, budget, say), "file": name or "search"})
    return Verification(tuple(results))
