r"""Training by autograd: any activation, cross-entropy, a hidden bias, torch's own optimizers. One page, to be read.

    o[x1, x2] = sum_j v_j act(alpha_j[x1] + b_j + beta_j[x2]),   b = 0 where no bias is trained

    mse            mean over training pairs of || P(o - onehot(x1 + x2)) ||^2,   P = I - 11^T/d   (Eq. 1)
    cross-entropy  mean over training pairs of log sum_y exp o_y - o_{x1 + x2}

The networks of a stack share one graph, of the sum of their losses; none sees another. The optimizers move slices of
the stack, and their moments are slices of its moments, so that what is put down (:class:`.stack.State`) is all that
they go on from. No node leaves: the derivative of a ReLU, unlike a square's, does not vanish with what enters the node.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import torch
from torch import Tensor

from ..errors import InputError
from .config import MSE, Settings
from .functions import ACTIVATIONS
from .stack import DIVERGED, MOMENTUM, State, spans
from .task import Task

#: torch's optimizers and what is not their default; fused ones update in one call.
OPTIMIZERS: dict[str, tuple[str, dict[str, Any]]] = {
    "adam": ("Adam", {"fused": True}),
    "adamw": ("AdamW", {"fused": True}),
    "sgd": ("SGD", {"fused": True, "momentum": MOMENTUM}),
    "muon": ("Muon", {}),
}


def find_optimizer(name: str) -> Any:
    """torch's class. Raises InputError where the installed torch has none."""
    if not hasattr(torch.optim, title := OPTIMIZERS[name][0]):
        raise InputError(f"optimizer={name}: torch {torch.__version__} has no {title}: upgrade it, or take adamw")
    return getattr(torch.optim, title)


class AutogradStack:
    """Networks of one shape: ``parameters`` are the weights (B, 3, d, q) and, where it is trained, the bias (B, q).

    ``m`` and ``v`` are the moments of each, as Adam's; SGD and Muon keep their momentum in ``m``. On a CPU a stack is
    one network, which so ends bit for bit as it does alone.
    """

    @torch.inference_mode(False)
    def __init__(
        self, numbers: Sequence[int], settings: Sequence[Settings], tasks: Sequence[Task], states: Sequence[State],
        device: torch.device,
    ) -> None:  # fmt: skip
        self.numbers, self.device, self.common = list(numbers), device, settings[0]
        self.live = [state.live for state in states]
        self.place = self.place_of(numbers[0], 0, device)
        kinds = [[(state.weights, *state.moments) for state in states]]
        kinds += [[tuple(state.bias) for state in states if state.bias is not None]] if self.common.bias else []
        self.parameters, self.m, self.v = (
            [torch.stack([own[part] for own in kind]).to(device) for kind in kinds] for part in range(3)
        )
        for parameter in self.parameters:
            parameter.requires_grad_()
        d = tasks[0].group.order
        sums = torch.from_numpy(np.asarray(tasks[0].split(np.arange(d * d))[2])).to(device)
        self.answers, self.onehot = sums.expand(len(states), -1)[..., None], torch.eye(d, device=device)[sums]
        self.shares = torch.zeros(len(states), d * d)
        for row, task in zip(self.shares, tasks, strict=True):
            row[task.train] = 1 / len(task.train)
        self.shares = self.shares.to(device)
        self.losses = torch.zeros(len(states), device=device)
        self.spans = list(spans(settings))
        self.moved = [view for _, _, view in self._views([parameter.detach() for parameter in self.parameters])]
        self.begun = states[0].epoch

    @staticmethod
    def place_of(number: int, live: int, device: torch.device) -> int:
        """Networks of one place are stacked: all of them on a GPU, none on a CPU."""
        return number if device.type == "cpu" else 0

    @property
    def weights(self) -> Tensor:
        """The networks alone, (B, 3, d, q): the bias in alpha."""
        weights = self.parameters[0].detach()
        if not self.common.bias:
            return weights
        return torch.cat([weights[:, :1] + self.parameters[1].detach()[:, None, None], weights[:, 1:]], dim=1)

    def state(self, row: int, epoch: int) -> State:
        """A copy of one network's state, on the stack's device; its metrics are left empty."""
        parts = (self.parameters, self.m, self.v)
        weights, m, v = (part[0].detach()[row].clone() for part in parts)
        bias = torch.stack([part[1].detach()[row] for part in parts]) if self.common.bias else None
        return State(epoch, weights, (m, v), self.live[row], bias=bias)

    def inspect(self) -> list[tuple[bool, Tensor]]:
        """For each network whether it diverges not, and which nodes are alive, here all; waits for the device."""
        sound = torch.isfinite(self.weights).flatten(1).all(dim=1) & (self.losses < DIVERGED)
        return [(bool(own), torch.ones_like(live)) for own, live in zip(sound.cpu(), self.live, strict=True)]

    @torch.inference_mode(False)
    def advance(self, steps: int) -> None:
        """Train on for some steps."""
        for _ in range(steps):
            losses = self.loss()
            slopes = torch.autograd.grad(losses.sum(), self.parameters)
            for parameter, (_, _, slope) in zip(self.moved, self._views(slopes), strict=True):
                parameter.grad = slope
            for optimizer in self.optimizers:
                optimizer.step()
            self.losses = losses.detach()

    def loss(self) -> Tensor:
        """The loss of each network, shape (B,)."""
        a, b, v = self.parameters[0].unbind(1)
        if self.common.bias:
            a = a + self.parameters[1][:, None]
        entering = (a[:, :, None] + b[:, None]).flatten(1, 2)  # (B, d^2, q)
        outputs = torch.bmm(ACTIVATIONS[self.common.activation](entering), v.transpose(1, 2))
        if self.common.loss_function == MSE:
            residual = outputs - self.onehot
            by_pair = (residual - residual.mean(dim=2, keepdim=True)).square().sum(dim=2)
        else:
            by_pair = outputs.logsumexp(dim=2) - outputs.gather(2, self.answers)[..., 0]
        return (by_pair * self.shares).sum(dim=1)

    def _views(self, tensors: Sequence[Tensor]) -> Iterator[tuple[str, int, Tensor]]:
        """What is moved at once: (optimizer, number of its span, view of a tensor as ``parameters`` are).

        Muon moves matrices: those of three linear layers, (q, d), (q, d) and (d, q); its biases are AdamW's.
        """
        name = self.common.optimizer
        for number, (rows, _, _) in enumerate(self.spans):
            weights, *bias = (tensor[rows] for tensor in tensors)
            matrices = [view for own in weights for view in (own[0].T, own[1].T, own[2])]
            yield from ((name, number, view) for view in (matrices if name == "muon" else [weights]))
            yield from (("adamw" if name == "muon" else name, number, view) for view in bias)

    @cached_property
    def optimizers(self) -> list[torch.optim.Optimizer]:
        """One, or Muon and AdamW. The first of a process takes seconds: torch loads its compiler for them."""
        return [self._optimizer(name) for name in dict.fromkeys(name for name, _, _ in self._views(self.m))]

    def _optimizer(self, name: str) -> torch.optim.Optimizer:
        """torch's own, with the learning rate and weight decay of each span, as it is at the stack's first epoch.

        Adam and SGD add the weight decay to the gradient; AdamW and Muon shrink the weights by lr times it.
        """
        groups, states = [], []
        views = zip(self.moved, self._views(self.m), self._views(self.v), strict=True)
        for parameter, (own, span, m), (_, _, v) in views:
            if own == name:
                _, lr, decay = self.spans[span]
                groups.append({"params": [parameter], "lr": lr, "weight_decay": decay})
                step = torch.full((), float(self.begun), device=self.device)
                adam = {"step": step, "exp_avg": m, "exp_avg_sq": v}
                states.append((parameter, adam if name.startswith("adam") else {"momentum_buffer": m}))
        optimizer: torch.optim.Optimizer = find_optimizer(name)(groups, **OPTIMIZERS[name][1])
        optimizer.state.update(states)
        return optimizer
