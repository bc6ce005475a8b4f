"""The output scale of least loss: papers normalise outputs and losses differently."""

from __future__ import annotations

import numpy as np

from ..networks.network import Network

#: Output scales this near to 1 are what training leaves, and stay.
NEAR_ONE = 0.05
#: Outputs less correlated with the targets than this have no scale.
UNCORRELATED = 1e-6


def fit(network: Network) -> tuple[float, float]:
    """The output scale s = <P o, P onehot> / |P o|^2 over all inputs, and the zero-mean loss at it.

    s is nan where the outputs are constant over the group or uncorrelated with the targets; the loss at s <= 0 or nan
    is that of no outputs at all. One x1 at a time, as in :func:`cogo_search.networks.loss.direct`.
    """
    g = network.group
    everything = np.arange(g.order)
    v = network.V - network.V.mean(axis=0)
    v[:, np.abs(v).max(axis=0) <= 1e-13 * np.abs(network.V).max(axis=0)] = 0  # rounding of constant columns
    inner = square = 0.0
    for x1 in range(g.order):
        outputs = network.hidden(network.W_a[x1] + network.W_b) @ v.T
        inner += float(outputs[everything, g.add(x1, everything)].sum())
        square += float(np.sum(outputs**2))
    nothing = 1 - 1 / g.order
    correlation = inner / np.sqrt(square * g.order**2 * nothing) if square else 0.0
    scale = inner / square if abs(correlation) > UNCORRELATED else np.nan
    return scale, nothing * (1 - max(correlation, 0.0) ** 2)


def chosen_scale(network: Network) -> tuple[float, str]:
    """What V is to be multiplied by, 1 if that is within 5 % or makes no sense; and a line that says so, if any."""
    scale, _ = fit(network)
    if not (np.isfinite(scale) and scale > 0):
        return 1.0, "no output scale brings these outputs nearer to the targets: V left as it is"
    if abs(scale - 1) <= NEAR_ONE:
        return 1.0, ""
    return float(scale), f"V multiplied by {scale:.6g}, the output scale of least loss"
