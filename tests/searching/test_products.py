import itertools

import pytest

from cogo_search.algebra.canonical import canonical
from cogo_search.algebra.generators import enumerate_generators
from cogo_search.algebra.potentials import COVERS, ZEROABLE, cover_potentials
from cogo_search.algebra.weights import ring_product
from cogo_search.searching.products import (
    cover_mask,
    least_order_cp_sat,
    least_order_exhaustive,
    minimal_products,
    polynomial_pool,
    search_products,
    undominated_types,
)

ROOTS = [(2,), (3,), (4,), (5,), (6,), (3, 4), (8,), (10,)]


@pytest.mark.slow
@pytest.mark.parametrize("roots", ROOTS)
@pytest.mark.parametrize("cover", COVERS)
@pytest.mark.parametrize("max_factors", [None, 1, 2])
def test_cp_sat_and_dynamic_programming_agree(roots, cover, max_factors):
    types = undominated_types(polynomial_pool(enumerate_generators(roots)), cover)
    solved = least_order_cp_sat(types, cover, max_factors, budget=20)
    assert solved.optimal or solved.status == "INFEASIBLE"
    assert solved.objective == least_order_exhaustive(types, cover, max_factors)


@pytest.mark.parametrize("cover", COVERS)
def test_minimum_against_plain_enumeration_of_all_products(cover):
    """Every product of at most three polynomials over roots 3,4, zero sets read off the expanded weight."""
    pool = polynomial_pool(enumerate_generators([3, 4]))
    kinds = {(p.order, p.weights().zero_set) for p in pool}
    wanted = set(cover_potentials(cover))
    orders = []
    for count in (1, 2, 3):
        for choice in itertools.combinations_with_replacement(sorted(kinds), count):
            if wanted <= set().union(*(zeros for _, zeros in choice)):
                product = 1
                for order, _ in choice:
                    product *= order
                orders.append(product)
    assert search_products(pool, cover, None, 1000, 20).order == min(orders)


@pytest.mark.slow
@pytest.mark.parametrize("roots", [(3, 4), (6,)])
@pytest.mark.parametrize("cover", COVERS)
def test_unit_classes_lose_no_minimal_product(roots, cover):
    """The ids found with one polynomial for each unit class are those of all polynomials, pair by pair."""
    pool = polynomial_pool(enumerate_generators(roots))
    result = search_products(pool, cover, None, 1000, 20)
    goal, ids = cover_mask(cover), set()
    for count in (1, 2):
        for choice in itertools.combinations_with_replacement(pool, count):
            union, order = 0, 1
            for p in choice:
                union, order = union | p.mask, order * p.order
            if order == result.order and union & goal == goal:
                ids.add(canonical(ring_product(p.weights() for p in choice)).id)
    assert ids == set(result.solutions)


def test_products_vanish_where_they_should_and_nothing_else_is_claimed():
    pool = polynomial_pool(enumerate_generators([3, 4]))
    for factors in minimal_products(pool, "Rc+R*", 4, None):
        weights = ring_product(p.weights() for p in factors)
        mask = 0
        for p in factors:
            mask |= p.mask
        assert weights.zero_set == tuple(name for bit, name in enumerate(ZEROABLE) if mask >> bit & 1)
        assert weights.potential("abc").any()


def test_limit_is_said():
    pool = polynomial_pool(enumerate_generators([12]))
    result = search_products(pool, "all", None, limit=2, budget=20)
    assert len(result.solutions) == 2
    assert not result.complete
    assert result.order == 6


def test_unreachable_cover_is_infeasible():
    result = search_products(polynomial_pool(enumerate_generators([2])), "all", None, 10, 20)
    assert (result.order, result.solutions, result.complete) == (None, {}, True)
