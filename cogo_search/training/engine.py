"""The training loop: full batch, closed-form gradients, dead nodes leave, state that can be put down at any epoch."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import torch
from torch import Tensor

from .gradients import Objective
from .metrics import Recorder, Row
from .settings import CHECK_EVERY, DEAD, METRICS_EVERY, Settings
from .task import initial_weights, make_task

BETAS, EPSILON, MOMENTUM = (0.9, 0.999), 1e-8, 0.9
#: A run whose loss is above this at a check has diverged: outputs of 0 have loss (d - 1)/d.
DIVERGED = 1e6


@dataclass
class State:
    """Where a run is: all that the next step depends on, and the metrics so far.

    ``weights`` and ``moments`` (m, v) hold live nodes only, shape (3, d, q_live); ``live`` are their numbers.
    """

    epoch: int
    weights: Tensor
    moments: tuple[Tensor, Tensor]
    live: Tensor
    rows: list[Row] = field(default_factory=list)
    status: str = "running"

    @classmethod
    def start(cls, settings: Settings) -> State:
        """The state before the first update."""
        weights = initial_weights(settings)
        moments = torch.zeros_like(weights), torch.zeros_like(weights)
        return cls(0, weights, moments, torch.arange(settings.hidden))

    def expanded(self, hidden: int) -> Tensor:
        """The weights with dead nodes as zeros, shape (3, d, hidden)."""
        full = torch.zeros(*self.weights.shape[:2], hidden)
        full[:, :, self.live] = self.weights
        return full


@contextmanager
def _arithmetic() -> Iterator[None]:
    """One thread and subnormals flushed for the time of a run; both belong to the process and are put back."""
    threads, flushing = torch.get_num_threads(), float(torch.tensor(1e-40) / 2) == 0
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    try:
        yield
    finally:
        torch.set_num_threads(threads)
        torch.set_flush_denormal(flushing)


@_arithmetic()
def train(
    settings: Settings,
    state: State | None = None,
    *,
    snapshot: Callable[[State], None] = lambda state: None,
    pause: Callable[[State], None] = lambda state: None,
) -> State:
    """Train to the end, from ``state`` if given; ``status`` of what is returned is done, diverged or collapsed.

    ``snapshot`` is called at the epochs of ``settings.snapshots``, ``pause`` at every CHECK_EVERY epochs with a state
    from which a later call goes on to the same end, bit for bit. *Diverged*: a weight is not finite or the loss above
    DIVERGED; *collapsed*: no node is alive. One thread, subnormals flushed.
    """
    task = make_task(settings)
    objective, recorder = Objective(task, settings.loss), Recorder(task)
    if state is None:
        state = State.start(settings)
        state.rows.append(recorder(0, state.weights))
        if 0 in settings.snapshots:
            snapshot(state)
    with torch.inference_mode():
        while state.status == "running" and state.epoch < settings.epochs:
            check = (state.epoch + 1) % CHECK_EVERY == 0 or state.epoch + 1 == settings.epochs
            if check:
                loss, gradient = objective(state.weights)
            else:
                gradient = objective.gradient(state.weights)
            _step(settings, state, gradient)
            state.epoch += 1
            if check:
                if not (float(loss) < DIVERGED and bool(torch.isfinite(state.weights).all())):
                    state.status = "diverged"
                    break
                if settings.compact:
                    _compact(state)
            if state.epoch in settings.snapshots:
                snapshot(state)
            if state.epoch % METRICS_EVERY == 0 or state.epoch == settings.epochs:
                state.rows.append(recorder(state.epoch, state.weights))
            if not len(state.live):
                state.status = "collapsed"
            elif state.epoch % CHECK_EVERY == 0 and state.epoch < settings.epochs:
                pause(state)
    if state.status == "collapsed":
        for epoch in sorted(e for e in settings.snapshots if e > state.epoch):  # nothing moves any more
            state.epoch = epoch
            snapshot(state)
    elif state.status == "running":
        state.status = "done"
    return state


def _step(settings: Settings, state: State, gradient: Tensor) -> None:
    """One update in place, torch's formulas: Adam and SGD add the weight decay to the gradient, AdamW applies it."""
    weights, (m, v), t = state.weights, state.moments, state.epoch + 1
    if settings.optimizer == "adamw":
        weights.mul_(1 - settings.lr * settings.weight_decay)
    else:
        gradient.add_(weights, alpha=settings.weight_decay)
    if settings.optimizer == "sgd":
        m.mul_(MOMENTUM).add_(gradient)
        weights.sub_(m, alpha=settings.lr)
        return
    m.lerp_(gradient, 1 - BETAS[0])
    v.mul_(BETAS[1]).addcmul_(gradient, gradient, value=1 - BETAS[1])
    correction = (1 - BETAS[1] ** t) ** 0.5
    denominator = torch.sqrt(v, out=gradient).add_(EPSILON * correction)
    weights.addcdiv_(m, denominator, value=-settings.lr * correction / (1 - BETAS[0] ** t))


def _compact(state: State) -> None:
    """Drop the nodes whose alpha and beta are below DEAD everywhere."""
    alive = state.weights[:2].abs().amax(dim=(0, 1)) >= DEAD
    if not bool(alive.all()):
        kept = alive.nonzero()[:, 0]
        state.weights = state.weights[:, :, kept].contiguous()
        state.moments = (state.moments[0][:, :, kept].contiguous(), state.moments[1][:, :, kept].contiguous())
        state.live = state.live[kept]
