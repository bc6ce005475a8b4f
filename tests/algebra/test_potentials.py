from __future__ import annotations

from itertools import chain, combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogo_search.algebra.potentials import (
    COVER_ARGUMENTS,
    COVERS,
    EXPONENTS,
    SETS,
    ZEROABLE,
    aligned_exponents,
    cover_of,
    cover_potentials,
    covered_sets,
)
from cogo_search.algebra.weights import Weights
from cogo_search.errors import InputError

from ..golden import make_golden as oracle
from ..strategies import flint, quick


@pytest.mark.parametrize("name", EXPONENTS)
def test_exponents_spell_the_name(name):
    count = {letter: name.count(letter) for letter in "aAbBcC"}
    assert len(name) == 3 and name[-1] == "c" and count["C"] == 0
    assert EXPONENTS[name] == (count["a"] - count["A"], count["b"] - count["B"])


@pytest.mark.parametrize("name", EXPONENTS)
def test_exponents_evaluate_the_monomial_on_the_unit_circle(name):
    a, b, c = np.exp(2j * np.pi * np.array([0.1234, 0.357, 0.77]))
    value = {"a": a, "b": b, "c": c, "A": np.conj(a), "B": np.conj(b)}
    i, j = EXPONENTS[name]
    assert abs(a**i * b**j * c - np.prod([value[letter] for letter in name])) < 1e-12


def test_the_nine_potentials_are_listed_in_the_documented_order():
    assert ZEROABLE == ("Abc", "aBc", "ABc", "aAc", "bBc", "aac", "bbc", "AAc", "BBc")
    assert list(SETS) == ["Rc", "Rn", "R*"]
    assert (SETS["Rc"], SETS["Rn"], SETS["R*"]) == (ZEROABLE[:3], ZEROABLE[3:5], ZEROABLE[5:])
    assert set(EXPONENTS) == {"abc", *ZEROABLE}


def test_covers_join_their_sets():
    assert set(COVERS) == {"all", "Rc+R*", "Rc+Rn", "Rc"} == set(COVER_ARGUMENTS.values())
    for cover, groups in COVERS.items():
        assert set(groups) == (set(SETS) if cover == "all" else set(cover.split("+")))
        assert sorted(cover_potentials(cover)) == sorted(chain.from_iterable(SETS[group] for group in groups))


def test_an_unknown_cover_is_refused_with_the_choices():
    with pytest.raises(InputError, match=r"cover='Rn'.*Rc\+R\*"):
        cover_potentials("Rn")


@given(st.sets(st.sampled_from(ZEROABLE)))
@quick
def test_covered_sets_are_those_that_vanish_entirely(zeros):
    assert covered_sets(zeros) == tuple(group for group in ("Rc", "Rn", "R*") if all(r in zeros for r in SETS[group]))


def test_cover_of_names_exactly_the_covers():
    by_sets = {frozenset(groups): cover for cover, groups in COVERS.items()}
    for size in range(4):
        for groups in combinations(SETS, size):
            assert cover_of(groups) == cover_of(groups[::-1]) == by_sets.get(frozenset(groups), "")


@pytest.mark.parametrize("name", EXPONENTS)
def test_aligned_exponents_give_the_value_on_an_aligned_node(name):
    i, j = aligned_exponents(name)
    for n in (4, 6, 10):
        for a in range(n):
            for b in range(n):
                assert flint(n, Weights.unit(a, b, n).potential(name)) == oracle.zeta(n, i * a + j * b)
