"""Data and initial weights, always drawn on the CPU."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from ..cyclotomic import IntArray
from ..groups import Group
from .settings import Settings


@dataclass(frozen=True, eq=False)
class Task:
    """All d^2 pairs in the order x1 * d + x2; ``test`` indices of held-out pairs, ascending; ``train`` the others."""

    group: Group
    train: IntArray
    test: IntArray

    def split(self, indices: IntArray) -> tuple[IntArray, IntArray, IntArray]:
        """(x1, x2, x1 + x2) of some pairs."""
        x1, x2 = np.divmod(indices, self.group.order)
        return x1, x2, np.asarray(self.group.add(x1, x2))


def make_task(settings: Settings) -> Task:
    """The split: the first ceil((1 - train_fraction) d^2) pairs of a permutation are held out.

    The paper's permutation is numpy's ``RandomState(seed).permutation``; the independent one comes from a child of
    ``SeedSequence(seed)``, which shares nothing with the weights'.
    """
    group = Group.parse(settings.group)
    pairs = group.order**2
    if settings.seeding == "paper":
        permutation = np.random.RandomState(settings.seed).permutation(pairs)
    else:
        permutation = np.random.default_rng(np.random.SeedSequence(settings.seed).spawn(2)[0]).permutation(pairs)
    test = np.sort(permutation[: settings.held_out])
    return Task(group, np.setdiff1d(np.arange(pairs), test), test)


def initial_weights(settings: Settings) -> Tensor:
    """W_a, W_b, V stacked, float32 of shape (3, d, q).

    The paper's: ``torch.manual_seed(seed + 2)``, a discarded d x d embedding table, then three bias-free linear
    layers (q, d), (q, d), (d, q) with torch's initialisation, uniform in +-1/sqrt(d) and +-1/sqrt(q). The independent
    ones have the same distributions. The global state of torch's generator is left as it was.
    """
    d, q = Group.parse(settings.group).order, settings.hidden
    if settings.seeding == "paper":
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(settings.seed + 2)
            nn.Embedding(d, d)
            layers = [nn.Linear(d, q, bias=False), nn.Linear(d, q, bias=False), nn.Linear(q, d, bias=False)]
        w_a, w_b, v = (layer.weight.detach() for layer in layers)
        return torch.stack([w_a.T, w_b.T, v]).contiguous()
    rng = np.random.default_rng(np.random.SeedSequence(settings.seed).spawn(2)[1])
    bounds = np.array([d, d, q], dtype=np.float64)[:, None, None] ** -0.5
    return torch.from_numpy((rng.uniform(-1, 1, size=(3, d, q)) * bounds).astype(np.float32))
