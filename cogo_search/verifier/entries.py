"""Every field of an entry again, from its nodes; its bound is checked elsewhere."""

from __future__ import annotations

import cmath
import math
import re
from dataclasses import dataclass
from typing import Any

from .cyclotomic import add, galois, powers, rotate
from .factorizations import check_factors, check_polynomials, splits
from .families import family_member
from .meter import METER, agree, require
from .orbits import anchored, check_canonical, images, make_id, same_orbit
from .ranks import exact_rank
from .searches import Search
from .texts import shown
from .vocabulary import CONDITIONS, COVERS, POTENTIALS, Element, Weight
from .weights import condition, lift, potential, read_nodes, within


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
