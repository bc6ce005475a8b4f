r"""Quadratic networks in disguise: activations whose even part is c0 + c2 u^2 on the values that occur.

Where act(u) = s u + e(u) with e even (ReLU, |x|, SiLU, GELU), the odd part adds a function of x1 and one of x2 to the
outputs. If e is near c0 + c2 u^2 on a node's d^2 values of u, the node is c2 v (alpha + beta)^2 as far as both inputs
together are concerned, and what is known of squares holds of it to that accuracy.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from .activations import SQUARE, find_activation
from .network import Network


def as_quadratic(network: Network, within: float) -> tuple[Network, float] | None:
    """The quadratic network with V scaled by c2 of each node, and how far the even parts are from it; None if too far.

    The misfit is the root mean square of v (e(u) - c0 - c2 u^2) over that of v (e(u) - mean e), over all nodes and
    inputs, least squares for each node; ``within`` is the largest that is accepted.
    """
    slope = find_activation(network.activation).slope
    if slope is None:
        return None
    d, sizes = network.group.order, np.linalg.norm(network.V, axis=0)
    u = (network.W_a[:, None, :] + network.W_b[None, :, :]).reshape(d * d, -1)
    even = network.hidden(u) - slope * u
    squares = u**2 - np.mean(u**2, axis=0)
    even -= even.mean(axis=0)
    c2 = (squares * even).sum(axis=0) / np.maximum((squares**2).sum(axis=0), 1e-300)
    left, whole = (float(np.linalg.norm(part * sizes)) for part in (even - c2 * squares, even))
    misfit = left / max(whole, 1e-300)
    if misfit > within:
        return None
    return replace(network, V=network.V * c2, activation=SQUARE), misfit
