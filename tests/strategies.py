"""Shared hypothesis strategies, and the bridge between the package's arrays and python-flint.

The oracle is the field arithmetic of tests/golden/make_golden.py, which imports nothing of the package:
an element of Q(zeta_n) is an ``fmpq_poly`` modulo Phi_n, a node is (exponent of a, exponent of b, c).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from cogo_search.algebra.cyclotomic import IntArray
from cogo_search.algebra.weights import Weights

from .golden.make_golden import Element, Node, element, integers, phi, potential

#: Deterministic and short: the suite must give the same answer on every run.
quick = settings(
    deadline=None,
    max_examples=40,
    derandomize=True,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)

EVEN = (2, 4, 6, 8, 10, 12, 18, 20, 24)
SMALL_EVEN = (2, 4, 6, 10, 12)


def flint(n: int, x: IntArray) -> Element:
    """One element of Z[zeta_n] from its coordinates."""
    return element(n, [int(v) for v in x])


def array(n: int, x: Element) -> IntArray:
    """The coordinates of one element of Z[zeta_n]."""
    return np.array(integers(n, x), dtype=np.int64)


def nodes_of(w: Weights) -> list[Node]:
    """The nodes of package weights."""
    return [(int(a), int(b), flint(w.n, c)) for a, b, c in zip(w.a, w.b, w.c, strict=True)]


def weights_of(n: int, nodes: Sequence[Node]) -> Weights:
    """Package weights from nodes, in the order given, nothing merged beforehand."""
    a = np.array([node[0] for node in nodes], dtype=np.int64)
    b = np.array([node[1] for node in nodes], dtype=np.int64)
    c = np.array([integers(n, node[2]) for node in nodes], dtype=np.int64).reshape(len(nodes), phi(n))
    return Weights.from_nodes(n, a, b, c)


def coordinates(n: int, bound: int = 9) -> st.SearchStrategy[list[int]]:
    """phi(n) integers."""
    return st.lists(st.integers(-bound, bound), min_size=phi(n), max_size=phi(n))


@st.composite
def elements(draw: st.DrawFn, moduli: Sequence[int], count: int = 1, bound: int = 9) -> tuple[int, list[IntArray]]:
    """n, and ``count`` elements of Z[zeta_n]."""
    n = draw(st.sampled_from(moduli))
    return n, [np.array(draw(coordinates(n, bound)), dtype=np.int64) for _ in range(count)]


@st.composite
def node_lists(
    draw: st.DrawFn, moduli: Sequence[int] = SMALL_EVEN, low: int = 0, high: int = 4, bound: int = 2
) -> tuple[int, list[Node]]:
    """n, and between ``low`` and ``high`` nodes: repeated directions and c = 0 may occur."""
    n = draw(st.sampled_from(moduli))
    node = st.tuples(st.integers(0, n - 1), st.integers(0, n - 1), coordinates(n, bound))
    return n, [(a, b, element(n, c)) for a, b, c in draw(st.lists(node, min_size=low, max_size=high))]


def weights(
    moduli: Sequence[int] = SMALL_EVEN, low: int = 0, high: int = 4, bound: int = 2
) -> st.SearchStrategy[Weights]:
    """Random weights."""
    return node_lists(moduli, low, high, bound).map(lambda case: weights_of(*case))


def solvable_nodes(
    moduli: Sequence[int] = SMALL_EVEN, low: int = 1, high: int = 5, bound: int = 2
) -> st.SearchStrategy[tuple[int, list[Node]]]:
    """Node lists with r_kkk != 0."""
    return node_lists(moduli, low, high, bound).filter(lambda case: not potential(*case, "abc").is_zero())
