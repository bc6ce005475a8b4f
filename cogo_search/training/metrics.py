r"""What is recorded while a network trains: losses, accuracies, live nodes, and the potentials' dynamics (Figure 3).

For each k (one of each conjugate pair, and those with 2k = 0), scaled so that r_kkk = 1 at the optimum, over the
zero-mean parts of alpha and beta:

* ``r_kkk``;
* ``off_sum``, ``off_norm``: the sum and the norm of r_{k1 k2 k} over (k1, k2) != (k, k);
* ``rn``: sum_p sum_k' r_{p,k',-k',k}, what R_n asks to vanish;
* ``rstar_sum``, ``rstar_norm``: the same of R_{p,m,k} = sum_k' r_{p,k',m-k',k} over p and m != 0;
* ``order``: nodes with |z_a| > 0.05, the paper's rule, by which Figure 3 splits the curves.

No d^3 array occurs: sums over characters are values at the identity, norms are Gram matrices (Parseval).
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from .task import Task

#: The paper's threshold on |z_a|.
SALIENT = 0.05
#: Squares of alpha + beta in memory at a time.
BLOCK = 2**18
#: The names of the complex arrays.
COMPLEX = ("r_kkk", "off_sum", "rn", "rstar_sum")

Row = dict[str, float | NDArray[np.float64] | NDArray[np.complex128]]


def kept_characters(task: Task) -> list[int]:
    """The k of the arrays, in order: the smaller of each conjugate pair, and those with 2k = 0."""
    return sorted([k for k, _ in task.group.conjugate_pairs] + task.group.self_conjugate)


class Recorder:
    """Evaluates weights (3, d, q) on a task."""

    def __init__(self, task: Task) -> None:
        self.task = task
        d = task.group.order
        self.held = torch.zeros(d * d, dtype=torch.bool)
        self.held[torch.from_numpy(task.test)] = True
        self.sums = torch.from_numpy(np.asarray(task.split(np.arange(d * d))[2])).view(d, d)
        self.phases = torch.from_numpy(task.group.characters[kept_characters(task)].conj().copy())

    def __call__(self, epoch: int, weights: Tensor) -> Row:
        """One row of the metrics."""
        return {"epoch": epoch, "live": weights.shape[2], **self._losses(weights), **self._dynamics(weights)}

    def _losses(self, weights: Tensor) -> dict[str, float]:
        a, b, v = weights
        d = len(a)
        vc = (v - v.mean(dim=0)).T.contiguous()
        loss, right = torch.empty(d, d, dtype=torch.float64), torch.empty(d, d, dtype=torch.bool)
        block = max(1, BLOCK // (d * max(1, a.shape[1])))
        for first in range(0, d, block):
            rows = slice(first, first + block)
            outputs = (a[rows, None] + b) ** 2 @ vc
            right[rows] = outputs.argmax(dim=2) == self.sums[rows]
            own = outputs.gather(2, self.sums[rows, :, None])[:, :, 0]
            # || o - P onehot ||^2 with o of mean zero
            loss[rows] = ((outputs.double() + 1 / d) ** 2).sum(dim=2) - 2 * (own.double() + 1 / d) + 1
        loss, right = loss.view(-1), right.view(-1)
        values = {
            "train_loss": float(loss[~self.held].mean()),
            "train_accuracy": float(right[~self.held].double().mean()),
        }
        tested = bool(self.held.any())
        values["test_loss"] = float(loss[self.held].mean()) if tested else float("nan")
        values["test_accuracy"] = float(right[self.held].double().mean()) if tested else float("nan")
        return values

    def _dynamics(self, weights: Tensor) -> dict[str, NDArray[np.float64] | NDArray[np.complex128]]:
        a, b, v = weights.double()
        d = len(a)
        a, b = a - a.mean(dim=0), b - b.mean(dim=0)
        z_a, z_b = (self.phases @ x.to(self.phases.dtype) / d for x in (a, b))
        c = 2 * (self.phases @ v.to(self.phases.dtype)).conj()
        diagonal = (z_a * z_b * c).sum(dim=1)
        off_squared = _form(c, (a.T @ a) * (b.T @ b) / d**2) - diagonal.abs() ** 2
        squares = [x**2 for x in (a, b)]
        means = [x.mean(dim=0) for x in squares]
        varying = [x - mean for x, mean in zip(squares, means, strict=True)]
        complex_sums = {
            "r_kkk": diagonal,
            "off_sum": c @ (a[0] * b[0]).to(c.dtype) - diagonal,
            "rn": c @ (means[0] + means[1]).to(c.dtype),
            "rstar_sum": c @ (varying[0][0] + varying[1][0]).to(c.dtype),
        }
        norms = {
            "off_norm": off_squared.clamp(min=0).sqrt(),
            "rstar_norm": sum((_form(c, x.T @ x / d) for x in varying), torch.zeros(len(c))).clamp(min=0).sqrt(),
        }
        order = (z_a.abs() > SALIENT).sum(dim=1).double()
        return {name: value.numpy() for name, value in {**complex_sums, **norms, "order": order}.items()}


def _form(c: Tensor, matrix: Tensor) -> Tensor:
    """c Q c^H for each row c and a real symmetric Q."""
    return ((c.real @ matrix) * c.real + (c.imag @ matrix) * c.imag).sum(dim=1)


def stack(rows: list[Row]) -> dict[str, np.ndarray]:
    """Arrays over time, one for each name: shape (T,) or (T, K)."""
    return {name: np.stack([np.asarray(row[name]) for row in rows]) for name in rows[0]}


def unstack(arrays: dict[str, np.ndarray]) -> list[Row]:
    """The rows again."""
    return [{name: array[i] for name, array in arrays.items()} for i in range(len(arrays["epoch"]))]
