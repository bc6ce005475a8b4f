from __future__ import annotations

import json
import re
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogo_search.errors import InputError
from cogo_search.groups.abelian import Group, abelian_groups
from cogo_search.groups.actions import Action, identify, read_action

from ..quotient_actions import quotient_actions
from ..strategies import quick

S3 = [list(p) for p in permutations(range(3))]
S3_MULTIPLICATION = [[S3.index([p[q[x]] for x in range(3)]) for q in S3] for p in S3]
SIGNS = [[0, 1] if sum(p[i] > p[j] for i in range(3) for j in range(i, 3)) % 2 == 0 else [1, 0] for p in S3]
Z6_ON_3 = [[(g + x) % 3 for x in range(3)] for g in range(6)]
Z6_ON_3_AND_2 = [[(g + x) % 3 for x in range(3)] + [3 + (g + x) % 2 for x in range(2)] for g in range(6)]


def numbers(message: str, *names: str) -> list[int]:
    """The values named in a message as g=..., h=..."""
    return [int(re.search(rf"\b{name}=(\d+)", message)[1]) for name in names]


# ---------------------------------------------------------------- transitive components


def test_z6_on_three_states_is_not_faithful_and_acts_as_z3():
    action = Action.from_table(Z6_ON_3, group="6")
    (component,) = action.components
    assert component.group == Group((3,)) and component.states.tolist() == [0, 1, 2]
    assert component.stabiliser.tolist() == action.stabiliser(0).tolist() == [0, 3]
    assert component.iota.tolist() == [0, 1, 2, 0, 1, 2]
    assert component.lifting.tolist() == 2 * np.eye(3, dtype=int).tolist()


def test_z6_with_two_orbits_needs_no_multiplication_table():
    action = Action.from_table(Z6_ON_3_AND_2)
    assert [c.group.name for c in action.components] == ["3", "2"]
    assert [orbit.tolist() for orbit in action.orbits] == [[0, 1, 2], [3, 4]]
    assert action.labels.tolist() == [0, 0, 0, 1, 1]
    assert (action.multiplication == Group((6,)).add(np.arange(6)[:, None], np.arange(6))).all()
    assert action.inverse.tolist() == [0, 5, 4, 3, 2, 1]


def test_z4xz2_on_a_quotient():
    g = Group((4, 2))
    table = [[(a + 2 * b + x) % 4 for x in range(4)] for a, b in g.digits.tolist()]  # G/<(2, 1)> = Z_4
    (component,) = Action.from_table(table, group="4x2").components
    assert component.group == Group((4,)) and component.stabiliser.tolist() == [0, 5]


def test_a_group_on_itself_and_a_fixed_state():
    action = Action.from_table([[(g + x) % 5 for x in range(5)] + [5] for g in range(5)])
    whole, fixed = action.components
    assert whole.group == Group((5,)) and whole.stabiliser.tolist() == [0]
    assert fixed.group is None and fixed.order == 1 and len(fixed.stabiliser) == 5 and fixed.iota.tolist() == 5 * [5]


def test_a_group_that_is_not_abelian_may_act_through_an_abelian_quotient():
    (component,) = Action.from_table(SIGNS, multiplication=S3_MULTIPLICATION).components
    assert component.group == Group((2,)) and component.stabiliser.tolist() == [0, 3, 4]


@given(quotient_actions(), st.booleans())
@quick
def test_the_induced_group_is_that_of_theorem_8(case, derive):
    given_table = None if derive and case.faithful else case.multiplication
    action = Action.from_table(case.table, given_table)
    assert action.multiplication.tolist() == case.multiplication  # derived where it was not given
    for c in action.components:
        assert c.order == case.sizes[c.states[0]] == np.bincount(c.coset).size
        assert (np.bincount(c.coset) == action.order // c.order).all()  # Lemma 7, Lemma 11
        product = c.group.add(np.arange(c.order)[:, None], np.arange(c.order)) if c.group else np.zeros((1, 1), int)
        for g in range(action.order):
            assert (action.table[g, c.states] == c.states[product[c.coset[g]]]).all()  # Lemma 9
            for h in range(action.order):  # iota_0 is a homomorphism onto the orbit
                assert c.coset[action.multiplication[g, h]] == product[c.coset[g], c.coset[h]]
        assert (action.table[c.stabiliser, c.states[0]] == c.states[0]).all()


@pytest.mark.parametrize("d", [*range(2, 37), 64])
def test_identify_finds_every_abelian_group_under_any_numbering(d):
    rng = np.random.default_rng(d)
    for group in abelian_groups(d):
        new = rng.permutation(d)  # new[x] = number of the element x
        product = np.empty((d, d), dtype=np.int64)
        product[np.ix_(new, new)] = new[group.add(np.arange(d)[:, None], np.arange(d))]
        found, elements = identify(product)
        assert found == group and sorted(elements.tolist()) == list(range(d))


def test_identify_refuses_what_is_not_abelian():
    with pytest.raises(InputError, match="no Abelian group"):
        identify(np.array(S3_MULTIPLICATION))


# ---------------------------------------------------------------- refusals


def test_s3_on_three_points_is_refused_with_a_witness():
    action = Action.from_table(S3)
    with pytest.raises(InputError, match="stabiliser of state 0 is not normal") as refusal:
        _ = action.components
    g, h = numbers(str(refusal.value), "g", "h")
    assert (g, h) == action.normality_witness(0) and S3[h][0] == 0
    assert S3[g][S3[h][S3[g].index(0)]] != 0
    assert [orbit.tolist() for orbit in action.orbits] == [[0, 1, 2]]  # what needs no group still works


def test_s3_on_itself_is_refused_as_not_abelian_with_a_witness():
    with pytest.raises(InputError, match="not Abelian") as refusal:
        _ = Action.from_table(S3_MULTIPLICATION).components
    x, y = map(int, re.search(r"states (\d+) and (\d+)", str(refusal.value)).groups())
    products = list(map(int, re.search(r"products (\d+) and (\d+)", str(refusal.value)).groups()))
    assert [S3_MULTIPLICATION[x][y], S3_MULTIPLICATION[y][x]] == products and products[0] != products[1]


def test_an_incompatible_action_is_refused_with_a_witness():
    table = [[(g + x) % 4 for x in range(4)] for g in range(4)]
    with pytest.raises(InputError, match="not compatible") as refusal:
        Action.from_table(table, group="2x2")
    g, h, x = numbers(str(refusal.value), "g", "h", "x")
    assert table[g][table[h][x]] != table[g ^ h][x]


def test_rows_that_are_not_closed_are_refused_with_a_witness():
    with pytest.raises(InputError, match="not closed under composition") as refusal:
        Action.from_table(S3[:5])
    g, h = numbers(str(refusal.value), "g", "h")
    assert [S3[g][x] for x in S3[h]] == S3[5]


@pytest.mark.parametrize(
    ("table", "options", "message"),
    [
        ([], {}, "action is empty"),
        ([[], []], {}, "action is empty"),
        ("01", {}, "action is no table"),
        ([0, 1], {}, "action is no table"),
        ([[0, 1], [1]], {}, "ragged: row 1 has 1 entries, row 0 has 2"),
        ([[0, 1], [1, 0.0]], {}, r"action\[1\]\[1\] = 0.0 is not an integer"),
        ([[0, 1], [True, 0]], {}, r"action\[1\]\[0\] = True is not an integer"),
        ([[0, 1], [1, "0"]], {}, r"action\[1\]\[1\] = '0' is not an integer"),
        ([[0, 1], [1, 2]], {}, r"action\[1\]\[1\] = 2 is outside 0..1"),
        ([[0, 1], [-1, 0]], {}, r"action\[1\]\[0\] = -1 is outside 0..1"),
        ([[0, 1, 2], [1, 2, 1]], {}, r"row 1 = \[1, 2, 1\] is no permutation of the states: 0 is missing"),
        ([[1, 2, 0], [2, 0, 1]], {}, "no identity"),
        (Z6_ON_3, {}, "rows 0 and 3 coincide.*give its multiplication table, or group"),
        (Z6_ON_3, {"group": "7"}, "group has 7 elements, the action has 6 rows"),
        (Z6_ON_3, {"group": "six"}, "group='six'"),
        (Z6_ON_3, {"group": "6", "multiplication": [[0]]}, "both name the acting group"),
        (Z6_ON_3, {"multiplication": [[0, 1], [1, 0]]}, "multiplication has 2 elements, the action has 6 rows"),
        ([[0, 1], [0, 1]], {"multiplication": [[0, 1, 1], [1, 0, 1]]}, "is outside 0..2|give one for each of the 2"),
        ([[0, 1], [0, 1]], {"multiplication": [[0, 1], [0, 1]]}, "transposed multiplication row 0"),
        ([[0, 1], [0, 1]], {"multiplication": [[0, 1], [1, 1]]}, "multiplication row 1 .* no permutation"),
        (3 * [[0]], {"multiplication": [[0, 2, 1], [2, 1, 0], [1, 0, 2]]}, "not associative"),
        ([list(range(1025))], {}, "most supported is 1024"),
    ],
)
def test_bad_tables_are_refused_in_one_line(table, options, message):
    with pytest.raises(InputError, match=message) as refusal:
        Action.from_table(table, **options)
    assert "\n" not in str(refusal.value)


# ---------------------------------------------------------------- files


@pytest.mark.parametrize(
    "extra", [{"group": "6"}, {"multiplication": [[(g + h) % 6 for h in range(6)] for g in range(6)]}]
)
def test_an_action_is_read_from_json(tmp_path, extra):
    path = tmp_path / "action.json"
    path.write_text(json.dumps({"action": Z6_ON_3} | extra))
    assert read_action(path).table.tolist() == Z6_ON_3


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[0]]", "must be"),
        ('{"rows": [[0]]}', "must be"),
        ('{"action": [[0]], "spec": 1}', "must be"),
        ('{"action": [[0]], "group": 2}', "group=2 is no spec"),
        ('{"action": [[0, 1], [1]]}', "ragged"),
        ('{"action": null}', "no table"),
        ("{", "is not JSON"),
        (100_000 * "[", "is not JSON"),
        ("\xff", "is not JSON"),
    ],
)
def test_bad_files_are_refused_by_name(tmp_path, text, message):
    path = tmp_path / "action.json"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(InputError, match=rf"action file .*action\.json.*{message}"):
        read_action(path)
    with pytest.raises(InputError, match="cannot be read"):
        read_action(tmp_path / "absent.json")
