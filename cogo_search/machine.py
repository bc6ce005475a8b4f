"""What systems do differently: cores, locks on files, worker processes."""

from __future__ import annotations

import importlib
import os
import signal
import time
from contextlib import suppress
from threading import Thread
from typing import Any

#: How often a lock that another process holds is tried again, where the system does not wait by itself.
AGAIN_SECONDS = 0.1


def usable_cores() -> int:
    """The cores that this process may use; all there are where the system does not say (macOS, Windows)."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def has_locks() -> bool:
    """Whether this system has locks that end with the process that holds them."""
    return _module("fcntl") is not None or _module("msvcrt") is not None


def lock(handle: int) -> None:
    """Wait for the lock of a file that is open for writing; it is held until the file is closed.

    ``flock`` where there is one, as on Linux and macOS, which NFS passes on to other machines; on Windows a lock on the
    first byte. A file system or a system without locks has none.
    """
    if (fcntl := _module("fcntl")) is not None:
        with suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_EX)
    elif (msvcrt := _module("msvcrt")) is not None:
        while True:
            try:
                msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
            except PermissionError:  # another process holds it
                time.sleep(AGAIN_SECONDS)
            except OSError:
                return
            else:
                return


def _module(name: str) -> Any:
    """A module that not every system has, or None."""
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def enter_worker(parent: int) -> None:
    """Begin as a worker process: interrupts are the parent's, and with it ends the worker."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent is told, and tells us
    Thread(target=_follow, args=(parent,), daemon=True).start()


def _follow(parent: int) -> None:
    """End with the parent: once it was killed, another command may already do the same work."""
    while os.getppid() == parent:
        time.sleep(0.2)
    os._exit(1)
