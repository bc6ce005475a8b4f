"""Perfect memorization: one hidden node for each input pair (Corollary 3), order d^2."""

from __future__ import annotations

import numpy as np

from ..groups import Group
from .network import DEFAULT, Network, Setting


def memorization(group: Group, setting: Setting = DEFAULT) -> Network:
    """z_M of Corollary 3: node (j1, j2) is a zero-mean delta at x1 = -j1, x2 = -j2 and answers -(j1 + j2).

    With the trivial character and one-hot targets the deltas are plain, v = onehot/2 - 1/(2d + 2): an input
    meets 2(d - 1) nodes halfway, whose answers add up to a constant, and one node fully.
    """
    d = group.order
    first, second = np.divmod(np.arange(d * d), d)
    deltas = np.eye(d)
    w_a, w_b, v = deltas[:, first], deltas[:, second], deltas[:, group.add(first, second)]
    if setting.target == "one-hot":
        return Network(group, w_a, w_b, v / 2 - 1 / (2 * d + 2))
    scale = (4 * d**4) ** (1 / 6)  # gauge: all three layers of equal size
    return Network(group, (d * w_a - 1) / scale, (d * w_b - 1) / scale, (d * v - 1) * scale**2 / (2 * d**3))
