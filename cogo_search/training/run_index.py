"""The runs of a folder: how far each of them is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ..errors import InputError
from .results import Run
from .run_folder import read_json, read_metrics, status_of
from .runs import Outcome
from .sweep import INDEX, Sweep, read_sweep

#: Nothing is known beside the files.
EMPTY: Mapping[str, Outcome] = MappingProxyType({})


def run_records(out: Path) -> list[dict[str, Any]]:
    """A record for each run of a folder: name, status, epoch, and where it ended well losses, accuracies and orders.

    Orders are those of the frequencies at the last metrics, by the paper's rule |z_a| > 0.05. Raises InputError if
    the folder is none of runs.
    """
    return [run.to_dict() for run in run_states(out)]


def run_states(out: Path, outcomes: Mapping[str, Outcome] = EMPTY) -> Iterator[Run]:
    """The runs of a folder as they are, by what their files say.

    ``outcomes`` know better where a status could not be written down.
    """
    sweep = known_sweep(out)
    batches = {name: [out / member for member in batch] for batch in sweep.batches() for name in batch}
    settings = sweep.runs()
    for name, known in read_index(out, sweep).items():
        held = status_of(out / name, batches[name])
        if held["status"] == "waiting" and known.get("status") == "failed":  # what could not be written into its folder
            held |= known
        status, error = held["status"], str(held.get("error", ""))
        if outcomes.get(name, ("", ""))[1]:
            status, error = outcomes[name]
        if status in ("done", "collapsed"):
            try:
                read_metrics(out / name)
            except InputError as damage:
                status, error = "damaged", str(damage)
        yield Run(name, settings[name], status, held["epoch"], out / name, error=error)


def read_index(out: Path, sweep: Sweep) -> dict[str, dict[str, Any]]:
    """What the lead of the sweep last knew of each run: {status, error?}, or nothing."""
    try:
        index = read_json(out / INDEX)
    except InputError:
        index = {}
    return {name: index[name] if isinstance(index.get(name), dict) else {} for name in sweep.runs()}


def known_sweep(out: Path) -> Sweep:
    """The sweep of a folder of runs; InputError if the folder is none."""
    if not (out / "config.json").exists():
        raise InputError(f"{out} holds no runs (no config.json): name a folder written by train --out")
    return read_sweep(out)
