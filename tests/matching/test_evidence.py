"""Spectrum, entries, residuals, polishing, motion and nulls."""

import numpy as np
import pytest

from cogo_search.algebra.cyclotomic import to_complex
from cogo_search.catalog.catalog import Catalog
from cogo_search.groups.abelian import Group
from cogo_search.matching import nulls
from cogo_search.matching.classify import TOLERANCE, classify
from cogo_search.matching.match import Options, match_network
from cogo_search.matching.nearest_entry import libraries, nearest
from cogo_search.matching.polish import conditions, polish
from cogo_search.matching.residuals import own_potentials, residuals
from cogo_search.matching.spectrum import Block, balance, blocks, gauge_fixed
from cogo_search.networks.evaluation import evaluate
from cogo_search.networks.network import Network, Setting, from_spectrum, spectrum
from cogo_search.recipes.compose import build
from tests.matching import synthetic

SOLUTIONS = [s for s in Catalog.read().solutions if s.character_order == "generic"]
ENTRIES = libraries(SOLUTIONS)
#: The families with null distributions, by the order that they have members of.
FITTED = {4: ("nu_i*xi", "nu_i*w"), 6: ("nu*syn", "nu_i*syn_ab", "rho_nu", "nu_i*w")}


def block(z, k=1):
    return Block(k, np.arange(z.shape[1]), balance(z), (), z.shape[1])


def assembled(recipe, spec):
    return build(recipe, Group.parse(spec), Setting()).assemble()


def gauged(network, rng):
    """The same function: other node gauges with signs, constants moved between alpha and beta, nodes permuted."""
    q = network.width
    t, s = rng.uniform(0.2, 5, q) * rng.choice([1, -1], q), rng.normal(size=q)
    order = rng.permutation(q)
    w_a, w_b, v = network.W_a * t + s, network.W_b * t - s, network.V / t**2
    return Network(network.group, w_a[:, order], w_b[:, order], v[:, order], network.metadata), order


@pytest.mark.parametrize("spec", ["7", "2x3", "4x4", "23"])
def test_gauges_change_nothing(spec):
    rng = np.random.default_rng(1)
    group = Group.parse(spec)
    made = {k: synthetic.disguise(synthetic.draw("nu_i*xi", rng)[0], rng) for k, _ in group.conjugate_pairs}
    network = synthetic.network(spec, made)
    other, order = gauged(network, rng)
    assert np.allclose(network.outputs(), other.outputs())
    for mine, theirs in zip(blocks(network), blocks(other), strict=True):
        assert set(mine.nodes) == set(order[theirs.nodes])
        place = [list(order[theirs.nodes]).index(j) for j in mine.nodes]
        ours, same = mine.z, theirs.z[:, place]
        sign = np.where((ours[0] * same[0].conj()).real < 0, -1, 1)
        assert np.allclose(ours, same * np.stack([sign, sign, np.ones_like(sign)]))


def test_nodes_are_assigned_by_all_three_and_multi_frequency_nodes_are_flagged():
    group = Group.parse("11")
    z = np.zeros((3, 11, 2), dtype=complex)
    z[:, 1, 0] = [0.2, 1, 1]
    z[0, 3, 0] = 0.9  # |z_a| alone would say k = 3
    z[:, 2, 1] = 1
    z[:, -np.arange(11) % 11] = np.where(z[:, -np.arange(11) % 11] == 0, z.conj(), z[:, -np.arange(11) % 11])
    found = {b.k: b for b in blocks(from_spectrum(group, z))}
    assert list(found[1].nodes) == [0] and found[1].multi == (0,)
    assert list(found[2].nodes) == [1] and found[2].multi == ()
    assert found[3].order == 0 and found[3].paper_order == 1


def test_scale_free_salience_sees_what_the_fixed_threshold_hides():
    """Balanced order-6 nodes have |z_a| = (12 d)^(-1/3) < 0.05 from d = 667 on (docs/theory.md, section 12)."""
    rng = np.random.default_rng(2)
    z = synthetic.disguise(synthetic.parametric("nu*syn", [0.03]), rng, positive_scales=False)
    network = synthetic.network("701", {5: z})
    scale = (1 / (2 * 701)) ** (1 / 3)  # balanced with V rather than with z_c
    network = Network(network.group, network.W_a * scale, network.W_b * scale, network.V / scale**2)
    found = next(b for b in blocks(network) if b.k == 5)
    assert found.order == 6 and found.paper_order == 0


def test_nothing_learned_has_order_zero():
    rng = np.random.default_rng(3)
    weights = rng.uniform(-1, 1, (3, 23, 512)) / np.sqrt([[[23]], [[23]], [[512]]])
    untrained = Network(Group.parse("23"), *weights)
    zero = Network(Group.parse("23"), *np.zeros((3, 23, 64)))
    for network in (untrained, zero):
        record = match_network(network, Options(ENTRIES, TOLERANCE)).record
        assert all(f["order"] == 0 and f["status"] == "other" for f in record["frequencies"])


@pytest.mark.parametrize("solution", [s for s in SOLUTIONS if s.order in (3, 4, 6, 8)][::4], ids=lambda s: s.id)
def test_every_entry_is_its_own_nearest_under_any_disguise(solution):
    rng = np.random.default_rng(4)
    w = solution.weights()
    a, b = (np.exp(2j * np.pi * e / solution.n) for e in (w.a, w.b))
    z = np.stack([a, b, to_complex(w.c, solution.n)])
    for noise in (0.0, 0.01):
        found = nearest(balance(synthetic.disguise(z, rng, noise)), ENTRIES[solution.order])
        assert found.id == solution.id
        assert found.distance < 1e-7 + 1.5 * noise


def test_residuals_are_those_of_theorem_1():
    """Against evaluate, which forms whole slices of C; a recipe whose constants are carried elsewhere."""
    network = assembled("f4/6", "11")
    rng = np.random.default_rng(5)
    noisy = Network(
        network.group, *(part + 0.01 * rng.normal(size=part.shape) for part in (network.W_a, network.W_b, network.V))
    )
    facts = {f["k"]: f["residuals"] for f in evaluate(noisy, "with").frequencies}
    found = blocks(noisy)
    for b, r in zip(found, residuals(noisy, found), strict=True):
        for name, value in r.total.items():
            wanted = facts[b.k]["constant" if name == "aAc+bBc" else name]
            assert np.isclose(value, wanted, atol=1e-9)


def test_carried_constants_are_recognised():
    """Corollary 5: order-4 frequencies leave R_n, which the perturbed c entries of order 6 cancel."""
    network = assembled("f4/6", "11")
    record = match_network(network, Options(ENTRIES, TOLERANCE)).record
    orders = {f["k"]: f["order"] for f in record["frequencies"]}
    six = next(k for k, order in orders.items() if order == 6)
    for f in record["frequencies"]:
        assert f["solved"] and f["status"] == "family" and not f["multi_frequency_nodes"]
        assert f["constants_carried_by"] == ([six] if f["order"] == 4 else [])
        assert f["coupled_with"] == []


def test_own_potentials_are_plain_sums():
    rng = np.random.default_rng(6)
    b = block(rng.normal(size=(3, 5)) + 1j * rng.normal(size=(3, 5)))
    a, bb, c = b.z
    assert np.isclose(
        own_potentials(b)["ABc"], abs(sum(x.conjugate() * y.conjugate() * w for x, y, w in zip(a, bb, c, strict=True)))
    )


def test_polish_returns_to_the_solution_it_was_moved_from():
    rng = np.random.default_rng(7)
    for name in synthetic.FAMILIES:
        z = balance(synthetic.disguise(synthetic.draw(name, rng)[0], rng))
        moved = balance(synthetic.disguise(z, rng, 0.02))
        near = polish(moved, 7)
        assert near is not None
        for potential, value in own_potentials(block(near)).items():
            if potential not in ("aAc", "bBc"):
                assert abs(value - (potential == "abc")) < 1e-9
        assert np.linalg.norm(near - moved) < 0.06 * np.linalg.norm(moved)


def test_conditions_follow_the_order_of_the_character():
    assert conditions(2) == []
    assert ("aac", "AAc") in conditions(4) and ("aac",) in conditions(3)


def test_a_frequency_on_its_way_is_moving():
    rng = np.random.default_rng(8)
    z = synthetic.disguise(synthetic.parametric("nu*syn", [0.03]), rng)
    drift = rng.normal(size=z.shape) + 1j * rng.normal(size=z.shape)
    at = [synthetic.network("7", {1: z + s * np.abs(z).mean() * drift}) for s in (0.2, 0.1)]
    later = match_network(at[1], Options(ENTRIES, TOLERANCE), (-100, at[0])).record
    earlier = match_network(at[0], Options(ENTRIES, TOLERANCE), (100, at[1])).record
    wrong_way = match_network(at[0], Options(ENTRIES, TOLERANCE), (-100, at[1])).record
    assert later["frequencies"][0]["status"] == earlier["frequencies"][0]["status"] == "moving"
    assert wrong_way["frequencies"][0]["status"] != "moving"
    assert later["frequencies"][0]["motion"]["from"] > later["frequencies"][0]["motion"]["to"]


@pytest.mark.slow
def test_null_rates_at_the_tolerance_in_use():
    """Below 0.1 % for every family, the 95 % bound included; a fresh smaller draw agrees."""
    assert {(n.kind, n.order, n.family) for n in nulls.shipped()} == {
        (kind, order, family)
        for kind in ("random-phases", "rc-only")
        for order, families in FITTED.items()
        for family in families
    }
    for row in nulls.rates(TOLERANCE, nulls.shipped()):
        assert row["upper"] < 1e-3
    fresh = {(n.kind, n.order, n.family): n for n in nulls.draw(60, seed=99)}
    for n in nulls.shipped():
        rate = n.rate(nulls.LIMIT)
        assert abs(fresh[n.kind, n.order, n.family].rate(nulls.LIMIT) - rate) < 5 * np.sqrt(rate / 60) + 0.02


def test_rc_only_blocks_satisfy_rc_alone():
    rng = np.random.default_rng(10)
    values = own_potentials(block(nulls.rc_only(6, rng)))
    assert max(values[name] for name in ("Abc", "aBc", "ABc")) < 1e-9 and abs(values["abc"] - 1) < 1e-9
    assert max(values[name] for name in ("aac", "bbc", "AAc", "BBc")) > 1e-3


def test_shuffled_nodes_match_nothing():
    rng = np.random.default_rng(11)
    pool = [block(synthetic.disguise(synthetic.parametric("nu_i*xi", rng.random(1)), rng)) for _ in range(40)]
    drawn = nulls.draw_shuffled(pool, 200)
    assert {n.family for n in drawn} == set(FITTED[4])
    assert all(n.rate(TOLERANCE) == 0 for n in drawn)


def test_status_of_what_fits_nothing():
    rng = np.random.default_rng(12)
    product = synthetic.times(rng.normal(size=(3, 2)) + 1j * rng.normal(size=(3, 2)), synthetic.weighted(6, rng)[:, :3])
    assert classify(block(product), {}).status == "other"
    assert classify(block(rng.normal(size=(3, 6)) + 1j * rng.normal(size=(3, 6))), {}).status == "non-factorable"
    syn = synthetic.nodes([1, 1, 1], [synthetic.W] * 3, [synthetic.W**2] * 3)
    assert classify(block(synthetic.disguise(syn, rng)), ENTRIES).status == "entry"


def test_constants_are_shared_before_anything_is_measured():
    rng = np.random.default_rng(13)
    network = Network(Group.parse("5"), *rng.normal(size=(3, 5, 4)))
    z = gauge_fixed(network)
    assert np.allclose(z[0, 0], z[1, 0]) and np.allclose(z[0, 0] * 2, spectrum(network)[:2, 0].sum(axis=0))


@pytest.mark.parametrize("spec", ["4x4", "2x3", "2x2x2", "12"])
def test_constructed_optimizers_are_solved_at_every_character(spec):
    record = match_network(assembled("f4+real", spec), Options(ENTRIES, TOLERANCE)).record
    for f in record["frequencies"]:
        assert f["solved"] and f["order"] >= 1
        if f["character_order"] not in (2, 4):  # there families exist; at 4k = 0 merged conditions need less
            assert f["status"] == "family"
        elif f["character_order"] == 2:
            assert f["status"] == "other"
