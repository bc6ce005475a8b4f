"""Blocks: solutions at one character, the material of recipes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from ..cyclotomic import MAX_N, euler_phi, reduction_matrix, root_of_unity, rotate
from ..errors import InputError
from ..groups import Group
from ..search.generators import Generator
from ..search.orbits import Solution, canonical
from ..search.polynomials import Polynomial
from ..weights import Weights


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

    @classmethod
    def of(cls, frequency: int, name: str, solution: Solution, unit: tuple[int, int] = (0, 0)) -> Block:
        """A catalog solution times the unit [zeta_n^u, zeta_n^v, .], n the solution's."""
        w = solution.weights()
        u, v = unit
        c = rotate(w.c, -u - v, w.n)
        return cls(
            frequency,
            name,
            w.n,
            tuple(int(x + u) % w.n for x in w.a),
            tuple(int(x + v) % w.n for x in w.b),
            tuple(tuple(int(x) for x in row) for row in c),
            solution.scale(),
        )

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


def quarter_block(k: int) -> Block:
    r"""Three nodes at a character with 4k = 0 != 2k, constants left to the carrier.

    With A, B = k x + t: F_t = (cos A + cos B)^2 and G_t = (sin A - sin B)^2 satisfy F_t + G_t = 2 + 2 cos(A + B),
    and F_g - F_{-g} = -2 sin 2g sin k(x1 + x2), because sin 2kx vanishes. At g = pi/6 therefore
    e^{ik(x1+x2)} = const + F_{-g} + G_g + (i/sqrt 3)(F_{-g} - F_g).
    """
    one, i_root3 = reduction_matrix(12)[0], reduction_matrix(12)[4] - reduction_matrix(12)[8]
    c = (-i_root3, 3 * one + i_root3, 3 * one)
    rows = tuple(tuple(int(x) for x in row) for row in c)
    return Block(k, "quarter", 12, (1, 11, 10), (1, 11, 4), rows, 6)


def real_block(k: int, order: int) -> Block:
    """One or two nodes at a character with 2k = 0: [1, 1, 1], and u_one + 1 halved (Sec. 5.2, even d)."""
    if order == 1:
        return Block(k, "one", 2, (0,), (0,), ((1,),), 1)
    return Block(k, "u_one+1", 2, (0, 0), (0, 1), ((1,), (-1,)), 2)
