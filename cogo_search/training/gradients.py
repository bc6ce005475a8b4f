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

from functools import cached_property

import numpy as np
import torch
from torch import Tensor

from .task import Task

#: Cost in floating-point operations of one operation of the memory-bound kind, and of one kernel launch
#: (calibrated by benchmarks/train.py).
ELEMENTWISE, LAUNCH = 12.0, 3e5


class Objective:
    """Loss and gradient over the training pairs for weights (3, d, q) of one type and device.

    ``form`` is grid, gram or auto (the cheaper one at each width, by :func:`costs`).
    """

    def __init__(
        self,
        task: Task,
        loss: str = "full",
        form: str = "auto",
        dtype: torch.dtype = torch.float32,
        device: str = "cpu",
    ) -> None:
        def tensor(array: np.ndarray) -> Tensor:
            return torch.from_numpy(np.ascontiguousarray(array)).to(device=device, dtype=dtype)

        g = task.group
        d = self.d = g.order
        self.loss, self.form = loss, form
        self._buffers: dict[str, Tensor] = {}
        self.pairs, self.held_out = len(task.train), len(task.test)
        centred = np.eye(d) - 1 / d
        self.centre = tensor(centred)
        self.task = task
        x1, x2, x = task.split(task.test)
        self.x1, self.x2 = torch.from_numpy(x1).to(device), torch.from_numpy(x2).to(device)
        self.held_target = tensor(centred[:, x])
        # One character of each conjugate pair but the trivial: real and imaginary parts as rows, and the way back.
        kept = [k for k, _ in g.conjugate_pairs] + g.self_conjugate
        phases = g.characters[kept].conj()
        times = np.array([2.0 if g.character_orders[k] > 2 else 1.0 for k in kept])[:, None] / d
        self.forward = tensor(np.concatenate([phases.real, phases.imag]))
        self.backward = tensor(np.concatenate([phases.real * times, phases.imag * times]).T)

    def choose(self, q: int) -> str:
        """The form used at width q."""
        if self.loss != "full" or self.form == "gram":
            return "gram"
        grid, gram = costs(self.d, q, self.held_out)
        return "grid" if self.form == "grid" or grid <= gram else "gram"

    def __call__(self, weights: Tensor) -> tuple[Tensor, Tensor]:
        """(loss, gradient), a scalar and (3, d, q)."""
        if self.choose(weights.shape[2]) == "grid":
            gradient = self._grid(weights)
            residual = self._buffers["residual"].view(-1)  # times 2 / pairs
            return torch.dot(residual, residual) * self.pairs / 4, gradient
        return self._gram(weights)

    def gradient(self, weights: Tensor) -> Tensor:
        """The gradient alone, (3, d, q): a little faster in the grid form."""
        return self._grid(weights) if self.choose(weights.shape[2]) == "grid" else self._gram(weights)[1]

    def _gram(self, weights: Tensor) -> tuple[Tensor, Tensor]:
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
        """What the grid form asks for: 2/pairs on training pairs, shape (d^2,), and minus the target, (d, d^2)."""
        d = self.d
        mask = np.zeros(d * d)
        mask[self.task.train] = 2 / self.pairs
        scaled = torch.from_numpy(mask).to(self.centre)
        return scaled, -self.centre[:, torch.from_numpy(self.task.split(np.arange(d * d))[2])] * scaled

    def _grid(self, weights: Tensor) -> Tensor:
        """The gradient; leaves 2/pairs times the residuals in the buffer of that name."""
        a, b, v = weights
        d, q = a.shape
        vc = self.centre @ v
        s, h, back = (self._buffer(name, d * d, q) for name in ("s", "h", "back"))
        torch.add(a[:, None], b[None], out=s.view(d, d, q))
        torch.mul(s, s, out=h)
        residual = torch.mm(vc, h.T, out=self._buffer("residual", d, d * d))
        mask, target = self._masked
        torch.addcmul(target, residual, mask, out=residual)
        s *= torch.mm(residual.T, vc.mul_(2), out=back)
        gradient = torch.empty_like(weights)
        slope_a, slope_b, slope_v = gradient.unbind()
        s = s.view(d, d, q)
        torch.sum(s, dim=1, out=slope_a)
        torch.sum(s, dim=0, out=slope_b)
        torch.mm(residual, h, out=slope_v)
        return gradient

    def _all_pairs(self, weights: Tensor) -> tuple[Tensor, Tensor]:
        """Sum over all d^2 pairs, and its gradient."""
        d = self.d
        means = weights.mean(dim=1, keepdim=True)
        a0, b0, vc = centred = weights - means
        cross, convolutions = self._cross(centred)
        quartic, gradient = self._quartic(centred)
        gradient.sub_(convolutions, alpha=4)
        constant = means[0, 0] + means[1, 0]  # of alpha + beta: the loss does not see how it is divided
        shifted = a0 + constant
        rows = torch.cat([shifted * shifted, b0 * torch.add(b0, constant, alpha=2)])  # (2 d, q)
        outputs = (rows @ vc.T).view(2, d, d)
        lifted = outputs * (2 * d)  # derivative by U, U'
        lifted += 2 * outputs.sum(dim=1).flip(0)[:, None]
        squares = torch.dot(lifted.view(-1), outputs.view(-1)) / 2  # a quadratic form is half of <x, its gradient>
        back = lifted.view(2 * d, d) @ vc
        gradient[0].addcmul_(shifted, back[:d], value=2)
        slope_b = gradient[1].addcmul_(b0 + constant, back[d:], value=2)
        gradient[2].addmm_(lifted.view(2 * d, d).T, rows)
        # gradients by a0 and b0 act through the centring, that by the constant through both means
        by_constant = 2 * ((shifted * back[:d]).sum(dim=0) + (b0 * back[d:]).sum(dim=0))
        gradient[0] += by_constant / d - gradient[0].mean(dim=0)
        slope_b += by_constant / d - slope_b.mean(dim=0)
        return squares + quartic - 4 * cross + (d * d - d), gradient

    def _subtract_held_out(self, weights: Tensor, gradient: Tensor) -> Tensor:
        """The sum over the held-out pairs, whose gradient is taken off ``gradient``."""
        a, b, v = weights
        vc = self.centre @ v
        s, h, back = (self._buffer(name, self.held_out, a.shape[1]) for name in ("s", "h", "back"))
        torch.index_select(a, 0, self.x1, out=s)
        s += torch.index_select(b, 0, self.x2, out=h)
        torch.mul(s, s, out=h)
        residual = torch.mm(vc, h.T, out=self._buffer("residual", self.d, self.held_out))
        residual -= self.held_target
        s *= torch.mm(residual.T, vc, out=back)
        gradient[0].index_add_(0, self.x1, s, alpha=-4)
        gradient[1].index_add_(0, self.x2, s, alpha=-4)
        gradient[2].addmm_(residual, h, alpha=-2)
        return torch.dot(residual.view(-1), residual.view(-1))

    def _parts(self, weights: Tensor) -> tuple[Tensor, Tensor]:
        """The mean over all pairs of the terms of Eq. 3 that ``loss`` keeps, on zero-mean alpha and beta."""
        d = self.d
        vc = (centred := weights - weights.mean(dim=1, keepdim=True))[2]
        cross, convolutions = self._cross(centred)
        total, gradient = self._quartic(centred)
        gradient.sub_(convolutions, alpha=4)
        if self.loss == "no-rstar":
            norms = (centred[:2] ** 2).sum(dim=(0, 1))  # d (mean of U + mean of U') = Vc norms
            constant = vc @ norms
            total = total + constant.square().sum()
            back = vc.T @ constant
            gradient[:2] += 4 * centred[:2] * back
            gradient[2] += 2 * torch.outer(constant, norms)
        gradient -= gradient.mean(dim=1, keepdim=True)
        return (total - 4 * cross + (d * d - d)) / d**2, gradient.div_(d * d)

    def _quartic(self, centred: Tensor) -> tuple[Tensor, Tensor]:
        """4 sum_ij M G_a G_b = 4 sum over pairs of |sum_j Vc_j a_j b_j|^2, and its gradient (3, d, q)."""
        q = centred.shape[2]
        grams = torch.bmm(centred.transpose(1, 2), centred, out=self._buffer("grams", 3, q, q))
        others = self._buffer("others", 3, q, q)
        for i, j, k in ((1, 2, 0), (0, 2, 1), (0, 1, 2)):
            torch.mul(grams[i], grams[j], out=others[k])
        total = 4 * torch.dot(others[2].view(-1), grams[2].view(-1))
        return total, torch.bmm(centred, others).mul_(8)

    def _cross(self, centred: Tensor) -> tuple[Tensor, Tensor]:
        """sum_j <Vc_j, A_j * B_j> and its gradient (3, d, q), by characters."""
        q, rows = centred.shape[2], len(self.forward)
        half = rows // 2
        # three products with one matrix: (3, 2 half, q), real parts then imaginary parts
        spectra = torch.matmul(self.forward, centred, out=self._buffer("spectra", 3, rows, q))
        (a_re, a_im), (b_re, b_im), (v_re, v_im) = (part.view(2, half, q) for part in spectra)
        products = self._buffer("products", 3, rows, q)
        for out, (x_re, x_im), (y_re, y_im), sign in (
            (products[0], (v_re, v_im), (b_re, b_im), -1),  # v conj(b), v conj(a), a b
            (products[1], (v_re, v_im), (a_re, a_im), -1),
            (products[2], (a_re, a_im), (b_re, b_im), 1),
        ):
            torch.mul(x_re, y_re, out=out[:half]).addcmul_(x_im, y_im, value=-sign)
            torch.mul(x_im, y_re, out=out[half:]).addcmul_(x_re, y_im, value=sign)
        found = torch.matmul(self.backward, products)
        return torch.dot(found[2].view(-1), centred[2].reshape(-1)), found


def costs(d: int, q: int, held_out: int) -> tuple[float, float]:
    """Estimated cost of a step in the grid and in the Gram form, in floating-point operations of matrix products."""
    grid = 6 * d**3 * q + ELEMENTWISE * 6 * d**2 * q + 15 * LAUNCH
    gram = 12 * q**2 * d + ELEMENTWISE * 6 * q**2 + (12 + 12) * d**2 * q + ELEMENTWISE * 45 * d * q + 60 * LAUNCH
    if held_out:
        gram += held_out * q * (6 * d + ELEMENTWISE * 7) + 15 * LAUNCH
    return grid, gram
