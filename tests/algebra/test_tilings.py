from __future__ import annotations

from itertools import combinations
from math import prod

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cogo_search.algebra.tilings import irreducible_factors, split
from cogo_search.algebra.weights import Weights, ring_product

from ..golden import make_golden as oracle
from ..strategies import coordinates, nodes_of, quick, weights_of

Nodes = list[oracle.Node]


def proportional(n: int, x: Nodes, y: Nodes) -> bool:
    """Whether two merged node lists have the same directions, and c in one ratio."""
    if [node[:2] for node in x] != [node[:2] for node in y]:
        return False
    cross = [
        (oracle.multiply(n, u, y[0][2]), oracle.multiply(n, v, x[0][2]))
        for (_, _, u), (_, _, v) in zip(x, y, strict=True)
    ]
    return all(left == right for left, right in cross)


def moved(n: int, nodes: Nodes, a: int, b: int) -> Nodes:
    """The nodes times a unit that takes the direction (a, b) to (1, 1); merged, so that it comes first."""
    return oracle.merge(n, oracle.product(n, nodes, [(-a, -b, oracle.zeta(n, a + b))]))


def anchored(n: int, nodes: Nodes) -> Nodes:
    return moved(n, nodes, *nodes[0][:2])


def factors_by_brute_force(n: int, nodes: Nodes) -> bool:
    """Whether some X, Y of order >= 2 with |X| |Y| = q multiply to the nodes, by trying all subsets.

    No node merges, so up to units both factors are restrictions of the nodes after some direction of
    them has been moved to (1, 1).
    """
    q = len(nodes)
    for a, b, _ in nodes:
        every = moved(n, nodes, a, b)
        sizes = [(s, q // s) for s in range(2, q) if q % s == 0 and s * s <= q]
        for small, large in sizes:
            for x in combinations(every, small):
                for y in combinations(every, large):
                    found = oracle.merge(n, oracle.product(n, list(x), list(y)))
                    if len(found) == q and proportional(n, found, every):
                        return True
    return False


@st.composite
def small_weights(draw: st.DrawFn, n: int, order: int, bound: int = 2) -> Nodes:
    """Exactly ``order`` directions, the first (1, 1), random c."""
    directions = [(a, b) for a in range(n // 2) for b in range(n)]
    chosen = [(0, 0), *draw(st.permutations(directions[1:]))[: order - 1]]
    return oracle.merge(n, [(a, b, oracle.element(n, draw(coordinates(n, bound).filter(any)))) for a, b in chosen])


def check(n: int, nodes: Nodes, factors: list[Weights]) -> None:
    """The documented properties of a factorization."""
    assert proportional(n, nodes_of(ring_product(factors).over(n)), nodes)
    assert prod(factor.order for factor in factors) == len(nodes)
    for factor in factors:
        assert factor.order >= 2 or len(factors) == 1
        assert split(factor) is None


# ---------------------------------------------------------------- products come apart


@given(st.sampled_from([4, 6, 8, 12]), st.data())
@quick
def test_factors_of_a_product_multiply_back_up_to_a_scale(n, data):
    orders = data.draw(st.sampled_from([(2, 2), (2, 3), (3, 3), (2, 2, 2), (2, 2, 3), (2, 5)]))
    product = [(0, 0, oracle.element(n, [1]))]
    for order in orders:
        product = oracle.merge(n, oracle.product(n, product, data.draw(small_weights(n, order))))
    assume(product)
    product = anchored(n, product)
    factors = irreducible_factors(weights_of(n, product))
    check(n, product, factors)
    if len(product) == prod(orders):  # nothing merged, so it must come apart, and into primes
        assert len(factors) == len(orders)


@pytest.mark.parametrize(
    ("n", "left", "right"),
    [
        (12, oracle.z_nu(12, 3), oracle.z_syn(12)),
        (12, oracle.z_nu(12, 3), oracle.z_syn(12, 1, 4)),
        (8, oracle.z_nu(8, 2), oracle.z_xi(8, 1)),
        (30, oracle.z_nu(30, 6), oracle.z_syn(30)),
    ],
    ids=["nu_i*syn", "nu_i*syn_ab", "nu_i*xi", "nu*syn"],
)
def test_the_paper_s_products_come_apart(n, left, right):
    nodes = oracle.merge(n, oracle.product(n, left, right))
    assert len(nodes) == len(left) * len(right)
    factors = irreducible_factors(weights_of(n, nodes))
    check(n, nodes, factors)
    assert sorted(f.order for f in factors) == [len(left), len(right)]


# ---------------------------------------------------------------- irreducible ones do not


@given(st.sampled_from([6, 8, 12]), st.sampled_from([1, 2, 3, 5, 7]), st.data())
@quick
def test_a_prime_order_is_irreducible(n, order, data):
    w = weights_of(n, data.draw(small_weights(n, order)))
    assert split(w) is None
    assert irreducible_factors(w) == [w]


@given(st.sampled_from([4, 6, 8, 12]), st.data())
@quick
def test_order_4_splits_exactly_if_some_pair_of_subsets_multiplies_to_it(n, data):
    nodes = data.draw(small_weights(n, 4, bound=1))
    assert (split(weights_of(n, nodes)) is not None) == factors_by_brute_force(n, nodes)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("n", "order", "expected"), [(4, 4, {True, False}), (4, 6, {True}), (6, 4, {True, False}), (6, 6, {True, False})]
)
def test_aligned_weights_split_exactly_if_some_pair_of_subsets_multiplies_to_them(n, order, expected):
    """c = 1/(ab) on every node, so that directions decide.

    All but two elements of a group of order 8 are always a sum of two sets, whence (4, 6).
    """
    directions = [(a, b) for a in range(n // 2) for b in range(n)]
    every = list(combinations(directions[1:], order - 1))
    answers = set()
    for chosen in every[:: max(1, len(every) // 40)]:
        nodes = [(a, b, oracle.zeta(n, -a - b)) for a, b in ((0, 0), *chosen)]
        w = weights_of(n, nodes)
        splits = split(w) is not None
        assert splits == factors_by_brute_force(n, nodes)
        check(n, nodes, irreducible_factors(w))
        answers.add(splits)
    assert answers == expected


@pytest.mark.slow
@given(st.sampled_from([4, 6]), st.data())
@quick
def test_order_6_products_spoiled_at_one_node_agree_with_brute_force(n, data):
    left, right = data.draw(small_weights(n, 2, bound=1)), data.draw(small_weights(n, 3, bound=1))
    nodes = oracle.merge(n, oracle.product(n, left, right))
    assume(len(nodes) == 6)
    nodes = anchored(n, nodes)
    assert split(weights_of(n, nodes)) is not None
    j = data.draw(st.integers(0, 5))
    a, b, c = nodes[j]
    spoiled = [*nodes[:j], (a, b, c * data.draw(st.sampled_from([1, -1, 2]))), *nodes[j + 1 :]]
    assert (split(weights_of(n, spoiled)) is not None) == factors_by_brute_force(n, spoiled)
