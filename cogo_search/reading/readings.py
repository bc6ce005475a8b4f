r"""Every network of one hidden layer that some tensors can be, by their shapes alone.

    o[x1, x2] = act(alpha[x1] + beta[x2]) V^T + bias,   or with a product of two such sums for act (bilinear layers).

The inputs enter one-hot or through embeddings, one for both or one each; the first layer takes their sum, their
concatenation, or has a part for each; one or two matrices lead from the hidden nodes to the outputs. Names of keys only
order what is found: which reading is the right one is decided by what it computes (:mod:`.computing`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import combinations

import numpy as np

from ..groups.abelian import MAX_ORDER
from ..networks.network import FloatArray
from .state_dicts import StateDict, shown

#: Rows of an embedding that may stand for no element: = and operation signs, a spare zero.
EXTRA = 2
#: Multiplications that building readings may take, each product of two matrices counted as LEAST at least: a second.
WORK, LEAST = 4e9, 1e6
#: Readings that are tried, those of the fewest tensors; pairs of sums that are multiplied, where there are so many.
MOST, MOST_PAIRED = 1500, 40
#: Largest number of matrices whose readings are tried.
MATRICES = 64


@dataclass(frozen=True, eq=False)
class Matrix:
    """A matrix of the file as it multiplies rows, (inputs, outputs), and its expression; ``bias`` (outputs,)."""

    key: str
    told: str
    values: FloatArray
    bias: FloatArray | None = None
    bias_key: str = ""

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of the file that enter."""
        return (self.key, self.bias_key) if self.bias_key else (self.key,)


@dataclass(frozen=True, eq=False)
class Sums:
    """alpha (d, q) and beta (d, q) before the activation, with ``constant`` (q,) added once, and their expressions.

    ``extra`` says that the tensors have rows for more than the d elements.
    """

    alpha: FloatArray
    beta: FloatArray
    constant: FloatArray
    told: tuple[str, str]
    keys: tuple[str, ...]
    extra: bool = False

    @property
    def width(self) -> int:
        """q."""
        return int(self.alpha.shape[1])


@dataclass(frozen=True, eq=False)
class Outputs:
    """V (d, q) and the bias of the outputs (d,), with V's expression."""

    V: FloatArray
    bias: FloatArray
    told: str
    keys: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Reading:
    """One network that a file may hold; ``gate`` is the second sum of a bilinear layer.

    ``order`` are the file's keys, ``size`` how many matrices enter.
    """

    sums: Sums
    outputs: Outputs
    gate: Sums | None = None
    order: tuple[str, ...] = ()
    size: int = 0

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of the file that enter, each once."""
        gate = self.gate.keys if self.gate is not None else ()
        return tuple(dict.fromkeys([*self.sums.keys, *gate, *self.outputs.keys]))

    @property
    def mapping(self) -> dict[str, str]:
        """What W_a, W_b and V are of the file's tensors."""
        names = dict(zip(("W_a", "W_b"), self.sums.told, strict=True))
        if self.gate is not None:
            names |= dict(zip(("gate W_a", "gate W_b"), self.gate.told, strict=True))
        return {**names, "V": self.outputs.told}

    @property
    def shape(self) -> tuple[int, int]:
        """(d, q)."""
        d, q = self.outputs.V.shape
        return int(d), int(q)


@dataclass
class _Work:
    """What multiplying has cost so far."""

    spent: float = 0.0

    def times(self, x: FloatArray, y: FloatArray) -> FloatArray:
        self.spent += max(LEAST, float(x.shape[0]) * x.shape[1] * y.shape[1])
        with np.errstate(all="ignore"):  # what overflows computes nothing
            return np.asarray(x @ y)

    @property
    def done(self) -> bool:
        return self.spent > WORK


@dataclass(frozen=True, eq=False)
class Readings:
    """The readings of a file, those of fewer tensors first; ``cut`` says that there were more than are tried."""

    found: list[Reading] = field(default_factory=list)
    cut: bool = False


def bias_names(key: str) -> set[str]:
    """The keys that a bias beside these weights may have: W.bias, b_in for W_in, b1 for W1, b for W."""
    stem = key.removesuffix(".weight")
    parent, dot, name = stem.rpartition(".")
    short = "b" + name[1:] if name[:1] in "Ww" else f"b_{name}"
    return {f"{stem}.bias", f"{stem}_bias", f"{parent}{dot}{short}"}


def enumerate_readings(state: StateDict, keys: list[str] | None = None) -> Readings:
    """Readings that the shapes allow of the matrices of a file, or of those of ``keys``: all, unless ``cut``.

    Level by level, each with work of its own, so that many tensors do not keep the plain readings from being found:
    first layers on one-hot inputs, then one embedding or two output layers, then an embedding for each input.
    """
    matrices = [_oriented(state, key) for key in _matrices(state, keys)]
    found: dict[tuple[str, ...], Reading] = {}
    cut = False
    for level in (1, 2, 3):
        work = _Work()
        for reading in _of_level(level, matrices, work):
            size = sum(len(state.tensors[key].shape) == 2 for key in reading.keys)
            whole = replace(reading, order=tuple(state.tensors), size=size)
            found.setdefault(tuple(reading.mapping.values()), whole)
            if len(found) >= level * MOST:
                cut = True
                break
        cut = cut or work.done
    return Readings(sorted(found.values(), key=lambda reading: reading.size)[: 2 * MOST], cut)


def _of_level(level: int, matrices: list[list[Matrix]], work: _Work) -> Iterator[Reading]:
    outputs = _outputs(matrices, work, two=level > 1)
    for d in sorted(outputs):
        sums = _sums(d, matrices, set(outputs[d]), work, level)
        for q in sorted(outputs[d]):
            yield from _joined(sums.get(q, []), outputs[d][q])
        if work.done:
            return


def _matrices(state: StateDict, keys: list[str] | None) -> list[str]:
    """Keys of the real matrices that are not all zero, in the file's order."""
    found = []
    for key in state.tensors if keys is None else keys:
        stored = state.tensors[key]
        values = stored.values
        if len(stored.shape) == 2 and values is not None and values.any() and np.isfinite(values).all():
            found.append(key)
    return found[:MATRICES]


def _oriented(state: StateDict, key: str) -> list[Matrix]:
    """A matrix as it stands and turned, (inputs, outputs) each, with the bias that its name and size go with."""
    values = state.weights(key)
    found = []
    for told, array in ((f"{shown(key)}.T", values.T), (shown(key), values)):
        bias_key, bias = "", None
        for name in sorted(bias_names(key) & state.tensors.keys() - {key}):
            stored = state.tensors[name]
            if stored.shape == (array.shape[1],) and stored.values is not None:
                bias_key, bias = name, np.asarray(stored.values, dtype=np.float64)
        found.append(Matrix(key, told, array, bias, bias_key))
    return found


def _turned(told: str) -> str:
    return told.removesuffix(".T") if told.endswith(".T") else f"{told}.T"


def _outputs(matrices: list[list[Matrix]], work: _Work, two: bool) -> dict[int, dict[int, list[Outputs]]]:
    """Output layers by d and q: one matrix, or ``two`` in a row."""
    found: dict[int, dict[int, list[Outputs]]] = defaultdict(lambda: defaultdict(list))
    for last in (matrix for turns in matrices for matrix in turns):
        q, d = last.values.shape
        if not 2 <= d <= MAX_ORDER:
            continue
        bias = np.zeros(d) if last.bias is None else last.bias
        found[d][q].append(Outputs(last.values.T, bias, _turned(last.told), last.keys))
        for first in (matrix for turns in matrices for matrix in turns):
            if not two or first.key == last.key or first.values.shape[1] != q or work.done:
                continue
            through = bias if first.bias is None else bias + first.bias @ last.values
            v = work.times(first.values, last.values).T
            told = f"{_turned(last.told)} @ {_turned(first.told)}"
            found[d][first.values.shape[0]].append(Outputs(v, through, told, (*first.keys, *last.keys)))
    return found


def _sums(d: int, matrices: list[list[Matrix]], widths: set[int], work: _Work, level: int) -> dict[int, list[Sums]]:
    """alpha and beta for d elements by width, of the widths that an output layer takes."""
    everything = [matrix for turns in matrices for matrix in turns]
    embeddings = [m for m in everything if d <= m.values.shape[0] <= d + EXTRA and m.bias is None]
    found: dict[int, list[Sums]] = defaultdict(list)
    one = [] if level == 1 else _embedded(d, embeddings)
    two = [] if level < 3 else _embedded_apart(d, embeddings)
    sources = [None, *one, *two]
    for source in sources:
        if source is not None and source.width in widths and source.extra:
            found[source.width].append(source)
        for sums in _first_layers(d, source, everything, widths, work):
            found[sums.width].append(sums)
        if work.done:
            break
    return found


def _embedded(d: int, embeddings: list[Matrix]) -> list[Sums]:
    """One embedding for both inputs."""
    found = []
    for e in embeddings:
        rows, name = e.values[:d], _rows(e, d)
        found.append(Sums(rows, rows, np.zeros(rows.shape[1]), (name, name), e.keys, len(e.values) > d))
    return found


def _embedded_apart(d: int, embeddings: list[Matrix]) -> list[Sums]:
    """An embedding for each input, the first of the file for the first input."""
    found = []
    for e1, e2 in combinations(embeddings, 2):
        if e1.key != e2.key and e1.values.shape == e2.values.shape:
            told, keys = (_rows(e1, d), _rows(e2, d)), (*e1.keys, *e2.keys)
            nothing = np.zeros(e1.values.shape[1])
            found.append(Sums(e1.values[:d], e2.values[:d], nothing, told, keys, len(e1.values) > d))
    return found


def _rows(matrix: Matrix, d: int) -> str:
    return matrix.told if len(matrix.values) == d else f"{matrix.told}[:{d}]"


def _first_layers(d: int, source: Sums | None, matrices: list[Matrix], widths: set[int], work: _Work) -> Iterator[Sums]:
    """First layers on one-hot inputs (no source) or embeddings: on their sum, on their concatenation, one for each."""
    h = d if source is None else source.width
    used = () if source is None else source.keys
    layers = [m for m in matrices if m.values.shape[1] in widths and m.key not in used]
    for m in layers:
        constant = np.zeros(m.values.shape[1]) if m.bias is None else m.bias
        if len(m.values) == h:
            yield _multiplied(source, (m.values, m.told), (m.values, m.told), constant, m.keys, work)
        if len(m.values) == 2 * h:
            halves = (m.values[:h], f"{m.told}[:{h}]"), (m.values[h:], f"{m.told}[{h}:]")
            yield _multiplied(source, *halves, constant, m.keys, work)
        if work.done:
            return
    fitting = [m for m in layers if len(m.values) == h]
    for first, second in combinations(fitting, 2):
        if first.key == second.key or first.values.shape != second.values.shape:
            continue
        constant = sum((m.bias for m in (first, second) if m.bias is not None), np.zeros(first.values.shape[1]))
        parts = (first.values, first.told), (second.values, second.told)
        yield _multiplied(source, *parts, constant, (*first.keys, *second.keys), work)
        if work.done:
            return


def _multiplied(
    source: Sums | None,
    left: tuple[FloatArray, str],
    right: tuple[FloatArray, str],
    constant: FloatArray,
    keys: tuple[str, ...],
    work: _Work,
) -> Sums:
    """What enters a first layer, times the layer's part for each input."""
    if source is None:
        return Sums(left[0], right[0], constant, (left[1], right[1]), keys)
    told = f"{source.told[0]} @ {left[1]}", f"{source.told[1]} @ {right[1]}"
    alpha, beta = work.times(source.alpha, left[0]), work.times(source.beta, right[0])
    return Sums(alpha, beta, constant, told, (*source.keys, *keys))


def _joined(sums: list[Sums], outputs: list[Outputs]) -> Iterator[Reading]:
    """Sums, and pairs of sums as bilinear layers, with output layers of other tensors, or of a shared embedding."""
    for last in outputs:
        free = [s for s in sums if not set(s.keys) & set(last.keys) or _tied(s, last)]
        for s in free:
            yield Reading(s, last)
        for s in free:
            if s.alpha is not s.beta:  # the product of a function of x1 and one of x2
                yield Reading(*_factors(s, last))
        for s, t in combinations(free[:MOST_PAIRED], 2):
            if _of_one_source(s, t):
                yield Reading(s, last, t)


def _tied(sums: Sums, last: Outputs) -> bool:
    """Whether the output layer is the embedding once more, and a first layer lies between."""
    return len(last.keys) == 1 and sums.keys[0] == last.keys[0] and len(sums.keys) > 1


def _factors(sums: Sums, last: Outputs) -> tuple[Sums, Outputs, Sums]:
    """alpha[x1] beta[x2] as a bilinear layer: one sum has no part of x2, the other none of x1."""
    zero = np.zeros_like(sums.alpha)
    nothing = np.zeros(sums.width)
    first = Sums(sums.alpha, zero, nothing, (sums.told[0], "0"), sums.keys)
    second = Sums(zero, sums.beta, sums.constant, ("0", sums.told[1]), sums.keys)
    return first, last, second


def _of_one_source(s: Sums, t: Sums) -> bool:
    """Whether two sums are two first layers, of other tensors, on the same inputs."""
    layers = [key for key in s.keys if key not in t.keys], [key for key in t.keys if key not in s.keys]
    shared = [key for key in s.keys if key in t.keys]
    return bool(layers[0]) and bool(layers[1]) and list(s.keys[: len(shared)]) == list(t.keys[: len(shared)]) == shared
