"""What a network file holds: losses two ways, accuracy, and frequency by frequency orders and potentials."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..errors import InputError
from ..groups import Group
from ..potentials import EXPONENTS
from .loss import by_theorem_1, direct
from .network import TARGETS, ComplexArray, Network, Setting, spectrum

#: A node counts at a frequency where |z_a| or |z_b| reaches this share of the largest entry.
SALIENT = 1e-6


def evaluate(network: Network, target: str | None = None) -> dict[str, Any]:
    """Loss (direct, Theorem 1), accuracy, weights at the trivial character, and a record for each frequency.

    ``target`` defaults to the file's own, else zero-mean. The trivial character counts as present where
    some weight of it exceeds 1e-9 of the largest entry of z. Raises InputError for a one-hot target on a
    network without it.
    """
    z = spectrum(network)
    largest = [float(np.abs(part).max(initial=0.0)) for part in z]
    trivial = any(float(np.abs(part[0]).max(initial=0.0)) > 1e-9 * top for part, top in zip(z, largest, strict=True))
    target = target or network.metadata.get("target", "zero-mean")
    if target not in TARGETS:
        raise InputError(f"target={target!r} is unknown: choose from {', '.join(TARGETS)}")
    setting = Setting("with" if trivial else "without", target)
    evaluation = direct(network, setting)
    g = network.group
    return {
        "group": g.name,
        "width": network.width,
        "trivial": setting.trivial,
        "target": setting.target,
        "origin": network.metadata.get("origin", "unknown"),
        "loss": evaluation.loss,
        "loss_by_theorem_1": by_theorem_1(network, setting),
        "accuracy": evaluation.accuracy,
        "squared_norm": float(np.sum(np.abs(z) ** 2)),
        "frequencies": [
            _frequency(g, z, k, max(largest[:2])) for k in sorted([k for k, _ in g.conjugate_pairs] + g.self_conjugate)
        ],
    }


def _frequency(group: Group, z: ComplexArray, k: int, top: float) -> dict[str, Any]:
    """Order and the sizes of the potentials at one frequency; ``abc`` should be 1."""
    a, b, c = z[:, k]
    letters = {"a": a, "b": b, "c": c, "A": a.conj(), "B": b.conj()}
    values = {name: complex(np.sum(np.prod([letters[x] for x in name], axis=0))) for name in EXPONENTS}
    return {
        "k": group.frequency_name(k),
        "order": int(np.sum(np.maximum(np.abs(a), np.abs(b)) >= SALIENT * max(top, 1e-300))),
        "character_order": int(group.character_orders[k]),
        "potentials": {name: abs(value) for name, value in values.items()},
    }
