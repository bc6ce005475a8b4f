"""Aligned solutions by exhaustive search, without a solver: meet in the middle over half sums.

A solution with q nodes is the anchor and a multiset of q - 1 columns whose potentials sum to zero.
Both halves of the multiset are listed in full and joined on a hash that is linear in the columns, so
equal sums have equal hashes and nothing can be missed; every join is then checked exactly.
"""

from __future__ import annotations

from math import comb

import numpy as np

from ..algebra.cyclotomic import IntArray
from .aligned import AlignedProblem, Multiplicities

#: Largest list of half sums that the package makes, and that a verifier is asked to repeat.
MAX_HALF = 1_000_000


def half_size(problem: AlignedProblem, nodes: int) -> int:
    """Number of multisets in the larger half for a search with this many nodes."""
    half = nodes // 2
    return comb(len(problem.directions[0]) + half - 1, half)


def solutions_with(problem: AlignedProblem, nodes: int) -> list[Multiplicities]:
    """All solutions through the anchor with exactly this many aligned nodes, sorted."""
    count = len(problem.directions[0])
    matrix = problem.matrix
    multipliers = np.random.default_rng(0).integers(0, 2**63, size=len(matrix), dtype=np.uint64)
    hashes = (matrix.astype(np.uint64) * multipliers[:, None]).sum(axis=0, dtype=np.uint64)
    left, right = _multisets(count, (nodes - 1) // 2), _multisets(count, nodes // 2)
    left_hash = hashes[left].sum(axis=1, dtype=np.uint64) + hashes[0]
    right_hash = np.uint64(0) - hashes[right].sum(axis=1, dtype=np.uint64)
    order = np.argsort(left_hash, kind="stable")
    first = np.searchsorted(left_hash[order], right_hash, side="left")
    last = np.searchsorted(left_hash[order], right_hash, side="right")
    found = set()
    for i in np.flatnonzero(last > first):
        for j in order[first[i] : last[i]]:
            x = np.bincount(np.concatenate([[0], left[j], right[i]]), minlength=count)
            if not (matrix @ x).any():
                found.add(tuple(int(v) for v in x))
    return sorted(found)


def _multisets(count: int, size: int) -> IntArray:
    """All multisets of the given size from range(count), as rows of nondecreasing indices."""
    rows = np.zeros((1, 0), dtype=np.int64)
    for _ in range(size):
        last = rows[:, -1] if rows.shape[1] else np.zeros(1, dtype=np.int64)
        repeats = count - last
        parents = np.repeat(np.arange(len(rows)), repeats)
        starts = np.repeat(np.cumsum(repeats) - repeats, repeats)
        following = np.arange(len(parents)) - starts + last[parents]
        rows = np.concatenate([rows[parents], following[:, None]], axis=1)
    return rows
