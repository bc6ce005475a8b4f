"""The table of minimal orders: known numbers, closed forms, and the shipped file against the script."""

import importlib.util
import json
from dataclasses import replace
from pathlib import Path

import pytest

from cogo_search.algebra.cyclotomic import divisors
from cogo_search.algebra.potentials import COVERS
from cogo_search.searching.aligned import AlignedProblem
from cogo_search.searching.bounds import pencil_bound
from cogo_search.searching.exhaustive import solutions_with
from cogo_search.searching.free import least_aligned
from cogo_search.searching.outcome import Outcome

ROOT = Path(__file__).resolve().parents[2]
#: Found independently of this code.
KNOWN = {
    "all": {3: 9, 4: 8, 6: 6, 12: 6, 5: 25, 7: 7, 9: 9, 10: 10, 15: 9},
    "Rc+R*": {3: 9, 4: 4, 6: 6, 12: 4, 10: 10},
    "Rc+Rn": {3: 3, 4: 4, 6: 3, 12: 3},
}


def _script():
    spec = importlib.util.spec_from_file_location("minimal_orders", ROOT / "scripts" / "minimal_orders.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


script = _script()
SHIPPED = json.loads((ROOT / "docs" / "minimal-orders.json").read_text())["rows"]
ORDER = {(row["nodes"], row["cover"], row["n"]): row["order"] for row in SHIPPED}


def test_rows_of_the_script_have_known_numbers():
    rows, best = script.aligned_rows([3, 4, 5, 6, 7, 9, 10, 12, 15])
    found = {(row["cover"], row["n"]): row for row in rows}
    for cover, orders in KNOWN.items():
        for n, order in orders.items():
            assert (found[cover, n]["order"], found[cover, n]["lower_bound"]) == (order, order)
            assert found[cover, n]["proved"]
    for (n, cover), x in best.items():
        problem = AlignedProblem(n, cover)
        assert x[0] >= 1
        assert min(x) >= 0
        assert not (problem.matrix @ x).any()
        assert sum(x) == found[cover, n]["order"]


@pytest.mark.slow
def test_the_shipped_aligned_rows_are_what_the_script_makes():
    rows, _ = script.aligned_rows(script.ORDERS_OF_ROOTS)
    assert rows == [row for row in SHIPPED if row["nodes"] == "aligned"]


def test_the_shipped_table_is_made_of_the_shipped_rows():
    assert (ROOT / "docs" / "minimal-orders.md").read_text() == script.HEAD + script.table(SHIPPED)


def test_every_row_is_there_once():
    wanted = [("aligned", cover, n) for n in (*range(3, 37), 40, 42, 48, 60) for cover in COVERS]
    wanted += [("weighted", cover, n) for n in range(3, 13) for cover in COVERS]
    assert [(row["nodes"], row["cover"], row["n"]) for row in SHIPPED] == wanted


@pytest.mark.parametrize("row", SHIPPED, ids=lambda row: f"{row['n']}-{row['cover']}-{row['nodes']}")
def test_shipped_rows_are_consistent(row):
    assert row["minimised"] == {"aligned": "aligned_nodes", "weighted": "order"}[row["nodes"]]
    assert row["method"] in script.METHODS
    assert row["lower_bound"] <= row["order"]
    closed = row["lower_bound"] == row["order"]
    assert row["proved"] == (closed and row["method"] not in ("solver-only", "none"))
    assert row["outcome"] == ("PROVED" if row["proved"] else "FEASIBLE")
    assert row["scope"]["cover"] == row["cover"]
    assert row["scope"]["n"] in (None, row["n"])
    assert (row["supports"] is None) or (row["nodes"] == "weighted" and row["supports"] >= 1)
    for m in divisors(row["n"])[:-1]:
        assert row["order"] <= ORDER.get((row["nodes"], row["cover"], m), row["order"])
    for cover in script.larger_covers(row["cover"]):
        assert row["order"] <= ORDER[row["nodes"], cover, row["n"]]
    if row["nodes"] == "weighted":
        assert row["order"] <= ORDER["aligned", row["cover"], row["n"]]


@pytest.mark.parametrize("n", script.ORDERS_OF_ROOTS)
def test_aligned_orders_follow_the_lengths_of_vanishing_sums(n):
    """Lam and Leung: a vanishing sum of n-th roots of unity has at least p terms, p the least prime factor of n.

    The values of R_c are squares, for even n in mu_{n/2}; so p nodes at least, p the least odd prime factor, unless
    4 | n, and a line in mu_p^2 has the p nodes for R_n too. If 4 | n, two nodes cannot annul R_c, three can only if
    3 | n, and (1, 1), (i, 1), (1, -i), (i, i) do. If p >= 7 a line in mu_p^2 annuls R_* as well.
    """
    p = next((p for p in divisors(n) if p > 1 and p % 2), None)
    expected = 3 if n % 3 == 0 else 4 if n % 4 == 0 else p
    assert ORDER["aligned", "Rc", n] == ORDER["aligned", "Rc+Rn", n] == expected
    if n % 4 and p >= 7:
        assert {ORDER["aligned", cover, n] for cover in COVERS} == {p}


def test_solutions_over_divisors_are_taken_as_given():
    """With the divisors' solutions at hand nothing is asked of CP-SAT: 4 nodes over mu_4 do for n = 28."""
    (x, *_) = solutions_with(AlignedProblem(4, "Rc+R*"), 4)
    messages = []
    best, bounds, outcome = least_aligned(28, "Rc+R*", 1, messages.append, {4: [x]})
    assert (sum(best), bounds[0].lower_bound, bounds[0].method) == (4, 4, "pencil-rank")
    assert (outcome, messages) == (Outcome.PROVED, [])
    assert not (AlignedProblem(28, "Rc+R*").matrix @ best).any()
    assert least_aligned(2, "Rc", 1)[0] is None


def test_an_open_cell_shows_both_numbers_even_where_a_solver_says_more():
    proved, said = pencil_bound("all"), replace(pencil_bound("all"), lower_bound=9, method="solver-only")
    open_row = script.row(70, "all", "aligned", 9, (said, proved))
    assert (open_row["lower_bound"], open_row["method"]) == (6, "pencil-rank")
    assert (open_row["proved"], open_row["outcome"]) == (False, "FEASIBLE")
    assert script.cell(open_row) == "6..9 pencil"
    assert script.cell(script.row(70, "all", "aligned", 6, (proved,))) == "6 pencil"


def test_the_shipped_weighted_rows_are_what_the_script_makes():
    rows = script.weighted_rows({(n, cover): () for n in (3, 4, 6) for cover in COVERS})
    assert rows == [row for row in SHIPPED if row["nodes"] == "weighted" and row["n"] in (3, 4, 6)]
    assert [ORDER["weighted", "all", n] for n in (3, 4, 6, 8)] == [9, 6, 6, 6]


def test_weighted_rows_count_supports():
    _, best = script.aligned_rows([4, 8])
    rows = {(row["n"], row["cover"]): row for row in script.weighted_rows(best)}
    assert [(rows[n, "all"]["order"], rows[n, "all"]["supports"]) for n in (4, 8)] == [(6, 3), (6, 111)]
    assert script.cell(rows[4, "Rc"]) == "4 exh"
