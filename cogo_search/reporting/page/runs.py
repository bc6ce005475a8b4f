"""What the page shows of training runs: settings, losses in time, and what every frequency became."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...training.config import ADDED
from ..collect import Inputs, RunInput

#: Points of a curve at most; the last recorded epoch is always one.
POINTS = 51
CURVES = ("train_loss", "test_loss", "train_accuracy", "test_accuracy")


def runs_record(inputs: Inputs) -> dict[str, Any]:
    """All runs: {tolerance, families, statuses, entries, runs}; runs refer to the three lists by position."""
    tables: dict[str, list[str]] = {"families": [], "statuses": [], "entries": []}
    report = {} if inputs.matches is None else inputs.matches.report
    matched = {network["source"]: network for network in report.get("networks", ())}
    runs = [_run(run, matched.get(run.name), tables) for run in inputs.runs]
    of_runs = {run.name for run in inputs.runs}
    runs += [_file(network, tables) for name, network in matched.items() if name not in of_runs]
    return {"tolerance": report.get("tolerance"), "nullRate": report.get("null_rate"), **tables, "runs": runs}


def _run(run: RunInput, match: dict[str, Any] | None, tables: dict[str, list[str]]) -> dict[str, Any]:
    record: dict[str, Any] = {
        "name": run.name,
        "status": run.status,
        "epoch": run.epoch,
        "problem": run.problem,
        "command": run.command if run.problem is not None else None,
    }
    if run.settings is not None:
        names = ("group", "hidden", "weight_decay", "lr", "seed", "optimizer", "loss", "epochs")
        record["settings"] = {name: getattr(run.settings, name) for name in names}
        record["settings"] |= {name: value for name, value in run.settings.record().items() if name in ADDED}
    if run.problem is None:
        record["curves"] = curves(run.metrics)
        record["live"] = int(run.metrics["live"][-1])
    if match is not None:
        record |= _matched(match, tables)
    return record


def _file(network: dict[str, Any], tables: dict[str, list[str]]) -> dict[str, Any]:
    """A network of another program: no curves and no settings, what its frequencies are."""
    record = {"name": network["source"], "status": "file", "epoch": network["epoch"], "problem": None, "command": None}
    return record | _matched(network, tables)


def _matched(network: dict[str, Any], tables: dict[str, list[str]]) -> dict[str, Any]:
    return {
        "accuracy": _short(network["accuracy"]),
        "notes": network["notes"],
        "frequencies": [_frequency(f, tables) for f in network["frequencies"]],
    }


def curves(metrics: dict[str, np.ndarray]) -> dict[str, list[float | None]]:
    """Losses and accuracies at POINTS of the recorded epochs; None for what is not finite."""
    kept = np.unique(np.linspace(0, len(metrics["epoch"]) - 1, POINTS).round().astype(int))
    result: dict[str, list[float | None]] = {"epoch": [int(e) for e in metrics["epoch"][kept]]}
    for name in CURVES:
        if name in metrics and np.isfinite(metrics[name]).any():
            result[name] = [_short(x) for x in metrics[name][kept]]
    return result


def _frequency(f: dict[str, Any], tables: dict[str, list[str]]) -> list[Any]:
    """[k, order, status, family, distance, parameters, entry, its distance], names as positions in their list or -1."""
    parameters = {name: value for name, value in f["parameters"].items() if isinstance(value, float)}
    near = f.get("nearest")
    return [
        f["k"],
        f["order"],
        _position(tables["statuses"], f["status"]),
        _position(tables["families"], f["family"] or (near or {}).get("family")),
        _short(f.get("distance") if f["family"] else (near or {}).get("distance")),
        " ".join(f"{name}={value:.3f}" for name, value in parameters.items()),
        _position(tables["entries"], f["entry"]),
        _short(f.get("entry_distance")),
    ]


def _position(names: list[str], name: str | None) -> int:
    if name is None:
        return -1
    if name not in names:
        names.append(name)
    return names.index(name)


def _short(x: float | None) -> float | None:
    return None if x is None or not np.isfinite(x) else float(f"{x:.3g}")
