r"""Potentials of any model: what its logits hold of the task at each frequency, what else, and what of it answers.

Nothing but the logits o[x1, x2, y] is looked at, so the architecture does not matter. Coefficients and classes are
those of :mod:`.logit_transform`: C_kkk is the task, 1 at the exact optimum; every other coefficient is *leak*.

C_kkk alone make logits that depend on x1 x2 / y only, so that all inputs are answered alike: where only they are kept,
accuracy is 0 or 1 and the margin is one number. Without them it may be anything.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..display import table
from ..groups.abelian import Group
from .logit_transform import CLASSES, TASK, Slice, answering, by_quotient, centred, transform
from .network import FloatArray

#: Differences below this share of the largest logit, and C_kkk below this share of all, are rounding of float64.
ROUNDING = 1e-12
#: Accuracies below this are told in a note. Exact logits of 4x2 read as those of 8 are right at 3 inputs of 4.
LOW = 0.9


@dataclass(frozen=True)
class Answers:
    """How logits answer all d^2 inputs; the margin is the right logit less the largest other one, in logits.

    ``accuracy`` counts margins above rounding: a tie is not right.
    """

    accuracy: float
    mean_margin: float
    least_margin: float


@dataclass(frozen=True)
class FrequencyPotential:
    """One frequency: C_kkk as ``size`` and ``phase`` (turns), and the leak of each class at output k.

    ``share`` is the share of the logits' variance that C_kkk holds, ``output_share`` all at output k, both with -k.
    ``leaks`` are norms relative to |C_kkk|, None where C_kkk is 0 up to rounding.
    """

    k: int | list[int]
    character_order: int
    size: float
    phase: float
    share: float
    output_share: float
    leaks: dict[str, float | None]


@dataclass(frozen=True)
class Ablation:
    """The C_kkk of the ``count`` largest frequencies, of which k is the last: kept alone, and removed alone."""

    count: int
    k: int | list[int]
    kept: Answers
    removed: Answers


@dataclass(frozen=True, repr=False)
class LogitPotentials:
    """What :func:`logit_potentials` finds in the logits of a model, float64.

    ``variance`` is the mean over inputs of the sum over y of the squared logits, centred over y; ``shares`` are its
    parts by class, which add up to 1. ``full`` are the answers of the logits as they are, ``kept`` those of all C_kkk
    alone, ``removed`` those of the rest. ``ablation`` goes through the frequencies by size; ``least_frequencies`` is
    the least number of largest ones that answer every input, None where all together do not.
    """

    group: str
    variance: float
    shares: dict[str, float]
    full: Answers
    kept: Answers
    removed: Answers
    least_frequencies: int | None
    frequencies: tuple[FrequencyPotential, ...]
    ablation: tuple[Ablation, ...]
    notes: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """What `potentials --json` prints."""
        return asdict(self)

    def __repr__(self) -> str:
        parts = (
            f"{self.full.accuracy:.2%}, of C_kkk alone {self.kept.accuracy:.2%}, without {self.removed.accuracy:.2%}"
        )
        name = f"{type(self).__name__}(group {self.group}"
        return f"{name}: C_kkk {self.shares[TASK]:.1%} of the variance; accuracy {parts})"

    def _repr_html_(self) -> str:
        rows = [(f.k, f.size, f.phase, *f.leaks.values(), f.share) for f in self.frequencies]
        leaks = [name.replace("_", " ") for name in CLASSES[1:]]
        return table(("k", "|C_kkk|", "phase", *leaks, "share"), rows, repr(self))


def logit_potentials(logits: FloatArray, group: Group) -> LogitPotentials:
    """The potentials of finite real logits o[x1, x2, y], shape (d, d, d), that differ between answers.

    One Fourier transform over the three axes, then the answers of the logits with and without C_kkk; O(d^3 log d) and
    O(d^4) work, O(d^3) memory.
    """
    values = centred(logits)
    scale = float(np.abs(values).max())
    values /= scale
    slices = list(transform(group, values))
    total = sum(part.times * sum(part.squares.values()) for part in slices)
    shares = {name: sum(part.times * part.squares[name] for part in slices) / total for name in CLASSES}
    rows = tuple(_frequency(group, part, scale, total) for part in slices)
    ordered = _by_size(slices)
    full, ablation = _answers(group, values, scale, [slices[i] for i in ordered])
    enough = [row.count for row in ablation if row.kept.accuracy == 1]
    return LogitPotentials(
        group=group.name,
        variance=scale**2 * total / group.order,
        shares=shares,
        full=full,
        kept=ablation[-1].kept,
        removed=ablation[-1].removed,
        least_frequencies=enough[0] if enough else None,
        frequencies=rows,
        ablation=ablation,
        notes=_notes(group, full.accuracy),
    )


def _frequency(group: Group, part: Slice, scale: float, total: float) -> FrequencyPotential:
    size = abs(part.task)
    nothing = size <= ROUNDING * np.sqrt(total)
    leaks = {name: None if nothing else float(np.sqrt(part.squares[name]) / size) for name in CLASSES[1:]}
    return FrequencyPotential(
        k=group.frequency_name(part.k),
        character_order=int(group.character_orders[part.k]),
        size=scale * size,
        phase=0.0 if nothing else float(np.angle(part.task) / (2 * np.pi)),
        share=part.times * size**2 / total,
        output_share=part.times * sum(part.squares.values()) / total,
        leaks=leaks,
    )


def _by_size(slices: list[Slice]) -> NDArray[np.int64]:
    """Places of the slices by |C_kkk|, largest first; those that differ by rounding only stay in order."""
    sizes = np.array([abs(part.task) for part in slices])
    return np.argsort(-np.round(sizes / max(float(sizes.max()), 1e-300), 12), kind="stable")


def _answers(
    group: Group, values: FloatArray, scale: float, slices: list[Slice]
) -> tuple[Answers, tuple[Ablation, ...]]:
    """The answers of the logits, and with the C_kkk of the first 1, 2, ... slices kept alone and removed."""
    ks = np.array([part.k for part in slices])
    made = np.cumsum(answering(group, np.array([part.task for part in slices]), ks), axis=0)
    held = np.concatenate([np.zeros((1, group.order)), made])
    margins = np.empty((len(held), group.order, group.order))  # [how many are removed, x1, x2]
    for x1 in range(group.order):
        rows = by_quotient(group, values, x1)
        for n, part in enumerate(held):
            margins[n, x1] = _margins(rows - part)
    kept = [_judged(margin, scale) for margin in _margins(made)]
    full, *removed = [_judged(part, scale) for part in margins]
    names = [group.frequency_name(part.k) for part in slices]
    found = zip(names, kept, removed, strict=True)
    return full, tuple(Ablation(n, name, alone, rest) for n, (name, alone, rest) in enumerate(found, 1))


def _margins(logits: FloatArray) -> FloatArray:
    """The first logit of each row less the largest other one."""
    return np.asarray(logits[:, 0] - logits[:, 1:].max(axis=1))


def _judged(margins: FloatArray, scale: float) -> Answers:
    """Margins of logits whose largest size is 1, as answers in units of ``scale``."""
    margins = np.where(np.abs(margins) > ROUNDING, margins, 0.0)
    return Answers(float(np.mean(margins > 0)), scale * float(np.mean(margins)), scale * float(np.min(margins)))


def _notes(group: Group, accuracy: float) -> tuple[str, ...]:
    if accuracy >= LOW:
        return ()
    return (
        f"accuracy is {accuracy:.1%} on group {group.name}: these logits answer its task in part at most, and what is "
        "small here says nothing about the model; if they are of another group of this order, name it, and if its "
        "elements are numbered in another order, sort them",
    )
