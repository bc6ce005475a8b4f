r"""The training loss and its gradient in closed form, in two forms that agree; no autograd.

    l = N^-1 sum over training pairs of || P (V (alpha[x1] + beta[x2])^2 - onehot(x1 + x2)) ||^2,   P = I - 11^T/d

**Grid form.** With S = alpha[x1] + beta[x2] over all d x d pairs, H = S^2, R = (H Vc^T - P onehot) masked to the
training pairs, Vc = P V:  dl/dV = 2 R^T H / N,  dl/dS = 4 S (R Vc) / N, summed over x2 for alpha and x1 for beta.
6 d^3 q floating-point operations.

**Gram form.** The sum over all pairs needs no pairs at all. Let A, B be the zero-mean parts of alpha and beta and t
(q,) the constant part of alpha + beta, so that (alpha + beta)^2 = (A + t)^2 + (B^2 + 2 t B) + 2 A B. With
U = (A + t)^2 Vc^T, U' = (B^2 + 2 t B) Vc^T, shapes (d, d), and the Gram matrices G_a, G_b, M of A, B, Vc,

    sum || P o ||^2      = d |U|^2 + d |U'|^2 + 2 (1^T U)(1^T U')^T + 4 sum_ij M G_a G_b
    sum <P o, onehot>    = 2 sum_j <Vc_j, A_j * B_j>      (convolution over the group: products of characters)

and the held-out pairs are subtracted one by one: 12 q^2 d + 6 d q (number held out) + O(d^2 q) operations.

**Parts of Eq. 3.** On zero-mean alpha and beta the first line is R_* (the part of U, U' that varies) + R_n (their
means) + sum |r|^2 (the Gram part), which ``no-rstar`` and ``first-two`` (Theorem 7) select. They are sums over all
pairs and see the zero-mean parts of alpha and beta only.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from .task import Task

#: Cost in floating-point operations of one operation of the memory-bound kind, and of one kernel launch
#: (calibrated by benchmarks/train.py).
ELEMENTWISE, LAUNCH = 12.0, 3e5


class Objective:
    """Loss and gradient over the training pairs for a batch of networks, weights (B, 3, d, q) of one type and device.

    One task a network, all of one group and number of held-out pairs. ``form`` is grid, gram or auto (the cheaper one
    at each width, by :func:`costs`). No operation depends on the values, adds in an order that varies, or waits for
    the device; and none mixes networks.
    """

    def __init__(
        self,
        tasks: Sequence[Task],
        loss: str = "full",
        form: str = "auto",
        dtype: torch.dtype = torch.float32,
        device: str | torch.device = "cpu",
    ) -> None:
        def tensor(array: np.ndarray) -> Tensor:
            return torch.from_numpy(np.ascontiguousarray(array)).to(device=device, dtype=dtype)

        g = tasks[0].group
        d = self.d = g.order
        self.tasks, self.loss, self.form, self.size = list(tasks), loss, form, len(tasks)
        self._buffers: dict[str, Tensor] = {}
        self.pairs, self.held_out = len(tasks[0].train), len(tasks[0].test)
        self.centre = tensor(np.eye(d) - 1 / d)
        if self.held_out:
            self._place_held_out(device)
        # One character of each conjugate pair but the trivial: real and imaginary parts as rows, and the way back.
        kept = [k for k, _ in g.conjugate_pairs] + g.self_conjugate
        phases = g.characters[kept].conj()
        times = np.array([2.0 if g.character_orders[k] > 2 else 1.0 for k in kept])[:, None] / d
        three = 3 * self.size
        self.forward = tensor(np.concatenate([phases.real, phases.imag])).expand(three, -1, -1)
        self.backward = tensor(np.concatenate([phases.real * times, phases.imag * times]).T).expand(three, -1, -1)

    def _place_held_out(self, device: str | torch.device) -> None:
        """Where the two rows of each held-out pair are among all rows of weights, and the pairs of each row."""
        held = np.stack([task.test for task in self.tasks])
        x1, x2, x = self.tasks[0].split(held)
        first = 3 * self.d * np.arange(self.size)[:, None]
        self.rows = torch.from_numpy(np.stack([first + x1, first + self.d + x2], axis=-1).reshape(-1)).to(device)
        self.row_starts = torch.arange(0, 2 * held.size, 2, device=device)
        by_row = np.stack([np.argsort(part, axis=1, kind="stable") for part in (x1, x2)], axis=1)
        by_row += self.held_out * np.arange(self.size)[:, None, None]
        counts = np.zeros((self.size, 2, self.d), dtype=np.int64)
        for part, values in enumerate((x1, x2)):
            np.add.at(counts[:, part], (np.arange(self.size)[:, None], values), 1)
        self.by_row = torch.from_numpy(by_row.reshape(-1)).to(device)
        self.by_row_starts = torch.from_numpy(np.cumsum(counts.reshape(-1)) - counts.reshape(-1)).to(device)
        self.held_target = self.centre[:, torch.from_numpy(x).to(device)].transpose(0, 1).contiguous()

    def choose(self, q: int) -> str:
        """The form used at width q."""
        if self.loss != "full" or self.form == "gram":
            return "gram"
        grid, gram = costs(self.d, q, self.held_out)
        return "grid" if self.form == "grid" or grid <= gram else "gram"

    def __call__(self, weights: Tensor) -> tuple[Tensor, Tensor]:
        """(loss, gradient), shapes (B,) and (B, 3, d, q)."""
        if self.choose(weights.shape[3]) == "grid":
            return self._grid(weights)
        if self.loss != "full":
            return self._parts(weights)
        total, gradient = self._all_pairs(weights)
        if self.held_out:
            total = total - self._subtract_held_out(weights, gradient)
        return total / self.pairs, gradient.div_(self.pairs)

    def _buffer(self, name: str, *shape: int) -> Tensor:
        """Memory that is kept between steps: fresh pages would cost more than what is done with them."""
        held = self._buffers.get(name)
        if held is None or held.shape != shape:
            held = self._buffers[name] = self.centre.new_empty(shape)
        return held

    @cached_property
    def _masked(self) -> tuple[Tensor, Tensor]:
        """What the grid form asks for: 2/pairs on training pairs, (B, 1, d^2), and minus the target, (B, d, d^2)."""
        d = self.d
        mask = np.zeros((self.size, 1, d * d))
        for own, task in zip(mask, self.tasks, strict=True):
            own[:, task.train] = 2 / self.pairs
        scaled = torch.from_numpy(mask).to(self.centre)
        sums = torch.from_numpy(np.asarray(self.tasks[0].split(np.arange(d * d))[2])).to(self.centre.device)
        return scaled, -self.centre[:, sums] * scaled

    def _grid(self, weights: Tensor) -> tuple[Tensor, Tensor]:
        a, b, v = weights.unbind(1)
        size, d, q = a.shape
        vc = v - v.mean(dim=1, keepdim=True)
        s, h, back = (self._buffer(name, size, d * d, q) for name in ("s", "h", "back"))
        torch.add(a[:, :, None], b[:, None], out=s.view(size, d, d, q))
        torch.mul(s, s, out=h)
        residual = torch.bmm(vc, h.transpose(1, 2), out=self._buffer("residual", size, d, d * d))
        mask, target = self._masked
        torch.addcmul(target, residual, mask, out=residual)  # 2 / pairs times the residual
        loss = torch.linalg.vector_norm(residual.view(size, -1), dim=1).square_().mul_(self.pairs / 4)
        s *= torch.bmm(residual.transpose(1, 2), vc.mul_(2), out=back)
        gradient = torch.empty_like(weights)
        slope_a, slope_b, slope_v = gradient.unbind(1)
        s = s.view(size, d, d, q)
        torch.sum(s, dim=2, out=slope_a)
        torch.sum(s, dim=1, out=slope_b)
        torch.bmm(residual, h, out=slope_v)
        return loss, gradient

    def _all_pairs(self, weights: Tensor) -> tuple[Tensor, Tensor]:
        """Sum over all d^2 pairs, and its gradient."""
        size, _, d, _ = weights.shape
        means = weights.mean(dim=2, keepdim=True)
        centred = weights - means
        a0, b0, vc = centred.unbind(1)
        cross, convolutions = self._cross(centred)
        quartic, gradient = self._quartic(centred)
        gradient.sub_(convolutions, alpha=4)
        constant = means[:, 0] + means[:, 1]  # of alpha + beta: the loss does not see how it is divided
        shifted = a0 + constant
        rows = torch.cat([shifted * shifted, b0 * torch.add(b0, constant, alpha=2)], dim=1)  # (B, 2 d, q)
        outputs = torch.bmm(rows, vc.transpose(1, 2)).view(size, 2, d, d)
        lifted = outputs * (2 * d)  # derivative by U, U'
        lifted += 2 * outputs.sum(dim=2).flip(1)[:, :, None]
        squares = (lifted * outputs).sum(dim=(1, 2, 3)) / 2  # a quadratic form is half of <x, its gradient>
        back = torch.bmm(lifted.view(size, 2 * d, d), vc)
        slope_a, slope_b, slope_v = gradient.unbind(1)
        slope_a.addcmul_(shifted, back[:, :d], value=2)
        slope_b.addcmul_(b0 + constant, back[:, d:], value=2)
        slope_v.baddbmm_(lifted.view(size, 2 * d, d).transpose(1, 2), rows)
        # gradients by a0 and b0 act through the centring, that by the constant through both means
        by_constant = (shifted * back[:, :d]).sum(dim=1, keepdim=True) + (b0 * back[:, d:]).sum(dim=1, keepdim=True)
        slopes = gradient[:, :2]
        slopes += (by_constant * (2 / d))[:, None] - slopes.mean(dim=2, keepdim=True)
        return squares + quartic - 4 * cross + (d * d - d), gradient

    def _subtract_held_out(self, weights: Tensor, gradient: Tensor) -> Tensor:
        """Take the held-out pairs' share from the gradient; returns their part of the sum."""
        size, _, d, q = weights.shape
        v = weights[:, 2]
        vc = v - v.mean(dim=1, keepdim=True)
        # sums of rows rather than scattered additions: the same order of additions on every device
        s = functional.embedding_bag(self.rows, weights.view(-1, q), self.row_starts, mode="sum")
        h = torch.mul(s, s, out=self._buffer("h", *s.shape)).view(size, self.held_out, q)
        residual = torch.bmm(vc, h.transpose(1, 2), out=self._buffer("residual", size, d, self.held_out))
        residual -= self.held_target
        s *= torch.bmm(residual.transpose(1, 2), vc, out=self._buffer("back", *h.shape)).view(-1, q)
        sums = functional.embedding_bag(self.by_row, s, self.by_row_starts, mode="sum")
        gradient[:, :2].sub_(sums.view(size, 2, d, q), alpha=4)
        gradient[:, 2].baddbmm_(residual, h, alpha=-2)
        return torch.linalg.vector_norm(residual.view(size, -1), dim=1).square()

    def _parts(self, weights: Tensor) -> tuple[Tensor, Tensor]:
        """The mean over all pairs of the terms of Eq. 3 that ``loss`` keeps, on zero-mean alpha and beta."""
        d = self.d
        vc = (centred := weights - weights.mean(dim=2, keepdim=True))[:, 2]
        cross, convolutions = self._cross(centred)
        total, gradient = self._quartic(centred)
        gradient.sub_(convolutions, alpha=4)
        if self.loss == "no-rstar":
            norms = (centred[:, :2] ** 2).sum(dim=(1, 2))[:, :, None]  # d (mean of U + mean of U') = Vc norms
            constant = torch.bmm(vc, norms)
            total = total + constant.square().sum(dim=(1, 2))
            back = torch.bmm(constant.transpose(1, 2), vc)
            gradient[:, :2] += 4 * centred[:, :2] * back[:, None]
            gradient[:, 2].baddbmm_(constant, norms.transpose(1, 2), alpha=2)
        gradient -= gradient.mean(dim=2, keepdim=True)
        return (total - 4 * cross + (d * d - d)) / d**2, gradient.div_(d * d)

    def _quartic(self, centred: Tensor) -> tuple[Tensor, Tensor]:
        """4 sum_ij M G_a G_b = 4 sum over pairs of |sum_j Vc_j a_j b_j|^2, and its gradient (B, 3, d, q)."""
        size, _, d, q = centred.shape
        parts = centred.view(-1, d, q)
        grams = self._buffer("grams", size, 3, q, q)
        torch.bmm(parts.transpose(1, 2), parts, out=grams.view(-1, q, q))
        others = self._buffer("others", size, 3, q, q)
        for i, j, k in ((1, 2, 0), (0, 2, 1), (0, 1, 2)):
            torch.mul(grams[:, i], grams[:, j], out=others[:, k])
        gradient = torch.bmm(parts, others.view(-1, q, q)).mul_(8).view(centred.shape)
        return (centred[:, 2] * gradient[:, 2]).sum(dim=(1, 2)) / 2, gradient  # quadratic in Vc

    def _cross(self, centred: Tensor) -> tuple[Tensor, Tensor]:
        """sum_j <Vc_j, A_j * B_j> and its gradient (B, 3, d, q), by characters."""
        size, _, d, q = centred.shape
        rows = self.forward.shape[1]
        half = rows // 2
        # three products with one matrix a network: (3, 2 half, q), real parts then imaginary parts
        spectra = self._buffer("spectra", size, 3, rows, q)
        torch.bmm(self.forward, centred.view(-1, d, q), out=spectra.view(-1, rows, q))
        (a_re, b_re, v_re), (a_im, b_im, v_im) = (x.unbind(1) for x in spectra.split(half, dim=2))
        products = self._buffer("products", size, 3, rows, q)
        for k, (x_re, x_im), (y_re, y_im), sign in (
            (0, (v_re, v_im), (b_re, b_im), -1),  # v conj(b), v conj(a), a b
            (1, (v_re, v_im), (a_re, a_im), -1),
            (2, (a_re, a_im), (b_re, b_im), 1),
        ):
            torch.mul(x_re, y_re, out=products[:, k, :half]).addcmul_(x_im, y_im, value=-sign)
            torch.mul(x_im, y_re, out=products[:, k, half:]).addcmul_(x_re, y_im, value=sign)
        found = torch.bmm(self.backward, products.view(-1, rows, q)).view(centred.shape)
        return (found[:, 2] * centred[:, 2]).sum(dim=(1, 2)), found


def costs(d: int, q: int, held_out: int) -> tuple[float, float]:
    """Estimated cost of a step in the grid and in the Gram form, in floating-point operations of matrix products."""
    grid = 6 * d**3 * q + ELEMENTWISE * 6 * d**2 * q + 15 * LAUNCH
    gram = 12 * q**2 * d + ELEMENTWISE * 6 * q**2 + (12 + 12) * d**2 * q + ELEMENTWISE * 45 * d * q + 60 * LAUNCH
    if held_out:
        gram += held_out * q * (6 * d + ELEMENTWISE * 7) + 15 * LAUNCH
    return grid, gram
