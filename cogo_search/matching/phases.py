r"""What the nodes of networks with other activations than x^2 are like: amplitudes, phases, potentials.

No families are named here: the theory behind them is of squares. What can be said of any activation is what a node's
waves are at its frequency, a cos(k x1 + arg a), b cos(k x2 + arg b), c cos(k y - arg c): whether their phases add up,
arg a + arg b + arg c = 0, as the right answer asks; whether the phases take few values, as roots of unity do, or any;
and what the outputs hold at each frequency (:mod:`..networks.logit_transform`).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..errors import InputError
from ..networks.logit_transform import CLASSES, Slice, centred, transform
from ..networks.loss import direct
from ..networks.network import ComplexArray, FloatArray, Network, Setting
from .matches import NetworkMatch
from .spectrum import Block, blocks, gauge_fixed

#: Phases cluster at the n-th roots of unity, up to a common turn, if |mean of exp(i n theta)| reaches this.
CLUSTERED = 0.9
#: Roots of unity that are looked for.
ROOTS = 12
#: Phases are called uniform if none of the first moments is larger than uniform ones are once in a hundred times.
CHANCE = 0.01
MOMENTS = 6
#: Largest order of a group whose outputs, d^3 numbers, are analysed.
LARGEST = 256


def describe(network: Network) -> NetworkMatch:
    """Frequency by frequency what a network with any activation is like; status ``described``, nothing is judged.

    Raises InputError for groups of more than 256 elements.
    """
    group = network.group
    if group.order > LARGEST:
        raise InputError(
            f"activation={network.activation} on a group of order {group.order}: outputs are analysed up to {LARGEST}"
        )
    score = direct(network, Setting("with", network.metadata.get("target", "zero-mean")))
    slices = {part.k: part for part in transform(group, centred(network.outputs()))}
    total = sum(part.times * sum(part.squares.values()) for part in slices.values())
    z = gauge_fixed(network)
    found = blocks(network, absolute=False)
    rows = [_row(network, z, block, slices[block.k], total) for block in found]
    head = {"group": group.name, "activation": network.activation, "loss": score.loss, "accuracy": score.accuracy}
    return NetworkMatch(head | {"frequencies": rows}, tuple(found))


def _row(network: Network, z: ComplexArray, block: Block, part: Slice, total: float) -> dict[str, Any]:
    group, nodes = network.group, z[:, block.k, block.nodes]
    size = abs(part.task)
    leaks = {name: float(np.sqrt(part.squares[name]) / size) if size else None for name in CLASSES[1:]}
    return {
        "k": group.frequency_name(block.k),
        "character_order": int(group.character_orders[block.k]),
        "order": block.order,
        "nodes": [int(j) for j in block.nodes],
        "multi_frequency_nodes": list(block.multi),
        "factorable": None, "error": None, "entry": None, "family": None, "parameters": {}, "also": [],
        "status": "described",
        "amplitudes": [[float(x) for x in row] for row in np.abs(nodes)],
        "phase_law": phase_law(nodes),
        "phases": {name: spread(np.angle(row)) for name, row in zip("abc", nodes, strict=True)},
        "strength": [float(part.task.real), float(part.task.imag)],
        "share": float(part.times * size**2 / total) if total else 0.0,
        "leaks": leaks,
    }  # fmt: skip


def phase_law(nodes: ComplexArray) -> float | None:
    """How far arg a + arg b + arg c is from 0 over nodes (3, m): root mean square in turns, by |abc|; None without any.

    Phases that have nothing to do with each other give 0.29, the root mean square of a uniform one.
    """
    products = np.prod(nodes, axis=0)
    weights = np.abs(products)
    if not weights.sum():
        return None
    turns = np.angle(products) / (2 * np.pi)
    return float(np.sqrt(np.sum(weights * turns**2) / weights.sum()))


def spread(theta: FloatArray) -> dict[str, Any]:
    """How phases (m,) in radians are spread: at n-th ``roots`` of unity up to a common turn, ``uniform`` or ``uneven``.

    ``n`` is the least number of roots, ``resultant`` = |mean of exp(i n theta)|, 1 if exactly there; without roots it
    is the largest of the first six moments, and ``uniform`` says that uniform phases reach it more than once in 100.
    """
    count = len(theta)
    if count < 3:
        return {"kind": "few", "n": None, "resultant": None}
    moments = np.abs(np.exp(1j * np.outer(np.arange(1, ROOTS + 1), theta)).mean(axis=1))
    roots = [n for n in range(1, ROOTS + 1) if moments[n - 1] >= CLUSTERED and n < count]
    if roots:
        return {"kind": "roots", "n": roots[0], "resultant": float(moments[roots[0] - 1])}
    largest = float(moments[:MOMENTS].max())
    chance = -np.expm1(MOMENTS * np.log1p(-np.exp(-count * largest**2)))  # Rayleigh's law for each moment
    return {"kind": "uniform" if chance > CHANCE else "uneven", "n": None, "resultant": largest}
