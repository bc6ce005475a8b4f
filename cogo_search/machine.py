"""The machine: cores, locks on files, the user's cache, worker processes, where systems differ."""

from __future__ import annotations

import importlib
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread
from types import ModuleType
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


def cache_folder() -> Path:
    """Where the package keeps what it would otherwise compute again. Raises RuntimeError where there is no home."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "cogo_search"


@contextmanager
def spread(
    function: Callable[[Any], Any], values: Sequence[Any], workers: int, prepare: Callable[..., None], *given: Any
) -> Iterator[list[Future[Any]]]:
    """The values of a function, one future each in their order, from worker processes that ``prepare(*given)`` begins.

    Both functions are of modules: what runs as ``__main__`` is not loaded in the workers, so that a script needs no
    guard. Leaving early, as an interrupt does, drops what has not begun. Where there can be no processes, all futures
    have failed with BrokenProcessPool.
    """
    initial = (os.getpid(), prepare, given)
    try:
        pool = ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), _begin, initial)
    except (ImportError, NotImplementedError, OSError) as error:  # no semaphores
        yield [_failed(str(error)) for _ in values]
        return
    with pool:
        try:
            with _apart():
                futures = [_submitted(pool, function, value) for value in values]
            yield futures
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _submitted(pool: ProcessPoolExecutor, function: Callable[[Any], Any], value: Any) -> Future[Any]:
    try:
        return pool.submit(function, value)
    except BrokenProcessPool as error:
        return _failed(str(error))


def _failed(reason: str) -> Future[Any]:
    future: Future[Any] = Future()
    future.set_exception(BrokenProcessPool(reason))
    return future


def _begin(parent: int, prepare: Callable[..., None], given: tuple[Any, ...]) -> None:
    enter_worker(parent)
    prepare(*given)


@contextmanager
def _apart() -> Iterator[None]:
    """Start processes that know nothing of the main module, and that an interrupt does not reach while they load."""
    masked = hasattr(signal, "pthread_sigmask") and signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    main, sys.modules["__main__"] = sys.modules["__main__"], ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main
        if masked is not False:
            signal.pthread_sigmask(signal.SIG_SETMASK, masked)


def enter_worker(parent: int) -> None:
    """Begin as a worker process: interrupts are the parent's, and with it ends the worker."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent is told, and tells us
    Thread(target=_follow, args=(parent,), daemon=True).start()


def _follow(parent: int) -> None:
    """End with the parent: once it was killed, another command may already do the same work."""
    while os.getppid() == parent:
        time.sleep(0.2)
    os._exit(1)
