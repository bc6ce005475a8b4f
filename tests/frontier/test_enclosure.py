import copy
import json
import math
from fractions import Fraction
from itertools import pairwise

import flint
import numpy as np
import pytest

from cogo_search.catalog.network_catalogs import networks_catalog
from cogo_search.catalog.network_records import check_record, make_record, numbers, radius, scientific
from cogo_search.errors import InputError
from cogo_search.frontier.enclosure import describe, enclosure_record
from cogo_search.frontier.equations import Equations
from cogo_search.frontier.narrow_search import search
from cogo_search.frontier.newton import solve
from cogo_search.frontier.symmetry import Symmetry
from cogo_search.groups.abelian import Group
from cogo_search.networks.loss import direct
from cogo_search.networks.network import Network, Setting
from cogo_search.networks.network_files import write_network
from cogo_search.recipes.compose import build
from cogo_search.verifier import Refused, Undecided, check_network, verify_catalog
from cogo_search.verifier.networks import check_networks

WITH = Setting("with")


def found(spec, setting, width, starts=12):
    group = Group.parse(spec)
    tally = search(group, setting, width, Symmetry(group), starts)
    return [hit.problem.network(hit.theta) for hit in tally.hits]


def fractions(record):
    unit = Fraction(1, 2 ** record["weights"]["exponent"])
    return [[[x * unit for x in row] for row in record["weights"][name]] for name in ("W_a", "W_b", "V")]


def largest_residual(w, group, one_hot):
    """By plain sums of fractions, over the group's own addition."""
    d, q = group.order, len(w[0][0])
    worst = Fraction(0)
    for x1 in range(d):
        for x2 in range(d):
            right = int(group.add(np.array(x1), np.array(x2)))
            squares = [(w[0][x1][j] + w[1][x2][j]) ** 2 for j in range(q)]
            outputs = [sum(w[2][y][j] * squares[j] for j in range(q)) - (y == right) for y in range(d)]
            base = 0 if one_hot else outputs[0]
            worst = max(worst, *(abs(o - base) for o in outputs))
    return worst


@pytest.mark.slow
@pytest.mark.parametrize(
    "case",
    [
        ("3", WITH, 3),
        ("3", Setting("without"), 6),
        ("5", WITH, 9),
        ("5", Setting("with", "one-hot"), 12),
        ("2x2", WITH, 7),
    ],
    ids=str,
)
def test_solutions_with_independent_equations_are_enclosed(case):
    networks = found(*case)
    records = []
    for network in networks:
        solution = solve(network, case[1])
        if solution.rank == solution.equations.count:
            records.append(enclosure_record("found", solution))
    assert records
    for record in records[:2]:
        assert radius(record) < 1e-20
        assert largest_residual(fractions(record), Group.parse(case[0]), case[1].target == "one-hot") < 1e-20
        assert direct(numbers(record), case[1]).loss < 1e-25


@pytest.mark.slow
def test_more_digits_stay_within_the_radius():
    """The zero that the test encloses moves only its unknowns: Newton in these alone, to 200 digits, ends inside."""
    network = found("3", WITH, 3)[0]
    record = enclosure_record("found", solve(network, WITH))
    group, unknowns = Group.parse("3"), record["certificate"]["unknowns"]
    equations = Equations(group, WITH, 3)
    w = np.array(fractions(record), dtype=object)
    start = w.copy()
    flat = [int(np.ravel_multi_index(u, w.shape)) for u in unknowns]
    inverse = np.linalg.inv(equations.jacobian(w.astype(float))[:, flat])
    exact = np.array([[Fraction(float(x)) for x in row] for row in inverse], dtype=object)
    for _ in range(6):
        step = exact @ equations.residual(w, Fraction(1))
        w.reshape(-1)[flat] -= [x.limit_denominator(10**120) for x in step]
    moved = max(abs(x) for x in (w - start).ravel())
    assert 0 < moved <= Fraction(record["certificate"]["radius"], 2 ** record["weights"]["exponent"])
    assert largest_residual(w.tolist(), group, False) < Fraction(1, 10**90)


def krawczyk_holds(record, radius):
    """Krawczyk's test with ball arithmetic and derivatives along each unknown: nothing in common with the verifier.

    Balls forget that two of them are the same number, so differences are taken before products, where they are exact.
    """
    group, one_hot = Group.parse(record["group"]), record["target"] == "one-hot"
    d, q, exponent = group.order, record["width"], record["weights"]["exponent"]
    unknowns = [tuple(u) for u in record["certificate"]["unknowns"]]
    flint.ctx.prec = 400
    unit = flint.arb(2) ** -exponent
    middle = [[[flint.arb(x) * unit for x in row] for row in record["weights"][name]] for name in ("W_a", "W_b", "V")]
    ball = flint.arb(0, radius * unit)

    def along(t, x, j):
        direction = {(t, x, j): 1}
        if record["trivial"] == "without":
            direction[t, 0, j] = -1
        return direction

    wide = [[list(row) for row in rows] for rows in middle]
    for unknown in unknowns:
        for (t, x, j), sign in along(*unknown).items():
            wide[t][x][j] += sign * ball

    def compared(values):
        return list(values) if one_hot else [value - values[0] for value in values[1:]]

    def outer(w, j):
        return compared([w[2][y][j] for y in range(d)])

    def equations(w):
        result = []
        for x1, x2 in np.ndindex(d, d):
            right = int(group.add(np.array(x1), np.array(x2)))
            total = [flint.arb(-x) for x in compared([int(y == right) for y in range(d)])]
            for j in range(q):
                square = (w[0][x1][j] + w[1][x2][j]) ** 2
                total = [x + v * square for x, v in zip(total, outer(w, j), strict=True)]
            result += total
        return result

    def slopes(w, direction):
        result = []
        nodes = {j for _, _, j in direction}
        for x1, x2 in np.ndindex(d, d):
            total = [flint.arb(0)] * len(outer(w, 0))
            for j in nodes:
                h = w[0][x1][j] + w[1][x2][j]
                dh = direction.get((0, x1, j), 0) + direction.get((1, x2, j), 0)
                dv = compared([direction.get((2, y, j), 0) for y in range(d)])
                terms = zip(total, outer(w, j), dv, strict=True)
                total = [x + s * h**2 + 2 * v * h * dh for x, v, s in terms]
            result += total
        return result

    def jacobian(w):
        columns = [slopes(w, along(*unknown)) for unknown in unknowns]
        return flint.arb_mat([list(row) for row in zip(*columns, strict=True)])

    f = equations(middle)
    y = jacobian(middle).inv().mid()
    rest = flint.arb_mat(len(f), len(f), [int(i == j) for i in range(len(f)) for j in range(len(f))])
    rest -= y * jacobian(wide)
    step = y * flint.arb_mat([[value] for value in f])
    size = radius * unit
    held = True
    for i in range(len(f)):
        k = sum((abs(rest[i, j]).abs_upper() for j in range(len(f))), flint.arb(0))
        held &= bool(k < 1) and bool(abs(step[i, 0]).abs_upper() + k * size <= size)
    return held


@pytest.mark.slow
@pytest.mark.parametrize(
    "case",
    [("3", WITH, 3), ("3", Setting("without"), 6), ("3", Setting("with", "one-hot"), 6), ("2x2", WITH, 7)],
    ids=str,
)
def test_the_verifier_accepts_the_radii_that_ball_arithmetic_accepts(case):
    """A bound too small by a factor, or a wrong sign, would move the largest radius or the least.

    Where the verifier accepts, balls do; where balls accept, the verifier does at that radius times or over the root
    of 2: its inverse need not be the best. The least radius is that by which one weight was moved.
    """
    solutions = [solve(network, case[1]) for network in found(*case)]
    solution = max((s for s in solutions if s.rank == s.equations.count), key=lambda s: s.gap[0])
    record = copy.deepcopy(enclosure_record("x", solution))
    (t, x, j), exponent = record["certificate"]["unknowns"][0], record["weights"]["exponent"]
    record["weights"][("W_a", "W_b", "V")[t]][x][j] -= 2**40
    if record["trivial"] == "without":
        record["weights"][("W_a", "W_b", "V")[t]][0][j] += 2**40

    def both(steps):
        answers = []
        for i in steps:
            radius = math.isqrt(2**i)
            changed = {**record, "certificate": {**record["certificate"], "radius": radius}}
            try:
                check_network(renamed(changed), "network")
                accepted = True
            except Refused as refusal:
                if "do nothing" in str(refusal):
                    continue
                accepted = False
            answers.append((accepted, krawczyk_holds(record, radius)))
        for (verifier, balls), (next_verifier, _) in pairwise([*answers, answers[-1]]):
            assert balls or not verifier
            assert next_verifier or not balls
        assert answers[0] == (False, False) and answers[-1] == (True, True)

    both(range(2 * exponent - 4, 2 * exponent - 48, -1))
    both(range(74, 88))


@pytest.fixture(scope="module")
def enclosed():
    return enclosure_record("found", solve(found("3", WITH, 3)[0], WITH))


def renamed(record):
    """With the id that its weights call for, as an attacker would write it."""
    import hashlib

    identity = {key: record[key] for key in ("group", "trivial", "target", "weights", "certificate")}
    text = json.dumps(identity, sort_keys=True, separators=(",", ":"))
    record["id"] = f"cogo1-net-{record['group']}-q{record['width']}-{hashlib.sha256(text.encode()).hexdigest()[:16]}"
    return record


@pytest.mark.parametrize(
    "change, refusal",
    [
        (lambda r: r["certificate"].update(radius=0), "radius"),
        (lambda r: r["certificate"].update(radius=2 ** (r["weights"]["exponent"] - 1)), "do nothing"),
        (lambda r: r["certificate"].update(radius=2 ** (r["weights"]["exponent"] - 4)), "no zero is proved"),
        (lambda r: r["certificate"]["unknowns"].pop(), "unknowns for"),
        (lambda r: r["certificate"]["unknowns"].__setitem__(0, r["certificate"]["unknowns"][1]), "distinct"),
        (lambda r: r["certificate"]["unknowns"].__setitem__(0, [0, 3, 0]), "distinct"),
        (lambda r: r["certificate"].update(kind="exact"), "kind"),
        (lambda r: r["weights"]["V"][0].__setitem__(0, r["weights"]["V"][0][0] + 2**60), "no zero is proved"),
        (lambda r: r["weights"]["V"].pop(), "shape"),
        (lambda r: r["weights"].update(exponent=r["weights"]["exponent"] + 1), "no zero is proved"),
        (lambda r: r["weights"].update(exponent=-1), "exponent"),
    ],
)
def test_false_enclosures_are_refused(enclosed, change, refusal):
    record = copy.deepcopy(enclosed)
    change(record)
    with pytest.raises(Refused, match=refusal):
        check_network(renamed(record), "network")


def test_a_column_with_the_trivial_character_is_refused():
    record = enclosure_record("found", solve(found("3", Setting("without"), 6)[0], Setting("without")))
    weights = copy.deepcopy(record["weights"])
    weights["W_a"][0][0] += 1
    with pytest.raises(InputError, match="does not sum to 0"):
        make_record("x", Group.parse("3"), Setting("without"), 6, weights, record["certificate"])


@pytest.mark.slow
def test_dependent_equations_and_near_misses_prove_nothing():
    solution = solve(found("4", WITH, 5)[0], WITH)
    assert solution.converged and solution.rank < solution.equations.count == 48
    with pytest.raises(InputError, match="rank 4"):
        enclosure_record("x", solution)
    group = Group.parse("5")
    misses = search(group, WITH, 7, Symmetry(group), 60).misses
    assert misses
    for miss in misses:
        with pytest.raises(InputError, match="method failed from these weights"):
            enclosure_record("x", solve(miss.problem.network(miss.theta), WITH))


@pytest.mark.slow
def test_newton_wins_digits_also_where_equations_are_dependent():
    network = build("f4/6", Group.parse("7"), Setting("without")).assemble()
    solution = solve(network, Setting("without"), bits=400)
    assert solution.converged and solution.residual < 1e-110
    record = describe(solution, 60, None, "dependent")
    assert len(record["decimal"]["V"][0][0].partition(".")[2]) == 60
    assert float.fromhex(record["hexadecimal"]["V"][0][0]) == float(record["decimal"]["V"][0][0])


@pytest.mark.slow
def test_a_minimum_that_is_no_zero_is_no_solution():
    """At dependent equations Newton's steps vanish at minima, too; only the residual tells."""
    group, setting = Group.parse("3"), Setting("with", "one-hot")
    best = [search(group, setting, 3, Symmetry(group), 1, first=i, total=12).best for i in range(12)]
    minima = [b.problem.network(b.theta) for b in best if b is not None and b.outcome == "minimum"]
    assert minima
    for network in minima:
        for bits in (60, 96, 200):
            assert not solve(network, setting, bits).converged


def test_a_node_that_may_be_idle_is_refused(enclosed):
    weights = copy.deepcopy(enclosed["weights"])
    for rows in (weights["W_a"], weights["W_b"], weights["V"]):
        for row in rows:
            row.append(0)
    with pytest.raises(InputError, match="do nothing"):
        make_record("x", Group.parse("3"), WITH, 4, weights, enclosed["certificate"])


def test_enclosures_beyond_the_budget_are_not_decided(enclosed):
    with pytest.raises(Undecided, match="networks\\[0\\]"):
        verify_catalog(networks_catalog([enclosed]), budget=0.005)
    assert verify_catalog(networks_catalog([enclosed])).enclosed == 1
    with pytest.raises(Refused, match="twice"):
        check_networks([enclosed, enclosed], lambda message: None)


def test_radii_beyond_floats_are_printed():
    assert scientific(Fraction(1, 3 * 10**400)) == "3.4e-401"
    assert scientific(Fraction(0)) == "0" and scientific(Fraction(123, 100)) == "1.3e+0"


def test_nodes_that_do_nothing_are_left_out():
    network = found("3", WITH, 3)[0]
    padded = Network(network.group, *(np.pad(w, ((0, 0), (0, 2))) for w in (network.W_a, network.W_b, network.V)))
    assert solve(padded, WITH).equations.width == 3
    with pytest.raises(InputError, match="no node"):
        solve(Network(network.group, *np.zeros((3, 3, 2))), WITH)


def test_large_groups_are_refused():
    with pytest.raises(InputError, match="equations, above"):
        Equations(Group.parse("23"), WITH, 46)


def test_the_command(tmp_path, capsys):
    from cogo_search.cli import main

    good, bad, catalog = tmp_path / "good.safetensors", tmp_path / "bad.npz", tmp_path / "c.json"
    write_network(found("3", WITH, 3)[0], good)
    write_network(found("4", WITH, 5)[0], bad)
    assert main(["frontier", "certify", str(good), "--out", str(catalog), "--json", "--digits", "40"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["proved"] and facts["equations"] == facts["rank"] == 18 and facts["written"] == str(catalog)
    assert main(["verify", str(catalog)]) == 0
    assert "1 of them up to 1/" in capsys.readouterr().out
    assert main(["list", "--catalog", str(catalog)]) == 0
    assert main(["show", facts["id"], "--catalog", str(catalog)]) == 0
    assert "Krawczyk" in capsys.readouterr().out
    built = tmp_path / "built.safetensors"
    recipe = f"entry:{facts['id']}"
    arguments = [
        "--group",
        "3",
        "--trivial",
        "with",
        "--recipe",
        recipe,
        "--catalog",
        str(catalog),
        "--out",
        str(built),
    ]
    assert main(["construct", *arguments]) == 0
    capsys.readouterr()
    assert main(["frontier", "certify", str(bad), "--out", str(tmp_path / "none.json")]) == 1
    assert "not proved" in capsys.readouterr().out and not (tmp_path / "none.json").exists()
    assert main(["frontier", "certify", str(good), "--digits", "400"]) == 0
    assert "within 0" not in capsys.readouterr().out
    foreign = (["certify"], ["certify", str(good), "--width", "3"], ["table", str(good)], ["search", str(good)])
    for arguments in (*foreign, ["certify", str(good), "--starts", "5"]):
        with pytest.raises(SystemExit) as refused:
            main(["frontier", *arguments])
        assert refused.value.code == 2 and capsys.readouterr().err.count("\n") == 1


def test_an_enclosure_with_another_radius_has_another_id(enclosed):
    wider = copy.deepcopy(enclosed)
    wider["certificate"]["radius"] *= 2
    with pytest.raises(Refused, match="id"):
        check_record(wider)
    assert renamed(wider)["id"] != enclosed["id"]
    check_record(wider)
