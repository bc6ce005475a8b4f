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
from functools import cache
from math import lcm
from typing import Any

import numpy as np

from ..cyclotomic import IntArray, lift, reduction_matrix, rotate
from ..errors import InputError
from ..groups import Group
from ..search.generators import Generator
from ..search.orbits import Solution, canonical
from ..search.polynomials import Polynomial
from ..weights import Weights
from .exact import ExactNetwork, ExactNode, residuals
from .network import Setting

RECIPES = ("f6", "f4/6", "f4+const", "f4+real", "memorization")
CARRIERS = ("none", "real", "unit", "six")


@dataclass(frozen=True)
class Block:
    """A solution at one character: exponents of zeta_n, c over ``scale``; ``name`` says where it is from."""

    frequency: int
    name: str
    n: int
    a: tuple[int, ...]
    b: tuple[int, ...]
    c: tuple[tuple[int, ...], ...]
    scale: int

    @property
    def order(self) -> int:
        """Number of nodes."""
        return len(self.a)

    @classmethod
    def of(cls, frequency: int, name: str, solution: Solution, unit: tuple[int, int] = (0, 0)) -> Block:
        """A catalog solution times the unit [zeta_n^u, zeta_n^v, .], n the solution's."""
        w = solution.weights()
        u, v = unit
        c = rotate(w.c, -u - v, w.n)
        return cls(
            frequency,
            name,
            w.n,
            tuple(int(x + u) % w.n for x in w.a),
            tuple(int(x + v) % w.n for x in w.b),
            tuple(tuple(int(x) for x in row) for row in c),
            solution.scale(),
        )

    def record(self, group: Group) -> dict[str, Any]:
        """The block as JSON."""
        nodes = [{"a": a, "b": b, "c": list(c)} for a, b, c in zip(self.a, self.b, self.c, strict=True)]
        k = group.frequency_name(self.frequency)
        return {"k": k, "solution": self.name, "n": self.n, "scale": self.scale, "nodes": nodes}


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
        """The recipe as JSON, for provenance and the catalog's ``optimizers``."""
        return {
            "recipe": self.name,
            "group": self.group.name,
            "trivial": self.setting.trivial,
            "target": self.setting.target,
            "carrier": self.carrier,
            "blocks": [block.record(self.group) for block in self.blocks],
        }


def _one() -> Weights:
    return Weights.unit(0, 0, 2)


@cache
def z_syn_nu() -> Solution:
    """z_syn * z_{nu=1}: order 6, all conditions (Corollary 2)."""
    syn = Polynomial(Generator(1, 1, 3), (1, 2), 3, 0).weights()
    return canonical(syn * (_one() + Weights.unit(0, 1, 2)))


@cache
def z_f4() -> Solution:
    """z_{nu=i} * z_xi at xi = 1: order 4, R_c and R_* (Corollary 4)."""
    xi = _one() + Weights.unit(0, 3, 4)
    return canonical((_one() + Weights.unit(1, 3, 4)) * xi)


def quarter_block(k: int) -> Block:
    r"""Three nodes at a character with 4k = 0 != 2k, constants left to the carrier.

    With A, B = k x + t: F_t = (cos A + cos B)^2 and G_t = (sin A - sin B)^2 satisfy F_t + G_t = 2 + 2 cos(A + B),
    and F_g - F_{-g} = -2 sin 2g sin k(x1 + x2), because sin 2kx vanishes. At g = pi/6 therefore
    e^{ik(x1+x2)} = const + F_{-g} + G_g + (i/sqrt 3)(F_{-g} - F_g).
    """
    one, i_root3 = reduction_matrix(12)[0], reduction_matrix(12)[4] - reduction_matrix(12)[8]
    c = (-i_root3, 3 * one + i_root3, 3 * one)
    rows = tuple(tuple(int(x) for x in row) for row in c)
    return Block(k, "quarter", 12, (1, 11, 10), (1, 11, 4), rows, 6)


def real_block(k: int, order: int) -> Block:
    """One or two nodes at a character with 2k = 0: [1, 1, 1], and u_one + 1 halved (Sec. 5.2, even d)."""
    if order == 1:
        return Block(k, "one", 2, (0,), (0,), ((1,),), 1)
    return Block(k, "u_one+1", 2, (0, 0), (0, 1), ((1,), (-1,)), 2)


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
        block = blocks[k]
        c = lift(np.array(block.c, dtype=np.int64), block.n, n) * (scale // block.scale)
        weight = 2 if group.character_orders[k] == 2 else 4
        constants[k] = weight * c.sum(axis=0)  # C_{0 0 k}: each node's square has this share of constant
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
            for k, block in blocks.items()
            if block.order == order and (group.character_orders[k] == 2) == real and k not in owed
        ]
        if not homes:
            names = [group.frequency_name(k) for k in sorted(owed)]
            raise InputError(
                f"group {group.name} has no carrier for the constants of frequencies {names} (carrier {carrier!r}): "
                "put a solution of all conditions at one frequency, or allow --trivial with"
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
