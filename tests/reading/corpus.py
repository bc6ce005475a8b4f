"""Checkpoints as their owners write them: the modules that people build for group tasks, trained for seconds.

Class names, keys and nestings follow what is found in the field; every module is written here, in a few lines, as its
owner would. ``forward`` takes the indices of both operands.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from torch import nn
from torch.nn import functional

D = 11
ACTIVATIONS: dict[str, Callable[[torch.Tensor], torch.Tensor]] = {
    "square": torch.square,
    "relu": torch.relu,
    "relu2": lambda u: torch.relu(u) ** 2,
    "abs": torch.abs,
    "gelu": functional.gelu,
    "silu": functional.silu,
}


def one_hot(x: torch.Tensor, d: int = D) -> torch.Tensor:
    return functional.one_hot(x, d).float()


class OldTrainer(nn.Module):
    """Three layers on an embedding that is drawn and never used: the inputs enter one-hot."""

    def __init__(self, q: int = 48, d: int = D, activation: str = "square") -> None:
        super().__init__()
        self.embedding = nn.Embedding(d, d)
        self.layera, self.layerb = nn.Linear(d, q, bias=False), nn.Linear(d, q, bias=False)
        self.layerc = nn.Linear(q, d, bias=False)
        self.d, self.activation = d, ACTIVATIONS[activation]

    def forward(self, x1: torch.Tensor, x2: torch.Tensor) -> torch.Tensor:
        u = self.layera(one_hot(x1, self.d)) + self.layerb(one_hot(x2, self.d))
        return self.layerc(self.activation(u))


class NewTrainer(nn.Module):
    """One layer on the concatenation of embeddings that are the identity; a batch norm on demand."""

    def __init__(self, q: int = 48, d: int = D, activation: str = "square", norm: bool = False) -> None:
        super().__init__()
        self.embedding = nn.Embedding(d, d)
        self.embedding.weight.data = torch.eye(d)
        self.embedding.weight.requires_grad = False
        self.W, self.V = nn.Linear(2 * d, q, bias=False), nn.Linear(q, d, bias=False)
        self.bn = nn.BatchNorm1d(q) if norm else nn.Identity()
        self.activation = ACTIVATIONS[activation]

    def forward(self, x1: torch.Tensor, x2: torch.Tensor) -> torch.Tensor:
        x = torch.cat([self.embedding(x1), self.embedding(x2)], dim=-1)
        return self.V(self.activation(self.bn(self.W(x))))


class FullyConnected(nn.Module):
    """fc1 and fc2 with biases on the concatenated one-hot inputs."""

    def __init__(self, q: int = 48, d: int = D, activation: str = "relu") -> None:
        super().__init__()
        self.fc1, self.fc2, self.d = nn.Linear(2 * d, q), nn.Linear(q, d), d
        self.activation = ACTIVATIONS[activation]

    def forward(self, x1: torch.Tensor, x2: torch.Tensor) -> torch.Tensor:
        return self.fc2(self.activation(self.fc1(torch.cat([one_hot(x1, self.d), one_hot(x2, self.d)], dim=-1))))


class Composition(nn.Module):
    """Left and right embeddings, a layer on their concatenation, an unembedding: code for group composition."""

    def __init__(self, q: int = 48, d: int = D, h: int = 16, activation: str = "relu") -> None:
        super().__init__()
        self.embedding_left, self.embedding_right = nn.Embedding(d, h), nn.Embedding(d, h)
        self.linear, self.unembedding = nn.Linear(2 * h, q), nn.Linear(q, d)
        self.activation = ACTIVATIONS[activation]

    def forward(self, x1: torch.Tensor, x2: torch.Tensor) -> torch.Tensor:
        x = torch.cat([self.embedding_left(x1), self.embedding_right(x2)], dim=-1)
        return self.unembedding(self.activation(self.linear(x)))


class Embedded(nn.Module):
    """Transformer-style names: a shared embedding with a row for "=", an MLP, an unembedding."""

    def __init__(self, q: int = 48, d: int = D, m: int = 20, activation: str = "gelu") -> None:
        super().__init__()
        self.W_E = nn.Parameter(torch.randn(d + 1, m) * 0.5)
        self.W_in, self.b_in = nn.Parameter(torch.randn(2 * m, q) * 0.2), nn.Parameter(torch.zeros(q))
        self.W_out, self.b_out = nn.Parameter(torch.randn(q, m) * 0.2), nn.Parameter(torch.zeros(m))
        self.W_U = nn.Parameter(torch.randn(m, d) * 0.2)
        self.activation = ACTIVATIONS[activation]

    def forward(self, x1: torch.Tensor, x2: torch.Tensor) -> torch.Tensor:
        u = torch.cat([self.W_E[x1], self.W_E[x2]], dim=-1) @ self.W_in + self.b_in
        return (self.activation(u) @ self.W_out + self.b_out) @ self.W_U


class Raw(nn.Module):
    """Bare parameters W1 (2d, q) and W2 (q, d)."""

    def __init__(self, q: int = 48, d: int = D, activation: str = "square") -> None:
        super().__init__()
        self.W1, self.W2 = nn.Parameter(torch.randn(2 * d, q) * 0.3), nn.Parameter(torch.randn(q, d) * 0.2)
        self.d, self.activation = d, ACTIVATIONS[activation]

    def forward(self, x1: torch.Tensor, x2: torch.Tensor) -> torch.Tensor:
        return self.activation(torch.cat([one_hot(x1, self.d), one_hot(x2, self.d)], dim=-1) @ self.W1) @ self.W2


class Gated(nn.Module):
    """A bilinear layer: the product of two linear ones, no activation."""

    def __init__(self, q: int = 48, d: int = D) -> None:
        super().__init__()
        self.w_gate, self.w_up = nn.Linear(2 * d, q, bias=False), nn.Linear(2 * d, q, bias=False)
        self.w_down, self.d = nn.Linear(q, d, bias=False), d

    def forward(self, x1: torch.Tensor, x2: torch.Tensor) -> torch.Tensor:
        x = torch.cat([one_hot(x1, self.d), one_hot(x2, self.d)], dim=-1)
        return self.w_down(self.w_gate(x) * self.w_up(x))


class Products(nn.Module):
    """The product of an embedding of each operand, and an unembedding."""

    def __init__(self, q: int = 48, d: int = D) -> None:
        super().__init__()
        self.left, self.right = nn.Embedding(d, q), nn.Embedding(d, q)
        self.unembed = nn.Linear(q, d, bias=False)

    def forward(self, x1: torch.Tensor, x2: torch.Tensor) -> torch.Tensor:
        return self.unembed(self.left(x1) * self.right(x2))


def pairs(d: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Both operands of all d^2 pairs."""
    x = torch.arange(d)
    x1, x2 = torch.meshgrid(x, x, indexing="ij")
    return x1.ravel(), x2.ravel()


def trained(module: nn.Module, table: np.ndarray, epochs: int = 900, loss: str = "cross-entropy") -> nn.Module:
    """The module after full-batch AdamW on all pairs of a table (d, d) of answers."""
    d = len(table)
    x1, x2 = pairs(d)
    y = torch.from_numpy(np.asarray(table).ravel().copy())
    target = one_hot(y, d) - 1 / d
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # matrices this small gain nothing from more, and tests run side by side
    parameters = [p for p in module.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(parameters, lr=0.01, weight_decay=0.02)
    for _ in range(epochs):
        logits = module(x1, x2)
        if loss == "cross-entropy":
            value = functional.cross_entropy(logits, y)
        else:
            value = ((logits - logits.mean(dim=1, keepdim=True) - target) ** 2).sum(dim=1).mean()
        optimizer.zero_grad()
        value.backward()
        optimizer.step()
    torch.set_num_threads(threads)
    return module.eval()


def logits_of(module: nn.Module, d: int) -> np.ndarray:
    """o[x1, x2, y] centred over y."""
    with torch.no_grad():
        logits = module(*pairs(d))
    values = logits.numpy().reshape(d, d, d).astype(float)
    return np.asarray(values - values.mean(axis=-1, keepdims=True))


def addition(d: int = D) -> np.ndarray:
    x = np.arange(d)
    return (x[:, None] + x[None, :]) % d
