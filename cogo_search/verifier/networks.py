"""Networks of several frequencies: their ids and order in the file, and which module decides each kind."""

from __future__ import annotations

import hashlib
import json
import math
import re
from typing import Any

from .enclosures import check_enclosure
from .fields import check_cyclotomic
from .groups import read_group
from .meter import METER, agree, require
from .radicals import check_radicals
from .texts import shown
from .vocabulary import Log


def network_key(o: dict[str, Any], where: str) -> tuple[Any, ...]:
    """What networks are sorted by, the id among it, which must be that of the weights."""
    factors = read_group(o["group"], where)
    identity = {key: o[key] for key in ("group", "trivial", "target", "weights")}
    text = json.dumps(identity, sort_keys=True, separators=(",", ":"))
    name = f"cogo1-net-{o['group']}-q{o['width']}-{hashlib.sha256(text.encode()).hexdigest()[:16]}"
    agree(f"{where}: id", o["id"], name)
    return math.prod(factors), o["group"], o["trivial"], o["target"], o["width"], o["id"]


def check_network(o: dict[str, Any], where: str) -> tuple[Any, ...]:
    """Decide in integers that the loss of a network is zero, or is so near it; returns the key it is sorted by."""
    factors, trivial, one_hot = read_group(o["group"], where), o["trivial"] == "with", o["target"] == "one-hot"
    require(trivial or not one_hot, f"{where}: one-hot outputs need the trivial character")
    require(bool(re.fullmatch("[ -~]{1,100}", o["name"])), f"{where}: name {shown(o['name'])}")
    METER.doing = where
    key = network_key(o, where)
    kind = "enclosure" if "exponent" in o["weights"] else "exact"
    agree(f"{where}: certificate.kind", o["certificate"]["kind"], kind)
    if kind == "enclosure":
        check_enclosure(o["weights"], o["certificate"], factors, o["width"], trivial, one_hot, where)
    elif "radicands" in o["weights"]:
        check_radicals(o["weights"], factors, o["width"], trivial, one_hot, where)
    else:
        check_cyclotomic(o["weights"], factors, o["width"], trivial, one_hot, where)
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
