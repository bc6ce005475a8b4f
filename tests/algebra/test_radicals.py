"""Networks in real radicals: the tower's arithmetic, the record on Z_5, and what the verifier refuses."""

import copy
import json
import math
from fractions import Fraction
from hashlib import sha256

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cogo_search.algebra.radicals import Tower, plus, width_eight
from cogo_search.catalog.catalog_files import digest
from cogo_search.catalog.network_catalogs import networks_catalog
from cogo_search.catalog.network_records import check_record, numbers, radical_record
from cogo_search.cli import main
from cogo_search.errors import InputError
from cogo_search.frontier.narrow_search import search
from cogo_search.frontier.symmetry import Symmetry
from cogo_search.groups.abelian import Group
from cogo_search.networks.loss import by_theorem_1, direct
from cogo_search.networks.network import Setting
from cogo_search.verifier import Refused

TOWER = Tower(((2,), (3, 1)))  # sqrt 2, sqrt(3 + sqrt 2)
element = st.tuples(*[st.fractions(max_denominator=9, min_value=-9, max_value=9)] * 4)


@pytest.mark.slow
@given(element, element, element)
@settings(max_examples=50, deadline=None)
def test_the_tower_is_a_ring_of_real_numbers(x, y, z):
    assert TOWER.times(x, plus(y, z)) == plus(TOWER.times(x, y), TOWER.times(x, z))
    assert TOWER.times(TOWER.times(x, y), z) == TOWER.times(x, TOWER.times(y, z))
    values = [TOWER.number(v) for v in (x, y)]
    assert math.isclose(TOWER.number(TOWER.times(x, y)), math.prod(values), rel_tol=1e-9, abs_tol=1e-9)


@pytest.fixture(scope="module")
def record():
    return radical_record("test", Group((5,)), Setting(), *width_eight())


@pytest.mark.slow
def test_width_eight_on_five_elements(record):
    """In integers by the verifier, in float64 by both formulas for the loss."""
    assert (record["width"], record["trivial"], record["target"]) == (8, "without", "zero-mean")
    check_record(record)
    network = numbers(record)
    assert direct(network, Setting()).loss < 1e-28 and by_theorem_1(network, Setting()) < 1e-28
    assert np.abs(network.W_a.sum(axis=0)).max() < 1e-12


def identified(record):
    """With the id that its content asks for."""
    identity = {key: record[key] for key in ("group", "trivial", "target", "weights")}
    key = sha256(json.dumps(identity, sort_keys=True, separators=(",", ":")).encode()).hexdigest()[:16]
    record["id"] = f"cogo1-net-{record['group']}-q{record['width']}-{key}"
    return record


@pytest.mark.slow
def test_it_solves_the_weaker_setting_and_no_stronger_one(record):
    check_record(identified(copy.deepcopy(record) | {"trivial": "with"}))
    with pytest.raises(Refused, match="not zero"):
        check_record(identified(copy.deepcopy(record) | {"trivial": "with", "target": "one-hot"}))


@pytest.mark.slow
def test_every_altered_coordinate_is_refused(record):
    rng = np.random.default_rng(0)
    for name in ("W_a", "W_b", "V"):
        for _ in range(12):
            changed = copy.deepcopy(record)
            x, j, e = rng.integers(5), rng.integers(8), rng.integers(32)
            changed["weights"][name][x][j][e] += 1
            with pytest.raises(Refused):
                check_record(identified(changed))


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda w: w["radicands"].__setitem__(0, [6]), "not zero"),
        (lambda w: w["radicands"].__setitem__(0, [-5]), "not positive"),
        (lambda w: w["radicands"].__setitem__(1, [0, 0]), "not positive"),
        (lambda w: w["radicands"].__setitem__(3, [70, -40, 0, 0, 0, 0, 0, 0]), "not positive"),
        (lambda w: w["radicands"].pop(), "shape"),
        (lambda w: w["radicands"].__setitem__(1, [41]), "coordinates"),
        (lambda w: w.__setitem__("scale", w["scale"] + 1), "scale|not zero"),
        (lambda w: w.__setitem__("scale", 0), "scale"),
        (lambda w: [row.pop() for row in w["V"]], "shape"),
        (
            lambda w: [e.__setitem__(0, e[0] + 31 * w["scale"]) for row in w["V"] for e in row[:1]],
            "V does not sum to 0",
        ),
        (lambda w: [row.__setitem__(0, [0] * 32) for row in w["V"]], "does nothing"),
        (lambda w: [row.__setitem__(0, [2 * c for c in row[0]]) for n in ("W_a", "W_b") for row in w[n]], "common"),
    ],
)
def test_other_changes_are_refused(record, change, named):
    changed = copy.deepcopy(record)
    change(changed["weights"])
    with pytest.raises(Refused, match=named):
        check_record(identified(changed))


@pytest.mark.parametrize("power", [1, 40, 1000])
def test_huge_units_cancel_in_the_numbers(power):
    """Z_2 over Q(sqrt 2): hidden values times (sqrt 2 - 1)^n, V times (sqrt 2 + 1)^2n."""
    tower = Tower(((2,),))
    small = tower.times(*[(Fraction(-1), Fraction(1))] * power)
    large = tower.times(*[(Fraction(1), Fraction(1))] * (2 * power))
    one, minus = tower.rational(1), tower.rational(-1)
    nodes = [
        (
            [tower.times(small, x) for x in (one, minus)],
            [tower.times(small, sign, x) for x in (one, minus)],
            [tower.times(large, Fraction(1, 8), sign, x) for x in (one, minus)],
        )
        for sign in (one, minus)
    ]
    network = numbers(radical_record("units", Group((2,)), Setting(), tower, nodes))
    assert direct(network, Setting()).loss < 1e-28


def test_radicands_whose_coordinates_cancel_are_real():
    """r^2 = 818787777922408578215 sqrt 2 - 1157940780243200060978, about 1e-21: no digits are lost."""
    tower = Tower(((2,), (-1157940780243200060978, 818787777922408578215)))
    exact = 818787777922408578215**2 * 2 - 1157940780243200060978**2
    square = exact / (818787777922408578215 * math.sqrt(2) + 1157940780243200060978)
    assert math.isclose(tower.number(tower.root(1)), math.sqrt(square), rel_tol=1e-9)


@pytest.mark.slow
def test_a_near_miss_of_the_search_is_refused(tmp_path):
    """d = 5, width 7 with the trivial character: every float is a fraction, so its loss is known exactly, and not 0."""
    symmetry, setting = Symmetry(Group((5,)), "none"), Setting("with")
    tally = search(symmetry.group, setting, 7, symmetry, 48, 0)
    miss = min(tally.misses, key=lambda attempt: attempt.cost)
    network = miss.problem.network(miss.theta)
    assert direct(network, setting).loss < 1e-5
    rational = Tower(())
    nodes = [
        tuple([(Fraction(float(x)),) for x in part[:, j]] for part in (network.W_a, network.W_b, network.V))
        for j in range(7)
    ]
    with pytest.raises(InputError, match="loss is not zero"):
        radical_record("near miss", network.group, setting, rational, nodes)
    near = record_of(network.group, setting, nodes)
    catalog = networks_catalog([]) | {"networks": [near]}
    catalog["digest"] = digest({key: value for key, value in catalog.items() if key != "digest"})
    path = tmp_path / "near.json"
    path.write_text(json.dumps(catalog))
    assert main(["verify", str(path)]) == 1


def record_of(group, setting, nodes):
    """The record without the check that its maker does."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("cogo_search.catalog.network_records.check_record", lambda record: ())
        return radical_record("near miss", group, setting, Tower(()), nodes)


def test_a_near_miss_is_no_record():
    """A network whose loss is small but not zero: one node moved by 1e-30."""
    tower, nodes = width_eight()
    alpha, beta, v = nodes[0]
    shift = tower.rational(Fraction(1, 10**30))
    moved = [plus(alpha[0], shift), plus(alpha[1], tower.times(-1, shift)), *alpha[2:]]
    with pytest.raises(InputError, match="not zero"):
        radical_record("test", Group((5,)), Setting(), tower, [(moved, beta, v), *nodes[1:]])
