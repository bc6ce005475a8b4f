"""Matching whole networks: the records of matches.json."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..families.base import TURN, Fit
from ..groups.abelian import Group
from ..networks.even_part import as_quadratic
from ..networks.loss import direct
from ..networks.network import ComplexArray, Network, Setting
from ..reading.scale import fit
from .classify import Match, classify
from .matches import NetworkMatch
from .nearest_entry import Library
from .network_status import ENOUGH, SOLVED, UNSOLVED, network_status
from .phases import describe
from .polish import polish
from .residuals import CONSTANT, Residuals, own_potentials, residuals
from .spectrum import Block, blocks

#: Relative decrease of the distance between two snapshots that counts as still moving.
MOVING = 1e-3
#: Largest order whose nodes are written down, and polished.
SHOWN = 12
#: An own residual this large that others cancel is a coupling of frequencies.
COUPLED = 0.05


@dataclass(frozen=True)
class Options:
    """How networks are matched; entries by order."""

    entries: dict[int, Library]
    tolerance: float
    polish: bool = False


def live(network: Network) -> Network:
    """The network without nodes whose weights are all zero, as training leaves dead ones; numbering is lost."""
    keep = np.flatnonzero(network.W_a.any(axis=0) | network.W_b.any(axis=0) | network.V.any(axis=0))
    return replace(network, W_a=network.W_a[:, keep], W_b=network.W_b[:, keep], V=network.V[:, keep])


def match_network(network: Network, options: Options, other: tuple[int, Network] | None = None) -> NetworkMatch:
    """What one network holds: group, loss, accuracy, and every frequency with its blocks.

    ``other`` is another snapshot of the same run with its epochs relative to this one (negative: earlier), by which
    a frequency that fits nothing is told to be still moving.
    """
    if not network.is_quadratic:
        return _other_activation(network, options)
    group = network.group
    evaluation = direct(live(network), Setting("with", network.metadata.get("target", "zero-mean")))
    found = blocks(network)
    real = set(group.self_conjugate)
    matches = [classify(block, options.entries, options.tolerance, block.k in real) for block in found]
    left = residuals(network, found)
    coupled = _couplings(found, left)
    elsewhere = {block.k: block for block in blocks(other[1])} if other is not None else {}
    frequencies = []
    for match, residual in zip(matches, left, strict=True):
        block = match.block
        record = _record(group, match, residual, coupled[block.k], options)
        unnamed = match.status not in ("family", "entry")
        if unnamed and match.nearest and other is not None and not coupled[block.k]:
            record |= _motion(match, elsewhere.get(block.k), other[0])
        if options.polish and unnamed and block.k not in real and 0 < block.order <= SHOWN:
            record["polished"] = _polished(group, block, options)
        frequencies.append(record)
    status, facts = network_status(frequencies, evaluation.accuracy, options.tolerance)
    head = {
        "group": group.name, "activation": network.activation, "loss": evaluation.loss,
        "accuracy": evaluation.accuracy, "status": status, "facts": facts,
    }  # fmt: skip
    return NetworkMatch(head | {"frequencies": frequencies}, tuple(found))


def _other_activation(network: Network, options: Options) -> NetworkMatch:
    """What a network that does not square is: matched where it is a quadratic one in disguise, else described."""
    plain = live(network)
    disguised = as_quadratic(plain, options.tolerance)
    if disguised is None:
        found = describe(plain)
        accuracy = found.record["accuracy"]
        status = SOLVED if accuracy >= ENOUGH else UNSOLVED
        facts = [f"activation {network.activation}: families are known of x^2 only, these nodes are described"]
        return NetworkMatch(found.record | {"status": status, "facts": facts}, found.blocks)
    quadratic, misfit = disguised
    scale, _ = fit(quadratic)
    if scale > 0:
        quadratic = replace(quadratic, V=quadratic.V * scale)
    found = match_network(quadratic, options)
    score = direct(plain, Setting("with", network.metadata.get("target", "zero-mean")))
    fact = f"the even part of {network.activation} is c0 + c2 x^2 to {misfit:.2g} on the data: matched as x^2"
    head = {
        "activation": network.activation, "loss": score.loss, "accuracy": score.accuracy,
        "facts": [fact, *found.record["facts"]],
    }  # fmt: skip
    return NetworkMatch(found.record | head, found.blocks)


def _couplings(found: list[Block], left: list[Residuals]) -> dict[int, list[int]]:
    """For each k the frequencies that cancel a potential of its own nodes, R_n aside, or have one cancelled by them."""
    coupled: dict[int, set[int]] = {block.k: set() for block in found}
    for block, residual in zip(found, left, strict=True):
        for place, carriers in residual.carriers.items():
            if place not in (CONSTANT, "abc-1") and residual.own[place] > COUPLED >= residual.total[place]:
                for k in carriers:
                    coupled[block.k].add(k)
                    coupled[k].add(block.k)
    return {k: sorted(others) for k, others in coupled.items()}


def _record(group: Group, match: Match, residual: Residuals, coupled: list[int], options: Options) -> dict[str, Any]:
    block, family = match.block, match.family
    near = [f for f in match.nearest if f is not family]
    carried = residual.carriers.get(CONSTANT, ()) if residual.own.get(CONSTANT, 0.0) > COUPLED else ()
    return {
        "k": group.frequency_name(block.k),
        "character_order": int(group.character_orders[block.k]),
        "order": block.order,
        "paper_order": block.paper_order,
        "nodes": [int(j) for j in block.nodes],
        "z": _written(block.z) if block.order <= SHOWN else None,
        "multi_frequency_nodes": list(block.multi),
        "factorable": None if match.arrangement is None else match.arrangement.error <= options.tolerance,
        "error": None if match.arrangement is None else match.arrangement.error,
        "entry": match.entry.id if match.entry is not None and match.entry.distance <= options.tolerance else None,
        "entry_distance": None if match.entry is None else match.entry.distance,
        "family": None if family is None else family.family,
        "parameters": {} if family is None else family.parameters,
        "unit": None if family is None else [[float(abs(y)), float(np.angle(y) / TURN % 1.0)] for y in family.unit],
        "distance": None if family is None else family.distance,
        "also": [_named(f) for f in match.also],
        "nearest": None if not near or family is not None else _named(min(near, key=lambda f: f.distance)),
        "status": match.status,
        "strength": [residual.strength.real, residual.strength.imag],
        "leaks": residual.leaks(),
        "solved": block.order > 0 and max(residual.total.values()) <= options.tolerance,
        "potentials": own_potentials(block),
        "residuals": residual.total,
        "constants_carried_by": [group.frequency_name(k) for k in carried],
        "coupled_with": [group.frequency_name(k) for k in coupled],
        "wrong": [place for place, value in residual.total.items() if value > options.tolerance],
    }


def _written(z: ComplexArray) -> list[list[list[float]]]:
    """z (3, q) as [re, im] pairs, 9 digits."""
    return [[[round(float(v.real), 9), round(float(v.imag), 9)] for v in part] for part in z]


def _named(fit: Fit) -> dict[str, Any]:
    return {"family": fit.family, "distance": fit.distance, "parameters": fit.parameters}


def _motion(match: Match, there: Block | None, epochs: int) -> dict[str, Any]:
    """Whether the distance to the nearest family shrinks in time, seen from another snapshot."""
    if there is None or not np.array_equal(there.nodes, match.block.nodes):
        return {}
    now = min(match.nearest, key=lambda f: f.distance)
    then = next(f for f in classify(there, {}, 0.0).nearest if f.family == now.family)
    first, last = (then.distance, now.distance) if epochs < 0 else (now.distance, then.distance)
    motion = {"motion": {"family": now.family, "epochs": abs(epochs), "from": first, "to": last}}
    return motion | ({"status": "moving"} if last < first * (1 - MOVING) else {})


def _polished(group: Group, block: Block, options: Options) -> dict[str, Any] | None:
    """What Newton's method makes of the nodes, or None if it finds no zero nearby."""
    z = polish(block.z, int(group.character_orders[block.k]))
    if z is None:
        return None
    match = classify(replace(block, z=z), options.entries, options.tolerance)
    best = min(match.nearest, key=lambda f: f.distance, default=None)
    return {
        "moved": float(np.linalg.norm(z - block.z) / np.linalg.norm(block.z)),
        "family": None if match.family is None else match.family.family,
        "nearest": None if best is None else _named(best),
        "potentials": own_potentials(replace(block, z=z)),
    }
