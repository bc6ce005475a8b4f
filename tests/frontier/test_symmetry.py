import numpy as np
import pytest

from cogo_search.errors import InputError
from cogo_search.frontier.symmetry import Ansaetze, Symmetry
from cogo_search.groups.abelian import Group


@pytest.mark.parametrize(
    ("spec", "name", "order"),
    [
        ("5", "none", 1),
        ("5", "shift", 5),
        ("5", "shift,opposite", 25),
        ("5", "left,neg,swap", 100),
        ("7", "mult:3", 6),
        ("7", "mult:3*swap", 6),
        ("4", "mult:3", 2),
        ("2x3", "shift:1.1", 6),
        ("2x3", "shift:0.1", 3),
        ("2x2", "neg", 1),
    ],
)
def test_order_of_the_symmetry_group(spec, name, order):
    assert len(Symmetry(Group.parse(spec), name).elements) == order


@pytest.mark.parametrize("name", ["shift", "left*neg", "mult:2*swap", "neg,swap,opposite:2"])
def test_symmetries_carry_functions_of_the_sum_to_such(name):
    group = Group.parse("5")
    rng = np.random.default_rng(0)
    everything = np.arange(5)
    total = group.add(everything[:, None], everything)
    for p in Symmetry(group, name).elements:
        f = rng.standard_normal(5)[total]
        first, second = np.array(p)[:5] % 5, np.array(p)[5:] % 5
        moved = f[np.ix_(first, second)] if p[0] < 5 else f[np.ix_(second, first)].T
        assert all(len(set(moved[total == s])) == 1 for s in range(5))


def test_subgroups_of_the_dihedral_group_of_order_10():
    assert [len(s) for s in Symmetry(Group.parse("5"), "shift,neg").subgroups] == [1, 2, 2, 2, 2, 2, 5, 10]


@pytest.mark.parametrize("trivial", ["with", "without"])
@pytest.mark.parametrize(
    ("spec", "name"), [("5", "neg,swap"), ("7", "mult:3*swap"), ("2x3", "neg,shift:0.1"), ("9", "mult:2")]
)
def test_nodes_of_an_orbit_are_permuted_up_to_sign(spec, name, trivial):
    symmetry = Symmetry(Group.parse(spec), name)
    rng = np.random.default_rng(0)
    for orbit in symmetry.orbit_types(trivial):
        w = orbit.nodes @ rng.standard_normal(orbit.dimension)
        assert len(symmetry.elements) % orbit.size == 0
        for p in symmetry.elements:
            overlap = np.abs(w @ w[:, list(p)].T) / np.linalg.norm(w, axis=1) ** 2
            assert np.allclose(overlap.max(axis=1), 1)


def test_orbit_types_under_negation_are_even_odd_and_free():
    types = Symmetry(Group.parse("5"), "neg").orbit_types("without")
    assert [(t.label, t.size, t.dimension) for t in types] == [("1[-neg]", 1, 4), ("1[neg]", 1, 4), ("2", 2, 8)]


def test_lists_are_distinct_and_add_up():
    lists = Ansaetze(Symmetry(Group.parse("5"), "neg"), "with", 8)
    assert len(lists) == 25  # 2 t + e + o = 8
    assert len({lists[i].label for i in range(25)}) == 25
    assert all(sum(t.size for t in lists[i].types) == 8 for i in range(25))
    assert lists[0].label == "4 x 2"
    with pytest.raises(IndexError):
        lists[25]


def test_a_fixed_node_occurs_once():
    lists = Ansaetze(Symmetry(Group.parse("3"), "shift"), "with", 4)
    assert [lists[i].label for i in range(len(lists))] == ["1[shift] + 3"]


@pytest.mark.parametrize(
    ("spec", "name", "message"),
    [
        ("5", "turn", "unknown word 'turn'"),
        ("5", "mult:5", "5 is no unit modulo 5"),
        ("5", "mult:x", "unknown word"),
        ("5", "shift:0.1", "no element of 5"),
        ("5", "", "unknown word ''"),
        ("30", "left,shift,neg,swap", "over 200 elements"),
    ],
)
def test_bad_symmetries_are_named(spec, name, message):
    with pytest.raises(InputError, match=message):
        Symmetry(Group.parse(spec), name)


def test_a_width_that_no_orbits_add_up_to():
    with pytest.raises(InputError, match="width=8 is no sum of orbit sizes 1, 5"):
        Ansaetze(Symmetry(Group.parse("5"), "shift"), "with", 8)


def test_lists_of_few_orbits():
    symmetry = Symmetry(Group.parse("5"), "mult:2*swap")
    every = Ansaetze(symmetry, "without", 8)
    few = Ansaetze(symmetry, "without", 8, 3)
    labels = {every[i].label for i in range(len(every)) if len(every[i].types) <= 3}
    assert {few[i].label for i in range(len(few))} == labels and len(few) == len(labels)
    with pytest.raises(InputError, match="with orbits=1"):
        Ansaetze(symmetry, "without", 8, 1)
