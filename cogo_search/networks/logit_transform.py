r"""Fourier coefficients of logits, and the classes that they fall into: what depends on the kind of group.

Logits o[x1, x2, y] of any model, centred over y, are for an Abelian group

    C[k1, k2, k] = d^-2 sum_{x1, x2, y} o[x1, x2, y] conj(phi_k1(x1)) conj(phi_k2(x2)) phi_k(y),

mean over the inputs, sum over the answers: the exact optimum, o = onehot(x1 x2) up to a constant, has C_kkk = 1 for
every k != 0 and no other. For a quadratic network this C is C/2 of Theorem 1 (:mod:`.loss`). By Parseval

    mean over (x1, x2) of sum_y o^2 = d^-1 sum_{k != 0} sum_{k1, k2} |C[k1, k2, k]|^2.

At one k every place (k1, k2) belongs to the first of these classes that has it:

    task            (k, k): the right answer
    cross           (k, -k), (-k, k), (-k, -k): where R_c stands
    constant        (0, 0): a function of y alone, where R_n stands
    one_at_2k       (+-2k, 0), (0, +-2k): a function of one input, where R_* stands
    one_at_k        (+-k, 0), (0, +-k)
    one_elsewhere   (m, 0), (0, m) for every other m
    other           all the rest: other frequencies

Small orders are places that coincide. 2k = 0: there is no cross term, and 2k is the constant. 3k = 0: +-2k is -+k, so
these places are one_at_2k and one_at_k is empty. 4k = 0: 2k and -2k are one place.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..groups.abelian import Group
from .network import ComplexArray, FloatArray

TASK = "task"
#: The classes of places, in the order in which a place is given to them.
CLASSES = (TASK, "cross", "constant", "one_at_2k", "one_at_k", "one_elsewhere", "other")


@dataclass(frozen=True)
class Slice:
    """One output frequency: k, how many characters it stands for, C_kkk, and the sum of |C|^2 over each class."""

    k: int
    times: int
    task: complex
    squares: dict[str, float]


def centred(logits: FloatArray) -> FloatArray:
    """Logits (d, d, d) less their mean over y: what an argmax or a softmax sees."""
    return np.asarray(logits - logits.mean(axis=2, keepdims=True))


def transform(group: Group, logits: FloatArray) -> Iterator[Slice]:
    """The slices of real logits [x1, x2, y], shape (d, d, d), one of each pair k, -k; k = 0 is what centring removes.

    C at -k is the conjugate of C at k, places negated, so both have the same sums.
    """
    over_y = np.conj(group.fft(np.moveaxis(logits, 2, 0)))  # [k, x1, x2]: sum over y of o phi_k(y)
    for k, times in group.frequencies.items():
        values = coefficients(group, over_y[k])
        labels = classes(group, k)
        sums = np.bincount(labels.ravel(), np.abs(values.ravel()) ** 2, minlength=len(CLASSES))
        squares = dict(zip(CLASSES, map(float, sums), strict=True))
        yield Slice(k, times, complex(values[k, k]), squares)


def coefficients(group: Group, over_y: ComplexArray) -> ComplexArray:
    """C[k1, k2] at one k, shape (d, d), from sum over y of o phi_k(y) at [x1, x2]."""
    return np.asarray(group.fft(group.fft(over_y).T).T / group.order**2)


def classes(group: Group, k: int) -> NDArray[np.int8]:
    """The class of every place (k1, k2) at k != 0, as its number in CLASSES, shape (d, d).

    >>> from collections import Counter
    >>> labels = classes(Group("5"), 1)
    >>> {CLASSES[i]: n for i, n in sorted(Counter(labels.ravel().tolist()).items())}
    {'task': 1, 'cross': 3, 'constant': 1, 'one_at_2k': 4, 'one_at_k': 4, 'other': 12}
    """
    number = {name: i for i, name in enumerate(CLASSES)}
    plus_minus = [k, int(group.multiple(-1, k))]
    doubled = group.multiple(2, np.array(plus_minus))
    labels = np.full((group.order, group.order), number["other"], dtype=np.int8)
    # Written from the last class to the first, so that a place in several keeps the first.
    labels[:, 0] = labels[0, :] = number["one_elsewhere"]
    labels[plus_minus, 0] = labels[0, plus_minus] = number["one_at_k"]
    labels[doubled, 0] = labels[0, doubled] = number["one_at_2k"]
    labels[0, 0] = number["constant"]
    labels[np.ix_(plus_minus, plus_minus)] = number["cross"]
    labels[k, k] = number[TASK]
    return labels


def answering(group: Group, numbers: ComplexArray, ks: NDArray[np.int64]) -> FloatArray:
    r"""The logits that C_kkk alone make, for the frequencies ``ks`` one by one: shape (len(ks), d).

    d^-1 sum_k C_kkk phi_k(t), t = x1 x2 / y, over each pair k, -k: they depend on t alone, t = 0 is the right answer.
    """
    times = np.array([group.frequencies[int(k)] for k in ks])
    return np.asarray(times[:, None] * (numbers[:, None] * group.characters[ks]).real / group.order)


def by_quotient(group: Group, logits: FloatArray, x1: int) -> FloatArray:
    """The logits of one x1 at [x2, t], shape (d, d), where t = x1 x2 / y: the right answer comes first."""
    everything = np.arange(group.order)
    answers = group.add(x1, everything)
    places = group.add(answers[:, None], group.multiple(-1, everything)[None, :])
    return np.asarray(logits[x1][everything[:, None], places])
