r"""Which group is it? The group behind a table of answers, and how its elements are labelled.

A table T of shape (d, d) with entries below d is a *Latin square* if every row and every column is a permutation. It
is *isotopic* to a group if left[x1] * right[x2] = out[T[x1, x2]] for three labellings by the group's elements: the
table of x1 - x2, of a product modulo a prime, of a group whose elements are numbered in any order. All loops isotopic
to a group are isomorphic to it (Albert, "Quasigroups I", 1943, Theorem 2), so one of them decides: with f(x1) the
entries of one column and g(x2) those of one row, y1 . y2 = T[f^-1(y1), g^-1(y2)] has an identity, and T is isotopic to
a group if and only if this product is associative.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from functools import cached_property
from math import factorial, gcd

import numpy as np

from ..algebra.cyclotomic import IntArray
from ..errors import InputError
from .abelian import Group, abelian_groups

#: Share of the cells that may differ from the nearest group's table.
MOST_WRONG = 0.05
#: Wrong cells are repaired up to this order, for the memory that the votes take.
MOST_REPAIRED = 512
#: Pairs of a row and a column tried as the identity's, where cells are wrong.
BASES = 64


@dataclass(frozen=True, eq=False)
class LabelledGroup:
    """The group of a table: left[x1] * right[x2] = out[T[x1, x2]] but for ``wrong`` cells.

    ``product`` (d, d) is the group's own table in the numbering of the three labellings (d,); for an Abelian group it
    is that of ``group``.
    """

    product: IntArray
    left: IntArray
    right: IntArray
    out: IntArray
    wrong: int = 0
    group: Group | None = None

    @property
    def order(self) -> int:
        """Number of elements d."""
        return len(self.product)

    @cached_property
    def element_orders(self) -> IntArray:
        """The order of every element, shape (d,)."""
        return element_orders(self.product)

    @property
    def is_plain(self) -> bool:
        """Whether the elements are numbered as the package numbers them, in both inputs and the outputs."""
        everything = np.arange(self.order)
        return all(np.array_equal(labels, everything) for labels in (self.left, self.right, self.out))

    @property
    def name(self) -> str:
        """The spec of an Abelian group such as ``2x4``; a non-Abelian one by its usual name, where it has one here."""
        return self.group.name if self.group is not None else _non_abelian_name(self.product, self.element_orders)

    @property
    def task(self) -> str:
        """What the table computes, in words: the operation if it is a common one, else that elements are relabelled."""
        d, everything = self.order, np.arange(self.order)
        x1, x2 = everything[:, None], everything[None, :]
        answers = self.table
        common = {
            f"addition modulo {d}": (x1 + x2) % d,
            f"subtraction modulo {d}": (x1 - x2) % d,
            f"multiplication modulo {d + 1}, of 1 to {d}": (x1 + 1) * (x2 + 1) % (d + 1) - 1,
        }
        for words, expected in common.items():
            if np.array_equal(answers, expected):
                return words
        if self.is_plain:
            return f"the group {self.name}"
        same = np.array_equal(self.left, self.right) and np.array_equal(self.left, self.out)
        return f"the group {self.name}, {'elements relabelled' if same else 'inputs and outputs labelled differently'}"

    @cached_property
    def table(self) -> IntArray:
        """The right answers in the labels of the network, shape (d, d)."""
        back = np.argsort(self.out)
        return np.asarray(back[self.product[self.left[:, None], self.right[None, :]]])


def identify(table: IntArray, group: Group | None = None) -> LabelledGroup | None:
    """The group of a table of shape (d, d), and the labellings; None if it is none's, up to 5 % of its cells.

    With ``group`` given only that one counts; elements numbered in its own way are preferred to any relabelling. Raises
    InputError for a table that is not square or has entries outside 0..d-1.
    """
    table = np.asarray(table, dtype=np.int64)
    d = len(table)
    if table.shape != (d, d) or d < 2 or table.min() < 0 or table.max() >= d:
        raise InputError(f"table of shape {table.shape} is no table of a group: give (d, d) numbers from 0 to d - 1")
    allowed = MOST_WRONG * d * d
    everything = np.arange(d)
    for known in [group] if group is not None else [Group(d)]:
        if known.order == d and (wrong := int(np.sum(table != known.table))) <= allowed:
            return LabelledGroup(known.table, everything, everything, everything, wrong, known)
    for e1, e2 in _bases(table):
        found = _around(table, e1, e2)
        if found is None:
            continue
        wrong = int(np.sum(found.table != table))
        if 0 < wrong <= allowed:  # once more, for the plainest labels of the repaired table
            again = identify(found.table, group)
            return None if again is None else replace(again, wrong=wrong)
        if wrong == 0:
            return _in_coordinates(found, group)
    return None


def is_latin(table: IntArray) -> bool:
    """Whether every row and every column of a square table is a permutation of 0..d-1."""
    everything = np.arange(len(table))
    rows, columns = np.sort(table, axis=1), np.sort(table, axis=0)
    return bool((rows == everything).all() and (columns == everything[:, None]).all())


def is_group(product: IntArray) -> bool:
    """Whether a Latin square with an identity element is associative: Light's test, on generators only."""
    if identity(product) is None:
        return False
    return all(np.array_equal(product[product[:, g]], product[:, product[g]]) for g in generators_of(product))


def identity(product: IntArray) -> int | None:
    """The element e with e x = x e = x for all x, if there is one."""
    everything = np.arange(len(product))
    for e in np.flatnonzero((product == everything).all(axis=1)):
        if np.array_equal(product[:, e], everything):
            return int(e)
    return None


def generators_of(product: IntArray) -> list[int]:
    """Elements that generate everything under left and right products: the first that is not yet reached, again."""
    d = len(product)
    reached = np.zeros(d, dtype=bool)
    reached[identity(product) or 0] = True
    chosen: list[int] = []
    while not reached.all():
        chosen.append(int(np.flatnonzero(~reached)[0]))
        reached[chosen[-1]] = True
        while True:
            members = np.flatnonzero(reached)
            new = np.unique(product[members[:, None], chosen])
            if reached[new].all():
                break
            reached[new] = True
    return chosen


def element_orders(product: IntArray) -> IntArray:
    """The order of every element of a group, shape (d,)."""
    e = identity(product)
    everything = np.arange(len(product))
    orders, power = np.zeros(len(product), dtype=np.int64), everything.copy()
    for n in range(1, len(product) + 1):
        orders[(orders == 0) & (power == e)] = n
        power = product[power, everything]
    return orders


def _bases(table: IntArray) -> list[tuple[int, int]]:
    """Rows and columns without a repeated entry, to be taken for those of the identity: where labels allow, 0 and 0.

    First those that are 0..d-1 themselves, because then inputs and outputs share one labelling.
    """
    d, everything = len(table), np.arange(len(table))
    rows = np.flatnonzero((np.sort(table, axis=1) == everything).all(axis=1))
    columns = np.flatnonzero((np.sort(table, axis=0) == everything[:, None]).all(axis=0))
    plain_rows = [int(r) for r in rows if np.array_equal(table[r], everything)]
    plain_columns = [int(c) for c in columns if np.array_equal(table[:, c], everything)]
    same = [(r, r) for r in plain_rows if r in plain_columns]
    others = [(int(rows[i % len(rows)]), int(columns[j % len(columns)])) for i in range(8) for j in range(8)
              if len(rows) and len(columns)]  # fmt: skip
    return list(dict.fromkeys([*same, *others]))[: 1 if is_latin(table) else min(BASES, d * d)]


def _around(table: IntArray, e1: int, e2: int) -> LabelledGroup | None:
    """The group with y1 . y2 = T[f^-1(y1), g^-1(y2)], f the column of e2 and g the row of e1; None if there is none."""
    left, right = table[:, e2], table[e1]
    product = table[np.argsort(left)[:, None], np.argsort(right)[None, :]]
    if not is_latin(product):
        if len(product) > MOST_REPAIRED:
            return None
        product = _voted(product, int(table[e1, e2]))
    if not (is_latin(product) and is_group(product)):
        return None
    return LabelledGroup(product, left, right, np.arange(len(table)))


def _voted(product: IntArray, e: int) -> IntArray:
    """The most frequent answer of (x z)(z^-1 y) over all z, for each x and y: what few wrong cells cannot change."""
    d = len(product)
    inverse = np.argmax(product == e, axis=1)
    votes = np.zeros((d, d, d), dtype=np.uint16)
    x, y = np.arange(d)[:, None], np.arange(d)[None, :]
    for z in range(d):
        answer = product[product[:, z][:, None], product[inverse[z]][None, :]]
        votes[x, y, answer] += 1
    return np.asarray(votes.argmax(axis=2))


def _in_coordinates(found: LabelledGroup, group: Group | None) -> LabelledGroup | None:
    """The same table with labels in the coordinates of ``group``, or of the invariant factors, if it is Abelian.

    None if it is not isomorphic to ``group``.
    """
    product = found.product
    if not np.array_equal(product, product.T):
        return found if group is None else None
    candidates = [group] if group is not None else abelian_groups(len(product))
    orders = Counter(element_orders(product).tolist())
    for known in candidates:
        if known.order == len(product) and Counter(known.character_orders.tolist()) == orders:
            number = isomorphism(product, known)
            return LabelledGroup(known.table, number[found.left], number[found.right], number[found.out], 0, known)
    return None


def isomorphism(product: IntArray, group: Group) -> IntArray:
    """The number in ``group`` of each element of an Abelian group's table, which must be isomorphic to it.

    Elements of largest order first: a cyclic subgroup of largest order is a direct factor, so each next generator is
    the first element of its order that meets those before in the identity alone.
    """
    if np.array_equal(product, group.table):
        return np.arange(len(product))
    factors, places = _invariant_coordinates(product), _invariant_coordinates(group.table)
    back = {coordinates: x for x, coordinates in enumerate(map(tuple, places.tolist()))}
    return np.array([back[tuple(coordinates)] for coordinates in factors.tolist()])


def _invariant_coordinates(product: IntArray) -> IntArray:
    """Coordinates (d, r) of every element in a direct product of cyclic groups, largest factor first."""
    d = len(product)
    orders = element_orders(product)
    members = np.array([identity(product)])
    coordinates = np.zeros((1, 0), dtype=np.int64)
    while len(members) < d:
        inside = np.zeros(d, dtype=bool)
        inside[members] = True
        best, powers_of_best = -1, np.zeros(0, dtype=np.int64)
        for g in np.argsort(-orders, kind="stable"):
            if orders[g] <= len(powers_of_best):
                break
            powers = [members[0]]
            while not inside[power := product[powers[-1], g]]:
                powers.append(power)
            if len(powers) == orders[g]:  # it meets the others in the identity alone
                best, powers_of_best = int(g), np.array(powers)
        assert best >= 0, "an Abelian group is a product of cyclic ones"
        count = len(powers_of_best)
        members = product[members[:, None], powers_of_best[None, :]].ravel()
        steps = np.tile(np.arange(count), len(coordinates))[:, None]
        coordinates = np.hstack([np.repeat(coordinates, count, axis=0), steps])
    return coordinates[np.argsort(members)]


def _non_abelian_name(product: IntArray, orders: IntArray) -> str:
    """The usual name, where element orders and one relation settle it; else order and element orders."""
    d, counts = len(product), Counter(orders.tolist())
    symmetric = {n: factorial(n) for n in range(3, 6)}
    for n, size in symmetric.items():
        for letter, order in (("S", size), ("A", size // 2)):
            if d == order and counts == _cycle_types(n, even=letter == "A"):
                return f"{letter}{n}"
    inverse = np.argmax(product == identity(product), axis=1)
    for r in np.flatnonzero(orders == d // 2)[:1]:
        powers = [int(identity(product) or 0)]
        for _ in range(d // 2 - 1):
            powers.append(int(product[powers[-1], r]))
        s = next(x for x in range(d) if x not in powers)
        if product[product[s, r], inverse[s]] == inverse[r]:  # s r s^-1 = r^-1
            if orders[s] == 2:
                return f"D{d // 2}"
            return f"Q{d}" if d & (d - 1) == 0 else f"Dic{d // 4}"
    listed = ", ".join(f"{counts[n]} of order {n}" for n in sorted(counts))
    return f"a non-Abelian group of order {d} (elements: {listed})"


def _cycle_types(n: int, even: bool) -> Counter[int]:
    """How many permutations of n letters, or even ones, have each order."""
    found: Counter[int] = Counter()

    def visit(rest: int, most: int, parts: list[int]) -> None:
        if rest:
            for part in range(min(rest, most), 0, -1):
                visit(rest - part, part, [*parts, part])
            return
        size = factorial(n)
        for part, times in Counter(parts).items():
            size //= part**times * factorial(times)
        order = 1
        for part in parts:
            order = order * part // gcd(order, part)
        if not even or (n - len(parts)) % 2 == 0:
            found[order] += size

    visit(n, n, [])
    return found
