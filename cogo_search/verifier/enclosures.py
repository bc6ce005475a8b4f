"""Networks in integers over a power of 2, near one of loss zero: Krawczyk's test."""

from __future__ import annotations

import math
from itertools import product
from typing import Any

from .groups import MAX_HIDDEN
from .meter import METER, require

MAX_EQUATIONS, MAX_EXPONENT, INVERSE_BITS = 750, 4096, 64


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


def check_enclosure(
    weights: dict[str, Any], certificate: dict[str, Any], factors: tuple[int, ...], width: int, trivial: bool,
    one_hot: bool, where: str,
) -> None:  # fmt: skip
    """A network of zero loss has its ``unknowns`` within ``radius`` of these weights, and the others as they are.

    Krawczyk's test (R. Krawczyk, Computing 4, 1969) in the largest norm: for the zeros of f, as many equations as
    unknowns, J its Jacobian on the ball and Y any matrix, ||Y f(m)|| + k radius <= radius with k = sup ||I - Y J|| < 1
    makes u - Y f(u) map the ball to itself; at its fixed point Y f = 0, and Y is regular because Y J is.
    """
    d, exponent, radius, unknowns = (
        math.prod(factors),
        weights["exponent"],
        certificate["radius"],
        certificate["unknowns"],
    )
    first = 0 if one_hot else 1
    count = d * d * (d - first)
    require(count <= MAX_EQUATIONS and 1 <= width <= MAX_HIDDEN, f"{where}: too large")
    require(0 <= exponent <= MAX_EXPONENT and radius >= 1, f"{where}: exponent {exponent} or radius out of range")
    w = [weights[name] for name in ("W_a", "W_b", "V")]
    shaped = all(len(rows) == d and all(len(row) == width for row in rows) for rows in w)
    require(shaped, f"{where}: weights are not of shape ({d}, {width})")
    bits = max(abs(x) for rows in w for row in rows for x in row).bit_length()
    require(bits <= exponent + 200, f"{where}: weights are above 2^200")
    free = (0, 0 if trivial else 1)
    known = all(len(u) == 3 and 0 <= u[0] <= 2 and free[1] <= u[1] < d and 0 <= u[2] < width for u in unknowns)
    require(
        known and len({tuple(u) for u in unknowns}) == len(unknowns), f"{where}: unknowns are not distinct free weights"
    )
    require(len(unknowns) == count, f"{where}: {len(unknowns)} unknowns for {count} equations")
    for rows, name in zip(w, ("W_a", "W_b", "V"), strict=True):
        for j in range(width):
            zero = trivial or not sum(row[j] for row in rows)
            require(zero, f"{where}: node {j}: {name} does not sum to 0")
    for j in range(width):
        hidden_weights = [row[j] for rows in w[:2] for row in rows]
        outputs = [row[j] - (0 if one_hot else w[2][0][j]) for row in w[2]]
        idle = all(abs(x) <= radius for x in hidden_weights) or all(abs(x) <= 2 * radius for x in outputs)
        require(not idle, f"{where}: node {j} may do nothing within the radius")
    METER.spend(count * width * 20 * (1 + bits // 500))
    METER.reserve(9 * count * count + count * width * (300 + bits // 2))
    number = {tuple(u): i for i, u in enumerate(unknowns)}
    moving: dict[tuple[int, int, int], list[tuple[int, int]]] = {}  # (tensor, x, node): unknowns in it, with sign
    for (t, x, j), i in number.items():
        moving.setdefault((t, x, j), []).append((i, 1))
        if not trivial:
            moving.setdefault((t, 0, j), []).append((i, -1))
    elements = list(product(*map(range, factors)))
    position = {x: i for i, x in enumerate(elements)}
    jacobian: list[dict[int, int]] = []  # times 2^(2 exponent)
    values: list[int] = []  # of f at the weights, times 2^(3 exponent)
    spread: list[int] = []  # largest change of a row of J on the ball, added up, times 2^(2 exponent)
    for (x1, e1), (x2, e2) in product(enumerate(elements), repeat=2):
        target = position[tuple((i + k) % f for i, k, f in zip(e1, e2, factors, strict=True))]
        for y in range(first, d):
            row: dict[int, int] = {}
            value = ((target == 0) * first - (y == target)) << 3 * exponent
            change = 0
            for j in range(width):
                h = w[0][x1][j] + w[1][x2][j]
                v = w[2][y][j] - first * w[2][0][j]
                value += v * h * h
                hidden = moving.get((0, x1, j), []) + moving.get((1, x2, j), [])
                outer = moving.get((2, y, j), []) + [(i, -s) for i, s in moving.get((2, 0, j), []) if first]
                for i, sign in hidden:
                    row[i] = row.get(i, 0) + sign * 2 * v * h
                for i, sign in outer:
                    row[i] = row.get(i, 0) + sign * h * h
                dh, dv = len(hidden) * radius, len(outer) * radius
                change += len(hidden) * 2 * (abs(v) * dh + dv * (abs(h) + dh)) + len(outer) * dh * (2 * abs(h) + dh)
            jacobian.append(row)
            values.append(value)
            spread.append(change)
    unit = 1 << 2 * exponent
    inverse = approximate_inverse([{i: x / unit for i, x in row.items()} for row in jacobian])
    require(inverse is not None, f"{where}: the equations are dependent in these unknowns")
    one = unit << INVERSE_BITS
    for i, row_of_floats in enumerate(inverse or []):
        y_row = [int(x * 2**INVERSE_BITS) for x in row_of_floats]
        rest: dict[int, int] = {i: -one}
        step = wide = 0
        for y_entry, row, value, change in zip(y_row, jacobian, values, spread, strict=True):
            if y_entry:
                METER.spend((len(row) + 3) * (2 + bits // 200))
                step += y_entry * value
                wide += abs(y_entry) * change
                for k, x in row.items():
                    rest[k] = rest.get(k, 0) + y_entry * x
        contraction = sum(map(abs, rest.values())) + wide  # over ``one``
        held = contraction < one and abs(step) + contraction * radius <= radius * one
        require(held, f"{where}: no zero is proved within the radius (unknown {i})")
