"""The composition of least order inside a setting, and the bound it is measured against."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..errors import InputError
from ..groups import Group
from ..potentials import covered_sets
from ..search.orbits import Solution, solution_cost
from .blocks import Block, quarter_block, real_block
from .exact import numeric
from .network import Setting, spectrum
from .recipes import CARRIERS, Recipe, compose

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
        if not _admitted(carrier, group, setting):
            continue
        try:
            found.append(compose("minimal", group, setting, _blocks(group, carrier, full, free), carrier))
        except InputError:
            continue
    if not found:
        raise InputError(f"no composition of the catalog's entries solves group {group.name}: name a larger --catalog")
    return min(found, key=lambda recipe: recipe.order)


def cheapest(group: Group, setting: Setting, solutions: Sequence[Solution]) -> Recipe:
    """The least squared norm over carriers and, for the carrier ``six``, over how many frequencies share it.

    Each frequency takes the entry of least cost that its conditions allow. Unit phases do not matter: the
    norm of a node depends on the sizes of its coefficients alone, and so does the constant it carries;
    the gauge of every node is at its optimum. Raises InputError if no choice reaches zero loss.
    """
    full, free = _cheapest(solutions, {"Rc", "Rn", "R*"}), _cheapest(solutions, {"Rc", "R*"})
    best: tuple[float, Recipe] | None = None
    for carrier in CARRIERS:
        if not _admitted(carrier, group, setting):
            continue
        for sixes in range(1, len(group.conjugate_pairs) + 1) if carrier == "six" else (1,):
            try:
                blocks = _blocks(group, carrier, full, free, sixes, quarter=False)
                recipe = compose("cheapest", group, setting, blocks, carrier)
            except InputError:
                continue
            norm = squared_norm(spectrum(numeric(recipe.network)))
            if best is not None and carrier == "six" and best[1].carrier == "six" and norm >= best[0]:
                break
            if best is None or norm < best[0]:
                best = (norm, recipe)
    if best is None:
        raise InputError(f"no composition of the catalog's entries solves group {group.name}: name a larger --catalog")
    return best[1]


def _admitted(carrier: str, group: Group, setting: Setting) -> bool:
    """Whether group and setting have the carrier at all."""
    return {
        "none": setting.target == "zero-mean",
        "real": bool(group.self_conjugate),
        "unit": setting.trivial == "with",
        "six": bool(group.conjugate_pairs),
    }[carrier]


def _cheapest(solutions: Sequence[Solution], sets: set[str]) -> Solution:
    return min(_fitting(solutions, sets), key=lambda s: (solution_cost(s), s.order, s.n, s.id))


def _least(solutions: Sequence[Solution], sets: set[str]) -> Solution:
    return min(_fitting(solutions, sets), key=lambda s: (s.order, s.n, s.id))


def _fitting(solutions: Sequence[Solution], sets: set[str]) -> list[Solution]:
    fitting = [s for s in solutions if sets <= set(covered_sets(set(s.weights().zero_set())))]
    # Of the solutions of all conditions those are preferred that can carry the others' constants in equal shares.
    carrying = [s for s in fitting if "Rn" in sets and Block.of(0, s.id, s).squares_to_a_constant()]
    least = min((s.order for s in fitting), default=0)
    if any(s.order == least for s in carrying):
        return carrying
    if not fitting:
        raise InputError(f"the catalog has no entry that covers {'+'.join(sorted(sets))}: name another --catalog")
    return fitting


def _blocks(
    group: Group, carrier: str, full: Solution, free: Solution, sixes: int = 1, quarter: bool = True
) -> dict[int, Block]:
    blocks = {}
    for position, (k, _) in enumerate(group.conjugate_pairs):
        if carrier == "none" or (carrier == "six" and position < sixes):
            blocks[k] = Block.of(k, full.id, full)
        elif quarter and group.character_orders[k] == 4:
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
