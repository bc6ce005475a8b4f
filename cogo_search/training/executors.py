"""Where the batches of a sweep run: processes of this machine, or a Dask cluster."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from threading import Thread
from typing import Any

from ..errors import InputError
from .dispatch import Pool

#: How long a scheduler may take to answer.
SCHEDULER_SECONDS = 10


def processes(workers: int) -> Pool:
    """Up to ``workers`` processes; each takes the next GPU, where there are any."""

    @contextmanager
    def pool(batches: int) -> Iterator[Executor]:
        context = multiprocessing.get_context("spawn")
        number = context.Value("i", 0)
        with ProcessPoolExecutor(min(workers, batches), context, _enter, (os.getpid(), number)) as executor:
            yield executor

    return pool


def _enter(parent: int, number: Any) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent is told, and tells us
    Thread(target=_follow, args=(parent,), daemon=True).start()
    import torch

    if gpus := torch.cuda.device_count():
        with number.get_lock():
            torch.cuda.set_device(number.value % gpus)
            number.value += 1


def _follow(parent: int) -> None:
    """End with the parent: once it was killed, another sweep may already work in this folder."""
    while os.getppid() == parent:
        time.sleep(0.2)
    os._exit(1)


def dask(scheduler: str, device: str) -> Pool:
    """The cluster of a Dask scheduler; on a GPU each batch asks for the resource GPU=1.

    Raises InputError if Dask is not installed or the scheduler does not answer.
    """
    try:
        from distributed import Client
    except ImportError:
        raise InputError(
            "--executor dask needs Dask, which is not installed: pip install 'cogo_search[dask]'"
        ) from None
    try:
        Client(scheduler, timeout=SCHEDULER_SECONDS, set_as_default=False).close()
    except (OSError, ValueError, RuntimeError) as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        raise InputError(
            f"--scheduler {scheduler} does not answer ({reason}): start one, or check the address"
        ) from None

    @contextmanager
    def pool(batches: int) -> Iterator[Executor]:
        with Client(scheduler, timeout=SCHEDULER_SECONDS, set_as_default=False) as client:
            yield client.get_executor(pure=False, **({"resources": {"GPU": 1}} if device == "cuda" else {}))

    return pool
