"""How the orders of the solutions distribute over weight decay, width and modulus (Figures 4 and 9-12)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import InputError
from .config import Settings
from .run_folder import FINISHED, read_metrics, status_of
from .run_index import known_sweep

Metrics = dict[str, np.ndarray]
#: The paper reads its tables so many epochs before the end.
BEFORE_END = 100


def order_distributions(out: Path) -> list[dict[str, Any]]:
    """A record for each group, width, weight decay and learning rate of a folder of runs, over its seeds.

    ``orders`` counts the frequencies of finished runs by their order, the nodes with |z_a| > 0.05 (the paper's
    rule), BEFORE_END epochs before the end, where the paper reads it; a collapsed network has order 0 everywhere, one
    that diverged counts in ``runs`` only. Raises InputError if the folder is none of runs, or of networks that are not
    quadratic.
    """
    sweep = known_sweep(out)
    if not sweep.common.is_quadratic:
        raise InputError(
            f"{out} holds networks with activation={sweep.common.activation}: orders are counted for squares only; "
            "match says what its networks do"
        )
    return distributions(
        (settings, *_ended(out / name, status_of(out / name)["status"])) for name, settings in sweep.runs().items()
    )


def _ended(folder: Path, status: str) -> tuple[str, Metrics | None]:
    """The status of a run, and its metrics if it has ended and they can be read."""
    if status not in FINISHED or status == "diverged":
        return status, None
    try:
        return status, read_metrics(folder)
    except InputError:
        return "damaged", None


def distributions(runs: Iterable[tuple[Settings, str, Metrics | None]]) -> list[dict[str, Any]]:
    """The records of :func:`order_distributions` of runs, each with its status, and its metrics if it counts."""
    records: dict[tuple[Any, ...], dict[str, Any]] = {}
    for settings, status, metrics in runs:
        facts = {key: getattr(settings, key) for key in ("group", "hidden", "weight_decay", "lr")}
        record = records.setdefault(
            tuple(facts.values()),
            {**facts, "epoch": max(0, settings.epochs - BEFORE_END), "runs": {}, "orders": Counter()},
        )
        record["runs"][status] = record["runs"].get(status, 0) + 1
        if metrics is not None:
            row = min(int(np.searchsorted(metrics["epoch"], record["epoch"])), len(metrics["epoch"]) - 1)
            record["orders"].update(int(order) for order in metrics["order"][row])
    for record in records.values():
        counts = record["orders"]
        record["orders"] = {str(order): counts[order] for order in sorted(counts)}
        total = sum(counts.values())
        record["mean_order"] = sum(order * n for order, n in counts.items()) / total if total else None
    return list(records.values())
