r"""Outputs for given hidden nodes, exactly: a network of zero loss, or none.

With hidden nodes h_j = alpha_j(x1) + beta_j(x2) fixed, zero loss is linear in the outputs. For every wanted k,

    sum_j c_jk S_j(k1, k2) = 2 [k1 = k2 = k]   for all k1, k2,     S_j the spectrum of h_j^2 over G x G,

which is one matrix over Q(zeta_n) for all k (Theorem 1). It is solved modulo a large prime p = 1 mod n at every
embedding of zeta_n; interpolation and rational reconstruction give the solution, and
:func:`~cogo_search.networks.cyclotomic_network.is_optimal` decides in integers whether it is one.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from math import isqrt, lcm

import numpy as np

from ..algebra.cyclotomic import assert_bound, units_modulo
from ..groups.abelian import Group
from ..networks.cyclotomic_network import Components, ExactNetwork, ExactNode, is_optimal
from ..networks.network import Setting

#: Bits of the prime: numerators and denominators of up to half as many are found.
BITS = 256
#: A hidden node: the components of alpha and of beta in Z[zeta_n], one character of each conjugate pair.
Hidden = tuple[Components, Components]
#: Values modulo the prime by pair of characters.
Spectrum = dict[tuple[int, int], int]


def complete(group: Group, n: int, hidden: Sequence[Hidden], setting: Setting) -> ExactNetwork | None:
    """The network of zero loss with these hidden nodes; None if there is none.

    Where squares of nodes are dependent, the later ones get no output; nodes without output are left out. Raises
    ArithmeticBoundError if the outputs leave 64 bits.
    """
    p, root = _prime(n)
    wanted = [k for k, _ in group.conjugate_pairs] + group.self_conjugate + ([0] if setting.target == "one-hot" else [])
    units = units_modulo(n)
    solutions = []
    for unit in units:
        squares = [_square(group, node, pow(root, unit, p), p) for node in hidden]
        places = sorted({place for square in squares for place in square} | {(k, k) for k in wanted})
        rows = [[square.get(place, 0) for square in squares] for place in places]
        solution = _solve(rows, [[2 * (place == (k, k)) for k in wanted] for place in places], p)
        if solution is None:
            return None
        solutions.append(solution)
    interpolation = _inverse([[pow(root, unit * e, p) for e in range(len(units))] for unit in units], p)
    found: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for j in range(len(hidden)):
        for i, k in enumerate(wanted):
            values = [solution[j][i] for solution in solutions]
            if any(values):
                found[j, k] = [
                    _rational(sum(x * y for x, y in zip(row, values, strict=True)) % p, p) for row in interpolation
                ]
    scale = lcm(*(denominator for coordinates in found.values() for _, denominator in coordinates))
    assert_bound(max((abs(a) * (scale // b) for coordinates in found.values() for a, b in coordinates), default=0))
    nodes = []
    for j, (a, b) in enumerate(hidden):
        c = {
            k: np.array([numerator * (scale // denominator) for numerator, denominator in found[j, k]], dtype=np.int64)
            for k in wanted
            if (j, k) in found
        }
        if c:
            nodes.append(ExactNode(a, b, c))
    network = ExactNetwork(group, n, scale, tuple(nodes))
    return network if is_optimal(network, setting) else None


def _square(group: Group, node: Hidden, root: int, p: int) -> Spectrum:
    """The spectrum of (alpha + beta)^2 over G x G at one embedding."""
    parts = []
    for components in node:
        values = {}
        for k, element in components.items():
            for sign in (1, -1):
                base = pow(root, sign, p)
                value = sum(int(x) * pow(base, e, p) for e, x in enumerate(element)) % p
                values[int(group.multiple(sign, k))] = value
        parts.append(values)
    a, b = parts
    found: Spectrum = {}

    def accumulate(place: tuple[int, int], value: int) -> None:
        found[place] = (found.get(place, 0) + value) % p

    for k1, x in a.items():
        for k2, y in b.items():
            accumulate((k1, k2), 2 * x * y)
    for position, values in enumerate(parts):
        for k1, x in values.items():
            for k2, y in values.items():
                m = int(group.add(k1, k2))
                accumulate((m, 0) if position == 0 else (0, m), x * y)
    return found


def _solve(rows: list[list[int]], right: list[list[int]], p: int) -> list[list[int]] | None:
    """X with rows X = right modulo p, zero where it is free; None if there is none."""
    width = len(rows[0])
    system = [[v % p for v in row] + [v % p for v in side] for row, side in zip(rows, right, strict=True)]
    pivots: list[int] = []
    for column in range(width):
        rank = len(pivots)
        source = next((r for r in range(rank, len(system)) if system[r][column]), None)
        if source is None:
            continue
        system[rank], system[source] = system[source], system[rank]
        factor = pow(system[rank][column], -1, p)
        system[rank] = [v * factor % p for v in system[rank]]
        for r, row in enumerate(system):
            if r != rank and (times := row[column]):
                system[r] = [(u - times * v) % p for u, v in zip(row, system[rank], strict=True)]
        pivots.append(column)
    if any(any(row[width:]) for row in system[len(pivots) :]):
        return None
    solution = [[0] * len(right[0]) for _ in range(width)]
    for rank, column in enumerate(pivots):
        solution[column] = system[rank][width:]
    return solution


def _inverse(matrix: list[list[int]], p: int) -> list[list[int]]:
    size = len(matrix)
    inverse = _solve(matrix, [[int(i == j) for j in range(size)] for i in range(size)], p)
    if inverse is None:
        raise ZeroDivisionError("singular matrix")
    return inverse


def _rational(x: int, p: int) -> tuple[int, int]:
    """Numerator and denominator of the fraction of least size that is x modulo p (Wang's algorithm)."""
    bound = isqrt(p // 2)
    previous, current, before, now = p, x, 0, 1
    while current > bound:
        quotient = previous // current
        previous, current = current, previous - quotient * current
        before, now = now, before - quotient * now
    return (current, now) if now > 0 else (-current, -now)


@cache
def _prime(n: int) -> tuple[int, int]:
    """A prime p = 1 mod n of BITS bits, by Fermat's test, and a primitive n-th root of unity modulo p."""
    factors = [q for q in range(2, n + 1) if n % q == 0 and all(q % r for r in range(2, isqrt(q) + 1))]
    p = (2**BITS // n) * n + 1
    while any(pow(base, p - 1, p) != 1 for base in (2, 3, 5, 7)):
        p += n
    for base in range(2, 1000):
        root = pow(base, (p - 1) // n, p)
        if all(pow(root, n // q, p) != 1 for q in factors):
            return p, root
    raise ArithmeticError(f"no primitive root of unity modulo {p}")
