r"""The dimension of the solution variety at an entry, beyond its symmetries.

Unknown are the logarithms of a, b, c of every node: 6q real numbers. The equations are r_kkk = 1 and the conditions of
the entry's covers. With conjugates as variables of their own the derivative is a matrix over Z[zeta_n]: a potential
sum v_j contributes (number of letters x) v_j in the column of x at node j, and its conjugate the conjugate row. Its
rank is exact (:func:`.modular.exact_rank`). The symmetries move every entry in

* q gauges (t, t, t^-2), two phases and one unequal scale of a and b: q + 3 dimensions (``real``);
* |a| = |b| = 1 leaves the two phases (``weighted``: any c);
* where conditions are merged the phases are discrete; where 2k = 0 all is real, and aac + bbc = 0 has no unequal scale.

The kernel bounds the dimension of the variety from above, so 0 means isolated. Where the conditions are independent
(``regular``) the number is the dimension, by the implicit function theorem. Over real weights they always are for all
conditions, 5q - 23, and for R_c alone, 5q - 11: docs/catalog.md has the proof.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .canonical import Solution
from .cyclotomic import IntArray, galois, rotate
from .potentials import CONDITION_SETS, condition_exponents, covered_sets
from .ranks import exact_rank
from .weights import Weights

_LETTERS = "aAbBcC"


def dimension(solution: Solution) -> dict[str, Any]:
    """``{real, weighted, regular}``: dimensions by class of weights, and the classes in which they are exact."""
    w, q = solution.weights(), solution.order
    order = solution.character_order
    covers = covered_sets(set(w.zero_set_at(order)), order)
    names = ["abc", *(name for sets in covers for name in CONDITION_SETS[order][sets])]
    if order == "2":
        scale = int("aac+bbc" not in names)
        rows = {"real": _real_rows(w, names, "abc"), "weighted": _real_rows(w, names, "c")}
        symmetries = {"real": q + scale, "weighted": 0}
    else:
        distinct = list({condition_exponents(name): name for name in reversed(names)}.values())
        phases = 2 if order == "generic" else 0
        rows = {"real": _rows(w, names), "weighted": _on_circle(_rows(w, distinct))}
        symmetries = {"real": q + 1 + phases, "weighted": phases}
    result: dict[str, Any] = {}
    regular = []
    for name, matrix in rows.items():
        rank = exact_rank(solution.n, matrix)
        result[name] = matrix.shape[1] - rank - symmetries[name]
        regular += [name] if rank == len(matrix) else []
    return result | {"regular": regular}


def _terms(w: Weights, name: str) -> list[tuple[str, IntArray]]:
    """The potentials that a condition sums, each with its value at every node (q, phi(n))."""
    pairs = zip(name.split("+"), condition_exponents(name), strict=True)
    return [(part, rotate(w.c, i * w.a + j * w.b, w.n)) for part, (i, j) in pairs]


def _rows(w: Weights, names: list[str]) -> IntArray:
    """Conditions and their conjugates by (node, letter): shape (2 conditions, 6q, phi(n))."""
    rows = []
    for name in names:
        row = np.zeros((w.order, len(_LETTERS), w.c.shape[1]), dtype=np.int64)
        mirror = row.copy()
        for part, value in _terms(w, name):
            conjugate = galois(value, -1, w.n)
            for letter in part:
                row[:, _LETTERS.index(letter)] += value
                mirror[:, _LETTERS.index(letter.swapcase())] += conjugate
        rows += [row, mirror]
    return np.array(rows).reshape(len(rows), -1, w.c.shape[1])


def _on_circle(rows: IntArray) -> IntArray:
    """The same where |a| = |b| = 1: the logarithms of a and A, of b and B, are opposite."""
    by_letter = rows.reshape(len(rows), -1, len(_LETTERS), rows.shape[-1])
    columns = [by_letter[:, :, 0] - by_letter[:, :, 1], by_letter[:, :, 2] - by_letter[:, :, 3]]
    columns += [by_letter[:, :, 4], by_letter[:, :, 5]]
    return np.stack(columns, axis=2).reshape(len(rows), -1, rows.shape[-1])


def _real_rows(w: Weights, names: list[str], letters: str) -> IntArray:
    """Conditions on real weights by (node, letter): shape (conditions, len(letters) q, phi(n))."""
    rows = []
    for name in names:
        row = np.zeros((w.order, len(letters), w.c.shape[1]), dtype=np.int64)
        for part, value in _terms(w, name):
            for letter in part:
                if letter in letters:
                    row[:, letters.index(letter)] += value
        rows.append(row)
    return np.array(rows).reshape(len(rows), -1, w.c.shape[1])
