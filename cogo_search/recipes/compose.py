r"""Recipes: whole networks of exactly zero loss, composed of single-frequency solutions.

A single-frequency solution at the character k leaves, besides r_kkk = 1, at most a constant
S_k = C_{0 0 k} on the outputs (R_n), if it covers R_c and R_*; for one-hot outputs S_0 = -2 is wanted besides. All
these constants are absorbed by one *carrier*: nodes whose squares sum to the constant ``share``, on which c gets the
component -S_k/share at every k with S_k != 0:

* ``pairs``: the solutions at conjugate pairs that leave no constant themselves and whose squares sum to one
  (Corollary 5), z_F6 among them; with one of those the component is -S_k/24, the corrected constant of Eq. 65;
* ``real``: the pairs of nodes [1, 1, 1], [1, -1, -1] at characters with 2k = 0;
* ``unit``: one node more, constant, if the weights may contain the trivial character.

Where several frequencies can carry, they do so in equal shares. With a carrier one node suffices at every further
character with 2k = 0, and three where 4k = 0.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Any, ClassVar

import numpy as np

from ..algebra.canonical import Solution
from ..algebra.cyclotomic import MAX_N, IntArray, assert_bound, largest, lift, reduction_matrix
from ..errors import InputError, choose
from ..groups.abelian import Group
from ..networks.cyclotomic_network import ExactNetwork, ExactNode, numeric, residuals
from ..networks.network import Network, Setting
from .blocks import Block, quarter_block, real_block, z_f4, z_syn_nu
from .memorization import Memorization

#: The recipes of :func:`build`.
RECIPES = ("f6", "f4/6", "f4+const", "f4+real")
CARRIERS = ("none", "real", "unit", "pairs")


@dataclass(frozen=True)
class Recipe:
    """Blocks by character, the carrier of their constants, and the exact network they make."""

    name: str
    group: Group
    setting: Setting
    blocks: tuple[Block, ...]
    carrier: str
    network: ExactNetwork

    #: How the loss of its network is known to be zero.
    proof: ClassVar[str] = "decided in integers"

    @property
    def order(self) -> int:
        """Number of hidden nodes of the whole network."""
        return self.network.width

    def record(self) -> dict[str, Any]:
        """The recipe as JSON, for provenance."""
        return {
            "recipe": self.name,
            "group": self.group.name,
            "trivial": self.setting.trivial,
            "target": self.setting.target,
            "carrier": self.carrier,
            "blocks": [block.record(self.group) for block in self.blocks],
        }

    def optimizer(self) -> dict[str, Any]:
        """The record of the catalog's ``optimizers``; the loss is exact (:func:`compose` has decided it)."""
        return {
            "name": self.name,
            "group": self.group.name,
            "order": self.order,
            "trivial": self.setting.trivial,
            "target": self.setting.target,
            "recipe": {"carrier": self.carrier, "blocks": [block.record(self.group) for block in self.blocks]},
            "loss": "0",
        }

    def assemble(self) -> Network:
        """The weights in float64, the layers of every node balanced."""
        return numeric(self.network)


def from_optimizer(record: Mapping[str, Any]) -> Recipe | Memorization:
    """The recipe that ``optimizer`` of either class wrote, composed and checked again.

    ``record`` fits the catalog's schema. Raises InputError if its loss is not exactly zero or it is not
    what its recipe makes.
    """
    group, setting = Group.parse(record["group"]), Setting(record["trivial"], record["target"])
    recipe: Recipe | Memorization
    if record["name"] == Memorization.name:
        recipe = Memorization(group, setting)
    else:
        blocks = [Block.from_record(group, block) for block in record["recipe"]["blocks"]]
        by_frequency = {block.frequency: block for block in blocks}
        recipe = compose(record["name"], group, setting, by_frequency, record["recipe"]["carrier"])
    if recipe.optimizer() != record:
        raise InputError(f"optimizer {record['name']} of group {group.name} is not what its recipe makes")
    return recipe


def compose(name: str, group: Group, setting: Setting, blocks: Mapping[int, Block], carrier: str) -> Recipe:
    """Assemble blocks, one for each conjugate pair and each character with 2k = 0, and absorb the constants.

    Raises InputError if a character lacks a block, a block does not solve its character (the condition that fails is
    named), or the carrier is not there. That the loss is zero is then decided in integers over the whole network.
    """
    wanted = [k for k, _ in group.conjugate_pairs] + group.self_conjugate
    if missing := [k for k in wanted if k not in blocks]:
        raise InputError(f"recipe {name} has no solution at {group.written(*missing)} of group {group.name}: name one")
    for k in wanted:
        if (condition := blocks[k].unsolved(int(group.character_orders[k]))) is not None:
            kind = re.match("cogo1-k([24])-", blocks[k].name)
            scope = f"; its conditions are those of characters of order {kind[1]}" if kind else ""
            raise InputError(
                f"recipe {name}: {blocks[k].name} does not solve frequency {group.written(k)} of group {group.name} "
                f"({condition} fails there{scope}): name another solution"
            )
    n = lcm(*(block.n for block in blocks.values()))
    if n > 2 * MAX_N:
        raise InputError(f"recipe {name} mixes roots of unity of common order {n}: at most {2 * MAX_N} is supported")
    scale = lcm(*(block.scale for block in blocks.values()))
    nodes: list[ExactNode] = []
    members: dict[int, range] = {}
    for k in wanted:
        block = blocks[k]
        c = lift(np.array(block.c, dtype=np.int64), block.n, n)
        assert_bound(scale * max(1, largest(c)))
        c *= scale // block.scale
        members[k] = range(len(nodes), len(nodes) + block.order)
        for a, b, value in zip(block.a, block.b, c, strict=True):
            step = n // block.n
            nodes.append(ExactNode({k: _root(a * step, n)}, {k: _root(b * step, n)}, {k: value}))
    owed = {
        k: (scale // block.scale) * lift(block.constant(int(group.character_orders[k])), block.n, n)
        for k, block in ((k, blocks[k]) for k in owing(group, blocks))
    }
    if setting.target == "one-hot":
        owed[0] = -2 * scale * _root(0, n)
    if owed:
        carrying = [j for k in homes(carrier, group, blocks) for j in members[k]]
        if carrier == "unit" and setting.trivial == "with":
            carrying = [len(nodes)]
            nodes.append(ExactNode({0: _root(0, n)}, {0: _root(0, n)}, {}))
        if not carrying:
            raise InputError(_no_carrier(carrier, group, setting, sorted(owed)))
        share = len(carrying) * (2 if carrier == "real" else 4)
        nodes = [ExactNode(node.a, node.b, {k: value * share for k, value in node.c.items()}) for node in nodes]
        for j in carrying:
            nodes[j] = ExactNode(nodes[j].a, nodes[j].b, nodes[j].c | {k: -value for k, value in owed.items()})
        scale *= share
    network = ExactNetwork(group, n, scale, tuple(nodes))
    if (wrong := next(residuals(network, setting), None)) is not None:
        at = ", ".join(f"{x}={group.written(k)}" for x, k in zip(("k1", "k2", "k"), wrong[:3], strict=True))
        raise InputError(f"recipe {name} on group {group.name} does not reach loss 0 (residual at {at})")
    return Recipe(name, group, setting, tuple(blocks[k] for k in wanted), carrier if owed else "none", network)


def owing(group: Group, blocks: Mapping[int, Block]) -> list[int]:
    """The characters k with a constant S_k that a carrier must absorb."""
    return [k for k, block in blocks.items() if block.constant(int(group.character_orders[k])).any()]


def homes(carrier: str, group: Group, blocks: Mapping[int, Block]) -> list[int]:
    """The characters whose nodes are the carrier: they leave no constant, and their squares sum to one."""
    real = group.self_conjugate
    if carrier == "real":
        return [k for k in real if blocks[k].order == 2 and not blocks[k].constant(2).any()]
    if carrier == "pairs":
        candidates = [k for k, _ in group.conjugate_pairs if not blocks[k].constant(1).any()]
        return [k for k in candidates if blocks[k].squares_to_a_constant()]
    return []


def _root(exponent: int, n: int) -> IntArray:
    return reduction_matrix(n)[exponent % n].copy()


def _no_carrier(carrier: str, group: Group, setting: Setting, owed: list[int]) -> str:
    what = {
        "unit": "a constant unit is of the trivial character",
        "real": "no character with 2k = 0 has two nodes",
        "pairs": "no frequency has a solution of all conditions whose squares sum to a constant, as nu*syn",
    }.get(carrier, "a carrier is needed")
    allow = ", with --trivial with" if setting.trivial == "without" else ""
    return (
        f"group {group.name}: nothing absorbs the constants at {group.written(*owed)} (carrier {carrier}: {what}): "
        f"put nu*syn at one frequency, or use f4+const{allow}"
    )


def build(name: str, group: Group, setting: Setting, order6: tuple[int, ...] | None = None) -> Recipe:
    """One of :data:`RECIPES`; memorization has its own class.

    ``order6`` names the order-6 frequencies of f4/6 (default: the first conjugate pair). Raises InputError
    where the group or the setting does not admit the recipe.
    """
    if name not in RECIPES:
        raise InputError(f"recipe {name!r} is unknown: {choose(name, RECIPES)}")
    pairs = [k for k, _ in group.conjugate_pairs]
    blocks = {k: real_block(k, 2) for k in group.self_conjugate}
    if name == "f6":
        blocks |= {k: Block.of(k, z_syn_nu()) for k in pairs}
        return compose(name, group, setting, blocks, "pairs" if pairs else "real")
    if name == "f4/6":
        sixes = _order6(group, pairs, order6)
        blocks |= {k: Block.of(k, z_syn_nu() if k in sixes else z_f4()) for k in pairs}
        return compose(name, group, setting, blocks, "pairs")
    if name == "f4+const":
        if setting.trivial == "without":
            raise InputError("recipe f4+const needs a constant unit: allow the trivial character (--trivial with)")
        blocks |= {k: Block.of(k, z_f4()) for k in pairs}
        return compose(name, group, setting, blocks, "unit")
    if not group.self_conjugate:
        raise InputError(f"recipe f4+real needs a character with 2k = 0, group {group.name} has none: use f4/6")
    blocks |= {k: quarter_block(k, 3) if group.character_orders[k] == 4 else Block.of(k, z_f4()) for k in pairs}
    return compose(name, group, setting, blocks, "real")


def _order6(group: Group, pairs: list[int], named: tuple[int, ...] | None) -> set[int]:
    """The pairs of f4/6 that take order 6."""
    if not pairs:
        raise InputError(f"recipe f4/6 needs a conjugate pair, group {group.name} has none: use f6")
    sixes = [group.pair_of(k) for k in (named or pairs[:1])]
    if strange := [k for k in sixes if k not in pairs]:
        raise InputError(f"order-6 frequency {group.written(strange[0])} of group {group.name} has no conjugate pair")
    if len(set(sixes)) < len(sixes):
        twice = next(k for k in sixes if sixes.count(k) > 1)
        raise InputError(f"order-6 frequency {group.written(twice)} of group {group.name} is named twice (k and -k)")
    return set(sixes)


#: A solution and the unit it is multiplied by, as fractions of a turn.
Placed = tuple[Solution, tuple[Fraction, Fraction]]


def from_entries(group: Group, setting: Setting, default: Solution, at: Mapping[int, Placed]) -> Recipe:
    """Catalog solutions at any frequencies, each times any root of unity; the first carrier that is there.

    ``default`` serves every conjugate pair that ``at`` does not name, or if it is of characters of order 2 every
    character with 2k = 0; those that are left get two nodes. A solution placed at -k serves the pair of k as its
    conjugate. Raises InputError if nothing serves a pair, a character in ``at`` is named twice or does not take the
    solution, or a solution fails at its frequency.
    """
    pairs, two = [k for k, _ in group.conjugate_pairs], default.character_order == "2"
    if two and pairs:
        raise InputError(f"{default.id} serves characters of order 2 only: place it there (at), another as the recipe")
    if not two and not pairs:
        raise InputError(f"group {group.name} has no conjugate pair: an entry has no place in it, use f6")
    blocks = {k: real_block(k, 2) for k in group.self_conjugate}
    blocks |= {k: Block.of(k, default) for k in pairs or group.self_conjugate}
    named: set[int] = set()
    for k, (solution, unit) in at.items():
        pair = group.pair_of(k)
        if pair in group.self_conjugate and solution.character_order != "2":
            raise InputError(
                f"frequency {group.written(k)} of group {group.name} has no conjugate pair: leave it out, or name an "
                f"entry of characters of order 2 (cogo1-k2-...)"
            )
        if pair not in blocks:
            raise InputError(f"frequency {group.written(k)} of group {group.name} is trivial: leave it out")
        if pair in named:
            raise InputError(f"frequency {group.written(pair)} of group {group.name} is named twice (k and -k)")
        named.add(pair)
        placed = Block.of(pair, solution, unit)
        blocks[pair] = placed if pair == k else placed.conjugate()
    carrier = next((carrier for carrier in ("real", "pairs") if homes(carrier, group, blocks)), "unit")
    return compose("entries", group, setting, blocks, carrier)
