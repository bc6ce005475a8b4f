"""Check a catalog of exact solutions without trusting the program that wrote it.

Generated from the modules of cogo_search/verifier by scripts/amalgamate_verifier.py: change them, not this file.

    python -I verify.py FILE...

works where nothing else is installed.

Standard library only, nothing else of cogo_search. Every statement is recomputed from the nodes with exact integer
arithmetic (floats occur in ``cost``, and in an inverse on which nothing rests).

A node is (a, b, c) with a, b roots of unity, written as exponents of zeta_n = exp(2 pi i/n), and c in Z[zeta_n],
written in the power basis modulo the cyclotomic polynomial Phi_n. The potentials are the ten sums over the nodes
of a monomial such as Abc = conj(a) b c; ``abc`` = r_kkk must not vanish, which of the other nine do is the subject
(Lemma 1 of "Composing Global Optimizers to Reasoning Tasks via Algebraic Objects in Neural Nets": all nine
suffice for zero loss). Potentials are ring homomorphisms; (a, b) and (-a, -b) are one direction (pseudo-1).
Symmetries: units [a, b, c] with abc = 1, swap of a and b, complex conjugation, a common factor on all c.

At characters with 4k = 0 or 2k = 0 conditions merge into sums of potentials such as aac+AAc, which only units with
a^4 = b^4 = 1 (a^2 = b^2 = 1) respect; nothing is anchored at (1, 1) there.
"""

from __future__ import annotations

import argparse
import cmath
import hashlib
import io
import json
import math
import os
import re
import reprlib
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from fractions import Fraction
from functools import cache, lru_cache
from itertools import combinations, combinations_with_replacement, count, islice, product
from pathlib import Path
from typing import Any, NoReturn

# ---- texts -----------------------------------------------------------------------------------------------------------
# Values of a file in messages: short, on one line, without anything that steers a terminal.


SHOWN = 400  # characters of one message, beside the file's name


class Shortened(reprlib.Repr):
    """Short texts for any value, also for numbers of more digits than Python prints."""

    def repr_int(self, x: int, level: int) -> str:
        """An integer, or how long it is."""
        return super().repr_int(x, level) if x.bit_length() < 1000 else f"an integer of {x.bit_length()} bits"

    def repr_Fraction(self, x: Fraction, level: int) -> str:
        """A fraction, or how long it is."""
        top, bottom = self.repr_int(x.numerator, level), self.repr_int(x.denominator, level)
        return top if bottom == "1" else f"{top}/{bottom}"


def shown(value: Any) -> str:
    """A value of a file in a message: short, whatever it is."""
    return Shortened().repr(value)


def one_line(text: str) -> str:
    """What a file says must not steer a terminal, nor look like a line of ours: all but plain characters escaped."""
    safe = "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)
    return safe if len(safe) <= SHOWN else f"{safe[: SHOWN - 3]}..."


def named(path: str) -> str:
    """The name of a file as a verdict begins with it: quoted where it could pass for a verdict itself."""
    plain = path.isprintable() and ": " not in path and len(path) <= SHOWN and not path.startswith(("'", '"'))
    return path if plain else one_line(repr(path))


# ---- meter -----------------------------------------------------------------------------------------------------------
# The three ways in which a file is not verified, and the budget of a check.
#
# What a check may still spend is counted in steps and bytes before they are spent. A verdict must not depend on the
# machine, nor on what was checked before, so what is remembered costs as much as what is not.


BUDGET = 400  # million steps for each started megabyte of a file: half a minute or so
MEMORY = 1 << 28  # bytes that the tables of one check may take; both grow with --budget


class Refused(Exception):
    """The file parsed, but something in it is false or malformed."""


class Unreadable(Exception):
    """The file is no JSON, cannot be read, or has a schema version that this verifier does not know."""


class Undecided(Exception):
    """The budget is spent before everything was checked: no verdict."""


class Meter:
    """What a check may still spend: steps, of about one addition or product of 64-bit numbers each, and memory.

    The count is the same on every machine. Loops tell their steps before they take them, or a bounded number after.
    """

    def __init__(self) -> None:
        self.left, self.budget, self.doing = math.inf, math.inf, "nothing"

    def start(self, millions: float) -> None:
        """A new budget."""
        self.left = self.budget = millions * 10**6

    def spend(self, steps: float) -> None:
        """Take so many steps off; raises Undecided if they are not there."""
        self.left -= steps
        if self.left < 0:
            raise Undecided(
                f"not decided within the budget of {self.budget / 1e6:.6g} million steps: {self.doing}; "
                "a larger --budget goes on"
            )

    def reserve(self, size: float) -> None:
        """Raise Undecided if a table of ``size`` bytes is too large for the budget."""
        allowed = MEMORY * max(1.0, self.budget / (BUDGET * 10**6))
        if size > allowed:
            raise Undecided(
                f"not decided within the budget's {allowed / 2**20:.6g} MiB: {self.doing} "
                f"(about {size / 2**20:.3g} MiB); a larger --budget goes on"
            )


METER = Meter()


def heavy(bits: int) -> int:
    """How many steps a product of two integers of so many bits counts for."""
    return 1 + (bits // 240) ** 2


def require(condition: bool, reason: str) -> None:
    """Refuse with ``reason`` unless ``condition`` holds."""
    if not condition:
        raise Refused(reason)


def agree(where: str, stored: Any, computed: Any) -> None:
    """Refuse unless the stored value is the recomputed one."""
    if stored != computed or type(stored) is not type(computed):
        raise Refused(f"{where}: stored {shown(stored)}, recomputed {shown(computed)}")


# ---- vocabulary ------------------------------------------------------------------------------------------------------
# The words of a catalog: potentials, sets and covers of them, methods of proof; and the types of exact values.
#
# The nine potentials and ``abc`` are the sums over the nodes of a monomial, Abc = conj(a) b c.


Element = tuple[int, ...]  # coordinates in the power basis of Z[zeta_n]
Direction = tuple[int, int]  # exponents of a and b
Weight = dict[Direction, Element]  # merged nodes; n is even and known from the context
Log = Callable[[str], None]
# A monomial is zeta^(i a + j b) c with these (i, j); abc itself would be (1, 1).
POTENTIALS = {"Abc": (-1, 1), "aBc": (1, -1), "ABc": (-1, -1), "aAc": (0, 0), "bBc": (0, 0),
              "aac": (2, 0), "bbc": (0, 2), "AAc": (-2, 0), "BBc": (0, -2)}  # fmt: skip
SETS = {"Rc": ("Abc", "aBc", "ABc"), "Rn": ("aAc", "bBc"), "R*": ("aac", "bbc", "AAc", "BBc")}
COVERS = {"all": ("Rc", "Rn", "R*"), "Rc+R*": ("Rc", "R*"), "Rc+Rn": ("Rc", "Rn"), "Rc": ("Rc",)}
WANTED = {cover: tuple(r for name in sets for r in SETS[name]) for cover, sets in COVERS.items()}
# The sets of conditions by the order of the character; 4k = 0 and 2k = 0 merge some (Theorem 1).
CONDITIONS = {
    "generic": SETS,
    "4": SETS | {"R*": ("aac+AAc", "bbc+BBc")},
    "2": {"Rc": (), "Rn": ("aac+bbc",), "R*": ()},
}
FREQUENCY = {"generic": ("one, generic", "Lemma 1"), "4": ("one, 4k = 0", "Lemma 1, merged"),
             "2": ("one, 2k = 0", "Lemma 1, merged")}  # fmt: skip
WIDTH = {"real": 0, "weighted": 1, "aligned": 2, "product": 3}  # classes of weights, widest first
QUANTITY = {"weighted": "order", "aligned": "aligned_nodes", None: "formal_order"}  # what is minimised, by nodes
PROVING = ("pencil-rank", "lp-dual", "exhaustive")


# ---- cyclotomic ------------------------------------------------------------------------------------------------------
# Exact arithmetic in Z[zeta_n], by coordinates in the power basis modulo the cyclotomic polynomial Phi_n.


@cache
def cyclotomic(n: int) -> list[int]:
    """Phi_n, constant term first: x^n - 1 divided by Phi_d for every proper divisor d of n."""
    rest = [-1] + [0] * (n - 1) + [1]
    for d in (d for d in range(1, n) if n % d == 0):
        divisor, quotient = cyclotomic(d), []
        while len(rest) >= len(divisor):
            quotient.append(rest[-1])
            for i, coefficient in enumerate(reversed(divisor), 1):
                rest[-i] -= quotient[-1] * coefficient
            rest.pop()
        rest = quotient[::-1]
    return rest


@cache
def powers(n: int) -> tuple[Element, ...]:
    """The coordinates of zeta_n^0, ..., zeta_n^(n-1)."""
    *low, _ = cyclotomic(n)
    x, out = [1] + [0] * (len(low) - 1), []
    for _ in range(n):
        out.append(tuple(x))
        x = [previous - x[-1] * p for previous, p in zip([0, *x[:-1]], low, strict=True)]
    return tuple(out)


def combine(n: int, terms: Iterable[tuple[int, int]]) -> Element:
    """The sum of m zeta_n^e over the terms (m, e)."""
    table = powers(n)
    total, taken = [0] * len(table[0]), 1
    for m, e in terms:
        if m:
            total = [t + m * p for t, p in zip(total, table[e % n], strict=True)]
            taken += 1
    METER.spend((taken + 1) * (len(total) + 4))
    return tuple(total)


@lru_cache(maxsize=1 << 14)
def rotate(n: int, x: Element, k: int) -> Element:
    """The product x zeta_n^k."""
    return combine(n, ((m, i + k) for i, m in enumerate(x)))


@lru_cache(maxsize=1 << 14)
def multiply(n: int, x: Element, y: Element) -> Element:
    """The product x y: as polynomials in zeta_n, then reduced."""
    product_ = [0] * (2 * len(x))
    METER.spend(len(x) * len(y))
    for i, m in enumerate(x):
        if m:
            for j, k in enumerate(y, i):
                product_[j] += m * k
    return combine(n, ((m, e) for e, m in enumerate(product_)))


def galois(n: int, x: Element, t: int) -> Element:
    """The image of x under zeta -> zeta^t; t = -1 is complex conjugation."""
    return combine(n, ((m, i * t) for i, m in enumerate(x)))


def add(x: Element, y: Element) -> Element:
    """The sum x + y."""
    return tuple(i + j for i, j in zip(x, y, strict=True))


# ---- weights ---------------------------------------------------------------------------------------------------------
# Weights at one frequency: nodes by direction, their products and sums, polynomials rho_S(u), potentials.
#
# Potentials are ring homomorphisms; (a, b) and (-a, -b) are one direction (pseudo-1).


MAX_N, MAX_NODES, MAX_COORDINATE = 240, 256, 10**9  # beyond these: refused, not computed


def fold(n: int, a: int, b: int) -> Direction:
    """The representative of {(a, b), (-a, -b)} whose exponent of a is below n/2 (n even)."""
    a, b, half = a % n, b % n, n // 2
    return (a, b) if a < half else (a - half, (b + half) % n)


def gather(n: int, nodes: Iterable[tuple[int, int, Element]]) -> Weight:
    """Merge the nodes of equal direction and drop those with c = 0."""
    weight: Weight = {}
    for a, b, c in nodes:
        d = fold(n, a, b)
        weight[d] = add(weight[d], c) if d in weight else c
    return {d: c for d, c in weight.items() if any(c)}


def lift(weight: Weight, n: int, m: int) -> Weight:
    """The same weight with exponents of zeta_m, where n divides m."""
    k = m // n
    return {(a * k, b * k): combine(m, ((x, i * k) for i, x in enumerate(c))) for (a, b), c in weight.items()}


def ring_product(n: int, left: Weight, right: Weight) -> Weight:
    """All pairs of nodes, multiplied entrywise (Khatri-Rao), then merged."""
    METER.spend(20 * len(left) * len(right))
    pairs = ((p, q) for p in left.items() for q in right.items())
    return gather(n, ((a + x, b + y, multiply(n, c, z)) for ((a, b), c), ((x, y), z) in pairs))


@lru_cache(maxsize=1 << 12)
def monic(n: int, roots: tuple[int, ...]) -> tuple[Element, ...]:
    """The coefficients, constant first, of the product of (x - zeta_n^s) over s in ``roots``."""
    if not roots:
        return (powers(n)[0],)
    zero, rest, minus = (0,) * len(powers(n)[0]), monic(n, roots[:-1]), roots[-1] + n // 2
    return tuple(add(up, rotate(n, low, minus)) for up, low in zip((zero, *rest), (*rest, zero), strict=True))


def rho(n: int, a: int, b: int, roots: tuple[int, ...]) -> Weight:
    """rho_S(u) = prod over s in S of (u - s) for u = [a, b, 1/(ab)], where s scales c only (Theorem 4)."""
    return gather(n, ((k * a, k * b, rotate(n, p, -k * (a + b))) for k, p in enumerate(monic(n, roots))))


def value_at(n: int, a: int, b: int) -> dict[str, int]:
    """Exponents of the nine potentials at the aligned node [a, b, 1/(ab)]."""
    return {r: ((i - 1) * a + (j - 1) * b) % n for r, (i, j) in POTENTIALS.items()}


def read_nodes(n: int, nodes: list[dict[str, Any]], where: str) -> Weight:
    """Parse nodes: exponents below n, full coordinate vectors, no c = 0, no direction twice."""
    require(2 <= n <= MAX_N and n % 2 == 0, f"{where}: n = {n} is not even or above {MAX_N}")
    require(1 <= len(nodes) <= MAX_NODES, f"{where}: {len(nodes)} nodes")
    weight: Weight = {}
    for j, node in enumerate(nodes):
        a, b, c = node["a"], node["b"], tuple(node["c"])
        require(0 <= a < n and 0 <= b < n, f"{where}: node {j}: exponents {a}, {b} are not below {n}")
        require(len(c) == len(powers(n)[0]), f"{where}: node {j}: {len(c)} coordinates, not {len(powers(n)[0])}")
        require(all(abs(x) <= MAX_COORDINATE for x in c), f"{where}: node {j}: coordinate above {MAX_COORDINATE}")
        require(any(c), f"{where}: node {j}: c = 0")
        require(fold(n, a, b) not in weight, f"{where}: node {j}: direction ({a}, {b}) occurs twice")
        weight[fold(n, a, b)] = c
    return weight


def potential(n: int, weight: Weight, i: int, j: int) -> Element:
    """The sum of zeta^(i a + j b) c over the nodes."""
    return combine(n, ((x, i * a + j * b + k) for (a, b), c in weight.items() for k, x in enumerate(c)))


def condition(n: int, weight: Weight, name: str) -> Element:
    """The value of a condition, a potential or a sum of potentials."""
    exponents = [POTENTIALS[part] for part in name.split("+")]
    return combine(n, ((x, i * a + j * b + k) for i, j in exponents for (a, b), c in weight.items()
                       for k, x in enumerate(c)))  # fmt: skip


def primitive(n: int, weight: Weight) -> Weight:
    """The least positive integer r_kkk for a weight whose r_kkk is a positive integer."""
    content = math.gcd(potential(n, weight, 1, 1)[0], *(x for c in weight.values() for x in c))
    return {d: tuple(x // content for x in c) for d, c in weight.items()}


def within(m: int, directions: Iterable[Direction], n: int) -> bool:
    """Are all directions over mu_m in mu_n, up to a common sign each? For odd n, -1 is not in mu_n.

    zeta_m^a = exp(2 pi i a/m) lies in mu_n exactly if m divides n a; nothing is lifted to a common field.
    """
    halves = (0, m // 2)
    return all(any(n * (a + h) % m == 0 == n * (b + h) % m for h in halves) for a, b in directions)


# ---- searches --------------------------------------------------------------------------------------------------------
# What a catalog says was searched, and the generators that it lists.


MAX_SEARCH_N = 120  # beyond: refused, not computed
NOTHING = {"roots": [], "closure": False, "n": 1, "model": "free", "nodes": "aligned", "covers": [],
           "character_order": "generic", "max_factors": None, "max_order": None, "limit": 1, "budget": 1,
           "complete": {}}  # fmt: skip


@dataclass(frozen=True)
class Search:
    """What the catalog says was searched."""

    roots: tuple[int, ...]
    n: int
    closure: bool
    model: str
    covers: tuple[str, ...]
    max_factors: int | None
    max_order: int | None
    limit: int | None
    nodes: str
    character_order: str

    @property
    def even(self) -> int:
        """The least even multiple of n: -1 is needed to fold directions."""
        return math.lcm(2, self.n)

    @property
    def models(self) -> tuple[str, ...]:
        """The models that were run."""
        return ("product", "free") if self.model == "all" else (self.model,)

    def generators(self) -> list[Direction]:
        """All (a, b) in mu_r^2 for one of the roots r; c = 1/(ab) then lies in mu_r too."""
        steps = [self.n // r for r in ((self.n,) if self.closure else self.roots)]
        return sorted({(a, b) for s in steps for a in range(0, self.n, s) for b in range(0, self.n, s)})


@lru_cache(maxsize=4)
def searched(search: Search) -> frozenset[Direction]:
    """The generators, to look one up."""
    return frozenset(search.generators())


def read_search(data: dict[str, Any]) -> Search:
    """Check the search and its list of generators."""
    s = data["search"]
    roots, covers = tuple(s["roots"]), tuple(s["covers"])
    if not covers:  # a file of whole networks alone
        agree("search of no covers", s, NOTHING)
        require(not data["entries"], "entries: nothing was searched")
    positive = bool(roots) == bool(covers) and min(roots, default=1) >= 1
    require(positive and list(roots) == sorted(set(roots)), f"search.roots: {s['roots']}")
    require(max(roots, default=1) <= MAX_SEARCH_N, f"search.roots: {max(roots, default=1)} is above {MAX_SEARCH_N}")
    agree("search.n", s["n"], math.lcm(*roots))
    require(s["n"] <= MAX_SEARCH_N, f"search.n: {s['n']} is above {MAX_SEARCH_N}")
    require(len(set(covers)) == len(covers), f"search.covers: {s['covers']}")
    for key, least in (("max_factors", 1), ("max_order", 1), ("limit", 1), ("budget", 1)):
        optional = key in ("max_factors", "max_order")
        require(optional if s[key] is None else s[key] >= least, f"search.{key}: {s[key]}")
    numbers = (s["max_factors"], s["max_order"], s["limit"])
    search = Search(roots, s["n"], s["closure"], s["model"], covers, *numbers, s["nodes"], s["character_order"])
    n = search.n
    merged = search.character_order != "generic"
    possible = not merged or (search.model, search.nodes) == ("free", "weighted")
    require(possible, f"search.character_order: {search.character_order} is for the free model with weighted nodes")
    aligned = search.nodes == "aligned"
    require(aligned or search.max_order is None, "search.max_order: goes with aligned nodes only")
    require(aligned or search.model != "product", "search.nodes: weighted nodes are for the free model")
    expected = [] if s["model"] == "free" else [
        {"a": a, "b": b, "c": -(a + b) % n, "n": n, "values": value_at(n, a, b)}
        for a, b in search.generators()
    ]  # fmt: skip
    for i, (stored, computed) in enumerate(zip(data["generators"], expected, strict=False)):
        agree(f"generators[{i}]", stored, computed)
    agree("number of generators", len(data["generators"]), len(expected))
    return search


# ---- shapes ----------------------------------------------------------------------------------------------------------
# The shape of a file: which keys an object has, and of which type every value is.
#
# A type stands for itself, a set for one of its strings, a tuple for alternatives, [x] for a list of x, {"*": x} for
# an object with any keys, another dict for an object with exactly these keys, WIDE for an integer of any length.


WIDE = "an integer"
NODE = {"a": int, "b": int, "c": [int]}
_SCOPE = {"weights": set(WIDTH), "n": (None, int), "frequency": {name for name, _ in FREQUENCY.values()},
          "conditions": {"Lemma 1", "Lemma 1, merged"},
          "cover": set(COVERS), "minimised": {"order", "aligned_nodes", "formal_order"}}  # fmt: skip
_MATRIX = [[str]]
BOUND = {
    "lower_bound": (None, int), "method": {*PROVING, "solver-only", "none"},
    "scope": (_SCOPE, _SCOPE | {"roots": [int], "closure": bool, "max_factors": (None, int)}),
    "certificate": (None, {"pencil": [_MATRIX], "rank": int},
                    {"n": int, "multipliers": {"*": str}, "value": str}),
}  # fmt: skip
CLAIM = BOUND | {"claim": {"minimal", "upper-bound-only"}}
_COUNT = {"complete": bool, "found": int, "kept": int}
_PRODUCT, _FREE = {"product": _COUNT}, {"free": _COUNT | {"levels": {"*": int}}}
_ENTRY = {
    "id": str, "n": int, "order": int, "formal_order": int, "aligned_nodes": (None, int), "nodes": [NODE],
    "zero_set": [{*POTENTIALS, "aac+AAc", "bbc+BBc", "aac+bbc"}], "covers": [set(SETS)],
    "character_order": set(CONDITIONS),
    "factors": (None, [{"order": int, "n": int, "nodes": [NODE]}]),
    "polynomials": (None, [{"generator": [int], "n": int, "values": [int], "order": int}]),
    "families": [{"name": str, "parameters": {"*": int}}], "found_by": [{"free", "product"}],
    "orbit_size": int, "cost": str, "optimality": CLAIM,
}  # fmt: skip
_COMPONENTS = [[(WIDE, [WIDE])]]  # pairs of a character and coordinates; read_components looks closer
_DIMENSION = {"dimension": {"real": int, "weighted": int, "regular": [{"real", "weighted"}]}}
CATALOG = {
    "schema_version": int,
    "digest": str,
    "search": {
        "roots": [int], "n": int, "closure": bool, "model": {"product", "free", "all"},
        "nodes": {"aligned", "weighted"},
        "covers": [set(COVERS)], "character_order": set(CONDITIONS), "max_factors": (None, int),
        "max_order": (None, int), "limit": (None, int), "budget": (None, int, float),
        "complete": {"*": (_COUNT | _PRODUCT, _COUNT | _FREE, _COUNT | _PRODUCT | _FREE)},
    },
    "generators": [{"a": int, "b": int, "c": int, "n": int, "values": dict.fromkeys(POTENTIALS, int)}],
    "minimal": [CLAIM | {
        "model": {"product", "free"}, "nodes": (None, {"aligned", "weighted"}), "cover": set(COVERS), "n": int,
        "order": (None, int), "minimised": set(QUANTITY.values()), "merged_order": (None, int),
        "outcome": {"PROVED", "FEASIBLE", "INFEASIBLE", "BUDGET_EXHAUSTED"}, "bounds": [BOUND],
    }],
    "entries": [(_ENTRY, _ENTRY | _DIMENSION)],
    "optimizers": [{
        "name": {"f6", "f4/6", "f4+const", "f4+real", "least-order", "least-norm", "entries", "memorization"},
        "group": str, "order": int,
        "trivial": {"without", "with"}, "target": {"zero-mean", "one-hot"}, "loss": {"0"},
        "recipe": ({"deltas": {"zero-mean", "plain"}}, {"carrier": {"none", "real", "unit", "pairs"}, "blocks": [
            {"k": (int, [int]), "solution": str, "n": int, "scale": int, "nodes": [NODE]}]}),
    }],
    "networks": [{
        "id": str, "name": str, "group": str, "trivial": {"without", "with"}, "target": {"zero-mean", "one-hot"},
        "width": int,
        "certificate": ({"kind": {"exact"}}, {"kind": {"enclosure"}, "radius": WIDE, "unknowns": [[int]]}),
        "weights": (
            {"n": int, "scale": WIDE, "nodes": [{"a": _COMPONENTS, "b": _COMPONENTS, "c": _COMPONENTS}]},
            {"radicands": [[WIDE]], "scale": WIDE, "W_a": [[[WIDE]]], "W_b": [[[WIDE]]], "V": [[[WIDE]]]},
            {"exponent": int, "W_a": [[WIDE]], "W_b": [[WIDE]], "V": [[WIDE]]},
        ),
    }],
}  # fmt: skip
GRAPH = [{"source": str, "target": str, "factor": {"order": int, "n": int, "nodes": [NODE]}}]  # optional


def conform(value: Any, shape: Any, where: str) -> None:
    """Refuse unless ``value`` has the given shape; a bool or a float never passes for an integer."""
    kind, expected = type(value), ""
    if isinstance(shape, tuple):
        reason = ""
        for alternative in shape:
            try:
                return conform(value, alternative, where)
            except Refused as refusal:
                if not reason or (kind in (dict, list) and type(alternative) is kind):
                    reason = str(refusal)
        raise Refused(reason)
    if isinstance(shape, set):
        expected = "" if kind is str and value in shape else f"one of {sorted(shape)}"
    elif isinstance(shape, list):
        expected = "" if kind is list else "a list"
    elif isinstance(shape, dict):
        expected = "" if kind is dict and all(type(key) is str for key in value) else "an object"
        if not expected and "*" not in shape and shape.keys() != value.keys():
            missing, unknown = sorted(shape.keys() - value.keys()), sorted(value.keys() - shape.keys())
            raise Refused(f"{where or 'catalog'}: missing keys {missing}, unknown keys {shown(unknown)}")
    elif shape is None:
        expected = "" if value is None else "null"
    elif shape == WIDE:
        expected = "" if kind is int else WIDE
    elif kind is not shape or (kind in (int, float) and not abs(value) <= 10**18):
        expected = f"{shape.__name__} (of at most 18 digits)" if shape in (int, float) else shape.__name__
    if expected:
        raise Refused(f"{where}: expected {expected}, found {shown(value)}")
    if isinstance(shape, list):
        for i, item in enumerate(value):
            conform(item, shape[0], f"{where}[{i}]")
    elif isinstance(shape, dict):
        for key, item in value.items():
            conform(item, shape.get("*", shape.get(key)), f"{where}.{key}" if where else key)


def fraction(text: str, where: str) -> Fraction:
    """A fraction in lowest terms, as a string such as "-3/4" or "2"."""
    good = bool(re.fullmatch(r"-?[0-9]{1,2000}(/[1-9][0-9]{0,1999})?", text)) and str(Fraction(text)) == text
    require(good, f"{where}: {shown(text)} is no fraction in lowest terms")
    return Fraction(text)


# ---- certificates ----------------------------------------------------------------------------------------------------
# Bounds that carry a proof in the file: the pencil of moments, and the dual of a linear program.


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


# ---- orbits ----------------------------------------------------------------------------------------------------------
# Orbits of a weight under its symmetries: the canonical form, its id, and whether two weights share one.
#
# Symmetries: units [a, b, c] with abc = 1, swap of a and b, complex conjugation, a common factor on all c. Where
# 4k = 0 or 2k = 0, only units with a^4 = b^4 = 1 (a^2 = b^2 = 1) respect the merged conditions, and nothing is anchored
# at (1, 1).


def images(n: int, weight: Weight) -> Iterator[Weight]:
    """The weight, with or without swap of a and b, with or without complex conjugation."""
    for t in (1, -1):
        image = {fold(n, t * a, t * b): galois(n, c, t) for (a, b), c in weight.items()}
        yield image
        yield {fold(n, b, a): c for (a, b), c in image.items()}


def anchored(n: int, weight: Weight, order: str = "generic") -> Iterator[tuple[tuple[int, int, Element], ...]]:
    """The sorted node lists divided by one unit after the other: every node moved to (1, 1), or those of ``order``."""
    for x, y in shifts(n, weight, order):
        yield tuple(sorted((a, b, c) for (a, b), c in unit_times(n, weight, x, y).items()))


def candidates(n: int, weight: Weight, order: str = "generic") -> Iterator[tuple[tuple[int, int, Element], ...]]:
    """Every node of every image moved to (1, 1) by a unit: the lists whose least is the canonical form.

    Units, swap and conjugation keep a positive integer r_kkk as it is, so no candidate needs another scale.
    """
    for image in images(n, weight):
        yield from anchored(n, image, order)


def same_orbit(n: int, weight: Weight, canonical: Weight, order: str = "generic") -> bool:
    """Equal up to unit, swap, conjugation and scale? c_d e_0 = e_d c_0 compares the scale without a division."""
    if len(weight) != len(canonical):
        return False
    for image in images(n, canonical):
        first = next(iter(image))
        if order == "generic":  # any unit: bring one node of both to (1, 1)
            image, first = unit_times(n, image, *first), (0, 0)
        for x, y in shifts(n, weight, order):
            moved = unit_times(n, weight, x, y)
            if moved.keys() == image.keys() and all(
                multiply(n, c, image[first]) == multiply(n, image[d], moved[first]) for d, c in moved.items()
            ):
                return True
    return False


def shifts(n: int, weight: Weight, order: str) -> list[Direction]:
    """The units that make candidates of the canonical form: to each node, or all that respect merged conditions.

    The latter within mu_n: a shift by a root of unity outside needs a larger n than the stored, least one. For if n
    is 2 modulo 4 and N a multiple of 4 suffices after a shift by i, then N/2 or less suffices before it.
    """
    if order == "generic":
        return list(weight)
    step = n // math.gcd(n, int(order))
    return sorted({fold(n, x, y) for x in range(0, n, step) for y in range(0, n, step)})


def unit_times(n: int, weight: Weight, x: int, y: int) -> Weight:
    """The weight divided by the unit [zeta_n^x, zeta_n^y, zeta_n^(-x-y)]."""
    METER.spend(20 * len(weight))
    return {fold(n, a - x, b - y): rotate(n, c, (x + y) % n) for (a, b), c in weight.items()}


def make_id(n: int, nodes: Iterable[tuple[int, int, Element]], order: str = "generic") -> str:
    """``cogo1-n{n}-q{order}-``, with k4 or k2 for merged conditions, and 16 hex digits of SHA-256 of the node list."""
    rows = [[a, b, list(c)] for a, b, c in nodes]
    digest = hashlib.sha256(json.dumps([n, rows], separators=(",", ":")).encode()).hexdigest()
    return f"cogo1-{'' if order == 'generic' else f'k{order}-'}n{n}-q{len(rows)}-{digest[:16]}"


def check_canonical(n: int, weight: Weight, where: str, order: str = "generic") -> int:
    """r_kkk is the least L, n is least, the node list is the least candidate; returns the orbit's size."""
    scale, *rest = potential(n, weight, 1, 1)
    require(scale > 0 and not any(rest), f"{where}: nodes: r_kkk = {(scale, *rest)} is no positive integer")
    content = math.gcd(scale, *(x for c in weight.values() for x in c))
    require(content == 1, f"{where}: nodes: r_kkk and all coordinates are divisible by {content}")
    units = shifts(n, weight, order)
    check_least_n(n, weight, units if order != "generic" else units[:1], where)
    # Two of the candidates (4 q, or 4 times the number of units) coincide exactly if they differ by a symmetry that
    # fixes the solution, so every candidate occurs as often as the stored one.
    fixed = 0
    for image in images(n, weight):
        for x, y in shifts(n, image, order):
            difference = compare(n, weight, image, x, y)
            require(
                difference >= 0, f"{where}: nodes: not canonical, the node ({x}, {y}) as anchor gives a lesser list"
            )
            fixed += difference == 0
    require(fixed > 0, f"{where}: nodes: not in canonical order")
    return 4 * {"generic": len(weight), "4": 8, "2": 2}[order] // fixed


def check_least_n(n: int, weight: Weight, units: list[Direction], where: str) -> None:
    """Refuse if the weight, divided by one of the units, lies over fewer roots of unity.

    The even N that suffice are closed under gcd, so n is least if n/p fails for every prime p. An element lies in
    Q(zeta_N) exactly if the automorphisms t = 1 mod N fix it (Galois). Swap and conjugation change no n, nor does
    another anchor; units of merged conditions may.
    """
    for p in (p for p in range(2, n) if n % (2 * p) == 0 and all(p % k for k in range(2, p))):
        fixing = [t for t in range(1, n, n // p) if math.gcd(t, n) == 1]
        for moved in (unit_times(n, weight, x, y) for x, y in units):
            smaller = all(a % p == 0 and b % p == 0 for a, b in moved) and all(
                galois(n, c, t) == c for c in moved.values() for t in fixing
            )
            require(not smaller, f"{where}: n: stored {n}, but {n // p} suffices")


def compare(n: int, stored: Weight, image: Weight, x: int, y: int) -> int:
    """The sign of (the node list of ``image`` with (x, y) moved to (1, 1)) - (the stored one), c only where needed."""
    METER.spend(20 * len(image))
    moved = sorted((fold(n, a - x, b - y), c) for (a, b), c in image.items())
    for (direction, c), (d, e) in zip(moved, stored.items(), strict=True):
        here, there = (direction, rotate(n, c, (x + y) % n) if direction == d else ()), (d, e)
        if here != there:
            return 1 if here > there else -1
    return 0


def check_normal(n: int, weight: Weight, nodes: list[dict[str, Any]], where: str) -> None:
    """The one way to write a weight up to units and scale: as entries, but for swap and conjugation.

    r_kkk is a positive integer without a common factor with all coordinates, n is least, and no other node moved to
    (1, 1) gives a lesser list.
    """
    scale, *rest = potential(n, weight, 1, 1)
    require(scale > 0 and not any(rest), f"{where}: r_kkk = {(scale, *rest)} is no positive integer")
    content = math.gcd(scale, *(x for c in weight.values() for x in c))
    require(content == 1, f"{where}: r_kkk and all coordinates are divisible by {content}")
    check_least_n(n, weight, [next(iter(weight))], where)
    stored = tuple((node["a"], node["b"], tuple(node["c"])) for node in nodes)
    require(stored == min(anchored(n, weight)), f"{where}: not the least way to write it, (1, 1) first, sorted")


# ---- factorizations --------------------------------------------------------------------------------------------------
# Whether a weight is a product, of given factors, of polynomials of generators, or of anything at all.


def check_product(n: int, weight: Weight, parts: list[tuple[int, Weight]], where: str) -> int:
    """Is the ring product of the parts (n_i, weight_i) in the orbit of the weight? Returns the formal order."""
    require(len(parts) <= 64, f"{where}: too large ({len(parts)} factors)")
    formal, m = math.prod(len(part) for _, part in parts), math.lcm(n, *(k for k, _ in parts))
    require(formal <= 4 * MAX_NODES and m <= MAX_N, f"{where}: too large (formal order {shown(formal)}, n {shown(m)})")
    total: Weight = {(0, 0): powers(m)[0]}
    for k, part in parts:
        total = ring_product(m, total, lift(part, k, m))
    require(same_orbit(m, total, lift(weight, n, m)), f"{where}: the product is not this entry")
    return formal


def check_factors(n: int, weight: Weight, factors: list[dict[str, Any]], formal: int, where: str) -> None:
    """At least two factors of order at least 2 whose orders multiply to the formal order and whose product fits."""
    require(2 <= len(factors) <= 64, f"{where}: factors: fewer than two, or more than 64")
    parts = []
    for i, f in enumerate(factors):
        part = read_nodes(f["n"], f["nodes"], f"{where}: factors[{i}]")
        agree(f"{where}: factors[{i}].order", f["order"], len(part))
        require(len(part) >= 2, f"{where}: factors[{i}]: order 1")
        parts.append((f["n"], part))
    agree(f"{where}: formal_order against factors", formal, check_product(n, weight, parts, where + ": factors"))


def splits(n: int, weight: Weight) -> bool:
    """Is the weight a product of two weights of order >= 2 without merging?

    With (1, 1) shifted into both factors X and Y, both are parts of the weight, every direction is x + y exactly
    once, and c(x + y) c(0) = c(x) c(y). The smaller factor is tried as every subset that leaves enough partners.
    """
    nodes, c0 = list(weight), weight[0, 0]
    scaled = {d: multiply(n, c, c0) for d, c in weight.items()}

    @cache
    def total(x: Direction, y: Direction) -> Direction | None:
        d = fold(n, x[0] + y[0], x[1] + y[1])
        return d if d in weight and scaled[d] == multiply(n, weight[x], weight[y]) else None

    def tiles(part: list[Direction], partners: list[Direction], covered: frozenset[Direction]) -> bool:
        METER.spend(25 * len(part) * len(partners))
        open_nodes = [d for d in nodes if d not in covered]
        if not open_nodes:
            return True
        for y in partners:
            shifted = frozenset(d for x in part if (d := total(x, y)) is not None)
            fits = len(shifted) == len(part) and open_nodes[0] in shifted and not shifted & covered
            if fits and tiles(part, partners, covered | shifted):
                return True
        return False

    def extend(part: list[Direction], start: int, partners: list[Direction], size: int) -> bool:
        if len(part) == size:
            return tiles(part, partners, frozenset(part))
        METER.spend(20 * len(partners) * (len(nodes) - start))
        for i in range(start, len(nodes)):
            left = [y for y in partners if total(nodes[i], y) is not None]
            if len(left) >= len(nodes) // size and extend([*part, nodes[i]], i + 1, left, size):
                return True
        return False

    q = len(nodes)
    sizes = [size for size in range(2, q) if q % size == 0 and size * size <= q]
    return any(extend([(0, 0)], 1, nodes, size) for size in sizes)


def check_polynomials(n: int, weight: Weight, entry: dict[str, Any], search: Search, where: str) -> int:
    """Searched generators, values that they take, true orders, true product; returns the formal order."""
    m, k, parts = search.even, search.even // search.n, []
    require(1 <= len(entry["polynomials"]) <= (search.max_factors or 64), f"{where}: polynomials: wrong number")
    generators = searched(search)
    for i, p in enumerate(entry["polynomials"]):
        here, roots = f"{where}: polynomials[{i}]", p["values"]
        require(len(p["generator"]) == 3, f"{here}: generator {p['generator']}")
        a, b, c = p["generator"]
        agree(f"{here}.n", p["n"], search.n)
        require((a, b) in generators, f"{here}: generator {p['generator']} was not searched")
        agree(f"{here}.generator[2]", c, -(a + b) % search.n)
        taken = set(value_at(search.n, a, b).values()) - {0}
        require(bool(roots) and roots == sorted(set(roots)), f"{here}: values {roots} are empty or not sorted")
        require(set(roots) <= taken, f"{here}: values {roots}, but the generator takes {sorted(taken)} besides 0")
        part = rho(m, a * k, b * k, tuple(s * k for s in roots))
        agree(f"{here}.order", p["order"], len(part))
        parts.append((m, part))
    return check_product(n, weight, parts, where + ": polynomials")


# ---- families --------------------------------------------------------------------------------------------------------
# The members of the named families, from their formulas.


Parameters = dict[str, int]  # exponents of zeta_n, unless a family says otherwise


def one(n: int, a: int, b: int, c: int) -> tuple[int, int, Element]:
    """A node whose a, b and c are roots of unity."""
    return a, b, powers(n)[c % n]


def z_nu(n: int, e: int) -> Weight:
    """[1, 1, 1] + [nu, -nu, -nu^-2] for nu = zeta_n^e."""
    return gather(n, (one(n, 0, 0, 0), one(n, e, e + n // 2, n // 2 - 2 * e)))


def z_syn(n: int, alpha: int, beta: int) -> Weight:
    """The three nodes by cube roots of unity, moved by alpha and beta."""
    w = n // 3
    return gather(n, (one(n, 0, 0, 0), one(n, w + alpha, w - alpha, w), one(n, beta - w, -w - beta, -w)))


def nu_syn(n: int, p: Parameters, weight: Weight, where: str) -> Weight:
    """Eq. 6."""
    return ring_product(n, z_nu(n, p["nu"]), z_syn(n, 0, 0))


def nu_i_syn(n: int, p: Parameters, weight: Weight, where: str) -> Weight:
    """Eq. 9."""
    return ring_product(n, z_nu(n, n // 4), z_syn(n, p["alpha"], p["beta"]))


def nu_i_xi(n: int, p: Parameters, weight: Weight, where: str) -> Weight:
    """Eq. 11."""
    xi, i = p["xi"], n // 4
    return ring_product(n, z_nu(n, i), gather(n, (one(n, 0, 0, 0), one(n, xi, -i - xi, i))))


def rho_nu(n: int, p: Parameters, weight: Weight, where: str) -> Weight:
    """rho_S(u_nu) with S all the values of u_nu other than 1."""
    a, b = p["nu"], p["nu"] + n // 2
    return rho(n, a, b, tuple(sorted(set(value_at(n, a, b).values()) - {0})))


def phi_psi(n: int, p: Parameters, weight: Weight, where: str) -> Weight:
    """Four nodes at 4k = 0, c in the proportion r : -r : -is : is with r sin 2phi = s sin 2psi."""
    phi, psi, i, half = p["phi"], p["psi"], n // 4, n // 2
    x, y = (combine(n, [(1, 2 * e), (-1, -2 * e)]) for e in (phi, psi))
    ix = rotate(n, x, i)
    nodes = ((-phi, i - phi, y), (phi, i + phi, rotate(n, y, half)),
             (-psi, half - psi, rotate(n, ix, half)), (psi, half + psi, ix))  # fmt: skip
    return gather(n, nodes)


def three_points(n: int, p: Parameters, weight: Weight, where: str) -> Weight:
    """[1, 1, B - A], [alpha, s alpha, s (1 - B)], [beta, t beta, t (A - 1)]: A = alpha^-2, B = beta^-2, s, t = +-1."""
    a, b, half = p["alpha"], p["beta"], n // 2
    s, t = half * p["alpha_sign"], half * p["beta_sign"]
    require({s, t} <= {0, half}, f"{where}: three_points: a sign is neither 0 nor 1")
    c = [((1, -2 * b), (-1, -2 * a)), ((1, s), (-1, -2 * b + s)), ((1, -2 * a + t), (-1, t))]
    first, second, third = (combine(n, terms) for terms in c)
    return gather(n, ((0, 0, first), (a, a + s, second), (b, b + t, third)))


def nu_i_w(n: int, p: Parameters, weight: Weight, where: str) -> Weight:
    """z_nu at nu = i times w, taken from the entry: the nodes that w0, w1, ... number, half of them."""
    chosen, nodes, i = sorted(set(p.values())), list(weight.items()), n // 4
    half = len(chosen) == len(p) and chosen[-1] < len(nodes)
    require(half, f"{where}: nu_i*w: {chosen} are not half the nodes")
    part = dict(nodes[j] for j in chosen)
    require(not any(potential(n, part, -1, -1)), f"{where}: nu_i*w: sum ABc is not 0")
    return ring_product(n, part, gather(n, (one(n, 0, 0, 0), one(n, i, i + n // 2, 0))))


@dataclass(frozen=True)
class Family:
    """A named family: its parameters, what must divide n for i and exp(2 pi i/3) to exist, its members."""

    parameters: tuple[str, ...]  # none: w0, w1, ... for half the nodes of the entry
    divisor: int
    member: Callable[[int, Parameters, Weight, str], Weight]


FAMILIES = {
    "nu*syn": Family(("nu",), 3, nu_syn),
    "nu_i*syn_ab": Family(("alpha", "beta"), 12, nu_i_syn),
    "nu_i*xi": Family(("xi",), 4, nu_i_xi),
    "rho_nu": Family(("nu",), 2, rho_nu),
    "phi_psi": Family(("phi", "psi"), 4, phi_psi),
    "three_points": Family(("alpha", "alpha_sign", "beta", "beta_sign"), 2, three_points),
    "nu_i*w": Family((), 4, nu_i_w),
}


def family_member(n: int, weight: Weight, name: str, parameters: Parameters, where: str) -> Weight:
    """The member of a named family that the parameters choose, for an entry of these nodes."""
    require(name in FAMILIES, f"{where}: unknown family {shown(name)}")
    family = FAMILIES[name]
    names = family.parameters or tuple(sorted(f"w{i}" for i in range(len(weight) // 2)))
    require(tuple(sorted(parameters)) == names, f"{where}: {name} has the parameters {names}")
    require(all(0 <= e < n for e in parameters.values()), f"{where}: parameters {parameters} are not below n = {n}")
    require(n % family.divisor == 0, f"{where}: {name} needs {family.divisor} to divide n = {n}")
    return family.member(n, parameters, weight, where)


# ---- ranks -----------------------------------------------------------------------------------------------------------
# Exact ranks of matrices over Z[zeta_n], by primes.
#
# Modulo a prime p = 1 mod n, zeta_n -> z of order n is a homomorphism Z[zeta_n] -> F_p. A minor that is not zero but
# vanishes modulo several primes has a norm that their product divides; its norm is at most B^phi(n) where B bounds it
# in every embedding (Hadamard). So full rank modulo one prime is full rank, and a deficiency modulo primes whose
# product exceeds B^phi(n) is a deficiency.


PRIME_STEPS = 3000  # finding the next prime, remembered or not: a verdict must not depend on what was checked before
Row = list[int]


def is_prime(p: int) -> bool:
    """Miller and Rabin with bases that decide every p < 3 * 10^24 (Sorenson and Webster 2015)."""
    bases = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41)
    if p < 2 or any(p % q == 0 for q in bases):
        return p in bases
    odd, twos = p - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    for base in bases:
        x = pow(base, odd, p)
        if x != 1 and all(pow(x, 1 << k, p) != p - 1 for k in range(twos)):
            return False
    return True


def field_primes(n: int) -> Iterator[int]:
    """The primes p = 1 mod n above 2^60, ascending."""
    for i in count():
        METER.spend(PRIME_STEPS)
        yield field_prime(n, i)


@lru_cache(maxsize=1 << 12)
def field_prime(n: int, i: int) -> int:
    """Number i of these primes."""
    last = field_prime(n, i - 1) if i else (1 << 60) // n * n + 1
    return next(p for p in count(last + n, n) if is_prime(p))


@lru_cache(maxsize=1 << 13)
def tower_prime(i: int) -> int:
    """Prime number i, p = 3 mod 4, above 2^31."""
    last = tower_prime(i - 1) if i else 2**31 - 1
    return next(p for p in count(last + 4, 4) if is_prime(p))


def tower_primes() -> Iterator[int]:
    """The primes p = 3 mod 4 above 2^31, ascending."""
    for i in count():
        METER.spend(PRIME_STEPS)
        yield tower_prime(i)


@lru_cache(maxsize=64)
def named_prime(n: int, name: str) -> int:
    """A prime p = 1 mod n above 2^60 that a name chooses: nobody can know it while making what is named."""
    start = (1 << 60) + int(hashlib.sha256(name.encode()).hexdigest()[:14], 16)
    return next(p for p in count(start // n * n + n + 1, n) if is_prime(p))


@lru_cache(maxsize=256)
def roots_modulo(n: int, p: int) -> list[int]:
    """z^0, ..., z^(n-1) for an element z of order n."""
    divisors = [q for q in range(2, n + 1) if n % q == 0]
    for base in count(2):
        z = pow(base, (p - 1) // n, p)
        if all(pow(z, n // q, p) != 1 for q in divisors):
            return [pow(z, e, p) for e in range(n)]
    raise AssertionError


def rank_modulo(rows: Iterable[Row], p: int) -> int:
    """The rank of an integer matrix modulo p, by elimination."""
    basis: list[tuple[int, Row]] = []  # (pivot column, row with 1 there)
    for row in rows:
        METER.spend(2 * len(row) * (len(basis) + 1))
        for pivot, other in basis:
            if factor := row[pivot]:
                row = [(x - factor * y) % p for x, y in zip(row, other, strict=True)]
        pivot = next((k for k, x in enumerate(row) if x % p), -1)
        if pivot >= 0:
            inverse = pow(row[pivot], -1, p)
            basis.append((pivot, [x * inverse % p for x in row]))
    return len(basis)


def exact_rank(n: int, rows: list[list[Element]]) -> int:
    """The rank over Q(zeta_n) of a matrix over Z[zeta_n]."""
    sizes = sorted((sum(sum(map(abs, x)) ** 2 for x in row) for row in rows), reverse=True)
    rank, passed, degree = 0, 0, len(powers(n)[0])
    for p in field_primes(n):
        METER.spend(len(rows) * len(rows[0]) * degree + 40 * n)
        z = roots_modulo(n, p)
        rank = max(rank, rank_modulo(([sum(m * z[i] for i, m in enumerate(x)) % p for x in row] for row in rows), p))
        passed += p.bit_length() - 1  # bits, at least, of the product of the primes
        if rank == min(len(rows), len(rows[0])):
            break
        if 2 * passed > degree * sum(size.bit_length() for size in sizes[: rank + 1]):
            break
    return rank


def annihilator(columns: list[Row], rows: int, p: int) -> list[Row]:
    """A basis of the row vectors of length ``rows`` that vanish on independent columns, modulo p."""
    work = [[column[r] for column in columns] + [int(r == k) for k in range(rows)] for r in range(rows)]
    size = len(columns)
    for i in range(size):
        pivot = next(r for r in range(i, rows) if work[r][i])
        work[i], work[pivot] = work[pivot], work[i]
        inverse = pow(work[i][i], -1, p)
        work[i] = [x * inverse % p for x in work[i]]
        for r in range(i + 1, rows):
            if factor := work[r][i]:
                work[r] = [(x - factor * y) % p for x, y in zip(work[r], work[i], strict=True)]
    return [row[size:] for row in work[size:]]


# ---- entries ---------------------------------------------------------------------------------------------------------
# Every field of an entry again, from its nodes; its bound is checked elsewhere.


@dataclass(frozen=True)
class Entry:
    """What of an entry the rows and bounds need, recomputed."""

    id: str
    n: int
    weight: Weight
    orbit: int
    cover: str
    found_by: tuple[str, ...]
    quantity: dict[str, int | None]
    in_search: int  # how many of its orbit lie in mu_(search.n) up to signs; anchored ones all do, or none
    product: bool  # is a product of polynomials

    def reaches(self, cover: str) -> bool:
        """Do all potentials of this cover vanish?"""
        return set(COVERS[cover]) <= set(COVERS[self.cover])


def read_entry(e: dict[str, Any], search: Search) -> Entry:
    """Recompute every field of an entry except its optimality."""
    where, n = f"entry {shown(e['id'])}", e["n"]
    METER.doing = where
    weight = read_nodes(n, e["nodes"], where)
    stored = [(node["a"], node["b"]) for node in e["nodes"]]
    require(stored == list(weight), f"{where}: nodes: an exponent of a is not below n/2")
    order = search.character_order
    agree(f"{where}: character_order", e["character_order"], order)
    orbit = check_canonical(n, weight, where, order)
    agree(f"{where}: id", e["id"], make_id(n, ((a, b, c) for (a, b), c in weight.items()), order))
    agree(f"{where}: order", e["order"], len(weight))
    agree(f"{where}: orbit_size", e["orbit_size"], orbit)
    agree(f"{where}: aligned_nodes", e["aligned_nodes"], aligned_nodes(n, weight))
    sets = CONDITIONS[order]
    zeros = [r for names in sets.values() for r in names if not any(condition(n, weight, r))]
    agree(f"{where}: zero_set", e["zero_set"], zeros)
    agree(f"{where}: covers", e["covers"], [name for name, members in sets.items() if set(members) <= set(zeros)])
    require("Rc" in e["covers"], f"{where}: does not cover Rc")
    check_cost(n, weight, e["cost"], where)
    if order == "2":
        real = all(2 * x % n == 0 for d in weight for x in d) and all(galois(n, c, -1) == c for c in weight.values())
        require(real, f"{where}: 2k = 0, but a node is not real")
    product = e["polynomials"] is not None
    merged = "sums of potentials are no homomorphisms"
    require(order == "generic" or (e["factors"] is None and not product), f"{where}: factors or polynomials: {merged}")
    formal = check_polynomials(n, weight, e, search, where) if product else len(weight)
    agree(f"{where}: formal_order", e["formal_order"], formal)
    known = product and len(e["polynomials"]) > 1
    require(not known or e["factors"] is not None, f"{where}: factors: null, but the polynomials are a factorization")
    if e["factors"] is not None:
        check_factors(n, weight, e["factors"], formal, where)
    elif order == "generic":
        METER.doing = f"{where}: factors: null, is it a product without merging?"
        require(not splits(n, weight), f"{where}: factors: null, but the entry is a product without merging")
    require(len({f["name"] for f in e["families"]}) == len(e["families"]), f"{where}: families: a name twice")
    for f in e["families"]:
        member = family_member(n, weight, f["name"], f["parameters"], f"{where}: families")
        closed = f["name"] == "phi_psi"  # at 4k = 0 only; the others up to any unit
        fits = same_orbit(n, member, weight, order if closed else "generic") and (not closed or order == "4")
        require(fits, f"{where}: families: {f['name']} {f['parameters']} is not this entry")
    METER.doing = where
    if "dimension" in e:
        agree(f"{where}: dimension", e["dimension"], dimension(n, weight, e["covers"], order))
    in_search = orbit * within(n, weight, search.n) if order == "generic" else members_in(n, weight, search)
    require(e["found_by"] in (["free"], ["product"], ["free", "product"]), f"{where}: found_by {e['found_by']}")
    require(set(e["found_by"]) <= set(search.models), f"{where}: found_by {e['found_by']}, model {search.model}")
    agree(f"{where}: found by the product model, polynomials given", "product" in e["found_by"], product)
    require(
        "free" not in e["found_by"]
        or ((search.nodes == "weighted" or e["aligned_nodes"] is not None) and in_search > 0),
        f"{where}: found_by free, but not {search.nodes} over mu_{search.n}",
    )
    cover = next(name for name, sets in COVERS.items() if list(sets) == e["covers"])
    quantity = {key: e[key] for key in ("order", "aligned_nodes", "formal_order")}
    return Entry(e["id"], n, weight, orbit, cover, tuple(e["found_by"]), quantity, in_search, product)


def aligned_nodes(n: int, weight: Weight) -> int | None:
    """The multiplicities c a b, if all are positive integers: their sum is r_kkk, they have no common factor."""
    terms = [rotate(n, c, (a + b) % n) for (a, b), c in weight.items()]
    aligned = all(t[0] > 0 and not any(t[1:]) for t in terms)
    return sum(t[0] for t in terms) // math.gcd(*(t[0] for t in terms)) if aligned else None


def check_cost(n: int, weight: Weight, stored: str, where: str) -> None:
    """3 sum_j (abs(c_j) / r_kkk)^(2/3), in floats."""
    scale = potential(n, weight, 1, 1)[0]
    sizes = (abs(sum(x * cmath.exp(2j * math.pi * i / n) for i, x in enumerate(c))) for c in weight.values())
    cost = 3 * math.fsum((size / scale) ** (2 / 3) for size in sizes)
    good = bool(re.fullmatch(r"[1-9][0-9]*\.[0-9]+", stored)) and len(stored) == 13  # 12 digits and the point
    unit = 10.0 ** -len(stored.partition(".")[2])
    close = good and abs(float(stored) - cost) <= 0.501 * unit  # rounded to the last digit
    require(close, f"{where}: cost: stored {shown(stored)}, recomputed {cost:.12g}")


def members_in(n: int, weight: Weight, search: Search) -> int:
    """How many distinct members of the orbit under merged conditions lie in mu_(search.n), up to signs."""
    order = search.character_order
    m = math.lcm(n, int(order))  # the units that shift lie in mu_4 or mu_2, whatever was searched
    found = set()
    for image in images(m, lift(weight, n, m)):
        found |= {nodes for nodes in anchored(m, image, order) if within(m, [(a, b) for a, b, _ in nodes], search.n)}
    return len(found)


def dimension(n: int, weight: Weight, covers: list[str], order: str) -> dict[str, Any]:
    """The dimension of the variety r_kkk = 1 and the conditions of ``covers`` at an entry, beyond its symmetries.

    Derivatives by the logarithms of a, conj a, b, conj b, c, conj c of every node (by a, b, c where all is real); a
    letter of a potential occurs once or twice. ``weighted`` keeps |a| = |b| = 1. Symmetries: a gauge (t, t, t^-2) for
    each node and an unequal scale of a and b (``real``), two phases (generic conditions). The kernel bounds the
    dimension; it is the dimension where the conditions are independent (``regular``).
    """
    names = ["abc", *(r for sets in covers for r in CONDITIONS[order][sets])]
    exponents, zero = POTENTIALS | {"abc": (1, 1)}, (0,) * len(powers(n)[0])

    def matrix(letters: str, chosen: list[str], conjugates: bool) -> list[list[Element]]:
        rows = []
        for name in chosen:
            row = {(d, x): zero for d in weight for x in letters}
            mirror = dict(row)
            for part in name.split("+"):
                i, j = exponents[part]
                for (a, b), c in weight.items():
                    value = rotate(n, c, (i * a + j * b) % n)
                    for x in (x for x in part if x in letters):
                        row[(a, b), x] = add(row[(a, b), x], value)
                        if conjugates:
                            mirror[(a, b), x.swapcase()] = add(mirror[(a, b), x.swapcase()], galois(n, value, -1))
            rows += [row, mirror] if conjugates else [row]
        return [list(row.values()) for row in rows]

    def on_circle(row: list[Element]) -> list[Element]:
        """Where |a| = |b| = 1 the logarithms of a and conj a are opposite, and so for b."""
        out = []
        for a, conj_a, b, conj_b, *c in zip(*[iter(row)] * 6, strict=True):
            out += [
                tuple(x - y for x, y in zip(a, conj_a, strict=True)),
                tuple(x - y for x, y in zip(b, conj_b, strict=True)),
                *c,
            ]
        return out

    if order == "2":
        systems = {"real": matrix("abc", names, False), "weighted": matrix("c", names, False)}
        symmetries = {"real": len(weight) + ("aac+bbc" not in names), "weighted": 0}
    else:
        distinct = [r for r in names if not (r == "bBc" and "aAc" in names)]  # equal where |a| = |b| = 1
        systems = {"real": matrix("aAbBcC", names, True)}
        systems["weighted"] = [on_circle(row) for row in matrix("aAbBcC", distinct, True)]
        phases = 2 if order == "generic" else 0
        symmetries = {"real": len(weight) + 1 + phases, "weighted": phases}
    ranks = {key: exact_rank(n, rows) for key, rows in systems.items()}
    regular = [key for key, rows in systems.items() if ranks[key] == len(rows)]
    return {key: len(rows[0]) - ranks[key] - symmetries[key] for key, rows in systems.items()} | {"regular": regular}


# ---- enumerations ----------------------------------------------------------------------------------------------------
# The enumerations that bounds rest on, but for weighted nodes.
#
# Aligned solutions over mu_n by meet in the middle, and products of polynomials rho_S(u) of the searched generators:
# the least number of nodes or the least formal order, or all of one size.


DEEP_LIMIT, DEEP_TABLE = 5 * 10**6, 10**6  # sums that are looked up, and that are kept
STATED = 10**18  # counts in a file are no larger


def binomial(n: int, k: int) -> int:
    """Subsets of k out of n, or STATED if there are more."""
    k, number = min(k, n - k), 1
    if k < 0:
        return 0
    for i in range(k):
        number = number * (n - i) // (i + 1)
        if number > STATED:  # grows until k = n/2
            return STATED
    return number


@lru_cache(maxsize=8)
def columns(n: int, cover: str, size: int) -> tuple[list[Direction], list[int]]:
    """Directions of mu_n^2 up to sign, (1, 1) first, and the coordinates of the wanted potentials at the aligned node.

    The coordinates are packed into one integer with digits so wide that sums of ``size`` columns cannot overlap.
    """
    even = math.lcm(2, n)
    k = even // n
    METER.spend(n * n * len(WANTED[cover]) * len(powers(even)[0]))
    directions = sorted({fold(even, a * k, b * k) for a in range(n) for b in range(n)})
    width = (2 * size * max(abs(x) for row in powers(even) for x in row) + 1).bit_length() + 1
    packed = []
    for a, b in directions:
        at = value_at(even, a, b)
        digits = [x for r in WANTED[cover] for x in powers(even)[at[r]]]
        packed.append(sum(x << (width * i) for i, x in enumerate(digits)))
    return directions, packed


@lru_cache(maxsize=32)
def smallest_aligned(n: int, cover: str, below: int) -> int | None:
    """The least number t < below of aligned nodes over mu_n with (1, 1, 1) among them, by meet in the middle."""
    _, column = columns(n, cover, below)
    sums: list[set[int]] = [{0}]  # sums[h]: all sums of h columns
    for t in range(2, below):  # a single node has no vanishing potential
        small = (t - 1) // 2
        large = t - 1 - small
        METER.spend(4 * len(sums[-1]) * len(column))
        if large == len(sums):
            # the sums of h columns are at most the multisets of h of them
            count_ = min(len(sums[-1]) * len(column), math.comb(len(column) + large - 1, large))
            METER.reserve(count_ * (100 + column[-1].bit_length() // 8))
            sums.append({x + y for x in sums[-1] for y in column})
        if not sums[small].isdisjoint(-column[0] - x for x in sums[large]):
            return t
    return None


def aligned_solutions(n: int, cover: str, size: int) -> Iterator[Weight] | None:
    """All aligned solutions over mu_n of ``size`` nodes through (1, 1, 1), by meet in the middle; None: too many."""
    directions, column = columns(n, cover, size)
    small, last, total = (size - 1) // 2, size - 2 - (size - 1) // 2, len(column)
    if size < 2:
        return iter(())
    if binomial(total + last, last + 1) > DEEP_LIMIT or binomial(total + small - 1, small) > DEEP_TABLE:
        return None
    METER.spend(3 * binomial(total + last, last + 1) + 30 * binomial(total + small - 1, small))
    METER.reserve(binomial(total + small - 1, small) * (300 + 8 * small + column[-1].bit_length() // 8))
    halves: dict[int, list[tuple[int, ...]]] = {}
    for chosen in combinations_with_replacement(range(total), small):
        halves.setdefault(sum(column[i] for i in chosen), []).append(chosen)
    found: set[tuple[int, ...]] = set()
    for head in combinations_with_replacement(range(total), last):
        rest = -column[0] - sum(column[i] for i in head)
        for i in range(head[-1] if head else 0, total):
            for chosen in halves.get(rest - column[i], ()):
                found.add(tuple(sorted((0, *head, i, *chosen))))
    even = math.lcm(2, n)

    def weights() -> Iterator[Weight]:
        for solution in sorted(found):
            multiplicity = Counter(directions[i] for i in solution)
            if math.gcd(*multiplicity.values()) == 1:
                yield {(a, b): combine(even, [(m, -a - b)]) for (a, b), m in multiplicity.items()}

    return weights()


def aligned_id(n: int, weight: Weight) -> str:
    """The id of an aligned solution over mu_n through (1, 1, 1): its least n divides out the common exponent."""
    g = math.gcd(n // 2, *(x for d in weight for x in d))
    least = {(a // g, b // g): combine(n // g, [(math.gcd(*c), -(a + b) // g)]) for (a, b), c in weight.items()}
    return make_id(n // g, min(candidates(n // g, least)))


@lru_cache(maxsize=4)
def polynomial_orders(search: Search) -> dict[int, int]:
    """The least order of rho_S(u) for every zero set (a mask of the nine potentials) that some u and S have.

    Galois conjugation of u keeps orders and masks, so does pseudo-1; the swap permutes the masks: one generator per
    class is enough.
    """
    m, k = search.even, search.even // search.n
    mirror = [1, 0, 2, 4, 3, 6, 5, 8, 7]  # where the swap of a and b takes each potential
    units = [t for t in range(1, m) if math.gcd(t, m) == 1]
    seen: set[Direction] = set()
    least: dict[int, int] = {}
    for a, b in ((a * k, b * k) for a, b in search.generators()):
        if fold(m, a, b) in seen:
            continue
        seen |= {fold(m, t * x, t * y) for t in units for x, y in ((a, b), (b, a))}
        at = list(value_at(m, a, b).values())
        taken = sorted(set(at) - {0})
        for roots in (s for size in range(1, len(taken) + 1) for s in combinations(taken, size)):
            METER.spend(100 * len(roots))
            order = len(rho(m, a, b, roots))
            hit = [i for i, value in enumerate(at) if value in roots]
            for mask in (sum(1 << i for i in hit), sum(1 << mirror[i] for i in hit)):
                least[mask] = min(order, least.get(mask, order))
    return least


@lru_cache(maxsize=16)
def smallest_product(search: Search, cover: str) -> int | None:
    """The least product of orders of polynomials whose zero sets together contain the cover; None: unreachable.

    A potential of a product vanishes exactly if it vanishes on a factor. More than nine factors never help, since
    each must contribute a potential.
    """
    best = {0: 1}
    for _ in range(min(search.max_factors or 9, 9)):
        longer = dict(best)
        METER.spend(4 * len(best) * len(polynomial_orders(search)))
        for mask, cost in best.items():
            for zeros, order in polynomial_orders(search).items():
                if cost * order < longer.get(mask | zeros, cost * order + 1):
                    longer[mask | zeros] = cost * order
        best = longer
    wanted = mask_of(cover)
    return min((cost for mask, cost in best.items() if mask & wanted == wanted), default=None)


def mask_of(cover: str) -> int:
    """The potentials of a cover as a bit mask."""
    return sum(1 << i for i, r in enumerate(POTENTIALS) if r in WANTED[cover])


def normalised_rho(n: int, a: int, b: int, roots: tuple[int, ...]) -> Weight:
    """rho_S(u) with r_kkk a positive integer: r_kkk = prod (1 - s), and (1 - s) sum k s^k = -m if s has order m."""
    weight = rho(n, a, b, roots)
    for s in roots:
        inverse = combine(n, ((-k, k * s) for k in range(1, n // math.gcd(n, s))))
        weight = {d: multiply(n, c, inverse) for d, c in weight.items()}
    return primitive(n, weight)


@lru_cache(maxsize=4)
def distinct_polynomials(search: Search, formal: int) -> list[tuple[int, int, Weight, str]]:
    """(order, zero mask, weight, name) of every rho_S(u) whose order divides ``formal``.

    Once per class under units, which no orbit distinguishes; [-a, -b, c] gives the weights of [a, b, c].
    """
    n, k = search.even, search.even // search.n
    known: set[Direction] = set()
    seen: set[tuple[Any, ...]] = set()
    out = []
    for a, b in search.generators():
        direction = fold(n, a * k, b * k)
        if direction in known:
            continue
        known.add(direction)
        at = list(value_at(n, a * k, b * k).values())
        taken = sorted(set(at) - {0})
        for roots in (s for size in range(1, len(taken) + 1) for s in combinations(taken, size)):
            METER.spend(400)
            if formal % len(rho(n, a * k, b * k, roots)):
                continue
            weight = normalised_rho(n, a * k, b * k, roots)
            key = min(anchored(n, weight))
            if key not in seen:
                METER.reserve(len(seen) * len(weight) * (400 + 20 * len(powers(n)[0])))
                seen.add(key)
                mask = sum(1 << i for i, value in enumerate(at) if value in roots)
                out.append((len(weight), mask, weight, f"{[a, b]} with values {[s // k for s in roots]}"))
    return out


def minimal_products(search: Search, cover: str, formal: int) -> Iterator[list[tuple[int, int, Weight, str]]]:
    """All multisets of polynomials with this product of orders whose zero sets contain the cover."""
    polynomials, wanted = distinct_polynomials(search, formal), mask_of(cover)

    def extend(start: int, rest: int, mask: int, chosen: list[int]) -> Iterator[list[int]]:
        if rest == 1 and mask & wanted == wanted:
            yield chosen
        METER.spend(len(polynomials) - start)
        for i in range(start, len(polynomials)) if rest > 1 and len(chosen) < (search.max_factors or 9) else ():
            if rest % polynomials[i][0] == 0:
                yield from extend(i + 1, rest // polynomials[i][0], mask | polynomials[i][1], [*chosen, i])

    return ([polynomials[i] for i in chosen] for chosen in extend(0, formal, 0, []))


# ---- supports --------------------------------------------------------------------------------------------------------
# Supports of weighted nodes over mu_n, enumerated: the least size, or all of one size.


SUPPORT_LIMIT = 10**6  # projections of columns in a search for supports


class Unlucky(Exception):
    """Columns are dependent modulo the prime only."""


class Supports:
    """Supports of weighted nodes over mu_n: sets of directions on which the wanted conditions have a kernel vector.

    Every column holds the values of the wanted conditions on one direction, c = 1, and of abc. If no smaller support
    has a solution, every proper subset of a support S has full rank: a kernel vector on fewer columns has abc = 0, and
    adding it would cancel a node. So S = T + {x, y} with T of full rank, x and y proportional modulo the span of T; one
    T for each orbit under units, swap and Galois group is enough. What is left out as dependent is proved to be so.
    """

    def __init__(self, n: int, cover: str, order: str, p: int) -> None:
        even = math.lcm(2, n)
        k = even // n
        every = {fold(even, a * k, b * k) for a in range(n) for b in range(n)}
        self.n, self.even, self.order, self.p = n, even, order, p
        self.directions = sorted(d for d in every if order != "2" or all(2 * x % even == 0 for x in d))
        self.index = {d: i for i, d in enumerate(self.directions)}
        names = [r for sets in COVERS[cover] for r in CONDITIONS[order][sets]]
        self.conditions = list(dict.fromkeys(tuple(POTENTIALS[part] for part in r.split("+")) for r in names))
        self.norms = sum(len(row) ** 2 for row in self.conditions)  # squared norm of a column without abc, at most
        units = [t for t in range(1, even + 1) if math.gcd(t, even) == 1]
        swaps = [(t, swap) for t in units for swap in (False, True)]
        METER.spend(10 * len(swaps) * len(self.directions))
        METER.reserve(9 * len(swaps) * len(self.directions) + 400 * len(every))
        maps = {tuple(self.index[fold(even, *((t * b, t * a) if swap else (t * a, t * b)))] for a, b in self.directions)
                for t, swap in swaps}  # fmt: skip
        self.relabellings = sorted(maps)
        step = even if order == "generic" else even // math.gcd(n * k, int(order) if n % 2 == 0 else 1)
        self.shifts = sorted({fold(even, x, y) for x in range(0, even, step) for y in range(0, even, step)})
        self.columns = self.modulo(p)

    def modulo(self, p: int) -> list[Row]:
        """The columns modulo p, abc last."""
        METER.spend(8 * len(self.directions) * (len(self.conditions) + 1))
        z = roots_modulo(self.even, p)
        rows = [*self.conditions, ((1, 1),)]
        return [[sum(z[(i * a + j * b) % self.even] for i, j in row) % p for row in rows] for a, b in self.directions]

    def work(self, size: int) -> int:
        """An estimate of the projections for supports of this size: orbits of subsets T times columns."""
        count, symmetries, t = len(self.directions), len(self.relabellings), size - 2
        if t < 1:
            return count
        if self.order == "generic":
            return (1 + math.comb(count - 1, t - 1) // (symmetries * t)) * count
        return (1 + math.comb(count, t) // (symmetries * len(self.shifts))) * count

    def images(self, subset: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        """The images of a set of columns under the symmetries, sorted; anchored at each of its columns if generic."""
        chosen = [self.directions[i] for i in subset]
        for x, y in chosen if self.order == "generic" else self.shifts:
            moved = [self.index[fold(self.even, a - x, b - y)] for a, b in chosen]
            for table in self.relabellings:
                yield tuple(sorted(table[i] for i in moved))

    def count_images(self, subset: tuple[int, ...], held: int) -> None:
        """Spend what the images of a set will take, beside ``held`` sets of the same size that are kept."""
        shifts_ = len(subset) if self.order == "generic" else len(self.shifts)
        METER.spend(8 * len(subset) * shifts_ * (1 + len(self.relabellings)))
        METER.reserve((held + shifts_ * len(self.relabellings)) * (130 + 8 * len(subset)))

    def dependent(self, subset: tuple[int, ...], target: bool) -> bool:
        """Are the columns (with abc if ``target``) dependent? Exactly; raises Unlucky if only modulo the prime."""
        rows = len(self.conditions) + target
        if len(subset) > rows:
            return True
        if rank_modulo((self.columns[i][:rows] for i in subset), self.p) == len(subset):
            return False
        limit, passed = (self.norms + target) ** (len(subset) * len(powers(self.even)[0])), self.p
        for p in field_primes(self.even):
            if passed**2 > limit:
                return True
            if p != self.p:
                METER.spend(8 * len(self.directions) * rows)
                columns = modulo(self.n, self.even, tuple(self.conditions), tuple(self.directions), p)
                if rank_modulo((columns[i][:rows] for i in subset), p) == len(subset):
                    raise Unlucky
                passed *= p
        raise AssertionError

    def subsets(self, size: int) -> list[tuple[int, ...]]:
        """One full-rank set of columns of every orbit."""
        if size == 0:
            return [()]
        level: list[tuple[int, ...]] = [()]
        for length in range(1, size + 1):
            seen: set[tuple[int, ...]] = set()
            grown = []
            for subset in level:
                anchor = self.order == "generic" and length == 1
                for x in (0,) if anchor else range(len(self.directions)):
                    larger = tuple(sorted((*subset, x)))
                    METER.spend(10)
                    if x not in subset and larger not in seen:
                        self.count_images(larger, len(seen))
                        seen.update(self.images(larger))
                        if not self.dependent(larger, False):
                            grown.append(larger)
            level = grown
        return level

    def solvable(self, size: int) -> set[tuple[int, ...]]:
        """All supports of this size (through the anchor if generic) that have a solution; smaller ones have none."""
        found: set[tuple[int, ...]] = set()
        refuted: set[tuple[int, ...]] = set()
        if size == 1:
            candidates_ = [(i,) for i in range(len(self.directions))]
            return {s for s in candidates_ if not self.dependent(s, True) and self.dependent(s, False)}
        for subset in self.subsets(size - 2):
            kernel = annihilator([self.columns[i][:-1] for i in subset], len(self.conditions), self.p)
            classes: dict[tuple[int, ...], list[int]] = {}
            METER.spend(3 * len(self.columns) * (1 + len(kernel) * len(self.conditions)))
            for x, column in enumerate(self.columns):
                if x in subset:
                    continue
                image = [sum(u * v for u, v in zip(row, column, strict=False)) % self.p for row in kernel]
                lead = next((v for v in image if v), 0)
                if lead == 0:
                    self.dependent((*subset, x), False)  # raises Unlucky if a support could be lost here
                    continue
                inverse = pow(lead, -1, self.p)
                classes.setdefault(tuple(v * inverse % self.p for v in image), []).append(x)
            for members in classes.values():
                for pair in combinations(members, 2):
                    METER.spend(20)
                    support = tuple(sorted((*subset, *pair)))
                    if support in found or support in refuted:
                        continue
                    self.count_images(support, len(found) + len(refuted))
                    # A solution: the conditions are dependent, with abc they are not.
                    good = not self.dependent(support, True) and self.dependent_or_full(support)
                    (found if good else refuted).update(self.images(support))
        return found

    def dependent_or_full(self, support: tuple[int, ...]) -> bool:
        """Are the conditions dependent on this set? A set that is full modulo another prime is no support."""
        try:
            return self.dependent(support, False)
        except Unlucky:
            return False


@lru_cache(maxsize=16)
def modulo(
    n: int, even: int, conditions: tuple[tuple[Direction, ...], ...], directions: tuple[Direction, ...], p: int
) -> list[Row]:
    """The columns of :class:`Supports` modulo another prime."""
    z = roots_modulo(even, p)
    rows = [*conditions, ((1, 1),)]
    return [[sum(z[(i * a + j * b) % even] for i, j in row) % p for row in rows] for a, b in directions]


def lucky(n: int, cover: str, order: str, search: Callable[[Supports], Any]) -> Any:
    """Run a search modulo the first prime under which nothing only seems dependent."""
    for p in field_primes(math.lcm(2, n)):
        try:
            return search(Supports(n, cover, order, p))
        except Unlucky:
            continue
    raise AssertionError


@lru_cache(maxsize=32)
def smallest_support(n: int, cover: str, order: str, below: int, where: str) -> int | None:
    """The least size < below of a support over mu_n with a solution, whatever its weights."""

    def run(supports: Supports) -> int | None:
        last = len(supports.conditions) + 1  # more columns than conditions and abc: a node can be cancelled
        work = sum(supports.work(size) for size in range(1, min(below, last + 1)))
        require(work <= SUPPORT_LIMIT, f"{where}: about {work} projections are too many for an exhaustive bound")
        return next((size for size in range(1, min(below, last + 1)) if supports.solvable(size)), None)

    answer: int | None = lucky(n, cover, order, run)
    return answer


def deep_supports(cover: str, level: int, entries: list[Entry], search: Search, name: str) -> bool:
    """The supports of one order again, and those of all members of the listed orbits; false if they are too many."""
    order, even = search.character_order, search.even

    def run(supports: Supports) -> bool:
        if supports.work(level) > SUPPORT_LIMIT:
            return False
        found = supports.solvable(level)
        listed: dict[tuple[int, ...], str] = {}
        for entry in (e for e in entries if e.quantity["order"] == level):
            m = math.lcm(entry.n, 1 if order == "generic" else int(order))
            for image in images(m, lift(entry.weight, entry.n, m)):
                for x, y in shifts(m, image, order):
                    METER.spend(40 * len(image))
                    directions_ = [fold(m, a - x, b - y) for a, b in image]
                    if within(m, directions_, search.n):
                        exact = [fold(even, *to_even(m, d, search.n)) for d in directions_]
                        listed[tuple(sorted(supports.index[d] for d in exact))] = entry.id
        missing, extra = sorted(found - listed.keys()), sorted(listed.keys() - found)
        directions = [[supports.directions[i] for i in support] for support in missing[:1]]
        require(not missing, f"{name}: the catalog claims to be complete but lacks the support {directions}")
        require(not extra, f"{name}: the enumeration does not give {', '.join(listed[x] for x in extra[:3])}")
        return True

    answer: bool = lucky(search.n, cover, order, run)
    return answer


def to_even(m: int, direction: Direction, n: int) -> Direction:
    """A direction over mu_m that lies in mu_n up to a sign, as exponents of zeta_lcm(2, n) in mu_n itself."""
    even = math.lcm(2, n)
    a, b = next(
        (a, b) for h in (0, m // 2) for a, b in [(direction[0] + h, direction[1] + h)] if n * a % m == 0 == n * b % m
    )
    return n * a // m * (even // n), n * b // m * (even // n)


# ---- bounds ----------------------------------------------------------------------------------------------------------
# A bound: what its method can prove, that its certificate or enumeration proves it, and what is claimed by it.


EXHAUSTIVE_LIMIT = 10**6  # multisets of columns in an enumeration

# ---- the methods: each refuses a bound that it does not prove


def by_nothing(bound: dict[str, Any], search: Search, where: str, log: Log) -> None:
    """No bound, or one that needs no proof."""
    require(bound["lower_bound"] in (None, 0, 1), f"{where}: lower_bound {bound['lower_bound']} without a method")


def by_word(bound: dict[str, Any], search: Search, where: str, log: Log) -> None:
    """The solver's word."""
    stored = bound["lower_bound"]
    require(stored is not None and stored >= 1, f"{where}: lower_bound {stored}")


def by_pencil(bound: dict[str, Any], search: Search, where: str, log: Log) -> None:
    """The rank of the pencil of moments."""
    rank = check_pencil(bound, bound["scope"]["cover"], search.character_order, where)
    agree(f"{where}: lower_bound", bound["lower_bound"], rank)


def by_dual(bound: dict[str, Any], search: Search, where: str, log: Log) -> None:
    """The dual of the linear relaxation."""
    value = check_dual(bound, bound["scope"]["cover"], search, where)
    agree(f"{where}: lower_bound", bound["lower_bound"], value)


def by_enumeration(bound: dict[str, Any], search: Search, where: str, log: Log) -> None:
    """The enumeration that the bound rests on, again."""
    METER.doing = f"{where}: the enumeration again"
    ENUMERATIONS[bound["scope"]["weights"]](bound, search, where, log)


def no_products(bound: dict[str, Any], search: Search, where: str, log: Log) -> None:
    """The least formal order of a product of polynomials."""
    if len(search.generators()) > 1000:  # takes seconds
        log(f"{where}: orders of all polynomials over roots {list(search.roots)}")
    agree(f"{where}: lower_bound", bound["lower_bound"], smallest_product(search, bound["scope"]["cover"]))


def no_supports(bound: dict[str, Any], search: Search, where: str, log: Log) -> None:
    """No support of fewer weighted nodes has a solution."""
    by_word(bound, search, where, log)
    stored, cover = bound["lower_bound"], bound["scope"]["cover"]
    log(f"{where}: all supports over mu_{search.n} for {cover} with fewer than {stored} weighted nodes")
    found = smallest_support(search.n, cover, search.character_order, stored, where)
    require(found is None, f"{where}: lower_bound: stored {stored}, but there is a solution with {found} nodes")


def no_aligned(bound: dict[str, Any], search: Search, where: str, log: Log) -> None:
    """No solution has fewer aligned nodes."""
    by_word(bound, search, where, log)
    stored, cover, n = bound["lower_bound"], bound["scope"]["cover"], search.n
    columns_count, half = (n**2 if n % 2 else n**2 // 2), (stored - 1) // 2
    size = math.comb(columns_count + half - 1, half) if half <= 100 else EXHAUSTIVE_LIMIT + 1
    require(size <= EXHAUSTIVE_LIMIT, f"{where}: {size} multisets are too many for an exhaustive bound")
    log(f"{where}: all aligned solutions over mu_{n} for {cover} with fewer than {stored} nodes")
    found = smallest_aligned(n, cover, stored)
    require(found is None, f"{where}: lower_bound: stored {stored}, but there is a solution with {found} nodes")


Check = Callable[[dict[str, Any], Search, str, Log], None]
ENUMERATIONS: dict[str, Check] = {"product": no_products, "weighted": no_supports, "aligned": no_aligned}


@dataclass(frozen=True)
class Method:
    """A method of proof: what it can bound for which weights, the key that only its certificates have, its check."""

    check: Check
    bounds: frozenset[tuple[str, str]]  # (weights, minimised)
    certificate: str | None = None


ENUMERABLE = frozenset({("weighted", "order"), ("aligned", "aligned_nodes"), ("product", "formal_order")})
METHODS = {
    "pencil-rank": Method(by_pencil, frozenset({("real", "order")}), "pencil"),
    "lp-dual": Method(by_dual, frozenset({("aligned", "aligned_nodes"), ("aligned", "order")}), "multipliers"),
    "exhaustive": Method(by_enumeration, ENUMERABLE),
    "solver-only": Method(by_word, ENUMERABLE),
    "none": Method(by_nothing, ENUMERABLE | {("real", "order")}),
}

# ---- one bound


def check_bound(bound: dict[str, Any], search: Search, where: str, log: Log) -> bool:
    """Check scope and certificate; true if the bound is proved, false if it is the solver's word or no bound."""
    check_scope(bound["scope"], search, where)
    scope, certificate, method = bound["scope"], bound["certificate"], METHODS[bound["method"]]
    about = f"{scope['minimised']} of {scope['weights']} weights"
    able = (scope["weights"], scope["minimised"]) in method.bounds
    require(able, f"{where}: scope: {bound['method']} proves nothing about {about}")
    fits = (certificate is None) if method.certificate is None else method.certificate in (certificate or {})
    require(fits, f"{where}: certificate does not belong to {bound['method']}")
    method.check(bound, search, where, log)
    return bound["method"] in PROVING


def check_scope(scope: dict[str, Any], search: Search, where: str) -> None:
    """What the bound is about is what was searched."""
    weights, merged = scope["weights"], search.character_order != "generic"
    agree(f"{where}: scope.n", scope["n"], None if weights == "real" else search.n)
    agree(f"{where}: scope", (scope["frequency"], scope["conditions"]), FREQUENCY[search.character_order])
    require(not merged or weights in ("real", "weighted"), f"{where}: scope: {weights} weights, merged conditions")
    copied = {"roots": list(search.roots), "closure": search.closure, "max_factors": search.max_factors}
    for key, value in (copied if weights == "product" else {}).items():
        require(key in scope, f"{where}: scope: missing {key}")
        agree(f"{where}: scope.{key}", scope[key], value)
    require(weights == "product" or not copied.keys() & scope.keys(), f"{where}: scope: keys of another class")


def quantity_in(scope: dict[str, Any], entry: Entry) -> int | None:
    """The minimised quantity of the entry, None where it lies outside the scope."""
    aligned = entry.in_search > 0 and entry.quantity["aligned_nodes"] is not None
    inside = {"real": True, "weighted": entry.in_search > 0, "aligned": aligned, "product": entry.product}[
        scope["weights"]
    ]
    return entry.quantity[scope["minimised"]] if inside and entry.reaches(scope["cover"]) else None


def check_claim(item: dict[str, Any], value: int | None, where: str) -> None:
    """``minimal`` exactly if a proved bound equals the value; no bound above the value."""
    bound = item["lower_bound"]
    require(value is None or bound is None or bound <= value, f"{where}: lower_bound {bound} above the value {value}")
    minimal = value is not None and bound == value and item["method"] in PROVING
    agree(f"{where}: claim", item["claim"], "minimal" if minimal else "upper-bound-only")


# ---- rows ------------------------------------------------------------------------------------------------------------
# The table of minimal orders against the entries, and the counts of what was found.


def span(row: dict[str, Any], search: Search) -> range:
    """The values of the minimised quantity that the enumeration behind a row covers."""
    if row["order"] is None:
        return range(0)
    top = row["order"] if row["model"] == "product" else max(row["order"], search.max_order or 0)
    return range(row["order"], top + 1)


def behind(row: dict[str, Any], entries: list[Entry], search: Search) -> list[Entry]:
    """The entries that the enumeration behind a row accounts for."""
    found = [e for e in entries if row["model"] in e.found_by and e.reaches(row["cover"])]
    return [e for e in found if e.quantity[row["minimised"]] in span(row, search)]


def check_row(row: dict[str, Any], entries: list[Entry], search: Search, where: str) -> None:
    """A row of ``minimal`` against the entries and its bounds (whose certificates are checked elsewhere)."""
    model, cover, order, bounds = row["model"], row["cover"], row["order"], row["bounds"]
    agree(f"{where}: n", row["n"], search.n)
    agree(f"{where}: nodes", row["nodes"], search.nodes if model == "free" else None)
    agree(f"{where}: minimised", row["minimised"], QUANTITY[row["nodes"]])
    require(1 <= len(bounds) <= 16, f"{where}: bounds: {len(bounds)} of them")
    for key in BOUND:
        agree(f"{where}: {key} against bounds[0]", row[key], bounds[0][key])
    for bound in bounds:
        scope = bound["scope"]
        agree(f"{where}: bounds: scope.cover", scope["cover"], cover)
        fitting = scope["weights"] in ("real", search.nodes if model == "free" else "product")
        require(fitting, f"{where}: bounds: {scope['weights']} weights in a row of the {model} model")
        low = bound["lower_bound"] or 0
        require(order is None or low <= order, f"{where}: bounds: {low} is above the order {order}")
    ranks = [(-(b["lower_bound"] or 0), WIDTH[b["scope"]["weights"]]) for b in bounds]
    require(ranks == sorted(ranks), f"{where}: bounds: not in the order strongest first, then widest")
    check_claim(row, order, where)
    if order is None:
        good = row["outcome"] in ("INFEASIBLE", "BUDGET_EXHAUSTED")
        require(good, f"{where}: outcome {row['outcome']} without an order")
    else:
        agree(f"{where}: outcome", row["outcome"], "PROVED" if row["claim"] == "minimal" else "FEASIBLE")
    if row["outcome"] == "INFEASIBLE":
        # The sum over all of mu_n^2 kills every potential if n >= 3; mu_2 leaves Abc = abc. Real nodes, 2k = 0: one
        # direction if n is odd, which leaves aac + bbc = 2 abc.
        free = search.n >= 3 if search.character_order != "2" else search.n % 2 == 0 or "Rn" not in COVERS[cover]
        possible = smallest_product(search, cover) is not None if model == "product" else free
        require(not possible, f"{where}: outcome: INFEASIBLE, but solutions exist")
    own = [e for e in entries if model in e.found_by and e.reaches(cover)]
    best = min((e.quantity[row["minimised"]] or 0 for e in own), default=None)
    agree(f"{where}: order against the entries", order, best)
    merged = min((e.quantity["order"] or 0 for e in own if e.quantity[row["minimised"]] == order), default=None)
    if merged is not None or order is None:
        agree(f"{where}: merged_order against the entries", row["merged_order"], merged)
    possible = row["merged_order"] is None or 1 <= row["merged_order"] <= (order or 0)
    require(possible, f"{where}: merged_order {row['merged_order']}")


def check_counts(
    cover: str, counts: dict[str, Any], rows: dict[str, dict[str, Any]], entries: list[Entry], search: Search
) -> None:
    """``complete`` for one cover: kept entries, found solutions, and orbit sizes that add up to them."""
    where = f"search.complete.{cover}"
    parts = [counts[model] for model in search.models]
    together: set[str] = set()
    for model, part in zip(search.models, parts, strict=True):
        here, row = f"{where}.{model}", rows[model]
        mine = behind(row, entries, search)
        together |= {e.id for e in mine}
        require(0 <= part["kept"] <= part["found"], f"{here}: kept {part['kept']} of found {part['found']}")
        if model == "product":
            most = most_products(row, search)
            require(part["found"] <= most, f"{here}: found: stored {part['found']}, there are at most {most}")
        below = search.limit is None or part["kept"] <= search.limit
        require(below, f"{here}: kept {part['kept']} with limit {search.limit}")
        require(part["kept"] <= len(mine), f"{here}: kept: stored {part['kept']}, the catalog has {len(mine)}")
        if part["complete"]:
            known = row["outcome"] in ("PROVED", "INFEASIBLE")
            require(known, f"{here}: complete, but the minimum is not known")
            agree(f"{here}: kept", part["kept"], len(mine))
        if model == "free":
            check_levels(part, mine, span(row, search), row["minimised"], search, here)
    agree(f"{where}: complete", counts["complete"], all(part["complete"] for part in parts))
    agree(f"{where}: found", counts["found"], sum(part["found"] for part in parts))
    if counts["complete"]:
        agree(f"{where}: kept", counts["kept"], len(together))
    low, high = max(part["kept"] for part in parts), min(sum(part["kept"] for part in parts), len(together))
    require(low <= counts["kept"] <= high, f"{where}: kept: stored {counts['kept']}, not within {low} to {high}")


def most_products(row: dict[str, Any], search: Search) -> int:
    """How many products of so large a formal order there can be: sets of polynomials, each of order 2 at least."""
    if row["order"] is None:
        return 0
    polynomials = len(search.generators()) * (2 ** len(POTENTIALS) - 1)  # a generator and some of its values
    factors = min(search.max_factors or row["order"], row["order"].bit_length() - 1)
    return max(1, sum(binomial(polynomials, r) for r in range(1, factors + 1)))


def most_solutions(level: int, search: Search) -> int:
    """Candidates of so many weighted nodes: sets of directions, through (1, 1) but where conditions are merged."""
    n = search.n
    directions = n * n // 2 if n % 2 == 0 else n * n
    through = search.character_order == "generic"
    return binomial(directions - through, level - through)


def check_levels(
    part: dict[str, Any], mine: list[Entry], levels: range, quantity: str, search: Search, where: str
) -> None:
    """Every solution through (1, 1, 1) is a candidate of one entry: orbit sizes add up to the count.

    Merged conditions have no anchor: all solutions count, the members of the orbits in mu_n. At the minimal order a
    support of weighted nodes has one solution up to scale: otherwise a node could be cancelled.
    """
    stored = part["levels"]
    for key, number in stored.items():
        good = bool(re.fullmatch("[1-9][0-9]{0,8}", key)) and int(key) in levels and number >= 0
        require(good, f"{where}.levels: {shown(key)}: {number}")
    agree(f"{where}: found", part["found"], sum(stored.values()))
    sums: Counter[int] = Counter({int(level): 0 for level in stored})
    for entry in mine:
        sums[entry.quantity[quantity] or 0] += entry.in_search
    for level, total in sums.items():
        count = stored.get(str(level), 0)
        # A limit cuts aligned solutions off while they are counted; supports are counted in full before.
        possible = total
        if search.nodes == "weighted" and not part["complete"]:
            possible = most_solutions(level, search)
        what = f"stored {count}, the entries account for {total}, at most {possible} are possible"
        require(count <= possible, f"{where}.levels: {level}: {what}")
        if part["complete"]:
            agree(f"{where}.levels: {level} (sum of orbit_size)", count, total)


# ---- deep ------------------------------------------------------------------------------------------------------------
# --deep: claims of completeness, by the enumeration behind them again.


DEEP_PRODUCTS = 20_000  # products of one row


def deep_free(
    row: dict[str, Any], part: dict[str, Any], entries: list[Entry], search: Search, log: Log
) -> Iterator[tuple[str, bool]]:
    """Every level of one row again: the same ids and the same number of solutions."""
    for level in span(row, search):
        name = f"free {row['cover']} at {level} nodes"
        log(f"{name}: enumerating again")
        if search.nodes == "weighted":
            yield name, deep_supports(row["cover"], level, behind(row, entries, search), search, name)
            continue
        solutions = aligned_solutions(search.n, row["cover"], level)
        if solutions is None:  # nor can the levels above be visited
            yield f"{name} and above", False
            return
        ids = Counter(aligned_id(search.even, weight) for weight in solutions)
        listed = {e.id for e in behind(row, entries, search) if e.quantity["aligned_nodes"] == level}
        missing, extra = sorted(ids.keys() - listed), sorted(listed - ids.keys())
        require(not missing, f"{name}: the catalog claims to be complete but lacks {', '.join(missing[:3])}")
        require(not extra, f"{name}: the enumeration does not give {', '.join(extra[:3])}")
        agree(f"{name}: number of solutions", part["levels"].get(str(level), 0), sum(ids.values()))
        yield name, True


def deep_product(
    row: dict[str, Any], part: dict[str, Any], entries: list[Entry], search: Search, log: Log
) -> Iterator[tuple[str, bool]]:
    """All minimal products of one row again, compared with the entries over the common field (least candidates)."""
    name, n = f"product {row['cover']}", search.even
    log(f"{name}: enumerating again")
    listed = {min(candidates(n, lift(e.weight, e.n, n))): e.id for e in behind(row, entries, search)}
    met = set()
    products = list(islice(minimal_products(search, row["cover"], row["order"]), DEEP_PRODUCTS + 1))
    if len(products) > DEEP_PRODUCTS:
        yield name, False
        return
    for chosen in products:
        weight: Weight = {(0, 0): powers(n)[0]}
        for _, _, factor, _ in chosen:
            weight = ring_product(n, weight, factor)
        key = min(candidates(n, primitive(n, weight)))
        if key not in listed:
            raise Refused(f"{name}: complete, but lacks the product of " + ", ".join(c[3] for c in chosen))
        met.add(key)
    missing = sorted(listed[key] for key in listed.keys() - met)
    require(not missing, f"{name}: the enumeration does not give {', '.join(missing[:3])}")
    agree(f"{name}: number of products", part["found"], len(products))
    yield name, True


def enumerate_again(
    model: str, row: dict[str, Any], part: dict[str, Any], entries: list[Entry], search: Search, log: Log
) -> list[tuple[str, bool]]:
    """What of one claim of completeness was repeated, and what was not: too large, or beyond the budget."""
    again = deep_free if model == "free" else deep_product
    redone: list[tuple[str, bool]] = []
    try:
        redone.extend(again(row, part, entries, search, log))
    except Undecided:
        redone.append((f"{model} {row['cover']}" + (" (the rest)" if redone else ""), False))
    return redone


# ---- graph -----------------------------------------------------------------------------------------------------------
# The solution graph: entries joined by the factor that makes one of the other.


def check_edge(edge: dict[str, Any], entries: dict[str, Entry], where: str) -> None:
    """Two entries, a factor of order at least 2, and source times factor in the target's orbit."""
    source, target, factor = edge["source"], edge["target"], edge["factor"]
    for key in (source, target):
        require(key in entries, f"{where}: {shown(key)} is no entry of this file under generic conditions")
    require(source != target, f"{where}: {source} is joined to itself")
    METER.doing = where
    part = read_nodes(factor["n"], factor["nodes"], f"{where}: factor")
    agree(f"{where}: factor.order", factor["order"], len(part))
    require(len(part) >= 2, f"{where}: factor: order 1")
    check_normal(factor["n"], part, factor["nodes"], f"{where}: factor")
    s, t = entries[source], entries[target]
    check_product(t.n, t.weight, [(s.n, s.weight), (factor["n"], part)], f"{where}: source times factor")


def check_graph(edges: list[dict[str, Any]], entries: list[Entry], log: Log) -> int:
    """Every edge; none twice; sorted. That no edge is missing is not checked."""
    by_id = {entry.id: entry for entry in entries if entry.id.startswith("cogo1-n")}  # merged conditions: cogo1-k
    for i, edge in enumerate(edges):
        if i % 50 == 49:
            log(f"edge {i + 1} of {len(edges)}")
        check_edge(edge, by_id, f"graph[{i}]")
    pairs = [(edge["source"], edge["target"]) for edge in edges]
    require(len(set(pairs)) == len(pairs), "graph: an edge occurs twice")
    require(pairs == sorted(pairs), "graph: not sorted by (source, target)")
    return len(edges)


# ---- groups ----------------------------------------------------------------------------------------------------------
# Groups, their characters, and residuals of the loss of a network.
#
# o[x1, x2] = sum_j v_j (alpha_j[x1] + beta_j[x2])^2. A node is its Fourier coefficients a, b, c at the characters of
# the group.


MAX_GROUP, MAX_HIDDEN = 128, 1024  # order of the group, hidden nodes
MAX_WORK = 10**9  # products of coordinates in the loss of one network
Character = tuple[int, ...]


@dataclass(frozen=True)
class Task:
    """What the record of a network says it computes, and on which group."""

    factors: tuple[int, ...]  # orders of the cyclic factors
    width: int
    trivial: bool  # may there be components at the trivial character?
    one_hot: bool  # else zero-mean outputs

    @property
    def order(self) -> int:
        """The order of the group."""
        return math.prod(self.factors)

    @property
    def elements(self) -> list[Character]:
        """All elements of the group, or all characters."""
        return list(product(*map(range, self.factors)))


def read_group(spec: str, where: str) -> tuple[int, ...]:
    """The orders of the cyclic factors."""
    good = len(spec) <= 64 and bool(re.fullmatch(r"[1-9][0-9]{0,8}(x[1-9][0-9]{0,8})*", spec))
    require(good, f"{where}: group {shown(spec)} is not written as in 7 or 2x3")
    factors = tuple(map(int, spec.split("x")))
    require(min(factors) >= 2, f"{where}: group {spec} has a factor below 2")
    require(math.prod(factors) <= MAX_GROUP, f"{where}: group {spec} is too large (order above {MAX_GROUP})")
    return factors


def read_task(o: dict[str, Any], where: str) -> Task:
    """The task of a record; one-hot outputs have a mean."""
    task = Task(read_group(o["group"], where), o["width"], o["trivial"] == "with", o["target"] == "one-hot")
    require(task.trivial or not task.one_hot, f"{where}: one-hot outputs need the trivial character")
    return task


def times(k: Character, m: Character, factors: tuple[int, ...]) -> Character:
    """The product of two characters, or the sum of two elements."""
    return tuple((x + y) % f for x, y, f in zip(k, m, factors, strict=True))


def conjugate(k: Character, factors: tuple[int, ...]) -> Character:
    """The character -k."""
    return tuple(-x % f for x, f in zip(k, factors, strict=True))


def check_zero(sums: dict[tuple[Character, Character, Character], list[int]], n: int, where: str) -> None:
    """Every residual, a list of the multiples of 1, zeta_n, ..., zeta_n^(n-1), is zero."""
    for (k1, k2, k), total in sums.items():
        zero = not any(total) or not any(combine(n, ((m, e) for e, m in enumerate(total))))
        require(zero, f"{where}: the loss is not 0 (residual at k1={k1}, k2={k2}, k={k})")


# ---- enclosures ------------------------------------------------------------------------------------------------------
# Networks in integers over a power of 2, near one of loss zero: Krawczyk's test.


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


# ---- fields ----------------------------------------------------------------------------------------------------------
# Networks whose coefficients lie in Q(zeta_n): nodes of several frequencies.
#
# a, b and c of a node are listed at one of each pair of conjugate characters where they do not vanish, and are
# conjugate at the other; all c over one positive integer.


Spectrum = dict[Character, Element]


def numbers(item: Any) -> list[int]:
    """The integers of a component, if it is one: a character and coordinates."""
    parts = item if type(item) is list else []
    return [x for part in parts for x in (part if type(part) is list else [part]) if type(x) is int]


def read_components(items: list[Any], factors: tuple[int, ...], n: int, trivial: bool, where: str) -> Spectrum:
    """The coefficients at both characters of every pair; refuse all but the one way to write them."""
    characters, last = list(product(*map(range, factors))), -1
    spectrum: Spectrum = {}
    for item in items:
        pair = len(item) == 2 and type(item[0]) is int and type(item[1]) is list
        require(pair, f"{where}: {shown(item)} is no pair of a character and coordinates")
        k, x = item[0], tuple(item[1])
        require(last < k < len(characters), f"{where}: character {k} is out of order or beyond the group")
        last, here, there = k, characters[k], conjugate(characters[k], factors)
        require(here <= there, f"{where}: character {k} is not the smaller one of its pair")
        require(trivial or k > 0, f"{where}: a component at the trivial character")
        require(len(x) == len(powers(n)[0]), f"{where}: {len(x)} coordinates, not {len(powers(n)[0])}")
        require(any(x), f"{where}: a zero at character {k}")
        image = galois(n, x, -1)
        require(here != there or image == x, f"{where}: character {k} is its own conjugate, but not real there")
        spectrum |= {there: image, here: x}
    return spectrum


def check_cyclotomic(o: dict[str, Any], task: Task, where: str) -> None:
    """Weights by their coefficients in Z[zeta_n]."""
    n, scale, nodes = (o["weights"][key] for key in ("n", "scale", "nodes"))
    require(1 <= n <= MAX_N, f"{where}: n = {n} is outside 1..{MAX_N}")
    require(1 <= len(nodes) <= MAX_HIDDEN, f"{where}: {len(nodes)} nodes")
    agree(f"{where}: width", task.width, len(nodes))
    terms = sum(4 * (len(node["a"]) + len(node["b"])) ** 2 * (1 + len(node["c"])) for node in nodes)
    require(terms * len(powers(n)[0]) ** 2 <= MAX_WORK, f"{where}: too large")
    coordinates = (x for node in nodes for p in "abc" for item in node[p] for x in numbers(item))
    bits = max((x.bit_length() for x in coordinates), default=0)
    METER.spend(200 * task.order + terms * (10 + len(powers(n)[0]) ** 2 * heavy(2 * bits)))
    METER.reserve(min(terms, task.order**3) * n * (9 + 3 * bits // 8))
    network = []
    for j, node in enumerate(nodes):
        a, b, c = (read_components(node[p], task.factors, n, task.trivial, f"{where}: node {j}: {p}") for p in "abc")
        outputs = task.one_hot or any(any(k) for k in c)
        require(bool((a or b) and c and outputs), f"{where}: node {j} does nothing")
        network.append((a, b, c))
    common = math.gcd(scale, *(x for _, _, c in network for element in c.values() for x in element))
    require(scale >= 1 and common == 1, f"{where}: scale {scale} is not positive or has a factor in common with all c")
    check_loss(network, task, n, scale, where)


def check_loss(network: list[tuple[Spectrum, Spectrum, Spectrum]], task: Task, n: int, scale: int, where: str) -> None:
    """As ``check_residuals``, for any nodes. k and -k give conjugate residuals; a zero mean leaves k = 0 free."""

    def accumulate(total: list[int], x: Element, y: Element) -> None:
        for i, m in enumerate(x):
            if m:
                for j, other in enumerate(y, i):
                    total[j % n] += m * other

    factors, zero = task.factors, (0,) * len(task.factors)
    outputs = {k for k in task.elements if k <= conjugate(k, factors) and (task.one_hot or any(k))}
    sums = {(k, k, k): [-2 * scale] + [0] * (n - 1) for k in outputs}
    for a, b, c in network:
        inputs = [(k, zero, x) for k, x in a.items()] + [(zero, k, x) for k, x in b.items()]
        squared: dict[tuple[Character, Character], list[int]] = {}  # of (alpha[x1] + beta[x2])^2, by (k1, k2)
        for (k1, k2, x), (m1, m2, y) in product(inputs, repeat=2):
            accumulate(squared.setdefault((times(k1, m1, factors), times(k2, m2, factors)), [0] * n), x, y)
        for (first, second), total in squared.items():
            value = combine(n, ((m, e) for e, m in enumerate(total)))
            for k in c.keys() & outputs:
                accumulate(sums.setdefault((first, second, k), [0] * n), value, c[k])
    check_zero(sums, n, where)


# ---- radicals --------------------------------------------------------------------------------------------------------
# Networks whose weights lie in a tower of real square roots.
#
# An element has a coordinate for each product of roots, numbered by bit masks.


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


# ---- spare -----------------------------------------------------------------------------------------------------------
# Nodes that can be left out of entries, blocks and networks.
#
# A node can be left out of an entry if its c, times rational numbers, can be added to those of the others so that abc
# and all conditions keep their values; out of a network if the square of what it computes is a combination of the
# others' squares, whose outputs take its own then. Nodes that cancel each other are so in both. The first prime is
# chosen by the id: its maker cannot have made the rows dependent modulo that prime alone. What seems dependent is
# proved to be so by many primes, unless this takes too long; then the report says that it is not proved.


def left_out(rows: int, rank: int, proof: Callable[[], int], steps: float, name: str) -> str | None:
    """How many nodes of ``name`` can be left out, None if none can, given a rank modulo one prime and its proof."""
    if rank == rows:
        return None
    if 2 * steps > METER.left:
        return f"{rows - rank} of {rows} in {name} (modulo a prime: not proved)"
    rank = proof()
    return None if rank == rows else f"{rows - rank} of {rows} in {name}"


def steps_of_rank(matrix: list[list[Element]], degree: int) -> float:
    """About how many steps ``exact_rank`` takes for a deficient matrix: so many primes, an elimination for each."""
    height = sum(sum(abs(m) for x in row for m in x).bit_length() for row in matrix)
    return (2 + height * degree / 60) * 2 * len(matrix) ** 2 * (len(matrix[0]) + degree)


def spare_in_entry(n: int, weight: Weight, conditions: Iterable[str], name: str) -> str | None:
    """Nodes that a weight can do without, ``conditions`` and abc as they are (combined with rational numbers)."""
    sums = [[(1, 1)], *([POTENTIALS[part] for part in r.split("+")] for r in conditions)]
    METER.doing = f"{name}: nodes that can be left out"
    METER.reserve(40 * len(weight) * len(sums) * len(powers(n)[0]))
    matrix: list[list[Element]] = []
    for (a, b), c in weight.items():
        values = [combine(n, ((x, i * a + j * b + k) for i, j in terms for k, x in enumerate(c))) for terms in sums]
        matrix.append([(x,) for value in values for x in value])
    p = named_prime(2, name)
    rank = rank_modulo(([x for (x,) in row] for row in matrix), p)
    return left_out(len(matrix), rank, lambda: exact_rank(2, matrix), steps_of_rank(matrix, 1), name)


@lru_cache(maxsize=256)
def spare_in_block(n: int, nodes: tuple[tuple[Direction, Element], ...], order: str, name: str) -> str | None:
    """Nodes that a block can do without, all conditions and the constant that it leaves as they are."""
    weight = dict(nodes)
    text = ",".join(f"{a} {b} {c}" for (a, b), c in nodes)
    conditions = [*(r for sets in CONDITIONS[order].values() for r in sets), "aAc"]
    found = spare_in_entry(n, weight, dict.fromkeys(conditions), f"{name} {text}")
    return found and f"{found.split(' in ')[0]} in the block {name}"


def spare_in_optimizers(optimizers: list[dict[str, Any]]) -> list[str]:
    """The same for all blocks, each of them once."""
    found: dict[str, None] = {}
    for block in (block for o in optimizers for block in o["recipe"].get("blocks", [])):
        METER.spend(100 + 20 * len(block["nodes"]))
        kind = re.match("cogo1-k([24])-", block["solution"])
        nodes = tuple(((node["a"], node["b"]), tuple(node["c"])) for node in block["nodes"])
        if said := spare_in_block(block["n"], nodes, kind[1] if kind else "generic", block["solution"]):
            found[said] = None
    return list(found)


def spare_in_field(weights: dict[str, Any], factors: tuple[int, ...], name: str) -> str | None:
    """Nodes that a network over Q(zeta_n) can do without."""
    n = weights["n"]
    matrix = squares_by_characters(weights, factors)
    p = named_prime(n, name)
    z = roots_modulo(n, p)
    METER.spend(PRIME_STEPS + 40 * n + len(matrix) * len(matrix[0]) * len(powers(n)[0]))
    rank = rank_modulo(([sum(m * z[i] for i, m in enumerate(x)) % p for x in row] for row in matrix), p)
    steps = steps_of_rank(matrix, len(powers(n)[0]))
    return left_out(len(matrix), rank, lambda: exact_rank(n, matrix), steps, name)


def squares_by_characters(weights: dict[str, Any], factors: tuple[int, ...]) -> list[list[Element]]:
    """The Fourier coefficients of h_j^2, one row a node."""
    n = weights["n"]
    zero, nothing = (0,) * len(factors), (0,) * len(powers(n)[0])
    found: list[dict[tuple[Character, Character], Element]] = []
    for node in weights["nodes"]:
        hidden: list[tuple[Character, Character, Element]] = []
        for part in "ab":
            spectrum = read_components(node[part], factors, n, True, "networks")
            hidden += [(k, zero, x) if part == "a" else (zero, k, x) for k, x in spectrum.items()]
        METER.spend(30 * len(hidden) ** 2)
        square: dict[tuple[Character, Character], Element] = {}
        for (k1, k2, u), (m1, m2, v) in product(hidden, repeat=2):
            first, second = times(k1, m1, factors), times(k2, m2, factors)
            square[first, second] = add(square.get((first, second), nothing), multiply(n, u, v))
        found.append(square)
    places_ = sorted({place for square in found for place in square})
    METER.reserve(40 * len(found) * len(places_))
    return [[square.get(place, nothing) for place in places_] for square in found]


def spare_in_tower(weights: dict[str, Any], factors: tuple[int, ...], name: str) -> str | None:
    """The same for weights by their values: h_j^2 at all inputs, one row a node."""
    radicands, d = weights["radicands"], math.prod(factors)
    w_a, w_b = weights["W_a"], weights["W_b"]
    width, degree = len(w_a[0]), 2 ** len(radicands)

    def rank_at(p: int, roots: list[int]) -> int:
        METER.spend(8 * width * d * d)
        a, b = ([[tower_modulo(x, roots, p) for x in row] for row in rows] for rows in (w_a, w_b))
        rows = ([(a[x1][j] + b[x2][j]) ** 2 % p for x1 in range(d) for x2 in range(d)] for j in range(width))
        return rank_modulo(rows, p)

    # However a root's sign is chosen, in the radicands too, it is at most the square root of this sum.
    limits: list[int] = []

    def most(x: list[int]) -> int:
        METER.spend(len(x) * (4 + len(limits)))
        return sum(abs(m) * math.prod(limit for i, limit in enumerate(limits) if e >> i & 1) for e, m in enumerate(x))

    for radicand in radicands:
        limits.append(math.isqrt(most(radicand)) + 1)
    squares_ = []
    for j in range(width):
        a, b = (max(most(row[j]) for row in rows) for rows in (w_a, w_b))
        squares_.append(d * d * (a + b) ** 4)  # squared length of the row of h_j^2, at most
    bits = sum(x.bit_length() for x in squares_) * degree // 2  # of the norm of a minor
    steps = (1 + bits / 31) * (2 ** len(radicands) * PRIME_STEPS + 2 * width * width * d * d)

    def proof() -> int:
        rank, passed = 0, 0
        for p in tower_primes():
            for roots in islice(places(radicands, p), 1):
                rank = max(rank, rank_at(p, roots))
                passed += p.bit_length() - 1
            if rank == width or passed > bits:
                return rank
        raise AssertionError

    skipped = int(hashlib.sha256(name.encode()).hexdigest()[:14], 16)  # the name chooses the prime
    primes = (p for p in count((1 << 60) + 4 * skipped + 3, 4) if is_prime(p))
    for p in primes:
        METER.spend(PRIME_STEPS)
        for roots in islice(places(radicands, p), 1):
            return left_out(width, rank_at(p, roots), proof, steps, name)
    raise AssertionError


# ---- networks --------------------------------------------------------------------------------------------------------
# Networks of several frequencies: their ids and order in the file, and which module decides each kind.


@dataclass(frozen=True)
class Kind:
    """One way to write a network: what decides that its loss is zero, and which of its nodes can be left out."""

    certificate: str
    check: Callable[[dict[str, Any], Task, str], None]
    spare: Callable[[dict[str, Any], tuple[int, ...], str], str | None] | None  # None: rounded weights, never asked


#: By the key that no other kind of weights has.
KINDS = {
    "nodes": Kind("exact", check_cyclotomic, spare_in_field),
    "radicands": Kind("exact", check_radicals, spare_in_tower),
    "exponent": Kind("enclosure", check_enclosure, None),
}


def kind_of(o: dict[str, Any]) -> Kind:
    """The kind that the weights of a record are of."""
    return next(kind for key, kind in KINDS.items() if key in o["weights"])


def network_key(o: dict[str, Any], where: str) -> tuple[Any, ...]:
    """What networks are sorted by, the id among it, which must be that of the weights.

    The weights of an enclosure say nothing without its radius and unknowns: the id covers its certificate, too.
    """
    factors = read_group(o["group"], where)
    enclosed = ("certificate",) if "exponent" in o["weights"] else ()
    identity = {key: o[key] for key in ("group", "trivial", "target", "weights", *enclosed)}
    text = json.dumps(identity, sort_keys=True, separators=(",", ":"))
    name = f"cogo1-net-{o['group']}-q{o['width']}-{hashlib.sha256(text.encode()).hexdigest()[:16]}"
    agree(f"{where}: id", o["id"], name)
    return math.prod(factors), o["group"], o["trivial"], o["target"], o["width"], o["id"]


def check_network(o: dict[str, Any], where: str) -> tuple[Any, ...]:
    """Decide in integers that the loss of a network is zero, or is so near it; returns the key it is sorted by."""
    task = read_task(o, where)
    require(bool(re.fullmatch("[ -~]{1,100}", o["name"])), f"{where}: name {shown(o['name'])}")
    METER.doing = where
    key, kind = network_key(o, where), kind_of(o)
    agree(f"{where}: certificate.kind", o["certificate"]["kind"], kind.certificate)
    kind.check(o, task, where)
    return key


def unordered(weights: dict[str, Any]) -> str:
    """Weights, whatever the order of the nodes."""
    shared = {key: value for key, value in weights.items() if key not in ("nodes", "W_a", "W_b", "V")}
    rows = [] if "nodes" in weights else [*weights["W_a"], *weights["W_b"], *weights["V"]]
    nodes = weights["nodes"] if "nodes" in weights else zip(*rows, strict=False)
    return json.dumps([shared, sorted(json.dumps(node, sort_keys=True) for node in nodes)], sort_keys=True)


def check_networks(networks: list[dict[str, Any]], log: Log) -> int:
    """None twice; sorted; then every network."""
    keys = [network_key(o, f"networks[{i}]") for i, o in enumerate(networks)]
    require(len(set(keys)) == len(keys), "networks: one occurs twice")
    require(keys == sorted(keys), "networks: not sorted by (group order, group, trivial, target, width, id)")
    different = {(o["group"], o["trivial"], o["target"], unordered(o["weights"])) for o in networks}
    require(len(different) == len(keys), "networks: one occurs twice, with its nodes in another order")
    for i, o in enumerate(networks):
        log(f"network {i + 1} of {len(networks)}")
        check_network(o, f"networks[{i}]")
    return len(keys)


def spare_in_networks(networks: list[dict[str, Any]]) -> list[str | None]:
    """Nodes that the exact networks can do without."""
    found = []
    for o in networks:
        if spare := kind_of(o).spare:
            factors = read_group(o["group"], "networks")
            METER.doing = f"{o['id']}: nodes that can be left out"
            found.append(spare(o["weights"], factors, o["id"]))
    return found


# ---- optimizers ------------------------------------------------------------------------------------------------------
# Optimizers: networks composed by a recipe of a block of nodes at each character, decided to have loss zero.
#
# Here every a and b of a node is a root of unity at one pair of conjugate characters (0 elsewhere).


MAX_BLOCK = 2048  # order times phi(n) of a block
BUILT_IN = {  # the blocks that are no catalog entries: n, scale, nodes
    "one": (2, 1, [(0, 0, [1])]),
    "u_one+1": (2, 2, [(0, 0, [1]), (0, 1, [-1])]),
    "quarter3": (12, 6, [(1, 1, [1, 0, -2, 0]), (11, 11, [2, 0, 2, 0]), (10, 4, [3, 0, 0, 0])]),
    "quarter4": (8, 4, [(7, 1, [1, 0, 0, 0]), (1, 3, [-1, 0, 0, 0]), (7, 3, [0, 0, -1, 0]), (1, 5, [0, 0, 1, 0])]),
}


@dataclass(frozen=True)
class Hidden:
    """One hidden node: exponents of zeta_n of a and b at the character k, c at one of each pair of conjugates."""

    k: Character
    a: int
    b: int
    c: dict[Character, Element]


def check_optimizers(optimizers: list[dict[str, Any]], log: Log) -> int:
    """Every optimizer; no two of one name, group and setting; sorted."""
    keys = []
    for i, o in enumerate(optimizers):
        log(f"optimizer {i + 1} of {len(optimizers)}")
        keys.append(check_optimizer(o, f"optimizers[{i}], {o['name']} on {shown(o['group'])}"))
    different = {(group, trivial, target, name) for _, group, trivial, target, _, name in keys}
    require(len(different) == len(keys), "optimizers: a name occurs twice for one group, trivial and target")
    require(keys == sorted(keys), "optimizers: not sorted by (group order, group, trivial, target, order, name)")
    return len(keys)


def check_optimizer(o: dict[str, Any], where: str) -> tuple[Any, ...]:
    """Compose the network again and decide that its loss is zero; returns the key it is sorted by."""
    factors, recipe = read_group(o["group"], where), o["recipe"]
    METER.doing = where
    METER.spend(100 * math.prod(factors))
    one_hot, trivial, zero = o["target"] == "one-hot", o["trivial"] == "with", (0,) * len(factors)
    require(trivial or not one_hot, f"{where}: one-hot outputs need the trivial character")
    require(("deltas" in recipe) == (o["name"] == "memorization"), f"{where}: name and recipe do not fit")
    if "deltas" in recipe:
        agree(f"{where}: recipe.deltas", recipe["deltas"], "plain" if one_hot else "zero-mean")
        agree(f"{where}: order", o["order"], math.prod(factors) ** 2)
        check_memorization(factors, one_hot, where)
        return math.prod(factors), o["group"], o["trivial"], o["target"], o["order"], o["name"]
    require(trivial or recipe["carrier"] != "unit", f"{where}: the carrier unit needs the trivial character")
    everything = [k for k in product(*map(range, factors)) if any(k)]
    pairs = [k for k in everything if k < conjugate(k, factors)]
    real = [k for k in everything if k == conjugate(k, factors)]
    wanted, blocks = pairs + real, recipe["blocks"]
    names = [k[0] if len(factors) == 1 else list(k) for k in wanted]
    agree(f"{where}: recipe.blocks: characters", [block["k"] for block in blocks], names)
    total = sum(len(block["nodes"]) for block in blocks) + (recipe["carrier"] == "unit")
    require(total <= MAX_HIDDEN, f"{where}: too large ({total} nodes)")
    agree(f"{where}: order", o["order"], total)
    for block in blocks:
        require(2 <= block["n"] <= MAX_N, f"{where}: n = {block['n']} is outside 2..{MAX_N}")
        require(1 <= block["scale"] <= MAX_COORDINATE, f"{where}: scale {block['scale']} is too large or below 1")
    n, scale = math.lcm(*(b["n"] for b in blocks)), math.lcm(*(b["scale"] for b in blocks))
    require(n <= MAX_N, f"{where}: too large (n = {n})")
    members: dict[Character, list[Hidden]] = {}
    owed: dict[Character, Element] = {}
    for k, block in zip(wanted, blocks, strict=True):
        weight = lift(read_block(block, k in real, f"{where}: block at {block['k']}"), block["n"], n)
        factor = scale // block["scale"]
        members[k] = [Hidden(k, a, b, {k: tuple(x * factor for x in c)}) for (a, b), c in weight.items()]
        # a at k times a at -k, in either order, and the same for b: the constant output of c = 1
        parts = [tuple((2 if k in real else 4) * x for x in node.c[k]) for node in members[k]]
        owed[k] = tuple(map(sum, zip(*parts, strict=True)))
    owed = {k: value for k, value in owed.items() if any(value)}
    nodes_at = {k: len(members[k]) for k in wanted}
    check_name(o["name"], recipe["carrier"], nodes_at, set(real), set(owed), one_hot, factors, where)
    if one_hot:
        owed[zero] = combine(n, [(-2 * scale, 0)])
    network, scale = absorb(recipe["carrier"], owed, members, set(real), zero, n, scale, where)
    check_residuals(network, [*wanted, zero] if one_hot else wanted, factors, n, scale, where)
    return math.prod(factors), o["group"], o["trivial"], o["target"], o["order"], o["name"]


@lru_cache(maxsize=256)
def solution_id(n: int, nodes: tuple[tuple[Direction, Element], ...], order: str) -> str:
    """The id of the catalog entry for characters of this order whose orbit the nodes are in."""
    weight, name = dict(nodes), f"optimizers: a block of {len(nodes)} nodes over zeta_{n}"
    require(len(weight) * len(powers(n)[0]) <= MAX_BLOCK, f"{name}: too large")
    least = min(candidates(n, weight, order))
    check_canonical(n, {(a, b): c for a, b, c in least}, name, order)
    return make_id(n, least, order)


def read_block(block: dict[str, Any], real: bool, where: str) -> Weight:
    """The nodes of a block, which its name must fit; real ones where 2k = 0."""
    n, scale, name = block["n"], block["scale"], block["solution"]
    weight = read_nodes(n, block["nodes"], where)
    require(1 <= scale <= MAX_COORDINATE, f"{where}: scale {scale} is not in 1..{MAX_COORDINATE}")
    value, *rest = potential(n, weight, 1, 1)
    require(value == scale and not any(rest), f"{where}: scale {scale}, but r_kkk = {(value, *rest)}")
    if name in BUILT_IN:
        plain = [(node["a"], node["b"], node["c"]) for node in block["nodes"]]
        require((n, scale, plain) == BUILT_IN[name], f"{where}: is not the block {name}")
    else:
        kind = re.match("cogo1-k([24])-", name)
        agree(f"{where}: solution", name, solution_id(n, tuple(weight.items()), kind[1] if kind else "generic"))
    roots = all(2 * x % n == 0 for direction in weight for x in direction)
    good = not real or (roots and all(galois(n, c, -1) == c for c in weight.values()))
    require(good, f"{where}: 2k = 0, but a node is not real")
    return weight


def check_name(
    name: str, carrier: str, nodes: dict[Character, int], real: set[Character], owing: set[Character], one_hot: bool,
    factors: tuple[int, ...], where: str,
) -> None:  # fmt: skip
    """What a recipe's name says of the nodes at each character, of the constants they leave, and of the carrier.

    ``f6``: six nodes of all conditions at every pair, which carry what is owed. ``f4/6``: six such nodes at some
    pairs, which carry; elsewhere four nodes of Rc and R*, which leave a constant. ``f4+const``: four such nodes at
    every pair, a unit carries; ``f4+real``: the same, three where 4k = 0, characters with 2k = 0 carry. Two nodes
    where 2k = 0. The other names are labels: that a network is the least of some catalog's is not claimed here.
    """
    if name not in ("f6", "f4/6", "f4+const", "f4+real"):
        return
    pairs = [k for k in nodes if k not in real]
    for k, number in nodes.items():
        fourth = all(4 * x % f == 0 for x, f in zip(k, factors, strict=True))
        if k in real:
            fits, kind = (number, k in owing) == (2, False), "two nodes"
        elif name == "f6" or (name == "f4/6" and number == 6):
            fits, kind = (number, k in owing) == (6, False), "six nodes that leave no constant"
        elif name == "f4+real" and fourth:
            fits, kind = (number, k in owing) == (3, True), "three nodes that leave a constant"
        else:
            fits, kind = (number, k in owing) == (4, True), "four nodes that leave a constant"
        require(fits, f"{where}: name: {name} has {kind} at {k}, not {number} that {'do' if k in owing else 'do not'}")
    sixes = [k for k in pairs if nodes[k] == 6]
    require(name != "f4/6" or bool(sixes), f"{where}: name: f4/6 has six nodes at a pair")
    carriers = {"f6": "pairs" if pairs else "real", "f4/6": "pairs", "f4+const": "unit", "f4+real": "real"}
    expected = carriers[name] if owing or one_hot else "none"
    require(carrier == expected, f"{where}: name: {name} has the carrier {expected} here, not {carrier}")


def absorb(
    carrier: str, owed: dict[Character, Element], members: dict[Character, list[Hidden]], real: set[Character],
    zero: Character, n: int, scale: int, where: str,
) -> tuple[list[Hidden], int]:  # fmt: skip
    """All nodes, with c = -owed/share added on those of the carrier; and the common denominator of all c."""
    require((carrier == "none") == (not owed), f"{where}: carrier {carrier}, but constants at {sorted(owed)}")
    homes = [k for k in members if k not in owed]
    if carrier == "real":
        homes = [k for k in homes if k in real and len(members[k]) == 2]
    elif carrier == "pairs":
        homes = [k for k in homes if k not in real and squares_to_a_constant(n, members[k])]
    carrying = sum(len(members[k]) for k in homes)
    share = {"none": 1, "unit": 4, "real": 2 * carrying, "pairs": 4 * carrying}[carrier]
    require(share > 0, f"{where}: nothing can be the carrier {carrier}")
    added = {k: tuple(-x for x in value) for k, value in owed.items()}
    network = []
    for k, nodes in members.items():
        for node in nodes:
            c = {k: tuple(x * share for x in node.c[k])}
            network.append(Hidden(k, node.a, node.b, c | added if carrier in ("real", "pairs") and k in homes else c))
    if carrier == "unit":  # a = b = 1 at the trivial character: its square is the constant 4
        network.append(Hidden(zero, 0, 0, added))
    return network, scale * share


def check_memorization(factors: tuple[int, ...], one_hot: bool, where: str) -> None:
    """One node (j1, j2) for each input, alpha a delta at -j1, beta at -j2, v one at -(j1 + j2): is the loss 0?

    A shift of x1 and x2 permutes the nodes and shifts the outputs, so the input (0, 0) decides. zero-mean deltas are
    d delta - 1, v over 2 d^3; plain ones are 1 and 0, v = delta/2 - 1/(2d + 2). All numbers are taken over those.
    """
    elements = list(product(*map(range, factors)))
    d, zero = len(elements), (0,) * len(factors)
    METER.spend(40 * d * d)
    height = 1 if one_hot else d
    reached = dict.fromkeys(elements, 0)  # sum of h^2 by the place of v's delta
    for j1 in elements:
        for j2 in elements:
            h = height * ((j1 == zero) + (j2 == zero)) - (0 if one_hot else 2)
            place = tuple(-(x + y) % f for x, y, f in zip(j1, j2, factors, strict=True))
            reached[place] += h * h
    total = sum(reached.values())
    if one_hot:
        outputs = {x: (d + 1) * value - total for x, value in reached.items()}
        good = all(value == (2 * d + 2) * (x == zero) for x, value in outputs.items())
    else:
        outputs = {x: d * value - total for x, value in reached.items()}
        good = all(outputs[zero] - value == 2 * d**3 for x, value in outputs.items() if x != zero)
    require(good, f"{where}: the loss is not 0")


def squares_to_a_constant(n: int, nodes: list[Hidden]) -> bool:
    """Do the (alpha + beta)^2 add up to a constant: do a^2, b^2, ab and a conj(b) sum to zero?"""
    shapes = ((2, 0), (0, 2), (1, 1), (1, -1))
    return not any(any(combine(n, ((1, i * node.a + j * node.b) for node in nodes))) for i, j in shapes)


def squares(node: Hidden, factors: tuple[int, ...], n: int) -> Iterator[tuple[Character, Character, int, int]]:
    """The terms m zeta_n^e phi_k1(x1) phi_k2(x2) of (alpha[x1] + beta[x2])^2, as (k1, k2, m, e)."""
    zero = (0,) * len(factors)
    if node.k == zero:
        yield zero, zero, 4, 0
        return
    signs = {node.k: 1, conjugate(node.k, factors): -1}  # one character where 2k = 0
    for (k1, s), (k2, t) in product(signs.items(), repeat=2):
        yield k1, k2, 2, s * node.a + t * node.b
        both = times(k1, k2, factors)
        yield both, zero, 1, (s + t) * node.a
        yield zero, both, 1, (s + t) * node.b


def check_residuals(
    network: list[Hidden], outputs: list[Character], factors: tuple[int, ...], n: int, scale: int, where: str
) -> None:
    """C_{k1 k2 k}/2 = [k1 = k2 = k] at every output character k (Theorem 1), all numbers over 2 ``scale``."""
    sums: dict[tuple[Character, Character, Character], list[int]] = {}
    for k in outputs:
        sums[k, k, k] = [-2 * scale if e == 0 else 0 for e in range(n)]
    for node in network:
        terms = list(squares(node, factors, n))
        for k in node.c.keys() & set(outputs):
            METER.spend(len(terms) * (n + 2 * len(node.c[k])))
            METER.reserve(len(sums) * (9 * n + 300))
            for k1, k2, m, e in terms:
                total = sums.setdefault((k1, k2, k), [0] * n)
                for i, x in enumerate(node.c[k]):
                    total[(i + e) % n] += m * x
    check_zero(sums, n, where)


# ---- catalogs --------------------------------------------------------------------------------------------------------
# A whole catalog: every part, each against the others.


@dataclass(frozen=True)
class Report:
    """What was checked, and what had to be left to the word of the program that wrote the file."""

    entries: int
    rows: int
    bounds: int  # distinct bounds proved here
    unproved: tuple[str, ...]  # distinct bounds that rest on the solver
    reenumerated: tuple[str, ...]
    not_reenumerated: tuple[str, ...]  # claims of completeness that were not repeated
    optimizers: int  # whole networks whose loss is exactly zero
    edges: int  # of the solution graph
    networks: int  # with nodes of several frequencies, whose loss is exactly zero
    enclosed: int  # of them known up to a radius only
    part: int  # the least ratio of the largest weight to the radius among these, rounded down
    stated: tuple[str, ...]  # what incomplete searches say they found: below what is possible, else unchecked
    spare: tuple[str, ...]  # entries and exact networks with nodes that can be left out

    def __str__(self) -> str:
        parts = [f"{self.entries} entries, {self.rows} rows, {self.bounds} bounds proved"]
        parts += [f"{self.edges} edges of the graph"] if self.edges else []
        parts += [f"{self.optimizers} optimizers of loss 0"] if self.optimizers else []
        parts += [f"{self.networks} networks of loss 0"] if self.networks else []
        parts += (
            [f"{self.enclosed} of them up to 1/{self.part} of the weights (Krawczyk's test)"] if self.enclosed else []
        )
        parts += [f"not proved (solver only): {'; '.join(self.unproved)}"] if self.unproved else []
        parts += [f"re-enumerated: {', '.join(self.reenumerated)}"] if self.reenumerated else []
        skipped = ", ".join(self.not_reenumerated)
        parts += [f"completeness not re-enumerated: {skipped}"] if skipped else []
        parts += [f"as stated by the writer: {', '.join(self.stated)}"] if self.stated else []
        parts += [f"nodes that can be left out: {'; '.join(self.spare)}"] if self.spare else []
        return "; ".join(parts)


def verify_catalog(data: Any, deep: bool = False, progress: Log | None = None, budget: float | None = None) -> Report:
    """Check a parsed catalog within a budget of so many million steps (default: BUDGET for each megabyte).

    Raises ``Refused`` at the first falsehood, ``Unreadable`` for an unknown version, ``Undecided`` if the budget ends
    before. ``deep`` has a budget of the same size of its own: what it does not reach is listed in the report.
    """
    try:
        return check_catalog(data, deep, progress or (lambda _: None), budget)
    finally:
        METER.start(math.inf)


def check_catalog(data: Any, deep: bool, log: Log, budget: float | None) -> Report:
    """All of ``verify_catalog``."""
    budget = open_file(data, budget)
    search = read_search(data)
    entries = read_entries(data, search, log)
    bounds, unproved = check_all_bounds(data, entries, search, log)
    check_optimalities(data, entries)
    rows = check_rows(data, entries, search)
    claimed, stated = check_complete(data, rows, entries, search)
    optimizers = check_optimizers(data["optimizers"], log)
    edges = check_graph(data.get("graph", []), entries, log)
    networks = check_networks(data["networks"], log)
    spare = spare_nodes(data, entries, search)
    redone = [(f"{model} {cover}", False) for model, cover in claimed]
    if deep:
        METER.start(budget)
        complete = data["search"]["complete"]
        redone = [
            item for model, cover in claimed
            for item in enumerate_again(model, rows[model, cover], complete[cover][model], entries, search, log)
        ]  # fmt: skip
    ratios = closeness(data["networks"])
    return Report(
        entries=len(entries),
        rows=len(rows),
        bounds=bounds,
        unproved=tuple(unproved),
        reenumerated=tuple(name for name, good in redone if good),
        not_reenumerated=tuple(name for name, good in redone if not good),
        optimizers=optimizers,
        edges=edges,
        networks=networks,
        enclosed=len(ratios),
        part=min(ratios, default=0),
        stated=tuple(stated),
        spare=tuple(spare),
    )


def open_file(data: Any, budget: float | None) -> float:
    """Shape, version and digest; start the budget that the file has, and return it."""
    require(type(data) is dict, f"expected an object, found {shown(data)}")
    version = data.get("schema_version")
    if type(version) is not int or version != 1:
        raise Unreadable(f"schema_version {shown(version)} is unknown; this verifier reads 1, take a newer one")
    conform(data, CATALOG | ({"graph": GRAPH} if "graph" in data else {}), "")
    rest = {key: value for key, value in data.items() if key != "digest"}
    text = json.dumps(rest, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    # as the file may write it: escapes of letters would make three megabytes of one
    size = len(json.dumps(rest, separators=(",", ":"), ensure_ascii=False)) if "\\u" in text else len(text)
    budget = budget or BUDGET * max(1, math.ceil(size / 2**20))
    METER.start(budget)
    agree("digest", data["digest"], hashlib.sha256(text.encode()).hexdigest())
    return budget


def read_entries(data: dict[str, Any], search: Search, log: Log) -> list[Entry]:
    """Every entry; none twice; sorted."""
    entries = []
    for i, stored in enumerate(data["entries"]):
        if i % 50 == 49:
            log(f"entry {i + 1} of {len(data['entries'])}")
        entries.append(read_entry(stored, search))
    keys = [(e.quantity["order"], e.n, e.id) for e in entries]
    require(len({e.id for e in entries}) == len(entries), "entries: an id occurs twice")
    require(keys == sorted(keys), "entries: not sorted by (order, n, id)")
    return entries


def check_optimalities(data: dict[str, Any], entries: list[Entry]) -> None:
    """What each entry claims to be, by a bound that is about it."""
    for stored, entry in zip(data["entries"], entries, strict=True):
        where, optimality = f"entry {entry.id}: optimality", stored["optimality"]
        agree(f"{where}: scope.cover", optimality["scope"]["cover"], entry.cover)
        value = quantity_in(optimality["scope"], entry)
        require(value is not None, f"{where}: scope: the entry is outside of it")
        check_claim(optimality, value, where)


def check_rows(data: dict[str, Any], entries: list[Entry], search: Search) -> dict[tuple[str, str], dict[str, Any]]:
    """One row for each model and cover, and each entry behind a row; the rows by model and cover."""
    rows = {(row["model"], row["cover"]): row for row in data["minimal"]}
    expected = {(model, cover) for model in search.models for cover in search.covers}
    require(len(rows) == len(data["minimal"]) and rows.keys() == expected, "minimal: not one row per model and cover")
    for (model, cover), row in rows.items():
        check_row(row, entries, search, f"minimal, {model} {cover}")
    accounted = {(e.id, row["model"]) for row in rows.values() for e in behind(row, entries, search)}
    for entry in entries:
        for model in entry.found_by:
            require((entry.id, model) in accounted, f"entry {entry.id}: found_by {model}, but no row reaches that far")
    return rows


def check_complete(
    data: dict[str, Any], rows: dict[tuple[str, str], dict[str, Any]], entries: list[Entry], search: Search
) -> tuple[list[tuple[str, str]], list[str]]:
    """The counts of every cover; which claims of completeness --deep repeats, and what is the writer's word."""
    complete = data["search"]["complete"]
    require(complete.keys() == set(search.covers), "search.complete: not one item per cover")
    claimed: list[tuple[str, str]] = []
    stated: list[str] = []
    for cover in search.covers:
        require({"product", "free"} & complete[cover].keys() == set(search.models), f"search.complete.{cover}: models")
        METER.doing = f"search.complete.{cover}"
        check_counts(cover, complete[cover], {m: rows[m, cover] for m in search.models}, entries, search)
        for model in search.models:
            part = complete[cover][model]
            if not part["complete"] and part["found"]:
                stated.append(f"{model} {cover} found {part['found']}, not all")
            elif part["complete"] and rows[model, cover]["order"] is not None:  # INFEASIBLE: check_row has proved it
                claimed.append((model, cover))
    return claimed, stated


def spare_nodes(data: dict[str, Any], entries: list[Entry], search: Search) -> list[str]:
    """Nodes that can be left out, of entries, blocks and exact networks."""
    sets = CONDITIONS[search.character_order]
    conditions = {cover: [r for name in names for r in sets[name]] for cover, names in COVERS.items()}
    found = [spare_in_entry(e.n, e.weight, conditions[e.cover], e.id) for e in entries]
    found += [*spare_in_optimizers(data["optimizers"]), *spare_in_networks(data["networks"])]
    return [said for said in found if said]


def closeness(networks: list[dict[str, Any]]) -> list[int]:
    """The ratio of the largest weight to the radius, rounded down, of every network that is enclosed."""
    ratios = []
    for o in networks:
        if o["certificate"]["kind"] == "enclosure":
            largest = max(abs(x) for name in ("W_a", "W_b", "V") for row in o["weights"][name] for x in row)
            ratios.append(largest // o["certificate"]["radius"])
    return ratios


def check_all_bounds(data: dict[str, Any], entries: list[Entry], search: Search, log: Log) -> tuple[int, list[str]]:
    """Every distinct bound once; then each against every entry in its scope, whoever found it."""
    done: dict[str, bool] = {}
    unproved = []
    owners = [(f"entry {e['id']}: optimality", e["optimality"]) for e in data["entries"]]
    owners += [
        (f"minimal, {row['model']} {row['cover']}: bounds[{i}]", bound)
        for row in data["minimal"] for i, bound in enumerate(row["bounds"])
    ]  # fmt: skip
    for where, bound in owners:
        core = {key: bound[key] for key in BOUND}
        text = json.dumps(core, sort_keys=True)
        if text in done:
            continue
        done[text] = check_bound(core, search, where, log)
        if not done[text]:
            scope = core["scope"]
            unproved.append(f"{scope['weights']} {scope['cover']} {scope['minimised']} >= {core['lower_bound']}")
        orders = [r["order"] for r in data["minimal"] if (r["model"], r["cover"]) == ("free", core["scope"]["cover"])]
        exact = core["method"] != "exhaustive" or core["scope"]["weights"] == "product" or orders in ([], [None])
        require(exact or orders[0] == core["lower_bound"], f"{where}: exhaustive, yet not the row's order {orders}")
        METER.spend(20 * len(entries))
        for entry in entries:
            value, low = quantity_in(core["scope"], entry), core["lower_bound"] or 0
            require(value is None or value >= low, f"{where}: lower_bound {low}, but entry {entry.id} has {value}")
    return sum(done.values()), unproved


# ---- command ---------------------------------------------------------------------------------------------------------
# The command line: a verdict on one line for each file.


MAX_BYTES = 1 << 25  # of a file


def no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object without repeated keys: of two values, readers might believe either."""
    keys = Counter(key for key, _ in pairs)
    require(len(keys) == len(pairs), f"duplicate key {shown(keys.most_common(1)[0][0] if keys else '')}")
    return dict(pairs)


def no_constant(text: str) -> Any:
    """NaN and Infinity are no JSON, though many programs write them."""
    raise Refused(f"{text} is no number")


def load(path: str) -> Any:
    """Parse a file strictly."""
    try:
        with Path(path).open("rb") as file:
            content = file.read(MAX_BYTES + 1)
        require(len(content) <= MAX_BYTES, f"larger than {MAX_BYTES} bytes")
        return json.loads(content, object_pairs_hook=no_duplicates, parse_constant=no_constant)
    except OSError as error:
        raise Unreadable(f"cannot be read ({error.strerror or error}); name a catalog file") from error
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise Unreadable(f"is no complete JSON ({error}); fetch or generate the file again") from error
    except RecursionError:
        raise Refused("nested too deeply") from None
    except ValueError as error:  # integers of more than 4300 digits
        raise Refused(str(error)) from error


VERDICTS = {"verified": "verified, ", "refused": "REFUSED: ", "undecided": "", "unreadable": ""}
EXIT_CODES = {"verified": 0, "refused": 1, "undecided": 1, "unreadable": 2}


def judge(path: str, deep: bool, budget: float | None, say: Log) -> dict[str, Any]:
    """The outcome for one file: with its report if it is verified, else with the reason, on one line.

    Whatever is wrong with one file, the others have their turn.
    """
    reason: str
    try:
        return {"file": path, "outcome": "verified", "report": verify_catalog(load(path), deep, say, budget)}
    except Refused as refusal:
        outcome, reason = "refused", str(refusal)
    except Unreadable as error:
        outcome, reason = "unreadable", str(error)
    except Undecided as limit:
        outcome, reason = "undecided", str(limit)
    except MemoryError:
        outcome, reason = "undecided", "not decided: out of memory"
    except Exception as error:  # a fault of the verifier's own, which must not pass for a verdict
        outcome, reason = "undecided", f"not decided: the verifier failed ({type(error).__name__}); please report this"
    return {"file": path, "outcome": outcome, "reason": one_line(reason)}


def flat(result: dict[str, Any]) -> dict[str, Any]:
    """A result as JSON."""
    report = result.get("report")
    return {key: value for key, value in result.items() if key != "report"} | (asdict(report) if report else {})


def millions(text: str) -> float:
    """A positive number of million steps."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 < value < math.inf:
        raise argparse.ArgumentTypeError(f"{text!r} is no positive number of million steps")
    return value


class Arguments(argparse.ArgumentParser):
    """Arguments may be names of files, too, where a shell fills in ``*``: what is said of them is escaped."""

    def error(self, message: str) -> NoReturn:
        """Usage and the reason; ends with 2."""
        super().error(one_line(message))


def main(argv: list[str], verified: Log | None = None) -> int:
    """Verify the files, and call ``verified`` with the name of each that is true.

    0: all good; 1: some refused or not decided; 2: bad arguments or unreadable; 130: interrupted.
    """
    parser = Arguments(prog="verify", description="Check catalogs independently of their producer.")
    parser.add_argument("files", nargs="+", metavar="FILE", help="a catalog (JSON)")
    parser.add_argument("--deep", action="store_true", help="also enumerate small cases again (finds dropped entries)")
    parser.add_argument(
        "--budget", type=millions, metavar="N", help=f"million steps at most (default: {BUDGET} a megabyte of the file)"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON list instead of a line per file")
    try:
        options = parser.parse_args(argv)
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else 2
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    results = []

    def say(line: str) -> None:
        print(one_line(line), file=sys.stderr, flush=True)

    try:
        for path in options.files:
            results.append(judge(path, options.deep, options.budget, say))
            if verified is not None and results[-1]["outcome"] == "verified":
                verified(path)
            if not options.json:
                refusal = results[-1].get("reason")
                verdict = VERDICTS[results[-1]["outcome"]] + (refusal or str(results[-1]["report"]))
                stream = sys.stderr if results[-1]["outcome"] == "unreadable" else sys.stdout
                print(f"{named(path)}: {verdict}", file=stream, flush=True)
    except KeyboardInterrupt:
        say("interrupted")
        return 130
    if options.json:
        print(json.dumps([flat(result) for result in results], indent=1))
    return max(EXIT_CODES[result["outcome"]] for result in results)


# ---- as a program ----------------------------------------------------------------------------------------------------
# The end of the one file, and `python -m cogo_search.verifier`.


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except BrokenPipeError:  # nobody reads on; Python would say so once more when it flushes
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
