"""Run folders (docs/runs.md): what is in them, and reading it; every file is replaced as a whole.

DIR/config.json, index.json             the sweep and its runs (see :mod:`.sweep`)
DIR/<group>-q<q>-wd<wd>-s<seed>/
    run.json                            settings; status running | done | diverged | collapsed | failed; epoch
    epoch-<NNNNN>.safetensors           network files, float32, compact (:mod:`..networks.snapshot_format`)
    metrics.npz                         arrays over time (see :mod:`.metrics`), when the run has ended
    checkpoint.safetensors              where an unfinished run continues; gone when it has ended. Networks that train
                                        together have one, in the folder of the first of them
    timing.json                         wall seconds; resume and comparison ignore it
    .lock                               locked while a process writes here
"""

from __future__ import annotations

import json
import os
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import InputError
from ..machine import lock
from ..storage import write_atomically
from .config import Settings

FINISHED = ("done", "diverged", "collapsed")
CHECKPOINT = "checkpoint.safetensors"
#: Held while a process writes to a run's folder.
LOCK = ".lock"
#: Files that were being written.
TEMPORARY = re.compile(
    r"\.((config|index|run|timing)\.json|metrics\.npz|checkpoint\.safetensors|epoch-[0-9]+\.safetensors)\."
)


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
    """The arrays of a finished run's metrics.npz; InputError if they cannot be read."""
    path = folder / "metrics.npz"
    try:
        with np.load(path, allow_pickle=False) as archive:
            return {name: archive[name] for name in archive.files}
    except (OSError, ValueError, EOFError, KeyError, zipfile.BadZipFile, zlib.error) as error:
        reason = " ".join(str(error).split())
        raise InputError(f"{path} is missing or damaged ({reason}): train --resume writes it again") from None


def read_run(folder: Path) -> dict[str, Any]:
    """What run.json says, at least ``settings``, ``status`` and ``epoch``; InputError if it does not."""
    record = read_json(folder / "run.json")
    types = {"settings": dict, "status": str, "epoch": int}
    if not all(isinstance(record.get(name), kind) for name, kind in types.items()):
        raise InputError(f"{folder / 'run.json'} describes no run: remove it, the run starts again")
    return record


def status_of(folder: Path, batch: Sequence[Path] = ()) -> dict[str, Any]:
    """What run.json says, and the epoch of the checkpoint of an unfinished run.

    ``batch`` are the folders of the networks it trains with, one of which has their checkpoint; by default it is alone.
    A run whose files cannot be read is ``damaged``, with ``error``.
    """
    if not (folder / "run.json").exists():
        return {"status": "waiting", "epoch": 0}
    try:
        record = read_run(folder)
        if record["status"] == "running":
            for checkpoint in (other / CHECKPOINT for other in batch or (folder,)):
                if checkpoint.exists():
                    record["epoch"] = _epoch_of(checkpoint)
    except InputError as error:
        return {"status": "damaged", "epoch": 0, "error": str(error)}
    return record


def _epoch_of(checkpoint: Path) -> int:
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(checkpoint, framework="np") as file:
            return int((file.metadata() or {})["epoch"])
    except (SafetensorError, OSError, KeyError, ValueError) as error:
        raise InputError(f"checkpoint {checkpoint} is unreadable ({error}): remove it, the run starts again") from None


def is_complete(folder: Path, record: dict[str, Any], settings: Settings) -> bool:
    """Whether a run has ended and all its files are there."""
    if record["status"] not in FINISHED:
        return False
    try:
        read_metrics(folder)
    except InputError:
        return False
    return all(snapshot_path(folder, epoch).exists() for epoch in settings.snapshots if epoch <= record["epoch"])


def clear_leftovers(folder: Path) -> None:
    """Remove what processes that were killed while they wrote have left in a folder."""
    for leftover in folder.glob(".*"):
        if TEMPORARY.match(leftover.name):
            leftover.unlink(missing_ok=True)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Wait until no other process writes to the folder: :func:`cogo_search.machine.lock`."""
    handle = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        lock(handle)
        clear_leftovers(folder)
        yield
    finally:
        os.close(handle)
