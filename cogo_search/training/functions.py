"""The activations of :mod:`..networks.activations` in torch, where they are trained."""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor
from torch.nn import functional

#: By name; all are 0 at 0. torch takes the derivative of relu and abs to be 0 there.
ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "square": lambda u: u**2,
    "relu": functional.relu,
    "relu2": lambda u: functional.relu(u) ** 2,
    "abs": lambda u: u.abs(),
    "silu": functional.silu,
    "gelu": functional.gelu,
}
