"""What a newcomer types: numbers of numpy, names that are nearly right, values where a file was expected."""

from __future__ import annotations

import numpy as np
import pytest

import cogo_search as cogo

from .test_wrong_calls import CATALOG


def test_integers_of_numpy_are_integers():
    assert cogo.construct(np.int64(7), order6_frequencies=np.array([2])).group == cogo.Group(7)
    assert cogo.generators(np.array([3, 4])) == cogo.generators({4, 3}) == cogo.generators([3, 4])
    catalog = cogo.load_catalog(CATALOG)
    assert catalog[np.int64(3)] == catalog[3]
    assert catalog.filter(order=np.int64(6)) == catalog.filter(order=6) != ()


def test_integers_of_numpy_make_a_sweep():
    pytest.importorskip("torch")
    runs = cogo.train(np.int64(5), hidden=np.int64(4), epochs=2, seeds=np.arange(1, 3))
    assert [run.settings.seed for run in runs] == [1, 2]


def test_a_run_is_read_as_its_network():
    pytest.importorskip("torch")
    run = cogo.train(5, hidden=4, epochs=2)[0]
    np.testing.assert_array_equal(cogo.load_network(run).V, run.network.V)


@pytest.mark.slow
def test_matrices_are_lists_of_rows_too():
    network = cogo.construct(5)
    (match,) = cogo.match([w.tolist() for w in (network.W_a, network.W_b, network.V)])
    assert [f.family for f in match] == [f.family for f in cogo.match(network)[0]]
    with pytest.raises(cogo.InputError, match="list is no network"):
        cogo.match([[network], [network], [network]])


def test_a_catalog_has_the_ids_that_it_finds():
    catalog = cogo.load_catalog(CATALOG)
    assert catalog[0] in catalog and catalog[0].id in catalog and "n6-q6-a6" in catalog
    assert "n6" not in catalog  # ambiguous
    assert "zzz" not in catalog and 0 not in catalog


@pytest.mark.parametrize("index", [11, -12, 1000])
def test_an_index_beyond_the_end_says_how_many_entries_there_are(index):
    with pytest.raises(IndexError, match=f"index={index}: the catalog has 11 entries"):
        cogo.load_catalog(CATALOG)[index]


def test_a_misspelt_name_is_answered_with_the_right_one(capsys):
    with pytest.raises(AttributeError) as refused:
        cogo.mach  # noqa: B018 - the name alone
    assert (refused.value.name, refused.value.obj) == ("mach", cogo)


@pytest.mark.slow
def test_many_rows_are_printed_in_one_line():
    for value in (cogo.load_catalog().entries, cogo.generator_table(12), cogo.frontier.table()):
        assert len(repr(value)) < 500 and str(len(value)) in repr(value)


def test_what_is_held_in_memory_is_told_of_arguments_not_of_options():
    weights = np.random.default_rng(0).normal(size=(3, 7, 14))
    for state in (
        {"left": weights[0], "right": weights[1], "out": weights[2]},
        {"W_in": weights[0], "W_out": weights[2].T},
    ):
        with pytest.raises(cogo.InputError, match=r"mapping=|group=") as refused:
            cogo.load_network(state, group="2x5")
        assert "--" not in str(refused.value)
