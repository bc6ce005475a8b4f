from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogo_search.errors import InputError
from cogo_search.groups.abelian import Group
from cogo_search.groups.actions import Action
from cogo_search.networks.loss import by_theorem_1
from cogo_search.networks.network import DEFAULT, Network, Setting
from cogo_search.recipes.action_recipes import ActionNetwork, assemble, construct, decompose, direct, restrict
from cogo_search.recipes.compose import build

from ..quotient_actions import quotient_actions
from ..strategies import quick

ONE_HOT = Setting("with", "one-hot")
Z6 = Action.from_table([[(g + x) % 3 for x in range(3)] for g in range(6)], group="6")
Z6_TWO = Action.from_table([[g % 3, (g + 1) % 3, (g + 2) % 3, 3 + g % 2, 3 + (g + 1) % 2] for g in range(6)])
Z4X2 = Action.from_table(
    [[(a + 2 * b + x) % 4 for x in range(4)] for a, b in Group((4, 2)).digits.tolist()], group="4x2"
)
#: Z_35 on 7 + 5 states and a fixed one, the orbits interleaved.
STATES = [(7, x) for x in range(7)] + [(1, 0)] + [(5, x) for x in range(5)]
Z35 = Action.from_table([[STATES.index((m, (g + x) % m)) for m, x in STATES[::-1]][::-1] for g in range(35)])
CASES = {"Z6 on 3": Z6, "Z6 on 3+2": Z6_TWO, "Z4xZ2 on 4": Z4X2, "Z35 on 7+1+5": Z35}


def naive(network: ActionNetwork, zero_mean: bool, within_orbit: bool) -> float:
    """The loss as it is defined, one input at a time."""
    action, total = network.action, 0.0
    for g in range(action.order):
        for x in range(action.states):
            o = sum((a + b) ** 2 * v for a, b, v in zip(network.W_a[g], network.W_b[x], network.V.T, strict=True))
            e = o - np.eye(action.states)[action.table[g, x]]
            if within_orbit:
                e = e[sorted(set(action.table[:, x].tolist()))]
            total += np.sum((e - e.mean() if zero_mean else e) ** 2)
    return total / (action.order * action.states)


def random_network(action: Action, seed: int, q: int = 5) -> ActionNetwork:
    rng = np.random.default_rng(seed)
    return ActionNetwork(action, *(rng.standard_normal((n, q)) for n in (action.order, action.states, action.states)))


# ---------------------------------------------------------------- optimizers


@pytest.mark.parametrize("action", CASES.values(), ids=CASES.keys())
@pytest.mark.parametrize("setting", [DEFAULT, Setting("with"), ONE_HOT], ids=["without", "with", "one-hot"])
def test_the_constructed_network_is_an_optimizer(action, setting):
    found = direct(construct(action, setting=setting), setting)
    assert found.loss < 1e-20 and found.accuracy == 1.0


@pytest.mark.slow
@pytest.mark.parametrize("action", CASES.values(), ids=CASES.keys())
@pytest.mark.parametrize("recipe", [None, "f4+const"])
def test_outputs_over_all_states_are_one_hot_at_no_more_nodes(action, recipe):
    network = construct(action, recipe if action is not Z6_TWO else None, ONE_HOT, outputs="all")
    for setting in (ONE_HOT, Setting("with")):
        for outputs in ("orbit", "all"):
            found = direct(network, setting, outputs)
            assert found.loss < 1e-20 and found.accuracy == 1.0
    assert network.width == construct(action, recipe if action is not Z6_TWO else None, ONE_HOT).width


def test_widths_add_up():
    assert construct(Z6).width == 6 and construct(Z6_TWO).width == 6 + 2
    assert construct(Z6_TWO, setting=ONE_HOT, outputs="all").width == 6 + 2
    assert construct(Z35).width == (6 + 4 + 4) + (6 + 4)
    assert construct(Z35, setting=ONE_HOT, outputs="all").width == (6 + 4 + 4) + (6 + 4) + 1
    assert construct(Z35, "f6").width == 6 * 5
    assert construct(Z35, {0: "f6"}).width == 18 + 10


@pytest.mark.parametrize("action", CASES.values(), ids=CASES.keys())
def test_nodes_of_one_orbit_do_not_disturb_the_others(action):
    """Without trivial characters the least loss over all states is (L - 1)/|X|; strays would add to it."""
    network = construct(action)
    bound = (len(action.orbits) - 1) / action.states
    assert direct(network, outputs="all").loss == pytest.approx(bound, abs=1e-14)
    outputs = np.einsum("gxj,yj->gxy", (network.W_a[:, None] + network.W_b) ** 2, network.V)
    assert np.abs(outputs[:, action.labels[:, None] != action.labels]).max(initial=0.0) < 1e-13


@pytest.mark.slow
@given(quotient_actions(), st.sampled_from([DEFAULT, ONE_HOT]))
@quick
def test_every_action_of_an_abelian_group_has_an_optimizer(case, setting):
    action = Action.from_table(case.table, case.multiplication)
    network = construct(action, setting=setting)
    assert direct(network, setting).loss < 1e-20
    assert direct(construct(action, setting=ONE_HOT, outputs="all"), ONE_HOT, "all").loss < 1e-20
    for component in action.components:
        if component.group:
            assert by_theorem_1(restrict(network, component), setting) < 1e-20


def test_a_group_that_is_not_abelian_with_an_abelian_quotient():
    s3 = [[0, 1, 2, 3, 4, 5], [1, 0, 4, 5, 2, 3], [2, 3, 0, 1, 5, 4], [3, 2, 5, 4, 0, 1], [4, 5, 1, 0, 3, 2]]
    s3.append([5, 4, 3, 2, 1, 0])
    odd = [0, 1, 1, 0, 0, 1]
    action = Action.from_table([[x ^ odd[g] for x in range(2)] for g in range(6)], s3)
    assert direct(construct(action)).loss < 1e-20


def test_conditions_merged_at_4k_0_leave_no_strays_either():
    action = Action.from_table(
        [[(g + x) % 8 for x in range(8)] + [8 + (g + x) % 4 for x in range(4)] for g in range(8)]
    )
    assert direct(construct(action, "f4+real"), outputs="all").loss == pytest.approx(1 / 12)
    network = construct(action, "f4+real", ONE_HOT, outputs="all")
    assert direct(network, ONE_HOT, "all").loss < 1e-20
    assert network.width == sum(build("f4+real", Group((d,)), ONE_HOT).order for d in (8, 4))


def test_a_named_recipe_and_a_transitive_action_over_all_states():
    network = construct(Z6, "f6", outputs="all")  # one orbit: the two comparisons are one
    assert direct(network, outputs="all").loss < 1e-20 and direct(network).loss < 1e-20


# ---------------------------------------------------------------- loss


@given(st.sampled_from([Z6, Z6_TWO, Z4X2]), st.integers(0, 1000))
@quick
def test_the_loss_is_the_definition(action, seed):
    network = random_network(action, seed)
    for setting in (DEFAULT, ONE_HOT):
        for outputs in ("orbit", "all"):
            expected = naive(network, setting is DEFAULT, outputs == "orbit")
            assert direct(network, setting, outputs).loss == pytest.approx(expected, rel=1e-12)


@given(st.sampled_from([Z6, Z6_TWO, Z4X2, Z35]), st.integers(0, 1000), st.sampled_from([DEFAULT, ONE_HOT]))
@quick
def test_the_loss_is_the_sum_of_theorem_1_over_the_components(action, seed, setting):
    """Random in-graph weights: the fixed state, whose loss has no Theorem 1, is left out of V."""
    rng = np.random.default_rng(seed)
    blocks, expected = [], 0.0
    for c in action.components:
        small = [rng.standard_normal((c.order, 4)) for _ in range(3)]
        beta, v = np.zeros((2, action.states, 4))
        beta[c.states], v[c.states] = small[1:]
        blocks.append((c.lifting @ small[0], beta, v))
        if c.group:
            expected += c.order / action.states * by_theorem_1(Network(c.group, *small), setting)
        elif setting is ONE_HOT:
            o = (small[0] + small[1]) ** 2 @ small[2].T
            expected += float((o[0, 0] - 1) ** 2) / action.states
    network = ActionNetwork(action, *(np.concatenate(parts, axis=1) for parts in zip(*blocks, strict=True)))
    assert direct(network, setting).loss == pytest.approx(expected, rel=1e-10)


# ---------------------------------------------------------------- in-graph and out-of-graph


@given(quotient_actions(), st.integers(0, 1000))
@quick
def test_weights_split_into_in_graph_and_out_of_graph_parts(case, seed):
    action = Action.from_table(case.table, case.multiplication)
    weights = np.random.default_rng(seed).standard_normal((action.order, 3))
    for c in action.components:
        in_graph, rest = decompose(c, weights)
        assert in_graph.shape == (c.order, 3)
        np.testing.assert_allclose(c.lifting @ in_graph + rest, weights, atol=1e-14)  # Eq. 87
        assert np.abs(c.lifting.T @ rest).max() < 1e-12  # orthogonal to everything constant on cosets
        again, nothing = decompose(c, (c.lifting @ in_graph).astype(float))
        np.testing.assert_allclose(again, in_graph, atol=1e-14)
        assert np.abs(nothing).max() < 1e-14


def test_out_of_graph_parts_serve_the_other_orbits():
    network = construct(Z6_TWO)
    three, two = Z6_TWO.components
    np.testing.assert_allclose(decompose(three, network.W_a[:, :6])[1], 0, atol=1e-15)
    np.testing.assert_allclose(decompose(two, network.W_a[:, 6:])[1], 0, atol=1e-15)
    np.testing.assert_allclose(decompose(two, network.W_a[:, :6])[0], 0, atol=1e-15)  # coprime orbits
    np.testing.assert_allclose(decompose(three, network.W_a[:, 6:])[0], 0, atol=1e-15)


# ---------------------------------------------------------------- refusals


def test_refusals_of_construct():
    with pytest.raises(InputError, match="impossible with trivial=without on 2 orbits"):
        construct(Z6_TWO, outputs="all")
    with pytest.raises(InputError, match="orbit of state 3, group 2: recipe f4/6 needs a conjugate pair"):
        construct(Z6_TWO, "f4/6")
    with pytest.raises(InputError, match="orbit of state 0, group 3: recipe 'f5' is unknown"):
        construct(Z6, "f5")
    with pytest.raises(InputError, match="names state 1, which is no base state"):
        construct(Z6_TWO, {1: "f6"})
    with pytest.raises(InputError, match="outputs='some' is unknown"):
        construct(Z6, outputs="some")
    s3 = Action.from_table([[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]])
    with pytest.raises(InputError, match="not normal: g=2, h=1"):
        construct(s3)


def test_refusals_of_assemble_and_restrict():
    three, two = (build(name, Group((d,)), ONE_HOT).assemble() for name, d in (("f4/6", 3), ("f4+real", 2)))
    with pytest.raises(InputError, match=r"networks have groups \['2', '3'\], the components \['3', '2'\]"):
        assemble(Z6_TWO, [two, three])
    with pytest.raises(InputError, match=r"groups \['3'\]"):
        assemble(Z6_TWO, [three])
    assert direct(assemble(Z6_TWO, [three, two], ONE_HOT, "all"), ONE_HOT, "all").loss < 1e-20
    shifted = Network(three.group, three.W_a + 0.5, three.W_b - 0.5, three.V)  # the same function on its own orbit
    assert direct(assemble(Z6_TWO, [shifted, two], ONE_HOT), ONE_HOT).loss < 1e-20
    with pytest.raises(InputError, match="network of the orbit of state 0 disturbs the other orbits"):
        assemble(Z6_TWO, [shifted, two], ONE_HOT, "all")
    fixed = next(c for c in Z35.components if c.group is None)
    with pytest.raises(InputError, match="state 7 is fixed"):
        restrict(construct(Z35), fixed)


def test_refusals_of_weights():
    good = np.zeros((6, 2)), np.zeros((3, 2)), np.zeros((3, 2))
    with pytest.raises(InputError, match=r"W_a must be \(6, q\), W_b and V \(3, q\)"):
        ActionNetwork(Z6, good[1], good[1], good[2])
    with pytest.raises(InputError, match="shapes"):
        ActionNetwork(Z6, np.zeros((6, 3)), good[1], good[2])
    with pytest.raises(InputError, match="NaN"):
        ActionNetwork(Z6, np.full((6, 2), np.nan), good[1], good[2])
    with pytest.raises(InputError, match=r"shape \(3, 2\): give \(6, q\)"):
        decompose(Z6.components[0], good[1])
