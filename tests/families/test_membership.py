from __future__ import annotations

import random
from functools import cache

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cogo_search.algebra.canonical import Solution, canonical
from cogo_search.algebra.cyclotomic import reduction_matrix
from cogo_search.algebra.weights import Weights
from cogo_search.families.membership import families
from cogo_search.searching.aligned import AlignedProblem
from cogo_search.searching.exhaustive import solutions_with

from ..golden import make_golden as oracle
from ..strategies import quick, solvable_nodes, weights_of

Nodes = list[oracle.Node]
#: Names in the documented order and the divisor of n without which a family has no member over mu_n.
NAMES = {"nu*syn": 6, "nu_i*syn_ab": 12, "nu_i*xi": 4, "rho_nu": 2}


def parametric(solution: Solution) -> list[dict]:
    """The records of the families that members can be listed of; nu_i*w and three_points have their own tests."""
    return [record for record in families(solution) if record["name"] in NAMES]


def swapped_by_nu_i(solution: Solution) -> bool:
    """Is the solution z_{nu=i} * w: does [i, -i, 1] permute its nodes? And sum a b c-bar = 0."""
    n, nodes = solution.n, {(a, b): c for a, b, c in solution.nodes}
    if n % 4:
        return False
    moved = {}
    for (a, b), c in nodes.items():
        x, y = (a + n // 4) % n, (b - n // 4) % n
        moved[(x, y) if x < n // 2 else (x - n // 2, (y + n // 2) % n)] = c
    return moved == nodes and "ABc" in solution.weights().zero_set


def member(name: str, n: int, parameters: dict[str, int]) -> Nodes | None:
    """The member of a family over mu_n (Eq. 6, Eq. 11, Corollary 4, Table 1), or None if nodes merge."""
    match name:
        case "nu*syn":
            nodes = oracle.product(n, oracle.z_nu(n, parameters["nu"]), oracle.z_syn(n))
        case "nu_i*syn_ab":
            z_syn_ab = oracle.z_syn(n, parameters["alpha"], parameters["beta"])
            nodes = oracle.product(n, oracle.z_nu(n, n // 4), z_syn_ab)
        case "nu_i*xi":
            nodes = oracle.product(n, oracle.z_nu(n, n // 4), oracle.z_xi(n, parameters["xi"]))
        case "rho_nu":
            generator = oracle.u_nu(n, parameters["nu"])
            nodes = oracle.rho(n, generator, oracle.largest(n, generator))
    merged = oracle.merge(n, nodes)
    return merged if len(merged) == (4 if name == "nu_i*xi" else 6) else None


def parameter_names(name: str) -> tuple[str, ...]:
    return {"nu_i*syn_ab": ("alpha", "beta"), "nu_i*xi": ("xi",)}.get(name, ("nu",))


def check_record(solution: Solution, record: dict) -> None:
    """The named parameters lead back to the solution."""
    name, parameters = record["name"], record["parameters"]
    assert tuple(sorted(parameters)) == parameter_names(name)
    assert all(0 <= e < solution.n for e in parameters.values())
    nodes = member(name, solution.n, parameters)
    assert nodes is not None
    assert canonical(weights_of(solution.n, nodes)).id == solution.id


@pytest.mark.parametrize("name", NAMES)
@given(data=st.data())
@quick
def test_a_member_is_recognised_with_parameters_that_lead_back_to_it(name, data):
    n = data.draw(st.sampled_from([n for n in (6, 8, 10, 12, 16, 18, 20, 24, 36) if n % NAMES[name] == 0]))
    nodes = member(name, n, {key: data.draw(st.integers(0, n - 1)) for key in parameter_names(name)})
    assume(nodes is not None)
    if n <= 12:  # in other words: a unit, a scale, signs, swap, conjugation
        nodes = oracle.scrambled(random.Random(data.draw(st.integers(0, 99))), n, nodes)
    solution = canonical(weights_of(n, nodes))
    records = parametric(solution)
    found = [record["name"] for record in records]
    assert name in found
    assert found == [other for other in NAMES if other in found]
    for record in records:
        check_record(solution, record)


@cache
def member_ids(name: str, n: int) -> frozenset[str]:
    """The ids of all members over mu_n."""
    ids = set()
    if n % NAMES[name] == 0:
        keys = parameter_names(name)
        for index in range(n ** len(keys)):
            parameters = dict(zip(keys, (index % n, index // n), strict=False))
            if (nodes := member(name, n, parameters)) is not None:
                ids.add(canonical(weights_of(n, nodes)).id)
    return frozenset(ids)


@pytest.mark.parametrize(
    ("n", "cover", "nodes"),
    [
        (3, "all", 9),
        (4, "Rc+R*", 4),
        (4, "Rc", 4),
        (6, "all", 6),
        (6, "Rc", 3),
        (7, "all", 7),
        (8, "Rc+R*", 4),
        (8, "Rc", 4),
        (12, "Rc+R*", 4),
        (12, "all", 6),
    ],
)
def test_minimal_aligned_solutions_belong_to_exactly_the_families_that_contain_their_id(n, cover, nodes):
    problem = AlignedProblem(n, cover)
    for x in solutions_with(problem, nodes):
        solution = canonical(problem.weights(x))
        expected = [name for name in NAMES if solution.id in member_ids(name, solution.n)]
        assert [record["name"] for record in parametric(solution)] == expected
        assert ("nu_i*w" in [record["name"] for record in families(solution)]) == swapped_by_nu_i(solution)


@given(solvable_nodes((4, 6, 12), low=3, high=6, bound=1))
@quick
def test_random_weights_belong_to_exactly_the_families_that_contain_their_id(case):
    solution = canonical(weights_of(*case))
    expected = [name for name in NAMES if solution.n <= 12 and solution.id in member_ids(name, solution.n)]
    assert [record["name"] for record in parametric(solution)] == expected
    assert ("nu_i*w" in [record["name"] for record in families(solution)]) == swapped_by_nu_i(solution)


@given(st.sampled_from([8, 12, 16]), st.data())
@quick
def test_three_points_of_the_projective_line(n, data):
    """Lagrange's weights at three points, any signs of b, a unit and a scale annul R_c, for + signs R_n too."""
    alpha, beta = data.draw(st.permutations(range(1, n // 2)))[:2]
    signs = data.draw(st.tuples(st.booleans(), st.booleans()))
    u, v = data.draw(st.integers(0, n - 1)), data.draw(st.integers(0, n - 1))
    one, p, q = (reduction_matrix(n)[-2 * e % n] for e in (0, alpha, beta))
    c = [q - p, one - q, p - one]
    nodes = [(0, 0, c[0])]
    for e, sign, value in zip((alpha, beta), signs, c[1:], strict=True):
        nodes.append((e, e + sign * n // 2, -value if sign else value))
    a, b, values = (np.array(part) for part in zip(*nodes, strict=True))
    w = Weights.from_nodes(n, a, b, values).times_unit(u, v)
    assert {"Abc", "aBc", "ABc"} <= set(w.zero_set)
    assert ("aAc" in w.zero_set) == (not any(signs))
    (record,) = families(canonical(w))
    assert record["name"] == "three_points"
    doubled = Weights.from_nodes(n, w.a, w.b, w.c * np.array([[2], [1], [1]]))
    if doubled.potential("abc").any():
        assert families(canonical(doubled)) == []


@given(st.sampled_from([4, 6]), st.sampled_from([4, 8, 12]), st.data())
@quick
def test_aligned_weights_that_miss_the_conditions_belong_to_no_family(order, n, data):
    """Every member of order 6 annuls all nine potentials, every member of order 4 those of Rc and R*."""
    directions = [(a, b) for a in range(n // 2) for b in range(n)]
    chosen = data.draw(st.permutations(directions))[:order]
    solution = canonical(weights_of(n, [(a, b, oracle.zeta(n, -a - b)) for a, b in chosen]))
    wanted = set(oracle.COVERS["all" if order == 6 else "Rc+R*"])
    assume(not wanted <= set(solution.weights().zero_set))
    assert families(solution) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_member_with_one_node_doubled_belongs_to_no_family(name):
    nodes = member(name, 24, {"nu": 5, "xi": 5, "alpha": 1, "beta": 2})
    assert nodes is not None
    a, b, c = nodes[1]
    assert families(canonical(weights_of(24, [(a, b, c * 2), *nodes[:1], *nodes[2:]]))) == []


@pytest.mark.parametrize("nodes", [oracle.z_nu(12, 1), oracle.z_xi(12, 1), oracle.z_syn(12, 1, 2)])
def test_a_single_factor_belongs_to_no_family(nodes):
    assert families(canonical(weights_of(12, nodes))) == []


def test_syn_is_three_points():
    (record,) = families(canonical(weights_of(12, oracle.z_syn(12))))
    assert record["name"] == "three_points"
    assert record["parameters"]["alpha_sign"] == record["parameters"]["beta_sign"] == 0


def test_a_weighted_relative_of_nu_i_xi_is_in_the_weighted_family():
    """z_{nu=i} times an order-3 weight of unequal c with sum a b c-bar = 1 + 1 - 2 = 0 annuls Rc and R*."""
    third = [(0, 0, oracle.zeta(12, 0)), (1, 1, oracle.zeta(12, 2)), (2, 3, 2 * oracle.zeta(12, -1))]
    solution = canonical(weights_of(12, oracle.product(12, oracle.z_nu(12, 3), third)))
    assert solution.order == 6
    assert set(solution.weights().zero_set) == set(oracle.COVERS["Rc+R*"])
    assert [record["name"] for record in families(solution)] == ["nu_i*w"]
