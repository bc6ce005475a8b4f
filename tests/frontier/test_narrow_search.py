import numpy as np
import pytest

from cogo_search.frontier.descent import LARGE, NEAR, fit
from cogo_search.frontier.narrow_search import search
from cogo_search.frontier.symmetry import Symmetry
from cogo_search.groups.abelian import Group
from cogo_search.networks.loss import direct
from cogo_search.networks.network import Setting


def tally(spec, trivial, target, width, name="none", starts=24, **options):
    group = Group.parse(spec)
    return search(group, Setting(trivial, target), width, Symmetry(group, name), starts, **options)


SOLVABLE = [
    ("3", "without", "zero-mean", 6, "none"),
    ("3", "with", "zero-mean", 3, "none"),
    ("3", "with", "zero-mean", 3, "shift"),
    ("3", "with", "one-hot", 4, "none"),
    ("4", "without", "zero-mean", 5, "none"),
    ("4", "with", "zero-mean", 5, "none"),
    ("2x2", "without", "zero-mean", 4, "none"),
    ("5", "with", "zero-mean", 8, "none"),
    ("5", "without", "zero-mean", 9, "none"),
    ("6", "without", "zero-mean", 9, "none"),
]
UNSOLVABLE = [
    ("3", "without", "zero-mean", 5, "none"),
    ("3", "with", "zero-mean", 2, "none"),
    ("3", "with", "one-hot", 3, "none"),
    ("4", "with", "zero-mean", 4, "none"),
]


@pytest.mark.slow
@pytest.mark.parametrize("case", SOLVABLE, ids=str)
def test_known_widths_are_reached(case):
    found = tally(*case)
    assert found.outcomes["hit"] and len(found.hits) == found.outcomes["hit"]
    for hit in found.hits:
        assert direct(hit.problem.network(hit.theta), hit.problem.setting).loss < 1e-24
        assert hit.norm < LARGE


@pytest.mark.slow
def test_order_5_without_the_trivial_character_has_8_nodes_in_two_orbits():
    found = tally("5", "without", "zero-mean", 8, "mult:2*swap", 60, orbits=2)
    assert found.ansaetze["2 x 4"] == found.outcomes["hit"] > 0


@pytest.mark.slow
@pytest.mark.parametrize("case", UNSOLVABLE, ids=str)
def test_widths_below_the_bounds_are_not(case):
    found = tally(*case)
    assert not found.hits
    assert sum(found.outcomes.values()) == found.starts == 24


@pytest.mark.slow
def test_a_border_rank_limit_is_a_near_miss_with_its_exponent():
    found = tally("4", "with", "zero-mean", 4, starts=120)  # which of them end where differs from CPU to CPU
    assert found.misses
    for miss in found.misses:
        assert miss.norm > LARGE and 1e-24 < miss.cost < NEAR
    assert any(miss.exponent is not None and 0.8 < miss.exponent < 1.2 for miss in found.misses)


def test_a_hit_reproduces_alone():
    found = tally(*SOLVABLE[1])
    hit = found.hits[-1]
    again = tally(*SOLVABLE[1], starts=1, first=hit.start, total=24).hits[0]
    assert (again.start, again.ansatz) == (hit.start, hit.ansatz)
    assert np.allclose(again.theta, hit.theta, atol=1e-8)


@pytest.mark.slow
def test_one_list_of_orbits_or_another_by_the_number_of_the_start():
    whole = tally("4", "with", "zero-mean", 5, "neg", starts=12)
    part = tally("4", "with", "zero-mean", 5, "neg", starts=4, first=8, total=12)
    assert {h.start: h.ansatz for h in part.hits} == {h.start: h.ansatz for h in whole.hits if h.start >= 8}


def test_dependent_squares_are_degenerate():
    assert tally("3", "with", "zero-mean", 10, starts=4).outcomes["degenerate"] == 4  # ten functions on nine pairs


def test_fitted_exponents():
    norms = np.geomspace(10, 1e4, 50)
    assert np.isclose(fit([((3 * n**-1.5) ** 2, n) for n in norms]), 1.5)
    assert fit([(1.0, n) for n in norms]) is None
    assert fit([(1.0, 5.0), (0.5, 5.0)]) is None
