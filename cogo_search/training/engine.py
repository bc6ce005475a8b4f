"""The training loop: full batch, dead nodes leave, state that can be put down at any epoch.

Networks of one shape train together (:class:`Batch`), each as it would alone. Where gradients are known in closed form,
nodes that are dead leave, and networks of one padded width are stacked (:class:`.stack.Stack`); all else is trained by
autograd (:class:`.autograd.AutogradStack`). The host looks at the device every CHECK_EVERY epochs only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import torch

from ..errors import InputError
from ..groups.abelian import Group
from ..networks.initial import initial_weights
from .autograd import AutogradStack
from .config import CHECK_EVERY, METRICS_EVERY, Settings
from .metrics import Recorder, Row
from .stack import Stack, State
from .task import make_task


def start(settings: Settings) -> State:
    """The state before the first update."""
    order = Group.parse(settings.group).order
    weights = torch.from_numpy(initial_weights(order, settings.hidden, settings.seed, settings.seeding))
    moments = torch.zeros_like(weights), torch.zeros_like(weights)
    bias = torch.zeros(3, settings.hidden) if settings.bias else None
    return State(0, weights, moments, torch.arange(settings.hidden), bias=bias)


def train(
    settings: Settings,
    state: State | None = None,
    *,
    snapshot: Callable[[State], None] = lambda state: None,
    pause: Callable[[State], None] = lambda state: None,
) -> State:
    """Train one network on the CPU to the end, from ``state`` if given: a :class:`Batch` of one."""
    batch = Batch([settings], None if state is None else [state])
    batch.train(snapshot=lambda number, state: snapshot(state), pause=lambda: pause(batch.states()[0]))
    return batch.states()[0]


class Batch:
    """Networks of one shape that train together, from ``states`` if given.

    They differ in seed, learning rate and weight decay only; InputError otherwise. On the CPU every network ends bit
    for bit as it does alone, on a GPU within rounding (other batch sizes choose other kernels).
    """

    def __init__(
        self, settings: Sequence[Settings], states: Sequence[State] | None = None, device: str = "cpu"
    ) -> None:
        if len({replace(own, seed=0, lr=1.0, weight_decay=0.0) for own in settings}) > 1:
            raise InputError("the networks of a batch differ in more than seed, learning rate and weight decay")
        self.settings, self.device = list(settings), torch.device(device)
        self.tasks = [make_task(own) for own in settings]
        states = [start(own) for own in settings] if states is None else states
        running = [state for state in states if state.status == "running"]
        self.epoch = (running or states)[0].epoch
        self.rows: list[list[Row]] = [list(state.rows) for state in states]
        self.statuses = [state.status for state in states]
        self._ended = {number: state for number, state in enumerate(states) if state.status != "running"}
        self._started = dict(enumerate(states))
        self._kind: type[Stack] | type[AutogradStack] = Stack if settings[0].is_closed_form else AutogradStack
        self._stacks: list[Stack | AutogradStack] = []

    @property
    def live(self) -> list[int]:
        """Live nodes of each network."""
        numbers = {number: len(state.live) for number, state in (self._started | self._ended).items()}
        for stack in self._stacks:
            numbers |= dict(zip(stack.numbers, map(len, stack.live), strict=True))
        return [numbers[number] for number in range(len(self.settings))]

    def states(self) -> list[State]:
        """A copy of every network's state on the CPU: a new batch of them goes on to the same end, bit for bit."""
        found = dict(self._started) if not self._stacks else {}
        for stack in self._stacks:
            found |= {number: stack.state(row, self.epoch) for row, number in enumerate(stack.numbers)}
        found |= self._ended
        return [self._complete(number, found[number]) for number in range(len(self.settings))]

    def _complete(self, number: int, state: State) -> State:
        moments = state.moments[0].cpu(), state.moments[1].cpu()
        return replace(
            state,
            weights=state.weights.cpu(),
            moments=moments,
            bias=None if state.bias is None else state.bias.cpu(),
            rows=list(self.rows[number]),
            status=self.statuses[number],
        )

    def train(
        self,
        *,
        snapshot: Callable[[int, State], None] = lambda number, state: None,
        pause: Callable[[], None] = lambda: None,
    ) -> None:
        """Train to the end; ``statuses`` are then done, diverged or collapsed.

        ``snapshot`` is called with a network's number in the batch and its state at the epochs of
        ``settings.snapshots``, ``pause`` every CHECK_EVERY epochs, when :meth:`states` may be taken. *Diverged*: a
        weight is not finite or the loss above DIVERGED; *collapsed*: no node is alive, later snapshots are zeros.
        """
        common = self.settings[0]
        with arithmetic(), torch.inference_mode():
            if not self._stacks:
                self._stack({n: s for n, s in self._started.items() if s.status == "running"})
                if self.epoch == 0:
                    self._record(snapshot)
            while self._stacks and self.epoch < common.epochs:
                until = min(self._events())
                for stack in self._stacks:
                    stack.advance(until - self.epoch)
                self.epoch = until
                if until % CHECK_EVERY == 0 or until == common.epochs:
                    self._check(snapshot)
                self._record(snapshot)
                if self._stacks and until % CHECK_EVERY == 0 and until < common.epochs:
                    pause()
            for stack in self._stacks:
                for row, number in enumerate(stack.numbers):
                    self._end(number, stack.state(row, self.epoch), "done")
            self._stacks = []

    def _events(self) -> Iterator[int]:
        """Epochs to come at which something is to be done."""
        common = self.settings[0]
        yield common.epochs
        yield from (epoch for epoch in common.snapshots if epoch > self.epoch)
        yield from ((self.epoch // every + 1) * every for every in (CHECK_EVERY, METRICS_EVERY))

    def _stack(self, states: dict[int, State], kept: Sequence[Stack | AutogradStack] = ()) -> None:
        """Stack networks of one place, beside the stacks that are kept."""
        numbers: dict[int, list[int]] = {}
        for number, state in states.items():
            numbers.setdefault(self._kind.place_of(number, len(state.live), self.device), []).append(number)
        made = [
            self._kind(
                members,
                [self.settings[number] for number in members],
                [self.tasks[number] for number in members],
                [states[number] for number in members],
                self.device,
            )
            for members in numbers.values()
        ]
        self._stacks = [*kept, *made]
        self._recorders = [self._recorder(stack.numbers) for stack in self._stacks]

    def _recorder(self, numbers: Sequence[int]) -> Recorder:
        common = self.settings[0]
        tasks = [self.tasks[number] for number in numbers]
        return Recorder(tasks, self.device, common.activation, common.loss_function)

    def _check(self, snapshot: Callable[[int, State], None]) -> None:
        """End what diverged or collapsed, let dead nodes go, and stack anew the networks whose width changes."""
        living: dict[int, tuple[Stack | AutogradStack, int]] = {}
        for stack in self._stacks:
            for row, (sound, alive) in enumerate(stack.inspect()):
                number = stack.numbers[row]
                if isinstance(stack, Stack) and sound and self.settings[0].compact and not bool(alive.all()):
                    stack.drop(row, alive)
                if not sound:
                    self._end(number, stack.state(row, self.epoch), "diverged")
                elif not len(stack.live[row]):
                    self._collapse(number, stack.state(row, self.epoch), snapshot)
                else:
                    living[number] = stack, row
        members: dict[int, list[int]] = {}
        for number in sorted(living):
            stack, row = living[number]
            place = self._kind.place_of(number, len(stack.live[row]), self.device)
            members.setdefault(place, []).append(number)
        kept = [stack for stack in self._stacks if stack.numbers == members.get(stack.place)]
        if len(kept) < len(self._stacks):
            moving = [number for number in sorted(living) if living[number][0] not in kept]
            self._stack({n: living[n][0].state(living[n][1], self.epoch) for n in moving}, kept)

    def _collapse(self, number: int, state: State, snapshot: Callable[[int, State], None]) -> None:
        """Nothing moves any more: the snapshots to come and the last metrics are those of no network at all."""
        nothing = torch.zeros(1, *state.weights.shape[:2], 1, device=self.device)
        self.rows[number] += self._recorder([number])(self.epoch, nothing, [0])
        for epoch in sorted(e for e in self.settings[number].snapshots if e >= self.epoch):
            state = replace(state, epoch=epoch)
            snapshot(number, self._complete(number, state))
        self._end(number, state, "collapsed")

    def _record(self, snapshot: Callable[[int, State], None]) -> None:
        """Snapshots and metrics of this epoch."""
        common = self.settings[0]
        if self.epoch in common.snapshots:
            for stack in self._stacks:
                for row, number in enumerate(stack.numbers):
                    snapshot(number, self._complete(number, stack.state(row, self.epoch)))
        if self.epoch % METRICS_EVERY == 0 or self.epoch == common.epochs:
            for stack, recorder in zip(self._stacks, self._recorders, strict=True):
                found = recorder(self.epoch, stack.weights, [len(live) for live in stack.live])
                for number, metrics in zip(stack.numbers, found, strict=True):
                    self.rows[number].append(metrics)

    def _end(self, number: int, state: State, status: str) -> None:
        self.statuses[number] = status
        self._ended[number] = self._complete(number, state)


@contextmanager
def arithmetic() -> Iterator[None]:
    """One thread, subnormals flushed, no TF32 for the time of a run; all belong to the process and are put back."""
    threads, flushing = torch.get_num_threads(), float(torch.tensor(1e-40) / 2) == 0
    precision = torch.get_float32_matmul_precision()
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    torch.set_float32_matmul_precision("highest")
    try:
        yield
    finally:
        torch.set_num_threads(threads)
        torch.set_flush_denormal(flushing)
        torch.set_float32_matmul_precision(precision)
