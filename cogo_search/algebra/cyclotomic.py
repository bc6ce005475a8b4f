r"""Exact arithmetic in Z[zeta_n], zeta_n = exp(2 pi i / n), on arrays of integers.

An element is its coordinate vector in the power basis 1, zeta, ..., zeta^(phi(n)-1): the last
axis of an int64 array, of length phi(n). A root of unity is its exponent modulo n. The bridge is
the *reduction matrix* R of shape (n, phi(n)), R[j] = zeta^j mod Phi_n: a sum of roots of unity
with integer coefficients C vanishes iff the integer matrix product C @ R does. No floats, no
tolerance.

Every product asserts beforehand that it stays inside int64 and raises
:class:`~cogo_search.errors.ArithmeticBoundError` otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import cache, lru_cache
from math import gcd, lcm

import numpy as np
from numpy.typing import NDArray

from ..errors import ArithmeticBoundError, InputError

IntArray = NDArray[np.int64]

#: Largest n of a search. Weights live over the even multiple, so arithmetic reaches 2 MAX_N.
MAX_N = 120
#: Largest entry of any reduction matrix up to n = 2 MAX_N (2 from n = 105 on, asserted when one is made).
_REDUCTION = 2
_INT64_SAFE = 2**62


def check_modulus(n: int) -> int:
    """Return n if 1 <= n <= 2 MAX_N, else raise InputError."""
    if not 1 <= n <= 2 * MAX_N:
        raise InputError(f"n={n} is outside 1..{2 * MAX_N}: use roots of unity whose lcm is at most {MAX_N}")
    return n


def divisors(n: int) -> list[int]:
    """The positive divisors of n, ascending.

    >>> divisors(12)
    [1, 2, 3, 4, 6, 12]
    """
    return [d for d in range(1, n + 1) if n % d == 0]


@cache
def cyclotomic_polynomial(n: int) -> tuple[int, ...]:
    """Coefficients of Phi_n, constant term first, by exact division of x^n - 1.

    >>> cyclotomic_polynomial(12)
    (1, 0, -1, 0, 1)
    """
    poly = [-1] + [0] * (n - 1) + [1]
    for d in divisors(n)[:-1]:
        divisor = cyclotomic_polynomial(d)
        quotient = [0] * (len(poly) - len(divisor) + 1)
        for i in reversed(range(len(quotient))):
            quotient[i] = poly[i + len(divisor) - 1]
            for j, coefficient in enumerate(divisor):
                poly[i + j] -= quotient[i] * coefficient
        poly = quotient
    return tuple(poly)


def euler_phi(n: int) -> int:
    """phi(n), the rank of Z[zeta_n]."""
    return len(cyclotomic_polynomial(n)) - 1


def units_modulo(n: int) -> list[int]:
    """The t in 1..n with gcd(t, n) = 1: the Galois group of Q(zeta_n), zeta -> zeta^t."""
    return [t for t in range(1, n + 1) if gcd(t, n) == 1]


@cache
def reduction_matrix(n: int) -> IntArray:
    """R of shape (n, phi(n)), R[j] = zeta_n^j in the power basis (read-only).

    >>> reduction_matrix(4).tolist()
    [[1, 0], [0, 1], [-1, 0], [0, -1]]
    """
    modulus = cyclotomic_polynomial(check_modulus(n))
    phi = len(modulus) - 1
    rows = np.zeros((n, phi), dtype=np.int64)
    current = [1] + [0] * (phi - 1)
    for j in range(n):
        rows[j] = current
        top = current[-1]
        current = [c - top * m for c, m in zip([0, *current[:-1]], modulus[:-1], strict=True)]
    if largest(rows) > _REDUCTION:
        raise ArithmeticBoundError(f"the reduction matrix of n={n} has entries above {_REDUCTION}")
    rows.setflags(write=False)
    return rows


def root_of_unity(exponent: int | IntArray, n: int) -> IntArray:
    """zeta_n^exponent as coordinates; an array of exponents gives shape (..., phi(n))."""
    return reduction_matrix(n)[np.mod(exponent, n)]


def largest(x: IntArray) -> int:
    """The largest absolute coordinate, as a Python integer."""
    return int(max(int(x.max(initial=0)), -int(x.min(initial=0))))


def assert_bound(bound: int) -> None:
    """Raise ArithmeticBoundError if a result may reach ``bound`` and that is beyond int64."""
    if bound >= _INT64_SAFE:
        raise ArithmeticBoundError(f"coordinates may reach {bound}, beyond exact 64-bit integers: use smaller roots")


def rotate(x: IntArray, exponent: int | IntArray, n: int) -> IntArray:
    """x * zeta_n^exponent; exponent broadcasts against the leading axes of x."""
    matrix = reduction_matrix(n)
    phi = matrix.shape[1]
    assert_bound(_REDUCTION * phi * max(1, largest(x)))
    powers = np.mod(np.asarray(exponent)[..., None] + np.arange(phi), n)
    return np.einsum("...i,...ij->...j", x, matrix[powers])


def galois(x: IntArray, t: int, n: int) -> IntArray:
    """The image of x under zeta_n -> zeta_n^t, gcd(t, n) = 1; t = -1 is complex conjugation."""
    matrix = reduction_matrix(n)
    phi = matrix.shape[1]
    assert_bound(_REDUCTION * phi * max(1, largest(x)))
    return x @ matrix[np.mod(t * np.arange(phi), n)]


def multiply(x: IntArray, y: IntArray, n: int) -> IntArray:
    """The product of two arrays of elements, leading axes broadcast."""
    matrix = reduction_matrix(n)
    phi = matrix.shape[1]
    assert_bound(_REDUCTION * phi * phi * max(1, largest(x)) * max(1, largest(y)))
    table = matrix[np.add.outer(np.arange(phi), np.arange(phi)) % n]
    return np.einsum("...i,...j,ijk->...k", x, y, table, optimize=True)


def lift(x: IntArray, n: int, m: int) -> IntArray:
    """The same elements in Z[zeta_m] for n | m."""
    if m == n:
        return x
    assert_bound(_REDUCTION * x.shape[-1] * max(1, largest(x)))
    return x @ reduction_matrix(m)[(m // n) * np.arange(x.shape[-1])]


@cache
def _descent(m: int, n: int) -> tuple[tuple[int, ...], IntArray, int]:
    """Columns P, integer matrix B and denominator D with x[P] @ B / D the Q(zeta_n)-coordinates."""
    embedding = reduction_matrix(m)[(m // n) * np.arange(euler_phi(n))]
    pivots: list[int] = []
    rows = [[Fraction(int(v)) for v in row] for row in embedding]
    size = len(rows)
    inverse = [[Fraction(int(i == j)) for j in range(size)] for i in range(size)]
    for column in range(embedding.shape[1]):
        rank = len(pivots)
        if rank == size:
            break
        source = next((r for r in range(rank, size) if rows[r][column]), None)
        if source is None:
            continue
        rows[rank], rows[source] = rows[source], rows[rank]
        inverse[rank], inverse[source] = inverse[source], inverse[rank]
        scale = rows[rank][column]
        rows[rank] = [v / scale for v in rows[rank]]
        inverse[rank] = [v / scale for v in inverse[rank]]
        for r in range(size):
            if r != rank and rows[r][column]:
                factor = rows[r][column]
                rows[r] = [u - factor * v for u, v in zip(rows[r], rows[rank], strict=True)]
                inverse[r] = [u - factor * v for u, v in zip(inverse[r], inverse[rank], strict=True)]
        pivots.append(column)
    # x = y @ embedding and (inverse @ embedding)[:, pivots] = identity, so y = x[pivots] @ inverse.
    denominator = lcm(*(v.denominator for row in inverse for v in row))
    matrix = np.array([[int(v * denominator) for v in row] for row in inverse], dtype=np.int64)
    return tuple(pivots), matrix, denominator


def descend(x: IntArray, m: int, n: int) -> IntArray | None:
    """The elements x of Z[zeta_m] as coordinates in Z[zeta_n], n | m, or None if one lies outside."""
    if m == n:
        return x
    pivots, matrix, denominator = _descent(m, n)
    assert_bound(largest(matrix) * len(pivots) * max(1, largest(x)))
    scaled = x[..., list(pivots)] @ matrix
    if np.any(scaled % denominator):
        return None
    y = scaled // denominator
    return y if np.array_equal(lift(y, n, m), x) else None


@lru_cache(maxsize=65536)
def _inverse(x: tuple[int, ...], n: int) -> tuple[tuple[int, ...], int]:
    phi = len(x)
    matrix = reduction_matrix(n)
    rows = []
    for i in range(phi):  # column i of the multiplication map is x * zeta^i
        rows.append([Fraction(sum(x[k] * int(matrix[(i + k) % n, j]) for k in range(phi))) for j in range(phi)])
    system = [[rows[i][j] for i in range(phi)] + [Fraction(int(j == 0))] for j in range(phi)]
    for column in range(phi):
        source = next((r for r in range(column, phi) if system[r][column]), None)
        if source is None:
            raise ZeroDivisionError("inverse of zero in Q(zeta_n)")
        system[column], system[source] = system[source], system[column]
        pivot = system[column][column]
        system[column] = [v / pivot for v in system[column]]
        for r in range(phi):
            if r != column and system[r][column]:
                factor = system[r][column]
                system[r] = [u - factor * v for u, v in zip(system[r], system[column], strict=True)]
    solution = [row[-1] for row in system]
    denominator = lcm(*(v.denominator for v in solution))
    return tuple(int(v * denominator) for v in solution), denominator


def inverse(x: IntArray, n: int) -> tuple[IntArray, int]:
    """(y, D) with x * y = D, a positive integer: the inverse of one element is y / D.

    Raises ZeroDivisionError if x = 0.
    """
    numerator, denominator = _inverse(tuple(int(v) for v in x), n)
    if max(map(abs, numerator)) >= _INT64_SAFE:
        assert_bound(max(map(abs, numerator)))
    return np.array(numerator, dtype=np.int64), denominator


def to_complex(x: IntArray, n: int) -> NDArray[np.complex128]:
    """Floating-point values, for costs and pictures only: never to decide what is zero."""
    return x @ np.exp(2j * np.pi * np.arange(x.shape[-1]) / n)


def format_root(exponent: int, n: int) -> str:
    """A root of unity for people: 1, -1, i, -i, or w<n>^e in lowest terms.

    >>> [format_root(e, 12) for e in (0, 3, 4, 6, 8)]
    ['1', 'i', 'w3', '-1', 'w3^2']
    """
    exponent %= n
    divisor = gcd(exponent, n)
    power, order = exponent // divisor, n // divisor
    special = {(0, 1): "1", (1, 2): "-1", (1, 4): "i", (3, 4): "-i"}
    if (power, order) in special:
        return special[power, order]
    return f"w{order}" if power == 1 else f"w{order}^{power}"


def format_element(coordinates: Sequence[int] | IntArray, n: int, scale: int = 1) -> str:
    """An element of Q(zeta_n), coordinates over ``scale``, for people: -2i, w3/2, else a polynomial in z = zeta_n.

    >>> format_element([0, -2], 4), format_element([3, 3], 6, 6), format_element([1, 2, 0, 0], 12, 4)
    ('-2i', '(1 + z)/2', '(1 + 2z)/4')
    """
    x = np.array(coordinates, dtype=np.int64)
    if not x.any():
        return "0"
    common = gcd(scale, int(np.gcd.reduce(x)))
    x, over = x // common, "" if scale == common else f"/{scale // common}"
    for exponent, row in enumerate(reduction_matrix(n)[: n // 2 if n % 2 == 0 else n]):
        pivot = int(np.flatnonzero(row)[0])
        m = int(x[pivot] // row[pivot])
        if m and np.array_equal(x, m * row):
            root = format_root(exponent, n)
            if root.startswith("-"):
                root, m = root[1:], -m
            size = "" if abs(m) == 1 and root != "1" else str(abs(m))
            return ("-" if m < 0 else "") + (size or "") + ("" if root == "1" else root) + over
    terms = []
    for power, v in enumerate(int(v) for v in x):
        if v:
            name = "" if power == 0 else "z" if power == 1 else f"z^{power}"
            terms.append(("- " if v < 0 else "+ ") + ("" if abs(v) == 1 and name else str(abs(v))) + name)
    text = " ".join(terms).removeprefix("+ ")
    return f"({'-' + text[2:] if text.startswith('- ') else text}){over}"
