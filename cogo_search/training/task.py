"""The data: all pairs of a group, and which of them are held out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..algebra.cyclotomic import IntArray
from ..groups.abelian import Group
from .config import Settings


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
