import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cogo_search.errors import InputError
from cogo_search.groups.abelian import Group, abelian_groups

SPECS = ["2", "3", "7", "2x3", "4x4x3", "2x2x2", "6x4", "9x3"]
specs = st.sampled_from(SPECS)


@pytest.mark.parametrize("spec", SPECS)
def test_characters_are_the_characters(spec):
    g = Group.parse(spec)
    d, phi = g.order, g.characters
    everything = np.arange(d)
    np.testing.assert_allclose(phi @ phi.conj().T, d * np.eye(d), atol=1e-9)
    for k in range(d):
        table = phi[k][g.add(everything[:, None], everything[None, :])]
        np.testing.assert_allclose(table, np.outer(phi[k], phi[k]), atol=1e-9)
        np.testing.assert_allclose(phi[int(g.multiple(-1, k))], phi[k].conj(), atol=1e-9)


@pytest.mark.parametrize("spec", SPECS)
def test_pairs_and_self_conjugate_characters_partition_the_dual_group(spec):
    g = Group.parse(spec)
    members = [k for pair in g.conjugate_pairs for k in pair] + g.self_conjugate + [0]
    assert sorted(members) == list(range(g.order))
    for k in range(g.order):
        order = min(t for t in range(1, g.order + 1) if g.multiple(t, k) == 0)
        assert g.character_orders[k] == order


@given(specs, st.integers(0, 2**32))
@settings(max_examples=30, deadline=None)
def test_fft_is_the_sum_over_characters(spec, seed):
    g = Group.parse(spec)
    x = np.random.default_rng(seed).normal(size=(g.order, 2))
    np.testing.assert_allclose(g.fft(x), g.characters.conj() @ x, atol=1e-9)
    np.testing.assert_allclose(g.ifft(g.fft(x)).real, x, atol=1e-12)


def test_elements_are_lexicographic_last_factor_fastest():
    assert Group.parse("2x3").digits.tolist() == [[0, 0], [0, 1], [0, 2], [1, 0], [1, 1], [1, 2]]


def test_number_of_abelian_groups_of_each_order():
    """Products of partition numbers of the exponents (1, 2, 3, 5, 7 for 1..5)."""
    partitions = {0: 1, 1: 1, 2: 2, 3: 3, 4: 5, 5: 7}
    for order in range(2, 41):
        rest, expected = order, 1
        for p in (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37):
            exponent = 0
            while rest % p == 0:
                rest, exponent = rest // p, exponent + 1
            expected *= partitions[exponent]
        groups = abelian_groups(order)
        assert len(groups) == expected
        assert all(g.order == order for g in groups)
        assert len({tuple(np.bincount(g.character_orders)) for g in groups}) == expected


@pytest.mark.parametrize("spec", ["1", "0x3", "abc", "", "x3", "3x", "-3", "2x1", "3,4", "5000", "100x100", "٣"])
def test_bad_specs_are_refused_with_the_spec_in_the_message(spec):
    with pytest.raises(InputError, match="group="):
        Group.parse(spec)


@pytest.mark.parametrize(
    ("spec", "text"), [("7", "7"), ("7", "1,2"), ("2x3", "1"), ("2x3", "2,0"), ("7", "x"), ("7", "-1")]
)
def test_bad_frequencies_are_refused(spec, text):
    with pytest.raises(InputError, match="frequency"):
        Group.parse(spec).frequency(text)


def test_frequency_names():
    g = Group.parse("2x3")
    assert [g.frequency_name(k) for k in (0, 4)] == [[0, 0], [1, 1]]
    assert g.frequency("1,1") == 4
    assert Group.parse("7").frequency("5") == 5
