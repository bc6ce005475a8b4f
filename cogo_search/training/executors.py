"""Where the batches of a sweep run: processes of this machine, or a Dask cluster."""

from __future__ import annotations

import logging
import multiprocessing
import os
import re
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from typing import Any

from ..errors import InputError
from ..machine import enter_worker
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
    enter_worker(parent)
    import torch

    if gpus := torch.cuda.device_count():
        with number.get_lock():
            torch.cuda.set_device(number.value % gpus)
            number.value += 1


def dask(scheduler: str, device: str, note: Callable[[str], None]) -> Pool:
    """The cluster of a Dask scheduler; on a GPU each batch asks for the resource GPU=1.

    ``note`` is told if no worker can take a batch yet. Raises InputError if Dask is not installed or the scheduler does
    not answer.
    """
    try:
        from distributed import Client
    except ImportError:
        raise InputError(
            "--executor dask needs Dask, which is not installed: pip install 'cogo_search[dask]'"
        ) from None
    resources = {"resources": {"GPU": 1}} if device == "cuda" else {}
    for name in list(logging.root.manager.loggerDict):  # what they would tell is told here, in one line
        if name.partition(".")[0] in ("asyncio", "distributed", "tornado"):
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    _call(scheduler)
    try:
        with Client(scheduler, timeout=SCHEDULER_SECONDS, set_as_default=False) as client:
            workers = client.scheduler_info(n_workers=-1)["workers"].values()
    except (OSError, ValueError, RuntimeError) as error:
        raise _silent(scheduler, error) from None
    if not any(not resources or "GPU" in worker["resources"] for worker in workers):
        how = "--nthreads 1 --resources GPU=1" if resources else "--nthreads 1"
        note(f"no worker can take a batch yet; start some with: dask worker {scheduler} {how}")

    @contextmanager
    def pool(batches: int) -> Iterator[Executor]:
        with Client(scheduler, timeout=SCHEDULER_SECONDS, set_as_default=False) as client:
            yield client.get_executor(pure=False, **resources)

    return pool


def _call(scheduler: str) -> None:
    """Raise InputError if nobody listens at the address."""
    parts = re.fullmatch(r"(?:(?:tcp|tls|ws|wss)://)?\[?([^/\[\]]+?)\]?:([0-9]{1,5})/?", scheduler)
    if parts is None or int(parts[2]) > 65535:
        raise InputError(f"--scheduler {scheduler} is no address: write for example tcp://host:8786")
    try:
        socket.create_connection((parts[1], int(parts[2])), timeout=SCHEDULER_SECONDS).close()
    except OSError as error:
        raise _silent(scheduler, error) from None


def _silent(scheduler: str, error: Exception) -> InputError:
    reason = " ".join(str(error).split()) or type(error).__name__
    return InputError(f"--scheduler {scheduler} does not answer ({reason}): start one, or check the address")
