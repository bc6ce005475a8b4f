r"""What is recorded while a network trains: losses, accuracies, live nodes, and the potentials' dynamics (Figure 3).

For each k (one of each conjugate pair, and those with 2k = 0), scaled so that r_kkk = 1 at the optimum, over the
zero-mean parts of alpha and beta:

* ``r_kkk``;
* ``off_sum``, ``off_norm``: the sum and the norm of r_{k1 k2 k} over (k1, k2) != (k, k);
* ``rn``: sum_p sum_k' r_{p,k',-k',k}, what R_n asks to vanish;
* ``rstar_sum``, ``rstar_norm``: the same of R_{p,m,k} = sum_k' r_{p,k',m-k',k} over p and m != 0;
* ``order``: nodes with |z_a| > 0.05, the paper's rule, by which Figure 3 splits the curves.

Losses are the means of what is minimised: of Eq. 1's ||P(o - onehot)||^2, or of the cross-entropy. The potentials are
those of squares: networks with another activation have losses, accuracies and live nodes only.

No d^3 array occurs: sums over characters are values at the identity, norms are Gram matrices (Parseval).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ..networks.activations import SQUARE
from .config import MSE
from .functions import ACTIVATIONS
from .task import Task

#: The paper's threshold on |z_a|.
SALIENT = 0.05
#: Squares of alpha + beta of one network, and entries of Gram matrices of all, in memory at a time.
BLOCK, GRAMS = 2**18, 2**25
#: The names of the complex arrays.
COMPLEX = ("r_kkk", "off_sum", "rn", "rstar_sum")

Row = dict[str, float | NDArray[np.float64] | NDArray[np.complex128]]


def kept_characters(task: Task) -> list[int]:
    """The k of the arrays, in order: the smaller of each conjugate pair, and those with 2k = 0."""
    return sorted([k for k, _ in task.group.conjugate_pairs] + task.group.self_conjugate)


class Recorder:
    """Evaluates a batch of networks, weights (B, 3, d, q), one task each, all of one group."""

    def __init__(
        self,
        tasks: Sequence[Task],
        device: str | torch.device = "cpu",
        activation: str = SQUARE,
        loss_function: str = MSE,
    ) -> None:
        self.activation, self.loss_function = activation, loss_function
        group = tasks[0].group
        d = group.order
        held = np.zeros((len(tasks), d * d))
        for row, task in zip(held, tasks, strict=True):
            row[task.test] = 1
        self.held = torch.from_numpy(held).to(device)
        self.sums = torch.from_numpy(np.asarray(tasks[0].split(np.arange(d * d))[2])).view(d, d).to(device)
        self.phases = torch.from_numpy(group.characters[kept_characters(tasks[0])].conj().copy()).to(device)

    def __call__(self, epoch: int, weights: Tensor, live: Sequence[int]) -> list[Row]:
        """One row of the metrics for each network; ``live`` are the numbers of nodes that are not padding."""
        # On some CPUs a product rounds otherwise where a matrix does not begin at a multiple of 64 bytes, as those of a
        # batch may: one network at a time there, so that its metrics do not depend on what it trains with.
        count = 1 if weights.device.type == "cpu" else max(1, GRAMS // max(1, weights.shape[3]) ** 2)
        parts = [
            self._losses(some, held) | (self._dynamics(some) if self.activation == SQUARE else {})
            for some, held in zip(weights.split(count), self.held.split(count), strict=True)
        ]
        arrays = {name: torch.cat([part[name] for part in parts]).cpu().numpy() for name in parts[0]}
        return [
            {"epoch": epoch, "live": alive, **{name: array[i] for name, array in arrays.items()}}
            for i, alive in enumerate(live)
        ]

    def _losses(self, weights: Tensor, held: Tensor) -> dict[str, Tensor]:
        a, b, v = weights.unbind(1)
        size, d, q = a.shape
        act = ACTIVATIONS[self.activation]
        vc = (v - v.mean(dim=1, keepdim=True)).transpose(1, 2).contiguous()
        loss = torch.empty(size, d, d, dtype=torch.float64, device=weights.device)
        right = torch.empty_like(loss)
        block = max(1, BLOCK // (d * max(1, q)))
        for first in range(0, d, block):
            sums = self.sums[first : first + block].expand(size, -1, -1)
            hidden = act(a[:, first : first + block, None] + b[:, None])
            outputs = torch.bmm(hidden.view(size, -1, q), vc).view(*sums.shape, d)
            right[:, first : first + block] = outputs.argmax(dim=3) == sums
            own = outputs.gather(3, sums[..., None])[..., 0]
            if self.loss_function == MSE:  # || o - P onehot ||^2 with o of mean zero
                excess = ((outputs.double() + 1 / d) ** 2).sum(dim=3) - 2 * (own.double() + 1 / d) + 1
            else:  # the softmax does not see the mean
                excess = outputs.double().logsumexp(dim=3) - own.double()
            loss[:, first : first + block] = excess
        values = {}
        for name, chosen in (("train", 1 - held), ("test", held)):
            pairs = chosen.sum(dim=1)  # without test pairs: 0 / 0, NaN
            values[f"{name}_loss"] = (loss.view(size, -1) * chosen).sum(dim=1) / pairs
            values[f"{name}_accuracy"] = (right.view(size, -1) * chosen).sum(dim=1) / pairs
        return values

    def _dynamics(self, weights: Tensor) -> dict[str, Tensor]:
        a, b, v = weights.double().unbind(1)
        d = a.shape[1]
        a, b = a - a.mean(dim=1, keepdim=True), b - b.mean(dim=1, keepdim=True)
        z_a, z_b = (torch.matmul(self.phases, x.to(self.phases.dtype)) / d for x in (a, b))
        c = 2 * torch.matmul(self.phases, v.to(self.phases.dtype)).conj()
        diagonal = (z_a * z_b * c).sum(dim=2)
        grams = torch.bmm(a.transpose(1, 2), a) * torch.bmm(b.transpose(1, 2), b) / d**2
        off_squared = _form(c, grams) - diagonal.abs() ** 2
        squares = [x**2 for x in (a, b)]
        means = [x.mean(dim=1, keepdim=True) for x in squares]
        varying = [x - mean for x, mean in zip(squares, means, strict=True)]
        rstar_squared = sum(_form(c, torch.bmm(x.transpose(1, 2), x) / d) for x in varying)
        return {
            "r_kkk": diagonal,
            "off_sum": _times(c, a[:, 0] * b[:, 0]) - diagonal,
            "rn": _times(c, (means[0] + means[1])[:, 0]),
            "rstar_sum": _times(c, varying[0][:, 0] + varying[1][:, 0]),
            "off_norm": off_squared.clamp(min=0).sqrt(),
            "rstar_norm": torch.as_tensor(rstar_squared).clamp(min=0).sqrt(),
            "order": (z_a.abs() > SALIENT).sum(dim=2).double(),
        }


def _times(c: Tensor, x: Tensor) -> Tensor:
    """c x for c (B, K, q) and real x (B, q)."""
    return (c * x[:, None]).sum(dim=2)


def _form(c: Tensor, matrix: Tensor) -> Tensor:
    """c Q c^H for each row c, (B, K, q), and a real symmetric Q, (B, q, q)."""
    return (torch.bmm(c.real, matrix) * c.real + torch.bmm(c.imag, matrix) * c.imag).sum(dim=2)


def stack(rows: list[Row]) -> dict[str, np.ndarray]:
    """Arrays over time, one for each name: shape (T,) or (T, K)."""
    return {name: np.stack([np.asarray(row[name]) for row in rows]) for name in rows[0]}


def stored(arrays: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """As they are kept: counts as integers, what varies with k in single precision."""
    types: dict[str, type[np.generic]] = {"epoch": np.int32, "live": np.int32, "order": np.int32}
    types |= dict.fromkeys(COMPLEX, np.complex64) | dict.fromkeys(("off_norm", "rstar_norm"), np.float32)
    return {name: array.astype(types.get(name, array.dtype)) for name, array in arrays.items()}


def unstack(arrays: dict[str, np.ndarray]) -> list[Row]:
    """The rows again."""
    return [{name: array[i] for name, array in arrays.items()} for i in range(len(arrays["epoch"]))]
