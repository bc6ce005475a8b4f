"""Single-frequency weights as an exact semi-ring (Definitions 2-5, Theorem 2).

At one frequency every node is a triple [a, b, c]. By the gauge (a, b, c) -> (t a, t b, t^-2 c) and
because the search lives over roots of unity, |a| = |b| = 1 here: a and b are exponents of zeta_n, c
is any element of Z[zeta_n]. n is always even, so that -1 is a root of unity and pseudo-1,
[-1, -1, 1], can be divided out: (a, b) and (-a, -b) are one *direction*, and nodes of one direction
merge by adding c. Weights over mu_n are then elements of the group ring K[mu_n^2 / +-1]; + is its
sum, * its product, and every monomial potential is one of its characters (Theorem 3).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import lcm

import numpy as np

from ..display import circles
from ..errors import InputError
from .cyclotomic import (
    IntArray,
    assert_bound,
    euler_phi,
    format_element,
    format_root,
    largest,
    lift,
    multiply,
    root_of_unity,
    rotate,
    to_complex,
)
from .element import Element, Root
from .potentials import EXPONENTS, conditions

#: Nodes as exponents of a and b and coordinates of c, sorted.
NodeList = tuple[tuple[int, int, tuple[int, ...]], ...]


def fold(a: IntArray, b: IntArray, n: int) -> tuple[IntArray, IntArray]:
    """The representative of each direction {(a, b), (-a, -b)} whose exponent of a is below n/2; n even.

    >>> fold(np.array([4, 1]), np.array([5, 0]), 6)
    (array([1, 1]), array([2, 0]))
    """
    upper = np.mod(a, n) >= n // 2
    return np.mod(a, n) - upper * (n // 2), np.mod(b - upper * (n // 2), n)


@dataclass(frozen=True, eq=False)
class Weights:
    """Merged nodes over mu_n: exponents a, b of shape (q,), c of shape (q, phi(n)).

    Build it with :meth:`from_nodes`, which normalises: a in 0..n/2-1, directions distinct and sorted,
    no node with c = 0. Two weights are equal if they are the same element of the semi-ring,
    whatever n they are written over.
    """

    n: int
    a: IntArray
    b: IntArray
    c: IntArray

    @classmethod
    def from_nodes(cls, n: int, a: IntArray, b: IntArray, c: IntArray) -> Weights:
        """Fold, merge and sort nodes given by exponents a, b (q,) and coordinates c (q, phi(n)).

        Raises InputError if n is odd (write the nodes over 2n), ArithmeticBoundError where a merged
        coordinate could leave 64 bits.
        """
        if n % 2:
            raise InputError(f"n={n} is odd: write weights over mu_{2 * n}, which contains -1")
        a, b = fold(a, b, n)
        assert_bound(max(1, len(c)) * largest(c))
        keys, position = np.unique(a * n + b, return_inverse=True)
        merged = np.zeros((len(keys), euler_phi(n)), dtype=np.int64)
        np.add.at(merged, position.ravel(), c)
        keep = merged.any(axis=1)
        return cls(n, keys[keep] // n, keys[keep] % n, merged[keep])

    @classmethod
    def node(cls, a: Root, b: Root, c: Root | None = None) -> Weights:
        """One node [a, b, c], the material of every solution (Definition 5); c = 1/(ab) where it is left out.

        ``a`` and ``b`` are roots of unity, ``c`` any element of a cyclotomic field with integer coordinates; each is
        written as an integer, a text such as ``"-w3^2"`` or ``"i"``, or an :class:`Element`. Raises InputError for
        anything else.

        >>> Weights.node(1, -1)
        Weights([1, -1, -1])
        >>> u = Weights.node("w3", "w3")
        >>> (u * u * u) == Weights.node(1, 1), (u + 1).order, ((u + 1) * (u - 1)).order
        (True, 2, 2)
        """
        roots = [Element.of(value) for value in (a, b)]
        if any(root.exponent is None for root in roots):
            raise InputError(f"node [{a}, {b}, ...]: a and b must be roots of unity, as in 1, -1, 'i' or 'w3^2'")
        factor = Element.of(c) if c is not None else (roots[0] * roots[1]).conjugate()
        n = lcm(2, factor.n, *(root.n for root in roots))
        first, second = (np.array([root.over(n).exponent]) for root in roots)
        return cls.from_nodes(n, first, second, factor.over(n).array[None, :])

    @classmethod
    def of(cls, value: Weights | Root) -> Weights:
        """The weights themselves, or a number x as [1, 1, x], the x of a polynomial u - x."""
        return value if isinstance(value, Weights) else cls.node(1, 1, value)

    @classmethod
    def unit(cls, a: int, b: int, n: int) -> Weights:
        """The order-1 weight [zeta^a, zeta^b, zeta^(-a-b)], abc = 1 (Definition 7); n may be odd.

        >>> (Weights.unit(1, 1, 3) * Weights.unit(2, 2, 3)) == Weights.unit(0, 0, 2)
        True
        """
        factor = 1 + n % 2
        even = n * factor
        c = root_of_unity(np.array([-(a + b) * factor]), even)
        return cls.from_nodes(even, np.array([a * factor]), np.array([b * factor]), c)

    @property
    def order(self) -> int:
        """Number of directions with c != 0."""
        return len(self.a)

    def over(self, m: int) -> Weights:
        """The same weights written over mu_m, n | m."""
        if m == self.n:
            return self
        factor = m // self.n
        return Weights.from_nodes(m, self.a * factor, self.b * factor, lift(self.c, self.n, m))

    def __add__(self, other: Weights | Root) -> Weights:
        other = Weights.of(other)
        m = lcm(self.n, other.n)
        x, y = self.over(m), other.over(m)
        return Weights.from_nodes(m, *(np.concatenate(pair) for pair in ((x.a, y.a), (x.b, y.b), (x.c, y.c))))

    __radd__ = __add__

    def __neg__(self) -> Weights:
        return Weights(self.n, self.a, self.b, -self.c)

    def __sub__(self, other: Weights | Root) -> Weights:
        return self + -Weights.of(other)

    def __rsub__(self, other: Weights | Root) -> Weights:
        return -self + other

    def __pow__(self, power: int) -> Weights:
        if not isinstance(power, int) or power < 0:
            raise InputError(f"power={power!r}: weights are raised to integers from 0 up")
        return ring_product([self] * power)

    def __mul__(self, other: Weights | Root) -> Weights:
        other = Weights.of(other)
        m = lcm(self.n, other.n)
        x, y = self.over(m), other.over(m)
        c = multiply(x.c[:, None, :], y.c[None, :, :], m).reshape(-1, euler_phi(m))
        return Weights.from_nodes(m, np.add.outer(x.a, y.a).ravel(), np.add.outer(x.b, y.b).ravel(), c)

    __rmul__ = __mul__

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Weights):
            return NotImplemented
        m = lcm(self.n, other.n)
        x, y = self.over(m), other.over(m)
        return all(np.array_equal(u, v) for u, v in ((x.a, y.a), (x.b, y.b), (x.c, y.c)))

    def __hash__(self) -> int:
        return hash(self.order)

    def __repr__(self) -> str:
        nodes = (
            f"[{format_root(a, self.n)}, {format_root(b, self.n)}, {format_element(c, self.n)}]"
            for a, b, c in self.node_list()
        )
        return f"Weights({' + '.join(nodes) or '0'})"

    def _repr_html_(self) -> str:
        a, b = (np.exp(2j * np.pi * part / self.n) for part in (self.a, self.b))
        return circles(np.stack([a, b, to_complex(self.c, self.n)]))

    def times_unit(self, a: int, b: int) -> Weights:
        """The product with the unit [zeta_n^a, zeta_n^b, zeta_n^(-a-b)]."""
        x, y = fold(self.a + a, self.b + b, self.n)
        order = np.argsort(x * self.n + y)
        return Weights(self.n, x[order], y[order], rotate(self.c, -a - b, self.n)[order])

    def node_list(self) -> NodeList:
        """The nodes as plain integers."""
        return tuple(zip(self.a.tolist(), self.b.tolist(), map(tuple, self.c.tolist()), strict=True))

    def swap(self) -> Weights:
        """The weights with a and b exchanged."""
        return Weights.from_nodes(self.n, self.b, self.a, self.c)

    def potential(self, name: str) -> IntArray:
        """The value of one potential in Z[zeta_n], shape (phi(n),); Definition 6. InputError for an unknown name."""
        if name not in EXPONENTS:
            raise InputError(f"potential={name!r} is unknown: choose from {', '.join(EXPONENTS)}")
        i, j = EXPONENTS[name]
        values = rotate(self.c, i * self.a + j * self.b, self.n)
        assert_bound(max(1, self.order) * largest(values))
        return values.sum(axis=0)

    def condition(self, name: str) -> IntArray:
        """The value of a condition, a potential or a sum of potentials such as ``aac+AAc``."""
        return np.asarray(sum(self.potential(part) for part in name.split("+")))

    @property
    def zero_set(self) -> tuple[str, ...]:
        """The names of the potentials that vanish, decided in integers, in Table 1's order."""
        return self.zero_set_at("generic")

    def zero_set_at(self, character_order: str) -> tuple[str, ...]:
        """The names of the conditions that hold at a character of order ``generic``, 4 or 2 (there some merge)."""
        return tuple(name for name in conditions(character_order) if not self.condition(name).any())

    def potentials(self) -> dict[str, Element]:
        """The ten monomial potentials by name, exactly (Definition 6).

        >>> r = Weights.node(1, "w3", "w3^2").potentials()
        >>> r["abc"], r["aac"], r["bbc"]
        (1, w3^2, w3)
        """
        return {name: Element(self.n, tuple(self.potential(name).tolist())) for name in EXPONENTS}


def ring_product(factors: Iterable[Weights]) -> Weights:
    """The ring product of any number of weights; the empty product is [1, 1, 1]."""
    result = Weights.unit(0, 0, 2)
    for factor in factors:
        result = result * factor
    return result
