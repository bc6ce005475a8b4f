"""Bounds against independent arguments: direct evaluation, python-flint's linear algebra, known minima."""

from fractions import Fraction
from math import ceil

import numpy as np
import pytest
from flint import fmpq, fmpq_mat

from cogo_search.algebra.potentials import COVERS, EXPONENTS
from cogo_search.searching.aligned import AlignedProblem
from cogo_search.searching.bounds import lp_dual_bound, pencil_bound, traces
from cogo_search.searching.exhaustive import solutions_with


@pytest.mark.parametrize("n", [3, 4, 6, 7, 8, 10, 12, 15, 24])
@pytest.mark.parametrize("cover", COVERS)
def test_dual_certificate_holds_on_every_direction(n, cover):
    """f >= 0 on all of mu_n^2 and f(1,1) = value, from the stored fractions alone."""
    certificate = lp_dual_bound(AlignedProblem(n, cover)).certificate
    trace = traces(n)
    for a in range(n):
        for b in range(n):
            f = Fraction(1)
            for name, multiplier in certificate["multipliers"].items():
                i, j = EXPONENTS[name]
                f -= Fraction(multiplier) * trace[((i - 1) * a + (j - 1) * b) % n]
            assert f >= 0
            if a == b == 0:
                assert f == Fraction(certificate["value"])


@pytest.mark.slow
@pytest.mark.parametrize(("n", "cover", "nodes"), [(6, "all", 6), (8, "Rc+R*", 4), (8, "Rc", 4), (10, "all", 10)])
def test_dual_bound_never_exceeds_the_exhaustive_minimum(n, cover, nodes):
    bound = lp_dual_bound(AlignedProblem(n, cover))
    assert bound.lower_bound == ceil(Fraction(bound.certificate["value"])) <= nodes
    assert solutions_with(AlignedProblem(n, cover), nodes)


@pytest.mark.parametrize("n", range(1, 31))
def test_traces_are_ramanujan_sums(n):
    roots = np.exp(2j * np.pi * np.arange(n) / n)
    units = [t for t in range(1, n + 1) if np.gcd(t, n) == 1]
    expected = [sum(roots[t * e % n] for t in units) for e in range(n)]
    np.testing.assert_allclose(traces(n), np.real(expected), atol=1e-9)


def _conditions(cover):
    """M for one node set is sum c w w^T; its entries in terms of the potentials, by expanding Re and Im."""
    # Re a = (a + A)/2, Im a = (a - A)/2i, so every entry of w w^T is a combination of two-letter monomials.
    real = {"a": (Fraction(1, 2), Fraction(0)), "A": (Fraction(1, 2), Fraction(0))}
    imaginary = {"a": (Fraction(0), Fraction(-1, 2)), "A": (Fraction(0), Fraction(1, 2))}
    coordinates = [real, imaginary, {k.translate(_TO_B): v for k, v in real.items()}]
    coordinates.append({k.translate(_TO_B): v for k, v in imaginary.items()})
    return [[_abc_part(x, y) for y in coordinates] for x in coordinates]


_TO_B = str.maketrans("aA", "bB")


def _abc_part(x, y):
    """The coefficient of the potential abc (the only one that is not zero) in sum c x y."""
    re = im = Fraction(0)
    for k, (p, q) in x.items():
        for m, (r, s) in y.items():
            if {k, m} == {"a", "b"}:
                re, im = re + p * r - q * s, im + p * s + q * r
    return re, im


def test_pencil_of_all_conditions_is_derived_from_the_potentials():
    p, q = pencil_bound("all").certificate["pencil"]
    expected = _conditions("all")
    assert [[Fraction(v) for v in row] for row in p] == [[re for re, _ in row] for row in expected]
    assert [[Fraction(v) for v in row] for row in q] == [[im for _, im in row] for row in expected]


@pytest.mark.parametrize(("cover", "rank"), [("all", 6), ("Rc+Rn", 3), ("Rc", 3)])
def test_pencil_squares_to_minus_one(cover, rank):
    bound = pencil_bound(cover)
    p, q = (
        fmpq_mat([[fmpq(Fraction(v).numerator, Fraction(v).denominator) for v in row] for row in block])
        for block in bound.certificate["pencil"]
    )
    x = p.inv() * q
    size = p.nrows()
    assert x * x == fmpq_mat([[-int(i == j) for j in range(size)] for i in range(size)])
    assert bound.lower_bound == rank == size + size // 2


def test_free_blocks_leave_no_real_kernel():
    """Rc and R*: M w = 0 has no real solution but 0 for random free diagonal blocks (rank 4 of [P; Q])."""
    p, q = (
        np.array([[float(Fraction(v)) for v in row] for row in b]) for b in pencil_bound("Rc+R*").certificate["pencil"]
    )
    k = p + 1j * q
    rng = np.random.default_rng(1)
    for t, s in rng.normal(size=(50, 2)) + 1j * rng.normal(size=(50, 2)):
        m = np.block([[t / 2 * np.eye(2), k], [k.T, s / 2 * np.eye(2)]])
        assert np.linalg.matrix_rank(np.vstack([m.real, m.imag])) == 4
