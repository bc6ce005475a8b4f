"""What a report is made from: catalogs and runs, as far as they are there, and what is missing.

Nothing here raises because a run is unfinished or damaged, or because one of several catalogs is: that becomes a
:class:`Missing`, with the command that makes it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..catalog.catalog_files import find_catalogs, read_catalog
from ..catalog.entry import Entry, NetworkRecord
from ..catalog.lookup import merged
from ..catalog.solution_graph import solution_graph
from ..catalog.standing import reservations
from ..errors import CogoError, InputError
from ..frontier.width_records import known_searches, rows
from ..networks.network import Network
from ..networks.network_files import read_network
from ..reading.sources import is_run, network_files, snapshots
from ..training.config import Settings
from ..training.order_distributions import distributions
from ..training.run_folder import CHECKPOINT, FINISHED, read_metrics, read_run, snapshot_path, status_of
from ..training.sweep import Sweep, read_sweep
from .remedies import ENUMERATE, TRAIN, enumerate_again, match_command, repairing, train_command, verify_command

if TYPE_CHECKING:
    import networkx

#: Runs that have ended with weights one can look at.
ENDED = ("done", "collapsed")


@dataclass(frozen=True)
class Missing:
    """Something that the report could have shown: what, why it does not, and the command that makes it."""

    what: str
    why: str
    command: str


class Lacking(CogoError):
    """The inputs cannot feed a figure or a sheet: why, and the command that makes what is missing."""

    def __init__(self, why: str, command: str) -> None:
        super().__init__(why)
        self.why, self.command = why, command

    def missing(self, what: str) -> Missing:
        """What the report says in its place."""
        return Missing(what, self.why, self.command)


@dataclass(frozen=True, eq=False)
class RunInput:
    """One training run: ``name`` relative to the folder of runs, its folder, and as much as run.json says.

    ``problem`` says in one line why the run cannot be used, None if it can; ``command`` goes on with it.
    """

    name: str
    path: Path
    status: str
    epoch: int
    settings: Settings | None
    problem: str | None
    command: str

    @cached_property
    def metrics(self) -> dict[str, np.ndarray]:
        """The arrays over time (docs/runs.md); InputError if they cannot be read."""
        return read_metrics(self.path)

    @property
    def snapshots(self) -> tuple[int, ...]:
        """Epochs of the snapshots that are there, ascending."""
        return snapshots(self.path)

    def network(self, epoch: int) -> Network:
        """The network at a snapshot; InputError if it cannot be read."""
        return read_network(snapshot_path(self.path, epoch))


@dataclass(frozen=True, eq=False)
class RunMatches:
    """Matches by our rules at the end of every run, and Table 2 by the paper's.

    ``report`` is matches.json (its networks' ``source`` are names of runs), ``comparison`` comparison.json over all of
    them, ``paper`` that by the paper's rules over the runs of Table 2's setting, None where there is none.
    """

    report: dict[str, Any]
    comparison: dict[str, Any]
    paper: dict[str, Any] | None


@dataclass(frozen=True, eq=False)
class Inputs:
    """All that figures, sheets and the page read.

    ``searches`` and ``minimal`` are the objects of those names of every catalog, each with the ``catalog`` it is from;
    ``frontier`` are the rows of :func:`cogo_search.frontier.width_records.rows`; ``orders`` those of
    :func:`cogo_search.training.order_distributions.order_distributions`; ``matches`` is None until
    :func:`cogo_search.reporting.matched_runs.match_runs` was asked; ``files`` are networks of other programs beside
    the runs.
    """

    entries: tuple[Entry, ...]
    networks: tuple[NetworkRecord, ...]
    graph: networkx.DiGraph
    searches: tuple[dict[str, Any], ...]
    minimal: tuple[dict[str, Any], ...]
    frontier: tuple[dict[str, Any], ...]
    runs: tuple[RunInput, ...]
    orders: tuple[dict[str, Any], ...]
    matches: RunMatches | None
    missing: tuple[Missing, ...]
    files: tuple[Path, ...] = ()

    @property
    def usable(self) -> tuple[RunInput, ...]:
        """The runs without a problem."""
        return tuple(run for run in self.runs if run.problem is None)


def gather(catalog: Path | None, runs: Path | None) -> Inputs:
    """Everything that ``--catalog`` (else the catalogs at hand) and ``--runs`` name.

    Raises InputError if ``runs`` is no folder, CatalogError or VerificationError if the named catalog is none.
    """
    if runs is not None and not runs.is_dir():
        raise InputError(f"--runs {runs} is no folder: name one that train --out has written")
    missing: list[Missing] = []
    catalogs = list(_catalogs(catalog, missing))
    entries, networks = merged(catalogs)
    if not entries:
        missing.append(Missing("catalog entries", "the catalogs hold none", ENUMERATE))
    found = () if runs is None else tuple(_runs(runs))
    files = () if runs is None or is_run(runs) else network_files(runs)
    if not found and not files:
        why = "no --runs given" if runs is None else f"{runs} holds none"
        missing.append(Missing("training runs", why, TRAIN))
    missing += [Missing(f"run {run.name}", run.problem, run.command) for run in found if run.problem is not None]
    return Inputs(
        tuple(entries),
        tuple(networks),
        solution_graph(*(data for _, data in catalogs)),
        tuple({"catalog": path.name, **data["search"]} for path, data in catalogs if data["entries"]),
        tuple({"catalog": path.name, **row} for path, data in catalogs for row in data["minimal"]),
        tuple(rows([located.record for located in networks], known_searches())),
        found,
        tuple(distributions(_papers(found))),
        None,
        tuple(missing),
        files,
    )


def _catalogs(catalog: Path | None, missing: list[Missing]) -> Iterator[tuple[Path, dict[str, Any]]]:
    for path in find_catalogs(catalog):
        try:
            data = read_catalog(path)
            for why in reservations([path]):
                missing.append(Missing(f"verification of {path.name}", why, verify_command(path)))
            yield path, data
        except CogoError as error:
            if catalog is not None:
                raise
            what = str(error).rpartition(": ")[0] or str(error)  # the way out is the command
            missing.append(Missing(f"catalog {path.name}", what, enumerate_again(path)))


def _runs(folder: Path) -> Iterator[RunInput]:
    """The runs of a run's folder, of a folder of runs, or of several such folders in one."""
    if is_run(folder):
        here = folder.resolve()
        sweep, command = _sweep(here.parent)
        members = () if sweep is None else next((batch for batch in sweep.batches() if here.name in batch), ())
        batch = tuple(here.parent / member for member in members)
        yield _run(here.name, folder, batch, command if batch else TRAIN)
        return
    for place in (folder, *sorted(child for child in folder.iterdir() if child.is_dir() and not is_run(child))):
        sweep, command = _sweep(place)
        batches = {} if sweep is None else {name: batch for batch in sweep.batches() for name in batch}
        there = {child.name for child in place.iterdir() if child.is_dir() and is_run(child)}
        for name in sorted({*batches, *there}, key=_numbers):
            batch = tuple(place / member for member in batches.get(name, ()))
            yield _run(str((place / name).relative_to(folder)), place / name, batch, command if batch else TRAIN)


def _sweep(place: Path) -> tuple[Sweep | None, str]:
    """The sweep of a folder, if it has one that can be read, and the command that goes on with it."""
    if not (place / "config.json").exists():
        return None, TRAIN
    try:
        sweep = read_sweep(place)
    except InputError:
        return None, TRAIN
    return sweep, train_command(sweep, place)


def _run(name: str, folder: Path, batch: tuple[Path, ...], command: str) -> RunInput:
    record = status_of(folder, batch)
    status, settings, problem = record["status"], None, None
    damaged: tuple[Path, ...] = (folder / "run.json",)
    try:
        if status == "damaged":
            damaged = _unreadable(folder, batch)
            raise InputError(record["error"])
        if status == "failed":
            damaged = ()
            raise InputError(f"it failed: {record.get('error', 'no reason is recorded')}")
        if status == "waiting":
            raise InputError("it has not begun")
        settings = Settings.from_record(record["settings"])
        if not settings.is_quadratic:
            problem = f"activation={settings.activation}: the report is about quadratic networks"
            return RunInput(name, folder, status, record["epoch"], settings, problem, match_command(folder))
        if status == "running":
            damaged = ()
            raise InputError(
                f"it is still training, or was interrupted, at epoch {record['epoch']} of {settings.epochs}"
            )
        if status not in FINISHED:
            raise InputError(f"its run.json has an unknown status, {status!r}")
        run = RunInput(name, folder, status, record["epoch"], settings, None, command)
        if status in ENDED and run.epoch not in run.snapshots:
            raise InputError(f"its snapshot of epoch {run.epoch} is not there")
        damaged = (folder / "metrics.npz",)
        if missing := {"epoch", "order", "train_loss", "r_kkk"} - set(run.metrics):
            raise InputError(f"its metrics lack {', '.join(sorted(missing))}")
        for epoch in run.snapshots if status in ENDED else ():
            damaged = (snapshot_path(folder, epoch),)
            run.network(epoch)
    except (InputError, TypeError, ValueError) as error:  # the latter two: settings of other types
        problem = str(error)
    else:
        return run
    return RunInput(name, folder, status, record["epoch"], settings, problem, repairing(command, damaged))


def _unreadable(folder: Path, batch: tuple[Path, ...]) -> tuple[Path, ...]:
    """Which files make a run damaged: its record, or the checkpoint that it goes on from."""
    try:
        read_run(folder)
    except InputError:
        return (folder / "run.json",)
    return tuple(other / CHECKPOINT for other in batch or (folder,))


def _papers(runs: Iterable[RunInput]) -> Iterator[tuple[Settings, str, dict[str, np.ndarray]]]:
    """The ended runs that differ from the paper's in group, sizes, rates and seed only."""
    for run in runs:
        s = run.settings
        if s is None or run.problem is not None or run.status not in ENDED:
            continue
        if s == Settings(s.group, s.hidden, s.seed, s.epochs, s.lr, s.weight_decay, snapshots=s.snapshots):
            yield s, run.status, run.metrics


def _numbers(name: str) -> tuple[tuple[bool, float, str], ...]:
    """Sorts 23 before 127, and 5e-05 before 0.0001."""
    parts = re.split(r"([0-9]+(?:\.[0-9]+)?(?:e-?[0-9]+)?)", name)
    return tuple((i % 2 == 1, float(part) if i % 2 else 0.0, part) for i, part in enumerate(parts))
