"""A run seen through its snapshots: what metrics.npz lacks, and the same as it has where snapshots are more."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..matching.match import live
from ..matching.spectrum import blocks, gauge_fixed, named_frequencies
from ..networks.network import ComplexArray, FloatArray, Network
from ..training.task import Task, make_task
from .collect import RunInput

#: The parts of the sums of R_n, by the nodes that make them.
PARTS = ("fours", "sixes", "others")


@dataclass(frozen=True, eq=False)
class Trace:
    """Values at T snapshots and K output frequencies; T ``epoch``.

    ``losses`` and ``accuracies`` (T, 2): of training and of test pairs, NaN where there are none. ``r_kkk`` (T, K).
    ``fours``, ``sixes``, ``others`` (T, K): the parts of sum_p sum_k' r_{p,k',-k',k} (Lemma 1, R_n) of the nodes that
    end at frequencies of order 4, of order 6, and of all others. ``order`` (K,): nodes that each frequency ends with.
    """

    epoch: np.ndarray
    losses: FloatArray
    accuracies: FloatArray
    r_kkk: ComplexArray
    fours: ComplexArray
    sixes: ComplexArray
    others: ComplexArray
    order: np.ndarray

    def along_own(self, order: int) -> dict[str, FloatArray]:
        """The parts and the whole of the sums of R_n at the output frequencies of an order, added up, (T,) each.

        They are complex: at each frequency they are turned so that the final part of the nodes of that order is
        positive, and real parts are taken.
        """
        here = self.order == order
        final = (self.fours if order == 4 else self.sixes)[-1, here]
        turn = np.exp(-1j * np.angle(final))
        parts = {name: np.real(getattr(self, name)[:, here] * turn).sum(axis=1) for name in PARTS}
        return parts | {"all": np.sum(list(parts.values()), axis=0)}


def trace(run: RunInput) -> Trace:
    """Evaluate a usable run at all its snapshots."""
    if run.settings is None:
        raise ValueError(f"run {run.name} has no settings: it is not usable")
    task, final = make_task(run.settings), run.network(run.epoch)
    owner = np.zeros(final.width, dtype=np.int64)
    found = blocks(final)
    for block in found:
        owner[block.nodes] = block.order
    of_part = dict(zip(PARTS, (owner == 4, owner == 6, (owner != 4) & (owner != 6)), strict=True))
    named = named_frequencies(final.group)
    rows: dict[str, list[np.ndarray]] = {name: [] for name in ("losses", "accuracies", "r_kkk", *PARTS)}
    for epoch in run.snapshots:
        network = run.network(epoch)
        losses, accuracies = _evaluated(live(network), task)
        rows["losses"].append(losses)
        rows["accuracies"].append(accuracies)
        z = gauge_fixed(network)
        rows["r_kkk"].append(np.prod(z[:, named], axis=0).sum(axis=1))
        terms = z[2, named] * np.sum(np.abs(z[:2, 1:]) ** 2, axis=(0, 1))
        for name, chosen in of_part.items():
            rows[name].append(terms[:, chosen].sum(axis=1))
    arrays = {name: np.stack(values) for name, values in rows.items()}
    return Trace(np.array(run.snapshots), **arrays, order=np.array([block.order for block in found]))


def _evaluated(network: Network, task: Task) -> tuple[FloatArray, FloatArray]:
    """Loss (Eq. 1) and accuracy of the training and of the test pairs, (2,) each."""
    d = network.group.order
    losses, right = np.empty((d, d)), np.empty((d, d))
    everything = np.arange(d)
    for x1 in range(d):
        outputs = network.hidden(network.W_a[x1] + network.W_b) @ network.V.T
        target = network.group.add(x1, everything)
        right[x1] = outputs.argmax(axis=1) == target
        outputs[everything, target] -= 1
        losses[x1] = np.sum((outputs - outputs.mean(axis=1, keepdims=True)) ** 2, axis=1)
    return _split(losses, task), _split(right, task)


def _split(values: FloatArray, task: Task) -> FloatArray:
    """Means over the training and over the test pairs."""
    return np.array([values.ravel()[pairs].mean() if len(pairs) else np.nan for pairs in (task.train, task.test)])
