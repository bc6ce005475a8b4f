"""Runs on disk (DESIGN, "Run folder"): snapshots, metrics, checkpoint, record; every file replaced as a whole.

DIR/config.json                         the sweep: what all runs share, and the lists
DIR/<group>-q<q>-wd<wd>-s<seed>/
    run.json                            settings; status running | done | diverged | collapsed | failed; epoch
    epoch-<NNNNN>.safetensors           network files, float32, dead nodes as zeros
    metrics.npz                         arrays over time (see :mod:`.metrics`), when the run has ended
    checkpoint.safetensors              where an unfinished run continues; gone when it has ended
    timing.json                         wall seconds; resume and comparison ignore it
"""

from __future__ import annotations

import fcntl
import io
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import CogoError, InputError
from ..files import write_atomically
from ..optimizers.files import FORMAT, write_tensors
from .settings import Settings

FINISHED = ("done", "diverged", "collapsed")
CHECKPOINT = "checkpoint.safetensors"
#: An unfinished run is put on disk about this often.
CHECKPOINT_SECONDS = 10.0


def write_json(path: Path, value: Any) -> None:
    """JSON with sorted keys and a final newline, atomically."""
    write_atomically(path, (json.dumps(value, indent=1, sort_keys=True) + "\n").encode())


def read_json(path: Path) -> dict[str, Any]:
    """A JSON object, or InputError."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror})") from None
    except ValueError as error:
        raise InputError(f"{path} is truncated or not JSON ({error}): remove it or choose another --out") from None
    if not isinstance(value, dict):
        raise InputError(f"{path} is no JSON object: remove it or choose another --out")
    return value


def snapshot_path(folder: Path, epoch: int) -> Path:
    """The network file of a snapshot."""
    return folder / f"epoch-{epoch:05d}.safetensors"


def read_metrics(folder: Path) -> dict[str, np.ndarray]:
    """The arrays of a finished run's metrics.npz."""
    with np.load(folder / "metrics.npz", allow_pickle=False) as archive:
        return {name: archive[name] for name in archive.files}


def status_of(folder: Path) -> dict[str, Any]:
    """What run.json says, and the epoch of the checkpoint of an unfinished run."""
    if not (folder / "run.json").exists():
        return {"status": "waiting", "epoch": 0}
    record = read_json(folder / "run.json")
    if record["status"] == "running" and (folder / CHECKPOINT).exists():
        from safetensors import safe_open

        with safe_open(folder / CHECKPOINT, framework="np") as file:
            record["epoch"] = int(file.metadata()["epoch"])
    return record


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Wait until no other process writes to the folder."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def run(
    folder: Path,
    settings: Settings,
    alive: Callable[[dict[str, Any]], None] = lambda message: None,
    checkpoint_seconds: float = CHECKPOINT_SECONDS,
) -> str:
    """Train one network in its folder, from its checkpoint if there is one; returns its status.

    A finished run is left as it is. ``alive`` is called every CHECK_EVERY epochs with {epoch, loss, accuracy, live};
    a CogoError from it ends the run, which a later call continues. Raises InputError if the folder holds other settings
    or cannot be written.
    """
    from .engine import State, train

    record = folder / "run.json"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{folder} cannot be made ({error.strerror}): choose another --out") from None
    with _alone(folder):
        if record.exists():
            known = read_json(record)
            if known.get("settings") != settings.record():
                raise InputError(f"{folder} holds a run with other settings: choose another --out")
            if known["status"] in FINISHED:
                return str(known["status"])
        write_json(record, {"settings": settings.record(), "status": "running", "epoch": 0})
        state, before = _read_checkpoint(folder / CHECKPOINT)
        started, written = time.monotonic(), time.monotonic()

        def snapshot(state: State) -> None:
            _write_snapshot(folder, settings, state)

        def pause(state: State) -> None:
            nonlocal written
            row = state.rows[-1]
            seconds = before + time.monotonic() - started
            message = {"epoch": state.epoch, "live": len(state.live)}
            try:
                alive({**message, "loss": float(row["train_loss"]), "accuracy": float(row["test_accuracy"])})
            except CogoError:
                _write_checkpoint(folder / CHECKPOINT, state, seconds)
                raise
            if time.monotonic() - written > checkpoint_seconds:
                _write_checkpoint(folder / CHECKPOINT, state, seconds)
                written = time.monotonic()

        state = train(settings, state, snapshot=snapshot, pause=pause)
        _write_metrics(folder / "metrics.npz", settings, state)
        write_json(folder / "timing.json", {"seconds": round(before + time.monotonic() - started, 3)})
        write_json(record, {"settings": settings.record(), "status": state.status, "epoch": state.epoch})
        (folder / CHECKPOINT).unlink(missing_ok=True)
        return state.status


def record_failure(folder: Path, settings: Settings, error: BaseException) -> None:
    """Note in run.json why a run failed, if the folder can be written at all."""
    try:
        message = str(error) or type(error).__name__
        write_json(
            folder / "run.json", {"settings": settings.record(), "status": "failed", "epoch": 0, "error": message}
        )
    except CogoError:
        return


def _write_snapshot(folder: Path, settings: Settings, state: Any) -> None:
    w_a, w_b, v = state.expanded(settings.hidden).numpy()
    metadata = {
        "format": FORMAT,
        "group": settings.group,
        "trivial": "with",
        "target": "zero-mean",
        "origin": "trained",
        "seed": str(settings.seed),
        "epoch": str(state.epoch),
        "provenance": json.dumps(settings.record(), sort_keys=True),
    }
    write_tensors(snapshot_path(folder, state.epoch), {"W_a": w_a, "W_b": w_b, "V": v}, metadata)


def _write_metrics(path: Path, settings: Settings, state: Any) -> None:
    from .metrics import kept_characters, stack
    from .task import make_task

    buffer = io.BytesIO()
    arrays: dict[str, Any] = {**stack(state.rows), "k": np.array(kept_characters(make_task(settings)))}
    arrays = dict(sorted(arrays.items()))  # the same bytes after a resumption
    np.savez(buffer, **arrays)
    write_atomically(path, buffer.getvalue())


def _write_checkpoint(path: Path, state: Any, seconds: float) -> None:
    from .metrics import stack

    tensors = {"weights": state.weights, "m": state.moments[0], "v": state.moments[1], "live": state.live}
    arrays = {name: tensor.numpy() for name, tensor in tensors.items()}
    for name, array in stack(state.rows).items():
        arrays[f"metrics.{name}"] = array.view(np.float64) if np.iscomplexobj(array) else array
    write_tensors(path, arrays, {"epoch": str(state.epoch), "seconds": f"{seconds:.3f}"})


def _read_checkpoint(path: Path) -> tuple[Any, float]:
    """The state to go on from and the seconds spent so far; (None, 0) if there is none."""
    if not path.exists():
        return None, 0.0
    import torch
    from safetensors import SafetensorError, safe_open

    from .engine import State
    from .metrics import COMPLEX, unstack

    try:
        with safe_open(path, framework="np") as file:
            arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - not a mapping
            metadata = file.metadata()
    except (SafetensorError, OSError) as error:
        raise InputError(f"checkpoint {path} is unreadable ({error}): remove it, the run starts again") from None
    metrics = {name.removeprefix("metrics."): a for name, a in arrays.items() if name.startswith("metrics.")}
    rows = unstack({name: a.view(np.complex128) if name in COMPLEX else a for name, a in metrics.items()})
    weights, m, v, live = (torch.from_numpy(arrays[name]) for name in ("weights", "m", "v", "live"))
    return State(int(metadata["epoch"]), weights, (m, v), live, rows), float(metadata["seconds"])
