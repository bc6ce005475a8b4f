"""Blocks: solutions at one character, the material of recipes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from math import lcm
from typing import Any

import numpy as np

from ..algebra.canonical import Solution, canonical
from ..algebra.cyclotomic import (
    MAX_N,
    IntArray,
    euler_phi,
    galois,
    lift,
    reduction_matrix,
    root_of_unity,
    rotate,
    to_complex,
)
from ..algebra.generators import Generator
from ..algebra.polynomials import Polynomial
from ..algebra.potentials import EXPONENTS, SETS
from ..algebra.weights import Weights
from ..errors import InputError
from ..groups.abelian import Group
from ..networks.network import FloatArray


@dataclass(frozen=True)
class Block:
    """A solution at one character: exponents of zeta_n, c over ``scale``; ``name`` says where it is from."""

    frequency: int
    name: str
    n: int
    a: tuple[int, ...]
    b: tuple[int, ...]
    c: tuple[tuple[int, ...], ...]
    scale: int

    @property
    def order(self) -> int:
        """Number of nodes."""
        return len(self.a)

    def squares_to_a_constant(self) -> bool:
        """Whether the nodes' (alpha + beta)^2 add up to a constant: sum a^2, b^2, ab and a conj(b) vanish."""
        a, b = np.array(self.a), np.array(self.b)
        sums = (root_of_unity(e, self.n).sum(axis=0) for e in (2 * a, 2 * b, a + b, a - b))
        return not any(total.any() for total in sums)

    def potential(self, i: int, j: int) -> IntArray:
        """``scale`` * sum over nodes of a^i b^j c in Z[zeta_n], shape (phi(n),)."""
        exponents = i * np.array(self.a) + j * np.array(self.b)
        return np.asarray(rotate(np.array(self.c, dtype=np.int64), exponents, self.n).sum(axis=0))

    def constant(self, character_order: int) -> IntArray:
        """``scale`` * S_k, the constant C_{0 0 k} on the outputs: each node's square holds 4, where 2k = 0, 2."""
        return (2 if character_order == 2 else 4) * self.potential(0, 0)

    def unsolved(self, character_order: int) -> str | None:
        """The first condition of zero loss, the constant apart, that fails at a character of this order, or None.

        ``abc = 1``; at generic k R_c and R_* vanish, where 4k = 0 ``aac+AAc`` and ``bbc+BBc`` replace R_*, where
        2k = 0 all numbers are real (docs/theory.md, section 4).
        """
        if character_order == 2:
            c = np.array(self.c, dtype=np.int64)
            if any(2 * x % self.n for x in self.a + self.b) or not np.array_equal(c, galois(c, -1, self.n)):
                return "real nodes"
            asked: dict[str, tuple[str, ...]] = {}
        elif character_order == 4:
            asked = {name: (name,) for name in SETS["Rc"]} | {"aac+AAc": ("aac", "AAc"), "bbc+BBc": ("bbc", "BBc")}
        else:
            asked = {name: (name,) for name in SETS["Rc"] + SETS["R*"]}
        if not np.array_equal(self.potential(1, 1), self.scale * reduction_matrix(self.n)[0]):
            return "abc = 1"
        for condition, names in asked.items():
            if np.any(sum(self.potential(*EXPONENTS[name]) for name in names)):
                return f"{condition} = 0"
        return None

    def sizes(self) -> FloatArray:
        """|c| of each node, shape (q,)."""
        return np.asarray(np.abs(to_complex(np.array(self.c, dtype=np.int64), self.n)) / self.scale)

    @classmethod
    def of(
        cls, frequency: int, solution: Solution, unit: tuple[Fraction, Fraction] = (Fraction(0), Fraction(0))
    ) -> Block:
        """A catalog solution times the unit [e^{2 pi i u}, e^{2 pi i v}, .], abc = 1, u and v fractions of a turn.

        Raises InputError if the nodes would need roots of unity beyond order 240.
        """
        w, name = solution.weights(), solution.id
        n = lcm(w.n, *(part.denominator for part in unit))
        if n > 2 * MAX_N:
            turns = ",".join(map(str, unit))
            raise InputError(f"unit {turns} needs {n}-th roots of unity with {name}: at most {2 * MAX_N} are supported")
        u, v = (int(part * n) for part in unit)
        step, c = n // w.n, rotate(lift(w.c, w.n, n), -u - v, n)
        return cls(
            frequency,
            name,
            n,
            tuple(int(x * step + u) % n for x in w.a),
            tuple(int(x * step + v) % n for x in w.b),
            _rows(c),
            solution.scale(),
        )

    def conjugate(self) -> Block:
        """The block that has these coefficients at -k."""
        a, b = (tuple(-x % self.n for x in part) for part in (self.a, self.b))
        return replace(self, a=a, b=b, c=_rows(galois(np.array(self.c, dtype=np.int64), -1, self.n)))

    def record(self, group: Group) -> dict[str, Any]:
        """The block as JSON."""
        nodes = [{"a": a, "b": b, "c": list(c)} for a, b, c in zip(self.a, self.b, self.c, strict=True)]
        k = group.frequency_name(self.frequency)
        return {"k": k, "solution": self.name, "n": self.n, "scale": self.scale, "nodes": nodes}

    @classmethod
    def from_record(cls, group: Group, record: Mapping[str, Any]) -> Block:
        """The block that :meth:`record` wrote; InputError if its numbers do not fit each other."""
        k, n, nodes = record["k"], record["n"], record["nodes"]
        frequency = group.frequency(",".join(map(str, k if isinstance(k, list) else [k])))
        exponents = [node[name] for node in nodes for name in ("a", "b")]
        if not 2 <= n <= 2 * MAX_N or n % 2 or record["scale"] < 1:
            raise InputError(
                f"block at {k}: n={n} is odd or outside 2..{2 * MAX_N}, or scale={record['scale']} below 1"
            )
        if any(not 0 <= x < n for x in exponents) or any(len(node["c"]) != euler_phi(n) for node in nodes):
            raise InputError(f"block at {k}: the nodes do not fit n={n}")
        a, b = (tuple(node[name] for node in nodes) for name in ("a", "b"))
        return cls(frequency, record["solution"], n, a, b, tuple(tuple(node["c"]) for node in nodes), record["scale"])


def _one() -> Weights:
    return Weights.unit(0, 0, 2)


@cache
def z_syn_nu() -> Solution:
    """z_syn * z_{nu=1}: order 6, all conditions (Corollary 2)."""
    syn = Polynomial(Generator(1, 1, 3), (1, 2), 3, 0).weights()
    return canonical(syn * (_one() + Weights.unit(0, 1, 2)))


@cache
def z_f4() -> Solution:
    """z_{nu=i} * z_xi at xi = 1: order 4, R_c and R_* (Corollary 4)."""
    xi = _one() + Weights.unit(0, 3, 4)
    return canonical((_one() + Weights.unit(1, 3, 4)) * xi)


def quarter_block(k: int, order: int) -> Block:
    r"""Three or four nodes at a character with 4k = 0 != 2k.

    *Three*, constants left to the carrier: with A, B = k x + t, F_t = (cos A + cos B)^2 and G_t = (sin A - sin B)^2
    satisfy F_t + G_t = 2 + 2 cos(A + B), and F_g - F_{-g} = -2 sin 2g sin k(x1 + x2), because sin 2kx vanishes. At
    g = pi/6 therefore e^{ik(x1+x2)} = const + F_{-g} + G_g + (i/sqrt 3)(F_{-g} - F_g).

    *Four*, no constant: the closed form of docs/theory.md, section 4, at phi = psi = pi/4, where every |c| takes its
    least value 1/4.
    """
    if order == 4:
        units = reduction_matrix(8)[[0, 4, 6, 2]]  # c = [1, -1, -i, i] / 4
        return Block(k, "quarter4", 8, (7, 1, 7, 1), (1, 3, 3, 5), _rows(units), 4)
    one, i_root3 = reduction_matrix(12)[0], reduction_matrix(12)[4] - reduction_matrix(12)[8]
    return Block(k, "quarter3", 12, (1, 11, 10), (1, 11, 4), _rows(np.stack([-i_root3, 3 * one + i_root3, 3 * one])), 6)


def _rows(c: IntArray) -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(int(x) for x in row) for row in c)


def real_block(k: int, order: int) -> Block:
    """One or two nodes at a character with 2k = 0: [1, 1, 1], and u_one + 1 halved (Sec. 5.2, even d)."""
    if order == 1:
        return Block(k, "one", 2, (0,), (0,), ((1,),), 1)
    return Block(k, "u_one+1", 2, (0, 0), (0, 1), ((1,), (-1,)), 2)
