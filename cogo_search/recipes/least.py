r"""The compositions of least order and of least norm inside a setting, and the bound they are measured against.

**The program.** A :class:`Plan` chooses a carrier and for every character a block: at conjugate pairs a catalog entry
of all conditions, or one of R_c and R_* whose constant is carried, where 4k = 0 an entry of its merged conditions
(or, if the catalog has none, the closed forms with three or four nodes); at 2k = 0 one node, or two. With carrier
``pairs`` the number of frequencies that carry, with ``real`` the number of characters with two nodes runs over all
values. The squared norm of a plan in z, every node at the optimum of its gauge (t, t, t^-2), is known in closed form:
a node with A = sum |z_a|^2 + |z_b|^2 and C = sum |z_c|^2 costs min_t (t^2 A + t^-4 C) = 3 (A/2)^(2/3) C^(1/3). Unit
phases do not enter it. All plans are compared by it, and only the best one is composed.

**What is not searched.** Frequencies carry in equal shares and one kind of carrier at a time. A free division of the
constants, over all kinds at once, was never cheaper (tests/recipes/test_least.py searches it numerically), but
that is no proof. Nodes of several frequencies can be narrower still.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from ..algebra.canonical import Solution, solution_cost
from ..algebra.cyclotomic import to_complex
from ..algebra.potentials import covered_sets
from ..errors import InputError
from ..groups.abelian import Group
from ..networks.network import Setting
from .blocks import Block, quarter_block, real_block
from .compose import Recipe, compose


@dataclass(frozen=True)
class Plan:
    """A composition before it is composed: template blocks, each with the characters it serves."""

    carrier: str
    parts: tuple[tuple[Block, tuple[int, ...]], ...]
    carrying: int | None

    def order(self) -> int:
        """Number of hidden nodes; a unit is one where something is carried."""
        return sum(block.order * len(served) for block, served in self.parts) + (self.carrier == "unit")

    def norm(self, group: Group, setting: Setting) -> float:
        """The squared norm of the balanced weights in z, in closed form."""
        constants = 4.0 if setting.target == "one-hot" else 0.0
        multiplicity = [1 if group.character_orders[served[0]] == 2 else 2 for _, served in self.parts]
        for (block, served), times in zip(self.parts, multiplicity, strict=True):
            size = abs(complex(to_complex(block.constant(2 if times == 1 else 4), block.n))) / block.scale
            constants += times * len(served) * size**2
        total = _least_norm(2.0, np.array([constants / 16])) if self.carrier == "unit" else 0.0
        nodes = 0
        if self.carrying is not None:
            block, served = self.parts[self.carrying]
            nodes = block.order * len(served)
        for i, ((block, served), times) in enumerate(zip(self.parts, multiplicity, strict=True)):
            extra = constants / (2 * times * nodes) ** 2 if i == self.carrying else 0.0
            total += len(served) * _least_norm(2.0 * times, times * block.sizes() ** 2 + extra)
        return total

    def compose(self, name: str, group: Group, setting: Setting) -> Recipe:
        """The recipe, its loss decided in integers."""
        blocks = {k: replace(block, frequency=k) for block, served in self.parts for k in served}
        return compose(name, group, setting, blocks, self.carrier)


def _least_norm(entering: float, leaving: np.ndarray) -> float:
    return float(np.sum(3 * (entering / 2) ** (2 / 3) * np.cbrt(leaving)))


def least_order(group: Group, setting: Setting, solutions: Sequence[Solution]) -> Recipe:
    """The composition of least order, of those the one of least norm.

    Raises InputError if the solutions make none.
    """
    best = min(_plans(group, setting, solutions), key=lambda plan: (plan.order(), plan.norm(group, setting)))
    return best.compose("least-order", group, setting)


def least_norm(group: Group, setting: Setting, solutions: Sequence[Solution]) -> Recipe:
    """The composition of least squared norm (:meth:`Plan.norm`), of those the one of least order.

    Raises InputError if the solutions make none.
    """
    best = min(_plans(group, setting, solutions), key=lambda plan: (round(plan.norm(group, setting), 9), plan.order()))
    return best.compose("least-norm", group, setting)


def _plans(group: Group, setting: Setting, solutions: Sequence[Solution]) -> list[Plan]:
    found = list(plans(group, setting, solutions))
    if not found:
        raise InputError(f"no composition of the catalog's entries solves group {group.name}: name a larger --catalog")
    return found


def plans(group: Group, setting: Setting, solutions: Sequence[Solution]) -> Iterator[Plan]:
    """Every plan of the module's program, of each class of entries only the least order and the least cost."""
    full = _fitting(solutions, {"Rc", "Rn", "R*"})
    carrying = _extremes([block for block in full if block.squares_to_a_constant()])
    free, full = _extremes(_fitting(solutions, {"Rc", "R*"})), _extremes(full)
    generic = tuple(k for k, _ in group.conjugate_pairs if group.character_orders[k] != 4)
    quarter = tuple(k for k, _ in group.conjugate_pairs if group.character_orders[k] == 4)
    pairs, real = generic + quarter, tuple(group.self_conjugate)
    quarter_full = _extremes(_fitting(solutions, {"Rc", "Rn", "R*"}, "4")) or [quarter_block(1, 4)]
    quarter_free = _extremes(_fitting(solutions, {"Rc", "R*"}, "4")) or [quarter_block(1, 3), quarter_block(1, 4)]
    one, two = real_block(1, 1), real_block(1, 2)

    def plan(carrier: str, *parts: tuple[Block, tuple[int, ...]], carrying: int | None = None) -> Plan:
        kept = [i for i, (_, served) in enumerate(parts) if served]
        return Plan(carrier, tuple(parts[i] for i in kept), kept.index(carrying) if carrying in kept else None)

    if setting.target == "zero-mean":
        for block, at_quarter in product(full if generic else quarter_full, quarter_full):
            yield plan("none", (block, generic), (at_quarter, quarter), (two, real))
    for rest, at_quarter in product(free if generic else quarter_free[:1], quarter_free):
        for m in range(1, len(real) + 1):
            yield plan("real", (two, real[:m]), (one, real[m:]), (rest, generic), (at_quarter, quarter), carrying=0)
        if setting.trivial == "with":
            yield plan("unit", (one, real), (rest, generic), (at_quarter, quarter))
    for carrier, rest, at_quarter in product(carrying, free or carrying, quarter_free):
        for m in range(1, len(pairs) + 1):
            others = (rest, generic[m:]), (at_quarter, quarter[max(0, m - len(generic)) :])
            yield plan("pairs", (carrier, pairs[:m]), (one, real), *others, carrying=0)


def _fitting(solutions: Sequence[Solution], sets: set[str], order: str = "generic") -> list[Block]:
    """The solutions for characters of this order that cover the sets, as template blocks, the cheapest first."""
    own = [s for s in solutions if s.character_order == order]
    fitting = [s for s in own if sets <= set(covered_sets(set(s.weights().zero_set_at(order)), order))]
    return [Block.of(1, s) for s in sorted(fitting, key=lambda s: (solution_cost(s), s.order, s.n, s.id))]


def _extremes(blocks: Sequence[Block]) -> list[Block]:
    """Of blocks in order of cost the cheapest, and the cheapest of least order."""
    return list({b.name: b for b in [*blocks[:1], *sorted(blocks, key=lambda b: b.order)[:1]]}.values())
