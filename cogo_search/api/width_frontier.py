"""How narrow an optimizer can be: the namespace ``cogo_search.frontier``."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..catalog.catalog import CatalogLike, as_catalog
from ..display import table as html_table
from ..errors import InputError
from ..events import Callback, Event, ignore
from ..frontier.narrow_search import OUTCOMES, Attempt, Tally
from ..frontier.narrow_search import search as searched
from ..frontier.symmetry import Symmetry
from ..frontier.width_records import known_searches, rows
from ..networks.network import Network, Setting
from ..networks.width_bounds import Bound, lower_bound
from .networks import GroupLike, as_group, load_network

#: The share of the trivial character that certify takes for noise where the weights are to have none.
NOISE = 1e-2


@dataclass(frozen=True, eq=False)
class WidthSearch:
    """A many-start search for networks of one width: what was asked, and what every start came to.

    ``record`` is what `frontier search --json` prints (docs/frontier.md).
    """

    record: dict[str, Any]
    tally: Tally

    @property
    def hits(self) -> list[Attempt]:
        """The starts that reached zero loss in float64, which is no proof: :func:`certify` gives one."""
        return self.tally.hits

    @property
    def network(self) -> Network:
        """The hit of least norm. Raises InputError where there is none."""
        if not self.hits:
            raise InputError(f"no hit in {self.tally.starts} starts: search with more of them, or a larger width")
        best = self.best
        names = ("width", "symmetry", "wider", "orbits", "seed", "total")
        provenance = {"start": best.start, "ansatz": best.ansatz, **{name: self.record[name] for name in names}}
        metadata = {"seed": str(self.record["seed"]), "provenance": json.dumps(provenance, sort_keys=True)}
        return best.problem.network(best.theta, metadata)

    @property
    def best(self) -> Attempt:
        """The hit of least norm."""
        return min(self.hits, key=lambda hit: hit.norm)

    def to_dict(self) -> dict[str, Any]:
        """What `frontier search --json` prints."""
        return dict(self.record)

    def __repr__(self) -> str:
        r = self.record
        where = f"{r['group']} width {r['width']} {r['trivial']} {r['target']}"
        return f"WidthSearch({where}: {len(self.hits) or 'no'} hits in {r['starts']} starts)"


def search(
    group: GroupLike,
    width: int,
    *,
    trivial: str,
    target: str,
    starts: int = 200,
    seed: int = 0,
    symmetry: str = "none",
    wider: int | None = None,
    orbits: int | None = None,
    first: int = 0,
    total: int | None = None,
    callback: Callback = ignore,
) -> WidthSearch:
    """Many starts of Levenberg-Marquardt for networks of zero loss with so many hidden nodes (docs/frontier.md).

    Args:
        group: the group.
        width: hidden nodes.
        trivial: ``without`` or ``with`` the trivial character.
        target: ``zero-mean`` or ``one-hot``.
        starts: how many are tried; "none found" says no more than that.
        seed: of all starts.
        symmetry: look among networks made of orbits of nodes only: words such as ``neg,swap``.
        wider: start at this width and drive orbits out.
        orbits: keep lists of at most so many orbits.
        first: number of the first start.
        total: starts of the whole search, of which these are a part.
        callback: hears of starts and hits, at most once a second.

    Raises InputError for what does not go together, and for groups or widths beyond what the search can do.
    """
    for name, value, least in (("starts", starts, 1), ("first", first, 0), ("width", width, 1)):
        if not isinstance(value, int) or value < least:
            raise InputError(f"{name}={value!r} must be an integer from {least} up")
    if (ends := first + starts) > (total or ends):
        raise InputError(f"total={total} is below first plus starts, {ends}: name the whole search's starts")
    setting = Setting(trivial, target)
    ansatz = Symmetry(as_group(group), symmetry)
    told = 0.0

    def report(tally: Tally) -> None:
        nonlocal told
        if tally.starts == starts or time.monotonic() > told + 1:
            told = time.monotonic()
            hits = tally.outcomes["hit"]
            message = f"start {tally.starts} of {starts}, {hits} hits"
            callback(Event(message, tally.starts, starts, {"hits": hits}))

    tally = searched(
        ansatz.group, setting, width, ansatz, starts, seed,
        wider=wider, orbits=orbits, first=first, total=total, report=report,
    )  # fmt: skip
    asked = {
        "group": ansatz.group.name,
        "width": width,
        "trivial": trivial,
        "target": target,
        "symmetry": symmetry,
        "wider": wider,
        "orbits": orbits,
        "seed": seed,
        "first": first,
        "starts": starts,
    }
    record = {
        **asked,
        "total": total or first + starts,
        "lists": tally.lists,
        "outcomes": {name: tally.outcomes[name] for name in OUTCOMES},
        "best": _attempt(tally.best) if tally.best else None,
        "hits": [_attempt(hit) for hit in tally.hits],
        "near_misses": [_attempt(miss) for miss in tally.misses],
    }
    return WidthSearch(record, tally)


def _attempt(attempt: Attempt) -> dict[str, Any]:
    order = attempt.problem.group.order
    known = {"start": attempt.start, "ansatz": attempt.ansatz, "outcome": attempt.outcome, "loss": attempt.cost / order}
    known |= {"norm": attempt.norm, "exponent": attempt.exponent, "iterations": attempt.iterations}
    if attempt.outcome == "hit":
        network = attempt.problem.network(attempt.theta)
        known["squared_norm"] = float(sum((w**2).sum() for w in (network.W_a, network.W_b, network.V)))
    return known


def bound(group: GroupLike, *, trivial: str = "without", target: str = "zero-mean") -> Bound:
    """A proved lower bound on the width of an optimizer, nodes of any frequencies, with its argument and scope.

    >>> import cogo_search as cogo
    >>> cogo.frontier.bound(5, trivial="with").width
    7
    """
    return lower_bound(as_group(group), Setting(trivial, target))


@dataclass(frozen=True, eq=False)
class Certification:
    """Whether a network of exactly zero loss is near one that was found: true if that is proved.

    ``facts`` are what `frontier certify --json` prints, ``record`` the proved network as a catalog holds it.
    """

    facts: dict[str, Any]
    record: dict[str, Any] | None

    def __bool__(self) -> bool:
        return self.record is not None

    def save(self, path: str | Path) -> None:
        """Write the proved network as a catalog, which `verify` checks. Raises InputError where there is none."""
        from ..catalog.catalog_files import write_catalog
        from ..catalog.network_catalogs import networks_catalog
        from ..storage import check_writable

        if self.record is None:
            raise InputError(f"nothing is proved ({self.facts['reason']}): there is no network to write")
        check_writable(Path(path), "path")
        write_catalog(networks_catalog([self.record]), Path(path))

    def to_dict(self) -> dict[str, Any]:
        """What `frontier certify --json` prints."""
        return dict(self.facts)

    def __repr__(self) -> str:
        what = f"proved within {self.facts['radius']}" if self else f"not proved: {self.facts['reason']}"
        return f"Certification(group {self.facts['group']}, width {self.facts['width']}: {what})"


def certify(
    network: Any,
    *,
    digits: int = 30,
    trivial: str | None = None,
    target: str | None = None,
    callback: Callback = ignore,
) -> Certification:
    """Newton's method from a network of nearly zero loss, and Krawczyk's test that a zero is there (docs/frontier.md).

    ``network`` is what :func:`cogo_search.load_network` reads; ``digits`` of the weights, from 15 to 1000. Where the
    test fails nothing is proved, and where Newton's method fails that is no statement about the network.
    """
    from ..frontier.enclosure import describe, enclosure_record
    from ..frontier.newton import solve
    from ..networks.evaluation import setting_of

    if not isinstance(digits, int) or not 15 <= digits <= 1000:
        raise InputError(f"digits={digits!r} is no integer from 15 to 1000")
    start = load_network(network)
    setting = setting_of(start, trivial, target, within=NOISE)
    callback(Event("Newton's method"))
    solution = solve(start, setting, bits=4 * digits)
    callback(Event("Krawczyk's test"))
    record, reason = None, None
    try:
        record = enclosure_record(f"by Newton's method from {start.metadata.get('origin', 'unknown')}", solution)
    except InputError as error:
        reason = str(error)
    return Certification(describe(solution, digits, record, reason), record)


#: What the table counts.
WHAT = "hidden nodes, of any frequencies, of real quadratic networks of zero loss"


class FrontierTable(tuple[dict[str, Any], ...]):
    """Rows of the record table, as `frontier table --json` prints them."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"FrontierTable({len(self)} rows: groups {', '.join(dict.fromkeys(row['group'] for row in self))})"

    def to_dict(self) -> list[dict[str, Any]]:
        """The rows."""
        return list(self)

    def _repr_html_(self) -> str:
        names = ("group", "trivial", "target", "bound", "certified", "found", "paper", "minimal")
        return html_table(
            names,
            [[row.get(name) for name in names] for row in self],
            "hidden nodes of real quadratic networks of zero loss, of any frequencies",
        )


def table(*, group: GroupLike | None = None, catalog: CatalogLike = None) -> FrontierTable:
    """The record table: for groups of order 2 to 9 and every setting the bound, the narrowest certified network, ...

    Raises InputError for a group that is not in it.
    """
    wanted = None if group is None else as_group(group).name
    records = rows([network.record for network in as_catalog(catalog).networks], known_searches(), wanted)
    if not records:
        raise InputError(f"group={wanted} is not in the table: it has the groups of order 2 to 9, as in 2x4")
    return FrontierTable(records)
