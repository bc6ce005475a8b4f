"""Training without a folder: snapshots and metrics stay in this process."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray

from ..events import Callback, Event
from ..groups.abelian import Group
from ..networks.network import Network
from .config import Settings
from .engine import Batch
from .metrics import kept_characters, stack, stored
from .results import Run, Runs
from .runs import message, snapshot_metadata
from .stack import State
from .sweep import Sweep
from .task import make_task


def train_in_memory(sweep: Sweep, callback: Callback) -> Runs:
    """Train batch after batch in this process."""
    runs: dict[str, Run] = {}
    for members in sweep.batches():
        runs |= _train_batch(members, sweep, callback)
    return Runs(tuple(runs[name] for name in sweep.runs()))


def _train_batch(members: dict[str, Settings], sweep: Sweep, callback: Callback) -> dict[str, Run]:
    names, settings, epochs = list(members), list(members.values()), sweep.common.epochs
    held: list[dict[int, Callable[[], Network]]] = [{} for _ in members]
    batch = Batch(settings, device=sweep.device)

    def keep(number: int, state: State) -> None:
        weights = state.expanded(settings[number].hidden).numpy()
        held[number][state.epoch] = partial(_network_of, settings[number], state.epoch, weights)

    def tell() -> None:
        for number, name in enumerate(names):
            callback(Event(name, batch.epoch, epochs, message(batch, number)))

    batch.train(snapshot=keep, pause=tell)
    runs = {}
    for name, own, snapshots, state in zip(names, settings, held, batch.states(), strict=True):
        metrics = stored(stack(state.rows)) | {"k": np.array(kept_characters(make_task(own)))}
        runs[name] = Run(name, own, state.status, state.epoch, held=snapshots, recorded=metrics)
        callback(Event(name, state.epoch, epochs, {"status": state.status}))
    return runs


def _network_of(settings: Settings, epoch: int, weights: NDArray[np.float32]) -> Network:
    """The network of weights (3, d, q), dead nodes as zeros. Raises InputError if they have diverged to no numbers."""
    w_a, w_b, v = weights.astype(np.float64)
    metadata = snapshot_metadata(settings, epoch)
    return Network(Group(settings.group), w_a, w_b, v, metadata, "float32", settings.activation)
