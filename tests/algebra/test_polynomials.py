from __future__ import annotations

from itertools import combinations
from math import gcd

import pytest
from flint import fmpz_poly
from hypothesis import given
from hypothesis import strategies as st

from cogo_search.algebra.cyclotomic import euler_phi
from cogo_search.algebra.generators import Generator, enumerate_generators
from cogo_search.algebra.polynomials import (
    Polynomial,
    all_polynomials,
    coefficients,
    format_coefficients,
    maximal_polynomial,
    zero_mask,
)
from cogo_search.algebra.potentials import ZEROABLE

from ..golden import make_golden as oracle
from ..strategies import flint, nodes_of, quick

#: Table 1: generator, order and maximal polynomial.
TABLE_ONE = {
    "one": (Generator(0, 1, 2), 2, "u + 1"),
    "syn": (Generator(1, 1, 3), 3, "u^2 + u + 1"),
    "3c": (Generator(1, 2, 3), 3, "u^2 + u + 1"),
    "3a": (Generator(0, 1, 3), 3, "u^2 + u + 1"),
    "4c": (Generator(1, 3, 4), 2, "u + 1"),
    "4a": (Generator(0, 1, 4), 4, "u^3 + u^2 + u + 1"),
}


@st.composite
def generators(draw: st.DrawFn) -> Generator:
    n = draw(st.sampled_from([2, 3, 4, 5, 6, 8, 9, 10, 12, 16]))
    return Generator(draw(st.integers(0, n - 1)), draw(st.integers(0, n - 1)), n)


def expanded(u: Generator, values) -> tuple[int, list[oracle.Node]]:
    """rho_S(u) by flint, over an even n."""
    step = 1 + u.n % 2
    n = step * u.n
    nodes = oracle.rho(n, (step * u.a, step * u.b, step * u.c), [step * s for s in values])
    return n, oracle.merge(n, nodes)


# ---------------------------------------------------------------- Theorem 4


@given(generators(), st.data())
@quick
def test_exactly_the_potentials_with_a_value_in_s_vanish(u, data):
    for p in data.draw(st.permutations(all_polynomials(u)))[:6]:
        w = p.weights()
        vanish = [name for name in ZEROABLE if u.values[name] in p.values]
        nodes = nodes_of(w)
        assert [name for name in ZEROABLE if oracle.potential(w.n, nodes, name).is_zero()] == vanish
        assert [name for bit, name in enumerate(ZEROABLE) if p.mask >> bit & 1] == vanish
        assert p.mask == zero_mask(u, p.values) and p.mask < 2**9


@given(generators(), st.data())
@quick
def test_every_potential_is_the_product_of_its_distances_to_s(u, data):
    """r_kkk = prod (1 - s) != 0 among them."""
    for p in data.draw(st.permutations(all_polynomials(u)))[:6]:
        w = p.weights()
        step = w.n // u.n
        for name, exponent in {"abc": 0, **u.values}.items():
            expected = oracle.element(w.n, [1])
            for s in p.values:
                factor = oracle.zeta(w.n, step * exponent) - oracle.zeta(w.n, step * s)
                expected = oracle.multiply(w.n, expected, factor)
            assert flint(w.n, w.potential(name)) == expected
        assert w.potential("abc").any()


@given(generators(), st.data())
@quick
def test_expansion_and_order_agree_with_flint(u, data):
    for p in data.draw(st.permutations(all_polynomials(u)))[:6]:
        n, nodes = expanded(u, p.values)
        w = p.weights()
        assert (w.n, nodes_of(w)) == (n, nodes)
        assert p.order == w.order == len(nodes)
        assert p.degree == len(p.values)


@given(generators())
@quick
def test_all_polynomials_run_over_every_nonempty_set_of_values_once(u):
    found = all_polynomials(u)
    every = {s for size in range(1, 9) for s in combinations(u.distinct_values, size)}
    assert {p.values for p in found} == every
    assert len(found) == len(every) == 2 ** len(u.distinct_values) - 1 <= 255
    assert all(p.generator == u and 0 not in p.values for p in found)


@pytest.mark.parametrize("u", enumerate_generators([3, 4]), ids=lambda u: f"{u.a}-{u.b}")
def test_orders_of_all_polynomials_over_roots_3_and_4(u):
    for p in all_polynomials(u):
        assert p.order == len(expanded(u, p.values)[1])


# ---------------------------------------------------------------- coefficients


@given(st.integers(1, 24), st.lists(st.integers(0, 23), max_size=5))
@quick
def test_coefficients_are_those_of_the_product_of_linear_factors(n, values):
    found = coefficients(values, n)
    assert found.shape == (len(values) + 1, euler_phi(n))
    # The generator [1, 1, 1] leaves only the coefficients.
    assert [flint(n, row) for row in found] == [c for _, _, c in oracle.rho(n, (0, 0, 0), values)]


@pytest.mark.parametrize("n", range(2, 25))
def test_all_primitive_roots_give_the_cyclotomic_polynomial(n):
    found = coefficients([k for k in range(1, n) if gcd(k, n) == 1], n)
    assert not found[:, 1:].any()
    assert found[:, 0].tolist() == [int(c) for c in fmpz_poly.cyclotomic(n).coeffs()]


@pytest.mark.parametrize(
    ("values", "n", "text"),
    [
        ((), 5, "1"),
        ((0,), 5, "u - 1"),
        ((1,), 2, "u + 1"),
        ((0, 0), 2, "u^2 - 2 u + 1"),
        ((1, 3), 4, "u^2 + 1"),
        ((1,), 3, "u - w3"),
        ((1, 2, 3, 4), 5, "u^4 + u^3 + u^2 + u + 1"),
    ],
)
def test_polynomials_are_written_with_falling_powers(values, n, text):
    assert format_coefficients(coefficients(values, n), n) == text


# ---------------------------------------------------------------- maximal polynomials, Table 1


@pytest.mark.parametrize("symbol", TABLE_ONE)
def test_maximal_polynomials_of_table_one(symbol):
    u, order, text = TABLE_ONE[symbol]
    p = maximal_polynomial(u)
    assert u.symbol == symbol
    assert (p.order, str(p)) == (order, text)
    assert p.values == u.distinct_values


@pytest.mark.parametrize("n", [10, 14, 16, 18, 20, 24, 30])
def test_one_generic_generator_covers_everything_with_degree_5_and_order_6(n):
    """Table 1, row u_nu, where the print counts degree 9 and order 10."""
    p = maximal_polynomial(Generator(1, 1 + n // 2, n))
    assert (p.degree, p.order, p.mask) == (5, 6, 2**9 - 1)
    assert set(p.weights().zero_set) == set(ZEROABLE)


@pytest.mark.parametrize("u", [Generator(0, 0, 1), Generator(0, 0, 12), Generator(1, 1, 2), Generator(6, 6, 12)])
def test_one_and_pseudo_one_have_no_polynomial(u):
    assert maximal_polynomial(u) is None
    assert all_polynomials(u) == []


def test_z_nu_is_no_maximal_polynomial_but_has_order_2():
    """z_nu = u_nu + 1 uses the value -1 alone, that of aac and bbc."""
    for k in range(1, 20):
        u = Generator(k, (k + 10) % 20, 20)
        p = Polynomial(u, (10,), 2, zero_mask(u, (10,)))
        assert p in all_polynomials(u)
        assert nodes_of(p.weights()) == oracle.merge(20, oracle.z_nu(20, k))
        assert {"aac", "bbc"} <= set(p.weights().zero_set)
