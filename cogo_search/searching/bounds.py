r"""Lower bounds that no solver has to be trusted for, each with its scope and certificate.

*lp-dual* (aligned nodes over mu_n). Let f(a,b) = 1 - sum_r lambda_r T(e_r(a,b)) with rational lambda_r,
one for each wanted potential r, where e_r is the exponent of its value on the aligned node and T(e) the
trace of zeta_n^e, an integer (a Ramanujan sum). On a solution every trace sums to zero, so
sum_j m_j f_j = sum_j m_j. If f >= 0 everywhere then sum_j m_j >= f(1,1) m_anchor. A unit moves any node to
the anchor, so f(1,1) bounds sum m_j / max m_j: the number of aligned nodes, and the merged order too. This is the
linear programming bound of Delsarte's kind; averaging over the Galois group shows that traces lose
nothing against arbitrary multipliers. HiGHS proposes lambda, fractions decide.

*pencil-rank* (all real weights, one frequency). With w_j = (Re a, Im a, Re b, Im b) the
conditions say sum_j c_j w_j w_j^T = M, a simultaneous decomposition of the real pencil (P, Q) =
(Re M, Im M).

- All potentials zero: X = P^-1 Q has X^2 = -1, and 5 nodes are impossible. A combination of P and Q
  that kills c_5 is invertible, since X has no real eigenvalue, so another combination becomes a
  real-diagonalisable matrix plus rank one; the kernel of the rank-one part meets the 2-dimensional
  eigenspace of a non-real eigenvalue, a contradiction. So 6 = 4 + 2 (JaJa 1979: the rank is the size
  plus the number of invariant polynomials that do not split into distinct real linear factors).
- R_* free: the block of a against b alone, 2 + 1 = 3, the real rank of complex multiplication.
- R_n free: no real w != 0 has M w = 0 whatever the free blocks, so the rank is at least 4.
- Characters with 4k = 0, all conditions. aAc = 0 and aac + AAc = 0 leave the block of a as t [[0, 1], [1, 0]], and so
  for b, t and t' free. Let w = (x, y) be real and M w = 0. Multiplied by (i, 1), which kills the block K of a against
  b, the rows of a say t (x_1 + i x_2) = 0: t = 0 or x = 0. Either way K y = 0, y = 0, then K^T x = 0, x = 0. Three
  nodes leave a real w != 0 orthogonal to them, hence M w = 0: 4 are needed. R_n or R_* free: K alone, 3.
- Characters with 2k = 0. All numbers are real. aac + bbc = 0 makes sum_j c_j w_j w_j^T = [[s, 1], [1, -s]], w = (a, b),
  of determinant -1 - s^2: 2 nodes. Without it, 1.

*exhaustive* (weighted nodes over mu_n): every support of fewer nodes is excluded by ranks, see :mod:`.supports`.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import Any

import numpy as np

from ..algebra.cyclotomic import reduction_matrix, units_modulo
from .aligned import AlignedProblem

#: Width of the class of weights a bound speaks of, for ranking equal bounds.
CLASS_WIDTH = {"real": 3, "weighted": 2, "aligned": 1, "product": 0}
#: The frequency and the conditions that a scope names, by the order of the character.
FREQUENCIES = {"generic": "one, generic", "4": "one, 4k = 0", "2": "one, 2k = 0"}
CONDITIONS = {"generic": "Lemma 1", "4": "Lemma 1, merged", "2": "Lemma 1, merged"}


@dataclass(frozen=True)
class Bound:
    """lower_bound, method, scope and certificate as the catalog stores them (docs/catalog.md)."""

    lower_bound: int
    method: str
    scope: dict[str, Any]
    certificate: dict[str, Any] | None

    def record(self) -> dict[str, Any]:
        """The JSON object."""
        return {
            "lower_bound": self.lower_bound,
            "method": self.method,
            "scope": self.scope,
            "certificate": self.certificate,
        }

    def rank(self) -> tuple[int, int]:
        """Larger bounds first, then the wider class of weights."""
        return (-self.lower_bound, -CLASS_WIDTH[self.scope["weights"]])


def scope(
    weights: str, n: int | None, cover: str, minimised: str, character_order: str = "generic", **extra: Any
) -> dict[str, Any]:
    """The scope of a claim: class of weights, frequency, conditions, wanted zero set, what is minimised."""
    return {
        "weights": weights,
        "n": n,
        "frequency": FREQUENCIES[character_order],
        "conditions": CONDITIONS[character_order],
        "cover": cover,
        "minimised": minimised,
        **extra,
    }


#: The rank of the pencil for each order of the character and cover.
PENCIL_RANKS = {
    "generic": {"all": 6, "Rc+R*": 4, "Rc+Rn": 3, "Rc": 3},
    "4": {"all": 4, "Rc+R*": 3, "Rc+Rn": 3, "Rc": 3},
    "2": {"all": 2, "Rc+R*": 1, "Rc+Rn": 2, "Rc": 1},
}


def pencil_bound(cover: str, character_order: str = "generic") -> Bound:
    """The bound over all real weights, with the matrices (P, Q) that the conditions fix as its certificate.

    M is the quarter of [[1, -i], [-i, -1]] in the rows of a and the columns of b, and its transpose. The diagonal
    blocks are zero if all conditions hold at a generic frequency; free ones are left out.
    """
    rank = PENCIL_RANKS[character_order][cover]
    if character_order == "2":
        p = [[Fraction(int(i + j == rank - 1)) for j in range(rank)] for i in range(rank)]
        q = [[Fraction(0)] * rank for _ in range(rank)]
    else:
        quarter = Fraction(1, 4)
        p = [[quarter, Fraction(0)], [Fraction(0), -quarter]]
        q = [[Fraction(0), -quarter], [-quarter, Fraction(0)]]
    if cover == "all" and character_order == "generic":
        p, q = _symmetric_block(p), _symmetric_block(q)
    pencil = [[[str(v) for v in row] for row in block] for block in (p, q)]
    place = scope("real", None, cover, "order", character_order)
    return Bound(rank, "pencil-rank", place, {"pencil": pencil, "rank": rank})


def _symmetric_block(block: list[list[Fraction]]) -> list[list[Fraction]]:
    zero = [Fraction(0), Fraction(0)]
    transposed = [list(column) for column in zip(*block, strict=True)]
    return [zero + row for row in block] + [row + zero for row in transposed]


def traces(n: int) -> list[int]:
    """T(e) = sum of zeta_n^(t e) over the units t modulo n, for e = 0..n-1: Ramanujan sums."""
    matrix = reduction_matrix(n)
    return [int(sum(int(matrix[t * e % n, 0]) for t in units_modulo(n))) for e in range(n)]


def lp_dual_bound(problem: AlignedProblem) -> Bound | None:
    """The rational dual certificate of the linear relaxation; None if the program has no solution."""
    if not problem.feasible():
        return None
    trace = np.array(traces(problem.n), dtype=np.int64)
    names = list(problem.functionals)
    columns = np.array([trace[problem.exponents(name)] for name in names])
    others = np.unique(columns[:, 1:], axis=1)
    proposal = _float_dual(columns[:, 0], others)
    value, multipliers = max((_repair(columns[:, 0], others, proposal, d) for d in (60, 10**4, 10**8)), key=_quality)
    certificate = {
        "n": problem.n,
        "multipliers": {name: str(m) for name, m in zip(names, multipliers, strict=True) if m},
        "value": str(value),
    }
    return Bound(ceil(value), "lp-dual", scope("aligned", problem.n, problem.cover, "aligned_nodes"), certificate)


def _float_dual(anchor: np.ndarray, others: np.ndarray) -> np.ndarray:
    """HiGHS's multipliers for: maximise 1 - lambda . anchor subject to lambda . column <= 1."""
    from scipy.optimize import linprog

    result = linprog(anchor, A_ub=others.T, b_ub=np.ones(others.shape[1]), bounds=(None, None), method="highs")
    return result.x if result.status == 0 else np.zeros(len(anchor))


def _repair(
    anchor: np.ndarray, others: np.ndarray, proposal: np.ndarray, denominator: int
) -> tuple[Fraction, list[Fraction]]:
    """Round to fractions, shrink until lambda . column <= 1 holds exactly, return the exact bound."""
    multipliers = [Fraction(float(v)).limit_denominator(denominator) for v in proposal]
    worst = max((sum(m * int(v) for m, v in zip(multipliers, column, strict=True)) for column in others.T), default=0)
    if worst > 1:
        multipliers = [m / worst for m in multipliers]
    return 1 - sum((m * int(v) for m, v in zip(multipliers, anchor, strict=True)), Fraction(0)), multipliers


def _quality(candidate: tuple[Fraction, list[Fraction]]) -> tuple[int, int]:
    """Largest integer bound, then the shortest certificate."""
    value, multipliers = candidate
    return ceil(value), -sum(len(str(m)) for m in multipliers)
