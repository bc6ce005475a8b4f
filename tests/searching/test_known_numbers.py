"""A table of known numbers, found independently of this code, from the real code paths."""

import pytest

from cogo_search.algebra.canonical import canonical, solution_cost
from cogo_search.algebra.generators import Generator, enumerate_generators
from cogo_search.algebra.polynomials import maximal_polynomial
from cogo_search.algebra.potentials import COVERS
from cogo_search.searching.aligned import AlignedProblem, enumerate_solutions, minimise_nodes
from cogo_search.searching.engine import SearchSettings, search
from cogo_search.searching.free import search_free
from cogo_search.searching.outcome import Outcome
from cogo_search.searching.products import polynomial_pool, search_products

PRODUCT_MINIMA = [
    ((3, 4), "all", 6),
    ((3, 4), "Rc+R*", 4),
    ((3, 4), "Rc+Rn", 3),
    ((3, 4), "Rc", 3),
    ((3,), "all", 9),
    ((4,), "all", 6),
    ((6,), "all", 6),
    ((6,), "Rc+R*", 5),
]
ALIGNED_MINIMA = [
    *[(n, "all", q) for n, q in [(3, 9), (4, 8), (6, 6), (12, 6), (5, 25), (7, 7), (9, 9), (10, 10), (15, 9)]],
    *[(n, "Rc+R*", q) for n, q in [(3, 9), (4, 4), (6, 6), (12, 4), (10, 10)]],
    *[(n, "Rc+Rn", q) for n, q in [(3, 3), (4, 4), (6, 3), (12, 3)]],
]
ALIGNED_COUNTS = [
    (6, "all", 6, 1, 1),
    (12, "all", 6, 10, 4),
    (4, "Rc+R*", 4, 2, 1),
    (8, "Rc+R*", 4, 4, 2),
]
REAL_MINIMA = {"all": 6, "Rc+R*": 4, "Rc+Rn": 3, "Rc": 3}


def test_roots_3_4_have_24_generators():
    assert len(enumerate_generators([3, 4])) == 24


@pytest.mark.parametrize(("roots", "cover", "order"), PRODUCT_MINIMA)
def test_least_formal_order_of_products(roots, cover, order):
    result = search_products(polynomial_pool(enumerate_generators(roots)), cover, None, 1000, 20)
    assert result.order == order
    assert result.complete
    assert result.solutions
    assert all(solution.order <= order for solution, _ in result.solutions.values())


@pytest.mark.parametrize(("n", "cover", "order"), ALIGNED_MINIMA)
def test_least_number_of_aligned_nodes(n, cover, order):
    result = search_free(n, cover, None, limit=5, budget=5)
    assert result.order == order
    assert result.outcome is Outcome.PROVED
    assert result.bounds[0].lower_bound == order


@pytest.mark.parametrize(("n", "cover", "order"), [row for row in ALIGNED_MINIMA if row[0] != 10])
def test_cp_sat_alone_finds_the_same_minimum(n, cover, order):
    """Cross-check without our bounds or hints; n = 10 has the exhaustive search beside it."""
    solved = minimise_nodes(AlignedProblem(n, cover), lower=1, hint=None, budget=60)
    assert solved.optimal
    assert solved.objective == order


@pytest.mark.parametrize(("n", "cover", "order", "solutions", "orbits"), ALIGNED_COUNTS)
def test_number_of_aligned_optima(n, cover, order, solutions, orbits):
    found = enumerate_solutions(AlignedProblem(n, cover), order, limit=1000, budget=60)
    assert found.complete
    assert (found.found, len(found.orbits)) == (solutions, orbits)
    assert sum(solution.orbit_size for solution in found.orbits.values()) == solutions


@pytest.mark.parametrize("cover", COVERS)
def test_real_bound_is_met_over_the_twelfth_roots(cover):
    """Minimum over all real weights at one generic frequency: 6 / 4 / 3 / 3."""
    result = search_free(12, cover, None, limit=10, budget=20)
    assert result.bounds[0].method == "pencil-rank"
    assert result.bounds[0].lower_bound == result.merged_order == REAL_MINIMA[cover]


@pytest.mark.slow
@pytest.mark.parametrize(("n", "order_of_nu"), [(10, 5), (16, 16), (24, 24)])
def test_rho_nu_is_a_single_generator_solution_of_order_6(n, order_of_nu):
    """Erratum 4: with [1, 1, -s] degree 5 and order 6 cover everything with one generator."""
    product = search(SearchSettings((n,), model="product", covers=("all",), max_factors=1)).product["all"]
    assert product.order == 6
    assert all(len(factors) == 1 for _, factors in product.solutions.values())
    nu = n // order_of_nu
    u_nu = maximal_polynomial(Generator(nu, nu + n // 2, n))
    assert (u_nu.degree, u_nu.order) == (5, 6)
    assert canonical(u_nu.weights()).id in product.solutions


def test_aligned_nodes_over_tenth_roots_need_ten_where_one_generator_needs_six():
    assert search_free(10, "all", None, 5, 20).order == 10


@pytest.mark.slow
def test_one_solution_has_one_id_over_mu_6_12_24():
    ids = [set(search_free(n, "all", None, 100, 60).solutions) for n in (6, 12, 24)]
    assert len(ids[0]) == 1
    assert ids[0] <= ids[1] <= ids[2]


@pytest.mark.slow
@pytest.mark.parametrize("n", [17, 31])
def test_prime_roots_are_proved_minimal_and_honest_about_completeness(n):
    """Every vanishing sum over a prime is uniform, so the minimum is n; the optima are too many to list."""
    result = search_free(n, "all", None, limit=3, budget=1)
    assert (result.order, result.outcome) == (n, Outcome.PROVED)
    assert result.bounds[0].method == "lp-dual"
    assert not result.complete
    assert result.solutions


def test_cost_of_rho_nu_is_not_bounded():
    """At nu = exp(2 pi i/24) it is 9.02, and it grows without bound near 1."""
    costs = []
    for n in (24, 36, 60, 120):
        u_nu = maximal_polynomial(Generator(1, 1 + n // 2, n))
        assert u_nu.order == 6
        costs.append(solution_cost(canonical(u_nu.weights())))
    assert costs == sorted(costs)
    assert 9.0 < costs[0] < 9.1
    assert costs[-1] > 50
