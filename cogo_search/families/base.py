"""What a named family is to the rest of the package, and the nearest member that a fit returns.

A family is a set of solutions at one frequency with free parameters. Its module defines one :class:`Family`, which says
its name and orders and carries the functions of that module: membership of exact solutions, the fit to trained nodes,
a random member, and how Figure 5 draws its parameters. Whatever a family does not have is None.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # commands list the names of the families without loading numpy
    import numpy as np

    from ..algebra.canonical import Solution
    from ..networks.network import ComplexArray
    from .arrangements import Arrangement

#: Radians of one turn: phases are reported in turns.
TURN = math.tau


@dataclass(frozen=True, eq=False)
class Fit:
    """A family's member nearest to a block: ``model`` (3, q) in the order of the block's nodes, signs included.

    ``distance`` is relative; ``dimension`` counts the family's real parameters, the unit's five included. ``unit`` (3,)
    is y, what the family's node [1, 1, 1] became: the block is y * canonical form (Definition 8).
    """

    family: str
    parameters: dict[str, Any]
    distance: float
    dimension: int
    model: ComplexArray
    unit: ComplexArray


@dataclass(frozen=True)
class Histogram:
    """A panel of Figure 5 that counts one parameter over its fundamental domain [0, end], in turns."""

    parameter: str
    title: str
    end: float
    legend: str = "upper right"


@dataclass(frozen=True)
class Scatter:
    """A panel of Figure 5 with two parameters as a point; ``outline`` are the corners of their fundamental domain."""

    parameters: tuple[str, str]
    title: str
    outline: tuple[tuple[float, float], ...]
    xlim: tuple[float, float]
    ylim: tuple[float, float]


@dataclass(frozen=True, eq=False)
class Family:
    r"""A named family of solutions at one frequency.

    ``orders`` are those that it is compared with trained nodes at (without a fit: those of its members).
    ``formula`` is LaTeX, for tables. The four functions, None where a family has none:

    * ``member(solution)``: the parameters of an exact solution that is in the family, else None. Parameters are
      exponents of zeta_n, n that of the solution, unless the family says otherwise;
    * ``fit(z, found)``: the member nearest to balanced nodes z (3, q), q one of the orders, or None if there is none
      to compare. ``found`` are the arrangements of z as a ring product (:func:`.arrangements.factorize`). Phases are in
      turns and in the fundamental domain of the family's own symmetries;
    * ``draw(rng)``: a member (3, q) with uniform phases, by which the hits expected of a catalog entry are counted;
    * ``panel``: how Figure 5 draws the parameters.

    ``character_order`` "4" says that members solve the merged conditions where 4k = 0, and exist only there.
    A family that does not ``refute`` may fit better than a more special one without taking the name from it.

    Null distributions are the same for all: random blocks are fitted by ``fit``, and the rows of the null table under
    the family's name, one for each order and kind of block, hold the distances.
    """

    name: str
    orders: tuple[int, ...]
    formula: str
    member: Callable[[Solution], dict[str, int] | None] | None = None
    fit: Callable[[ComplexArray, Sequence[Arrangement]], Fit | None] | None = None
    draw: Callable[[np.random.Generator], ComplexArray] | None = None
    panel: Histogram | Scatter | None = None
    character_order: str = "generic"
    refutes: bool = True

    def __repr__(self) -> str:
        return f"Family({self.name}, order {' or '.join(map(str, self.orders))})"
