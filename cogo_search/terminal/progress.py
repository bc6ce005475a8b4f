"""Progress on stderr: one line that is rewritten on a terminal, lines elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ..escaping import one_line
from ..events import Callback, Event


@contextmanager
def progress() -> Iterator[Callback]:
    """Yield a callback that shows what is being done and for how long the command has run."""
    start = time.monotonic()
    terminal = sys.stderr.isatty()

    def show(event: Event) -> None:
        line = f"[{time.monotonic() - start:6.1f} s] {one_line(event.message)}"
        print(f"\r\x1b[2K{line}" if terminal else line, end="" if terminal else "\n", file=sys.stderr, flush=True)

    try:
        yield show
    finally:
        if terminal:
            print("\r\x1b[2K", end="", file=sys.stderr, flush=True)


@contextmanager
def runs_progress(epochs: int) -> Iterator[Callback]:
    """Yield a callback that shows how training runs get on, on a terminal; quiet elsewhere."""
    from rich.console import Console
    from rich.progress import Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"),
        TextColumn("{task.completed:.0f}/{task.total:.0f}"),
        TextColumn("{task.fields[facts]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), disable=not sys.stderr.isatty(), transient=True) as display:
        tasks: dict[str, Any] = {}

        def report(event: Event) -> None:
            name, message = event.message, event.facts
            if not message:  # a line of its own, not of a run
                print(one_line(name), file=sys.stderr)
                return
            if name not in tasks:
                tasks[name] = display.add_task(name, total=epochs, facts="")
            if "status" in message:
                display.remove_task(tasks.pop(name))
                return
            speed = next(task.speed for task in display.tasks if task.id == tasks[name]) or 0.0
            tested = message["accuracy"] == message["accuracy"]  # NaN without test pairs
            accuracy = f"acc {message['accuracy']:.1%} " if tested else ""
            facts = f"loss {message['loss']:.1e} {accuracy}live {message['live']} {speed:.0f}/s"
            display.update(tasks[name], completed=event.done, facts=facts)

        yield report
