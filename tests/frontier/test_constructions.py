"""Families of narrow optimizers: exact zero loss, by other code, and the widths of their closed forms."""

from pathlib import Path

import numpy as np
import pytest

from cogo_search.catalog.catalog_files import read_catalog
from cogo_search.catalog.network_records import network_record
from cogo_search.errors import InputError
from cogo_search.frontier.completion import complete
from cogo_search.frontier.constructions import _phases, family_network, family_width
from cogo_search.groups.abelian import Group, abelian_groups
from cogo_search.networks.cyclotomic_network import is_optimal, numeric
from cogo_search.networks.loss import direct
from cogo_search.networks.network import Setting
from cogo_search.networks.width_bounds import lower_bound
from cogo_search.recipes.compose import build

CATALOG = Path(__file__).resolve().parents[2] / "catalog" / "frontier.json"
SETTINGS = [Setting("without"), Setting("with"), Setting("with", "one-hot")]
SMALL = [group for order in range(2, 10) for group in abelian_groups(order)]


def cases(groups):
    return [
        pytest.param(name, group, setting, id=f"{name}-{group.name}-{setting.trivial}-{setting.target}")
        for group in groups
        for setting in SETTINGS
        for name in ("doubling", "cycle")
        if family_width(name, group, setting) is not None
    ]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "group", "setting"), cases([*SMALL, Group.parse("10"), Group.parse("3x4"), Group.parse("15")])
)
def test_families_have_zero_loss_at_the_width_they_claim(name, group, setting):
    """In integers, and directly over all inputs in float64; the bound is below."""
    network = family_network(name, group, setting)
    assert is_optimal(network, setting)
    assert network.width == family_width(name, group, setting) >= lower_bound(group, setting).width
    floats = numeric(network)
    found = direct(floats, setting)
    assert found.loss < 1e-20 and found.accuracy == 1
    if setting.trivial == "without":
        assert np.abs(floats.W_a.sum(axis=0)).max() < 1e-12 and np.abs(floats.W_b.sum(axis=0)).max() < 1e-12


def test_widths_of_cyclic_groups():
    """(7d - 8)/4 or (7d - 6)/4 for even d, 2d - 2 - [3 | d] for odd d; one-hot 2d - 1 - [3 | d] - [5 | d]."""
    for d in range(2, 40):
        group = Group((d,))
        for setting in SETTINGS:
            doubling, cycle = (family_width(name, group, setting) for name in ("doubling", "cycle"))
            if d % 2 == 0:
                assert (doubling, cycle) == ((7 * d - (8 if d % 4 == 0 else 6)) // 4, None)
            elif setting.target == "one-hot":
                assert (doubling, cycle) == (2 * d - 1 - (d % 3 == 0) - (d % 5 == 0), None)
            else:
                assert (doubling, cycle) == (None, 2 * d - 2 - (d % 3 == 0) if setting.trivial == "with" else None)


def test_where_bound_and_family_meet():
    """Z_3^n with the trivial character, Z_2^a x Z_4^b in every setting."""
    for spec in ("3", "3x3"):
        for setting in SETTINGS[1:]:
            name = "cycle" if setting.target == "zero-mean" else "doubling"
            assert family_width(name, Group.parse(spec), setting) == lower_bound(Group.parse(spec), setting).width
    for spec in ("2", "4", "2x2", "2x4", "2x2x2", "4x4", "2x2x4"):
        for setting in SETTINGS:
            assert family_width("doubling", Group.parse(spec), setting) == lower_bound(Group.parse(spec), setting).width


def test_bounds_are_below_what_is_known():
    """Widths found numerically independently of this code, and the paper's."""
    known = {(3, 0): 6, (3, 1): 3, (3, 2): 4, (4, 0): 5, (4, 1): 5, (5, 0): 8, (5, 1): 8, (5, 2): 8}
    for (d, setting), width in known.items():
        assert lower_bound(Group((d,)), SETTINGS[setting]).width <= width
    assert lower_bound(Group((3,)), SETTINGS[0]).width == build("f6", Group((3,)), SETTINGS[0]).order


def test_completion_finds_the_outputs_of_known_networks():
    """The hidden nodes of f4/6 alone give its loss back; without one of them there is none."""
    network = build("f4/6", Group.parse("5"), Setting()).network
    hidden = [(node.a, node.b) for node in network.nodes]
    found = complete(network.group, network.n, hidden, Setting())
    assert found is not None and found.width <= network.width
    narrow = family_network("cycle", Group.parse("3"), Setting("with"))
    assert complete(narrow.group, narrow.n, [(node.a, node.b) for node in narrow.nodes[:2]], Setting("with")) is None


def test_families_that_are_not_there_are_refused():
    with pytest.raises(InputError, match="cycle"):
        family_network("cycle", Group.parse("4"), Setting("with"))
    with pytest.raises(InputError, match="doubling"):
        family_network("doubling", Group.parse("11"), Setting("with"))


@pytest.mark.parametrize("negated", [False, True])
def test_phases_close_round_cycles_of_every_length(negated):
    """In integers, eighths of a turn: every node's rest is F at the next character, and its constant cancels.

    F_{t+w}^2 - F_t^2 leaves -sin w F^(2k) at phase 2t + w - 2; F + c at 2k, sign c > 0, cancels with sin w of sign
    -sign c, if its phase is that; with the opposite one if it is half a turn off.
    """
    for length in range(1, 201):
        phases, turns, signs = _phases(length, negated)
        assert len(phases) == len(turns) == len(signs) == length
        for i, (phase, turn) in enumerate(zip(phases, turns, strict=True)):
            assert turn % 2 == 1  # sin w = +-1/sqrt 2
            rest, following = 2 * phase + turn - 2, (i + 1) % length
            if negated and following == 0:
                rest = -rest  # F of -k at a phase is F of k at minus the phase
            difference = (rest - phases[following]) % 8
            assert difference in (0, 4)
            sine = 1 if turn % 8 in (1, 3) else -1
            assert signs[following] == -sine * (1 if difference == 0 else -1)


@pytest.mark.slow
@pytest.mark.parametrize("d", [37, 41, 53, 61])
def test_large_moduli_wait_for_nothing(d):
    """Cycles of doubling of length 18, 10, 26 and 30: coefficients over zeta_24, the loss zero in integers."""
    for name, setting, width in (
        ("cycle", Setting("with"), 2 * d - 2),
        ("doubling", Setting("with", "one-hot"), 2 * d - 1),
    ):
        network = family_network(name, Group((d,)), setting)
        assert network.width == width and network.n in (12, 24)
        assert network_record(name, network, setting)["width"] == width  # the catalog's verifier accepts it


@pytest.mark.slow
def test_the_shipped_networks_of_families_are_made_again():
    """Ids are hashes of the weights: the same nodes, in the same order, over the same n."""
    shipped = read_catalog(CATALOG)["networks"]
    for record in (r for r in shipped if r["name"] in ("cycle", "doubling")):
        setting = Setting(record["trivial"], record["target"])
        network = family_network(record["name"], Group.parse(record["group"]), setting)
        assert network_record(record["name"], network, setting) == record
