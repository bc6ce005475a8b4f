"""A sweep's batches through any ``concurrent.futures`` executor, or in this process, and what becomes of each run.

Batches go to the workers as plain data; all else passes through the sweep's folder, which every worker must see:

DIR/progress-<first run>.json    what its worker says of a batch now and then; gone when it ends
DIR/stop                         while it is there, workers put their batches down and return
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Executor, Future, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..errors import CogoError, InputError
from .config import Settings
from .run_folder import clear_leftovers, status_of, write_json
from .runs import Outcome, record_failure, run_batch
from .sweep import INDEX, Sweep

#: A batch whose process dies is started again this often.
ATTEMPTS = 3
#: A worker tells how its batch gets on about once in this many seconds.
PROGRESS_SECONDS = 1.0
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
    the others go on. Raises InputError if all workers are gone.
    """
    lead = _Lead(out, sweep, report)
    (out / STOP).unlink(missing_ok=True)
    clear_leftovers(out)
    lead.take_stock()
    try:
        if pool is None:
            for batch in lead.batches:
                lead.settle(_train(out, batch, sweep.device, lead.tell))
        while pool is not None and (left := lead.left()):
            for said in out.glob(progress_path(out, "*").name):  # by processes that are no more
                said.unlink(missing_ok=True)
            suspects = [batch for batch in left if next(iter(batch)) in lead.deaths]
            for batches in [[batch] for batch in suspects] or [left]:  # alone it is clear whose process dies
                with pool(len(batches)) as executor:
                    lead.submit(executor, batches)
    finally:
        lead.take_stock()
    return {name: lead.outcomes[name] for name in sweep.runs()}


def progress_path(out: Path, first: str) -> Path:
    """What the worker of a batch says, by the batch's first run."""
    return out / f"progress-{first}.json"


@dataclass
class _Lead:
    """The process that leads a sweep: the only one that writes the index."""

    out: Path
    sweep: Sweep
    report: Report
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    deaths: dict[str, int] = field(default_factory=dict)
    stillborn: int = 0
    index: dict[str, dict[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.batches = self.sweep.batches()

    def left(self) -> list[dict[str, Settings]]:
        """Batches of which nothing is known yet."""
        return [batch for batch in self.batches if not batch.keys() <= self.outcomes.keys()]

    def take_stock(self) -> None:
        """Write the index with what is known, and for other runs with what their folders say."""
        for name in self.sweep.runs():
            if name not in self.outcomes:
                held = status_of(self.out / name)
                self.index[name] = _entry(held["status"], held.get("error", ""))
        write_json(self.out / INDEX, self.index)

    def settle(self, outcomes: dict[str, Outcome]) -> None:
        """Note what became of some runs."""
        for name, (status, error) in outcomes.items():
            self.outcomes[name] = status, error
            self.index[name] = _entry(status, error)
            self.report(name, {"status": status})
        write_json(self.out / INDEX, self.index)

    def tell(self, messages: dict[str, dict[str, Any]]) -> None:
        """Show how some runs get on."""
        for name, message in messages.items():
            self.report(name, message)

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
                        self.settle(future.result())
                    except BrokenProcessPool:
                        broken = True
                    except (CancelledError, OSError) as error:  # not the batch's fault: the executor is gone
                        raise InputError(f"the workers are gone ({_reason(error)}): continue with --resume") from None
                    except Exception as error:  # what the executor makes of a batch that loses its workers
                        self._lost(futures[future], f"its worker failed: {_reason(error)}")
        except BaseException:
            (self.out / STOP).touch()
            begun = {f for f, batch in futures.items() if progress_path(self.out, next(iter(batch))).exists()}
            waited = {future for future in futures if future in begun or not future.cancel()}
            if not wait(waited, timeout=FAREWELL_SECONDS).not_done:
                (self.out / STOP).unlink(missing_ok=True)
            raise
        if broken:
            self._count_deaths(batches)

    def _follow(self, batches: Iterator[dict[str, Settings]]) -> None:
        for batch in batches:
            with suppress(OSError, ValueError):  # not begun, or being written
                self.tell(json.loads(progress_path(self.out, next(iter(batch))).read_text()))

    def _count_deaths(self, batches: list[dict[str, Settings]]) -> None:
        """One process died and took the pool with it: suspect the batches that were under way.

        Raises InputError if processes keep dying before any batch is under way.
        """
        begun = any(progress_path(self.out, next(iter(batch))).exists() for batch in batches)
        settled = any(batch.keys() <= self.outcomes.keys() for batch in batches)
        self.stillborn = 0 if begun or settled else self.stillborn + 1
        if self.stillborn == ATTEMPTS:
            raise InputError(
                "the worker processes end before they begin: a script that trains in processes does so under "
                "if __name__ == '__main__'; or take one worker"
            )
        for batch in batches:
            first = next(iter(batch))
            if first not in self.outcomes and progress_path(self.out, first).exists():
                self.deaths[first] = self.deaths.get(first, 0) + 1
                if self.deaths[first] == ATTEMPTS:
                    self._lost(batch, "its process died repeatedly (killed, or no memory)")

    def _lost(self, batch: dict[str, Settings], message: str) -> None:
        for name, settings in batch.items():
            record_failure(self.out / name, settings, InputError(message))
        self.settle(dict.fromkeys(batch, ("failed", message)))


def _entry(status: str, error: str) -> dict[str, str]:
    return {"status": status, "error": error} if error else {"status": status}


def _reason(error: BaseException) -> str:
    return " ".join(str(error).split()) or type(error).__name__


def task(out: Path, batch: dict[str, Settings], device: str) -> dict[str, Any]:
    """A batch as plain data."""
    runs = {name: settings.record() for name, settings in batch.items()}
    return {"out": str(out.resolve()), "device": device, "runs": runs}


#: Threads of one process take turns: torch's arithmetic is set for the whole process.
_turn = threading.Lock()


def work(task: dict[str, Any]) -> dict[str, Outcome]:
    """Train one batch in a worker: {run: (status, error)}. Tells how it gets on, and obeys STOP."""
    out, runs = Path(task["out"]), {name: Settings.from_record(record) for name, record in task["runs"].items()}
    progress = progress_path(out, next(iter(runs)))
    told = -PROGRESS_SECONDS

    def alive(messages: dict[str, dict[str, Any]]) -> None:
        nonlocal told
        if (out / STOP).exists():
            raise Interrupted("stopped")
        if time.monotonic() - told > PROGRESS_SECONDS:
            with suppress(OSError):
                progress.write_text(json.dumps(messages))
            told = time.monotonic()

    with _turn:
        if (out / STOP).exists():
            return dict.fromkeys(runs, ("running", ""))
        alive({})
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
        message = _reason(error)
        for name, settings in batch.items():
            record_failure(out / name, settings, InputError(message))
        return dict.fromkeys(batch, ("failed", message))
