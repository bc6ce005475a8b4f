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

from ..errors import InputError
from .cyclotomic import IntArray, assert_bound, euler_phi, largest, lift, multiply, root_of_unity, rotate
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

    def __add__(self, other: Weights) -> Weights:
        m = lcm(self.n, other.n)
        x, y = self.over(m), other.over(m)
        return Weights.from_nodes(m, *(np.concatenate(pair) for pair in ((x.a, y.a), (x.b, y.b), (x.c, y.c))))

    def __mul__(self, other: Weights) -> Weights:
        m = lcm(self.n, other.n)
        x, y = self.over(m), other.over(m)
        c = multiply(x.c[:, None, :], y.c[None, :, :], m).reshape(-1, euler_phi(m))
        return Weights.from_nodes(m, np.add.outer(x.a, y.a).ravel(), np.add.outer(x.b, y.b).ravel(), c)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Weights):
            return NotImplemented
        m = lcm(self.n, other.n)
        x, y = self.over(m), other.over(m)
        return all(np.array_equal(u, v) for u, v in ((x.a, y.a), (x.b, y.b), (x.c, y.c)))

    def __hash__(self) -> int:
        return hash(self.order)

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
        """The value of one potential in Z[zeta_n], shape (phi(n),); Definition 6."""
        i, j = EXPONENTS[name]
        values = rotate(self.c, i * self.a + j * self.b, self.n)
        assert_bound(max(1, self.order) * largest(values))
        return values.sum(axis=0)

    def condition(self, name: str) -> IntArray:
        """The value of a condition, a potential or a sum of potentials such as ``aac+AAc``."""
        return np.asarray(sum(self.potential(part) for part in name.split("+")))

    def zero_set(self, character_order: str = "generic") -> tuple[str, ...]:
        """The names of the conditions that hold, exactly, in Table 1's order."""
        return tuple(name for name in conditions(character_order) if not self.condition(name).any())


def ring_product(factors: Iterable[Weights]) -> Weights:
    """The ring product of any number of weights; the empty product is [1, 1, 1]."""
    result = Weights.unit(0, 0, 2)
    for factor in factors:
        result = result * factor
    return result
