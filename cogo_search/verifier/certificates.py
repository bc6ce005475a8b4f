"""Bounds that carry a proof in the file: the pencil of moments, and the dual of a linear program."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import combinations
from typing import Any

from .cyclotomic import combine
from .meter import METER, Refused, agree, require
from .searches import Search
from .shapes import fraction
from .texts import shown
from .vocabulary import COVERS, WANTED
from .weights import value_at


def inverse_times(p: list[list[Fraction]], q: list[list[Fraction]]) -> list[list[Fraction]] | None:
    """P^-1 Q by Gauss-Jordan elimination, None if P is singular."""
    rows, size = [[*x, *y] for x, y in zip(p, q, strict=True)], len(p)
    for i in range(size):
        pivot = next((k for k in range(i, size) if rows[k][i]), None)
        if pivot is None:
            return None
        rows[i], rows[pivot] = rows[pivot], rows[i]
        rows[i] = [x / rows[i][i] for x in rows[i]]
        for k in (k for k in range(size) if k != i):
            rows[k] = [x - rows[k][i] * y for x, y in zip(rows[k], rows[i], strict=True)]
    return [row[size:] for row in rows]


def moments(cover: str, order: str) -> tuple[list[list[Fraction]], list[list[Fraction]]]:
    """Real and imaginary part of sum_j c_j w_j w_j^T, w = (Re a, Im a, Re b, Im b), as the conditions fix it.

    Re a = (a + A)/2 and Im a = (a - A)/(2i), so every entry is a combination of potentials; abc = 1 alone is not 0.
    Gaussian rationals are pairs. For covers other than ``all``, and for merged conditions, only the block (a rows,
    b columns) is fixed. Where 2k = 0, w = (a, b): with aac + bbc = 0 the diagonal is s, -s with s free, else free.
    """
    if order == "2":
        size = 1 + ("Rn" in COVERS[cover])
        real = [[Fraction(int(i + j == size - 1)) for j in range(size)] for i in range(size)]
        return real, [[Fraction(0)] * size for _ in range(size)]
    quarter, zero = Fraction(1, 4), Fraction(0)
    # The coefficient of abc in (Re a, Im a) x (Re b, Im b): (1/2, 1/(2i)) times (1/2, 1/(2i)).
    block = [[(quarter, zero), (zero, -quarter)], [(zero, -quarter), (-quarter, zero)]]
    if (
        cover == "all" and order == "generic"
    ):  # aac, AAc, bbc, BBc, aAc, bBc vanish, so the diagonal blocks do; M is symmetric
        empty = [(zero, zero)] * 2
        block = [[*empty, *row] for row in block] + [[*row, *empty] for row in zip(*block, strict=True)]
    return [[x for x, _ in row] for row in block], [[y for _, y in row] for row in block]


def check_pencil(bound: dict[str, Any], cover: str, order: str, where: str) -> int:
    """The real rank of the pencil (P, Q): a bound on the number of nodes over all real weights.

    X = P^-1 Q with X^2 = -1, size m = 2 or 4, needs m + m/2 terms. With m + m/2 - 1 terms (or fewer; m = 2: none to
    kill) multiply M by the phase that makes the last c_j imaginary; P + iQ -> e^{it}(P + iQ) leaves X as it is,
    because X acts as i. Now P is a sum of m terms and invertible, so X = D + R with D real-diagonalisable and R of
    rank at most m/2 - 1. The eigenspace of X for i has dimension m/2 and meets the kernel of R: D has the eigenvalue
    i, a contradiction. For Rc+R* the diagonal blocks are t/2 and t'/2 times 1 with t, t' free: from M (x, y) = 0
    and (i, 1) K = 0 follows t (i x_1 + x_2) = 0, so x = 0 or t = 0, then K y = 0, y = 0 and K^T x = 0, x = 0. With
    three nodes a real w orthogonal to w_1, w_2, w_3 would give M w = 0, so 4 are needed.

    Where 4k = 0, all conditions leave the diagonal blocks t [[0, 1], [1, 0]] and t' [[0, 1], [1, 0]], t and t' free,
    because aAc = 0 and aac + AAc = 0 (and so for b). M (x, y) = 0 gives t (x_1 + i x_2) = 0 by the same step, so
    x = 0 or t = 0, and the rest is as above: 4. (With aAc + bBc = 0 alone, which zero loss asks for, the blocks are
    [[h, t], [t, h]] and [[-h, t'], [t', -h]]; with u = x_1 + i x_2 and v = y_1 + i y_2, M (x, y) = 0 gives
    4 h (x_1^2 - x_2^2) = -conj(v) u and 4 h (y_1^2 - y_2^2) = conj(u) v, up to one common factor, so u conj(v) is real
    or imaginary, y is parallel or orthogonal to x, and either contradicts the signs unless x = y = 0: 4 as well.)
    Where 2k = 0, det [[s, 1], [1, -s]] = -1 - s^2 is not 0: 2; without aac + bbc = 0, one node is needed.
    """
    certificate = bound["certificate"]
    p, q = moments(cover, order)
    stored = [[[fraction(x, where) for x in row] for row in matrix] for matrix in certificate["pencil"]]
    readable = [[[str(x) for x in row] for row in matrix] for matrix in (p, q)]
    require(stored == [p, q], f"{where}: pencil: the conditions give {readable}")
    if order == "2":
        rank = len(p)
    elif (cover, order) in (("Rc+R*", "generic"), ("all", "4")):
        # (i, 1)(P + iQ) = 0 in real and imaginary part, and the same for the transpose.
        for x, y in ((p, q), (list(map(list, zip(*p, strict=True))), list(map(list, zip(*q, strict=True))))):
            kills = all(x[1][k] == y[0][k] and x[0][k] == -y[1][k] for k in (0, 1))
            stacked = [*x, *y]
            full = any(s[0] * t[1] != s[1] * t[0] for s, t in combinations(stacked, 2))
            require(kills and full, f"{where}: pencil: the argument for rank 4 does not apply")
        rank = 4
    else:
        x = inverse_times(p, q) or []
        square = [[sum(r * row[k] for r, row in zip(line, x, strict=True)) for k in range(len(x))] for line in x]
        minus = [[-int(i == k) for k in range(len(p))] for i in range(len(p))]
        require(square == minus, f"{where}: pencil: X^2 is not -1")
        rank = len(p) + len(p) // 2
    agree(f"{where}: rank", certificate["rank"], rank)
    return rank


def check_dual(bound: dict[str, Any], cover: str, search: Search, where: str) -> int:
    """A Delsarte-type LP bound: f >= 0 on mu_n^2 proves sum m >= f(1,1) max m for aligned solutions.

    f(a, b) = 1 - sum_r lambda_r T(e_r(a, b)), where zeta_n^e_r is the value of potential r at the aligned node and
    T(e) = sum of zeta_n^(t e) over the units t modulo n is its trace, an integer. On a solution every trace sums to
    zero, so sum m f = sum m; move the direction of the largest m to (1, 1) by a unit (the conditions are invariant)
    and drop the other terms. The number of directions times max m is at least sum m, so the bound holds for the
    order as well. T(0) > 0, so no single lambda can be changed without changing f(1,1).
    """
    certificate, n = bound["certificate"], search.n
    agree(f"{where}: certificate.n", certificate["n"], n)
    value = fraction(certificate["value"], f"{where}: value")
    units = [t for t in range(1, n + 1) if math.gcd(t, n) == 1]
    trace = [combine(n, ((1, t * e) for t in units))[0] for e in range(n)]
    tables: dict[str, list[Fraction]] = {}
    for r, given in certificate["multipliers"].items():
        require(r in WANTED[cover], f"{where}: multipliers: {shown(r)} is no potential of {cover}")
        multiplier = fraction(given, f"{where}: multipliers.{r}")
        tables[r] = [multiplier * t for t in trace]
    METER.spend(n * n * 20 * (1 + len(tables)))
    common = math.lcm(*(x.denominator for table in tables.values() for x in table))
    METER.spend(n * (n + 400) * len(tables) * (1 + common.bit_length() // 400))
    whole = {r: [int(x * common) for x in table] for r, table in tables.items()}  # integers: common * f below

    def scaled(a: int, b: int) -> int:
        at = value_at(n, a, b)
        return common - sum(table[at[r]] for r, table in whole.items())

    for a in range(n):
        for b in range(n):
            if scaled(a, b) < 0:
                value_there = shown(Fraction(scaled(a, b), common))
                raise Refused(f"{where}: multipliers: f = {value_there} < 0 at direction ({a}, {b})")
    agree(f"{where}: value", value, Fraction(scaled(0, 0), common))
    return math.ceil(value)
