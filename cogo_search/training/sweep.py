"""What a sweep is: the settings that its runs share, their lists, and which of them train together.

DIR/config.json     the sweep: common settings, lists, batch and device
DIR/index.json      {run: {status, error?}}, kept by the process that leads the sweep (:mod:`.dispatch`)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import Any

from ..errors import InputError
from ..groups.abelian import Group
from .config import ADDED, Settings
from .run_folder import read_json, write_json

INDEX = "index.json"
DEVICES = ("cpu", "cuda")


@dataclass(frozen=True)
class Sweep:
    """All combinations of the lists; everything else is that of ``common``.

    Networks of one group and width train together, up to ``batch`` of them, in the order of :meth:`runs`. Raises
    InputError for lists that name a run twice, a batch below 1 or an unknown device.
    """

    common: Settings
    groups: tuple[str, ...]
    hidden: tuple[int, ...]
    weight_decays: tuple[float, ...]
    seeds: tuple[int, ...]
    lrs: tuple[float, ...] = ()
    batch: int = 1
    device: str = "cpu"

    def __post_init__(self) -> None:
        names = [self.name(settings) for settings in self._settings()]
        if len(set(names)) < len(names):
            twice = next(name for name in names if names.count(name) > 1)
            raise InputError(f"the lists name run {twice} twice: give values that differ in their first six digits")
        if not isinstance(self.batch, int) or self.batch < 1 or self.device not in DEVICES:
            raise InputError(f"batch={self.batch!r} and device={self.device!r} are not at least 1 and one of {DEVICES}")

    def name(self, settings: Settings) -> str:
        """A run's folder; with several learning rates it names its own."""
        start, seed = settings.name.rsplit("-", 1)
        return f"{start}-lr{settings.lr:g}-{seed}" if len(self.lrs) > 1 else settings.name

    def _settings(self) -> Iterator[Settings]:
        lists = product(self.groups, self.hidden, self.weight_decays, self.lrs or (self.common.lr,), self.seeds)
        for group, hidden, decay, lr, seed in lists:
            yield replace(self.common, group=group, hidden=hidden, weight_decay=decay, lr=lr, seed=seed)

    def runs(self) -> dict[str, Settings]:
        """The settings of each run by its name."""
        return {self.name(settings): settings for settings in self._settings()}

    def batches(self) -> list[dict[str, Settings]]:
        """The runs that train together; the most costly first."""
        shapes: dict[tuple[str, int], list[tuple[str, Settings]]] = {}
        for name, settings in self.runs().items():
            shapes.setdefault((settings.group, settings.hidden), []).append((name, settings))
        found = [
            dict(members[first : first + self.batch])
            for members in shapes.values()
            for first in range(0, len(members), self.batch)
        ]
        return sorted(found, key=lambda members: -max(s.hidden * Group.parse(s.group).order for s in members.values()))

    def record(self) -> dict[str, Any]:
        """The sweep as JSON."""
        shared = self.common.record()
        lists = {"group": self.groups, "hidden": self.hidden, "weight_decay": self.weight_decays, "seed": self.seeds}
        if len(self.lrs) > 1:
            lists["lr"] = self.lrs
        for name in lists:
            del shared[name]
        listed = {name: list(values) for name, values in lists.items()}
        return {"common": shared, "lists": listed, "batch": self.batch, "device": self.device}

    @classmethod
    def from_record(cls, record: dict[str, Any]) -> Sweep:
        """The sweep that :meth:`record` wrote."""
        lists = {name: tuple(values) for name, values in record["lists"].items()}
        common = Settings.from_record({**record["common"], **{name: values[0] for name, values in lists.items()}})
        named = (lists["group"], lists["hidden"], lists["weight_decay"], lists["seed"], lists.get("lr", ()))
        return cls(common, *named, record.get("batch", 1), record.get("device", "cpu"))


def claim(out: Path, sweep: Sweep, resume: bool) -> None:
    """Write config.json, or check that the folder's is this sweep's.

    Raises InputError if it holds another sweep, or this one without ``resume``.
    """
    path = out / "config.json"
    if not path.exists():
        write_json(path, sweep.record())
        return
    known, wanted = read_sweep(out).record(), sweep.record()
    flat = [
        {**ADDED, **record["common"], **record["lists"], "batch": record["batch"], "device": record["device"]}
        for record in (known, wanted)
    ]
    for name, value in flat[1].items():
        if (held := flat[0].get(name)) != value:
            raise InputError(f"{out} holds a sweep with {name}={held}, not {value}: choose another --out")
    if not resume:
        raise InputError(f"{out} holds this sweep already: resume it (resume=True, --resume), or choose another")


def read_sweep(out: Path) -> Sweep:
    """The sweep of a folder; InputError if its config.json is unreadable or none."""
    path = out / "config.json"
    record = read_json(path)
    try:
        return Sweep.from_record(record)
    except (KeyError, TypeError, AttributeError, IndexError):
        raise InputError(f"{path} describes no sweep: choose another --out") from None
