"""The composition of least order inside a setting, and the bound it is measured against."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..errors import InputError
from ..groups import Group
from ..search.orbits import Solution
from .network import Setting
from .recipes import CARRIERS, Block, Recipe, compose, quarter_block, real_block

#: What :func:`lower_bound` rests on, for printing.
BOUND_SCOPE = "any real network of zero loss, whole network: real rank of the group algebra"


def lower_bound(group: Group, setting: Setting) -> int:
    """3 nodes for each conjugate pair and 1 for each character with 2k = 0; one more for one-hot outputs.

    The bilinear part of the outputs is multiplication in the real group algebra modulo the trivial
    character, R^s x C^p, whose real rank is s + 3p; one-hot outputs add the trivial character.
    """
    bound = 3 * len(group.conjugate_pairs) + len(group.self_conjugate)
    return bound + (setting.target == "one-hot")


def least_order(group: Group, setting: Setting, solutions: Sequence[Solution]) -> Recipe:
    """The least order over all carriers, with the given single-frequency solutions as material.

    The choice is small: without a carrier every frequency needs a solution of all conditions, with one
    it needs R_c and R_* only (three nodes where 4k = 0, one where 2k = 0). Raises InputError if no choice
    reaches zero loss.
    """
    full = _least(solutions, {"Rc", "Rn", "R*"})
    free = _least(solutions, {"Rc", "R*"})
    found: list[Recipe] = []
    for carrier in CARRIERS:
        if (carrier == "unit" and setting.trivial == "without") or (carrier == "real" and not group.self_conjugate):
            continue
        if (carrier == "none" and setting.target == "one-hot") or (carrier == "six" and not group.conjugate_pairs):
            continue
        try:
            found.append(compose("minimal", group, setting, _blocks(group, carrier, full, free), carrier))
        except InputError:
            continue
    if not found:
        raise InputError(f"no composition of the catalog's entries solves group {group.name}: name a larger --catalog")
    return min(found, key=lambda recipe: recipe.order)


def _least(solutions: Sequence[Solution], sets: set[str]) -> Solution:
    from ..potentials import covered_sets

    fitting = [s for s in solutions if sets <= set(covered_sets(set(s.weights().zero_set())))]
    if not fitting:
        raise InputError(f"the catalog has no entry that covers {'+'.join(sorted(sets))}: name another --catalog")
    return min(fitting, key=lambda s: (s.order, s.n, s.id))


def _blocks(group: Group, carrier: str, full: Solution, free: Solution) -> dict[int, Block]:
    blocks = {}
    for position, (k, _) in enumerate(group.conjugate_pairs):
        if carrier == "none" or (carrier == "six" and position == 0):
            blocks[k] = Block.of(k, full.id, full)
        elif group.character_orders[k] == 4:
            blocks[k] = quarter_block(k)
        else:
            blocks[k] = Block.of(k, free.id, free)
    for position, k in enumerate(group.self_conjugate):
        two = carrier == "none" or (carrier == "real" and position == 0)
        blocks[k] = real_block(k, 2 if two else 1)
    return blocks


def squared_norm(z: np.ndarray) -> float:
    """The squared norm of the weights in z (3, d, q): the L2 cost that ``cost`` of a catalog entry is a part of."""
    return float(np.sum(np.abs(z) ** 2))
