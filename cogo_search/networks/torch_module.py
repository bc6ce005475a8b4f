"""The network as a torch module, for users who want gradients or a GPU."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from ..groups.abelian import Group
from .network import Network


class QuadraticNetwork(nn.Module):
    """o[x1, x2] = sum_j v_j (alpha_j[x1] + beta_j[x2])^2, plain outputs.

    Parameters ``W_a``, ``W_b``, ``V`` of shape (d, q), as in network files.
    """

    def __init__(self, group: Group, width: int, dtype: torch.dtype = torch.float32) -> None:
        super().__init__()
        self.group = group
        for name in ("W_a", "W_b", "V"):
            setattr(self, name, nn.Parameter(torch.zeros(group.order, width, dtype=dtype)))

    W_a: nn.Parameter
    W_b: nn.Parameter
    V: nn.Parameter

    @classmethod
    def from_network(cls, network: Network, dtype: torch.dtype = torch.float64) -> QuadraticNetwork:
        """The module that holds a network's weights."""
        module = cls(network.group, network.width, dtype)
        with torch.no_grad():
            for name in ("W_a", "W_b", "V"):
                getattr(module, name).copy_(torch.from_numpy(getattr(network, name)))
        return module

    def to_network(self, metadata: dict[str, str] | None = None) -> Network:
        """The weights as a :class:`Network` in float64."""
        w_a, w_b, v = (getattr(self, name).detach().cpu().numpy().astype(np.float64) for name in ("W_a", "W_b", "V"))
        return Network(self.group, w_a, w_b, v, metadata or {})

    def forward(self, x1: Tensor, x2: Tensor) -> Tensor:
        """Outputs of shape (..., d) for element indices x1, x2 of shape (...)."""
        return (self.W_a[x1] + self.W_b[x2]).square() @ self.V.T
