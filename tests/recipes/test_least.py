"""Least orders and least norms: never below the bound, closed-form norms, and no cheaper division of the constants."""

import numpy as np
import pytest
from scipy.optimize import minimize

from cogo_search.catalog.catalog import Catalog
from cogo_search.errors import InputError
from cogo_search.groups.abelian import Group, abelian_groups
from cogo_search.networks.loss import by_theorem_1, direct
from cogo_search.networks.network import Setting, spectrum, squared_norm
from cogo_search.networks.width_bounds import lower_bound
from cogo_search.recipes.compose import RECIPES, build
from cogo_search.recipes.least import least_norm, least_order, plans

GROUPS = [g for order in range(2, 13) for g in abelian_groups(order)] + [Group((4, 4)), Group((2, 8)), Group((23,))]
WITHOUT, WITH, ONE_HOT = Setting(), Setting("with"), Setting("with", "one-hot")
SETTINGS = (WITHOUT, WITH, ONE_HOT)
SOLUTIONS = Catalog.read().solutions


def named(group, setting):
    for name in RECIPES:
        try:
            yield build(name, group, setting)
        except InputError:
            continue


def norm(recipe):
    return squared_norm(spectrum(recipe.assemble()))


@pytest.mark.slow
@pytest.mark.parametrize("setting", SETTINGS, ids=str)
@pytest.mark.parametrize("group", GROUPS, ids=lambda g: g.name)
def test_no_named_recipe_is_narrower_or_cheaper(group, setting):
    order, cost = least_order(group, setting, SOLUTIONS), least_norm(group, setting, SOLUTIONS)
    for recipe in (order, cost):
        network = recipe.assemble()
        assert direct(network, setting).loss < 1e-18
        assert by_theorem_1(network, setting) < 1e-18
    assert lower_bound(group, setting).width <= order.order <= cost.order
    assert norm(cost) <= norm(order) * (1 + 1e-9)
    for recipe in named(group, setting):
        assert order.order <= recipe.order
        assert norm(cost) <= norm(recipe) * (1 + 1e-9)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "order"), [("4", 5), ("2x4", 10), ("4x4", 22), ("7", 14), ("12", 21)])
def test_least_orders_without_the_trivial_character(name, order):
    """Three nodes where 4k = 0, one where 2k = 0: below the 12 and 24 that two nodes at every 2k = 0 give."""
    assert least_order(Group.parse(name), WITHOUT, SOLUTIONS).order == order


@pytest.mark.slow
@pytest.mark.parametrize("name", ["2x2", "2x4", "4x4", "2x2x4"])
def test_one_hot_on_elementary_two_and_four_groups_meets_its_lower_bound(name):
    group = Group.parse(name)
    assert least_order(group, ONE_HOT, SOLUTIONS).order == lower_bound(group, ONE_HOT).width


@pytest.mark.slow
@pytest.mark.parametrize("setting", SETTINGS, ids=str)
@pytest.mark.parametrize("spec", ["4", "2x2", "7", "2x4", "12", "3x3"])
def test_the_norm_of_every_plan_is_that_of_its_network(spec, setting):
    group = Group.parse(spec)
    for plan in plans(group, setting, SOLUTIONS):
        recipe = plan.compose("test", group, setting)
        assert recipe.order == plan.order()
        assert abs(norm(recipe) - plan.norm(group, setting)) < 1e-9 * norm(recipe)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("spec", "setting", "value"),
    [("4", WITHOUT, 3 * 2 * 4 ** (1 / 3) + 2 * 3 * 4 ** (-1 / 3)), ("7", WITHOUT, None), ("23", WITH, None)],
)
def test_least_norms_in_closed_form(spec, setting, value):
    """Z4: the closed form at 4k = 0 costs 3 * 4^(1/3) at k and at -k, two nodes at 2k = 0 |c| = 1/2 each."""
    d = Group.parse(spec).order
    if spec == "7":  # two pairs of order 6 share the constant of one of order 4: |c|^2 = 2/36 + 16/48^2 * ...
        value = 4 * 3 * 2 ** (2 / 3) * (2 / 16) ** (1 / 3) + 12 * 3 * 2 ** (2 / 3) * (2 / 36 + 16 / 48**2) ** (1 / 3)
    if spec == "23":  # 11 pairs of order 4, constants 11 * 16 on one unit with a = b = 1/2
        value = 44 * 3 * 2 ** (2 / 3) * (1 / 8) ** (1 / 3) + 3 * (1 / 4) ** (2 / 3) * (11 * 16) ** (1 / 3)
    assert abs(norm(least_norm(Group((d,)), setting, SOLUTIONS)) - value) < 1e-9 * value


def cost(entering, leaving):
    return 3 * (entering / 2) ** (2 / 3) * np.cbrt(leaving)


def divided(pairs, real, setting, sixes, homes, unit, shares):
    """The norm of f4 and nu*syn blocks with the constants divided freely: (one six, each other six, reals, unit)."""
    constants = (pairs - sixes) * 16 + (real - homes) * 4 + (4 if setting.target == "one-hot" else 0)
    parts = [shares[0]] * min(sixes, 1) + [shares[1]] * (sixes - 1), [shares[2]] * homes, [shares[3]] * unit
    total = sum(map(sum, parts))
    norm = (pairs - sixes) * 4 * cost(4, 2 / 16) + (real - homes) * cost(2, 1)
    norm += sum(6 * cost(4, 2 / 36 + (p / total) ** 2 * constants / 24**2) for p in parts[0])
    norm += sum(2 * cost(2, 1 / 4 + (p / total) ** 2 * constants / 4**2) for p in parts[1])
    return norm + sum(cost(2, (p / total) ** 2 * constants / 4**2) for p in parts[2])


@pytest.mark.slow
@pytest.mark.parametrize("setting", SETTINGS, ids=str)
@pytest.mark.parametrize("spec", ["5", "7", "11", "23", "6", "10", "2x6", "2x2"])
def test_no_free_division_of_the_constants_is_cheaper(spec, setting):
    """Two different shares among the sixes, reals and a unit beside them: a numerical search, not a proof."""
    group, rng = Group.parse(spec), np.random.default_rng(1)
    pairs, real = len(group.conjugate_pairs), len(group.self_conjugate)
    best = norm(least_norm(group, setting, SOLUTIONS))
    for sixes in range(pairs + 1):
        for homes in range(real + 1):
            for unit in range((setting.trivial == "with") + 1):
                if not sixes + homes + unit:
                    continue

                def value(x, kinds=(sixes, homes, unit)):
                    return divided(pairs, real, setting, *kinds, np.abs(x) + 1e-12)

                for start in rng.dirichlet(np.ones(4) / 2, size=2):
                    found = minimize(value, start, method="Nelder-Mead", options={"maxiter": 300})
                    assert found.fun >= best * (1 - 1e-9), (sixes, homes, unit)
