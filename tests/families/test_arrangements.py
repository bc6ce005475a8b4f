"""The factorization against an exhaustive search over all permutations and all pseudo-1 signs."""

from itertools import permutations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cogo_search.families.arrangements import arrangements, factorize, shapes, sign_classes
from tests.matching import synthetic


def exhaustive(z, rows, columns):
    """min over q! permutations and 2^q signs of the summed rank-one deviations of a, b and c, relative."""
    q = z.shape[1]
    signs = np.array(list(product((1, -1), repeat=q)))
    best = np.inf
    every = np.array(list(permutations(range(q))))
    placed = z[:, every].reshape(3, -1, rows, columns)
    for sign in signs.reshape(-1, rows, columns):
        total = 0.0
        for p in range(3):
            s = np.linalg.svd(placed[p] * (sign if p < 2 else 1), compute_uv=False)
            total = total + np.sum(s[:, 1:] ** 2, axis=1)
        best = min(best, float(np.min(total)))
    return np.sqrt(best / np.sum(np.abs(z) ** 2))


def complex_nodes(seed, q):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(3, q)) + 1j * rng.normal(size=(3, q))


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6))
def test_order_4_is_the_exhaustive_optimum(seed):
    z = complex_nodes(seed, 4)
    assert np.isclose(factorize(z)[0].error, exhaustive(z, 2, 2), atol=1e-9)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [0, 1])
def test_order_6_is_the_exhaustive_optimum_on_random_nodes(seed):
    z = complex_nodes(seed, 6)
    assert np.isclose(factorize(z)[0].error, exhaustive(z, 2, 3), atol=1e-9)


def test_order_6_is_the_exhaustive_optimum_where_c_has_ties():
    """nu_i * syn_ab has equal c in pairs: c alone leaves the arrangement open (where the paper's rules fail)."""
    rng = np.random.default_rng(5)
    z = synthetic.disguise(synthetic.parametric("nu_i*syn_ab", rng.random(2)), rng, 0.02)
    assert np.isclose(factorize(z)[0].error, exhaustive(z, 2, 3), atol=1e-9)


@pytest.mark.parametrize(("rows", "columns"), [(2, 2), (2, 3), (2, 4), (3, 3), (2, 5)])
def test_products_factor_and_the_array_is_the_product(rows, columns):
    rng = np.random.default_rng(rows * columns)
    z = synthetic.times(complex_nodes(1, rows), complex_nodes(2, columns))
    q = rows * columns
    sign = rng.choice([1, -1], q)
    z = (z * np.stack([sign, sign, np.ones(q)]))[:, rng.permutation(q)]
    best = next(a for a in factorize(z) if a.nodes.shape == (rows, columns))
    assert best.error < 1e-7
    for part in best.array(z):
        assert np.linalg.matrix_rank(part, tol=1e-9) == 1


def test_arrangements_and_signs_are_one_of_each_class():
    for rows, columns in ((2, 2), (2, 3), (2, 4), (3, 3)):
        q = rows * columns
        factorial = [1, 1, 2, 6, 24, 120, 720, 5040, 40320, 362880]
        assert len(arrangements(rows, columns)) == factorial[q] // (factorial[rows] * factorial[columns])
        signs = sign_classes(rows, columns)
        classes = {
            (s * r[:, None] * c).tobytes()
            for s in signs
            for r in np.array(list(product((1, -1), repeat=rows)))
            for c in np.array(list(product((1, -1), repeat=columns)))
        }
        assert len(classes) == 2**q
        assert len(signs) * 2 ** (rows + columns - 1) == 2**q


def test_within_lists_every_arrangement_up_to_the_error():
    rng = np.random.default_rng(7)
    z = synthetic.disguise(synthetic.parametric("nu*syn", [0.0]), rng, 0.01)
    wide = factorize(z, within=0.3)
    assert wide[0].error == factorize(z)[0].error
    assert [a.error for a in wide] == sorted(a.error for a in wide)
    assert sum(a.error <= 0.1 for a in wide) == len(factorize(z, within=0.1))


def test_orders_that_are_not_factorized():
    assert factorize(complex_nodes(0, 5)) == []
    assert factorize(complex_nodes(0, 12)) == []
    assert shapes(12) == [(2, 6), (3, 4)]
