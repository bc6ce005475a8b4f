from __future__ import annotations

from math import lcm

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogo_search.algebra.potentials import EXPONENTS, ZEROABLE
from cogo_search.algebra.weights import Weights, ring_product
from cogo_search.errors import ArithmeticBoundError, InputError

from ..golden import make_golden as oracle
from ..strategies import EVEN, SMALL_EVEN, flint, node_lists, nodes_of, quick, weights, weights_of

ONE = Weights.unit(0, 0, 2)
NOTHING = weights_of(2, [])
SWAPPED = str.maketrans("abAB", "baBA")


def values(w: Weights, n: int) -> dict[str, oracle.Element]:
    """All ten potentials as flint elements over zeta_n, w.n | n."""
    return {name: oracle.substitute(n, flint(w.n, w.potential(name)), n // w.n) for name in EXPONENTS}


# ---------------------------------------------------------------- normal form


@given(node_lists(EVEN, high=8))
@quick
def test_from_nodes_folds_signs_merges_directions_and_drops_zeros(case):
    n, nodes = case
    w = weights_of(n, nodes)
    assert nodes_of(w) == oracle.merge(n, nodes)
    assert w.order == len(w.a) == len(w.b) == len(w.c)


@given(node_lists(EVEN, high=6), st.data())
@quick
def test_node_order_and_signs_of_nodes_do_not_matter(case, data):
    n, nodes = case
    shuffled = data.draw(st.permutations(nodes))
    signs = [data.draw(st.booleans()) for _ in nodes]
    turned = [(a + n // 2, b - n // 2, c) if s else (a, b, c) for s, (a, b, c) in zip(signs, shuffled, strict=True)]
    assert weights_of(n, turned) == weights_of(n, nodes)


@given(node_lists(EVEN, high=6))
@quick
def test_exponents_count_modulo_n(case):
    n, nodes = case
    assert weights_of(n, [(a - 3 * n, b + 2 * n, c) for a, b, c in nodes]) == weights_of(n, nodes)


@pytest.mark.parametrize("n", [1, 3, 15])
def test_odd_n_is_refused_and_the_even_one_is_named(n):
    zero = np.array([0])
    with pytest.raises(InputError, match=f"n={n} is odd.*mu_{2 * n}"):
        Weights.from_nodes(n, zero, zero, oracle.phi(n) * [[1]])


@given(st.sampled_from([1, 2, 3, 4, 5, 9, 12]), st.integers(-20, 20), st.integers(-20, 20))
@quick
def test_a_unit_is_the_single_node_with_abc_1(n, a, b):
    even = n * (1 + n % 2)
    step = even // n
    unit = Weights.unit(a, b, n)
    assert unit.n == even
    assert nodes_of(unit) == oracle.merge(even, [(step * a, step * b, oracle.zeta(even, -step * (a + b)))])
    assert flint(even, unit.potential("abc")) == 1


# ---------------------------------------------------------------- semi-ring (Theorem 2)


@given(weights(), weights(), weights())
@quick
def test_addition_and_multiplication_are_commutative_and_associative_over_mixed_n(x, y, z):
    assert x + y == y + x and x * y == y * x
    assert (x + y) + z == x + (y + z)
    assert (x * y) * z == x * (y * z) == ring_product([x, y, z])


@given(weights(), weights(), weights())
@quick
def test_multiplication_distributes_over_addition(x, y, z):
    assert x * (y + z) == x * y + x * z


@given(weights(EVEN))
@quick
def test_one_and_the_empty_weight_are_neutral(x):
    assert x * ONE == x == x + NOTHING
    assert x * NOTHING == NOTHING
    assert ring_product([]) == ONE and ring_product([x]) == x


@given(weights(), weights())
@quick
def test_sum_and_product_agree_with_flint_over_the_common_field(x, y):
    n = lcm(x.n, y.n)

    def over(w):
        step = n // w.n
        return [(step * a, step * b, oracle.substitute(n, c, step)) for a, b, c in nodes_of(w)]

    assert nodes_of((x + y).over(n)) == oracle.merge(n, over(x) + over(y))
    assert nodes_of((x * y).over(n)) == oracle.merge(n, oracle.product(n, over(x), over(y)))


# ---------------------------------------------------------------- potentials (Theorem 3)


@given(node_lists(EVEN, high=8))
@quick
def test_every_potential_is_the_direct_sum_over_the_nodes_as_given(case):
    n, nodes = case
    w = weights_of(n, nodes)
    for name in EXPONENTS:
        assert flint(n, w.potential(name)) == oracle.potential(n, nodes, name)


@given(weights(), weights())
@quick
def test_every_potential_is_a_ring_homomorphism(x, y):
    n = lcm(x.n, y.n)
    total, product, left, right = (values(w, n) for w in (x + y, x * y, x, y))
    for name in EXPONENTS:
        assert total[name] == left[name] + right[name]
        assert product[name] == oracle.multiply(n, left[name], right[name])
        assert not NOTHING.potential(name).any() and ONE.potential(name).tolist() == [1]


@given(node_lists(EVEN, low=1, high=5), st.data())
@quick
def test_pseudo_one_on_any_node_changes_no_potential(case, data):
    n, nodes = case
    j = data.draw(st.integers(0, len(nodes) - 1))
    pseudo_one = (n // 2, n // 2, oracle.element(n, [1]))
    turned = nodes[:j] + oracle.product(n, nodes[j : j + 1], [pseudo_one]) + nodes[j + 1 :]
    assert values(weights_of(n, turned), n) == values(weights_of(n, nodes), n)
    assert weights_of(n, [pseudo_one]) == ONE


@given(weights(EVEN))
@quick
def test_zero_set_lists_the_vanishing_potentials_in_order(x):
    nodes = nodes_of(x)
    assert x.zero_set == tuple(name for name in ZEROABLE if oracle.potential(x.n, nodes, name).is_zero())


@given(weights(SMALL_EVEN, bound=1), weights(SMALL_EVEN, bound=1))
@quick
def test_zero_set_of_a_product_is_the_union(x, y):
    """Lemma 2."""
    assert set((x * y).zero_set) == set(x.zero_set) | set(y.zero_set)


@given(weights(EVEN))
@quick
def test_swap_exchanges_a_and_b_in_every_potential(x):
    swapped = x.swap()
    assert swapped.swap() == x
    for name in ZEROABLE:  # "Abc" becomes "Bac", that is "aBc"
        partner = "".join(sorted(name.translate(SWAPPED), key="aAbBc".index))
        assert np.array_equal(x.potential(name), swapped.potential(partner))


# ---------------------------------------------------------------- equality


@given(weights(), st.sampled_from([2, 3, 5]))
@quick
def test_weights_equal_themselves_written_over_a_multiple_of_n(x, step):
    lifted = x.over(step * x.n)
    assert lifted.n == step * x.n
    assert lifted == x and x == lifted and hash(lifted) == hash(x)


@given(weights(high=2, bound=1), weights(high=2, bound=1))
@quick
def test_weights_are_equal_exactly_if_their_nodes_are_over_a_common_n(x, y):
    n = lcm(x.n, y.n)
    assert (x == y) == (nodes_of(x.over(n)) == nodes_of(y.over(n)))
    assert x != "weights"


# ---------------------------------------------------------------- the 64-bit range: exact, or refused


def big_node(n: int, value: int) -> list[oracle.Node]:
    return [(0, 0, oracle.element(n, [value]))]


@pytest.mark.parametrize("value", [2**61, 2**62, -(2**62), 2**63 - 1])
def test_merging_nodes_is_exact_or_refused(value):
    nodes = 4 * big_node(2, value)
    try:
        w = weights_of(2, nodes)
    except ArithmeticBoundError:
        return
    assert nodes_of(w) == oracle.merge(2, nodes)


@pytest.mark.parametrize("value", [2**40, 2**61, 2**62, -(2**62)])
def test_adding_weights_is_exact_or_refused(value):
    try:
        w = weights_of(2, big_node(2, value))
        w = w + w
        w = w + w
    except ArithmeticBoundError:
        return
    assert nodes_of(w) == big_node(2, 4 * value)


def test_a_product_that_merges_nodes_is_exact_or_refused():
    """Each pair of nodes stays inside the range, the 18 products on one direction do not."""
    n, value = 6, 759_250_000
    assert 8 * value**2 < 2**62 < 2**63 < 18 * value**2
    directions = [(a, b) for a in range(n // 2) for b in range(n)]
    left = [(a, b, oracle.element(n, [value])) for a, b in directions]
    right = [(-a, -b, oracle.element(n, [value])) for a, b in directions]
    try:
        w = weights_of(n, left) * weights_of(n, right)
    except ArithmeticBoundError:
        return
    assert nodes_of(w) == oracle.merge(n, oracle.product(n, left, right))


@pytest.mark.parametrize("name", ["abc", "aAc"])
def test_a_potential_over_many_nodes_is_exact_or_refused(name):
    """Sixteen values of 2^60 - 1 and one of 16 add up to 2^64: not to 0."""
    n = 6
    i, j = EXPONENTS[name]
    directions = [(a, b) for a in range(n // 2) for b in range(n)][:17]
    sizes = [2**60 - 1] * 16 + [16]
    turned = [oracle.zeta(n, -(i * a + j * b)) for a, b in directions]
    nodes = [(a, b, z * size) for (a, b), z, size in zip(directions, turned, sizes, strict=True)]
    assert oracle.potential(n, nodes, name) == 2**64
    try:
        w = weights_of(n, nodes)
        value, zeros = w.potential(name), w.zero_set
    except ArithmeticBoundError:
        return
    assert value.tolist() == [2**64, 0]
    assert name not in zeros
