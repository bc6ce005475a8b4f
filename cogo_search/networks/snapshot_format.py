"""Network files of training runs: live nodes only, or, before training, only how the weights were drawn.

``W_a``, ``W_b``, ``V`` of shape (d, live nodes), ``live`` (their numbers, ascending) and, in the metadata, ``width`` =
q: all other nodes are zero. Initial weights have no node in the file; ``drawn`` names the seeding, ``seed`` the seed,
and ``drawn_sha256`` is the digest of what must be drawn (float32, little-endian, W_a, W_b, V in C order).
:func:`~.network_files.read_network` expands both.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import numpy as np

from ..errors import InputError
from ..groups.abelian import Group
from .initial import SEEDINGS, initial_weights
from .network import TENSORS

#: Entries of the largest weight matrix that is expanded: a file that claims more is damaged.
MOST = 2**25
#: Digits of a number in the metadata; seeds may be long.
LONGEST = 100
KEYS = ("width", "drawn", "drawn_sha256")

Tensors = dict[str, np.ndarray]


def compact(weights: np.ndarray, live: np.ndarray, width: int) -> tuple[Tensors, dict[str, str]]:
    """Tensors and metadata of a network whose live nodes have ``weights`` (3, d, number of them)."""
    return {**dict(zip(TENSORS, weights, strict=True)), "live": live.astype(np.int32)}, {"width": str(width)}


def compact_drawn(order: int, width: int, seed: int, seeding: str) -> tuple[Tensors, dict[str, str]]:
    """Tensors and metadata of initial weights."""
    digest = _digest(initial_weights(order, width, seed, seeding))
    tensors, metadata = compact(np.zeros((3, order, 0), dtype=np.float32), np.zeros(0), width)
    return tensors, {**metadata, "drawn": seeding, "seed": str(seed), "drawn_sha256": digest}


def expand(tensors: Mapping[str, np.ndarray], metadata: Mapping[str, str]) -> tuple[Tensors, dict[str, str]]:
    """The network that a compact file stands for; other files as they are.

    Raises InputError if the file contradicts itself, or the weights that are drawn are not those it was written for.
    """
    plain = {name: value for name, value in metadata.items() if name not in KEYS}
    if "width" not in metadata:
        if "drawn" in metadata or "live" in tensors:
            raise InputError("metadata lack the width of the whole network")
        return dict(tensors), plain
    width, order = _integer(metadata, "width"), Group.parse(metadata.get("group", "")).order
    if not 0 < order * width <= MOST:
        raise InputError(f"metadata width={width} is not in 1..{MOST // order}")
    if "drawn" in metadata:
        seeding, seed = metadata["drawn"], _integer(metadata, "seed")
        if seeding not in SEEDINGS:
            raise InputError(f"metadata drawn={seeding!r} is unknown: known are {', '.join(SEEDINGS)}")
        if seeding == "paper" and seed + 2 >= 2**32:
            raise InputError(f"metadata seed={seed} is too large for the paper's seeding")
        weights = initial_weights(order, width, seed, seeding)
        if _digest(weights) != metadata.get("drawn_sha256"):
            raise InputError(f"seed {seed} draws other weights here than where the file was written")
        return dict(zip(TENSORS, weights, strict=True)), plain
    live = np.asarray(tensors.get("live", 0))
    shapes = {np.shape(tensors[name])[1:] for name in TENSORS}
    if not np.issubdtype(live.dtype, np.integer) or live.ndim != 1 or shapes != {live.shape}:
        raise InputError(f"live nodes of shape {live.shape} do not number the columns of {', '.join(TENSORS)}")
    if len(live) and (live[0] < 0 or live[-1] >= width or (np.diff(live) <= 0).any()):
        raise InputError(f"live nodes are not ascending numbers below the width {width}")
    full = {}
    for name in TENSORS:
        given = np.asarray(tensors[name])
        full[name] = np.zeros((len(given), width), dtype=given.dtype)
        full[name][:, live] = given
    return full, plain


def _integer(metadata: Mapping[str, str], name: str) -> int:
    value = metadata.get(name, "")
    if not (value.isascii() and value.isdigit() and len(value) <= LONGEST):
        raise InputError(f"metadata {name}={value!r} is no number")
    return int(value)


def _digest(weights: np.ndarray) -> str:
    return hashlib.sha256(np.ascontiguousarray(weights, dtype="<f4").tobytes()).hexdigest()
