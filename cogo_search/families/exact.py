"""What exact membership shares between the families.

For a solution with canonical n every parameter of a family lies in mu_n, because the ratios of its directions do, so
trying all of mu_n decides membership. Two aligned solutions are equal if their directions are: c is then determined.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

import numpy as np

from ..algebra.canonical import Solution, anchored, canonical, images
from ..algebra.weights import fold

#: Exponents of zeta_n by name.
Parameters = dict[str, int]
#: The folded exponents (a, b) of the nodes.
Directions = frozenset[tuple[int, int]]


@lru_cache(maxsize=64)
def as_generic(solution: Solution) -> Solution:
    """The solution up to any unit: itself, unless its conditions are merged, where only some units are symmetries."""
    return solution if solution.character_order == "generic" else canonical(solution.weights())


def up_to_units(solution: Solution, parameters: Callable[[Solution], Parameters | None]) -> Parameters | None:
    """The parameters of the solution up to any unit, over mu_m with m | n, as exponents of zeta_n."""
    generic = as_generic(solution)
    found = parameters(generic)
    if found is None:
        return None
    factor = solution.n // generic.n
    return {name: exponent * factor for name, exponent in found.items()}


def least(found: Iterable[Parameters]) -> Parameters | None:
    """The least of several parameters of one solution, None if there are none."""
    return min(found, key=lambda parameters: sorted(parameters.items()), default=None)


def aligned_parameters(
    solution: Solution, members: Callable[[int], Mapping[Directions, Parameters]]
) -> Parameters | None:
    """The least parameters of an aligned solution; ``members(n)`` are the directions of all members over mu_n."""

    def parameters(generic: Solution) -> Parameters | None:
        shapes = _anchored_directions(generic)
        if not shapes:
            return None
        known = members(generic.n)
        return least(known[shape] for shape in shapes if shape in known)

    return up_to_units(solution, parameters)


@lru_cache(maxsize=64)
def _anchored_directions(solution: Solution) -> frozenset[Directions]:
    """The directions of an aligned solution with each node at (1, 1), swapped and conjugated; none if not aligned."""
    if solution.aligned_nodes() != solution.order:
        return frozenset()
    shapes = set()
    for image in images(solution.weights()):
        for anchor in range(image.order):
            shapes.add(frozenset((a, b) for a, b, _ in anchored(image, anchor)))
    return frozenset(shapes)


def product_directions(n: int, x: list[tuple[int, int]], y: list[tuple[int, int]]) -> Directions | None:
    """The directions of the ring product of nodes x and y, given by exponents (a, b); None if two of them merge."""
    sums = np.array([(a + c, b + d) for a, b in x for c, d in y])
    a, b = fold(sums[:, 0], sums[:, 1], n)
    directions = frozenset(zip(a.tolist(), b.tolist(), strict=True))
    return directions if len(directions) == len(x) * len(y) else None


def by_directions(members: Iterable[tuple[Directions | None, Parameters]]) -> dict[Directions, Parameters]:
    """The first parameters of every member that has as many directions as it has nodes."""
    found: dict[Directions, Parameters] = {}
    for directions, parameters in members:
        if directions is not None:
            found.setdefault(directions, parameters)
    return found
