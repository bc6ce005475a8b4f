r"""The product model: ring products of polynomials rho_S(u), least formal order for a wanted zero set.

Lemma 2 makes the zero set of a product the union of its factors' zero sets, and the formal order is
the product of the factors' orders. So the least formal order is a set cover with multiplicative cost:

    minimise  prod_i order(p_i)   subject to   union_i zeros(p_i) contains the cover.

It is solved twice: by CP-SAT over slots that each choose one (order, zero mask) type, and by dynamic
programming over the at most 2^9 zero masks, which is exhaustive and needs no solver. They must agree.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..algebra.canonical import NodeList, Solution, canonical, unit_class
from ..algebra.generators import Generator
from ..algebra.polynomials import Polynomial, all_polynomials
from ..algebra.potentials import ZEROABLE, cover_potentials
from ..algebra.weights import ring_product
from ..errors import CogoError
from .solver import Solve, minimize

#: An (order, zero mask within the cover) pair that some polynomial attains.
Type = tuple[int, int]


def cover_mask(cover: str) -> int:
    """The cover as a bit mask over the nine potentials."""
    wanted = set(cover_potentials(cover))
    return sum(1 << bit for bit, name in enumerate(ZEROABLE) if name in wanted)


def polynomial_pool(generators: Sequence[Generator]) -> list[Polynomial]:
    """Every rho_S(u) of every generator."""
    return [p for generator in generators for p in all_polynomials(generator)]


def undominated_types(pool: Sequence[Polynomial], cover: str) -> list[Type]:
    """The types no other type beats: at most the same order and at least the same zeros."""
    mask = cover_mask(cover)
    types = sorted({(p.order, p.mask & mask) for p in pool if p.mask & mask})
    return [t for t in types if not any(s != t and s[0] <= t[0] and s[1] | t[1] == s[1] for s in types)]


def least_order_exhaustive(types: Sequence[Type], cover: str, max_factors: int | None) -> int | None:
    """The least product of orders, by dynamic programming over zero masks; None if out of reach."""
    goal = cover_mask(cover)
    best, layer = {0: 1}, {0: 1}
    for _ in range(len(ZEROABLE) if max_factors is None else max_factors):
        following: dict[int, int] = {}
        for (mask, cost), (order, zeros) in itertools.product(layer.items(), types):
            union = mask | zeros
            if cost * order < min(best.get(union, cost * order + 1), following.get(union, cost * order + 1)):
                following[union] = cost * order
        best.update(following)
        layer = following
    return best.get(goal)


def least_order_cp_sat(types: Sequence[Type], cover: str, max_factors: int | None, budget: float) -> Solve:
    """The same minimum by CP-SAT: one slot per factor, empty slots have order 1."""
    from ortools.sat.python import cp_model

    goal = cover_mask(cover)
    upper = _greedy_bound(types, goal)
    slots = len(ZEROABLE) if upper is None else upper.bit_length() - 1
    slots = min(slots, len(ZEROABLE) if max_factors is None else max_factors)
    if upper is None or max_factors is not None:
        upper = max((order for order, _ in types), default=1) ** max(1, slots)
    upper = min(upper, 2**40)
    model = cp_model.CpModel()
    options = [(1, 0), *types]
    chosen = [[model.new_bool_var(f"slot{i}_type{t}") for t in range(len(options))] for i in range(slots)]
    product: cp_model.IntVar | None = None
    previous: cp_model.IntVar | None = None
    for i, row in enumerate(chosen):
        model.add_exactly_one(row)
        order = model.new_int_var(1, max(o for o, _ in options), f"order{i}")
        model.add(order == sum(o * x for (o, _), x in zip(options, row, strict=True)))
        if previous is not None:
            model.add(previous >= order)
        previous = order
        if product is None:
            product = order
        else:
            following = model.new_int_var(1, upper, f"product{i}")
            model.add_multiplication_equality(following, [product, order])
            product = following
    for bit in range(len(ZEROABLE)):
        if goal >> bit & 1:
            model.add_bool_or([x for row in chosen for (_, m), x in zip(options, row, strict=True) if m >> bit & 1])
    if product is not None:
        model.minimize(product)
    return minimize(model, [], budget)


def _greedy_bound(types: Sequence[Type], goal: int) -> int | None:
    mask, cost = 0, 1
    while mask != goal:
        gains = [((z & ~mask).bit_count() / o, z, o) for o, z in types if z & ~mask]
        if not gains:
            return None
        _, zeros, order = max(gains)
        mask, cost = mask | zeros, cost * order
    return cost


@dataclass(frozen=True)
class ProductResult:
    """Least formal order for one cover and the minimal products, one list of factors per solution.

    ``found`` counts the products of unit classes that were expanded, ``complete`` says that none of
    the minimal products is missing; ``merged_order`` is the least order after merging among them.
    """

    cover: str
    order: int | None
    found: int
    complete: bool
    solutions: dict[str, tuple[Solution, tuple[Polynomial, ...]]]

    @property
    def merged_order(self) -> int | None:
        """Least number of directions among the minimal products."""
        return min((s.order for s, _ in self.solutions.values()), default=None)


def search_products(
    pool: Sequence[Polynomial], cover: str, max_factors: int | None, limit: int, budget: float
) -> ProductResult:
    """Find and prove the least formal order for one cover, then expand all products that attain it.

    Products with fewer factors come first; at most ``limit`` distinct solutions are kept.
    """
    types = undominated_types(pool, cover)
    order = least_order_exhaustive(types, cover, max_factors)
    solved = least_order_cp_sat(types, cover, max_factors, budget)
    if (solved.optimal or solved.status == "INFEASIBLE") and solved.objective != order:
        raise CogoError(f"cover={cover}: CP-SAT says {solved.objective}, the exhaustive search says {order}")
    solutions: dict[str, tuple[Solution, tuple[Polynomial, ...]]] = {}
    found, complete = 0, True
    if order is not None:
        for factors in minimal_products(pool, cover, order, max_factors):
            if len(solutions) >= limit:
                complete = False
                break
            found += 1
            solution = canonical(ring_product(p.weights() for p in factors))
            kept = solutions.get(solution.id)
            if kept is None or (len(factors), factors) < (len(kept[1]), kept[1]):
                solutions[solution.id] = (solution, factors)
    return ProductResult(cover, order, found, complete, solutions)


def minimal_products(
    pool: Sequence[Polynomial], cover: str, order: int, max_factors: int | None
) -> Iterator[tuple[Polynomial, ...]]:
    """Every product of the given formal order that annuls the cover, once per choice of unit classes.

    Multiplying a factor by a unit multiplies the product by it, so one polynomial stands for its
    class. Factors come in ascending order; products with fewer factors first.
    """
    goal = cover_mask(cover)
    groups: dict[Type, list[Polynomial]] = {}
    for p in pool:
        if p.mask & goal and order % p.order == 0:
            groups.setdefault((p.order, p.mask & goal), []).append(p)
    representatives: dict[Type, list[Polynomial]] = {}
    for count in range(1, (max_factors or order.bit_length()) + 1):
        for types in itertools.combinations_with_replacement(sorted(groups), count):
            product, union = 1, 0
            for o, zeros in types:
                product, union = product * o, union | zeros
            if product != order or union != goal:
                continue
            for t in types:
                if t not in representatives:
                    representatives[t] = _one_per_unit_class(groups[t])
            yield from _choices(types, representatives)


def _choices(types: Sequence[Type], groups: dict[Type, list[Polynomial]]) -> Iterator[tuple[Polynomial, ...]]:
    blocks = [
        itertools.combinations_with_replacement(groups[t], len(list(same))) for t, same in itertools.groupby(types)
    ]
    for choice in itertools.product(*blocks):
        yield tuple(itertools.chain.from_iterable(choice))


def _one_per_unit_class(polynomials: Sequence[Polynomial]) -> list[Polynomial]:
    classes: dict[tuple[int, NodeList], Polynomial] = {}
    for p in sorted(polynomials):
        classes.setdefault(unit_class(p.weights()), p)
    return list(classes.values())
