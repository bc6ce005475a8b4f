"""Elements of Z[zeta_n] as values one can compute with: exact, printed as people write them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from math import gcd, lcm

import numpy as np

from ..errors import InputError
from .cyclotomic import (
    IntArray,
    assert_bound,
    euler_phi,
    format_element,
    format_root,
    galois,
    largest,
    lift,
    multiply,
    reduction_matrix,
    root_of_unity,
    to_complex,
    units_modulo,
)


@dataclass(frozen=True, eq=False)
class Element:
    """An element of Z[zeta_n], by its coordinates in the power basis modulo the cyclotomic polynomial.

    >>> w = Element.root(3)
    >>> 1 + w + w * w == 0, -w * w, 2 * w
    (True, -w3^2, 2w3)
    """

    n: int
    coordinates: tuple[int, ...]

    @classmethod
    def root(cls, n: int, exponent: int = 1) -> Element:
        """zeta_n^exponent."""
        return cls(n, tuple(root_of_unity(np.array(exponent % n), n).tolist()))

    @classmethod
    def of(cls, value: Root) -> Element:
        """The element itself, an integer, or what a text spells: ``3``, ``i``, ``-w3^2``.

        Raises InputError for anything else, ArithmeticBoundError for numbers beyond exact 64-bit arithmetic.
        """
        if isinstance(value, Element):
            return value
        if isinstance(value, (int, np.integer)) and not isinstance(value, bool):
            assert_bound(abs(int(value)))
            return cls(2, (int(value),))
        if isinstance(value, str):
            text = value.replace(" ", "")
            if re.fullmatch(r"[+-]?[0-9]{1,18}", text):
                return cls.of(int(text))
            if spelled := re.fullmatch(r"(-?)(?:i|w([1-9][0-9]{0,2}))(?:\^(-?[0-9]{1,9}))?", text):
                sign, order, power = spelled.groups()
                root = cls.root(int(order or 4), int(power or 1))
                return -root if sign else root
        raise InputError(f"{value!r} is no element of a cyclotomic field: write 1, -1, 'i', 'w3' or '-w8^3'")

    @property
    def array(self) -> IntArray:
        """The coordinates, shape (phi(n),)."""
        return np.array(self.coordinates, dtype=np.int64)

    @property
    def exponent(self) -> int | None:
        """e with the element zeta_N^e, N the even one of n and 2n; None if it is no root of unity."""
        even = self if self.n % 2 == 0 else self.over(2 * self.n)
        places = np.flatnonzero((root_of_unity(np.arange(even.n), even.n) == even.array).all(axis=1))
        return int(places[0]) if len(places) else None

    def over(self, m: int) -> Element:
        """The same element in Z[zeta_m], n | m."""
        return Element(m, tuple(lift(self.array, self.n, m).tolist()))

    def conjugate(self) -> Element:
        """The complex conjugate."""
        return Element(self.n, tuple(galois(self.array, -1, self.n).tolist()))

    def _common(self, other: Root) -> tuple[int, IntArray, IntArray]:
        """Both written over the lcm of their n."""
        other = Element.of(other)
        m = lcm(self.n, other.n)
        return m, self.over(m).array, other.over(m).array

    def __add__(self, other: Root) -> Element:
        m, x, y = self._common(other)
        assert_bound(largest(x) + largest(y))
        return Element(m, tuple((x + y).tolist()))

    __radd__ = __add__

    def __neg__(self) -> Element:
        return Element(self.n, tuple(-v for v in self.coordinates))

    def __sub__(self, other: Root) -> Element:
        return self + -Element.of(other)

    def __rsub__(self, other: Root) -> Element:
        return -self + other

    def __mul__(self, other: Root) -> Element:
        m, x, y = self._common(other)
        return Element(m, tuple(multiply(x, y, m).tolist()))

    __rmul__ = __mul__

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, (Element, int)) or isinstance(other, bool):
            return NotImplemented
        if isinstance(other, int):
            return self.coordinates[0] == other and not any(self.coordinates[1:])
        _, x, y = self._common(other)
        return np.array_equal(x, y)

    def __hash__(self) -> int:
        """That of the mean of all conjugates, a rational number whatever n: of an integer it is the integer."""
        traces = _traces(self.n)
        total = sum(x * trace for x, trace in zip(self.coordinates, traces, strict=True))
        return hash(Fraction(total, traces[0]))

    def __bool__(self) -> bool:
        return any(self.coordinates)

    def __complex__(self) -> complex:
        return complex(to_complex(self.array, self.n))

    def __repr__(self) -> str:
        e = self.exponent
        if e is None:
            return format_element(self.coordinates, self.n)
        n = self.n if self.n % 2 == 0 else 2 * self.n
        if n // gcd(e, n) % 4 == 2 and 2 * e != n:  # of order 2 m, m odd: minus a root of order m
            return f"-{format_root(e + n // 2, n)}"
        return format_root(e, n)

    def to_dict(self) -> dict[str, object]:
        """n and the coordinates, as in catalog files."""
        return {"n": self.n, "coordinates": list(self.coordinates)}


@cache
def _traces(n: int) -> tuple[int, ...]:
    """The sum of all conjugates of each power in the basis, an integer; of 1 it is phi(n)."""
    powers = np.arange(euler_phi(n))
    rows = [reduction_matrix(n)[t * powers % n] for t in units_modulo(n)]
    return tuple(int(total) for total in np.sum(rows, axis=0)[:, 0])


#: How a person may write an element.
Root = Element | int | str
