r"""The nodes of a network by frequency, with the gauge freedoms removed.

z = (z_a, z_b, z_c) has shape (3, d, q) (:func:`cogo_search.networks.network.spectrum`). What changes no output is
fixed first: a constant moved between alpha_j and beta_j is shared equally, and each node is *balanced*, moved along
(a, b, c) -> (t a, t b, t^-2 c), t > 0, until |a b| = |c|^2 at its own frequency; its sign, pseudo-1, is left.

A node belongs to the k where |z_ak z_bk z_ck|, its part in r_kkk, is largest; of a pair k, -k the smaller is named.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..display import circles
from ..groups.abelian import Group
from ..networks.network import ComplexArray, FloatArray, Network, spectrum

#: A node counts if its part in r_kkk reaches this share of the largest node's ...
SALIENT_SHARE = 1e-3
#: ... and the largest node's part this much of r_kkk = 1; below it the network is untrained or collapsed.
SALIENT_PART = 1e-3
#: The paper's rule: |z_a| alone, whatever d is.
PAPER_SALIENT = 0.05
#: A node is of a single frequency if k holds this share of the squares of alpha and of beta, constants aside.
SINGLE = 0.95


@dataclass(frozen=True, eq=False, repr=False)
class Block:
    """The nodes of one frequency: k, their numbers in the file (m,), balanced z (3, m).

    ``multi`` lists the nodes that are not of a single frequency, ``paper_order`` is the order by the paper's rule.
    """

    k: int
    nodes: NDArray[np.int64]
    z: ComplexArray
    multi: tuple[int, ...]
    paper_order: int

    @property
    def order(self) -> int:
        """Number of nodes."""
        return len(self.nodes)

    def __repr__(self) -> str:
        return f"Block(k={self.k}, nodes {', '.join(map(str, self.nodes))})"

    def _repr_html_(self) -> str:
        return circles(self.z)


def named_frequencies(group: Group) -> list[int]:
    """The nontrivial characters that name frequencies: one of each conjugate pair, and those with 2k = 0."""
    return list(group.frequencies)


def gauge_fixed(network: Network) -> ComplexArray:
    """z of shape (3, d, q) with constants shared equally between z_a and z_b; nodes are not balanced."""
    z = spectrum(network)
    z[:2, 0] = z[:2, 0].mean(axis=0)
    return z


def balance(z: ComplexArray) -> ComplexArray:
    """Single-frequency nodes (3, ...) with |a b| = |c|^2; a node with a zero among its entries is left alone."""
    sizes = np.abs(z)
    safe = np.where(sizes.all(axis=0), sizes, 1.0)
    t = (safe[2] ** 2 / (safe[0] * safe[1])) ** (1 / 6)
    return z * np.stack([t, t, t**-2])


def blocks(network: Network, absolute: bool = True) -> list[Block]:
    """One block for each named frequency, in order; blocks may be empty.

    ``absolute`` False counts nodes by their share of the largest alone: without squares r_kkk = 1 means nothing.
    """
    group, z = network.group, gauge_fixed(network)
    named = np.array(named_frequencies(group), dtype=np.int64)
    parts = np.abs(np.prod(z[:, named], axis=0))
    own = parts.argmax(axis=0) if network.width else np.zeros(0, dtype=np.int64)
    size = parts.max(axis=0, initial=0.0)
    top = float(size.max(initial=0.0))
    learned = top >= SALIENT_PART if absolute else top > 0
    salient = size >= SALIENT_SHARE * top if learned else np.zeros(network.width, dtype=bool)
    paper_own, paper_size = paper_assignment(z[0, named])
    single = _shares(group, z, named).min(axis=0) >= SINGLE
    found = []
    for i, k in enumerate(named):
        nodes = np.flatnonzero(salient & (own == i))
        multi = tuple(int(j) for j in nodes if not single[i, j])
        paper = int(np.sum((paper_own == i) & (paper_size > PAPER_SALIENT)))
        found.append(Block(int(k), nodes, balance(z[:, k, nodes]), multi, paper))
    return found


def paper_assignment(z_a: ComplexArray) -> tuple[NDArray[np.int64], FloatArray]:
    """For z_a (K, q) at the named frequencies: the argmax over k of |z_a| and the value there, each (q,)."""
    sizes = np.abs(z_a)
    own = sizes.argmax(axis=0)
    return own, sizes[own, np.arange(sizes.shape[1])]


def _shares(group: Group, z: ComplexArray, named: NDArray[np.int64]) -> FloatArray:
    """The share of each named frequency in the squares of alpha and of beta without constants, (2, K, q)."""
    squares = np.abs(z[:2]) ** 2
    total = squares[:, 1:].sum(axis=1)
    times = np.where(group.character_orders[named] == 2, 1, 2)
    return np.asarray(times[:, None] * squares[:, named] / np.maximum(total, 1e-300)[:, None])
