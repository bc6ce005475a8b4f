"""The runs of a folder: how far each of them is."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import InputError
from .run_folder import read_json, read_metrics, snapshot_path, status_of
from .sweep import INDEX, Sweep, read_sweep


def run_records(out: Path) -> list[dict[str, Any]]:
    """A record for each run of a folder: name, status, epoch, and where it ended well losses, accuracies and orders.

    Orders are those of the frequencies at the last metrics, by the paper's rule |z_a| > 0.05. Raises InputError if
    the folder is none of runs.
    """
    sweep = known_sweep(out)
    batches = {name: [out / member for member in batch] for batch in sweep.batches() for name in batch}
    return [_record(out / name, batches[name], known) for name, known in read_index(out, sweep).items()]


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


def _record(folder: Path, batch: list[Path], known: dict[str, Any]) -> dict[str, Any]:
    held = status_of(folder, batch)
    if held["status"] == "waiting" and known.get("status") == "failed":  # what could not be written into its folder
        held |= known
    record: dict[str, Any] = {"run": folder.name, "status": held["status"], "epoch": held["epoch"]}
    if "error" in held:
        record["error"] = held["error"]
    if held["status"] not in ("done", "collapsed"):
        return record
    try:
        metrics = read_metrics(folder)
    except InputError as error:
        return {**record, "status": "damaged", "error": str(error)}
    for name in ("train_loss", "test_loss", "train_accuracy", "test_accuracy"):
        value = float(metrics[name][-1])
        record[name] = value if np.isfinite(value) else None
    record["live"] = int(metrics["live"][-1])
    orders = Counter(int(x) for x in metrics["order"][-1])
    record["orders"] = {str(order): orders[order] for order in sorted(orders)}
    last = snapshot_path(folder, held["epoch"])
    record["network"] = str(last) if last.exists() else None
    return record
