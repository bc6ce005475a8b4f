"""Training runs as values: in memory, or in the folders where they are on disk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

import numpy as np

from ..display import pandas, table
from ..errors import InputError
from ..networks.network_files import read_network
from ..reading.sources import snapshots
from .config import Settings
from .run_folder import read_metrics, snapshot_path

if TYPE_CHECKING:
    from ..networks.network import Network

Metrics = Mapping[str, np.ndarray]


@dataclass(frozen=True, eq=False)
class Run:
    """One training: its settings, how it ended (``done``, ``collapsed``, ``diverged``, ``failed``) and when.

    ``folder`` is where it is on disk; a run in memory has ``held`` snapshots and ``recorded`` metrics instead.
    """

    name: str
    settings: Settings
    status: str
    epoch: int
    folder: Path | None = None
    held: Mapping[int, Callable[[], Network]] | None = None
    recorded: Metrics | None = None
    error: str = ""

    @property
    def epochs(self) -> tuple[int, ...]:
        """The epochs of its snapshots."""
        return tuple(self.held or ()) if self.folder is None else snapshots(self.folder)

    def snapshot(self, epoch: int) -> Network:
        """The network after so many updates. Raises InputError where there is none, or its weights are no numbers."""
        if epoch not in self.epochs:
            there = ", ".join(map(str, self.epochs)) or "none"
            raise InputError(f"epoch={epoch} is no snapshot of run {self.name}: it has {there}")
        if self.folder is None:
            assert self.held is not None
            return self.held[epoch]()
        return read_network(snapshot_path(self.folder, epoch))

    @property
    def network(self) -> Network:
        """The network of the last snapshot. Raises InputError where there is none."""
        if not self.epochs:
            raise InputError(f"run {self.name} is {self.status} and has no snapshot: {self.error or 'train it first'}")
        return self.snapshot(self.epochs[-1])

    @cached_property
    def metrics(self) -> Metrics:
        """What was recorded every 100 updates, by name (docs/runs.md). Raises InputError where it cannot be read."""
        if self.folder is not None:
            return read_metrics(self.folder)
        return self.recorded or {}

    def to_dict(self) -> dict[str, Any]:
        """A row of `train --json`."""
        return run_record(self.name, self.status, self.epoch, self._ended(), self._file(), self.error)

    def _ended(self) -> Metrics | None:
        return self.metrics if self.status in ("done", "collapsed") else None

    def _file(self) -> Path | None:
        last = None if self.folder is None else snapshot_path(self.folder, self.epoch)
        return last if last is not None and last.exists() else None

    def __repr__(self) -> str:
        metrics = self._ended()
        loss = "" if metrics is None else f", train loss {float(metrics['train_loss'][-1]):.2e}"
        return f"Run({self.name}: {self.status} at epoch {self.epoch}{loss})"


def run_record(
    name: str, status: str, epoch: int, metrics: Metrics | None, network: Path | None, error: str = ""
) -> dict[str, Any]:
    """A run in one row: losses, accuracies, live nodes and orders by the last metrics, where it ended well.

    ``orders`` is None for networks that are not quadratic: the rule that counts them is about squares.
    """
    record: dict[str, Any] = {"run": name, "status": status, "epoch": epoch}
    if error:
        record["error"] = error
    if metrics is None:
        return record
    for measure in ("train_loss", "test_loss", "train_accuracy", "test_accuracy"):
        value = float(metrics[measure][-1])
        record[measure] = value if np.isfinite(value) else None
    record["live"] = int(metrics["live"][-1])
    orders = Counter(int(x) for x in metrics["order"][-1]) if "order" in metrics else None
    record["orders"] = None if orders is None else {str(order): orders[order] for order in sorted(orders)}
    record["network"] = None if network is None else str(network)
    return record


@dataclass(frozen=True, eq=False)
class Runs(Sequence[Run]):
    """The runs of one call of :func:`cogo_search.train`, in the order of their settings."""

    runs: tuple[Run, ...]
    folder: Path | None = None

    @overload
    def __getitem__(self, index: int) -> Run: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Run, ...]: ...
    def __getitem__(self, index: int | slice) -> Run | tuple[Run, ...]:
        return self.runs[index]

    def __len__(self) -> int:
        return len(self.runs)

    @property
    def networks(self) -> list[Network]:
        """The last network of every run that has one."""
        return [run.network for run in self.runs if run.epochs]

    def to_dict(self) -> list[dict[str, Any]]:
        """What `train --json` prints: a row for each run."""
        return [run.to_dict() for run in self.runs]

    def to_pandas(self) -> Any:
        """A pandas DataFrame with a row for each run. Raises InputError where pandas is not installed."""
        pd = pandas()
        return pd.DataFrame(self.to_dict()).set_index("run")

    def __repr__(self) -> str:
        found = Counter(run.status for run in self.runs)
        return f"Runs({', '.join(f'{count} {status}' for status, count in found.items())})"

    def _repr_html_(self) -> str:
        names = ("run", "status", "epoch", "train_loss", "test_accuracy", "live", "orders")
        return table(names, [[record.get(name) for name in names] for record in self.to_dict()], repr(self))
