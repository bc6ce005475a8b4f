"""Hits of catalog entries that chance alone would give: uniform members of each family, by Monte Carlo.

What was drawn is kept in the user's cache, by the ids of the entries, the family, tolerance, members and the code that
draws and compares: the same numbers again, at once. A cache that cannot be written is done without.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from .. import __version__
from ..errors import InputError
from ..events import Callback, Event, ignore
from ..families.base import Family
from ..families.registry import MODULES, find_family
from ..machine import cache_folder
from ..storage import write_atomically
from . import nearest_entry
from .nearest_entry import Library, nearest

#: Members drawn from each family.
MEMBERS = 1000


def expected_hits(
    families: Mapping[str, int],
    entries: dict[int, Library],
    tolerance: float,
    callback: Callback = ignore,
) -> dict[str, float]:
    """Hits by entry if every frequency of a parametric family were a member with uniform phases (MEMBERS drawn each).

    A family without a uniform measure (``nu_i*w``) adds nothing.
    """
    result: dict[str, float] = {}
    for name, count in sorted(families.items()):
        family = find_family(name)
        if family.draw is None:
            continue
        for entry, hits in _hits(family, entries, tolerance, callback).items():
            for _ in range(hits):  # as they were counted, one by one: the same rounding
                result[entry] = result.get(entry, 0.0) + count / MEMBERS
    return result


def _hits(family: Family, entries: dict[int, Library], tolerance: float, callback: Callback) -> dict[str, int]:
    """How many of the family's members have each entry as their nearest within the tolerance."""
    path = _kept_at(family, entries, tolerance)
    known = {name for library in entries.values() for name in library.ids}
    if path is not None and (kept := _read(path, known)) is not None:
        return kept
    hits = _drawn(family, entries, tolerance, callback)
    if path is not None:
        with suppress(InputError, OSError):
            write_atomically(path, json.dumps(hits).encode())
    return hits


def _drawn(family: Family, entries: dict[int, Library], tolerance: float, callback: Callback) -> dict[str, int]:
    assert family.draw is not None
    rng = np.random.default_rng(sum(map(ord, family.name)))
    hits: Counter[str] = Counter()
    for number in range(MEMBERS):
        if number % 50 == 0:
            callback(Event(f"hits expected of {family.name}: member {number} of {MEMBERS}", number, MEMBERS))
        z = family.draw(rng)
        if z.shape[1] not in entries:
            continue
        near = nearest(z, entries[z.shape[1]])
        if near.distance <= tolerance:
            hits[near.id] += 1
    return dict(hits)


def _kept_at(family: Family, entries: dict[int, Library], tolerance: float) -> Path | None:
    """Where the hits are kept; None where no folder is known, or the family is none of the package's."""
    draw = family.draw
    module = sys.modules.get(getattr(draw, "__module__", ""))
    if family.name not in MODULES or module is None or not module.__name__.startswith(f"{__package__}".split(".")[0]):
        return None
    try:
        code = [Path(str(file)).read_bytes() for file in (__file__, nearest_entry.__file__, module.__file__)]
        folder = cache_folder()
    except (OSError, RuntimeError):
        return None
    asked: list[Any] = [__version__, np.__version__, family.name, tolerance, MEMBERS]
    asked += [[order, library.ids] for order, library in sorted(entries.items())]
    digest = hashlib.sha256(json.dumps(asked).encode() + b"".join(code)).hexdigest()
    return folder / "expected" / f"{digest}.json"


def _read(path: Path, known: set[str]) -> dict[str, int] | None:
    """The hits that a file keeps; None if it keeps none."""
    try:
        kept = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    if not isinstance(kept, dict) or not kept.keys() <= known:
        return None
    if not all(type(hits) is int and 0 < hits <= MEMBERS for hits in kept.values()):
        return None
    return kept
