from __future__ import annotations

from math import gcd

import numpy as np
import pytest
from flint import fmpq_poly, fmpz_poly
from hypothesis import given
from hypothesis import strategies as st

from cogo_search.algebra.cyclotomic import (
    MAX_N,
    check_modulus,
    cyclotomic_polynomial,
    descend,
    divisors,
    euler_phi,
    format_root,
    galois,
    inverse,
    lift,
    multiply,
    reduction_matrix,
    root_of_unity,
    rotate,
    to_complex,
    units_modulo,
)
from cogo_search.errors import ArithmeticBoundError, InputError

from ..golden import make_golden as oracle
from ..strategies import array, coordinates, elements, flint, quick

MODULI = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 15, 16, 18, 20, 21, 24, 30, 36, 60)
#: (m, n) with n a divisor of m
TOWERS = [(m, n) for m in MODULI for n in range(1, m + 1) if m % n == 0]
HUGE = st.one_of(st.integers(-(2**63), 2**63 - 1), st.integers(-(2**31), 2**31), st.integers(-3, 3))


# ---------------------------------------------------------------- the field


@pytest.mark.parametrize("n", range(1, MAX_N + 1))
def test_cyclotomic_polynomial_and_reduction_matrix_agree_with_flint(n):
    modulus = fmpz_poly.cyclotomic(n)
    assert list(cyclotomic_polynomial(n)) == [int(c) for c in modulus.coeffs()]
    rows = reduction_matrix(n)
    assert rows.shape == (n, euler_phi(n)) == (n, modulus.degree())
    power = fmpq_poly([1]) % fmpq_poly(modulus)
    for j in range(n):
        assert rows[j].tolist() == oracle.integers(n, power)
        power = power * fmpq_poly([0, 1]) % fmpq_poly(modulus)
    assert abs(rows).max() <= 2


def test_reduction_matrix_is_shared_and_so_cannot_be_written_to():
    with pytest.raises(ValueError, match="read-only"):
        reduction_matrix(12)[0, 0] = 5


@pytest.mark.parametrize("n", range(1, MAX_N + 1))
def test_divisors_units_and_phi_agree_with_their_definitions(n):
    assert divisors(n) == [d for d in range(1, n + 1) if n % d == 0]
    assert units_modulo(n) == [t for t in range(1, n + 1) if gcd(t, n) == 1]
    assert euler_phi(n) == len(units_modulo(n))


@pytest.mark.parametrize("n", [0, -1, 2 * MAX_N + 1])
def test_modulus_outside_the_range_is_refused_by_name_and_value(n):
    with pytest.raises(InputError, match=f"n={n} "):
        check_modulus(n)
    with pytest.raises(InputError):
        reduction_matrix(n)


def test_modulus_inside_the_range_is_returned():
    assert [check_modulus(n) for n in (1, MAX_N)] == [1, MAX_N]


@given(st.sampled_from(MODULI), st.lists(st.integers(-200, 200), min_size=1, max_size=4))
@quick
def test_roots_of_unity_are_powers_of_zeta(n, exponents):
    rows = root_of_unity(np.array(exponents), n)
    for row, e in zip(rows, exponents, strict=True):
        assert flint(n, row) == oracle.zeta(n, e)
        assert np.array_equal(row, root_of_unity(e, n))


# ---------------------------------------------------------------- operations against flint


@given(elements(MODULI), st.integers(-100, 100))
@quick
def test_rotate_multiplies_by_a_root_of_unity(case, exponent):
    n, (x,) = case
    assert flint(n, rotate(x, exponent, n)) == oracle.multiply(n, flint(n, x), oracle.zeta(n, exponent))


@given(elements(MODULI, count=3), st.lists(st.integers(-100, 100), min_size=3, max_size=3))
@quick
def test_rotate_takes_one_exponent_per_element(case, exponents):
    n, xs = case
    together = rotate(np.stack(xs), np.array(exponents), n)
    for row, x, e in zip(together, xs, exponents, strict=True):
        assert np.array_equal(row, rotate(x, e, n))


@given(elements(MODULI), st.data())
@quick
def test_galois_substitutes_a_power_of_zeta(case, data):
    n, (x,) = case
    t = data.draw(st.sampled_from([-1, *units_modulo(n)]))
    assert flint(n, galois(x, t, n)) == oracle.substitute(n, flint(n, x), t)


@given(elements(MODULI, count=2))
@quick
def test_multiply_agrees_with_flint(case):
    n, (x, y) = case
    assert flint(n, multiply(x, y, n)) == oracle.multiply(n, flint(n, x), flint(n, y))


@given(elements(MODULI, count=5))
@quick
def test_multiply_broadcasts_leading_axes(case):
    n, xs = case
    left, right = np.stack(xs[:2]), np.stack(xs[2:])
    products = multiply(left[:, None, :], right[None, :, :], n)
    assert products.shape == (2, 3, euler_phi(n))
    for i in range(2):
        for j in range(3):
            assert np.array_equal(products[i, j], multiply(left[i], right[j], n))


@given(st.sampled_from(TOWERS), st.data())
@quick
def test_lift_writes_the_same_element_over_a_multiple(tower, data):
    m, n = tower
    x = np.array(data.draw(coordinates(n)), dtype=np.int64)
    assert flint(m, lift(x, n, m)) == oracle.substitute(m, flint(n, x), m // n)


@given(st.sampled_from(TOWERS), st.data())
@quick
def test_descend_undoes_lift(tower, data):
    m, n = tower
    stack = np.array([data.draw(coordinates(n)) for _ in range(3)], dtype=np.int64)
    assert np.array_equal(descend(lift(stack, n, m), m, n), stack)


@given(st.sampled_from(TOWERS), st.data())
@quick
def test_descend_is_none_exactly_outside_the_subfield(tower, data):
    m, n = tower
    inside = lift(np.array(data.draw(coordinates(n)), dtype=np.int64), n, m)
    other = data.draw(st.sampled_from(divisors(m)))  # a piece of another subfield, often inside as well
    piece = lift(np.array(data.draw(coordinates(other, 2)), dtype=np.int64), other, m)
    stack = np.stack([inside, inside + piece])
    expected = oracle.descend(m, n, [flint(m, x) for x in stack])
    found = descend(stack, m, n)
    if expected is None:
        assert found is None
    else:
        assert found is not None
        assert [flint(n, x) for x in found] == expected


@given(elements([n for n in MODULI if euler_phi(n) <= 8], bound=4))
@quick
def test_inverse_is_the_quotient_of_its_two_parts(case):
    n, (x,) = case
    if not x.any():
        with pytest.raises(ZeroDivisionError):
            inverse(x, n)
        return
    y, denominator = inverse(x, n)
    assert denominator > 0
    assert flint(n, y) / denominator == oracle.invert(n, flint(n, x))
    assert multiply(x, y, n).tolist() == [denominator] + [0] * (euler_phi(n) - 1)


@given(elements(MODULI, count=2), st.integers(-50, 50))
@quick
def test_complex_values_follow_the_exact_operations_to_nine_digits(case, exponent):
    n, (x, y) = case
    value = to_complex(x, n)
    assert abs(to_complex(rotate(x, exponent, n), n) - value * np.exp(2j * np.pi * exponent / n)) < 1e-9
    assert abs(to_complex(galois(x, -1, n), n) - np.conj(value)) < 1e-9
    assert abs(to_complex(multiply(x, y, n), n) - value * to_complex(y, n)) < 1e-9


@pytest.mark.parametrize("n", [1, 2, 3, 4, 6, 12, 30])
def test_format_root_names_each_root_once_in_lowest_terms(n):
    special = {"1": (0, 1), "-1": (1, 2), "i": (1, 4), "-i": (3, 4)}
    for e in range(n):
        text = format_root(e, n)
        order, power = text.removeprefix("w").partition("^")[::2]
        power, order = special[text] if text in special else (int(power or 1), int(order))
        assert power * n == e * order and gcd(power, order) == 1
        assert format_root(e - n, n) == text
    assert [format_root(e, 12) for e in (0, 3, 6, 9, 4, 8)] == ["1", "i", "-1", "-i", "w3", "w3^2"]


# ---------------------------------------------------------------- the 64-bit range: exact, or refused


def exact_or_refused(n, compute, expected):
    """``compute()`` raises ArithmeticBoundError, or gives the elements ``expected`` over zeta_n."""
    try:
        found = compute()
    except ArithmeticBoundError:
        return
    assert [flint(n, x) for x in np.atleast_2d(found)] == expected


def huge(data, n):
    return np.array(data.draw(st.lists(HUGE, min_size=euler_phi(n), max_size=euler_phi(n))), dtype=np.int64)


@given(st.sampled_from(MODULI), st.integers(0, 60), st.data())
@quick
def test_rotate_galois_and_multiply_are_exact_or_refused(n, exponent, data):
    x, y = huge(data, n), huge(data, n)
    t = data.draw(st.sampled_from([-1, *units_modulo(n)]))
    fx, fy = flint(n, x), flint(n, y)
    exact_or_refused(n, lambda: rotate(x, exponent, n), [oracle.multiply(n, fx, oracle.zeta(n, exponent))])
    exact_or_refused(n, lambda: galois(x, t, n), [oracle.substitute(n, fx, t)])
    exact_or_refused(n, lambda: multiply(x, y, n), [oracle.multiply(n, fx, fy)])


@given(st.sampled_from([(m, n) for m, n in TOWERS if m != n]), st.data())
@quick
def test_lift_and_descend_are_exact_or_refused(tower, data):
    m, n = tower
    x, y = huge(data, n), huge(data, m)
    exact_or_refused(m, lambda: lift(x, n, m), [oracle.substitute(m, flint(n, x), m // n)])
    expected = oracle.descend(m, n, [flint(m, y)])
    try:
        found = descend(y, m, n)
    except ArithmeticBoundError:
        return
    assert (found is None) == (expected is None)
    assert found is None or [flint(n, found)] == expected


@given(st.sampled_from(MODULI), st.data())
@quick
def test_inverse_is_exact_or_refused(n, data):
    x = huge(data, n)
    if x.any():
        try:
            y, denominator = inverse(x, n)
        except ArithmeticBoundError:
            return
        assert oracle.multiply(n, flint(n, x), flint(n, y)) == oracle.element(n, [denominator])


@pytest.mark.parametrize("n", [1, 2, 4, 12, 30])
def test_coordinates_at_the_end_of_the_range_are_refused(n):
    for value in (2**62, -(2**63), 2**63 - 1):
        x = np.full(euler_phi(n), value, dtype=np.int64)
        with pytest.raises(ArithmeticBoundError, match="64-bit"):
            rotate(x, 1, n)
        with pytest.raises(ArithmeticBoundError, match="64-bit"):
            galois(x, -1, n)
        with pytest.raises(ArithmeticBoundError, match="64-bit"):
            multiply(x, array(n, oracle.zeta(n, 1)), n)
        with pytest.raises(ArithmeticBoundError, match="64-bit"):
            lift(x, n, 2 * n)


def test_an_inverse_that_needs_more_than_64_bits_is_refused():
    x = np.array([10**7, 3, 10**7 - 7, 1], dtype=np.int64)
    needed = max(abs(int(v)) for v in oracle.invert(12, flint(12, x)).numer().coeffs())
    assert needed > 2**63
    with pytest.raises(ArithmeticBoundError, match="64-bit"):
        inverse(x, 12)
