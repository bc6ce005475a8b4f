"""Perfect memorization: one hidden node for each input pair (Corollary 3), order d^2."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..errors import InputError
from ..groups.abelian import Group
from ..networks.network import DEFAULT, Network, Setting, balanced, from_spectrum, spectrum

#: Largest group order accepted: three matrices of shape (d, d^2).
MAX_ORDER = 128


@dataclass(frozen=True)
class Memorization:
    """z_M of Corollary 3: node (j1, j2) is a zero-mean delta at x1 = -j1, x2 = -j2 and answers -(j1 + j2).

    For one-hot targets the deltas are plain, v = delta/2 - 1/(2d + 2): an input meets 2(d - 1) nodes halfway, whose
    answers add up to a constant, and one node fully. Raises InputError for a group above :data:`MAX_ORDER`.
    """

    group: Group
    setting: Setting = DEFAULT
    name = "memorization"
    carrier = "none"
    proof = "Corollary 3"

    def __post_init__(self) -> None:
        if (d := self.group.order) > MAX_ORDER:
            raise InputError(
                f"memorization needs {d}^2 nodes on group {self.group.name}: the largest order is {MAX_ORDER}"
            )

    @property
    def order(self) -> int:
        """Number of hidden nodes, d^2."""
        return self.group.order**2

    def _recipe(self) -> dict[str, Any]:
        return {"deltas": "plain" if self.setting.target == "one-hot" else "zero-mean"}

    def record(self) -> dict[str, Any]:
        """The recipe as JSON, for provenance."""
        return {
            "recipe": self.name,
            "group": self.group.name,
            "trivial": self.setting.trivial,
            "target": self.setting.target,
            **self._recipe(),
        }

    def optimizer(self) -> dict[str, Any]:
        """The record of the catalog's ``optimizers``."""
        return {
            "name": self.name,
            "group": self.group.name,
            "order": self.order,
            "trivial": self.setting.trivial,
            "target": self.setting.target,
            "recipe": self._recipe(),
            "loss": "0",
        }

    def assemble(self) -> Network:
        """The weights in float64, the layers of every node balanced."""
        g, d = self.group, self.group.order
        first, second = np.divmod(np.arange(d * d), d)
        deltas = np.eye(d)
        w_a, w_b, v = deltas[:, first], deltas[:, second], deltas[:, g.add(first, second)]
        if self.setting.target == "one-hot":
            network = Network(g, w_a, w_b, v / 2 - 1 / (2 * d + 2))
        else:
            network = Network(g, d * w_a - 1, d * w_b - 1, (d * v - 1) / (2 * d**3))
        return from_spectrum(g, balanced(spectrum(network)))
