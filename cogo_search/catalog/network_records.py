"""Exact networks as records of the catalog's ``networks`` (docs/catalog.md), and back.

What a record says is decided by the verifier of the catalog in integers of any length, so nothing is written, read or
built here that ``verify`` would refuse.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_UP, Decimal, localcontext
from fractions import Fraction
from math import gcd, lcm
from typing import Any, cast

import numpy as np

from ..algebra.cyclotomic import IntArray, galois
from ..algebra.radicals import Tower, Values, precision
from ..errors import CatalogError, InputError
from ..groups.abelian import Group
from ..networks.cyclotomic_network import Components, ExactNetwork, ExactNode, numeric
from ..networks.network import TENSORS, Network, Setting, balanced, from_spectrum, spectrum
from ..verifier import CATALOG, Refused, check_network, conform

#: The certificate of weights in closed form: they themselves.
EXACT = {"kind": "exact"}


def network_record(name: str, network: ExactNetwork, setting: Setting) -> dict[str, Any]:
    """The record of a network; ``name`` is a family or origin, printable ASCII.

    Components move to the smaller character of each pair, zero ones are left out, common factors of ``scale`` and all
    c are divided out; the nodes keep their order. Raises InputError, with the residual, if the loss is not exactly
    zero in this setting, or if a node does nothing.
    """
    nodes = [[_components(network, part) for part in (node.a, node.b, node.c)] for node in network.nodes]
    common = gcd(network.scale, *(x for _, _, c in nodes for _, value in c for x in value)) or 1
    weights = {
        "n": network.n,
        "scale": network.scale // common,
        "nodes": [{"a": a, "b": b, "c": [[k, [x // common for x in value]] for k, value in c]} for a, b, c in nodes],
    }
    return make_record(name, network.group, setting, network.width, weights, EXACT)


def radical_record(name: str, group: Group, setting: Setting, tower: Tower, nodes: Sequence[Values]) -> dict[str, Any]:
    """The record of a network given by its values in real radicals.

    alpha and beta of each node become integers without a common factor, V integers over ``scale``. Raises InputError as
    :func:`network_record` does.
    """
    hidden, outputs = [], []
    for alpha, beta, v in nodes:
        fractions = [x for element in (*alpha, *beta) for x in element]
        factor = Fraction(lcm(*(x.denominator for x in fractions)))
        factor /= gcd(*(int(x * factor) for x in fractions)) or 1
        hidden.append([[[int(x * factor) for x in element] for element in part] for part in (alpha, beta)])
        outputs.append([[x / factor**2 for x in element] for element in v])
    scale = lcm(*(x.denominator for v in outputs for element in v for x in element))
    weights = {
        "radicands": [list(radicand) for radicand in tower.radicands],
        "scale": scale,
        "W_a": [[node[0][x] for node in hidden] for x in range(group.order)],
        "W_b": [[node[1][x] for node in hidden] for x in range(group.order)],
        "V": [[[int(c * scale) for c in v[x]] for v in outputs] for x in range(group.order)],
    }
    return make_record(name, group, setting, len(nodes), weights, EXACT)


def make_record(
    name: str, group: Group, setting: Setting, width: int, weights: dict[str, Any], certificate: dict[str, Any]
) -> dict[str, Any]:
    """The record of these weights, if the verifier accepts it; else InputError with what it refused."""
    identity = {"group": group.name, "trivial": setting.trivial, "target": setting.target, "weights": weights}
    if "exponent" in weights:  # an enclosure is its radius and unknowns as much as its weights
        identity["certificate"] = certificate
    text = json.dumps(identity, sort_keys=True, separators=(",", ":"))
    key = hashlib.sha256(text.encode("ascii")).hexdigest()[:16]
    record = {
        "id": f"cogo1-net-{group.name}-q{width}-{key}",
        "name": name,
        "group": group.name,
        "trivial": setting.trivial,
        "target": setting.target,
        "width": width,
        "weights": weights,
        "certificate": certificate,
    }
    try:
        check_record(record)
    except Refused as refusal:
        raise InputError(f"this is no network for the catalog ({refusal}): correct it") from None
    return record


def from_record(record: Mapping[str, Any]) -> tuple[ExactNetwork, Setting]:
    """The network of a record in a cyclotomic field, and its setting.

    Raises CatalogError if anything in the record is malformed or false, its loss above all, if its weights are given
    in another way, or if its coordinates leave 64 bits.
    """
    _verified(record)
    where, weights = record["id"], record["weights"]
    if "n" not in weights:
        raise CatalogError(f"network {where} is not in a cyclotomic field: construct writes it as numbers")
    try:
        nodes = tuple(
            ExactNode(*({k: np.array(x, dtype=np.int64) for k, x in node[part]} for part in "abc"))
            for node in weights["nodes"]
        )
    except OverflowError:
        raise CatalogError(f"network {where} has coordinates beyond 64 bits: only verify can read it") from None
    network = ExactNetwork(Group.parse(record["group"]), weights["n"], weights["scale"], nodes)
    return network, Setting(record["trivial"], record["target"])


def numbers(record: Mapping[str, Any]) -> Network:
    """The weights of a record in float64, the layers of every node balanced. Raises CatalogError if it is false.

    Of an enclosed network it is the middle of the enclosure.
    """
    _verified(record)
    weights, group = record["weights"], Group.parse(record["group"])
    if "n" in weights:
        return numeric(from_record(record)[0])
    if "exponent" in weights:
        unit = Fraction(1, 2 ** weights["exponent"])
        middle = [np.array([[float(x * unit) for x in row] for row in weights[name]]) for name in TENSORS]
        return from_spectrum(group, balanced(spectrum(Network(group, middle[0], middle[1], middle[2]))))
    tower = Tower(tuple(map(tuple, weights["radicands"])))
    flat = {name: [x for row in weights[name] for x in row] for name in TENSORS}
    bits = precision(*(x for elements in flat.values() for x in elements), *tower.radicands)
    shape = (group.order, record["width"])
    w_a, w_b, v = (np.array(tower.fixed(flat[name], bits), dtype=object).reshape(shape) for name in TENSORS)
    floats = np.zeros((3, *shape))
    for j in range(record["width"]):  # the hidden values near 1 before they become floats: units may be huge
        size = max(int(abs(x)).bit_length() for x in (*w_a[:, j], *w_b[:, j]))
        unit = Fraction(2) ** size
        for part, values in enumerate((w_a, w_b)):
            floats[part, :, j] = [float(x / unit) for x in values[:, j]]
        times = unit**2 / Fraction(2) ** (3 * bits) / weights["scale"]
        floats[2, :, j] = [float(x * times) for x in v[:, j]]
    return from_spectrum(group, balanced(spectrum(Network(group, *floats))))


def _verified(record: Mapping[str, Any]) -> None:
    try:
        check_record(record)
    except Refused as refusal:
        where = str(record.get("id"))[:80]
        raise CatalogError(f"network {where} does not verify ({refusal}): run verify on its catalog") from None


def check_record(record: Mapping[str, Any]) -> tuple[Any, ...]:
    """Let the verifier decide; the key by which a catalog's networks are sorted. Raises its ``Refused``."""
    conform(record, cast(Any, CATALOG["networks"])[0], "network")
    return check_network(dict(record), f"network {record['id'][:80]}")


def radius(record: Mapping[str, Any]) -> Fraction:
    """How far an exact weight of an enclosed network may be from the one stored, at most."""
    return Fraction(record["certificate"]["radius"], 2 ** record["weights"]["exponent"])


def scientific(x: Fraction) -> str:
    """Two digits, rounded up, of any size that floats do not reach.

    >>> scientific(Fraction(1, 3 * 10**400))
    '3.4e-401'
    """
    with localcontext(prec=2, rounding=ROUND_UP, Emin=-(10**6), Emax=10**6):
        return f"{Decimal(x.numerator) / Decimal(x.denominator):e}" if x else "0"


@dataclass(frozen=True)
class StoredNetwork:
    """A network of the catalog where ``construct`` expects a recipe."""

    stored: Mapping[str, Any]
    name = "network"
    carrier = "mixed"

    @property
    def proof(self) -> str:
        """How its loss is known to be zero."""
        if "exponent" in self.stored["weights"]:
            return f"within {scientific(radius(self.stored))} of these weights, by Krawczyk's test in integers"
        return "decided in integers"

    @property
    def setting(self) -> Setting:
        """Its own."""
        return Setting(self.stored["trivial"], self.stored["target"])

    def record(self) -> dict[str, Any]:
        """The catalog's record as JSON, for provenance."""
        return {"recipe": self.name, **self.stored}

    def optimizer(self) -> dict[str, Any]:
        """Raises InputError: such a network has no recipe among the ``optimizers``."""
        raise InputError(f"--add-to: {self.stored['id']} is in a catalog's networks already: write it with --out")

    def assemble(self) -> Network:
        """The weights in float64, the layers of every node balanced. Raises CatalogError if the record is false."""
        return numbers(self.stored)


def _components(network: ExactNetwork, part: Components) -> list[list[Any]]:
    """Sorted pairs of the smaller character of each conjugate pair and its coordinates, zeros left out."""
    named: dict[int, IntArray] = {}
    for k, value in part.items():
        if not 0 <= k < network.group.order:
            raise InputError(f"character {k} is outside group {network.group.name}: number them from 0")
        smaller = network.group.pair_of(k)
        if smaller in named:
            raise InputError(f"a node lists both characters of the pair {smaller}: list one, the other is conjugate")
        named[smaller] = value if k == smaller else galois(value, -1, network.n)
    return [[k, [int(x) for x in value]] for k, value in sorted(named.items()) if np.any(value)]
