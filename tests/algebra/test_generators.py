from __future__ import annotations

from itertools import combinations
from math import gcd, lcm

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogo_search.algebra.cyclotomic import MAX_N, format_root
from cogo_search.algebra.generators import PAPER_SYMBOLS, Generator, enumerate_generators, normalised_roots
from cogo_search.algebra.potentials import ZEROABLE
from cogo_search.errors import InputError

from ..golden import make_golden as oracle
from ..strategies import nodes_of, quick

#: Table 1 in exponents of e^(2 pi i / 12): [a, b, c], then the columns of Rc, Rn, R*; the third column of
#: the print, ab c-bar, is conjugate to ABc.
W, V, P, Q, M = 4, 8, 3, 9, 6  # omega_3, its conjugate, i, -i, -1
TABLE_ONE = {
    "1": ((0, 0, 0), (0, 0, 0, 0, 0, 0, 0, 0, 0)),
    "1~": ((M, M, 0), (0, 0, 0, 0, 0, 0, 0, 0, 0)),
    "one": ((0, M, M), (0, 0, 0, M, M, M, M, M, M)),
    "syn": ((W, W, W), (W, W, W, W, W, 0, 0, V, V)),
    "3c": ((W, V, 0), (W, V, 0, 0, 0, V, W, W, V)),
    "3a": ((0, W, V), (0, W, V, V, V, V, W, V, 0)),
    "4c": ((P, Q, 0), (M, M, 0, 0, 0, M, M, M, M)),
    "4a": ((0, P, Q), (0, M, M, Q, Q, Q, P, Q, P)),
}

ROOTS = st.lists(st.integers(1, 24), min_size=1, max_size=3).filter(lambda roots: lcm(*roots) <= MAX_N)


def test_counts_for_roots_3_and_4():
    """16 + 9 - 1 pairs; with closure all of mu_12."""
    assert len(enumerate_generators([3, 4])) == 24
    assert len(enumerate_generators([3, 4], closure=True)) == 144


@pytest.mark.parametrize("root", range(1, 25))
def test_one_root_gives_its_square(root):
    assert len(enumerate_generators([root])) == len(enumerate_generators([root], closure=True)) == root**2


@given(ROOTS)
@quick
def test_counts_follow_inclusion_and_exclusion(roots):
    """Pairs common to several listed roots are pairs over their greatest common divisor."""
    distinct = sorted(set(roots))
    expected = sum(
        (-1) ** (size + 1) * gcd(*chosen) ** 2
        for size in range(1, len(distinct) + 1)
        for chosen in combinations(distinct, size)
    )
    assert len(enumerate_generators(roots)) == expected
    assert len(enumerate_generators(roots, closure=True)) == lcm(*roots) ** 2


@given(ROOTS, st.booleans())
@quick
def test_generators_are_sorted_and_lie_in_one_listed_group_with_abc_1(roots, closure):
    found = enumerate_generators(roots, closure)
    n = lcm(*roots)
    assert [(u.a, u.b) for u in found] == sorted({(u.a, u.b) for u in found})
    for u in found:
        assert u.n == n and all(0 <= e < n for e in (u.a, u.b, u.c))
        assert (u.a + u.b + u.c) % n == 0
        assert any(u.a * root % n == u.b * root % n == 0 for root in ([n] if closure else roots))


@given(ROOTS, st.randoms(use_true_random=False))
@quick
def test_the_order_and_repetition_of_roots_do_not_matter(roots, rng):
    again = [*roots, *roots[:1]]
    rng.shuffle(again)
    assert normalised_roots(again) == tuple(sorted(set(roots)))
    assert enumerate_generators(again) == enumerate_generators(roots)


@pytest.mark.parametrize(
    ("roots", "message"),
    [
        ([], "roots is empty"),
        ([3, 0], "roots contains 0"),
        ([-4], "roots contains -4"),
        ([3, MAX_N + 1], f"roots contains {MAX_N + 1}"),
        ([16, 9], "roots=9,16 have lcm 144"),
    ],
)
def test_unusable_roots_are_refused_by_name_and_value(roots, message):
    with pytest.raises(InputError, match=message):
        normalised_roots(roots)
    with pytest.raises(InputError, match=message):
        enumerate_generators(roots)


@given(st.integers(1, 24), st.integers(0, 23), st.integers(0, 23))
@quick
def test_values_are_the_potentials_of_the_generator(n, a, b):
    u = Generator(a % n, b % n, n)
    w = u.weights()
    assert list(u.values) == list(ZEROABLE)
    for name, exponent in u.values.items():
        assert 0 <= exponent < n
        assert oracle.potential(w.n, nodes_of(w), name) == oracle.zeta(w.n, w.n // n * exponent)
    assert oracle.potential(w.n, nodes_of(w), "abc") == 1
    assert u.distinct_values == tuple(sorted({e for e in u.values.values() if e}))


@pytest.mark.parametrize("symbol", TABLE_ONE)
def test_values_agree_with_table_one(symbol):
    (a, b, c), printed = TABLE_ONE[symbol]
    u = Generator(a, b, 12)
    assert u.c == c
    expected = dict(zip(ZEROABLE, printed, strict=True))
    expected["ABc"] = -expected["ABc"] % 12
    assert u.values == expected


@given(st.integers(1, 59))
@quick
def test_values_of_u_nu_agree_with_table_one_as_corrected(k):
    """Row u_nu: Abc and aBc are conj(nu)^2, AAc and BBc are -conj(nu)^4 (printed conjugated); ab c-bar is nu^4."""
    n, half = 60, 30
    u = Generator(k, (k + half) % n, n)
    powers = {"Abc": -2 * k, "aBc": -2 * k, "ABc": -4 * k, "aAc": half - 2 * k, "bBc": half - 2 * k}
    powers |= {"aac": half, "bbc": half, "AAc": half - 4 * k, "BBc": half - 4 * k}
    assert u.values == {name: e % n for name, e in powers.items()}


@pytest.mark.parametrize("n", [2, 3, 4, 6, 12, 24])
def test_paper_symbols_name_exactly_the_rows_of_table_one(n):
    rows = {tuple(format_root(e, 12) for e in triple): symbol for symbol, (triple, _) in TABLE_ONE.items()}
    assert rows == PAPER_SYMBOLS
    for u in enumerate_generators([n]):
        assert u.symbol == rows.get(tuple(format_root(e, n) for e in (u.a, u.b, u.c)), "")


def test_every_symbol_occurs_among_the_generators_of_roots_3_and_4():
    assert {u.symbol for u in enumerate_generators([3, 4])} == {*TABLE_ONE, ""}
