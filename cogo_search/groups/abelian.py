"""Finite Abelian groups as products of cyclic groups, and their characters.

A group is given by a spec such as ``7``, ``2x3`` or ``4x4x3``. Elements and characters are both indexed
0..d-1 in lexicographic order of their digits, last factor fastest; index 0 is the identity and the
trivial character. phi_k(x) = exp(2 pi i sum_i k_i x_i / d_i), and -k is the conjugate of k. Small orders
(2k = 0, 3k = 0, 4k = 0) are read off the order of k, never special-cased by group.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import gcd, lcm, prod

import numpy as np
from numpy.typing import NDArray

from ..algebra.cyclotomic import IntArray
from ..errors import InputError

#: Largest group order accepted: W_a, W_b and V have d columns each, the input grid d^2 pairs.
MAX_ORDER = 4096


@dataclass(frozen=True, init=False, repr=False)
class Group:
    """Z_{d_1} x ... x Z_{d_r}, written additively.

    >>> g = Group("2x3")
    >>> g.order, g.name, g.conjugate_pairs, g.self_conjugate
    (6, '2x3', [(1, 2), (4, 5)], [3])
    """

    factors: tuple[int, ...]

    def __init__(self, spec: str | int | Sequence[int]) -> None:
        """Read the orders of the cyclic factors, as ``"4x3"``, ``7`` or ``(4, 3)``.

        Raises InputError for what names no group, or one of order above MAX_ORDER.
        """
        if isinstance(spec, str) and not re.fullmatch(r"[0-9]{1,9}(x[0-9]{1,9})*", spec):
            raise InputError(f"group={spec!r} is not a group: write orders of cyclic factors, as in 7, 2x3 or 4x4x3")
        factors = spec.split("x") if isinstance(spec, str) else [spec] if isinstance(spec, int) else spec
        try:
            factors = tuple(map(int, factors))
        except (TypeError, ValueError):
            factors = ()
        if not factors:
            raise InputError(f"group={spec!r} is not a group: write orders of cyclic factors, as in 7, 2x3 or 4x4x3")
        if min(factors) < 2:
            raise InputError(f"group={spec!r} has a factor below 2: every cyclic factor needs order at least 2")
        if prod(factors) > MAX_ORDER:
            raise InputError(f"group={spec!r} has order {prod(factors)}: the largest supported is {MAX_ORDER}")
        object.__setattr__(self, "factors", factors)

    @classmethod
    def parse(cls, spec: str) -> Group:
        """The group named by a spec; InputError if it names none, or one of order above MAX_ORDER."""
        return cls(spec)

    @property
    def order(self) -> int:
        """Number of elements d."""
        return prod(self.factors)

    @property
    def exponent(self) -> int:
        """The least e with e x = 0 for all x."""
        return lcm(*self.factors)

    @property
    def name(self) -> str:
        """The spec, such as ``4x3``."""
        return "x".join(map(str, self.factors))

    @property
    def elements(self) -> list[tuple[int, ...]]:
        """The elements by index, as digits: (0, 0), (0, 1), ..."""
        return [tuple(row) for row in self.digits.tolist()]

    @cached_property
    def table(self) -> IntArray:
        """The group's table, shape (d, d): table[i, j] is the number of the sum of elements i and j."""
        everything = np.arange(self.order)
        return self.add(everything[:, None], everything[None, :])

    def __repr__(self) -> str:
        return f"Group({self.name!r})"

    def to_dict(self) -> dict[str, object]:
        """Name, order and factors."""
        return {"name": self.name, "order": self.order, "factors": list(self.factors)}

    @cached_property
    def digits(self) -> IntArray:
        """Elements (or characters) by index: shape (d, r)."""
        return np.stack(np.unravel_index(np.arange(self.order), self.factors), axis=-1).astype(np.int64)

    def index(self, digits: IntArray) -> IntArray:
        """Indices of digit vectors (..., r), reduced modulo the factors."""
        reduced = np.mod(digits, self.factors)
        return np.ravel_multi_index(tuple(np.moveaxis(reduced, -1, 0)), self.factors)

    def add(self, x: IntArray | int, y: IntArray | int) -> IntArray:
        """Index of x + y, broadcasting."""
        return self.index(self.digits[x] + self.digits[y])

    def multiple(self, t: int, x: IntArray | int) -> IntArray:
        """Index of t x."""
        return self.index(t * self.digits[x])

    @cached_property
    def character_orders(self) -> IntArray:
        """The order of each character in the dual group, shape (d,)."""
        orders = [lcm(*(f // gcd(int(k), f) for k, f in zip(row, self.factors, strict=True))) for row in self.digits]
        return np.array(orders)

    @cached_property
    def conjugate_pairs(self) -> list[tuple[int, int]]:
        """(k, -k) for every pair of conjugate characters, the lexicographically smaller one first."""
        negative = self.multiple(-1, np.arange(self.order))
        return [(k, int(m)) for k, m in enumerate(negative) if k < m]

    @cached_property
    def self_conjugate(self) -> list[int]:
        """The nontrivial characters with 2k = 0: real ones."""
        return [k for k in range(1, self.order) if self.character_orders[k] == 2]

    @cached_property
    def frequencies(self) -> dict[int, int]:
        """The nontrivial characters that name frequencies, ascending: 2 for one of a pair k, -k, 1 where 2k = 0."""
        return dict(sorted([(k, 2) for k, _ in self.conjugate_pairs] + [(k, 1) for k in self.self_conjugate]))

    @cached_property
    def characters(self) -> NDArray[np.complex128]:
        """phi_k(x) at [k, x], shape (d, d)."""
        weights = self.exponent // np.array(self.factors)
        exponents = (self.digits * weights) @ self.digits.T % self.exponent
        return np.exp(2j * np.pi * np.arange(self.exponent) / self.exponent)[exponents]

    def frequency_name(self, k: int) -> int | list[int]:
        """A character's name in files: an integer for cyclic groups, a list for products."""
        return k if len(self.factors) == 1 else [int(v) for v in self.digits[k]]

    def written(self, *characters: int) -> str:
        """Characters as they are typed: ``1, 3``, for products ``0,1 / 1,1``."""
        names = [",".join(map(str, self.digits[k])) for k in characters]
        return (", " if len(self.factors) == 1 else " / ").join(names)

    def pair_of(self, k: int) -> int:
        """The lexicographically smaller of k and -k, which names the pair."""
        return min(k, int(self.multiple(-1, k)))

    def frequency(self, text: str) -> int:
        """The index of a character written as ``3`` or, for products, ``1,2``; InputError if there is none."""
        parts = text.split(",")
        if not all(re.fullmatch(r"[0-9]+", part) for part in parts) or len(parts) != len(self.factors):
            example = "3" if len(self.factors) == 1 else ",".join("1" for _ in self.factors)
            raise InputError(f"frequency {text!r} does not fit group {self.name}: write it as in {example}")
        digits = [int(part) for part in parts]
        if any(digit >= factor for digit, factor in zip(digits, self.factors, strict=True)):
            raise InputError(f"frequency {text!r} is outside group {self.name}: write numbers below {self.name}")
        return int(self.index(np.array(digits)))

    def fft(self, x: NDArray[np.floating | np.complexfloating]) -> NDArray[np.complex128]:
        """sum_x f(x) conj(phi_k(x)) along the first axis, shape (d, ...)."""
        shaped = x.reshape(*self.factors, *x.shape[1:])
        return np.fft.fftn(shaped, axes=range(len(self.factors))).reshape(x.shape)

    def ifft(self, x: NDArray[np.floating | np.complexfloating]) -> NDArray[np.complex128]:
        """d^-1 sum_k f(k) phi_k(x) along the first axis: the inverse of :meth:`fft`."""
        shaped = x.reshape(*self.factors, *x.shape[1:])
        return np.fft.ifftn(shaped, axes=range(len(self.factors))).reshape(x.shape)


def abelian_groups(order: int) -> list[Group]:
    """Every Abelian group of the given order up to isomorphism, by invariant factors d_1 | d_2 | ...

    >>> [g.name for g in abelian_groups(8)]
    ['8', '2x4', '2x2x2']
    """

    def chains(rest: int, multiple_of: int) -> list[tuple[int, ...]]:
        found: list[tuple[int, ...]] = [()] if rest == 1 else []
        for first in range(2, rest + 1):
            if rest % first == 0 and first % multiple_of == 0:
                found += [(first, *tail) for tail in chains(rest // first, first)]
        return found

    return sorted((Group(chain) for chain in chains(order, 1)), key=lambda g: (len(g.factors), g.factors))
