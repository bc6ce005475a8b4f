r"""Which reading is it? The one that computes a group's table; of several, the one whose margins are most even.

Every reading is run with every activation, first on a few x1: the answers of a network that computes a group's product
are all different along a row. Those that pass are run on all d^2 pairs, and their answers are looked up among the
groups (:mod:`..groups.identify`). Another activation than the network's own often gives the right answers too, with
cross-entropy nearly always, but unevenly: training drives the margins, right logit minus best other, towards each
other, under mean squared error and under cross-entropy. So the ratio of their standard deviation to their mean decides,
and only if it is clearly smaller than the next reading's.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from ..groups.abelian import Group
from ..groups.identify import LabelledGroup, identify
from ..networks.activations import ACTIVATIONS, find_activation
from ..networks.network import FloatArray
from .readings import EXTRA, Reading

#: What a bilinear layer is called where an activation is named: its product of two sums is quadratic.
BILINEAR = "bilinear"
NAMES = (*ACTIVATIONS, BILINEAR)
#: Share of different answers in a row below which a reading computes no group.
DIFFERENT = 0.7
#: The margins of the next reading must be this much less even for the first to be taken.
CLEARLY = 1.25
#: Margins this even are what training leaves.
EVEN = 0.1
#: Up to this order random answers are a group's table often enough (d = 2: 1 in 8, d = 3: 1 in 1,640; d = 4: 1 in
#: 7 million) that it says nothing unless the margins are even too.
BY_CHANCE = 3
#: Margins this even are exact: two such readings are equally good.
EXACT = 1e-5
#: Two readings whose outputs agree this well, up to scale, are one function.
SAME = 1e-6
#: Readings of as many matrices that are run on all pairs, and x1 whose logits are kept to compare functions.
MOST, SAMPLED = 24, 8


@dataclass(frozen=True, eq=False)
class Computed:
    """A reading with the activation that makes it compute a group's table, on the labels ``elements`` of the file.

    ``unevenness`` is the standard deviation of the margins over their mean; ``sample`` are some of the logits, (.., n),
    centred over y.
    """

    reading: Reading
    activation: str
    labelled: LabelledGroup
    elements: slice
    unevenness: float
    sample: FloatArray

    @property
    def accuracy(self) -> float:
        """Share of the pairs with the group's answer."""
        return 1 - self.labelled.wrong / self.labelled.order**2

    def is_same(self, other: Computed) -> bool:
        """Whether both have the same outputs, up to a factor and a constant for each pair."""
        if self.sample.shape != other.sample.shape:
            return False
        a, b = self.sample.ravel(), other.sample.ravel()
        left = b - (a @ b) / (a @ a) * a
        return bool(np.linalg.norm(left) <= SAME * np.linalg.norm(b))

    @property
    def disorder(self) -> list[int]:
        """Where the keys stand in the file, in the order in which they enter."""
        return [self.reading.order.index(key) for key in self.reading.keys]

    def is_variant_of(self, other: Computed) -> bool:
        """Whether both read the same matrices with the same activation: biases and norms may differ."""
        return self.activation == other.activation and self.reading.mapping == other.reading.mapping


@dataclass(frozen=True, eq=False)
class Verdict:
    """The readings that compute a group, the most even first, each function once; how many were tried.

    ``nearest`` tells of the reading that came nearest to addition modulo d, for a message; ``cut`` says that the
    tensors allow more readings than were tried.
    """

    computed: tuple[Computed, ...]
    tried: int
    nearest: str
    cut: bool = False

    @property
    def decided(self) -> Computed | None:
        """The one reading that is clearly the right one, if there is one.

        Readings of the same matrices that differ in which vectors are biases are no rivals: of those that are as good
        the one that leaves out least is taken. Nor are products of two sums rivals of an activation whose margins are
        even: where sum_j v_j (alpha_j + beta_j)^2 is exact, so is 2 sum_j v_j alpha_j beta_j, in any order of these.
        """
        tied = self.tied
        if not tied:
            return None
        if tied[0].reading.gate is not None:
            return min(tied, key=lambda found: found.disorder)  # right in any order of the matrices: the file's
        if any(not found.is_variant_of(tied[0]) for found in tied):
            return None
        return max(tied, key=lambda found: len(found.reading.keys))

    @property
    def is_close(self) -> bool:
        """Whether the next reading's margins are within a factor of three, so that the choice needs a word."""
        return len(self.computed) > 1 and self.computed[1].unevenness < 3 * max(self.computed[0].unevenness, EXACT)

    @property
    def tied(self) -> list[Computed]:
        """The readings that are about as good as the best: all sums, or all products."""
        sums = [found for found in self.computed if found.reading.gate is None]
        products = [found for found in self.computed if found.reading.gate is not None]
        if products and not (sums and (sums[0].unevenness < EVEN or _as_good(sums[0], products[0]))):
            return [found for found in products if _as_good(found, products[0])]
        return [found for found in sums if _as_good(found, sums[0])]


def _as_good(found: Computed, best: Computed) -> bool:
    """Whether the margins of a reading are about as even as those of the best one."""
    return found.unevenness < CLEARLY * max(best.unevenness, EXACT)


def run(reading: Reading, activation: str, x1: np.ndarray) -> FloatArray:
    """Outputs of shape (len(x1), d, d) for the first inputs x1 and all second ones, centred over y."""
    sums = reading.sums
    u = sums.alpha[x1][:, None, :] + sums.beta[None, :, :] + sums.constant
    if reading.gate is not None:
        gate = reading.gate
        hidden = u * (gate.alpha[x1][:, None, :] + gate.beta[None, :, :] + gate.constant)
    else:
        hidden = find_activation(activation)(u)
    outputs = hidden @ reading.outputs.V.T + reading.outputs.bias
    return np.asarray(outputs - outputs.mean(axis=-1, keepdims=True))


def judge(readings: Iterable[Reading], activation: str | None, group: Group | None) -> Verdict:
    """The readings that compute a group's table: ``group``'s if given, with ``activation`` only if given.

    Those of fewer matrices come first, sums before products; once one computes a group with even margins, those of
    more matrices, and products, are not tried: they could only do as well by accident.
    """
    computed: list[Computed] = []
    tried, nearest = 0, (0.0, "")
    ordered = sorted(readings, key=lambda reading: (reading.size, reading.gate is not None))
    for _, alike in groupby(ordered, key=lambda reading: (reading.size, reading.gate is not None)):
        promising: list[tuple[float, Reading, str]] = []
        for reading in alike:
            for name in _activations(reading, activation):
                tried += 1
                different, even, share = _glance(reading, name)
                if share > nearest[0]:
                    nearest = (
                        share,
                        f"{_told(reading, name)}, answers {share:.0%} of additions modulo {reading.shape[0]}",
                    )
                if different >= DIFFERENT:
                    promising.append((even, reading, name))
        promising.sort(key=lambda found: found[0])
        for _, reading, name in promising[:MOST]:
            found = _computed(reading, name, group)
            if found is not None and not any(found.is_same(other) for other in computed):
                computed.append(found)
        if any(found.reading.gate is None and found.unevenness < EVEN for found in computed):
            break
    computed.sort(key=lambda found: max(found.unevenness, EXACT))
    return Verdict(tuple(computed), tried, nearest[1])


def _told(reading: Reading, activation: str) -> str:
    d, q = reading.shape
    return f"{', '.join(f'{n} = {what}' for n, what in reading.mapping.items())}, d = {d}, q = {q}, {activation}"


def _activations(reading: Reading, activation: str | None) -> tuple[str, ...]:
    if reading.gate is not None:
        return (BILINEAR,) if activation in (None, BILINEAR) else ()
    if activation is None:
        return tuple(ACTIVATIONS)
    return () if activation == BILINEAR else (activation,)


def _glance(reading: Reading, activation: str) -> tuple[float, float, float]:
    """On one x1, and on three if that is promising: the share of different answers, unevenness, right additions."""
    d = reading.shape[0]
    different, even, share = 0.0, float("inf"), 0.0
    for x1 in (np.array([d // 2]), np.unique([d // 4, d // 2, 3 * d // 4])):
        with np.errstate(all="ignore"):
            outputs = run(reading, activation, x1)
        if not np.isfinite(outputs).all():
            return 0.0, float("inf"), 0.0
        answers = outputs.argmax(axis=-1)
        different = float(np.median([len(set(row)) for row in answers.tolist()])) / d
        share = float(np.mean(answers == (x1[:, None] + np.arange(d)) % d))
        even = _unevenness(outputs)
        if different < DIFFERENT:
            break
    return different, even, share


def _unevenness(outputs: FloatArray) -> float:
    """Standard deviation over mean of the largest output minus the second, over all pairs."""
    if outputs.shape[-1] < 2:
        return float("inf")
    two = np.partition(outputs, -2, axis=-1)[..., -2:]
    margins = two[..., 1] - two[..., 0]
    return float(margins.std() / max(margins.mean(), 1e-300))


def _computed(reading: Reading, activation: str, group: Group | None) -> Computed | None:
    """The group that a reading computes on all labels, or on all but a few that stand for no element."""
    d = reading.shape[0]
    logits = np.concatenate([run(reading, activation, np.array([x1])) for x1 in range(d)])
    answers = logits.argmax(axis=-1)
    windows = [slice(start, stop) for stop in range(d, d - EXTRA - 1, -1) for start in (0, 1) if stop - start >= 2]
    for window in windows:
        inside = answers[window, window] - window.start
        size = len(inside)
        if inside.min() < 0 or inside.max() >= size or (group is not None and group.order != size):
            continue
        labelled = identify(inside, group)
        if labelled is not None:
            part = logits[window, window, window]
            part = part - part.mean(axis=-1, keepdims=True)
            unevenness = _margins(part, labelled)
            if size <= BY_CHANCE and unevenness >= EVEN:
                continue
            sample = part[:: max(1, size // SAMPLED)].copy()
            return Computed(reading, activation, labelled, window, unevenness, sample)
    return None


def _margins(logits: FloatArray, labelled: LabelledGroup) -> float:
    """Standard deviation over mean of right logit minus best other."""
    right = np.take_along_axis(logits, labelled.table[..., None], axis=-1)[..., 0]
    others = logits.copy()
    np.put_along_axis(others, labelled.table[..., None], -np.inf, axis=-1)
    margins = right - others.max(axis=-1)
    return float(margins.std() / max(margins.mean(), 1e-300))
