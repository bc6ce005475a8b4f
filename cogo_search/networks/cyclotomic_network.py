r"""Whole networks as exact spectra: every z_pkj an element of Q(zeta_n), and the loss without floats.

Nodes are kept sparse, since constructed nodes live on few characters. The gauge is |a| = |b| = 1 on the
leading characters, so no roots of numbers occur; :func:`numeric` balances the layers afterwards.
The residuals C_{k1 k2 k}/2 - [k1 = k2 = k] of Theorem 1 are computed one by one; the loss is zero iff
all of them are, and is otherwise known from their exact values.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ..algebra.cyclotomic import IntArray, galois, multiply, reduction_matrix, to_complex
from ..groups.abelian import Group
from .network import Network, Setting, balanced, from_spectrum

#: Coefficients by character; coordinates in Z[zeta_n]. Conjugate characters are implied for a, b and c.
Components = dict[int, IntArray]


@dataclass(frozen=True)
class ExactNode:
    """One hidden node: z_a, z_b and scale * z_c on the characters where they do not vanish.

    Only one character of each conjugate pair is listed; the other holds the conjugate.
    """

    a: Components
    b: Components
    c: Components


@dataclass(frozen=True)
class ExactNetwork:
    """Nodes over Z[zeta_n], all c divided by one positive integer ``scale``."""

    group: Group
    n: int
    scale: int
    nodes: tuple[ExactNode, ...]

    @property
    def width(self) -> int:
        """Number of hidden nodes."""
        return len(self.nodes)


def _full(group: Group, components: Components, n: int) -> Components:
    """Both characters of every conjugate pair."""
    both = dict(components)
    for k, value in components.items():
        both[int(group.multiple(-1, k))] = galois(value, -1, n)
    return both


def residuals(network: ExactNetwork, setting: Setting) -> Iterator[tuple[int, int, int, IntArray]]:
    """(k1, k2, k, 2 scale * residual) for every residual that does not vanish, one k of each conjugate pair.

    Accumulates 2 r_{k1 k2 k} + [k2 = 0] R_{a,k1,k} + [k1 = 0] R_{b,k2,k} exactly, then subtracts 2 at
    k1 = k2 = k. For zero-mean targets the outputs at the trivial character are free.
    """
    g, n = network.group, network.n
    one = reduction_matrix(n)[0]
    wanted = [k for k, _ in g.conjugate_pairs] + g.self_conjugate + ([0] if setting.target == "one-hot" else [])
    sums: dict[int, dict[tuple[int, int], IntArray]] = {k: {(k, k): -2 * network.scale * one} for k in wanted}

    def accumulate(k: int, k1: int, k2: int, value: IntArray) -> None:
        table = sums[k]
        table[k1, k2] = table[k1, k2] + value if (k1, k2) in table else value

    for node in network.nodes:
        a, b, c = (_full(g, part, n) for part in (node.a, node.b, node.c))
        cross = {(k1, k2): 2 * multiply(x, y, n) for k1, x in a.items() for k2, y in b.items()}
        for part, position in ((a, 0), (b, 1)):
            for k1, x in part.items():
                for k2, y in part.items():
                    m = int(g.add(k1, k2))
                    key = (m, 0) if position == 0 else (0, m)
                    product = multiply(x, y, n)
                    cross[key] = cross[key] + product if key in cross else product
        for k in wanted:
            if k in c:
                for (k1, k2), value in cross.items():
                    accumulate(k, k1, k2, multiply(value, c[k], n))
    for k, table in sums.items():
        for (k1, k2), value in table.items():
            if value.any():
                yield k1, k2, k, value


def is_optimal(network: ExactNetwork, setting: Setting) -> bool:
    """Whether the loss is exactly zero, decided in integers."""
    return next(residuals(network, setting), None) is None


def numeric(network: ExactNetwork, balance: bool = True) -> Network:
    """The weights in float64, with ``balance`` at the least squared norm of every node (:func:`.network.balanced`)."""
    g, n = network.group, network.n
    z = np.zeros((3, g.order, network.width), dtype=np.complex128)
    for j, node in enumerate(network.nodes):
        for part, components in enumerate((node.a, node.b, node.c)):
            for k, value in _full(g, components, n).items():
                z[part, k, j] = complex(to_complex(value, n))
    z[2] /= network.scale
    return from_spectrum(g, balanced(z) if balance else z)
