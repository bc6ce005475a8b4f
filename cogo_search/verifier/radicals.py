"""Networks whose weights lie in a tower of real square roots.

An element has a coordinate for each product of roots, numbered by bit masks.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import islice, product
from typing import Any

from .groups import MAX_HIDDEN, MAX_WORK, Task, times
from .meter import METER, heavy, require
from .ranks import tower_primes

POWER_STEPS = 100  # a power modulo a prime of 31 bits
TOWER_STEPS = 16  # one call of the recursion that multiplies in a tower
PLACES = 64  # homomorphisms to prime fields, some, that may prove a radicand to be no square
MAX_ROOTS, BITS = 8, 256  # square roots in a tower, and how exactly they are enclosed to see that they are real


def check_radicals(o: dict[str, Any], task: Task, where: str) -> None:
    """Weights by their values: the loss is zero, and they are written in the one way that there is."""
    weights, width, d = o["weights"], task.width, task.order
    check_tower(weights["radicands"], where)
    size, work = 2 ** len(weights["radicands"]), d * d * width * d * 5 ** len(weights["radicands"])
    require(1 <= width <= MAX_HIDDEN and work <= MAX_WORK, f"{where}: too large")
    for name in ("W_a", "W_b", "V"):
        rows = weights[name]
        shape = len(rows) == d and all(len(row) == width and all(len(x) == size for x in row) for row in rows)
        require(shape, f"{where}: {name} is not of shape ({d}, {width}, {size})")
    check_written(weights, task, where)
    check_outputs(weights, task, where)


def check_tower(radicands: list[list[int]], where: str) -> None:
    """Every radicand is positive, and no square in the field of the roots below."""
    require(len(radicands) <= MAX_ROOTS, f"{where}: {len(radicands)} square roots")
    roots: list[tuple[int, int]] = []
    for i, radicand in enumerate(radicands):
        require(len(radicand) == 2**i, f"{where}: radicand {i} has {len(radicand)} coordinates, not {2**i}")
        widest = max(x.bit_length() for x in [*radicand, *(above for _, above in roots)])
        METER.spend(2**i * (4 + i) * heavy(BITS + widest))
        low, high = tower_bounds(radicand, roots)
        require(low > 0, f"{where}: radicand {i} is not positive")
        roots.append((math.isqrt(low << BITS), math.isqrt(high << BITS) + 1))
    for i, radicand in enumerate(radicands):
        require(not_a_square(radicand, radicands[:i]), f"{where}: radicand {i} is a square already: leave its root out")


def check_written(weights: dict[str, Any], task: Task, where: str) -> None:
    """No root, node or factor that could be left out without a change of what the network computes."""
    radicands, scale, d, width = weights["radicands"], weights["scale"], task.order, task.width
    w_a, w_b, v = (weights[name] for name in ("W_a", "W_b", "V"))
    size, everything = 2 ** len(radicands), [x for rows in (w_a, w_b, v, [radicands]) for row in rows for x in row]
    met = {e for x in everything for e, m in enumerate(x) if m}
    for i in range(len(radicands)):  # else one network would have many ids
        require(any(e >> i & 1 for e in met), f"{where}: the root of radicand {i} occurs nowhere")
    bits = max(m.bit_length() for x in everything for m in x)
    METER.spend(d * d * width * (d + 1) * size * heavy(bits))  # additions; tower_product tells its own steps
    for j in range(width):
        hidden = [x for rows in (w_a, w_b) for row in rows for x in row[j]]
        require(math.gcd(*hidden) == 1, f"{where}: node {j}: W_a and W_b vanish or have a common factor")
        idle = [0] * size if task.one_hot else v[0][j]  # outputs that are all equal are free for zero-mean targets
        require(any(row[j] != idle for row in v), f"{where}: node {j} does nothing")
        for name, rows in (("W_a", w_a), ("W_b", w_b), ("V", v)):
            free = task.trivial or not any(map(sum, zip(*(row[j] for row in rows), strict=True)))
            require(free, f"{where}: node {j}: {name} does not sum to 0")
    common = math.gcd(scale, *(m for row in v for x in row for m in x))
    fits = scale >= 1 and common == 1
    require(fits, f"{where}: scale {scale} is not positive or has a factor in common with all of V")


def check_outputs(weights: dict[str, Any], task: Task, where: str) -> None:
    """sum_j V (W_a + W_b)^2 - scale [x1 + x2] is equal for all outputs, for one-hot targets zero."""
    radicands, scale, elements = weights["radicands"], weights["scale"], task.elements
    w_a, w_b, v = (weights[name] for name in ("W_a", "W_b", "V"))
    size = 2 ** len(radicands)
    for (first, x1), (second, x2) in product(enumerate(elements), repeat=2):
        sums = [[0] * size for _ in elements]
        for j in range(task.width):
            h = [i + k for i, k in zip(w_a[first][j], w_b[second][j], strict=True)]
            square = tower_product(h, h, radicands)
            for y, total in enumerate(sums):
                sums[y] = [i + k for i, k in zip(total, tower_product(square, v[y][j], radicands), strict=True)]
        sums[elements.index(times(x1, x2, task.factors))][0] -= scale
        zero = [0] * size if task.one_hot else sums[0]
        require(all(total == zero for total in sums), f"{where}: the loss is not zero at inputs {first}, {second}")


def tower_product(x: list[int], y: list[int], radicands: list[list[int]]) -> list[int]:
    """In the tower of square roots: (x0 + x1 r)(y0 + y1 r) = x0 y0 + x1 y1 r^2 + (x0 y1 + x1 y0) r, r the last root."""
    METER.spend(TOWER_STEPS)
    if not any(x) or not any(y):
        return [0] * len(x)
    if len(x) == 1:
        METER.spend(heavy(max(x[0].bit_length(), y[0].bit_length())))
        return [x[0] * y[0]]
    half, below = len(x) // 2, radicands[:-1]
    (x0, x1), (y0, y1) = (x[:half], x[half:]), (y[:half], y[half:])
    square = tower_product(tower_product(x1, y1, below), radicands[-1], below)
    low = [i + j for i, j in zip(tower_product(x0, y0, below), square, strict=True)]
    mixed = zip(tower_product(x0, y1, below), tower_product(x1, y0, below), strict=True)
    return low + [i + j for i, j in mixed]


def not_a_square(radicand: list[int], below: list[list[int]]) -> bool:
    """Is the radicand no square in the field of the roots below? Proved by a prime.

    A homomorphism from the ring that the roots generate to F_p under which no radicand vanishes, p odd, is one of the
    integers of that field localised there (the ring is etale over Z at such a place, so it is integrally closed). A
    square goes to a square. So an image without a square root modulo p proves that there is none. One prime in 2^m,
    m the number of roots below, has such homomorphisms, and half of these prove it for any radicand that is no square;
    if PLACES 2^m primes do not, the radicand is taken to be one.
    """
    for p in islice(tower_primes(), PLACES << len(below)):
        for roots in places(below, p):
            value = tower_modulo(radicand, roots, p)
            METER.spend(POWER_STEPS)
            if value and pow(value, (p - 1) // 2, p) != 1:
                return True
    return False


def places(radicands: list[list[int]], p: int) -> Iterator[list[int]]:
    """The choices of square roots modulo p of all radicands, one after the other, where none is 0 (p = 3 mod 4)."""
    if not radicands:
        yield []
        return
    for roots in places(radicands[:-1], p):
        value = tower_modulo(radicands[-1], roots, p)
        METER.spend(POWER_STEPS)
        root = pow(value, (p + 1) // 4, p)
        if value and root * root % p == value:
            yield [*roots, root]
            yield [*roots, p - root]


def tower_modulo(x: list[int], roots: list[int], p: int) -> int:
    """The image of an element of the tower modulo p."""
    METER.spend(sum(4 + heavy(c.bit_length()) // 64 for c in x))
    total = 0
    for e, coordinate in enumerate(x):
        term = coordinate
        for i, root in enumerate(roots):
            if e >> i & 1:
                term = term * root % p
        total += term
    return total % p


def tower_bounds(x: list[int], roots: list[tuple[int, int]]) -> tuple[int, int]:
    """Integers below and above 2^BITS x, given such for the roots, all positive."""
    low = high = 0
    for e, coordinate in enumerate(x):
        least = most = 1 << BITS
        for i, (below, above) in enumerate(roots):
            if e >> i & 1:
                least, most = least * below >> BITS, -(-most * above >> BITS)
        low += coordinate * (least if coordinate > 0 else most)
        high += coordinate * (most if coordinate > 0 else least)
    return low, high
