"""Training networks by gradient descent, in memory or into folders."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from numbers import Integral, Real
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from ..errors import InputError, choose
from ..events import Callback, Event, ignore
from ..groups.abelian import Group
from ..machine import has_locks, usable_cores
from ..training.config import Settings, default_snapshots
from ..training.results import Runs
from ..training.sweep import Sweep, read_sweep
from .networks import GroupLike, as_group

if TYPE_CHECKING:
    from ..training.dispatch import Pool
    from ..training.runs import Outcome

Value = TypeVar("Value", int, float)

#: Networks that train together where nothing else is asked for.
BATCHES = {"cpu": 1, "cuda": 32}


def train(
    group: GroupLike | Sequence[GroupLike],
    *,
    hidden: int | Iterable[int] = 512,
    seeds: int | Iterable[int] = 1,
    epochs: int = 10000,
    lr: float | Iterable[float] = 0.01,
    weight_decay: float | Iterable[float] = 5e-5,
    optimizer: str = "adam",
    activation: str = "square",
    loss_function: str = "mse",
    bias: bool = False,
    train_fraction: float | str = "0.9",
    loss: str = "full",
    seeding: str = "paper",
    snapshots: Iterable[int] | None = None,
    out: str | Path | None = None,
    resume: bool = False,
    device: str = "auto",
    batch: int | None = None,
    workers: int | None = None,
    scheduler: str | None = None,
    callback: Callback = ignore,
) -> Runs:
    """Train 2-layer networks on group addition; the defaults are the paper's experiment (Section 6).

    Full batch in float32. Quadratic networks without bias and with mean squared error are trained by gradients in
    closed form, all others by autograd, from the same initial weights and on the same split. Several values of
    ``group``, ``hidden``, ``lr``, ``weight_decay`` and ``seeds`` make a sweep, one run for each combination.

    Args:
        group: a :class:`Group`, its spec, the order of a cyclic group, or several of these.
        hidden: hidden nodes q.
        seeds: of the initial weights and the split; 1, 2, 3, ... are those of the published experiment.
        epochs: updates.
        lr: learning rate.
        weight_decay: added to the gradient (adam, sgd) or decoupled (adamw, muon: weights shrink by lr times it).
        optimizer: ``adam``, ``adamw``, ``sgd`` with momentum 0.9, or ``muon`` (momentum 0.95) on the three matrices,
            with adamw on the bias.
        activation: ``square``, ``relu``, ``relu2`` (its square), ``abs``, ``silu`` or ``gelu``.
        loss_function: ``mse``, Eq. 1's with zero-mean targets, or ``cross-entropy``.
        bias: train a bias of every hidden node, from zero; snapshots hold it in W_a.
        train_fraction: the share of all d^2 pairs that are trained on.
        loss: the terms of Eq. 3 that are trained on: ``full``, ``no-rstar``, ``first-two`` (closed form only).
        seeding: ``paper`` or ``independent`` seeds of weights and split.
        snapshots: epochs whose networks are kept (default: 0, 100 before the end, the end).
        out: a folder for the runs (docs/runs.md); without it they stay in memory.
        resume: go on with the runs that ``out`` holds.
        device: ``cpu``, ``cuda``, or ``auto``: a GPU if there is one.
        batch: networks of one group and width that train together (default: 1 on a CPU, 32 on a GPU).
        workers: processes (default: one a core, or one a GPU); in memory there is none but this one.
        scheduler: address of a Dask cluster that trains instead, as in ``tcp://host:8786``.
        callback: hears how every run gets on.

    Raises InputError for settings that do not go together, and where PyTorch is not installed or lacks the optimizer.

    >>> import cogo_search as cogo
    >>> runs = cogo.train(5, hidden=16, epochs=200, seeds=[1, 2])
    >>> [run.status for run in runs], runs[0].network.width
    (['done', 'done'], 16)
    """
    _need_torch()
    from ..training.autograd import find_optimizer
    from ..training.in_memory import train_in_memory

    folder = None if out is None else Path(out)
    if folder is not None and folder.exists() and not folder.is_dir():
        raise InputError(f"out={folder} is no folder: choose another place")
    if resume and folder is None:
        raise InputError("resume=True goes with out: runs in memory end with the program")
    known = read_sweep(folder) if folder is not None and resume and (folder / "config.json").exists() else None
    device = _device(device, known, scheduler)
    sweep = sweep_of(
        group,
        hidden=hidden,
        seeds=seeds,
        epochs=epochs,
        lr=lr,
        weight_decay=weight_decay,
        optimizer=optimizer,
        activation=activation,
        loss_function=loss_function,
        bias=bias,
        train_fraction=train_fraction,
        loss=loss,
        seeding=seeding,
        snapshots=snapshots,
        batch=batch or (known.batch if known else BATCHES[device]),
        device=device,
    )
    if not sweep.common.is_closed_form:
        find_optimizer(sweep.common.optimizer)
    if folder is None:
        return train_in_memory(sweep, callback)
    return _on_disk(folder, sweep, resume, _pool(sweep, workers, scheduler, callback), callback)


def sweep_of(
    group: GroupLike | Sequence[GroupLike],
    *,
    hidden: int | Iterable[int] = 512,
    seeds: int | Iterable[int] = 1,
    epochs: int = 10000,
    lr: float | Iterable[float] = 0.01,
    weight_decay: float | Iterable[float] = 5e-5,
    optimizer: str = "adam",
    activation: str = "square",
    loss_function: str = "mse",
    bias: bool = False,
    train_fraction: float | str = "0.9",
    loss: str = "full",
    seeding: str = "paper",
    snapshots: Iterable[int] | None = None,
    batch: int = 1,
    device: str = "cpu",
) -> Sweep:
    """The sweep that the arguments of :func:`train` make. Raises InputError for what does not go together."""
    several = isinstance(group, Iterable) and not isinstance(group, (Group, str))
    listed: Iterable[Any] = group if several else [group]  # type: ignore[assignment]
    groups = [as_group(g).name for g in listed]
    widths, decays = _listed("hidden", hidden, int), _listed("weight_decay", weight_decay, float)
    numbers, rates = _listed("seeds", seeds, int), _listed("lr", lr, float)
    if not groups:
        raise InputError(f"group={group!r} names no group: give one, as in 23 or '2x3'")
    common = Settings(
        groups[0],
        hidden=widths[0],
        seed=numbers[0],
        epochs=epochs,
        lr=rates[0],
        weight_decay=decays[0],
        optimizer=optimizer,
        activation=activation,
        loss_function=loss_function,
        bias=bias,
        train_fraction=str(train_fraction),
        loss=loss,
        seeding=seeding,
        snapshots=default_snapshots(epochs) if snapshots is None else tuple(sorted(set(snapshots))),
    )
    return Sweep(common, tuple(groups), widths, decays, numbers, rates, batch, device)


def _need_torch() -> None:
    try:
        import torch  # noqa: F401 - training only
    except ImportError:
        raise InputError("training needs PyTorch, which is not installed: pip install 'cogo_search[train]'") from None


def _listed(name: str, value: Any, kind: type[Value]) -> tuple[Value, ...]:
    """One value or several as a tuple; InputError for what is no number, or for none."""
    values = tuple(value) if isinstance(value, Iterable) and not isinstance(value, str) else (value,)
    numbers = Real if kind is float else Integral
    if not values or not all(isinstance(v, numbers) and not isinstance(v, bool) for v in values):
        raise InputError(f"{name}={value!r} is no number and no list of numbers")
    return tuple(kind(v) for v in values)


def _device(device: str, known: Sweep | None, scheduler: str | None) -> str:
    """The device that is meant; that of the folder that is resumed, where none is named."""
    import torch

    here = scheduler is None and torch.cuda.is_available()
    if device == "auto":
        return known.device if known else "cuda" if here else "cpu"
    if device not in BATCHES:
        known_ones = ("auto", *BATCHES)
        raise InputError(f"device={device!r} is unknown: {choose(device, known_ones)}")
    if device == "cuda" and scheduler is None and not here:
        raise InputError("device=cuda: PyTorch sees no GPU here: use device=cpu, or a PyTorch built for your GPU")
    return device


def _pool(sweep: Sweep, workers: int | None, scheduler: str | None, callback: Callback) -> Pool | None:
    """Where the batches run; None: in this process."""
    import torch

    from ..training import executors

    if scheduler is not None:
        if workers is not None:
            raise InputError(f"workers={workers} is for processes: a Dask cluster has its own workers")
        return executors.dask(scheduler, sweep.device, lambda line: callback(Event(line)))
    if workers is not None and workers < 1:
        raise InputError(f"workers={workers} must be a positive integer")
    cores = torch.cuda.device_count() if sweep.device == "cuda" else usable_cores()
    workers = min(workers or cores, len(sweep.batches()))
    return executors.processes(workers) if workers > 1 else None


def _on_disk(out: Path, sweep: Sweep, resume: bool, pool: Pool | None, callback: Callback) -> Runs:
    """Train into folders, what is finished left as it is."""
    from ..storage import check_writable
    from ..training.dispatch import run_sweep
    from ..training.sweep import claim

    check_writable(out / "config.json")
    if not has_locks():
        callback(Event(f"this system has no locks on files: let no other command write to {out} meanwhile"))
    claim(out, sweep, resume)

    def report(name: str, facts: dict[str, Any]) -> None:
        callback(Event(name, facts.get("epoch"), sweep.common.epochs, facts))

    return _runs_of(out, run_sweep(out, sweep, pool, report))


def load_runs(out: str | Path) -> Runs:
    """The runs of a folder that :func:`train` has written, as they are. Raises InputError if the folder is none."""
    if not isinstance(out, (str, Path)):
        raise InputError(f"out={out!r} is no folder: name one that train(..., out=FOLDER) has written")
    return _runs_of(Path(out), {})


def _runs_of(folder: Path, outcomes: Mapping[str, Outcome]) -> Runs:
    """The runs of a folder; ``outcomes`` are statuses and errors by run that could not be written down."""
    from ..training.run_index import run_states

    return Runs(tuple(run_states(folder, outcomes)), folder)
