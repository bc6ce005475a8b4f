"""A sweep's batches through any ``concurrent.futures`` executor, or in this process, and what becomes of each run.

Batches go to the workers as plain data; all else passes through the sweep's folder, which every worker must see:

DIR/<first run of a batch>/progress.json     what its worker says of a batch now and then; gone when it ends
DIR/stop                                     while it is there, workers put their batches down and return
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..errors import CogoError, InputError
from .runs import Outcome, clear_leftovers, record_failure, run_batch, write_json
from .settings import Settings
from .sweep import Sweep

#: A batch whose process dies is started again this often.
ATTEMPTS = 3
#: What a worker says, about once in this many seconds.
PROGRESS, PROGRESS_SECONDS = "progress.json", 1.0
STOP = "stop"
#: How long an interrupted sweep waits for its workers to put their batches down.
FAREWELL_SECONDS = 60.0

#: Shown while a sweep goes on: the run's name, and {epoch, loss, accuracy, live} or {status}.
Report = Callable[[str, dict[str, Any]], None]
#: Makes an executor for so many batches.
Pool = Callable[[int], AbstractContextManager[Executor]]


class Interrupted(CogoError):
    """The sweep was told to stop; the run goes on from its checkpoint next time."""


def run_sweep(out: Path, sweep: Sweep, pool: Pool | None, report: Report) -> dict[str, Outcome]:
    """Train what is not finished yet; returns the status of every run by name, and the error of a failed one.

    Without ``pool`` in this process. A run that fails, or whose process dies ATTEMPTS times, is recorded as failed and
    the others go on.
    """
    lead = _Lead(out, sweep, report)
    (out / STOP).unlink(missing_ok=True)
    clear_leftovers(out)
    lead.forget_progress(lead.batches)
    lead.write_index()
    if pool is None:

        def alive(messages: dict[str, dict[str, Any]]) -> None:
            for name, message in messages.items():
                report(name, message)

        for batch in lead.batches:
            lead.settle(_train(out, batch, sweep.device, alive))
    else:
        while left := [batch for batch in lead.batches if not batch.keys() <= lead.outcomes.keys()]:
            lead.forget_progress(left)
            with pool(len(left)) as executor:
                lead.submit(executor, left)
    return {name: lead.outcomes[name] for name in sweep.runs()}


@dataclass
class _Lead:
    """The process that leads a sweep: the only one that writes the index."""

    out: Path
    sweep: Sweep
    report: Report
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    deaths: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.batches = self.sweep.batches()

    def write_index(self) -> None:
        """All runs with what is known of them now."""
        index: dict[str, dict[str, str]] = {}
        for name in self.sweep.runs():
            status, error = self.outcomes.get(name, ("waiting", ""))
            index[name] = {"status": status, "error": error} if error else {"status": status}
        write_json(self.out / "index.json", index)

    def forget_progress(self, batches: list[dict[str, Settings]]) -> None:
        """Remove what was said by processes that are no more."""
        for batch in batches:
            with suppress(NotADirectoryError):  # training says why
                (self.out / next(iter(batch)) / PROGRESS).unlink(missing_ok=True)

    def settle(self, outcomes: dict[str, Outcome]) -> None:
        """Note what became of some runs."""
        self.outcomes |= outcomes
        for name, (status, _) in outcomes.items():
            self.report(name, {"status": status})
        self.write_index()

    def submit(self, executor: Executor, batches: list[dict[str, Settings]]) -> None:
        """Train batches through an executor; those without an outcome afterwards are to be tried again."""
        futures: dict[Future[dict[str, Outcome]], dict[str, Settings]] = {}
        broken = False
        try:
            for batch in batches:
                futures[executor.submit(work, task(self.out, batch, self.sweep.device))] = batch
            pending = set(futures)
            while pending:
                done, pending = wait(pending, timeout=0.5, return_when=FIRST_COMPLETED)
                self._follow(futures[future] for future in pending)
                for future in done:
                    try:
                        self.settle({name: (status, error) for name, (status, error) in future.result().items()})
                    except BrokenProcessPool:
                        broken = True
                    except Exception as error:  # whatever the executor made of a lost worker
                        self._lost(futures[future], f"its worker failed: {' '.join(str(error).split())}")
        except BaseException:
            (self.out / STOP).touch()
            if not wait(futures, timeout=FAREWELL_SECONDS).not_done:
                (self.out / STOP).unlink(missing_ok=True)
            raise
        if broken:
            self._count_deaths(batches)

    def _follow(self, batches: Iterator[dict[str, Settings]]) -> None:
        for batch in batches:
            try:
                messages = json.loads((self.out / next(iter(batch)) / PROGRESS).read_text())
            except (OSError, ValueError):  # not begun, or being written
                continue
            for name, message in messages.items():
                self.report(name, message)

    def _count_deaths(self, batches: list[dict[str, Settings]]) -> None:
        """One process died and took the pool with it: count it against the batches that were under way."""
        for batch in batches:
            first = next(iter(batch))
            if first not in self.outcomes and (self.out / first / PROGRESS).exists():
                self.deaths[first] = self.deaths.get(first, 0) + 1
                if self.deaths[first] == ATTEMPTS:
                    self._lost(batch, "its process died repeatedly (killed, or no memory)")

    def _lost(self, batch: dict[str, Settings], message: str) -> None:
        for name, settings in batch.items():
            record_failure(self.out / name, settings, InputError(message))
        self.forget_progress([batch])
        self.settle(dict.fromkeys(batch, ("failed", message)))


def task(out: Path, batch: dict[str, Settings], device: str) -> dict[str, Any]:
    """A batch as plain data."""
    runs = {name: settings.record() for name, settings in batch.items()}
    return {"out": str(out.resolve()), "device": device, "runs": runs}


#: Threads of one process take turns: torch's arithmetic is set for the whole process.
_turn = threading.Lock()


def work(task: dict[str, Any]) -> dict[str, Outcome]:
    """Train one batch in a worker: {run: (status, error)}. Tells through the batch's PROGRESS, obeys STOP."""
    out, runs = Path(task["out"]), {name: Settings.from_record(record) for name, record in task["runs"].items()}
    progress = out / next(iter(runs)) / PROGRESS
    told = 0.0

    def alive(messages: dict[str, dict[str, Any]]) -> None:
        nonlocal told
        if (out / STOP).exists():
            raise Interrupted("stopped")
        if time.monotonic() - told > PROGRESS_SECONDS:
            progress.write_text(json.dumps(messages))
            told = time.monotonic()

    with _turn:
        if (out / STOP).exists():
            return dict.fromkeys(runs, ("running", ""))
        with suppress(OSError):  # training says why
            progress.parent.mkdir(parents=True, exist_ok=True)
            progress.write_text("{}")
        try:
            return _train(out, runs, task["device"], alive)
        finally:
            with suppress(OSError):
                progress.unlink(missing_ok=True)


def _train(
    out: Path, batch: dict[str, Settings], device: str, alive: Callable[[dict[str, dict[str, Any]]], None]
) -> dict[str, Outcome]:
    """One batch to its end; errors are recorded, not raised."""
    try:
        outcomes = run_batch([(out / name, settings) for name, settings in batch.items()], device, alive)
        return dict(zip(batch, outcomes, strict=True))
    except Interrupted:
        return dict.fromkeys(batch, ("running", ""))
    except (CogoError, OSError, MemoryError, RuntimeError) as error:
        message = f"{' '.join(str(error).split()) or type(error).__name__}"
        for name, settings in batch.items():
            record_failure(out / name, settings, InputError(message))
        return dict.fromkeys(batch, ("failed", message))
