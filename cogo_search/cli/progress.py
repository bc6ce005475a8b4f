"""Progress on stderr: one line that is rewritten on a terminal, lines elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """Yield a function that shows what is being done and for how long the command has run."""
    start = time.monotonic()
    terminal = sys.stderr.isatty()

    def show(message: str) -> None:
        line = f"[{time.monotonic() - start:6.1f} s] {message}"
        print(f"\r\x1b[2K{line}" if terminal else line, end="" if terminal else "\n", file=sys.stderr, flush=True)

    try:
        yield show
    finally:
        if terminal:
            print("\r\x1b[2K", end="", file=sys.stderr, flush=True)
