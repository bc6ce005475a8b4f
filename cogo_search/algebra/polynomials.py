r"""Polynomials rho_S(u) = prod_{s in S} (u - s) in one generator (Theorem 4).

For any set S of values of u on the potentials, not containing 1, every potential whose value at u
lies in S vanishes on rho_S(u), and r_kkk(rho_S(u)) = prod (1 - s) does not. Subtracting s means adding
the order-1 weight [1, 1, -s]: it scales **c only**, so that every potential sees the same -s (the
paper's -s^{1/3} * 1 would be conjugated by some of them). With prod (x - s) = sum_l p_l x^l the nodes
are [a^l, b^l, p_l c^l]; equal directions merge, so order and degree differ: u^2 + u + 1 has order 3,
and the maximal polynomial of a generic u_nu has degree 5 and order 6.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .cyclotomic import IntArray, format_element, lift, reduction_matrix, rotate
from .generators import Generator
from .potentials import ZEROABLE
from .weights import Weights, fold


@dataclass(frozen=True, order=True)
class Polynomial:
    """rho_S(u): the generator, S as sorted exponents of zeta_n, its order and zero mask.

    Bit i of ``mask`` says that the i-th of the nine potentials (Table 1's order) vanishes.
    """

    generator: Generator
    values: tuple[int, ...]
    order: int
    mask: int

    @property
    def degree(self) -> int:
        """Number of roots S."""
        return len(self.values)

    def weights(self) -> Weights:
        """The expanded, merged weight."""
        u = self.generator
        even = u.n * (1 + u.n % 2)
        powers = np.arange(self.degree + 1)
        c = rotate(coefficients(self.values, u.n), powers * u.c, u.n)
        factor = even // u.n
        return Weights.from_nodes(even, powers * u.a * factor, powers * u.b * factor, lift(c, u.n, even))

    def __str__(self) -> str:
        return format_coefficients(coefficients(self.values, self.generator.n), self.generator.n)


def coefficients(values: Sequence[int], n: int) -> IntArray:
    """p_0..p_L of prod_{s in values} (x - zeta_n^s), shape (L + 1, phi(n))."""
    one = reduction_matrix(n)[:1]
    poly = one.copy()
    for s in values:
        shifted = np.concatenate([np.zeros_like(one), poly])
        shifted[:-1] -= rotate(poly, s, n)
        poly = shifted
    return poly


def format_coefficients(poly: IntArray, n: int) -> str:
    """A polynomial in u for people; coefficients as in :func:`~cogo_search.algebra.cyclotomic.format_element`.

    >>> format_coefficients(coefficients((1, 2), 3), 3)
    'u^2 + u + 1'
    """
    terms = []
    for power in reversed(range(len(poly))):
        if poly[power].any():
            name = "" if power == 0 else "u" if power == 1 else f"u^{power}"
            value = format_element(poly[power], n)
            sign, size = ("-", value[1:]) if value.startswith("-") else ("+", value)
            terms.append(f"{sign} " + (name if size == "1" and name else f"{size} {name}".strip()))
    text = " ".join(terms)
    return text.removeprefix("+ ") if text.startswith("+") else "-" + text.removeprefix("- ")


def zero_mask(generator: Generator, values: Sequence[int]) -> int:
    """The potentials that rho_S annuls, as a bit mask over the nine names."""
    roots = set(values)
    return sum(1 << bit for bit, name in enumerate(ZEROABLE) if generator.values[name] in roots)


def all_polynomials(generator: Generator) -> list[Polynomial]:
    """rho_S(u) for every nonempty set S of values other than 1, at most 2^8 - 1 of them.

    All subsets are expanded together: the polynomials of the subsets with s are those without it
    times (x - s).
    """
    n, values = generator.n, generator.distinct_values
    phi = reduction_matrix(n).shape[1]
    table = np.zeros((1, len(values) + 1, phi), dtype=np.int64)
    table[0, 0] = reduction_matrix(n)[0]
    for s in values:
        times_x = np.roll(table, 1, axis=1)  # the top coefficient is still zero, so rolling shifts
        table = np.concatenate([table, times_x - rotate(table, s, n)])
    powers = np.arange(len(values) + 1)
    nodes = rotate(table, powers * generator.c, n)
    groups = _direction_groups(generator, len(values) + 1)
    merged = np.zeros((len(table), groups.max() + 1, phi), dtype=np.int64)
    for power in powers:
        merged[:, groups[power]] += nodes[:, power]
    orders = merged.any(axis=2).sum(axis=1)
    polynomials = []
    for subset in range(1, len(table)):
        roots = tuple(s for i, s in enumerate(values) if subset >> i & 1)
        polynomials.append(Polynomial(generator, roots, int(orders[subset]), zero_mask(generator, roots)))
    return polynomials


def _direction_groups(generator: Generator, count: int) -> IntArray:
    """For each power l < count the index of the direction of u^l up to a common sign."""
    factor, powers = 1 + generator.n % 2, np.arange(count)
    a, b = fold(powers * generator.a * factor, powers * generator.b * factor, generator.n * factor)
    return np.unique(np.stack([a, b]), axis=1, return_inverse=True)[1].ravel()


def maximal_polynomial(generator: Generator) -> Polynomial | None:
    """rho(u): S is the set of all values other than 1; None if there is none (1 and pseudo-1)."""
    return all_polynomials(generator)[-1] if generator.distinct_values else None
