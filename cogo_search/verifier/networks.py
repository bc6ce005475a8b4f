"""Networks of several frequencies: their ids and order in the file, and which module decides each kind."""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .enclosures import check_enclosure
from .fields import check_cyclotomic
from .groups import Task, read_group, read_task
from .meter import METER, agree, require
from .radicals import check_radicals
from .spare import spare_in_field, spare_in_tower
from .texts import shown
from .vocabulary import Log


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
