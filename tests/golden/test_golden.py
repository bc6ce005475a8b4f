"""The package against the vectors that make_golden.py wrote with python-flint."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cogo_search.algebra.canonical import canonical
from cogo_search.algebra.generators import Generator
from cogo_search.algebra.polynomials import Polynomial, all_polynomials
from cogo_search.algebra.potentials import ZEROABLE, covered_sets
from cogo_search.algebra.weights import Weights
from cogo_search.catalog.build import cost
from cogo_search.errors import ArithmeticBoundError
from cogo_search.searching.aligned import AlignedProblem, enumerate_solutions
from cogo_search.searching.exhaustive import half_size, solutions_with
from cogo_search.searching.free import search_free

Case = dict[str, Any]
BEYOND = "weighted: coordinates beyond 64 bits"


def read(name: str) -> list[Case]:
    return json.loads((Path(__file__).parent / f"{name}.json").read_text(encoding="ascii"))


def label(case: Case) -> str:
    return f"{case.get('name', 'n')} {case['n']} {case.get('cover', '')}".strip()


def weights(case: Case) -> Weights:
    a, b, c = (np.array([node[key] for node in case["nodes"]], dtype=np.int64) for key in "abc")
    return Weights.from_nodes(case["n"], a, b, c)


def records(w: Weights) -> list[Case]:
    return [{"a": a, "b": b, "c": c} for a, b, c in zip(w.a.tolist(), w.b.tolist(), w.c.tolist(), strict=True)]


POTENTIALS, CANONICAL, POLYNOMIALS, ALIGNED = map(read, ("potentials", "canonical", "polynomials", "aligned"))


@pytest.mark.parametrize("case", POTENTIALS, ids=label)
def test_potentials(case):
    w = weights(case)
    assert {name: w.potential(name).tolist() for name in case["values"]} == case["values"]
    assert list(w.zero_set) == [name for name in ZEROABLE if not any(case["values"][name])]


@pytest.mark.parametrize("case", [case for case in CANONICAL if case["name"] != BEYOND], ids=label)
def test_canonical_form_and_what_follows_from_it(case):
    solution, expected = canonical(weights(case)), case["canonical"]
    zeros = solution.weights().zero_set
    assert {
        "n": solution.n,
        "nodes": [{"a": a, "b": b, "c": list(c)} for a, b, c in solution.nodes],
        "id": solution.id,
        "order": solution.order,
        "orbit_size": solution.orbit_size,
        "aligned_nodes": solution.aligned_nodes(),
        "zero_set": list(zeros),
        "covers": list(covered_sets(set(zeros))),
        "cost": cost(solution),
    } == expected


def test_coordinates_beyond_64_bits_are_refused():
    (case,) = [case for case in CANONICAL if case["name"] == BEYOND]
    assert max(abs(v) for node in case["canonical"]["nodes"] for v in node["c"]) > 2**63
    with pytest.raises(ArithmeticBoundError, match="64-bit"):
        canonical(weights(case))


@pytest.mark.parametrize("case", POLYNOMIALS, ids=label)
def test_polynomials(case):
    a, b, c = case["generator"]
    u = Generator(a, b, case["n"])
    assert u.c == c
    mask = sum(1 << ZEROABLE.index(name) for name in case["zero"])
    p = Polynomial(u, tuple(case["values"]), case["order"], mask)
    assert p in all_polynomials(u)
    w = p.weights()
    assert (w.n, records(w)) == (case["n"], case["nodes"])
    assert list(w.zero_set) == case["zero"]


def exhaustible(case: Case) -> bool:
    return half_size(AlignedProblem(case["n"], case["cover"]), case["aligned_nodes"]) <= 1_000_000


@pytest.mark.parametrize("case", [case for case in ALIGNED if exhaustible(case)], ids=label)
def test_aligned_solutions_by_exhaustion(case):
    problem = AlignedProblem(case["n"], case["cover"])
    assert len(problem.directions[0]) == case["directions"]
    found = solutions_with(problem, case["aligned_nodes"])
    assert len(found) == case["solutions"]
    first = np.bincount(problem.columns(*np.array(case["first"]).T), minlength=case["directions"])
    assert tuple(first.tolist()) in found
    for fewer in range(1, case["aligned_nodes"]):
        assert not solutions_with(problem, fewer)
    if case["ids"] is not None:
        orbits = {s.id: s for s in (canonical(problem.weights(x)) for x in found)}
        assert sorted(orbits) == case["ids"] and len(orbits) == case["orbits"]
        assert sum(s.orbit_size for s in orbits.values()) == case["solutions"]


@pytest.mark.parametrize("case", ALIGNED, ids=label)
def test_aligned_solutions_by_the_solver(case):
    problem = AlignedProblem(case["n"], case["cover"])
    result = enumerate_solutions(problem, case["aligned_nodes"], 10_000, 60)
    assert result.complete
    assert result.found == case["solutions"]
    if case["ids"] is not None:
        assert sorted(result.orbits) == case["ids"]
        assert len(result.orbits) == case["orbits"]


@pytest.mark.slow
@pytest.mark.parametrize("case", ALIGNED, ids=label)
def test_free_search_finds_the_least_number_of_aligned_nodes(case):
    assert search_free(case["n"], case["cover"], None, 1000, 20).order == case["aligned_nodes"]
