"""What stands beside the matrices of a network: biases under any name, and batch norms as evaluation applies them.

Both are affine, so that they fold into alpha, beta and V exactly. Where names do not say what belongs where, each
possibility is a reading of its own, and what it computes decides.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from ..networks.network import FloatArray
from .readings import Outputs, Reading, Sums, bias_names
from .state_dicts import StateDict

#: The default of torch's batch norms, which no file tells.
EPSILON = 1e-5
#: More vectors than this without a matrix they belong to by name are not tried as biases.
SPARE = 4


@dataclass(frozen=True, eq=False)
class BatchNorm:
    """A batch norm in evaluation: u * scale + shift, of shape (n,) each."""

    scale: FloatArray
    shift: FloatArray
    keys: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Beside:
    """The batch norms of a file, and its vectors that belong to no matrix by name."""

    norms: tuple[BatchNorm, ...]
    spare: tuple[tuple[str, FloatArray], ...]

    def variants(self, reading: Reading) -> Iterator[Reading]:
        """The reading as it is, with spare vectors as biases, and with a batch norm before or after the activation."""
        d, q = reading.shape
        hidden = [None, *(pair for pair in self.spare if len(pair[1]) == q and not reading.sums.constant.any())]
        outer = [None, *(pair for pair in self.spare if len(pair[1]) == d and not reading.outputs.bias.any())]
        for inside in hidden:
            for outside in outer:
                if inside is not None and outside is not None and inside[0] == outside[0]:
                    continue
                yield _with_biases(reading, inside, outside)
        for norm in self.norms:
            if len(norm.scale) == q and reading.gate is None:
                yield replace(reading, sums=_normed(reading.sums, norm))
                yield replace(reading, outputs=_after(reading.outputs, norm))


def beside(state: StateDict) -> Beside:
    """What of a file may be biases without saying so, and its batch norms."""
    vectors = {
        key: np.asarray(stored.values, dtype=np.float64)
        for key, stored in state.tensors.items()
        if len(stored.shape) == 1 and stored.values is not None and stored.shape[0] > 1
    }
    vectors = {key: values for key, values in vectors.items() if np.isfinite(values).all()}
    norms = []
    for key in vectors:
        stem, dot, last = key.rpartition(".")
        parts = [f"{stem}{dot}{name}" for name in ("weight", "bias", "running_mean", "running_var")]
        if last == "running_mean" and parts[3] in vectors:
            norms.append(_batch_norm(parts, vectors))
    taken = {key for norm in norms for key in norm.keys}
    matrices = [key for key, stored in state.tensors.items() if len(stored.shape) == 2]
    taken |= {name for key in matrices for name in bias_names(key)}
    spare = tuple((key, values) for key, values in vectors.items() if key not in taken and values.any())
    return Beside(tuple(norms), spare if len(spare) <= SPARE else ())


def _batch_norm(parts: list[str], vectors: dict[str, FloatArray]) -> BatchNorm:
    mean, variance = vectors[parts[2]], vectors[parts[3]]
    weight = vectors.get(parts[0], np.ones_like(mean))
    bias = vectors.get(parts[1], np.zeros_like(mean))
    scale = weight / np.sqrt(np.maximum(variance, 0.0) + EPSILON)
    return BatchNorm(scale, bias - mean * scale, tuple(part for part in parts if part in vectors))


def _with_biases(
    reading: Reading, inside: tuple[str, FloatArray] | None, outside: tuple[str, FloatArray] | None
) -> Reading:
    if inside is not None:
        sums = reading.sums
        reading = replace(reading, sums=replace(sums, constant=inside[1], keys=(*sums.keys, inside[0])))
    if outside is not None:
        last = reading.outputs
        reading = replace(reading, outputs=replace(last, bias=outside[1], keys=(*last.keys, outside[0])))
    return reading


def _normed(sums: Sums, norm: BatchNorm) -> Sums:
    return replace(
        sums,
        alpha=sums.alpha * norm.scale,
        beta=sums.beta * norm.scale,
        constant=sums.constant * norm.scale + norm.shift,
        keys=(*sums.keys, *norm.keys),
    )


def _after(last: Outputs, norm: BatchNorm) -> Outputs:
    keys = (*last.keys, *norm.keys)
    return replace(last, V=last.V * norm.scale, bias=last.bias + last.V @ norm.shift, keys=keys)
