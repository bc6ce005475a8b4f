"""Training runs in their folders: from the checkpoint, if there is one, to the end, alone or together."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import CogoError, InputError
from ..groups.abelian import Group
from ..networks.network_files import FORMAT, write_tensors
from ..networks.snapshot_format import compact, compact_drawn
from ..storage import write_atomically
from .config import Settings
from .run_folder import CHECKPOINT, alone, is_complete, read_json, read_run, snapshot_path, write_json

if TYPE_CHECKING:
    from .engine import Batch
    from .stack import State

#: An unfinished run is put on disk about this often.
CHECKPOINT_SECONDS = 10.0
#: How often it is told how runs get on.
TELL_SECONDS = 0.2
#: A run's status, and why it failed where it did.
Outcome = tuple[str, str]
#: Called now and then with {run: {epoch, loss, accuracy, live}}.
Alive = Callable[[dict[str, dict[str, Any]]], None]


def run(
    folder: Path,
    settings: Settings,
    alive: Alive = lambda messages: None,
    checkpoint_seconds: float = CHECKPOINT_SECONDS,
) -> str:
    """Train one network in its folder: :func:`run_batch` of one, whose failure is raised as InputError."""
    [(status, error)] = run_batch([(folder, settings)], alive=alive, checkpoint_seconds=checkpoint_seconds)
    if status == "failed":
        raise InputError(error)
    return status


def run_batch(
    runs: Sequence[tuple[Path, Settings]],
    device: str = "cpu",
    alive: Alive = lambda messages: None,
    checkpoint_seconds: float = CHECKPOINT_SECONDS,
) -> list[Outcome]:
    """Train networks of one shape together, each in its folder, from their checkpoint if there is one.

    Finished runs are left as they are, but train along where another of the batch is not: which networks share a batch
    never changes. A CogoError from ``alive`` ends the batch, which a later call continues. A run whose folder holds
    other settings or cannot be written fails, and the others go on.
    """
    from .batch_checkpoint import read_checkpoint, write_checkpoint
    from .engine import Batch

    outcomes: dict[Path, Outcome] = {}
    members: list[tuple[Path, Settings]] = []
    with ExitStack() as locks:
        for folder, settings in runs:
            try:
                status = _claim(folder, settings, locks)
            except CogoError as error:
                record_failure(folder, settings, error)
                outcomes[folder] = "failed", str(error)
                continue
            members.append((folder, settings))
            if status:
                outcomes[folder] = status, ""
        unfinished = [number for number, (folder, _) in enumerate(members) if folder not in outcomes]
        if not unfinished:
            return [outcomes[folder] for folder, _ in runs]
        for number in unfinished:
            folder, settings = members[number]
            write_json(folder / "run.json", {"settings": settings.record(), "status": "running", "epoch": 0})
        checkpoint = members[0][0] / CHECKPOINT
        states, before = read_checkpoint(checkpoint, [settings for _, settings in members])
        batch = Batch([settings for _, settings in members], states, device)
        clock = _Clock(before, checkpoint_seconds)

        def snapshot(number: int, state: State) -> None:
            if number in unfinished:
                _write_snapshot(*members[number], state)

        def pause() -> None:
            if clock.tells():
                try:
                    alive({members[number][0].name: message(batch, number) for number in unfinished})
                except CogoError:
                    write_checkpoint(checkpoint, batch, clock.seconds())
                    raise
            if clock.saves():
                write_checkpoint(checkpoint, batch, clock.seconds())
                clock.saved()

        batch.train(snapshot=snapshot, pause=pause)
        states = batch.states()
        for number in unfinished:
            (folder, settings), state = members[number], states[number]
            _write_metrics(folder / "metrics.npz", settings, state)
            write_json(folder / "timing.json", {"batch": len(members), "seconds": round(clock.seconds(), 3)})
            write_json(
                folder / "run.json", {"settings": settings.record(), "status": state.status, "epoch": state.epoch}
            )
            outcomes[folder] = state.status, ""
        checkpoint.unlink(missing_ok=True)
    return [outcomes[folder] for folder, _ in runs]


class _Clock:
    """When to tell how a batch gets on, and when to put it on disk: often, but at most a twentieth of the time."""

    def __init__(self, before: float, interval: float) -> None:
        self.before, self.interval = before, interval
        self.started = self.written = time.monotonic()
        self.told = 0.0

    def seconds(self) -> float:
        """Spent on the batch, before and now."""
        return self.before + time.monotonic() - self.started

    def tells(self) -> bool:
        """Whether it is time to tell; if so, it is told."""
        due = time.monotonic() - self.told > TELL_SECONDS
        if due:
            self.told = time.monotonic()
        return due

    def saves(self) -> bool:
        """Whether it is time to save."""
        self.begun = time.monotonic()
        return self.begun - self.written > self.interval

    def saved(self) -> None:
        """It has been."""
        self.written = time.monotonic()
        self.interval = max(self.interval, 20 * (self.written - self.begun))


def _claim(folder: Path, settings: Settings, locks: ExitStack) -> str:
    """Make the folder of a run one's own until ``locks`` are closed; returns how it ended if it is complete."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        locks.enter_context(alone(folder))
    except OSError as error:
        raise InputError(f"{folder} cannot be written ({error.strerror}): choose another --out") from None
    if not (folder / "run.json").exists():
        return ""
    known = read_run(folder)
    if Settings.from_record(known["settings"]) != settings:
        raise InputError(f"{folder} holds a run with other settings: choose another --out")
    return str(known["status"]) if is_complete(folder, known, settings) else ""


def message(batch: Batch, number: int) -> dict[str, Any]:
    """How a network of a batch gets on: epoch, live nodes, training loss, test accuracy."""
    row = batch.rows[number][-1]
    facts = {"epoch": batch.epoch, "live": batch.live[number]}
    return {**facts, "loss": float(row["train_loss"]), "accuracy": float(row["test_accuracy"])}


def record_failure(folder: Path, settings: Settings, error: BaseException) -> None:
    """Note in run.json why a run failed, if the folder can be written at all and holds no other run."""
    path, own = folder / "run.json", settings.record()
    try:
        if not path.exists() or Settings.from_record(read_json(path).get("settings", {})) == settings:
            message = str(error) or type(error).__name__
            write_json(path, {"settings": own, "status": "failed", "epoch": 0, "error": message})
    except (CogoError, OSError):
        return


def snapshot_metadata(settings: Settings, epoch: int) -> dict[str, str]:
    """What a snapshot says of itself."""
    activation = {} if settings.is_quadratic else {"activation": settings.activation}
    return {
        **activation,
        "trivial": "with",
        "target": "zero-mean",
        "origin": "trained",
        "seed": str(settings.seed),
        "epoch": str(epoch),
        "provenance": json.dumps(settings.record(), sort_keys=True),
    }


def _write_snapshot(folder: Path, settings: Settings, state: State) -> None:
    if state.epoch == 0:
        order = Group.parse(settings.group).order
        tensors, extent = compact_drawn(order, settings.hidden, settings.seed, settings.seeding)
    else:
        tensors, extent = compact(state.folded().numpy(), state.live.numpy(), settings.hidden)
    metadata = {"format": FORMAT, "group": settings.group, **snapshot_metadata(settings, state.epoch), **extent}
    write_tensors(snapshot_path(folder, state.epoch), tensors, metadata)


def _write_metrics(path: Path, settings: Settings, state: State) -> None:
    from .metrics import kept_characters, stack, stored
    from .task import make_task

    buffer = io.BytesIO()
    arrays: dict[str, Any] = {**stored(stack(state.rows)), "k": np.array(kept_characters(make_task(settings)))}
    arrays = dict(sorted(arrays.items()))  # the same bytes after a resumption
    np.savez_compressed(buffer, **arrays)
    write_atomically(path, buffer.getvalue())
