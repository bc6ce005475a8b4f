"""The paper's experiment in one sitting: the obvious program, to read and to check the engine against.

:func:`cogo_search.train` computes the same updates from gradients in closed form, some ten times faster.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import InputError, choose
from ..groups.abelian import Group
from ..networks.initial import initial_weights
from ..networks.network import Network
from .config import CLOSED_FORM_OPTIMIZERS, Settings
from .task import make_task

if TYPE_CHECKING:
    import torch


def naive_training(
    group: Group | str | int,
    *,
    hidden: int = 512,
    seed: int = 1,
    epochs: int = 10000,
    lr: float = 0.01,
    weight_decay: float = 5e-5,
    optimizer: str = "adam",
    dtype: str = "float32",
) -> Network:
    """Train one 2-layer quadratic network on group addition, as Section 6 of the paper describes it.

    Inputs are two one-hot vectors of length d, hidden nodes (alpha_j[x1] + beta_j[x2])^2, outputs plain; the loss is
    the mean over 90 % of all d^2 pairs of the squared distance to the one-hot target, both less their means.
    Arguments are those of :func:`cogo_search.train`; ``dtype`` is float32 as published, or float64. Needs PyTorch.

    >>> naive_training(5, hidden=8, epochs=3).width
    8
    """
    import torch

    if optimizer not in CLOSED_FORM_OPTIMIZERS:
        raise InputError(f"optimizer={optimizer!r} is unknown here: {choose(optimizer, CLOSED_FORM_OPTIMIZERS)}")
    group = group if isinstance(group, Group) else Group(group)
    settings = Settings(group.name, hidden=hidden, seed=seed, epochs=epochs, lr=lr, weight_decay=weight_decay,
                        optimizer=optimizer, snapshots=())  # fmt: skip
    d, kind = group.order, getattr(torch, dtype)

    # The data: one-hot vectors of the pairs that are trained on, and of their sums less the mean 1/d.
    task = make_task(settings)
    x1, x2, x = (torch.from_numpy(part) for part in task.split(task.train))
    one_hot = torch.eye(d, dtype=kind)
    first, second, wanted = one_hot[x1], one_hot[x2], one_hot[x] - 1 / d

    # The weights: torch's default initialisation by the published seeds, each of shape (d, hidden).
    drawn = torch.from_numpy(initial_weights(d, hidden, seed, "paper")).to(kind)
    w_a, w_b, v = weights = [torch.nn.Parameter(part.clone()) for part in drawn]
    step = _optimizer(settings, weights)

    for _ in range(epochs):
        outputs = (first @ w_a + second @ w_b) ** 2 @ v.T
        residual = outputs - outputs.mean(dim=1, keepdim=True) - wanted
        loss = (residual**2).sum(dim=1).mean()
        step.zero_grad()
        loss.backward()
        step.step()

    arrays = [weight.detach().numpy().astype(np.float64) for weight in weights]
    metadata = {"trivial": "with", "target": "zero-mean", "origin": "trained", "seed": str(seed), "epoch": str(epochs)}
    return Network(group, arrays[0], arrays[1], arrays[2], metadata, precision=dtype)


def _optimizer(settings: Settings, weights: list[torch.nn.Parameter]) -> torch.optim.Optimizer:
    """torch's own; weight decay is added to the gradient but for adamw."""
    import torch

    rates: dict[str, Any] = {"lr": settings.lr, "weight_decay": settings.weight_decay}
    if settings.optimizer == "sgd":
        return torch.optim.SGD(weights, momentum=0.9, **rates)
    return (torch.optim.Adam if settings.optimizer == "adam" else torch.optim.AdamW)(weights, **rates)
