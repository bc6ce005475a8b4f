"""Recipes on every Abelian group of order 2 to 36: exact, direct and Theorem 1 losses, closed-form orders."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cogo_search.algebra.canonical import canonical
from cogo_search.algebra.cyclotomic import root_of_unity
from cogo_search.algebra.generators import Generator
from cogo_search.algebra.polynomials import maximal_polynomial
from cogo_search.algebra.potentials import SETS
from cogo_search.catalog.catalog import Catalog
from cogo_search.errors import InputError
from cogo_search.groups.abelian import Group, abelian_groups
from cogo_search.networks.cyclotomic_network import ExactNetwork, ExactNode, is_optimal, numeric, residuals
from cogo_search.networks.loss import by_theorem_1, direct
from cogo_search.networks.network import Network, Setting, from_spectrum, spectrum, squared_norm
from cogo_search.recipes.blocks import Block
from cogo_search.recipes.compose import build, compose, from_entries, quarter_block, real_block, z_f4, z_syn_nu
from cogo_search.recipes.memorization import Memorization

GROUPS = [g for order in range(2, 37) for g in abelian_groups(order)]
WITHOUT, WITH, ONE_HOT = Setting(), Setting("with"), Setting("with", "one-hot")


def check(network, setting):
    """Direct loss below 1e-18, Theorem 1 equal to it within 1e-12 of scale, every answer right."""
    evaluation = direct(network, setting)
    assert evaluation.loss < 1e-18
    assert abs(by_theorem_1(network, setting) - evaluation.loss) < 1e-12
    assert evaluation.accuracy == 1


@pytest.mark.slow
@pytest.mark.parametrize("group", GROUPS, ids=lambda g: g.name)
def test_every_applicable_recipe_has_loss_zero_and_its_closed_form_order(group):
    d, pairs, real = group.order, len(group.conjugate_pairs), len(group.self_conjugate)
    quarter = sum(1 for k, _ in group.conjugate_pairs if group.character_orders[k] == 4)
    cases = [("f6", WITHOUT, 6 * pairs + 2 * real), ("f4+const", WITH, 2 * d - 1 if pairs else 2 * real)]
    if pairs:
        cases.append(("f4/6", WITHOUT, 2 * d if not real else 4 * pairs + 2 + 2 * real))
    if real:
        cases.append(("f4+real", WITHOUT, 4 * pairs - quarter + 2 * real))
    for name, setting, order in cases:
        recipe = build(name, group, setting)
        assert recipe.order == order, name
        check(recipe.assemble(), setting)
    check(Memorization(group).assemble(), WITHOUT)


@pytest.mark.slow
@pytest.mark.parametrize("group", GROUPS[:25], ids=lambda g: g.name)
def test_one_hot_recipes_meet_the_target_itself(group):
    for recipe in [
        build("f4+const", group, ONE_HOT),
        *([build("f4+real", group, ONE_HOT)] if group.self_conjugate else []),
    ]:
        network = recipe.assemble()
        check(network, ONE_HOT)
        assert is_optimal(recipe.network, ONE_HOT)
        everything = np.arange(group.order)
        target = np.eye(group.order)[group.add(everything[:, None], everything[None, :])]
        np.testing.assert_allclose(network.outputs(), target, atol=1e-12)
    check(Memorization(group, ONE_HOT).assemble(), ONE_HOT)


def test_balanced_norm_of_f6_is_the_sum_of_costs():
    """Two conjugate characters a pair, 3 * 6^(1/3) each."""
    network = build("f6", Group.parse("7"), WITHOUT).assemble()
    assert abs(squared_norm(spectrum(network)) - 3 * 2 * 3 * 6 ** (1 / 3)) < 1e-9


def test_corrected_constant_of_equation_65():
    """-(1 + i)/2 per node in Eq. 10's scaling 6^(-1/3), 4^(-1/3): |-S/6| with S = (1 + i)/2 at r_kkk = 1."""
    recipe = build("f4/6", Group.parse("7"), WITHOUT)
    six = [node for node in recipe.network.nodes if 1 in node.a]
    sizes = {abs(complex(_value(node.c[k], recipe.network))) for node in six for k in (2, 3)}
    assert all(abs(size - 2**0.5 / 12) < 1e-12 for size in sizes)


def _value(c, network):
    roots = np.exp(2j * np.pi * np.arange(len(c)) / network.n)
    return c @ roots / network.scale


def test_wrong_constant_is_noticed_exactly():
    """The printed -(1 + i)/3 instead of -(1 + i)/2 leaves a residual, and the loss that was measured at d = 7."""
    recipe = build("f4/6", Group.parse("7"), WITHOUT)
    nodes = []
    for node in recipe.network.nodes:
        own = set(node.a)
        c = {k: (3 * v if k in own else 2 * v) for k, v in node.c.items()}
        nodes.append(ExactNode(node.a, node.b, c))
    wrong = ExactNetwork(recipe.network.group, recipe.network.n, 3 * recipe.network.scale, tuple(nodes))
    assert not is_optimal(wrong, WITHOUT)
    assert abs(direct(numeric(wrong), WITHOUT).loss - 0.127) < 5e-4


def test_exact_residuals_give_the_loss_of_a_network_that_is_not_optimal():
    recipe = build("f6", Group.parse("5"), WITHOUT)
    network = ExactNetwork(recipe.network.group, recipe.network.n, recipe.network.scale, recipe.network.nodes[:-1])
    total = (
        sum(2 * abs(_value(value, network) / 2) ** 2 for *_, value in residuals(network, WITHOUT)) / network.group.order
    )
    assert abs(total - direct(numeric(network), WITHOUT).loss) < 1e-12


def test_any_entry_at_any_frequency_with_any_unit():
    group = Group.parse("11")
    rho = canonical(maximal_polynomial(Generator(1, 6, 10)).weights())
    turns = {2: (rho, (Fraction(3, 10), Fraction(7, 10))), 3: (z_syn_nu(), (Fraction(1, 8), Fraction(-5, 12)))}
    recipe = from_entries(group, WITHOUT, z_f4(), turns)
    check(recipe.assemble(), WITHOUT)
    assert recipe.order == 6 + 6 + 3 * 4


def test_a_unit_turns_the_coefficients_and_a_negative_frequency_conjugates_them():
    group, unit = Group.parse("5"), (Fraction(1, 8), Fraction(1, 5))
    plain = Block.of(1, z_syn_nu())
    turned, negative = (
        from_entries(group, WITHOUT, z_syn_nu(), {k: (z_syn_nu(), unit)}).network.nodes[0] for k in (1, 4)
    )
    n = 120
    expected = [Fraction(plain.a[0], plain.n) + unit[0], Fraction(plain.b[0], plain.n) + unit[1]]
    for exponent, part in zip(expected, (turned.a, turned.b), strict=True):
        np.testing.assert_array_equal(part[1], root_of_unity(int(exponent * n), n))
    for exponent, part in zip(expected, (negative.a, negative.b), strict=True):
        np.testing.assert_array_equal(part[1], root_of_unity(int(-exponent * n), n))


def test_any_solution_of_all_conditions_whose_squares_sum_to_a_constant_can_carry():
    """An order-8 entry over mu_8 in place of nu*syn."""
    eight = next(s for s in Catalog.read().solutions if s.id.startswith("cogo1-n8-q8-7b"))
    recipe = from_entries(Group.parse("7"), WITHOUT, z_f4(), {2: (eight, (Fraction(0), Fraction(0)))})
    assert (recipe.order, recipe.carrier) == (8 + 2 * 4, "pairs")
    check(recipe.assemble(), WITHOUT)


@pytest.mark.slow
@pytest.mark.parametrize(
    "entry", [s for s in Catalog.read().solutions if s.character_order == "generic"], ids=lambda s: s.id
)
def test_every_shipped_entry_solves_a_group_or_is_refused_for_its_own_condition(entry):
    """With the unit as carrier R_c and R_* suffice; the refusal names a potential that is indeed not zero."""
    zero = set(entry.weights().zero_set)
    wanted = set(SETS["Rc"] + SETS["R*"])
    if wanted <= zero:
        check(from_entries(Group.parse("7"), WITH, entry, {}).assemble(), WITH)
    else:
        with pytest.raises(InputError, match="does not solve") as refusal:
            from_entries(Group.parse("7"), WITH, entry, {})
        assert str(refusal.value).split("(")[1].split(" = 0")[0] in wanted - zero


@pytest.mark.slow
@pytest.mark.parametrize("entry", [s for s in Catalog.read().solutions if s.character_order == "4"], ids=lambda s: s.id)
def test_entries_of_merged_conditions_solve_characters_of_order_4_only(entry):
    """On Z4, and in Z8 at 2; refused at the generic 1, unless they fulfil the generic conditions as well."""
    merged = {"Abc", "aBc", "ABc", "aac+AAc", "bbc+BBc"}
    if merged <= set(entry.weights().zero_set_at("4")):
        check(from_entries(Group.parse("4"), WITH, entry, {}).assemble(), WITH)
        check(from_entries(Group.parse("8"), WITH, z_f4(), {2: (entry, (Fraction(0), Fraction(0)))}).assemble(), WITH)
    else:
        with pytest.raises(InputError, match="does not solve"):
            from_entries(Group.parse("4"), WITH, entry, {})
    if not set(SETS["Rc"] + SETS["R*"]) <= set(entry.weights().zero_set):
        with pytest.raises(InputError, match="does not solve frequency 1"):
            from_entries(Group.parse("8"), WITH, entry, {})


def test_entries_of_characters_of_order_2_serve_those():
    """One real node with a constant to carry, or two; in Z8 at 4, on Z2 x Z2 everywhere."""
    entries = {s.order: s for s in Catalog.read().solutions if s.character_order == "2"}
    still = (Fraction(0), Fraction(0))
    for order, entry in entries.items():
        recipe = from_entries(Group.parse("8"), WITH, z_f4(), {4: (entry, still)})
        check(recipe.assemble(), WITH)
        assert recipe.order == 3 * 4 + order + (recipe.carrier == "unit")
        check(from_entries(Group.parse("2x2"), WITH, entry, {}).assemble(), WITH)
        with pytest.raises(InputError, match="characters of order 2 only"):
            from_entries(Group.parse("8"), WITH, entry, {})
        with pytest.raises(InputError, match="does not solve frequency 1"):
            from_entries(Group.parse("8"), WITH, z_f4(), {1: (entry, still)})


@pytest.mark.parametrize(
    ("spec", "at", "message"),
    [
        ("7", {1: z_f4(), 6: z_f4()}, "twice"),
        ("6", {3: z_f4()}, "no conjugate pair"),
        ("2x2", {}, "no conjugate pair"),
        ("7", {}, "absorbs the constants at 1, 2, 3"),
    ],
)
def test_entries_that_have_no_place(spec, at, message):
    zero = (Fraction(0), Fraction(0))
    with pytest.raises(InputError, match=message):
        from_entries(Group.parse(spec), WITHOUT, z_f4(), {k: (s, zero) for k, s in at.items()})


def test_quarter_blocks_are_refused_where_4k_is_not_0():
    for order in (3, 4):
        with pytest.raises(InputError, match=r"quarter. does not solve frequency 1 of group 5"):
            compose("test", Group.parse("5"), WITH, {k: quarter_block(k, order) for k in (1, 2)}, "unit")


@pytest.mark.parametrize("spec", ["4", "8", "2x4", "4x4"])
def test_four_nodes_where_4k_is_0_need_no_carrier(spec):
    """The closed form at phi = psi = pi/4 (docs/theory.md, section 4), two nodes where 2k = 0, nu*syn elsewhere."""
    group = Group.parse(spec)
    blocks = {
        k: quarter_block(k, 4) if group.character_orders[k] == 4 else Block.of(k, z_syn_nu())
        for k, _ in group.conjugate_pairs
    }
    blocks |= {k: real_block(k, 2) for k in group.self_conjugate}
    recipe = compose("test", group, WITHOUT, blocks, "none")
    assert recipe.carrier == "none"
    check(recipe.assemble(), WITHOUT)


def test_single_node_at_a_real_character_needs_a_carrier():
    group = Group.parse("2")
    with pytest.raises(InputError, match="carrier"):
        compose("test", group, WITHOUT, {1: real_block(1, 1)}, "real")


@pytest.mark.parametrize(
    ("name", "spec", "setting", "message"),
    [
        ("f4/6", "2x2", WITHOUT, "conjugate pair"),
        ("f4+const", "7", WITHOUT, "--trivial with"),
        ("f4+real", "7", WITHOUT, "2k = 0"),
        ("f5", "7", WITHOUT, "unknown"),
    ],
)
def test_recipes_that_a_group_does_not_admit(name, spec, setting, message):
    with pytest.raises(InputError, match=message):
        build(name, Group.parse(spec), setting)


def test_one_hot_without_the_trivial_character_is_impossible():
    with pytest.raises(InputError, match="impossible"):
        Setting("without", "one-hot")


def test_several_order_6_frequencies():
    recipe = build("f4/6", Group.parse("11"), WITHOUT, (1, 9))
    assert recipe.order == 6 + 6 + 3 * 4
    check(recipe.assemble(), WITHOUT)


@given(st.sampled_from(["3", "4", "5", "6", "2x3", "2x2", "4x2", "8", "3x3"]), st.integers(1, 9), st.integers(0, 2**32))
@settings(max_examples=40, deadline=None)
def test_theorem_1_equals_the_direct_loss_on_random_weights(spec, q, seed):
    group, rng = Group.parse(spec), np.random.default_rng(seed)
    network = Network(group, *(rng.normal(size=(group.order, q)) for _ in range(3)))
    for setting in (WITH, ONE_HOT):
        expected = direct(network, setting).loss
        assert abs(by_theorem_1(network, setting) - expected) <= 1e-10 * expected
    z = spectrum(network)
    z[:, 0] = 0
    zero_mean = from_spectrum(group, z)
    expected = direct(zero_mean, WITHOUT).loss
    assert abs(by_theorem_1(zero_mean, WITHOUT) - expected) <= 1e-10 * expected


def test_direct_loss_against_the_definition_in_fractions():
    """Integer weights on Z_3: the loss of Eq. 1 with plain outputs, summed in fractions."""
    rng = np.random.default_rng(5)
    a, b, v = (rng.integers(-3, 4, size=(3, 2)) for _ in range(3))
    total = Fraction(0)
    for x1 in range(3):
        for x2 in range(3):
            o = [sum(int(v[x, j]) * int(a[x1, j] + b[x2, j]) ** 2 for j in range(2)) for x in range(3)]
            residual = [Fraction(value) - ((x1 + x2) % 3 == x) for x, value in enumerate(o)]
            mean = sum(residual) / 3
            total += sum((r - mean) ** 2 for r in residual)
    network = Network(Group.parse("3"), a.astype(float), b.astype(float), v.astype(float))
    assert abs(direct(network, WITHOUT).loss - float(total / 9)) < 1e-9 * float(total)
