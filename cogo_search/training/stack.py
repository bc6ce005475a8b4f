"""Networks of one width side by side on one device, and the step that moves them all."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import torch
from torch import Tensor

from .config import DEAD, Settings
from .gradients import Objective
from .metrics import Row
from .task import Task

BETAS, EPSILON, MOMENTUM = (0.9, 0.999), 1e-8, 0.9
#: A run whose loss is above this at a check has diverged: outputs of 0 have loss (d - 1)/d.
DIVERGED = 1e6
#: Widths are padded to multiples of this with nodes that are zero and stay so: whole vectors on a CPU.
CPU_UNIT = 16
#: On a GPU, where every width is captured anew, to multiples of this or of a quarter of the next power of two.
GPU_UNIT = 64


@dataclass
class State:
    """Where a run is: all that the next step depends on, and the metrics so far.

    ``weights`` and ``moments`` (m, v) hold live nodes only, shape (3, d, q_live); ``live`` are their numbers. ``bias``
    is that of the hidden nodes with its m and v, shape (3, q_live), None without one.
    """

    epoch: int
    weights: Tensor
    moments: tuple[Tensor, Tensor]
    live: Tensor
    rows: list[Row] = field(default_factory=list)
    status: str = "running"
    bias: Tensor | None = None

    def folded(self) -> Tensor:
        """The weights of the network alone, (3, d, q_live): a bias b_j is the same as b_j added to all of alpha_j."""
        if self.bias is None:
            return self.weights
        return torch.cat([self.weights[:1] + self.bias[0], self.weights[1:]])

    def expanded(self, hidden: int) -> Tensor:
        """The folded weights with dead nodes as zeros, shape (3, d, hidden)."""
        full = torch.zeros(*self.weights.shape[:2], hidden)
        full[:, :, self.live] = self.folded().cpu()
        return full


def padded(nodes: int, device: torch.device) -> int:
    """The width at which a network of so many live nodes trains."""
    unit = CPU_UNIT if device.type == "cpu" else max(GPU_UNIT, 2 ** (max(1, nodes) - 1).bit_length() // 4)
    return max(unit, -(-nodes // unit) * unit)


def spans(settings: Sequence[Settings]) -> Iterator[tuple[slice, float, float]]:
    """Consecutive networks of one learning rate and weight decay, which one call updates: (rows, rate, decay)."""
    for (lr, decay), group in groupby(range(len(settings)), lambda row: (settings[row].lr, settings[row].weight_decay)):
        rows = list(group)
        yield slice(rows[0], rows[-1] + 1), lr, decay


class Stack:
    """Networks of one padded width: weights and moments (B, 3, d, W), live nodes first, then zeros.

    The width depends on the network alone, so that what else is in its batch does not change its arithmetic. On a GPU
    the step is captured once in a CUDA graph and replayed; nothing in it waits for the host.
    """

    def __init__(
        self, numbers: Sequence[int], settings: Sequence[Settings], tasks: Sequence[Task], states: Sequence[State],
        device: torch.device,
    ) -> None:  # fmt: skip
        self.numbers, self.device = list(numbers), device
        self.live = [state.live for state in states]
        self.width = self.place = padded(max(map(len, self.live)), device)
        self.common = settings[0]
        self.weights, self.m, self.v = (
            torch.zeros(len(states), *states[0].weights.shape[:2], self.width, device=device) for _ in range(3)
        )
        for row, state in enumerate(states):
            for own, given in zip(self._tensors(row), (state.weights, *state.moments), strict=True):
                own.copy_(given)
        self.step = torch.full((), float(states[0].epoch), device=device)
        self.losses = torch.zeros(len(states), device=device)
        self.objective = Objective(tasks, self.common.loss, device=device)
        self.updates = list(spans(settings))
        self._graph: Any = None

    @staticmethod
    def place_of(number: int, live: int, device: torch.device) -> int:
        """Networks of one place are stacked: those of one padded width."""
        return padded(live, device)

    def _tensors(self, row: int) -> tuple[Tensor, Tensor, Tensor]:
        """Weights and moments of one network's live nodes, views."""
        nodes = len(self.live[row])
        return self.weights[row, :, :, :nodes], self.m[row, :, :, :nodes], self.v[row, :, :, :nodes]

    def state(self, row: int, epoch: int) -> State:
        """A copy of one network's state, on the stack's device; its metrics are left empty."""
        weights, m, v = (tensor.clone() for tensor in self._tensors(row))
        return State(epoch, weights, (m, v), self.live[row])

    def advance(self, steps: int) -> None:
        """Train on for some steps."""
        if self.device.type == "cuda":
            graph = self._graph or self._capture()
            for _ in range(steps):
                graph.replay()
        else:
            for _ in range(steps):
                self._step()

    def inspect(self) -> list[tuple[bool, Tensor]]:
        """For each network whether it diverges not, and which nodes are alive; waits for the device.

        *Alive*: alpha or beta at least DEAD somewhere.
        """
        sound = torch.isfinite(self.weights).all(dim=3).all(dim=2).all(dim=1) & (self.losses < DIVERGED)
        alive = self.weights[:, :2].abs().amax(dim=(1, 2)) >= DEAD
        found = torch.cat([sound[:, None], alive], dim=1).cpu()
        return [(bool(row[0]), row[1 : 1 + len(live)]) for row, live in zip(found, self.live, strict=True)]

    def drop(self, row: int, alive: Tensor) -> None:
        """Keep the living nodes of one network; the width stays."""
        kept = alive.nonzero()[:, 0]
        on_device = kept.to(self.device)
        for tensor in (self.weights[row], self.m[row], self.v[row]):
            survivors = tensor[:, :, on_device]
            tensor.zero_()
            tensor[:, :, : len(kept)] = survivors
        self.live[row] = self.live[row][kept]

    def _step(self) -> None:
        """One update in place by torch's fused optimizers: Adam and SGD add the weight decay to the gradient."""
        loss, gradient = self.objective(self.weights)
        self.losses.copy_(loss)
        self.step.add_(1)
        for rows, lr, decay in self.updates:
            weights, slope, m, v = ([tensor[rows]] for tensor in (self.weights, gradient, self.m, self.v))
            if self.common.optimizer == "sgd":
                torch._fused_sgd_(
                    weights, slope, m, weight_decay=decay, momentum=MOMENTUM, lr=lr, dampening=0.0,
                    nesterov=False, maximize=False, is_first_step=False,
                )  # fmt: skip
                continue
            update = torch._fused_adamw_ if self.common.optimizer == "adamw" else torch._fused_adam_
            update(
                weights, slope, m, v, [], [self.step], lr=lr, beta1=BETAS[0], beta2=BETAS[1], weight_decay=decay,
                eps=EPSILON, amsgrad=False, maximize=False,
            )  # fmt: skip

    def _capture(self) -> Any:
        """Record a step; the one that warms up the libraries first is undone.

        By the graph's own methods: torch's context manager empties the memory cache each time, and a stack is captured
        whenever nodes leave it.
        """
        moving = (self.weights, self.m, self.v, self.step, self.losses)
        before = [tensor.clone() for tensor in moving]
        side = torch.cuda.Stream()
        side.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(side):
            self._step()
        torch.cuda.current_stream().wait_stream(side)
        for tensor, old in zip(moving, before, strict=True):
            tensor.copy_(old)
        torch.cuda.synchronize()
        self._graph = torch.cuda.CUDAGraph()
        collecting = gc.isenabled()
        gc.disable()  # what it frees might belong to another graph, which ends a capture
        try:
            with torch.cuda.stream(side):
                self._graph.capture_begin()
                self._step()
                self._graph.capture_end()
        finally:
            if collecting:
                gc.enable()
        return self._graph
