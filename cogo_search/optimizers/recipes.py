r"""Recipes: whole networks of exactly zero loss, composed of single-frequency solutions.

A single-frequency solution at the character k leaves, besides r_kkk = 1, at most a constant
S_k = sum_j c_j on the outputs (R_n), if it covers R_c and R_*. The constants of all frequencies are
absorbed by one *carrier*: a set of nodes whose squares sum to a constant, on which c gets a component
at every other character:

* ``six``: the nodes of the order-6 solutions of all conditions (Corollary 5), in equal shares: the component
  is -S_k/6 for each node of a single one, the corrected constant of Eq. 65;
* ``real``: the two nodes [1, 1, 1], [1, -1, -1] at a character with 2k = 0;
* ``unit``: one constant node, if the weights may contain the trivial character.

With a carrier one node suffices at every further character with 2k = 0, and three where 4k = 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import lcm
from typing import Any

import numpy as np

from ..cyclotomic import IntArray, assert_bound, galois, largest, lift, reduction_matrix
from ..errors import InputError
from ..groups import Group
from ..search.orbits import Solution
from .blocks import Block, quarter_block, real_block, z_f4, z_syn_nu
from .exact import ExactNetwork, ExactNode, residuals
from .network import Setting

RECIPES = ("f6", "f4/6", "f4+const", "f4+real", "memorization")
CARRIERS = ("none", "real", "unit", "six")


@dataclass(frozen=True)
class Recipe:
    """Blocks by character, the carrier of their constants, and the exact network they make."""

    name: str
    group: Group
    setting: Setting
    blocks: tuple[Block, ...]
    carrier: str
    network: ExactNetwork

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

    @classmethod
    def from_optimizer(cls, record: Mapping[str, Any]) -> Recipe:
        """The recipe that :meth:`optimizer` wrote, composed and checked again.

        ``record`` fits the catalog's schema. Raises InputError if its loss is not exactly zero or it is not
        what its blocks compose to.
        """
        group, setting = Group.parse(record["group"]), Setting(record["trivial"], record["target"])
        blocks = [Block.from_record(group, block) for block in record["recipe"]["blocks"]]
        by_frequency = {block.frequency: block for block in blocks}
        recipe = compose(record["name"], group, setting, by_frequency, record["recipe"]["carrier"])
        if recipe.optimizer() != record:
            raise InputError(f"optimizer {record['name']} of group {group.name} is not what its blocks compose to")
        return recipe


def compose(name: str, group: Group, setting: Setting, blocks: Mapping[int, Block], carrier: str) -> Recipe:
    """Assemble blocks, one for each conjugate pair and each character with 2k = 0, and absorb the constants.

    Raises InputError if a character lacks a block, the carrier is not there, or the loss is not exactly
    zero: then the residual that does not vanish is named.
    """
    wanted = [k for k, _ in group.conjugate_pairs] + group.self_conjugate
    if missing := [group.frequency_name(k) for k in wanted if k not in blocks]:
        raise InputError(f"recipe {name} has no solution at frequencies {missing} of group {group.name}: name one")
    n = lcm(*(block.n for block in blocks.values()))
    scale = lcm(*(block.scale for block in blocks.values()))
    nodes: list[ExactNode] = []
    members: dict[int, list[int]] = {}
    constants: dict[int, IntArray] = {}
    for k in wanted:
        block, real = blocks[k], group.character_orders[k] == 2
        c = lift(np.array(block.c, dtype=np.int64), block.n, n)
        assert_bound(scale * max(1, largest(c)))
        c *= scale // block.scale
        if real and (any(2 * x % block.n for x in block.a + block.b) or not np.array_equal(c, galois(c, -1, n))):
            raise InputError(f"recipe {name}: the nodes at frequency {group.frequency_name(k)} are not real")
        constants[k] = (2 if real else 4) * c.sum(axis=0)  # C_{0 0 k}: each node's square has this share of constant
        members[k] = list(range(len(nodes), len(nodes) + block.order))
        for a, b, value in zip(block.a, block.b, c, strict=True):
            step = n // block.n
            nodes.append(ExactNode({k: _root(a * step, n)}, {k: _root(b * step, n)}, {k: value}))
    if setting.target == "one-hot":
        constants[0] = -2 * scale * _root(0, n)
    owed = {k: value for k, value in constants.items() if value.any()}
    if owed:
        scale = _absorb(carrier, group, blocks, members, nodes, owed, n, scale)
    recipe = Recipe(
        name,
        group,
        setting,
        tuple(blocks[k] for k in wanted),
        carrier if owed else "none",
        ExactNetwork(group, n, scale, tuple(nodes)),
    )
    if (wrong := next(residuals(recipe.network, setting), None)) is not None:
        k1, k2, k, _ = wrong
        at = ", ".join(f"{name}={group.frequency_name(x)}" for name, x in (("k1", k1), ("k2", k2), ("k", k)))
        raise InputError(
            f"recipe {name} on group {group.name} does not reach loss 0 (residual at {at}): "
            "the solution's conditions fail at that frequency"
        )
    return recipe


def _root(exponent: int, n: int) -> IntArray:
    return reduction_matrix(n)[exponent % n].copy()


def _absorb(
    carrier: str,
    group: Group,
    blocks: Mapping[int, Block],
    members: Mapping[int, list[int]],
    nodes: list[ExactNode],
    owed: Mapping[int, IntArray],
    n: int,
    scale: int,
) -> int:
    """Add the component -owed/share to c of the carrier's nodes; returns the new common scale of all c."""
    if carrier == "unit":
        carrying, share = [len(nodes)], 1
        nodes.append(ExactNode({0: _root(0, n)}, {}, {}))
    else:
        order, real = (2, True) if carrier == "real" else (6, False)
        homes = [
            k
            for k in members  # in the order of Recipe.blocks
            if blocks[k].order == order
            and (group.character_orders[k] == 2) == real
            and k not in owed
            and (real or blocks[k].squares_to_a_constant())
        ]
        if carrier == "none" or not homes:
            names = [group.frequency_name(k) for k in sorted(owed)]
            raise InputError(
                f"group {group.name} has no carrier for the constants of frequencies {names} (carrier {carrier!r}): "
                "put nu*syn at one frequency, or use a constant unit (f4+const, --trivial with)"
            )
        carrying = [j for k in (homes[:1] if real else homes) for j in members[k]]
        share = len(carrying) * (2 if real else 4)
    for j, node in enumerate(nodes):
        nodes[j] = ExactNode(node.a, node.b, {k: value * share for k, value in node.c.items()})
    for j in carrying:
        nodes[j] = ExactNode(nodes[j].a, nodes[j].b, nodes[j].c | {k: -value for k, value in owed.items()})
    return scale * share


def build(name: str, group: Group, setting: Setting, order6: tuple[int, ...] | None = None) -> Recipe:
    """One of the named recipes: f6, f4/6, f4+const, f4+real (memorization has its own function).

    ``order6`` names the order-6 frequencies of f4/6 (default: the first conjugate pair). Raises InputError
    where the group or the setting does not admit the recipe.
    """
    pairs = [k for k, _ in group.conjugate_pairs]
    blocks = {k: real_block(k, 2) for k in group.self_conjugate}
    if name == "f6":
        blocks |= {k: Block.of(k, z_syn_nu().id, z_syn_nu()) for k in pairs}
        return compose(name, group, setting, blocks, "six")
    if name == "f4/6":
        if not pairs:
            raise InputError(f"recipe f4/6 needs a conjugate pair, group {group.name} has none: use f6")
        sixes = {min(k, int(group.multiple(-1, k))) for k in (order6 or pairs[:1])}
        if not sixes <= set(pairs):
            raise InputError(f"order-6 frequencies {sorted(sixes - set(pairs))} are no conjugate pairs of {group.name}")
        blocks |= {k: Block.of(k, s.id, s) for k in pairs for s in [z_syn_nu() if k in sixes else z_f4()]}
        return compose(name, group, setting, blocks, "six")
    if name == "f4+const":
        if setting.trivial == "without":
            raise InputError("recipe f4+const needs a constant unit: allow the trivial character (--trivial with)")
        blocks |= {k: Block.of(k, z_f4().id, z_f4()) for k in pairs}
        return compose(name, group, setting, blocks, "unit")
    if name == "f4+real":
        if not group.self_conjugate:
            raise InputError(f"recipe f4+real needs a character with 2k = 0, group {group.name} has none: use f4/6")
        blocks |= {k: _four(group, k) for k in pairs}
        return compose(name, group, setting, blocks, "real")
    raise InputError(f"recipe {name!r} is unknown: choose from {', '.join(RECIPES)} or entry:ID")


def from_entries(
    group: Group, setting: Setting, default: Solution | None, at: Mapping[int, tuple[Solution, tuple[int, int]]]
) -> Recipe:
    """Catalog solutions at any frequencies, each with any unit; the first carrier that absorbs the constants.

    ``default`` serves every conjugate pair that ``at`` does not name; characters with 2k = 0 get two nodes.
    Raises InputError if a frequency has no solution or the loss cannot be made exactly zero.
    """
    blocks = {k: real_block(k, 2) for k in group.self_conjugate}
    for k, minus_k in group.conjugate_pairs:
        named = at.get(k) or at.get(minus_k)
        if named is not None:
            blocks[k] = Block.of(k, named[0].id, *named)
        elif default is not None:
            blocks[k] = Block.of(k, default.id, default)
    if strange := [group.frequency_name(k) for k in at if not any(k in pair for pair in group.conjugate_pairs)]:
        raise InputError(f"frequencies {strange} of group {group.name} are no conjugate pairs: an entry needs 2k != 0")
    refusals = []
    for carrier in ("real", "six", "unit"):
        if carrier == "unit" and setting.trivial == "without":
            continue
        try:
            return compose("entries", group, setting, blocks, carrier)
        except InputError as refusal:
            refusals.append(refusal)
    raise next((r for r in refusals if "residual" in str(r)), refusals[-1])


def _four(group: Group, k: int) -> Block:
    """The least block with a free constant: three nodes where 4k = 0, else z_F4."""
    return quarter_block(k) if group.character_orders[k] == 4 else Block.of(k, z_f4().id, z_f4())
