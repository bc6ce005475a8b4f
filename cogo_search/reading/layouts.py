"""How foreign files name and arrange the weights: layouts by key names, orientations by shapes.

A layout turns the tensors into every (alpha, beta, V) that their shapes allow, each (d, q), with an expression that
says how each came about. Stored transposed or not is not part of a layout, except where torch's Linear fixes it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product

import numpy as np

from ..errors import InputError
from ..groups.abelian import MAX_ORDER
from ..networks.network import FloatArray
from .readings import Reading
from .state_dicts import MAPPING, StateDict, shown

#: What a mapping names.
NAMES = ("W_a", "W_b", "V")

#: An array and the expression that made it of the file's tensors.
Term = tuple[str, FloatArray]
Triple = tuple[Term, Term, Term]
Arrangement = Callable[..., Iterator[Triple]]


@dataclass(frozen=True, eq=False)
class Candidate:
    """One reading of a file: W_a, W_b, V of shape (d, q), and the expressions they are."""

    mapping: dict[str, str]
    weights: tuple[FloatArray, FloatArray, FloatArray]

    @property
    def shape(self) -> tuple[int, int]:
        """(d, q)."""
        d, q = self.weights[2].shape
        return int(d), int(q)


@dataclass(frozen=True, eq=False)
class Layout:
    """The keys of the weights, that of the output layer last, and how they are arranged."""

    keys: tuple[str, ...]
    arrange: Arrangement
    transposed: tuple[str, ...] = ()
    mapped: bool = False

    def literal(self, mapping: Mapping[str, str]) -> bool:
        """Whether a reading takes the tensors just as a user's mapping has them, which then counts as chosen."""
        chosen = [f"{shown(key)}.T" if key in self.transposed else shown(key) for key in self.keys]
        whole = [re.sub(r"\[[0-9:]*\]$", "", told) for told in mapping.values()]  # of a concatenation each has a part
        return self.mapped and whole == [*chosen[:1], *chosen][-3:]

    def fits(self, reading: Reading) -> bool:
        """Whether a reading gives the tensors the roles that a user's mapping does."""
        entering = [key for key in self.keys[:-1] if key in reading.sums.keys]
        return reading.outputs.keys[0] == self.keys[-1] and entering == list(self.keys[:-1])

    def candidates(self, state: StateDict) -> list[Candidate]:
        """Every reading that the shapes allow, different ones only, the one with the fewest transpositions first."""
        terms = [(shown(key), state.weights(key)) for key in self.keys]
        terms = [_turned(term) if key in self.transposed else term for key, term in zip(self.keys, terms, strict=True)]
        found: list[Candidate] = []
        for a, b, v in self.arrange(*terms):
            if not (a[1].shape == b[1].shape == v[1].shape and 2 <= len(v[1]) <= MAX_ORDER):
                continue
            arrays = (a[1], b[1], v[1])
            if not any(all(map(np.array_equal, arrays, other.weights)) for other in found):
                found.append(Candidate(dict(zip(NAMES, (a[0], b[0], v[0]), strict=True)), arrays))
        return found


def _turned(term: Term) -> Term:
    name = term[0].removesuffix(".T") if term[0].endswith(".T") else f"{term[0]}.T"
    return name, term[1].T


def _either(term: Term) -> tuple[Term, Term]:
    return term, _turned(term)


def _inputs(first: Term, rows: int) -> Iterator[tuple[Term, Term]]:
    """The parts of a first layer (inputs, q) that the two inputs meet: both the whole, or each its half."""
    name, x = first
    if len(x) == rows:
        yield first, first
    if len(x) == 2 * rows:
        yield (f"{name}[:{rows}]", x[:rows]), (f"{name}[{rows}:]", x[rows:])


def _times(embedding: Term, layer: Term) -> Term:
    with np.errstate(all="ignore"):  # what overflows is refused with the network
        return f"{embedding[0]} @ {layer[0]}", embedding[1] @ layer[1]


def _linear(first: Term, last: Term) -> Iterator[Triple]:
    """torch's Linear on the one-hot concatenation: (q, 2d) and (d, q)."""
    for a, b in _inputs(_turned(first), len(last[1])):
        yield a, b, last


def _linear_apart(first: Term, second: Term, last: Term) -> Iterator[Triple]:
    """torch's Linear for each input: (q, d), (q, d) and (d, q)."""
    yield _turned(first), _turned(second), last


def _folded(first: Term, second: Term, hidden: Term, last: Term) -> Iterator[Triple]:
    """An embedding for each input, (d, h), before one hidden layer (h, q), and (d, q)."""
    for v, x, y, w in product(_either(last), _either(first), _either(second), _either(hidden)):
        if x[1].shape == y[1].shape == (len(v[1]), len(w[1])) and v[1].shape[1] == w[1].shape[1]:
            yield _times(x, w), _times(y, w), v


def _shared(embedding: Term, first: Term, last: Term) -> Iterator[Triple]:
    """One embedding (d, h) for both inputs, whose sum (q, h) or concatenation (q, 2h) enters the first layer."""
    for v, e, w in product(_either(last), _either(embedding), _either(first)):
        if len(e[1]) == len(v[1]) and w[1].shape[1] == v[1].shape[1]:
            for a, b in _inputs(w, e[1].shape[1]):
                yield _times(e, a), _times(e, b), v


def _one_hot(first: Term, last: Term) -> Iterator[Triple]:
    """One first layer on the sum or the concatenation of the one-hot inputs."""
    for v, w in product(_either(last), _either(first)):
        if w[1].shape[1] == v[1].shape[1]:
            for a, b in _inputs(w, len(v[1])):
                yield a, b, v


def _plain(first: Term, second: Term, last: Term) -> Iterator[Triple]:
    """W_a, W_b and V themselves."""
    for v, a, b in product(_either(last), _either(first), _either(second)):
        yield a, b, v


#: Names that tell a layout, in the order in which they are looked for; the output layer's is the last.
KNOWN: tuple[tuple[tuple[str, ...], Arrangement], ...] = (
    (("W_x", "W_y", "W", "W_U"), _folded),
    *(((name, "W_in", "W_out"), _shared) for name in ("W_E", "embed", "embedding")),
    (("W_in", "W_out"), _one_hot),
    (("layera", "layerb", "layerc"), _linear_apart),
    (NAMES, _plain),
    (("W", "V"), _linear),
)


def find_layout(state: StateDict) -> Layout | None:
    """The layout that the key names tell, or None if they tell none."""
    for names, arrange in KNOWN:
        keys = [state.key(name) for name in names]
        if None not in keys:
            return Layout(tuple(key for key in keys if key is not None), arrange)
    return None


def mapped_layout(state: StateDict, mapping: Mapping[str, str]) -> Layout:
    """The layout of a user's mapping of W_a, W_b and V to keys; ``KEY.T`` is a transposed one.

    W_a and W_b of the same key are one first layer, on the sum or the concatenation of the one-hot inputs. Raises
    InputError for a name or key that there is not.
    """
    if sorted(mapping) != sorted(NAMES):
        raise InputError(f"mapping names {', '.join(sorted(mapping))}: it must name W_a, W_b and V, as in {MAPPING}")
    keys, transposed = [], []
    for name in NAMES:
        key = state.key(mapping[name])
        if key is None and mapping[name].endswith(".T"):
            key = state.key(mapping[name].removesuffix(".T"))
            transposed += [key] if key else []
        if key is None:
            raise InputError(f"mapping {name}={mapping[name]}: there is no such key, it holds {state.listing()}")
        keys.append(key)
    if keys[0] == keys[1]:
        return Layout((keys[0], keys[2]), _one_hot, tuple(transposed), mapped=True)
    return Layout(tuple(keys), _plain, tuple(transposed), mapped=True)
