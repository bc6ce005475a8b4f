"""Exact networks as records of the catalog's ``networks`` (docs/catalog.md), and back.

What a record says is decided by the verifier of the catalog in integers of any length, so nothing is written, read or
built here that ``verify`` would refuse.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from math import gcd
from typing import Any, cast

import numpy as np

from ..catalog.verify import CATALOG, Refused, check_network, conform
from ..cyclotomic import IntArray, galois
from ..errors import CatalogError, InputError
from ..groups import Group
from ..optimizers.exact import Components, ExactNetwork, ExactNode, numeric
from ..optimizers.network import Network, Setting


def network_record(name: str, network: ExactNetwork, setting: Setting) -> dict[str, Any]:
    """The record of a network; ``name`` is a family or origin, printable ASCII.

    Components move to the smaller character of each pair, zero ones are left out, common factors of ``scale`` and all
    c are divided out; the nodes keep their order. Raises InputError, with the residual, if the loss is not exactly
    zero in this setting, or if a node does nothing.
    """
    nodes = [[_components(network, part) for part in (node.a, node.b, node.c)] for node in network.nodes]
    common = gcd(network.scale, *(x for _, _, c in nodes for _, value in c for x in value)) or 1
    identity: dict[str, Any] = {
        "group": network.group.name,
        "trivial": setting.trivial,
        "target": setting.target,
        "weights": {
            "n": network.n,
            "scale": network.scale // common,
            "nodes": [
                {"a": a, "b": b, "c": [[k, [x // common for x in value]] for k, value in c]} for a, b, c in nodes
            ],
        },
    }
    text = json.dumps(identity, sort_keys=True, separators=(",", ":"))
    key = hashlib.sha256(text.encode("ascii")).hexdigest()[:16]
    record = {
        "id": f"cogo1-net-{network.group.name}-q{network.width}-{key}",
        "name": name,
        "group": identity["group"],
        "trivial": setting.trivial,
        "target": setting.target,
        "width": network.width,
        "weights": identity["weights"],
        "certificate": {"kind": "exact"},
    }
    try:
        check_record(record)
    except Refused as refusal:
        raise InputError(f"this is no network for the catalog ({refusal}): correct it") from None
    return record


def from_record(record: Mapping[str, Any]) -> tuple[ExactNetwork, Setting]:
    """The network of a record and its setting.

    Raises CatalogError if anything in the record is malformed or false, its loss above all, or if its coordinates
    leave 64 bits.
    """
    where = str(record.get("id"))
    try:
        check_record(record)
    except Refused as refusal:
        raise CatalogError(f"network {where[:80]} does not verify ({refusal}): run verify on its catalog") from None
    weights = record["weights"]
    try:
        nodes = tuple(
            ExactNode(*({k: np.array(x, dtype=np.int64) for k, x in node[part]} for part in "abc"))
            for node in weights["nodes"]
        )
    except OverflowError:
        raise CatalogError(f"network {where} has coordinates beyond 64 bits: only verify can read it") from None
    network = ExactNetwork(Group.parse(record["group"]), weights["n"], weights["scale"], nodes)
    return network, Setting(record["trivial"], record["target"])


def check_record(record: Mapping[str, Any]) -> tuple[Any, ...]:
    """Let the verifier decide; the key by which a catalog's networks are sorted. Raises its ``Refused``."""
    conform(record, cast(Any, CATALOG["networks"])[0], "network")
    return check_network(dict(record), f"network {record['id'][:80]}")


@dataclass(frozen=True)
class StoredNetwork:
    """A network of the catalog where ``construct`` expects a recipe."""

    stored: Mapping[str, Any]
    network: ExactNetwork
    setting: Setting
    name = "network"
    carrier = "mixed"

    @classmethod
    def read(cls, record: Mapping[str, Any]) -> StoredNetwork:
        """The network of a record, checked. Raises CatalogError as :func:`from_record` does."""
        return cls(record, *from_record(record))

    def record(self) -> dict[str, Any]:
        """The catalog's record as JSON, for provenance."""
        return {"recipe": self.name, **self.stored}

    def optimizer(self) -> dict[str, Any]:
        """Raises InputError: such a network has no recipe among the ``optimizers``."""
        raise InputError(f"--add-to: {self.stored['id']} is in a catalog's networks already: write it with --out")

    def assemble(self) -> Network:
        """The weights in float64, the layers of every node balanced."""
        return numeric(self.network)


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
