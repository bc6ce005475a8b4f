from math import gcd

import pytest

from cogo_search.algebra.potentials import COVERS, cover_potentials
from cogo_search.searching.aligned import AlignedProblem, enumerate_solutions
from cogo_search.searching.exhaustive import MAX_HALF, half_size, solutions_with
from cogo_search.searching.free import search_free
from cogo_search.searching.outcome import Outcome


@pytest.mark.parametrize("n", [3, 4, 6, 7, 8])
@pytest.mark.parametrize("cover", COVERS)
def test_a_second_method_without_a_solver_confirms_every_count(n, cover):
    problem = AlignedProblem(n, cover)
    result = search_free(n, cover, None, limit=10_000, budget=60)
    assert result.order is not None
    assert half_size(problem, result.order) <= MAX_HALF
    for nodes in range(1, result.order):
        assert solutions_with(problem, nodes) == []
    assert result.complete
    assert len(solutions_with(problem, result.order)) == result.found


@pytest.mark.parametrize("cover", COVERS)
def test_the_second_method_at_n_5_is_linear_algebra_or_enumeration(cover):
    """For n = 5 all conditions leave one ray (all 25 directions equally): nullity one, no search needed."""
    from flint import fmpq_mat, fmpz_mat

    problem = AlignedProblem(5, cover)
    result = search_free(5, cover, None, limit=1000, budget=60)
    if half_size(problem, result.order) <= MAX_HALF:
        assert len(solutions_with(problem, result.order)) == result.found
    else:
        rank = fmpq_mat(fmpz_mat([[int(v) for v in row] for row in problem.matrix])).rank()
        assert len(problem.directions[0]) - rank == 1
        assert not problem.matrix.sum(axis=1).any()
        assert (result.order, result.found) == (25, 1)


@pytest.mark.parametrize(("n", "cover"), [(6, "all"), (6, "Rc"), (4, "Rc+R*"), (8, "Rc+Rn"), (7, "Rc"), (9, "Rc+Rn")])
def test_solutions_satisfy_their_cover_and_pass_through_the_anchor(n, cover):
    problem = AlignedProblem(n, cover)
    result = search_free(n, cover, None, limit=1000, budget=60)
    for solution in result.solutions.values():
        assert set(cover_potentials(cover)) <= set(solution.weights().zero_set)
        assert solution.aligned_nodes() == result.order
    for x in solutions_with(problem, result.order):
        assert x[0] >= 1
        assert set(cover_potentials(cover)) <= set(problem.weights(x).zero_set)


def test_max_order_enumerates_every_level():
    problem = AlignedProblem(4, "Rc")
    result = search_free(4, "Rc", max_order=6, limit=10_000, budget=60)
    assert sorted(result.levels) == [4, 5, 6]
    for nodes, level in result.levels.items():
        primitive = [x for x in solutions_with(problem, nodes) if gcd(*x) == 1]
        assert level.found == len(primitive)
        assert sum(s.orbit_size for s in level.orbits.values()) == level.found


def test_gap_between_dual_and_optimum_is_closed_exhaustively():
    """n = 10, Rc and R*: the linear relaxation says 6, the truth is 10, and no solver is trusted for it."""
    result = search_free(10, "Rc+R*", None, limit=100, budget=20)
    by_method = {bound.method: bound.lower_bound for bound in result.bounds}
    assert by_method == {"exhaustive": 10, "lp-dual": 6, "pencil-rank": 4}
    assert (result.order, result.outcome, result.complete) == (10, Outcome.PROVED, True)


@pytest.mark.parametrize("n", [1, 2])
def test_signs_alone_solve_nothing(n):
    result = search_free(n, "Rc", None, 10, 10)
    assert (result.order, result.outcome) == (None, Outcome.INFEASIBLE)


def test_limit_makes_the_enumeration_incomplete_and_says_so():
    result = search_free(8, "Rc", None, limit=2, budget=60)
    assert len(result.solutions) == 2
    assert not result.complete


def test_subgroup_solutions_are_solutions():
    for n in (3, 4, 5, 6, 8, 9, 10, 12, 15, 20):
        for cover in COVERS:
            problem = AlignedProblem(n, cover)
            x = problem.subgroup_solution()
            assert set(cover_potentials(cover)) <= set(problem.weights(x).zero_set)


def test_solver_enumeration_equals_exhaustive_solutions_one_by_one():
    problem = AlignedProblem(12, "Rc+R*")
    found = enumerate_solutions(problem, 4, 100, 60)
    assert found._seen == set(solutions_with(problem, 4))
