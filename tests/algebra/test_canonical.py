from __future__ import annotations

import hashlib
import json
from itertools import combinations
from math import gcd

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cogo_search.algebra.canonical import candidates, canonical, images, unit_class
from cogo_search.algebra.weights import Weights
from cogo_search.errors import ArithmeticBoundError, InputError

from ..golden import make_golden as oracle
from ..strategies import coordinates, nodes_of, quick, solvable_nodes, weights_of

SOLVABLE = solvable_nodes((2, 4, 6, 8, 10, 12))


def times(n, nodes, a, b, c):
    """The nodes times the order-1 weight [zeta^a, zeta^b, c]."""
    return oracle.product(n, nodes, [(a, b, c)])


def conjugate(n, nodes):
    return [(-a, -b, oracle.substitute(n, c, -1)) for a, b, c in nodes]


def over(n, nodes, step):
    return step * n, [(step * a, step * b, oracle.substitute(step * n, c, step)) for a, b, c in nodes]


def key(n, nodes):
    """Everything that must be the same on an orbit."""
    solution = canonical(weights_of(n, nodes))
    return solution, solution.id


# ---------------------------------------------------------------- invariance


@given(SOLVABLE, st.integers(0, 11), st.integers(0, 11))
@quick
def test_canonical_form_ignores_a_unit(case, s, t):
    n, nodes = case
    assert key(n, times(n, nodes, s, t, oracle.zeta(n, -s - t))) == key(n, nodes)


@given(SOLVABLE)
@quick
def test_canonical_form_ignores_the_swap_of_a_and_b(case):
    n, nodes = case
    assert key(n, [(b, a, c) for a, b, c in nodes]) == key(n, nodes)


@given(SOLVABLE)
@quick
def test_canonical_form_ignores_complex_conjugation(case):
    n, nodes = case
    assert key(n, conjugate(n, nodes)) == key(n, nodes)


@given(SOLVABLE, st.integers(1, 9), st.booleans())
@quick
def test_canonical_form_ignores_a_rational_scale(case, factor, negative):
    n, nodes = case
    scale = oracle.element(n, [-factor if negative else factor])
    assert key(n, times(n, nodes, 0, 0, scale)) == key(n, nodes)


@given(SOLVABLE, st.data())
@quick
def test_canonical_form_ignores_a_cyclotomic_scale(case, data):
    n, nodes = case
    scale = oracle.element(n, data.draw(coordinates(n, 3).filter(any)))
    assert key(n, times(n, nodes, 0, 0, scale)) == key(n, nodes)


@given(SOLVABLE, st.data())
@quick
def test_canonical_form_ignores_node_order_and_pseudo_one_on_single_nodes(case, data):
    n, nodes = case
    signs = [data.draw(st.sampled_from([0, n // 2])) for _ in nodes]
    turned = [(a + s, b + s, c) for s, (a, b, c) in zip(signs, nodes, strict=True)]
    assert key(n, data.draw(st.permutations(turned))) == key(n, nodes)


@given(SOLVABLE, st.sampled_from([2, 3]))
@quick
def test_canonical_form_ignores_the_roots_of_unity_it_was_written_over(case, step):
    n, nodes = case
    assert key(*over(n, nodes, step)) == key(n, nodes)


@given(solvable_nodes((2, 4, 6, 10), high=4), st.data())
@quick
def test_canonical_form_ignores_all_of_these_together(case, data):
    n, nodes = case
    rng = data.draw(st.randoms(use_true_random=False))
    assert key(n, oracle.scrambled(rng, n, nodes)) == key(n, nodes)


# ---------------------------------------------------------------- the form itself


@given(solvable_nodes((2, 4, 6, 8, 12), high=4))
@quick
def test_canonical_form_is_the_documented_one(case):
    """docs/catalog.md, "Canonical form", followed literally with python-flint."""
    n, nodes = case
    expected, solution = oracle.canonical(n, nodes), canonical(weights_of(n, nodes))
    assert solution.n == expected["n"]
    assert [{"a": a, "b": b, "c": list(c)} for a, b, c in solution.nodes] == expected["nodes"]
    assert solution.id == expected["id"]
    assert solution.order == expected["order"]
    assert solution.orbit_size == expected["orbit_size"]
    assert solution.aligned_nodes() == expected["aligned_nodes"]
    assert list(solution.weights().zero_set) == expected["zero_set"]


@given(SOLVABLE)
@quick
def test_canonical_form_is_idempotent_and_its_size_is_the_number_of_candidates(case):
    solution = canonical(weights_of(*case))
    again = solution.weights()
    assert canonical(again) == solution
    assert candidates(again) >= {solution.nodes}
    assert solution.orbit_size == len(candidates(again)) <= 4 * solution.order
    assert solution.nodes == min(candidates(again))


@given(SOLVABLE)
@quick
def test_canonical_form_starts_at_the_anchor_with_sorted_folded_directions(case):
    solution = canonical(weights_of(*case))
    assert solution.n % 2 == 0
    assert solution.nodes[0][:2] == (0, 0)
    assert list(solution.nodes) == sorted(solution.nodes)
    assert len({node[:2] for node in solution.nodes}) == solution.order
    for a, b, c in solution.nodes:
        assert 0 <= a < solution.n // 2 and 0 <= b < solution.n
        assert len(c) == oracle.phi(solution.n) and any(c)


@given(SOLVABLE)
@quick
def test_stored_r_kkk_is_a_positive_integer_coprime_to_the_coordinates(case):
    solution = canonical(weights_of(*case))
    nodes = [(a, b, oracle.element(solution.n, c)) for a, b, c in solution.nodes]
    first, *rest = oracle.integers(solution.n, oracle.potential(solution.n, nodes, "abc"))
    assert first > 0 and not any(rest)
    assert solution.scale() == first
    assert gcd(first, *(v for _, _, c in solution.nodes for v in c)) == 1


@given(SOLVABLE)
@quick
def test_id_hashes_the_nodes_as_compact_json(case):
    solution = canonical(weights_of(*case))
    text = json.dumps([solution.n, solution.nodes], separators=(",", ":"))
    digest = hashlib.sha256(text.encode("ascii")).hexdigest()
    assert solution.id == f"cogo1-n{solution.n}-q{solution.order}-{digest[:16]}"


@given(SOLVABLE)
@quick
def test_zero_set_survives_up_to_the_swap(case):
    w = weights_of(*case)
    assert canonical(w).weights().zero_set in (w.zero_set, w.swap().zero_set)


@given(SOLVABLE)
@quick
def test_images_are_the_weights_swapped_conjugated_and_both(case):
    n, nodes = case
    mirrored = conjugate(n, nodes)
    expected = [weights_of(n, version) for version in (nodes, mirrored)]
    expected += [weights_of(n, [(b, a, c) for a, b, c in version]) for version in (nodes, mirrored)]
    found = images(weights_of(n, nodes))
    assert len(found) == 4
    assert all(w in found for w in expected)


@given(st.integers(0, 4), st.integers(0, 9))
@quick
def test_weights_with_vanishing_r_kkk_are_refused(a, b):
    nodes = [(0, 0, oracle.element(10, [1])), (a, b, -oracle.zeta(10, -a - b))]
    with pytest.raises(InputError, match="r_kkk = 0"):
        canonical(weights_of(10, nodes))
    with pytest.raises(InputError, match="r_kkk = 0"):
        unit_class(weights_of(10, nodes))


def test_the_empty_weight_is_refused():
    with pytest.raises(InputError, match="r_kkk = 0"):
        canonical(weights_of(2, []))


@given(st.lists(st.integers(1, 6), min_size=1, max_size=5), st.data())
@quick
def test_aligned_nodes_counts_multiplicities_without_their_common_factor(multiplicities, data):
    every = [(a, b) for a in range(4) for b in range(8)]
    chosen = data.draw(st.permutations(every))[: len(multiplicities)]
    nodes = [(a, b, m * oracle.zeta(8, -a - b)) for (a, b), m in zip(chosen, multiplicities, strict=True)]
    solution = canonical(weights_of(8, nodes))
    assert solution.aligned_nodes() == sum(multiplicities) // gcd(*multiplicities)
    a, b, c = nodes[0]  # -31 is more than the other multiplicities together, so r_kkk stays away from 0
    assert len(nodes) == 1 or canonical(weights_of(8, [(a, b, c * -31), *nodes[1:]])).aligned_nodes() is None


@pytest.mark.parametrize(
    "share",
    [
        (81, 55, 130, -27),
        (8808, 5562, 13018, -2781),
        (13097, 9258, 4147, 9735),
        (3420, 18628, 13443, -11409),
        (10**6, 1, 2, 3),
    ],
)
def test_canonical_form_near_the_64_bit_range_is_exact_or_refused(share):
    """72 equal shares of one element are 72 units after scaling; the denominators need up to 64 bits and more."""
    directions = [(a, b) for a in range(6) for b in range(12)]
    units = [(a, b, oracle.zeta(12, -a - b)) for a, b in directions]
    nodes = oracle.product(12, units, [(0, 0, oracle.element(12, share))])
    try:
        solution = canonical(weights_of(12, nodes))
    except ArithmeticBoundError:
        return
    assert solution == canonical(weights_of(12, units))


# ---------------------------------------------------------------- equal exactly on an orbit


def same_up_to_unit_and_scale(n, x, y):
    """By trying every unit that moves the first direction of x onto a direction of y."""
    if len(x) != len(y):
        return False
    for a, b, _ in y:
        moved = oracle.merge(n, [(c[0] + a - x[0][0], c[1] + b - x[0][1], c[2]) for c in x])
        if [node[:2] for node in moved] != [node[:2] for node in y]:
            continue
        ratios = [oracle.multiply(n, v[2], oracle.invert(n, w[2])) for v, w in zip(moved, y, strict=True)]
        if all(ratio == ratios[0] for ratio in ratios):
            return True
    return False


def pool():
    """Weights over mu_4 with one to three nodes and c = 1, -1 or i: many share an orbit."""
    directions = [(a, b) for a in range(2) for b in range(4)]
    rng = np.random.default_rng(7)
    for size in (1, 2, 3):
        for chosen in combinations(directions, size):
            if size < 3 or rng.random() < 0.5:
                c = [oracle.zeta(4, int(e)) for e in rng.choice([0, 1, 2], size)]
                nodes = [(a, b, v) for (a, b), v in zip(chosen, c, strict=True)]
                if not oracle.potential(4, nodes, "abc").is_zero():
                    yield nodes


def test_unit_class_and_id_are_equal_exactly_on_their_orbits():
    nodes = list(pool())
    weights = [weights_of(4, x) for x in nodes]
    classes, ids = [unit_class(w) for w in weights], [canonical(w).id for w in weights]
    outcomes = set()
    for i, j in combinations(range(len(nodes)), 2):
        swapped = [(b, a, c) for a, b, c in nodes[j]]
        versions = [nodes[j], swapped, conjugate(4, nodes[j]), conjugate(4, swapped)]
        by_unit, *others = (same_up_to_unit_and_scale(4, nodes[i], oracle.merge(4, v)) for v in versions)
        assert (classes[i] == classes[j]) == by_unit
        assert (ids[i] == ids[j]) == (by_unit or any(others))
        outcomes.add((classes[i] == classes[j], ids[i] == ids[j]))
    assert outcomes == {(True, True), (False, True), (False, False)}


@given(SOLVABLE, st.integers(0, 11), st.integers(0, 11), st.sampled_from([1, 2, 3]), st.data())
@quick
def test_unit_class_ignores_a_unit_a_scale_and_the_roots(case, s, t, step, data):
    n, nodes = case
    scale = oracle.element(n, data.draw(coordinates(n, 3).filter(any)))
    moved = times(n, nodes, s, t, oracle.multiply(n, scale, oracle.zeta(n, -s - t)))
    assert unit_class(weights_of(*over(n, moved, step))) == unit_class(weights_of(n, nodes))


@given(SOLVABLE, st.data())
@quick
def test_changing_one_c_by_a_factor_changes_the_unit_class_unless_a_unit_undoes_it(case, data):
    n, nodes = case
    w = weights_of(n, nodes)
    nodes = nodes_of(w)
    a, b, c = nodes[0]
    changed = [(a, b, c * data.draw(st.sampled_from([2, 3, -1]))), *nodes[1:]]
    assume(not oracle.potential(n, changed, "abc").is_zero())
    same = same_up_to_unit_and_scale(n, changed, nodes)
    assert (unit_class(weights_of(n, changed)) == unit_class(w)) == same


def test_galois_conjugates_are_different_solutions():
    """Another root of the same minimal polynomial is another loss: only complex conjugation is a symmetry."""
    unit = Weights.unit(0, 0, 2)
    one, two = (unit + Weights.unit(e, 0, 10) for e in (1, 3))
    assert canonical(one).id != canonical(two).id
    assert canonical(one).id == canonical(unit + Weights.unit(9, 0, 10)).id
