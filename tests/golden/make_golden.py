"""Golden test vectors, made without the package under test.

Everything here follows docs/catalog.md literally, with python-flint: an element of Q(zeta_n) is an
``fmpq_poly`` reduced modulo the cyclotomic polynomial Phi_n, an inverse comes from the extended
Euclidean algorithm, membership in a subfield from a row reduction over Q, and absolute values from
ball arithmetic. Slow but obvious on purpose. Nothing of ``cogo_search`` is imported.

    python tests/golden/make_golden.py [FOLDER]

writes potentials.json, canonical.json, polynomials.json and aligned.json into FOLDER (default: the
folder of this script). Seeds are fixed: two runs give the same bytes.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import random
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import combinations_with_replacement
from pathlib import Path
from typing import Any

from flint import acb, arb, ctx, fmpq, fmpq_mat, fmpq_poly, fmpz_poly

Element = fmpq_poly  # of Q(zeta_n), reduced modulo Phi_n
Node = tuple[int, int, Element]  # exponents of a and b, and c
Case = dict[str, Any]

# Potential name -> (ea, eb): the monomial is a^ea b^eb c for |a| = |b| = 1 (a capital is a conjugate).
MONOMIALS: dict[str, tuple[int, int]] = {
    "abc": (1, 1),
    "Abc": (-1, 1),
    "aBc": (1, -1),
    "ABc": (-1, -1),
    "aAc": (0, 0),
    "bBc": (0, 0),
    "aac": (2, 0),
    "bbc": (0, 2),
    "AAc": (-2, 0),
    "BBc": (0, -2),
}
SETS: dict[str, tuple[str, ...]] = {
    "Rc": ("Abc", "aBc", "ABc"),
    "Rn": ("aAc", "bBc"),
    "R*": ("aac", "bbc", "AAc", "BBc"),
}
NINE: tuple[str, ...] = SETS["Rc"] + SETS["Rn"] + SETS["R*"]
COVERS: dict[str, tuple[str, ...]] = {
    "all": NINE,
    "Rc+R*": SETS["Rc"] + SETS["R*"],
    "Rc+Rn": SETS["Rc"] + SETS["Rn"],
    "Rc": SETS["Rc"],
}


# ---------------------------------------------------------------- the field Q(zeta_n)


@cache
def modulus(n: int) -> fmpq_poly:
    """The cyclotomic polynomial Phi_n."""
    return fmpq_poly(fmpz_poly.cyclotomic(n))


def phi(n: int) -> int:
    """Euler's phi(n), the degree of Q(zeta_n)."""
    return int(modulus(n).degree())


@cache
def zeta(n: int, exponent: int) -> Element:
    """zeta_n^exponent as an element."""
    return fmpq_poly([0] * (exponent % n) + [1]) % modulus(n)


def element(n: int, coordinates: Iterable[int]) -> Element:
    """The element with these coordinates in the power basis 1, zeta, zeta^2, ... (any length)."""
    return fmpq_poly(list(coordinates)) % modulus(n)


def multiply(n: int, x: Element, y: Element) -> Element:
    """x y."""
    return (x * y) % modulus(n)


def invert(n: int, x: Element) -> Element:
    """1 / x, from s x + t Phi_n = 1."""
    gcd, s, _ = x.xgcd(modulus(n))
    assert gcd.is_one()
    return s % modulus(n)


def substitute(n: int, x: Element, step: int) -> Element:
    """sum x_i zeta_n^(step i) for x = sum x_i zeta^i: conjugation for step -1, lifting for step > 1."""
    total = fmpq_poly(0)
    for i, coefficient in enumerate(x.coeffs()):
        total += coefficient * zeta(n, step * i)
    return total


def rationals(n: int, x: Element) -> list[fmpq]:
    """The phi(n) coordinates in the power basis."""
    values = list(x.coeffs())
    return values + [fmpq(0)] * (phi(n) - len(values))


def integers(n: int, x: Element) -> list[int]:
    """The phi(n) coordinates, which must be integers."""
    values = rationals(n, x)
    assert all(value.q == 1 for value in values)
    return [int(value.p) for value in values]


def descend(n: int, small: int, elements: list[Element]) -> list[Element] | None:
    """The same elements of Q(zeta_n), written in Q(zeta_small), small | n; None if one is not in it."""
    columns = [rationals(n, zeta(n, n // small * i)) for i in range(phi(small))]
    columns += [rationals(n, x) for x in elements]
    rows = [[column[i] for column in columns] for i in range(phi(n))]
    reduced, rank = fmpq_mat(rows).rref()
    if rank > phi(small):
        return None
    return [fmpq_poly([reduced[i, phi(small) + j] for i in range(phi(small))]) for j in range(len(elements))]


# ---------------------------------------------------------------- weights


def half_turn(n: int, a: int, b: int) -> tuple[int, int]:
    """The one of (a, b), (-a, -b) with the exponent of a below n/2 (n even)."""
    a, b = a % n, b % n
    return (a, b) if a < n // 2 else (a - n // 2, (b + n // 2) % n)


def merge(n: int, nodes: Iterable[Node]) -> list[Node]:
    """One node per direction up to a common sign, c added up, zeros dropped, sorted by direction."""
    total: dict[tuple[int, int], Element] = {}
    for a, b, c in nodes:
        direction = half_turn(n, a, b)
        total[direction] = total.get(direction, fmpq_poly(0)) + c
    return [(a, b, total[a, b]) for a, b in sorted(total) if not total[a, b].is_zero()]


def product(n: int, left: list[Node], right: list[Node]) -> list[Node]:
    """All pairs of nodes, multiplied entrywise (not merged)."""
    return [((a + d) % n, (b + e) % n, multiply(n, c, f)) for a, b, c in left for d, e, f in right]


def potential(n: int, nodes: list[Node], name: str) -> Element:
    """The sum over all nodes of the monomial called `name`."""
    ea, eb = MONOMIALS[name]
    total = fmpq_poly(0)
    for a, b, c in nodes:
        total += multiply(n, zeta(n, ea * a + eb * b), c)
    return total


def as_json(n: int, nodes: list[Node]) -> list[Case]:
    """Nodes for a JSON file."""
    return [{"a": a, "b": b, "c": integers(n, c)} for a, b, c in nodes]


# ---------------------------------------------------------------- the canonical form


def least_even(n: int, nodes: list[Node]) -> int:
    """The least even N: all a_j/a_1, b_j/b_1 in mu_N up to a common sign, c_j a_1 b_1 / r_kkk in Q(zeta_N)."""
    inverse = invert(n, potential(n, nodes, "abc"))
    found = set()
    for first_a, first_b, _ in nodes:  # every choice of the anchor must give the same N
        unit = multiply(n, zeta(n, first_a + first_b), inverse)
        scaled = [multiply(n, c, unit) for _, _, c in nodes]
        for small in range(2, n + 1, 2):
            if n % small:
                continue
            step = n // small
            if any((a - first_a) % step or (b - first_b) % step for a, b, _ in nodes):
                continue
            if descend(n, small, scaled) is not None:
                found.add(small)
                break
    assert len(found) == 1
    return found.pop()


def candidate(n: int, small: int, nodes: list[Node], anchor: int) -> list[list[Any]]:
    """The node list [[a, b, [c_0, ...]], ...] over zeta_small with this anchor."""
    first_a, first_b, _ = nodes[anchor]
    shifted = [(a - first_a, b - first_b, multiply(n, c, zeta(n, first_a + first_b))) for a, b, c in nodes]
    scale = invert(n, potential(n, shifted, "abc"))
    weights = descend(n, small, [multiply(n, c, scale) for _, _, c in shifted])
    assert weights is not None
    coordinates = [rationals(small, c) for c in weights]
    least = math.lcm(*(int(value.q) for values in coordinates for value in values))
    step = n // small
    result: list[list[Any]] = []
    for (a, b, _), values in zip(shifted, coordinates, strict=True):
        assert a % step == 0 and b % step == 0
        whole = [value * least for value in values]
        assert all(value.q == 1 for value in whole)
        result.append([*half_turn(small, a // step, b // step), [int(value.p) for value in whole]])
    return sorted(result)


def magnitude(n: int, x: Element) -> arb:
    """abs(x) at zeta_n = exp(2 pi i / n), as a ball."""
    total = acb(0)
    for i, value in enumerate(rationals(n, x)):
        total += acb(arb(value)) * acb(arb(fmpq(2 * i, n))).exp_pi_i()
    return abs(total)


def twelve_digits(x: arb) -> str:
    """x >= 1 to 12 significant digits, correctly rounded, as format(float, '#.12g') prints it."""
    before = 1
    while x > 10**before:
        before += 1
    assert x < 10**before and before < 12
    rounded = int((x * 10 ** (12 - before) + arb(fmpq(1, 2))).floor().unique_fmpz())
    assert rounded < 10**12
    digits = str(rounded)
    text = digits[:before] + "." + digits[before:]
    assert text == format(float(x), "#.12g")
    return text


def cost(n: int, nodes: list[Node]) -> str:
    """3 sum_j (abs(c_j) / abs(r_kkk))^(2/3)."""
    scale = magnitude(n, potential(n, nodes, "abc"))
    total = arb(0)
    for _, _, c in nodes:
        total += (magnitude(n, c) / scale) ** arb(fmpq(2, 3))
    return twelve_digits(3 * total)


def aligned_nodes(n: int, nodes: list[Node]) -> int | None:
    """The sum of the c_j a_j b_j as integers without common factor, if all are positive multiples of one constant."""
    inverse = invert(n, potential(n, nodes, "abc"))
    shares: list[fmpq] = []
    for a, b, c in nodes:
        first, *rest = rationals(n, multiply(n, multiply(n, c, zeta(n, a + b)), inverse))
        if any(value != 0 for value in rest) or first <= 0:
            return None
        shares.append(first)
    common = math.lcm(*(int(share.q) for share in shares))
    whole = [int((share * common).p) for share in shares]
    return sum(whole) // math.gcd(*whole)


def canonical(n: int, raw: list[Node]) -> Case:
    """Canonical form, id and the derived fields of a weight with r_kkk != 0."""
    nodes = merge(n, raw)
    small = least_even(n, nodes)
    swapped = [(b, a, c) for a, b, c in nodes]
    candidates = []
    for variant in (nodes, swapped):
        mirrored = [(-a % n, -b % n, substitute(n, c, -1)) for a, b, c in variant]
        for weight in (variant, mirrored):
            candidates += [candidate(n, small, weight, anchor) for anchor in range(len(nodes))]
    best = min(candidates)
    text = json.dumps([small, best], separators=(",", ":"))
    final = [(a, b, element(small, c)) for a, b, c in best]
    zero = [name for name in NINE if potential(small, final, name).is_zero()]  # a swap exchanges aac and bbc
    size = potential(small, final, "abc")
    assert size.degree() == 0 and size.coeffs()[0] > 0
    assert math.gcd(*(value for _, _, c in best for value in c), int(size.coeffs()[0].p)) == 1
    assert aligned_nodes(n, nodes) == aligned_nodes(small, final)
    assert cost(n, nodes) == cost(small, final)
    return {
        "n": small,
        "nodes": [{"a": a, "b": b, "c": c} for a, b, c in best],
        "id": f"cogo1-n{small}-q{len(best)}-" + hashlib.sha256(text.encode("ascii")).hexdigest()[:16],
        "order": len(best),
        "orbit_size": len({json.dumps(entry) for entry in candidates}),
        "aligned_nodes": aligned_nodes(n, nodes),
        "zero_set": zero,
        "covers": [name for name, members in SETS.items() if set(members) <= set(zero)],
        "cost": cost(n, nodes),
    }


# ---------------------------------------------------------------- polynomials and the paper's weights


def value_exponents(n: int, generator: tuple[int, int, int]) -> dict[str, int]:
    """Potential name -> exponent of its value at the order-1 weight u = [a, b, c]."""
    a, b, c = generator
    return {name: (ea * a + eb * b + c) % n for name, (ea, eb) in MONOMIALS.items()}


def largest(n: int, generator: tuple[int, int, int]) -> list[int]:
    """All values of the nine potentials at u except 1: the S of the maximal polynomial."""
    values = value_exponents(n, generator)
    return sorted({values[name] for name in NINE} - {0})


def rho(n: int, generator: tuple[int, int, int], values: list[int]) -> list[Node]:
    """The nodes of rho_S(u) = prod over s in S of (u - s), not merged."""
    coefficients = [element(n, [1])]  # of prod (x - zeta^s), lowest degree first
    for s in values:
        shifted = [fmpq_poly(0), *coefficients]
        scaled = [multiply(n, zeta(n, s), p) for p in coefficients] + [fmpq_poly(0)]
        coefficients = [p - q for p, q in zip(shifted, scaled, strict=True)]
    a, b, c = generator
    return [(power * a % n, power * b % n, multiply(n, p, zeta(n, power * c))) for power, p in enumerate(coefficients)]


def u_nu(n: int, k: int) -> tuple[int, int, int]:
    """Table 1: u_nu = [nu, -nu, -1/nu^2] for nu = zeta_n^k."""
    return (k % n, (k + n // 2) % n, (n // 2 - 2 * k) % n)


def order_one(n: int, a: int, b: int, c: int) -> Node:
    """The node [zeta^a, zeta^b, zeta^c]."""
    return (a % n, b % n, zeta(n, c))


def z_nu(n: int, k: int) -> list[Node]:
    """z_nu = u_nu + 1 for nu = zeta_n^k."""
    return [order_one(n, *u_nu(n, k)), order_one(n, 0, 0, 0)]


def z_syn(n: int, alpha: int = 0, beta: int = 0) -> list[Node]:
    """Eq. 11: a = [1, w alpha, w' beta], b = [1, w/alpha, w'/beta], c = [1, w, w'], w = zeta_3, w' = 1/w."""
    w = n // 3
    return [
        order_one(n, 0, 0, 0),
        order_one(n, w + alpha, w - alpha, w),
        order_one(n, 2 * w + beta, 2 * w - beta, 2 * w),
    ]


def z_xi(n: int, k: int) -> list[Node]:
    """Eq. 9: a = [1, xi], b = [1, -i/xi], c = [1, i] for xi = zeta_n^k."""
    return [order_one(n, 0, 0, 0), order_one(n, k, 3 * n // 4 - k, n // 4)]


# ---------------------------------------------------------------- the four files


def random_nodes(rng: random.Random, n: int, count: int, bound: int) -> list[Node]:
    """Random directions in mu_n^2 and random integer coordinates in [-bound, bound]."""
    return [
        (rng.randrange(n), rng.randrange(n), element(n, [rng.randint(-bound, bound) for _ in range(phi(n))]))
        for _ in range(count)
    ]


def make_potentials() -> list[Case]:
    """Random weights and their ten potentials."""
    rng = random.Random(20240901)
    cases = []
    for n in (2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 24, 30, 36):
        for count in (1, 2, 4, 6, 9):
            nodes = random_nodes(rng, n, count, 9)
            values = {name: integers(n, potential(n, nodes, name)) for name in MONOMIALS}
            cases.append({"n": n, "nodes": as_json(n, nodes), "values": values})
    return cases


def scrambled(rng: random.Random, n: int, nodes: list[Node]) -> list[Node]:
    """The same solution in other words: a unit, a common factor on c, signs, split nodes, zeros, swap, conjugation."""
    s, t, extra = rng.randrange(n), rng.randrange(n), rng.randrange(n)
    factor = element(n, [rng.choice([1, 2, 3])]) - rng.choice([0, 0, 1]) * zeta(n, extra)
    if factor.is_zero():
        factor = element(n, [2])
    factor = multiply(n, factor, zeta(n, -s - t))
    result = [((a + s) % n, (b + t) % n, multiply(n, c, factor)) for a, b, c in nodes]
    if rng.random() < 0.5:
        result = [(b, a, c) for a, b, c in result]
    if rng.random() < 0.5:
        result = [(-a % n, -b % n, substitute(n, c, -1)) for a, b, c in result]
    a, b, c = result.pop()
    piece = element(n, [rng.randint(-2, 2) for _ in range(phi(n))])
    result += [(a, b, c - piece), ((a + n // 2) % n, (b + n // 2) % n, piece)]  # one direction twice
    other = random_nodes(rng, n, 1, 2)[0]
    result += [other, (other[0], other[1], -other[2])]  # cancels
    result.append((rng.randrange(n), rng.randrange(n), fmpq_poly(0)))
    result = [((a + n // 2) % n, (b + n // 2) % n, c) if rng.random() < 0.3 else (a, b, c) for a, b, c in result]
    rng.shuffle(result)
    return result


def structured() -> Iterator[tuple[str, int, list[Node]]]:
    """Name, n and nodes of the paper's solutions."""
    yield "u_one+1", 2, z_nu(2, 0)
    yield "syn", 6, z_syn(6)
    yield "rho(u_3a)", 6, rho(6, (0, 2, 4), largest(6, (0, 2, 4)))
    yield "rho(u_4a)", 4, rho(4, (0, 1, 3), largest(4, (0, 1, 3)))
    for order, n in ((1, 6), (4, 12), (5, 30), (6, 6)):
        yield f"nu*syn, nu of order {order}", n, product(n, z_nu(n, n // order), z_syn(n))
    for order, n in ((1, 4), (8, 8), (12, 12)):
        yield f"nu_i*xi, xi of order {order}", n, product(n, z_nu(n, n // 4), z_xi(n, n // order))
    for alpha, beta, n in ((0, 1, 12), (4, 1, 12), (1, 6, 24)):
        name = f"nu_i*syn_ab, alpha = zeta_{n}^{alpha}, beta = zeta_{n}^{beta}"
        yield name, n, product(n, z_nu(n, n // 4), z_syn(n, alpha, beta))
    for order, n in ((5, 10), (16, 16), (24, 24)):
        generator = u_nu(n, n // order)
        yield f"rho_nu, nu of order {order}", n, rho(n, generator, largest(n, generator))


def weighted(rng: random.Random) -> Iterator[tuple[str, int, list[Node]]]:
    """Random weights with r_kkk != 0: n, the n they are written over, and what makes them special."""
    yield "one node", 10, [(3, 4, element(10, [2, 0, -1, 5]))]
    yield "one node, written with zeros", 12, [(7, 4, element(12, [3, 1])), (1, 2, element(12, [0]))]
    # directions in mu_small, c in Q(zeta_field), everything written over n
    plans = ((4, 2, 4, 4), (4, 4, 4, 3), (2, 10, 10, 3), (6, 4, 12, 3), (8, 2, 24, 5), (6, 6, 18, 4), (12, 4, 36, 4))
    for small, field, n, count in plans:
        nodes = [
            (n // small * a, n // small * b, substitute(n, c, n // field))
            for (a, b, _), (_, _, c) in zip(
                random_nodes(rng, small, count, 3), random_nodes(rng, field, count, 3), strict=True
            )
        ]
        yield f"weighted: directions in mu_{small}, c in Q(zeta_{field})", n, nodes
    for n, count in ((6, 4), (8, 5), (10, 4), (12, 6), (14, 3), (18, 4), (20, 3), (24, 3)):
        yield f"weighted: n = {n}", n, random_nodes(rng, n, count, 3)
    yield "weighted: coordinates beyond 64 bits", 36, random_nodes(rng, 36, 4, 90)


def make_canonical() -> list[Case]:
    """Canonical forms; cases of one name are one solution."""
    rng = random.Random(20240902)
    cases: list[Case] = []

    def add(name: str, n: int, nodes: list[Node]) -> None:
        result = canonical(n, nodes)
        final = [(node["a"], node["b"], element(result["n"], node["c"])) for node in result["nodes"]]
        assert canonical(result["n"], final) == result
        cases.append({"name": name, "n": n, "nodes": as_json(n, nodes), "canonical": result})

    for name, n, nodes in structured():
        add(name, n, nodes)
        for step in (2, 3):
            lifted = [(step * a, step * b, substitute(step * n, c, step)) for a, b, c in nodes]
            add(name, step * n, scrambled(rng, step * n, lifted))
    for name, n, nodes in weighted(rng):
        assert not potential(n, nodes, "abc").is_zero()
        add(name, n, nodes)
        if n <= 12:
            add(name, n, scrambled(rng, n, nodes))
    by_name: dict[str, set[str]] = {}
    for case in cases:
        by_name.setdefault(case["name"], set()).add(json.dumps(case["canonical"]))
    assert all(len(results) == 1 for results in by_name.values())
    return cases


def make_polynomials() -> list[Case]:
    """rho_S(u) for the generators of Table 1, for u_nu, and for random generators and subsets S."""
    rng = random.Random(20240903)
    cases: list[Case] = []

    def add(name: str, n: int, generator: tuple[int, int, int], values: list[int]) -> None:
        nodes = merge(n, rho(n, generator, values))
        exponents = value_exponents(n, generator)
        assert exponents["abc"] == 0 and set(values) <= {exponents[name] for name in NINE} - {0}
        for potential_name in MONOMIALS:  # a potential is a ring homomorphism
            expected = element(n, [1])
            for s in values:
                expected = multiply(n, expected, zeta(n, exponents[potential_name]) - zeta(n, s))
            assert potential(n, nodes, potential_name) == expected
        assert not potential(n, nodes, "abc").is_zero()
        zero = [name for name in NINE if potential(n, nodes, name).is_zero()]
        cases.append(
            {
                "name": name,
                "n": n,
                "generator": list(generator),
                "values": values,
                "nodes": as_json(n, nodes),
                "order": len(nodes),
                "zero": zero,
            }
        )

    table = {
        "one": (2, (0, 1, 1), 2),
        "syn": (6, (2, 2, 2), 3),
        "3c": (6, (2, 4, 0), 3),
        "3a": (6, (0, 2, 4), 3),
        "4c": (4, (1, 3, 0), 2),
        "4a": (4, (0, 1, 3), 4),
    }
    for name, (n, (a, b, c), order) in table.items():
        for step in (1, 12 // n):
            generator = (step * a, step * b, step * c)
            add(name, step * n, generator, largest(step * n, generator))
            assert cases[-1]["order"] == order
    for order in (3, 5, 6, 7, 8, 9, 12, 16, 20, 24):
        n = order if order % 2 == 0 else 2 * order
        add(f"u_nu, nu of order {order}", n, u_nu(n, n // order), largest(n, u_nu(n, n // order)))
        add(f"z_nu, nu of order {order}", n, u_nu(n, n // order), [n // 2])
    for n in (16, 20, 24):  # S = {s, -s}: the middle coefficient vanishes
        for s in (n - 4, n - 2):
            add("vanishing coefficient", n, u_nu(n, 1), [s - n // 2, s])
            assert cases[-1]["order"] == 2
    for n in (4, 6, 8, 10, 12, 12, 16, 18, 24, 30):
        done = 0
        while done < 3:
            a, b = rng.randrange(n), rng.randrange(n)
            generator = (a, b, -(a + b) % n)
            values = largest(n, generator)
            if not values:
                continue
            if done:
                values = sorted(rng.sample(values, rng.randint(1, min(5, len(values)))))
            add("random", n, generator, values)
            done += 1
    return cases


# ---------------------------------------------------------------- aligned solutions

Vector = tuple[int, ...]


def directions(n: int) -> list[tuple[int, int]]:
    """All of mu_n^2, up to a common sign when -1 is in mu_n; (0, 0) first."""
    return [(a, b) for a in range(n) for b in range(n) if n % 2 or a < n // 2]


def aligned_columns(n: int, cover: str) -> list[Vector]:
    """For each direction the integer vector of the cover's potentials on the node [a, b, 1/(ab)]."""
    columns = []
    for a, b in directions(n):
        node = (a, b, zeta(n, -a - b))
        columns.append(tuple(v for name in COVERS[cover] for v in integers(n, potential(n, [node], name))))
    return columns


def add_up(columns: list[Vector], choice: tuple[int, ...]) -> Vector:
    """The sum of the chosen columns."""
    return tuple(map(sum, zip(*(columns[i] for i in choice), strict=True))) if choice else (0,) * len(columns[0])


def brute_force(columns: list[Vector], size: int) -> list[tuple[int, ...]]:
    """All multisets of this size containing direction 0 with sum zero, one after the other."""
    every = combinations_with_replacement(range(len(columns)), size - 1)
    return [(0, *rest) for rest in every if not any(add_up(columns, (0, *rest)))]


def meet_in_the_middle(columns: list[Vector], size: int) -> list[tuple[int, ...]]:
    """The same: the lower half of the other nodes comes from a table of sums."""
    half = (size - 1) // 2
    table: dict[Vector, list[tuple[int, ...]]] = {}
    for low in combinations_with_replacement(range(len(columns)), half):
        table.setdefault(add_up(columns, (0, *low)), []).append(low)
    found = []
    for high in combinations_with_replacement(range(len(columns)), size - 1 - half):
        opposite = tuple(-v for v in add_up(columns, high))
        found += [(0, *low, *high) for low in table.get(opposite, []) if not low or not high or low[-1] <= high[0]]
    return sorted(found)


def nullity(columns: list[Vector]) -> int:
    """The dimension of the space of rational relations between the columns."""
    return len(columns) - int(fmpq_mat([list(column) for column in columns]).rank())


def solve_aligned(n: int, cover: str) -> Case:
    """The least number of aligned nodes and all solutions of that size through (1, 1)."""
    columns = aligned_columns(n, cover)
    everything = tuple(range(len(columns)))
    solutions: list[tuple[int, ...]] = []
    if nullity(columns) == 1 and not any(add_up(columns, everything)):
        # the multiplicities are unique up to a factor: every direction once
        method, solutions = "nullspace", [everything]
    else:
        method, size = "multisets", 0
        while not solutions:
            size += 1
            plain = math.comb(len(columns) + size - 2, size - 1) <= 30_000
            search: Callable[[list[Vector], int], list[tuple[int, ...]]]
            search = brute_force if plain else meet_in_the_middle
            solutions = search(columns, size)
            if plain:
                assert solutions == meet_in_the_middle(columns, size)
            else:
                method = "meet-in-the-middle"
    chosen = [[directions(n)[i] for i in solution] for solution in solutions]
    ids: list[str] | None = None
    if len(solutions) <= 100 and n <= 12:
        full = n if n % 2 == 0 else 2 * n  # canonical() wants n even
        forms = {}
        for solution in chosen:
            step = full // n
            form = canonical(full, [order_one(full, step * a, step * b, -step * (a + b)) for a, b in solution])
            assert form["aligned_nodes"] == len(solution)
            assert set(COVERS[cover]) <= set(form["zero_set"])
            forms[form["id"]] = form
        ids = sorted(forms)
        # all anchors, swaps and conjugates of a solution are among the solutions
        assert sum(form["orbit_size"] for form in forms.values()) == len(solutions)
    return {
        "n": n,
        "cover": cover,
        "directions": len(columns),
        "nullity": nullity(columns),
        "aligned_nodes": len(chosen[0]),
        "solutions": len(chosen),
        "orbits": None if ids is None else len(ids),
        "ids": ids,
        "first": [list(direction) for direction in chosen[0]],
        "method": method,
    }


def make_aligned() -> list[Case]:
    """Minimal aligned solutions for small n and every cover."""
    return [solve_aligned(n, cover) for n in (3, 4, 5, 6, 7, 8, 12) for cover in COVERS]


# ---------------------------------------------------------------- output


def write(path: Path, cases: list[Case]) -> None:
    """One case per line, so that a change shows as a change of lines."""
    lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
    path.write_text(f"[\n{lines}\n]\n", encoding="ascii", newline="\n")


def main() -> None:
    """Write the four files."""
    parser = argparse.ArgumentParser(description="Write the golden test vectors.")
    parser.add_argument("folder", nargs="?", type=Path, default=Path(__file__).resolve().parent)
    folder: Path = parser.parse_args().folder
    ctx.prec = 256
    makers: dict[str, Callable[[], list[Case]]] = {
        "potentials": make_potentials,
        "canonical": make_canonical,
        "polynomials": make_polynomials,
        "aligned": make_aligned,
    }
    for name, make in makers.items():
        cases = make()
        write(folder / f"{name}.json", cases)
        print(f"{name}.json: {len(cases)} cases")


if __name__ == "__main__":
    main()
