r"""Finite group actions as tables, their transitive components, and the group that acts on each (Appendix E, F).

An action of G on a set X is the table ``table[g, x]`` = g.x, of shape (|G|, |X|): rows are acting group
elements, columns and entries are states. (gh).x = g.(h.x), so the product gh is "first h, then g".

X is the disjoint union of its orbits, the transitive components X_l (Lemma 10). With the base point x0 of an
orbit, iota_0(g) = g.x0 maps the left cosets of the stabiliser G_x0 one-to-one onto the orbit (Lemma 7). Where
G_x0 is normal, x1 x2 := iota_0(g1 g2 G_x0) makes the orbit a group with identity x0, isomorphic to G/G_x0
(Lemma 8, Theorem 8), and g.x = iota_0(g) x (Lemma 9): to this orbit, g is the state iota_0(g). If that group
is Abelian, the task on the orbit is the task of a :class:`~cogo_search.groups.abelian.Group`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from ..algebra.cyclotomic import IntArray
from ..errors import InputError
from .abelian import Group
from .action_tables import Rows, check_permutations, check_size, compositions, integers, short


@dataclass(frozen=True, eq=False)
class Component:
    """A transitive component X_l whose states form an Abelian group (Theorem 8).

    ``states``, shape (d_l,): the state at each element of ``group``, by index, so ``states[0]`` is the base
    point x0, and ``states[group.add(i, j)]`` = states[i] states[j] in the product of Theorem 8. ``coset``,
    shape (|G|,): the index of iota_0(g) in ``states``. A fixed state has d_l = 1 and ``group`` None.
    """

    states: IntArray
    coset: IntArray
    group: Group | None

    @property
    def order(self) -> int:
        """Number of states d_l, the order of the induced group."""
        return len(self.states)

    @property
    def iota(self) -> IntArray:
        """iota_0(g) = g.x0, shape (|G|,) (Lemma 7)."""
        return self.states[self.coset]

    @property
    def stabiliser(self) -> IntArray:
        """The elements g with g.x0 = x0, ascending, shape (|G|/d_l,)."""
        return np.flatnonzero(self.coset == 0)

    @property
    def lifting(self) -> IntArray:
        """P_0 of Eq. 87, shape (|G|, d_l): 1 at [g, i] where iota_0(g) = states[i], else 0."""
        return (self.coset[:, None] == np.arange(self.order)).astype(np.int64)


@dataclass(frozen=True, eq=False)
class Action:
    """An action of a finite group: ``table[g, x]`` = g.x and ``multiplication[g, h]`` = gh, both checked.

    Raises InputError if the multiplication is no group, or g.(h.x) = (gh).x fails; the message names a witness.

    >>> rows = [[g % 3, (g + 1) % 3, (g + 2) % 3, 3 + g % 2, 3 + (g + 1) % 2] for g in range(6)]  # Z_6 on 3 + 2 states
    >>> z6 = Action.from_table(rows)
    >>> [(c.group.name, c.states.tolist(), c.stabiliser.tolist()) for c in z6.components]
    [('3', [0, 1, 2], [0, 3]), ('2', [3, 4], [0, 2, 4])]
    """

    table: IntArray
    multiplication: IntArray

    @classmethod
    def from_table(cls, table: Rows, multiplication: Rows | None = None, group: str | None = None) -> Action:
        """An action from rows g.0, g.1, ...: one for each acting group element.

        The acting group is given by ``multiplication``, rows g h for h = 0, 1, ..., or as a spec such as
        ``4x2`` whose elements are numbered as the rows. With neither it is the permutation group that the rows form,
        which must then be distinct. Raises InputError for ragged, empty or non-integer tables, rows that are no
        permutations, and rows that form no group.
        """
        rows = integers("action", table)
        if multiplication is not None and group is not None:
            raise InputError("multiplication and group both name the acting group: give one of them")
        if group is not None:
            named = Group.parse(group)
            check_size("group", named.order, len(rows))
            return cls(rows, named.add(np.arange(named.order)[:, None], np.arange(named.order)))
        if multiplication is not None:
            return cls(rows, integers("multiplication", multiplication))
        check_permutations("action", rows, "states", rows.shape[1])
        return cls(rows, compositions(rows))

    def __post_init__(self) -> None:
        m, n = self.multiplication, len(self.table)
        check_permutations("action", self.table, "states", self.states)
        check_size("multiplication", len(m), n)
        check_permutations("multiplication", m, "group elements", n)
        check_permutations("transposed multiplication", m.T, "group elements", n)
        for g in range(n):
            if (wrong := np.argwhere(m[m[g]] != m[g][m])).size:
                h, k = wrong[0]
                raise InputError(
                    f"multiplication is not associative: ({g} {h}) {k} = {m[m[g, h], k]}, but {g} ({h} {k}) = "
                    f"{m[g, m[h, k]]}; give the table of a group"
                )
            if (wrong := np.argwhere(self.table[m[g]] != self.table[g][self.table])).size:
                h, x = wrong[0]
                raise InputError(
                    f"action is not compatible with the acting group at g={g}, h={h}, x={x}: g.(h.x) = "
                    f"{self.table[g, self.table[h, x]]}, but gh = {m[g, h]} sends x to {self.table[m[g, h], x]}; "
                    "correct the rows, or number the group elements as the rows"
                )

    @property
    def order(self) -> int:
        """Number of acting group elements |G|."""
        return len(self.table)

    @property
    def states(self) -> int:
        """Number of states |X|."""
        return int(self.table.shape[1])

    @cached_property
    def identity(self) -> int:
        """The identity element of the acting group: the one element with e e = e."""
        return int(np.flatnonzero(np.diag(self.multiplication) == np.arange(self.order))[0])

    @cached_property
    def inverse(self) -> IntArray:
        """The inverse of each element, shape (|G|,)."""
        return np.argmax(self.multiplication == self.identity, axis=1)

    @cached_property
    def orbits(self) -> list[IntArray]:
        """The states of each orbit, ascending; the first, the base point, orders the orbits (Lemma 10)."""
        images = [np.unique(self.table[:, x]) for x in range(self.states)]
        return [orbit for x, orbit in enumerate(images) if orbit[0] == x]

    @cached_property
    def labels(self) -> IntArray:
        """The number of the orbit of each state, shape (|X|,)."""
        label = np.empty(self.states, dtype=np.int64)
        for number, orbit in enumerate(self.orbits):
            label[orbit] = number
        return label

    def stabiliser(self, x: int) -> IntArray:
        """The elements that fix the state x, ascending."""
        return np.flatnonzero(self.table[:, x] == x)

    def normality_witness(self, x: int) -> tuple[int, int] | None:
        """The first (g, h) with h.x = x and g h g^-1.x != x; None if the stabiliser of x is normal."""
        fixing = self.stabiliser(x)
        conjugates = self.multiplication[self.multiplication[:, fixing], self.inverse[:, None]]
        wrong = np.argwhere(self.table[conjugates, x] != x)
        return (int(wrong[0, 0]), int(fixing[wrong[0, 1]])) if wrong.size else None

    @cached_property
    def components(self) -> list[Component]:
        """The transitive components in the order of :attr:`orbits`.

        Raises InputError, with a witness, if a stabiliser is not normal or an induced group not Abelian.
        """
        return [self._component(orbit) for orbit in self.orbits]

    def _component(self, orbit: IntArray) -> Component:
        x0 = int(orbit[0])
        if (witness := self.normality_witness(x0)) is not None:
            g, h = witness
            conjugate = self.multiplication[self.multiplication[g, h], self.inverse[g]]
            raise InputError(
                f"orbit {short(orbit)}: the stabiliser of state {x0} is not normal: g={g}, h={h}, where h fixes {x0} "
                f"and g h g^-1 = {conjugate} sends it to {self.table[conjugate, x0]}; the orbit is no group "
                "(Theorem 8 needs a normal stabiliser), use an action whose stabilisers are normal"
            )
        position = np.searchsorted(orbit, self.table[:, x0])
        _, representatives = np.unique(position, return_index=True)
        product = np.searchsorted(orbit, self.table[np.ix_(representatives, orbit)])  # Lemma 9: g.x = iota_0(g) x
        if (wrong := np.argwhere(product != product.T)).size:
            i, j = wrong[0]
            raise InputError(
                f"orbit {short(orbit)}: G/G_x0 is not Abelian: the states {orbit[i]} and {orbit[j]} have the products "
                f"{orbit[product[i, j]]} and {orbit[product[j, i]]} (by g={representatives[i]} and "
                f"g={representatives[j]}); the recipes need an Abelian group on every orbit"
            )
        if len(orbit) == 1:
            return Component(orbit, position, None)
        group, elements = identify(product)
        return Component(orbit[elements], np.argsort(elements)[position], group)


def identify(product: IntArray) -> tuple[Group, IntArray]:
    """An Abelian group from its multiplication table, shape (d, d), d >= 2, by invariant factors d_1 | d_2 | ...

    Returns the group and ``elements``, shape (d,): the row of the table at each element of the group. A cyclic
    subgroup of greatest order is a direct summand; so is, beside the summands S found, <x> for x of greatest order
    among those with <x> and S meeting in the identity only. The isomorphism is checked on all pairs. Raises
    InputError if there is none.

    >>> group, elements = identify(np.array([[x ^ y for y in range(4)] for x in range(4)]))
    >>> group.name, elements.tolist()
    ('2x2', [0, 1, 2, 3])
    """
    d = len(product)
    identity = int(np.argmax((product == np.arange(d)).all(axis=1)))
    powers = np.full((d, d + 1), identity)  # powers[x, t] = x^t
    for t in range(1, d + 1):
        powers[:, t] = product[powers[:, t - 1], np.arange(d)]
    orders = 1 + np.argmax(powers[:, 1:] == identity, axis=1)
    factors: list[int] = []
    elements = np.array([identity])
    while len(elements) < d:
        meets = np.isin(powers, elements) & (powers != identity)
        free = np.where(meets.any(axis=1), 0, orders)
        x = int(np.argmax(free))
        if free[x] < 2:
            break
        factors.insert(0, int(free[x]))
        elements = product[powers[x, : free[x], None], elements].ravel()
    group, everything = Group(tuple(factors)), np.arange(d)
    if group.order != d or not all(
        (product[elements[i], elements] == elements[group.add(i, everything)]).all() for i in range(d)
    ):
        raise InputError("product is the multiplication table of no Abelian group: give one that is")
    return group, elements


def read_action(path: Path) -> Action:
    """Read ``{"action": [[...], ...]}``, with "multiplication" or "group" if needed; else InputError."""
    try:
        data: Any = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"action file {path} cannot be read ({error.strerror}): check the name") from None
    except (ValueError, RecursionError) as error:
        raise InputError(f"action file {path} is not JSON ({error})") from None
    if not isinstance(data, dict) or "action" not in data or set(data) - {"action", "multiplication", "group"}:
        raise InputError(
            f'action file {path} must be {{"action": [[...]]}}, with "multiplication" or "group" if needed'
        )
    if not isinstance(data.get("group", ""), str):
        raise InputError(f"action file {path}: group={data['group']!r} is no spec: write it as in 7, 2x3 or 4x4x3")
    try:
        return Action.from_table(data["action"], data.get("multiplication"), data.get("group"))
    except InputError as error:
        raise InputError(f"action file {path}: {error}") from None
