"""Networks that are no exact optimizers of squares: their status, their phases, and squares in disguise."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import cogo_search as cogo
from cogo_search.matching.match import Options, match_network
from cogo_search.matching.network_status import EXACT, SCALED, SOLVED, UNSOLVED
from cogo_search.matching.phases import phase_law, spread
from cogo_search.networks.activations import ACTIVATIONS
from cogo_search.networks.even_part import as_quadratic
from cogo_search.networks.network import from_spectrum

OPTIONS = Options({}, 0.05)


@pytest.fixture(scope="module")
def exact():
    return cogo.construct(11, recipe="f4/6")


def plain(network, **changes):
    """The network itself, whatever it was constructed from."""
    fields = {name: getattr(network, name) for name in ("group", "W_a", "W_b", "V")}
    return cogo.Network(**{**fields, **changes})


def test_an_optimizer_is_one(exact):
    found = match_network(exact, OPTIONS)
    assert found.status == EXACT
    for row in found.record["frequencies"]:
        assert complex(*row["strength"]) == pytest.approx(1)
        assert max(row["leaks"].values()) < 1e-9


def test_scales_by_frequency_leave_the_structure(exact):
    """z_c multiplied by 2, 3, ... at the frequencies: every C_kkk is that factor, nothing else appears."""
    z = exact.spectrum.copy()
    factors = {k: 2.0 + i for i, (k, _) in enumerate(exact.group.conjugate_pairs)}
    for k, other in exact.group.conjugate_pairs:
        z[2, [k, other]] *= factors[k]
    scaled = from_spectrum(exact.group, z)
    found, before = match_network(scaled, OPTIONS), match_network(exact, OPTIONS)
    assert found.status == SCALED
    assert [f.family for f in found] == [f.family for f in before]
    for row in found.record["frequencies"]:
        assert abs(complex(*row["strength"])) == pytest.approx(factors[row["k"]])
    assert "at 5 of 5 that are used" in found.record["facts"][0]


def test_a_missing_node_leaves_the_structure_open_and_noise_the_task_unsolved(exact):
    less = plain(exact, V=exact.V * (np.arange(exact.width) != 0))
    assert match_network(less, OPTIONS).status == SOLVED
    random = np.random.default_rng(0)
    noise = plain(exact, V=random.normal(size=exact.V.shape))
    assert match_network(noise, OPTIONS).status == UNSOLVED


@pytest.mark.parametrize("activation", ["gelu", "silu"])
def test_small_weights_are_squares_in_disguise(exact, activation):
    """Near 0 the even parts are quadratic: u^2 / sqrt(2 pi) of GELU, u^2 / 4 of SiLU."""
    small, c2 = 1e-2, {"gelu": 1 / np.sqrt(2 * np.pi), "silu": 0.25}[activation]
    network = plain(
        exact, W_a=small * exact.W_a, W_b=small * exact.W_b, V=exact.V / (c2 * small**2), activation=activation
    )
    quadratic, misfit = as_quadratic(network, 0.05)
    assert misfit < 1e-3
    np.testing.assert_allclose(quadratic.V * small**2, exact.V, atol=1e-3 * np.abs(exact.V).max())
    found, before = match_network(network, OPTIONS), match_network(exact, OPTIONS)
    assert [(f.order, f.family) for f in found] == [(f.order, f.family) for f in before]
    assert found.activation == activation and "matched as x^2" in found.record["facts"][0]


@pytest.mark.parametrize("activation", ["relu", "abs", "relu2", "cube"])
def test_others_are_described_and_nothing_is_named(exact, activation):
    network = plain(exact, activation=activation)
    assert as_quadratic(network, 0.05) is None
    found = match_network(network, OPTIONS)
    assert {f.status for f in found} == {"described"}
    assert {f.family for f in found} == {None}
    assert found.record["activation"] == activation
    assert all(row["phase_law"] < 1e-9 for row in found.record["frequencies"])  # abc > 0 at every node of this network
    turned = plain(exact, V=np.roll(exact.V, 1, axis=0), activation=activation)  # answers x1 + x2 + 1: c turns by k/11
    for row in match_network(turned, OPTIONS).record["frequencies"]:
        assert row["phase_law"] == pytest.approx(min(row["k"], 11 - row["k"]) / 11)
    shares = [row["share"] for row in found.record["frequencies"]]
    assert 0 <= sum(shares) <= 1 + 1e-9


def test_the_odd_part_is_the_slope_that_is_said():
    u = np.linspace(-5, 5, 101)
    for activation in ACTIVATIONS.values():
        odd = (activation(u) - activation(-u)) / 2
        slope = (odd @ u) / (u @ u)
        linear = np.allclose(odd, slope * u, atol=1e-12)
        assert (activation.slope is not None) == linear
        if linear:
            assert slope == pytest.approx(activation.slope, abs=1e-12)


@given(st.integers(1, 12), st.floats(0, 1), st.integers(0, 2**31))
def test_roots_of_unity_are_found_up_to_a_common_turn(n, turn, seed):
    random = np.random.default_rng(seed)
    theta = 2 * np.pi * (random.permutation(np.arange(40) % n) / n + turn)
    found = spread(theta)
    assert found["kind"] == "roots" and found["n"] == n
    assert found["resultant"] == pytest.approx(1)


def test_uniform_phases_are_called_so_and_few_are_not_judged():
    random = np.random.default_rng(1)
    kinds = [spread(random.uniform(0, 2 * np.pi, 30))["kind"] for _ in range(300)]
    assert kinds.count("uniform") >= 290 and "roots" not in kinds
    assert spread(np.zeros(2))["kind"] == "few"
    assert spread(random.normal(0, 0.9, 200))["kind"] == "uneven"


def test_phase_law():
    random = np.random.default_rng(2)
    a, b = np.exp(2j * np.pi * random.random((2, 5000)))
    assert phase_law(np.stack([a, b, np.conj(a * b)])) == pytest.approx(0, abs=1e-9)
    c = np.exp(2j * np.pi * random.random(5000))
    assert phase_law(np.stack([a, b, c])) == pytest.approx(1 / np.sqrt(12), abs=0.01)
    assert phase_law(np.zeros((3, 4))) is None


@pytest.mark.slow
def test_kinds_are_set_side_by_side(exact):
    networks = [exact, replace(plain(exact), activation="relu")]
    comparison = cogo.compare(networks, catalog="catalog/roots-3-4.json")
    assert [(kind["activation"], kind["networks"]) for kind in comparison.kinds] == [("relu", 1), ("square", 1)]
    assert comparison.kinds[1]["statuses"] == {EXACT: 1}
    assert comparison.table[0]["networks"] == 1
