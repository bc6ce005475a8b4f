"""Many runs in one folder: what they share and their lists, processes, and what becomes of each."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from functools import partial
from itertools import product
from pathlib import Path
from queue import Empty
from threading import Thread
from typing import Any

from ..errors import CogoError, InputError
from ..groups import Group
from .runs import read_json, record_failure, run, write_json
from .settings import Settings

#: A run whose process dies is started again this often.
ATTEMPTS = 3

#: Shown while a sweep goes on: the run's name, and {epoch, loss, accuracy, live} or {status}.
Report = Callable[[str, dict[str, Any]], None]


class Interrupted(CogoError):
    """The sweep was told to stop; the run goes on from its checkpoint next time."""


@dataclass(frozen=True)
class Sweep:
    """All combinations of the lists; everything else is that of ``common``. Raises InputError for empty lists."""

    common: Settings
    groups: tuple[str, ...]
    hidden: tuple[int, ...]
    weight_decays: tuple[float, ...]
    seeds: tuple[int, ...]

    def __post_init__(self) -> None:
        names = [settings.name for settings in self.runs()]
        if len(set(names)) < len(names):
            twice = next(name for name in names if names.count(name) > 1)
            raise InputError(f"the lists name run {twice} twice: give each value once")

    def runs(self) -> Iterator[Settings]:
        """One settings for each run."""
        for group, hidden, decay, seed in product(self.groups, self.hidden, self.weight_decays, self.seeds):
            yield replace(self.common, group=group, hidden=hidden, weight_decay=decay, seed=seed)

    def record(self) -> dict[str, Any]:
        """The sweep as JSON."""
        shared = self.common.record()
        for name in ("group", "hidden", "weight_decay", "seed"):
            del shared[name]
        lists = {"group": self.groups, "hidden": self.hidden, "weight_decay": self.weight_decays, "seed": self.seeds}
        return {"common": shared, "lists": {name: list(values) for name, values in lists.items()}}


def claim(out: Path, sweep: Sweep, resume: bool) -> None:
    """Write config.json, or check that the folder's is this sweep's.

    Raises InputError if it holds another sweep, or this one without ``resume``.
    """
    path = out / "config.json"
    if not path.exists():
        write_json(path, sweep.record())
        return
    known, wanted = read_json(path), sweep.record()
    for part in ("common", "lists"):
        for name, value in wanted[part].items():
            if (held := known.get(part, {}).get(name)) != value:
                raise InputError(f"{out} holds a sweep with {name}={held}, not {value}: choose another --out")
    if not resume:
        raise InputError(f"{out} holds this sweep already: continue it with --resume, or choose another --out")


#: A run's status, and why it failed where it did.
Outcome = tuple[str, str]


def run_sweep(out: Path, sweep: Sweep, workers: int, report: Report) -> dict[str, Outcome]:
    """Train what is not finished yet; returns the status of every run by name, and the error of a failed one.

    With one worker in this process, else in ``workers`` processes of one thread each. A run that fails, or whose
    process dies ATTEMPTS times, is recorded as failed and the others go on.
    """
    runs = {settings.name: settings for settings in sweep.runs()}
    if min(workers, len(runs)) == 1:
        return {name: _attempt(out / name, settings, partial(report, name)) for name, settings in runs.items()}
    statuses: dict[str, Outcome] = {}
    deaths = dict.fromkeys(runs, 0)
    while left := {name: settings for name, settings in runs.items() if name not in statuses}:
        working = _with_processes(out, left, min(workers, len(left)), statuses, report)
        for name in working:  # one of these processes died and took the pool with it
            deaths[name] += 1
            if deaths[name] == ATTEMPTS:
                error = InputError("its process died repeatedly (killed, or no memory)")
                record_failure(out / name, runs[name], error)
                statuses[name] = "failed", str(error)
    return statuses


def _with_processes(
    out: Path, runs: dict[str, Settings], workers: int, statuses: dict[str, Outcome], report: Report
) -> list[str]:
    """Fill ``statuses``; returns the runs that were under way when a process died, none if all went well."""
    context = multiprocessing.get_context("spawn")
    queue, stop = context.Queue(), context.Event()
    under_way: dict[str, None] = {}
    broken = False

    def drain() -> None:
        try:
            while True:
                name, message = queue.get_nowait()
                under_way[name] = None
                report(name, message)
        except Empty:
            return

    with ProcessPoolExecutor(workers, context, _enter, (queue, stop, os.getpid())) as pool:
        try:
            longest_first = sorted(runs, key=lambda name: -Group.parse(runs[name].group).order * runs[name].hidden)
            futures: dict[Future[Outcome], str] = {
                pool.submit(_attempt, out / name, runs[name]): name for name in longest_first
            }
            pending = set(futures)
            while pending:
                done, pending = wait(pending, timeout=0.2, return_when=FIRST_COMPLETED)
                drain()
                for future in done:
                    name = futures[future]
                    try:
                        statuses[name] = future.result()
                        report(name, {"status": statuses[name][0]})
                    except BrokenProcessPool:
                        broken = True
        except BaseException:
            stop.set()
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return [name for name in under_way if name not in statuses] if broken else []


_queue: Any = None
_stop: Any = None
_parent = 0


def _enter(queue: Any, stop: Any, parent: int) -> None:
    global _queue, _stop, _parent
    _queue, _stop, _parent = queue, stop, parent
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent is told, and tells us
    Thread(target=_follow, daemon=True).start()


def _follow() -> None:
    """End with the parent: once it was killed, another sweep may already work in this folder."""
    while os.getppid() == _parent:
        time.sleep(0.2)
    os._exit(1)


def _tell(name: str, message: dict[str, Any]) -> None:
    _queue.put((name, message))
    if _stop.is_set():
        raise Interrupted("stopped")


def _attempt(folder: Path, settings: Settings, alive: Callable[[dict[str, Any]], None] | None = None) -> Outcome:
    """One run to its end; errors are recorded, not raised."""
    try:
        return run(folder, settings, alive or (lambda message: _tell(folder.name, message))), ""
    except Interrupted:
        return "running", ""
    except (CogoError, OSError, MemoryError, RuntimeError) as error:
        record_failure(folder, settings, error)
        return "failed", str(error)
