"""Groups recognised by their tables: against tables of known groups, relabelled at random, and tables of none."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogo_search.errors import InputError
from cogo_search.groups.abelian import Group, abelian_groups
from cogo_search.groups.identify import identify, is_group, is_latin


def relabelled(table, left, right, out):
    """T[left[x1], right[x2]] = out[x1 x2]."""
    found = np.empty_like(table)
    found[left[:, None], right[None, :]] = out[table]
    return found


def of_elements(elements, product):
    number = {x: i for i, x in enumerate(elements)}
    return np.array([[number[product(x, y)] for y in elements] for x in elements])


def of_permutations(n, even=False):
    def is_even(p):
        return sum(p[i] > p[j] for i in range(n) for j in range(i + 1, n)) % 2 == 0

    elements = [p for p in permutations(range(n)) if not even or is_even(p)]
    return of_elements(elements, lambda x, y: tuple(x[i] for i in y))


def extension(n, square):
    """<r, s | r^n, s r s^-1 = r^-1, s^2 = r^square>: dihedral for square = 0, dicyclic for n = 2 square."""
    elements = [(i, j) for j in range(2) for i in range(n)]

    def product(x, y):
        turned = -y[0] if x[1] else y[0]
        return (x[0] + turned + square * (x[1] & y[1])) % n, (x[1] + y[1]) % 2

    return of_elements(elements, product)


def holds(found, table):
    assert int(np.sum(found.table != table)) == found.wrong
    assert is_group(found.product)
    assert np.array_equal(found.product[found.left[:, None], found.right[None, :]], found.out[found.table])


@pytest.mark.parametrize("order", range(2, 33))
@pytest.mark.parametrize("same", [True, False])
def test_every_abelian_group_under_any_labels(order, same):
    random = np.random.default_rng(order)
    for group in abelian_groups(order):
        left = random.permutation(order)
        right, out = (left, left) if same else (random.permutation(order), random.permutation(order))
        table = relabelled(group.table, left, right, out)
        found = identify(table)
        assert found.group == group and found.wrong == 0
        holds(found, table)
        assert identify(table, group).group == group
        if same:
            assert np.array_equal(found.left, found.right) and np.array_equal(found.left, found.out)


def test_a_group_that_is_named_keeps_its_factors():
    table = relabelled(Group("4x3").table, *[np.random.default_rng(3).permutation(12) for _ in range(3)])
    assert identify(table).name == "12"
    found = identify(table, Group("4x3"))
    assert found.name == "4x3"
    holds(found, table)
    assert identify(table, Group("2x6")) is None


@pytest.mark.parametrize(
    ("table", "task"),
    [
        (lambda x, y: (x + y) % 23, "addition modulo 23"),
        (lambda x, y: (x - y) % 23, "subtraction modulo 23"),
        (lambda x, y: (x + 1) * (y + 1) % 23 - 1, "multiplication modulo 23, of 1 to 22"),
        (lambda x, y: (3 * x + y) % 23, "the group 23, inputs and outputs labelled differently"),
    ],
)
def test_common_tasks_by_name(table, task):
    size = 22 if "multiplication" in task else 23
    x = np.arange(size)
    answers = table(x[:, None], x[None, :])
    found = identify(answers)
    assert found.task == task
    assert found.group == Group(size)
    holds(found, answers)


@pytest.mark.parametrize(
    ("table", "name"),
    [
        (of_permutations(3), "S3"),
        (of_permutations(4), "S4"),
        (of_permutations(5), "S5"),
        (of_permutations(4, even=True), "A4"),
        (of_permutations(5, even=True), "A5"),
        (extension(4, 0), "D4"),
        (extension(5, 0), "D5"),
        (extension(6, 0), "D6"),
        (extension(4, 2), "Q8"),
        (extension(8, 4), "Q16"),
        (extension(6, 3), "Dic3"),
    ],
)
def test_non_abelian_groups_by_name(table, name):
    random = np.random.default_rng(1)
    d = len(table)
    shuffled = relabelled(table, random.permutation(d), random.permutation(d), random.permutation(d))
    for answers in (table, shuffled):
        found = identify(answers)
        assert (found.name, found.group, found.wrong) == (name, None, 0)
        holds(found, answers)
    assert identify(table, Group(d)) is None


def test_element_orders_name_what_has_no_name_here():
    d4 = extension(4, 0)
    product = of_elements([(x, y) for x in range(8) for y in range(2)], lambda u, v: (d4[u[0], v[0]], u[1] ^ v[1]))
    assert "order 16" in identify(product).name and "11 of order 2" in identify(product).name


@given(st.integers(0, 2**32 - 1), st.sampled_from(["23", "31", "5x5", "2x4x3"]))
def test_a_few_wrong_cells_are_counted_and_the_group_stays(seed, spec):
    random = np.random.default_rng(seed)
    group = Group(spec)
    d = group.order
    table = relabelled(group.table, *[random.permutation(d) for _ in range(3)])
    spoiled = table.copy()
    cells = random.choice(d * d, size=int(0.02 * d * d), replace=False)
    spoiled.ravel()[cells] = (spoiled.ravel()[cells] + random.integers(1, d, len(cells))) % d
    found = identify(spoiled)
    if found is not None:  # without a clean row and a clean column there is nothing to start from
        assert abelian_groups(d)[0].order == d and found.group is not None
        assert np.array_equal(found.table, table) and found.wrong == len(cells)


def test_wrong_cells_of_plain_addition_up_to_one_in_twenty():
    table = Group(23).table.copy()
    cells = np.random.default_rng(0).choice(23 * 23, size=26, replace=False)
    table.ravel()[cells] = (table.ravel()[cells] + 1) % 23
    assert identify(table).wrong == 26
    table.ravel()[:30] = 5
    assert identify(table) is None


@pytest.mark.parametrize("seed", range(5))
def test_tables_of_no_group(seed):
    random = np.random.default_rng(seed)
    assert identify(random.integers(0, 11, (11, 11))) is None
    assert identify(np.zeros((5, 5), dtype=int)) is None


def test_a_latin_square_that_is_no_group():
    square = np.array([[0, 1, 2, 3, 4], [1, 0, 3, 4, 2], [2, 4, 0, 1, 3], [3, 2, 4, 0, 1], [4, 3, 1, 2, 0]])
    assert is_latin(square) and identify(square) is None


@pytest.mark.parametrize(
    "table", [np.zeros((2, 3), int), np.full((3, 3), 3), np.full((3, 3), -1), np.zeros((1, 1), int)]
)
def test_what_is_no_table(table):
    with pytest.raises(InputError, match="no table of a group"):
        identify(table)
