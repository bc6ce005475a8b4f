"""From paths on the command line to networks: files, run folders, folders of runs, globs."""

from __future__ import annotations

import glob
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from ..errors import InputError
from ..networks.network import Network
from ..networks.network_files import SUFFIXES, read_network
from .reading import NOTHING, Asked, Imported, import_networks
from .state_dicts import TORCH_SUFFIXES

#: Suffixes of the files that a folder of networks may hold.
ALL_SUFFIXES = (*SUFFIXES, *TORCH_SUFFIXES)
#: Epoch of the paper's tables.
PAPER_EPOCH = 9900


@dataclass(frozen=True)
class Source:
    """One network to match: ``name`` as it is reported, its file, and the run folder it came from, if any.

    ``epochs`` are the snapshots of that folder.
    """

    name: str
    file: Path
    folder: Path | None = None
    epochs: tuple[int, ...] = ()

    @property
    def epoch(self) -> int | None:
        """The snapshot's epoch, or None for a file of its own."""
        return _epoch(self.file) if self.folder is not None else None

    @property
    def loss_function(self) -> str | None:
        """What the run was trained with, ``mse`` or ``cross-entropy``; None where no record says so."""
        if self.folder is None:
            return None
        try:
            settings = json.loads((self.folder / "run.json").read_text())["settings"]
            return str(settings.get("loss_function", "mse"))
        except (OSError, ValueError, KeyError, TypeError, AttributeError):  # no record, or a damaged one
            return None

    def read(self, asked: Asked = NOTHING) -> list[Imported]:
        """The networks of the file, and how they were read. Raises InputError if it holds none."""
        return import_networks(self.file, replace(asked, epoch=None) if self.folder is not None else asked)

    def other(self) -> tuple[int, Network] | None:
        """Another trained snapshot of the run, the one before or else the one after: (epochs away, network)."""
        if self.folder is None or self.epoch is None:
            return None
        before = [e for e in self.epochs if 0 < e < self.epoch]
        after = [e for e in self.epochs if e > self.epoch]
        if not before and not after:
            return None
        epoch = before[-1] if before else after[0]
        return epoch - self.epoch, read_network(_snapshot(self.folder, epoch))


def _epoch(file: Path) -> int:
    found = re.fullmatch(r"epoch-([0-9]+)\.safetensors", file.name)
    return int(found[1]) if found else -1


def _snapshot(folder: Path, epoch: int) -> Path:
    return folder / f"epoch-{epoch:05d}.safetensors"


def snapshots(folder: Path) -> tuple[int, ...]:
    """Epochs of the snapshots in a run folder, ascending."""
    return tuple(sorted(e for e in map(_epoch, folder.glob("epoch-*.safetensors")) if e >= 0))


def run_snapshot(folder: Path, epoch: int | None = None) -> Path:
    """The network file of a run's snapshot, by default of the last. Raises InputError if there is none."""
    if not is_run(folder):
        raise InputError(f"folder {folder} holds no run of its own: name one of its run folders, or a network file")
    epochs = snapshots(folder)
    if not epochs:
        raise InputError(f"run {folder} has no snapshot yet: train it first")
    if epoch is not None and epoch not in epochs:
        raise InputError(f"epoch={epoch} is no snapshot of run {folder}: it has {', '.join(map(str, epochs))}")
    return _snapshot(folder, epochs[-1] if epoch is None else epoch)


def is_run(folder: Path) -> bool:
    """Whether a folder holds a run: its record or a snapshot."""
    return (folder / "run.json").is_file() or bool(snapshots(folder))


def network_files(folder: Path) -> tuple[Path, ...]:
    """The files of a folder that may hold networks, by their suffixes, in order."""
    return tuple(sorted(file for file in folder.iterdir() if file.suffix in ALL_SUFFIXES and file.is_file()))


def sources(paths: list[str], epoch: int | None = None) -> Iterator[Source | InputError]:
    """Every network that the paths name, in order; a path that names none yields the error to report.

    A path may be a network file, a run folder (its snapshot of ``epoch``, else the last), a folder of run folders, of
    network files, or of .npy files, which are one network, or a glob of these.
    """
    for text in paths:
        matched = _globbed(text) if glob.has_magic(text) and not Path(text).exists() else [text]
        if not matched:
            yield InputError(f"{text} matches no file: check the pattern")
        for name in matched:
            yield from _one(Path(name), epoch)


def _globbed(pattern: str) -> list[str]:
    return sorted(glob.glob(pattern))  # noqa: PTH207 - the pattern may be absolute


def _one(path: Path, epoch: int | None) -> Iterator[Source | InputError]:
    if not path.is_dir():
        if path.exists():
            yield Source(str(path), path)
        else:
            yield InputError(f"{path} does not exist: name a network file or a folder of runs")
        return
    folders = [path] if is_run(path) else sorted(child for child in path.iterdir() if child.is_dir() and is_run(child))
    if not folders and any(path.glob("*.npy")):
        yield Source(str(path), path)
        return
    files = () if folders else network_files(path)
    for file in files:
        yield Source(str(file), file)
    if not folders and not files:
        yield InputError(f"folder {path} holds no run and no network file: name one that train --out has made")
    for folder in folders:
        yield _of_run(folder, epoch)


def _of_run(folder: Path, epoch: int | None) -> Source | InputError:
    epochs = snapshots(folder)
    if not epochs:
        return InputError(f"run {folder} has no snapshot yet: train it first")
    if epoch is not None and epoch not in epochs:
        there = ", ".join(map(str, epochs))
        return InputError(f"epoch={epoch} is no snapshot of run {folder}: it has {there}")
    chosen = epochs[-1] if epoch is None else epoch
    return Source(f"{folder}", _snapshot(folder, chosen), folder, epochs)
