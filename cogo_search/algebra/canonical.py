"""Canonical form, id and orbit size under the symmetries of one frequency.

The symmetries are multiplication of all nodes by one unit [a, b, c], abc = 1, the gauge and sign of
each node, one scale on all c, the swap a <-> b, complex conjugation, and the order of nodes. Two
weights in one orbit are one solution and get one id, whatever roots of unity they were written over.

Where conditions are merged only units with a^4 = b^4 = 1 (4k = 0) or a^2 = b^2 = 1 (2k = 0) are symmetries: nothing
is anchored, the candidates are at most 8 (2) units times swap and conjugation, and n is the least even N that one
of them can be written over.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from math import gcd, lcm

import numpy as np

from ..errors import InputError
from .cyclotomic import descend, divisors, galois, inverse, multiply, rotate, to_complex
from .weights import NodeList, Weights


@dataclass(frozen=True)
class Solution:
    """A canonical form: the least node list of an orbit, and how many distinct candidates there were."""

    n: int
    nodes: NodeList
    orbit_size: int
    character_order: str = "generic"

    @property
    def order(self) -> int:
        """Number of directions after merging."""
        return len(self.nodes)

    @cached_property
    def id(self) -> str:
        """``cogo1-n{n}-q{order}-`` and 16 hex digits of SHA-256 over the compact JSON of the nodes.

        ``cogo1-k4-n...`` or ``cogo1-k2-n...`` where conditions are merged.
        """
        text = json.dumps([self.n, [[a, b, list(c)] for a, b, c in self.nodes]], separators=(",", ":"))
        kind = "" if self.character_order == "generic" else f"k{self.character_order}-"
        return f"cogo1-{kind}n{self.n}-q{self.order}-{hashlib.sha256(text.encode()).hexdigest()[:16]}"

    def weights(self) -> Weights:
        """The solution as weights, with r_kkk a positive integer."""
        a, b, c = zip(*self.nodes, strict=True)
        return Weights.from_nodes(self.n, np.array(a), np.array(b), np.array(c, dtype=np.int64))

    def scale(self) -> int:
        """The stored r_kkk, the least positive integer that makes every coordinate integral."""
        return int(self.weights().potential("abc")[0])

    def aligned_nodes(self) -> int | None:
        """Number of aligned nodes with multiplicity, or None if the weights are not aligned.

        Aligned means that all c_j a_j b_j are positive rational multiples of one constant.
        """
        w = self.weights()
        parts = rotate(w.c, w.a + w.b, w.n)
        if parts[:, 1:].any() or (parts[:, 0] <= 0).any():
            return None
        return int(parts[:, 0].sum()) // gcd(*(int(v) for v in parts[:, 0]))


def solution_cost(solution: Solution) -> float:
    """3 sum_j (|c_j| / |r_kkk|)^(2/3) with |a| = |b| = 1: the least squared norm over node gauges at one k."""
    sizes = np.abs(to_complex(solution.weights().c, solution.n)) / solution.scale()
    return 3 * float(np.sum(sizes ** (2 / 3)))


def _normalised(w: Weights) -> Weights:
    """r_kkk a positive integer, coordinates without common factor, first direction (1, 1), least even n."""
    return _over_least(_with_integer_r(w).times_unit(-int(w.a[0]), -int(w.b[0])))


def _with_integer_r(w: Weights) -> Weights:
    """The multiple whose r_kkk is the least positive integer that leaves all coordinates integral."""
    r = w.potential("abc")
    if not r.any():
        raise InputError("weights with r_kkk = 0 solve nothing and have no canonical form")
    numerator, denominator = inverse(r, w.n)
    c = multiply(w.c, numerator, w.n)
    return Weights(w.n, w.a, w.b, c // gcd(int(np.gcd.reduce(c, axis=None)), denominator))


def _over_least(w: Weights) -> Weights:
    """The same nodes over the least even n."""
    common = gcd(w.n // 2, *(int(v) for v in w.a), *(int(v) for v in w.b))
    for m in divisors(w.n):
        # Directions need mu_m, i.e. n/m | exponents; m must be even, i.e. n/m | n/2.
        if common % (w.n // m) == 0 and (lower := descend(w.c, w.n, m)) is not None:
            return Weights.from_nodes(m, w.a // (w.n // m), w.b // (w.n // m), lower)
    raise AssertionError("n itself always qualifies")


def anchored(w: Weights, anchor: int) -> NodeList:
    """The node list with the anchor's direction shifted to (1, 1) by a unit; sorted, folded."""
    return w.times_unit(-int(w.a[anchor]), -int(w.b[anchor])).node_list()


def images(w: Weights) -> list[Weights]:
    """The weights, swapped, conjugated, and both."""
    conjugate = Weights.from_nodes(w.n, -w.a, -w.b, galois(w.c, -1, w.n))
    return [w, w.swap(), conjugate, conjugate.swap()]


def candidates(w: Weights) -> set[NodeList]:
    """The at most 4q anchored images of weights whose r_kkk is already a positive integer."""
    return {anchored(image, anchor) for image in images(w) for anchor in range(image.order)}


def unanchored(w: Weights, character_order: str) -> list[Weights]:
    """The distinct images under swap, conjugation and the units of merged conditions, over one n that holds them."""
    order = int(character_order)
    w = w.over(lcm(w.n, order))
    step = w.n // order
    units = [(s * step, t * step) for s in range(max(1, order // 2)) for t in range(order)]
    return list(dict.fromkeys(image.times_unit(*unit) for image in images(w) for unit in units))


def canonical(w: Weights, character_order: str = "generic") -> Solution:
    """The canonical form of weights with r_kkk != 0 (docs/theory.md, section 5; docs/catalog.md, "entries").

    Raises InputError if r_kkk = 0.

    >>> u = Weights.unit(2, 2, 6)                      # u_syn, its maximal polynomial u^2 + u + 1
    >>> canonical(Weights.unit(0, 0, 2) + u + u * u).id
    'cogo1-n6-q3-...'
    """
    if character_order == "generic":
        w = _normalised(w)
        found = candidates(w)
        return Solution(w.n, min(found), len(found))
    distinct = unanchored(_with_integer_r(w), character_order)
    n, nodes = min((least.n, least.node_list()) for least in map(_over_least, distinct))
    return Solution(n, nodes, len(distinct), character_order)


def unit_class(w: Weights) -> tuple[int, NodeList]:
    """A key equal for weights that differ by a unit and a scale only (no swap, no conjugation)."""
    w = _normalised(w)
    return w.n, min(anchored(w, anchor) for anchor in range(w.order))
