"""From a reading that computes a group to the network in the group's own coordinates.

Everything here is exact: elements are renumbered, a hidden bias becomes a constant of alpha, a bilinear layer the
squares u w = ((u + w)/2)^2 - ((u - w)/2)^2, and an output bias that differs between outputs one node that is constant.
"""

from __future__ import annotations

import numpy as np

from ..errors import InputError
from ..groups.abelian import Group
from ..networks.activations import SQUARE, find_activation
from ..networks.network import FloatArray, Network
from .computing import BILINEAR, Computed
from .readings import Outputs, Reading, Sums

#: An output bias that differs by less than this many units of rounding is the same for every output.
ROUNDING = 4


def network_of(computed: Computed) -> tuple[Network, list[str]]:
    """The network with elements numbered as its group numbers them, and what was changed, in lines for the user.

    Raises InputError for a group that is not Abelian.
    """
    labelled, where = computed.labelled, computed.elements
    if labelled.group is None:
        raise InputError(
            f"this network computes {labelled.name}, which is not Abelian: the solutions known here are those of "
            "Abelian groups"
        )
    part = restricted(computed.reading, where)
    notes = []
    if where != slice(0, computed.reading.shape[0]):
        notes.append(f"labels {where.start} to {where.stop - 1} are the group's elements, the others stand for none")
    arrays, activation, told = _plain(part, computed.activation)
    alpha, beta, v = arrays
    left, right, out = np.argsort(labelled.left), np.argsort(labelled.right), np.argsort(labelled.out)
    return Network(labelled.group, alpha[left], beta[right], v[out], activation=activation), [*notes, *told]


def by_shapes(reading: Reading, activation: str, group: Group) -> tuple[Network, list[str]]:
    """The network of a reading with elements as they are numbered in the file, whatever it computes."""
    (alpha, beta, v), activation, told = _plain(reading, activation)
    return Network(group, alpha, beta, v, activation=activation), told


def restricted(reading: Reading, where: slice) -> Reading:
    """The reading on some labels only."""

    def rows(sums: Sums) -> Sums:
        return Sums(sums.alpha[where], sums.beta[where], sums.constant, sums.told, sums.keys)

    outputs = reading.outputs
    return Reading(
        rows(reading.sums),
        Outputs(outputs.V[where], outputs.bias[where], outputs.told, outputs.keys),
        None if reading.gate is None else rows(reading.gate),
    )


def _plain(reading: Reading, activation: str) -> tuple[tuple[FloatArray, FloatArray, FloatArray], str, list[str]]:
    """(W_a, W_b, V) without biases and gates, the activation, and lines that say so."""
    notes: list[str] = []
    sums, v = reading.sums, reading.outputs.V
    alpha, beta = sums.alpha + sums.constant, sums.beta
    if reading.gate is not None:
        gate_alpha, gate_beta = reading.gate.alpha + reading.gate.constant, reading.gate.beta
        alpha = np.hstack([alpha + gate_alpha, alpha - gate_alpha])
        beta = np.hstack([beta + gate_beta, beta - gate_beta])
        v = np.hstack([v, -v]) / 4
        notes.append(f"bilinear: {len(v.T) // 2} products u w, each as the squares ((u + w)/2)^2 - ((u - w)/2)^2")
        activation = SQUARE
    elif sums.constant.any():
        notes.append("hidden biases are constants of W_a")
    assert activation != BILINEAR
    bias = reading.outputs.bias - reading.outputs.bias.mean()
    size = float(np.abs(reading.outputs.bias).max(initial=0.0))
    if float(np.abs(bias).max(initial=0.0)) > ROUNDING * float(np.finfo(np.float32).eps) * size:
        one = np.ones((len(v), 1))
        v = np.hstack([v, bias[:, None] / float(find_activation(activation)(np.ones(1))[0])])
        alpha, beta = np.hstack([alpha, one]), np.hstack([beta, 0 * one])
        notes.append(f"the output bias is node {v.shape[1] - 1}, which is constant")
    elif size:
        notes.append("output bias ignored: the same for every output")
    return (alpha, beta, v), activation, notes
