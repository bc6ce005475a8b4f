"""Networks in integers over a power of 2, near one of loss zero: Krawczyk's test."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

from .groups import MAX_HIDDEN, Task, times
from .meter import METER, Refused, require

MAX_EQUATIONS, MAX_EXPONENT, INVERSE_BITS = 750, 4096, 64  # beyond the first two: refused; bits of the inverse


def approximate_inverse(matrix: list[dict[int, float]]) -> list[list[float]] | None:
    """The inverse of a square matrix, given by its rows, in floats: nothing rests on how good it is.

    Gauss and Jordan in place: column i turns into a column of the inverse as soon as it is eliminated, and the
    exchanges of rows become exchanges of columns at the end.
    """
    n = len(matrix)
    rows = [[row.get(i, 0.0) for i in range(n)] for row in matrix]
    exchanges = []
    for i in range(n):
        METER.spend(n * n)
        pivot = max(range(i, n), key=lambda r: abs(rows[r][i]))
        exchanges.append(pivot)
        rows[i], rows[pivot] = rows[pivot], rows[i]
        if not abs(rows[i][i]) > 1e-300:
            return None
        inverse = 1 / rows[i][i]
        rows[i][i] = 1.0
        top = rows[i] = [x * inverse for x in rows[i]]
        for r in range(n):
            if r != i and (factor := rows[r][i]):
                rows[r][i] = 0.0
                rows[r] = [x - factor * y for x, y in zip(rows[r], top, strict=True)]
    for i, pivot in reversed(list(enumerate(exchanges))):
        for row in rows:
            row[i], row[pivot] = row[pivot], row[i]
    return rows if all(abs(x) < 1e15 for row in rows for x in row) else None


@dataclass(frozen=True)
class Ball:
    """Weights as integers over 2^exponent; some of them unknown, each within the radius."""

    tensors: list[list[list[int]]]  # W_a, W_b, V
    exponent: int
    radius: int
    unknowns: list[list[int]]  # (tensor, row, node)
    bits: int  # of the largest weight


@dataclass(frozen=True)
class Equation:
    """One equation f = 0 at the centre of the ball."""

    slopes: dict[int, int]  # its row of the Jacobian, times 2^(2 exponent)
    value: int  # of f, times 2^(3 exponent)
    spread: int  # the largest change of the row on the ball, added up, times 2^(2 exponent)


def check_enclosure(o: dict[str, Any], task: Task, where: str) -> None:
    """A network of zero loss has its ``unknowns`` within ``radius`` of these weights, and the others as they are.

    Krawczyk's test (R. Krawczyk, Computing 4, 1969) in the largest norm: for the zeros of f, as many equations as
    unknowns, J its Jacobian on the ball and Y any matrix, ||Y f(m)|| + k radius <= radius with k = sup ||I - Y J|| < 1
    makes u - Y f(u) map the ball to itself; at its fixed point Y f = 0, and Y is regular because Y J is.
    """
    ball = read_ball(o, task, where)
    system = list(equations(ball, task))
    unit = 1 << 2 * ball.exponent
    inverse = approximate_inverse([{i: x / unit for i, x in row.slopes.items()} for row in system])
    if inverse is None:
        raise Refused(f"{where}: the equations are dependent in these unknowns")
    for i, floats in enumerate(inverse):
        held = maps_inside(i, [int(x * 2**INVERSE_BITS) for x in floats], system, ball)
        require(held, f"{where}: no zero is proved within the radius (unknown {i})")


def read_ball(o: dict[str, Any], task: Task, where: str) -> Ball:
    """The weights and unknowns, of a size that can be decided; no node that could do nothing within the radius."""
    d, width, exponent, radius = task.order, task.width, o["weights"]["exponent"], o["certificate"]["radius"]
    unknowns, w = o["certificate"]["unknowns"], [o["weights"][name] for name in ("W_a", "W_b", "V")]
    number = d * d * (d - (not task.one_hot))  # of equations
    require(number <= MAX_EQUATIONS and 1 <= width <= MAX_HIDDEN, f"{where}: too large")
    require(0 <= exponent <= MAX_EXPONENT and radius >= 1, f"{where}: exponent {exponent} or radius out of range")
    shaped = all(len(rows) == d and all(len(row) == width for row in rows) for rows in w)
    require(shaped, f"{where}: weights are not of shape ({d}, {width})")
    bits = max(abs(x) for rows in w for row in rows for x in row).bit_length()
    require(bits <= exponent + 200, f"{where}: weights are above 2^200")
    least = 0 if task.trivial else 1  # the first row balances the others
    free = all(len(u) == 3 and 0 <= u[0] <= 2 and least <= u[1] < d and 0 <= u[2] < width for u in unknowns)
    distinct = len({tuple(u) for u in unknowns}) == len(unknowns)
    require(free and distinct, f"{where}: unknowns are not distinct free weights")
    require(len(unknowns) == number, f"{where}: {len(unknowns)} unknowns for {number} equations")
    for rows, name in zip(w, ("W_a", "W_b", "V"), strict=True):
        for j in range(width):
            zero = task.trivial or not sum(row[j] for row in rows)
            require(zero, f"{where}: node {j}: {name} does not sum to 0")
    for j in range(width):
        hidden = [row[j] for rows in w[:2] for row in rows]
        outputs = [row[j] - (0 if task.one_hot else w[2][0][j]) for row in w[2]]
        idle = all(abs(x) <= radius for x in hidden) or all(abs(x) <= 2 * radius for x in outputs)
        require(not idle, f"{where}: node {j} may do nothing within the radius")
    METER.spend(number * width * 20 * (1 + bits // 500))
    METER.reserve(9 * number * number + number * width * (300 + bits // 2))
    return Ball(w, exponent, radius, unknowns, bits)


def equations(ball: Ball, task: Task) -> Iterator[Equation]:
    """The outputs at all inputs less the target; for zero-mean targets less the output of the first element."""
    (w_a, w_b, v), radius, first = ball.tensors, ball.radius, 0 if task.one_hot else 1
    moving: dict[tuple[int, int, int], list[tuple[int, int]]] = {}  # (tensor, x, node): unknowns in it, with sign
    for i, (t, x, j) in enumerate(ball.unknowns):
        moving.setdefault((t, x, j), []).append((i, 1))
        if not task.trivial:
            moving.setdefault((t, 0, j), []).append((i, -1))
    elements = task.elements
    position = {x: i for i, x in enumerate(elements)}
    for (x1, e1), (x2, e2) in product(enumerate(elements), repeat=2):
        target = position[times(e1, e2, task.factors)]
        for y in range(first, task.order):
            slopes: dict[int, int] = {}
            value, spread = ((target == 0) * first - (y == target)) << 3 * ball.exponent, 0
            for j in range(task.width):
                h = w_a[x1][j] + w_b[x2][j]
                out = v[y][j] - first * v[0][j]
                value += out * h * h
                hidden = moving.get((0, x1, j), []) + moving.get((1, x2, j), [])
                outer = moving.get((2, y, j), []) + [(i, -s) for i, s in moving.get((2, 0, j), []) if first]
                for i, sign in hidden:
                    slopes[i] = slopes.get(i, 0) + sign * 2 * out * h
                for i, sign in outer:
                    slopes[i] = slopes.get(i, 0) + sign * h * h
                dh, dv = len(hidden) * radius, len(outer) * radius
                spread += len(hidden) * 2 * (abs(out) * dh + dv * (abs(h) + dh)) + len(outer) * dh * (2 * abs(h) + dh)
            yield Equation(slopes, value, spread)


def maps_inside(i: int, y: list[int], system: list[Equation], ball: Ball) -> bool:
    """Does u - Y f(u) keep unknown i within the radius? y is row i of Y, over 2^INVERSE_BITS."""
    one = 1 << 2 * ball.exponent + INVERSE_BITS
    rest: dict[int, int] = {i: -one}
    step = wide = 0
    for factor, equation in zip(y, system, strict=True):
        if factor:
            METER.spend((len(equation.slopes) + 3) * (2 + ball.bits // 200))
            step += factor * equation.value
            wide += abs(factor) * equation.spread
            for k, x in equation.slopes.items():
                rest[k] = rest.get(k, 0) + factor * x
    contraction = sum(map(abs, rest.values())) + wide  # over ``one``
    return contraction < one and abs(step) + contraction * ball.radius <= ball.radius * one
