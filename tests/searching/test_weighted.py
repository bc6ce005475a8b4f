"""Weighted nodes and merged conditions: known numbers, direct enumeration with python-flint, closed forms."""

import itertools
import json
from pathlib import Path

import flint
import numpy as np
import pytest

from cogo_search.algebra import ranks
from cogo_search.algebra.canonical import canonical
from cogo_search.algebra.cyclotomic import euler_phi, lift, reduction_matrix, rotate
from cogo_search.algebra.dimension import dimension
from cogo_search.algebra.potentials import COVERS, condition_exponents, cover_potentials
from cogo_search.algebra.weights import Weights
from cogo_search.errors import InputError
from cogo_search.families.membership import families
from cogo_search.families.phi_psi import phi_psi
from cogo_search.searching.bounds import PENCIL_RANKS, pencil_bound
from cogo_search.searching.checkpoint import SearchProgress
from cogo_search.searching.engine import SearchSettings
from cogo_search.searching.outcome import Outcome
from cogo_search.searching.supports import SupportProblem, SupportSearch
from cogo_search.searching.weighted import search_weighted

TABLE = json.loads((Path(__file__).resolve().parents[2] / "docs" / "minimal-orders.json").read_text())["rows"]

#: (n, cover, order of the character, least order, supports or None), found independently of this code.
KNOWN = [
    *[(n, "all", "generic", q, None) for n, q in [(3, 9), (4, 6), (6, 6)]],
    (8, "all", "generic", 6, 111),
    (12, "all", "generic", 6, 769),
    (4, "all", "4", 6, 4),
    (6, "all", "4", 5, 60),
]


@pytest.mark.parametrize(("n", "cover", "character_order", "order", "supports"), KNOWN)
def test_known_numbers(n, cover, character_order, order, supports):
    result = search_weighted(n, cover, character_order)
    assert (result.order, result.outcome, result.complete) == (order, Outcome.PROVED, True)
    assert supports in (None, result.found)


@pytest.mark.slow
@pytest.mark.parametrize(("character_order", "n"), [("generic", 12), ("4", 24)])
def test_the_minima_over_all_real_weights_are_attained(character_order, n):
    """6 / 4 / 3 / 3 at a generic frequency, 4 and 3 at 4k = 0."""
    minima = {"generic": (6, 4, 3, 3), "4": (4, 3, 3, 3)}[character_order]
    for cover, order in zip(COVERS, minima, strict=True):
        assert pencil_bound(cover, character_order).lower_bound == order
        result = search_weighted(n, cover, character_order, limit=1)
        assert (result.order, result.bounds[0].method) == (order, "pencil-rank")


def direct(n, cover, character_order, size):
    """Sets of directions through the anchor (all, where conditions merge) with a solution, by rational ranks alone."""
    phi, matrix = euler_phi(n), reduction_matrix(n)
    half = n // 2 if n % 2 == 0 else n
    directions = [(a, b) for a in range(half) for b in range(n)]

    def block(exponents, a, b):
        """Multiplication by the sum of zeta^(i a + j b), as a rational matrix on coordinates."""
        return sum(matrix[(np.arange(phi) + i * a + j * b) % n] for i, j in exponents).T

    rows = [condition_exponents(name) for name in cover_potentials(cover, character_order)]
    columns = [np.concatenate([block(row, a, b) for row in rows]) for a, b in directions]
    target = [block([(1, 1)], a, b) for a, b in directions]

    def rank(blocks):
        return flint.fmpz_mat(np.concatenate(blocks, axis=1).tolist()).rank()

    found = []
    first = [()] if character_order != "generic" else [(0,)]
    for start in first:
        rest = range(len(start), len(directions))
        for chosen in itertools.combinations(rest, size - len(start)):
            support = (*start, *chosen)
            free = rank([columns[i] for i in support])
            if free < size * phi:
                both = rank([np.concatenate([columns[i], target[i]]) for i in support])
                if both > free:
                    found.append(support)
    return found


@pytest.mark.slow
@pytest.mark.parametrize(
    ("n", "cover", "character_order"),
    [
        (3, "Rc+R*", "generic"),
        (4, "all", "generic"),
        (4, "Rc", "generic"),
        (5, "Rc+Rn", "generic"),
        (6, "Rc+R*", "generic"),
        (8, "Rc+R*", "generic"),
        (3, "Rc+R*", "4"),
        (4, "all", "4"),
        (5, "Rc+R*", "4"),
        (6, "all", "4"),
        (8, "all", "4"),
    ],
)
def test_against_direct_enumeration(n, cover, character_order):
    result = search_weighted(n, cover, character_order)
    assert result.found == len(direct(n, cover, character_order, result.order))
    assert not direct(n, cover, character_order, result.order - 1)
    if character_order == "generic" or n % 4 == 0:
        assert sum(s.orbit_size for s in result.solutions.values()) == result.found


@pytest.mark.slow
@pytest.mark.parametrize("character_order", ["generic", "4", "2"])
@pytest.mark.parametrize("n", [3, 4, 6, 8])
def test_every_solution_solves_and_is_canonical(n, character_order):
    for cover in COVERS:
        for solution in search_weighted(n, cover, character_order, limit=40).solutions.values():
            w = solution.weights()
            assert set(cover_potentials(cover, character_order)) <= set(w.zero_set_at(character_order))
            assert w.potential("abc")[0] > 0
            assert not w.potential("abc")[1:].any()
            assert canonical(w, character_order) == solution


def test_where_2k_is_0_two_real_nodes_suffice():
    """u_one + 1, and one node without aac + bbc = 0 (docs/theory.md, section 4)."""
    result = search_weighted(2, "all", "2")
    (solution,) = result.solutions.values()
    assert solution.nodes == ((0, 0, (1,)), (0, 1, (-1,)))
    assert search_weighted(2, "Rc", "2").order == 1
    assert search_weighted(3, "all", "2").outcome is Outcome.INFEASIBLE
    assert {cover: PENCIL_RANKS["2"][cover] for cover in COVERS} == {"all": 2, "Rc+R*": 1, "Rc+Rn": 2, "Rc": 1}


@pytest.mark.slow
@pytest.mark.parametrize("n", [8, 12, 16, 24])
def test_the_closed_form_at_4k_0_is_what_the_search_finds(n):
    """Section 4 of docs/theory.md, in floats; every solution of all conditions over mu_n is one of that form."""
    for phi, psi in itertools.product(range(1, n // 4), repeat=2):
        x, y = (2 * np.pi * e / n for e in (phi, psi))
        r = 1 / (4 * np.sin(2 * x))
        s = r * np.sin(2 * x) / np.sin(2 * y)
        a = np.exp(1j * np.array([-x, x, -y, y]))
        b = np.array([1j, 1j, -1, -1]) * a
        c = np.array([r, -r, -1j * s, 1j * s])
        w = phi_psi(phi, psi, n)
        assert w.zero_set_at("4") == ("Abc", "aBc", "ABc", "aAc", "bBc", "aac+AAc", "bbc+BBc")
        scale = w.potential("abc") @ np.exp(2j * np.pi * np.arange(euler_phi(n)) / n)
        values = {(int(i), int(j)): w.c[k] @ np.exp(2j * np.pi * np.arange(euler_phi(n)) / n) / scale
                  for k, (i, j) in enumerate(zip(w.a, w.b, strict=True))}  # fmt: skip
        for u, v, value in zip(a, b, c, strict=True):
            exponents = np.rint(np.angle([u, v]) * n / (2 * np.pi)).astype(int)
            folded = Weights.from_nodes(n, exponents[:1], exponents[1:], reduction_matrix(n)[:1])
            assert abs(values[int(folded.a[0]), int(folded.b[0])] - value) < 1e-12
    found = search_weighted(n, "all", "4")
    assert (found.order, found.bounds[0].method) == (4, "pencil-rank")
    members = [families(solution) for solution in found.solutions.values()]
    for solution, (first, *_) in zip(found.solutions.values(), members, strict=True):
        assert first["name"] == "phi_psi"
        assert canonical(phi_psi(**first["parameters"], n=solution.n), "4") == solution


@pytest.mark.slow
def test_membership_at_4k_0_is_up_to_any_unit():
    """Every generic solution times a unit, as one of merged conditions, is in the families that it was in."""
    for cover in COVERS:
        for solution in search_weighted(12, cover, limit=30).solutions.values():
            w = solution.weights().over(24)
            merged = canonical(w.times_unit(1, 5), "4")
            names = [f["name"] for f in families(merged) if f["name"] != "phi_psi"]
            assert names == [f["name"] for f in families(solution)]


def test_merged_solutions_keep_their_id_under_their_own_symmetries_only():
    w = phi_psi(1, 2, 24)
    solution = canonical(w, "4")
    assert solution.id.startswith("cogo1-k4-n24-q4-")
    assert solution.orbit_size <= 32
    for a, b in [(6, 0), (0, 6), (12, 6), (18, 18)]:
        assert canonical(w.times_unit(a, b).swap(), "4") == solution
    moved = w.times_unit(1, 0)
    assert set(w.zero_set_at("4")) - set(moved.zero_set_at("4")) == {"aac+AAc"}


@pytest.mark.slow
def test_named_families_hold_every_minimal_solution_only_where_said():
    """Over all n of the table: the counterexamples are solutions of the listed covers without any family."""
    beyond = {}
    for row in (row for row in TABLE if row["nodes"] == "weighted"):
        if (row["n"], row["cover"]) == (11, "all"):
            continue  # over a minute
        unnamed = [s for s in search_weighted(row["n"], row["cover"]).solutions.values() if not families(s)]
        if unnamed:
            beyond.setdefault(row["cover"], set()).add(row["n"])
            found = [dimension(s) for s in unnamed[:20]]  # regular: in families without a name, none isolated
            assert all(d["real"] > 0 and "real" in d["regular"] for d in found)
    three = {row["n"] for row in TABLE if (row["nodes"], row["cover"], row["order"]) == ("weighted", "Rc", 3)}
    assert three == {3, 5, 6, 7, 8, 9, 10, 11, 12}
    # Three nodes always lie in three_points, also for Rc+Rn; with n = 4 four are needed, which have no name.
    assert beyond["Rc"] == beyond["Rc+Rn"] == {4}
    assert {8, 12}.isdisjoint(beyond["Rc+R*"])  # order 4: nu_i*w; orders 5 and 6, where 4 does not divide n, no name
    assert beyond["Rc+R*"] == {3, 5, 6, 7, 9, 10, 11}
    assert beyond["all"] == {3, 5, 6, 7, 8, 9, 10, 12}  # mu_4 has one solution, nu_i*w


@pytest.mark.slow
def test_dimensions_of_known_families():
    """nu*syn has one parameter inside a larger family; three points on the projective line have two."""
    for n in (4, 6, 8, 9, 10, 12):
        order_6 = [dimension(s) for s in search_weighted(n, "all").solutions.values() if s.order == 6]
        assert order_6
        assert all(d["real"] == 7 and "real" in d["regular"] for d in order_6)
    for solution in search_weighted(12, "Rc+Rn").solutions.values():
        assert (dimension(solution)["real"], dimension(solution)["weighted"]) == (2, 2)
    (one,) = search_weighted(2, "Rc", "2").solutions.values()
    assert dimension(one) == {"real": 0, "weighted": 0, "regular": ["real", "weighted"]}


@pytest.mark.parametrize("name", ["all", "Rc"])
def test_dimension_against_a_numerical_rank(name):
    """The exact rank of the Jacobian is the rank of its complex matrix (weights of moderate size)."""
    from cogo_search.algebra.dimension import _rows

    for solution in list(search_weighted(8, name).solutions.values())[:6]:
        rows = _rows(solution.weights(), ["abc", *cover_potentials(name)])
        values = rows @ np.exp(2j * np.pi * np.arange(rows.shape[2]) / solution.n)
        assert ranks.exact_rank(solution.n, rows) == np.linalg.matrix_rank(values, tol=1e-8)


@pytest.mark.parametrize("n", [5, 8, 12])
def test_exact_ranks(n):
    """A product of thin matrices over Z[zeta_n] has the rank of its factors' middle, whatever their size."""
    rng = np.random.default_rng(n)
    for middle in (1, 3, 4):
        left, right = (rng.integers(-9, 10, (*shape, euler_phi(n))) for shape in ((6, middle), (middle, 7)))
        product = np.zeros((6, 7, euler_phi(n)), dtype=np.int64)
        for i, j, k in itertools.product(range(6), range(7), range(middle)):
            for power in range(euler_phi(n)):
                product[i, j] += left[i, k, power] * rotate(right[k, j], power, n)
        assert ranks.exact_rank(n, product) == middle


def test_a_deficiency_modulo_one_prime_alone_is_none():
    """[[p]] is 0 modulo p and has rank 1; [[1, zeta], [zeta, zeta^2]] is deficient."""
    p = next(ranks.primes(5, 1 << 30))
    assert ranks.exact_rank(5, np.array([[[p, 0, 0, 0]]])) == 1
    zeta = [reduction_matrix(5)[e] for e in range(3)]
    assert ranks.exact_rank(5, np.array([[zeta[0], zeta[1]], [zeta[1], zeta[2]]])) == 1
    large = 10**15  # residues and norms stay exact
    assert ranks.exact_rank(5, large * np.array([[zeta[0], zeta[1]], [zeta[1], zeta[2]]])) == 1


def test_another_prime_gives_the_same_supports():
    problem = SupportProblem(8, "all")
    found = []
    for p in itertools.islice(ranks.primes(8), 3):
        search = SupportSearch(problem, 6, p)
        found.append(problem.representatives(search.join(search.subsets)).tolist())
    assert found[0] == found[1] == found[2]


@pytest.mark.slow
def test_progress_goes_on_where_it_was(tmp_path):
    """Interrupted in the middle, resumed: the same result, and nothing that was done is done again."""
    settings = SearchSettings((12,), model="free", nodes="weighted", covers=("all",))
    path = tmp_path / "catalog.json.progress"

    class Interrupted(SearchProgress):
        def save(self, part, state):
            super().save(part, {"done": 1000, "supports": state["supports"]})

    whole = search_weighted(12, "all")
    search_weighted(12, "all", checkpoint=Interrupted(path, settings))
    stored = json.loads(path.read_text())
    (state,) = stored["parts"].values()
    assert state["done"] == 1000
    resumed = search_weighted(12, "all", checkpoint=SearchProgress(path, settings))
    assert resumed.solutions == whole.solutions
    assert resumed.found == whole.found == 769
    other = SearchProgress(path, SearchSettings((8,), model="free", nodes="weighted"))
    assert other.load(next(iter(stored["parts"]))) is None
    other.remove()
    assert path.exists()  # it is the progress of another search
    path.write_text("{")
    assert SearchProgress(path, settings).load("x") is None


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"nodes": "weighted", "max_order": 7}, "continuous families"),
        ({"character_order": "4"}, "no homomorphisms"),
        ({"character_order": "4", "model": "free"}, "no homomorphisms"),
        ({"character_order": "3"}, "choose from generic, 4, 2"),
        ({"nodes": "heavy"}, "choose from aligned, weighted"),
    ],
)
def test_refusals(settings, words):
    with pytest.raises(InputError, match=words):
        SearchSettings((8,), **settings)


def test_too_many_subsets_are_refused():
    with pytest.raises(InputError, match="use smaller roots"):
        search_weighted(120, "all")


def test_odd_roots_are_written_over_the_even_multiple():
    (solution,) = search_weighted(3, "Rc+Rn").solutions.values()
    assert solution.n == 6
    syn = Weights.unit(0, 0, 3) + Weights.unit(1, 1, 3) + Weights.unit(2, 2, 3)
    assert canonical(syn) == solution
    assert lift(np.array([1, 1]), 3, 6).tolist() == [0, 1]
