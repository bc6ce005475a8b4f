r"""The catalog entry nearest to the nodes of one frequency, over the entry's whole orbit.

An entry may be multiplied by any unit, swapped, conjugated, its nodes permuted and their pseudo-1 signs changed. One
node of the data is anchored at phases (1, 1, 1); every anchored image of every entry (at most 4q each,
:func:`cogo_search.algebra.canonical.candidates`) is compared with it node by node, the nearest ones are assigned
exactly (Hungarian method) and their unit is refitted.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from ..algebra.canonical import Solution, candidates
from ..algebra.cyclotomic import to_complex
from ..networks.network import ComplexArray

#: Images refitted after the first comparison.
REFINED = 6


@dataclass(frozen=True, eq=False)
class EntryFit:
    """An entry and the relative distance from the block to its orbit."""

    id: str
    distance: float


@dataclass(frozen=True, eq=False)
class Library:
    """Anchored images of the entries of one order: ids by image, balanced nodes (N, 3, q)."""

    order: int
    ids: tuple[str, ...]
    images: ComplexArray


def libraries(solutions: list[Solution]) -> dict[int, Library]:
    """The images of all entries, by order."""
    found: dict[int, tuple[list[str], list[ComplexArray]]] = {}
    for solution in (s for s in solutions if s.character_order == "generic"):
        w, n = solution.weights(), solution.n
        ids, images = found.setdefault(solution.order, ([], []))
        for nodes in sorted(candidates(w)):
            a, b = (np.exp(2j * np.pi * np.array([node[p] for node in nodes]) / n) for p in (0, 1))
            c = to_complex(np.array([node[2] for node in nodes]), n) / solution.scale()
            c = c * (np.abs(c[0]) / c[0])  # the anchor, a = b = 1, sorts first
            size = np.abs(c) ** (1 / 3)
            ids.append(solution.id)
            images.append(np.stack([a * size, b * size, c / size**2]))
    return {order: Library(order, tuple(ids), np.stack(images)) for order, (ids, images) in found.items()}


def nearest(z: ComplexArray, library: Library) -> EntryFit:
    """The entry nearest to balanced nodes z (3, q) of the library's order."""
    anchor = int(np.abs(z[2]).argmax())
    unit = z[:, anchor] / np.abs(z[:, anchor])
    data = z / unit[:, None]
    # the unit's scales are unknown: all parts are compared at norm 1
    images = library.images / np.linalg.norm(library.images, axis=2, keepdims=True)
    cost = _costs(data / np.linalg.norm(data, axis=1, keepdims=True), images)
    score = cost.min(axis=2).sum(axis=1)
    best = min((_refined(data, images[i], cost[i]), i) for i in np.argsort(score)[:REFINED])
    return EntryFit(library.ids[best[1]], best[0])


def _costs(data: ComplexArray, images: ComplexArray) -> NDArray[np.float64]:
    """Squared distance of each data node to each node of each image, sign free, (N, q data, q image)."""
    inner = np.einsum("pj,npi->pnji", data, images.conj()).real
    squares = np.sum(np.abs(data) ** 2, axis=0)[None, :, None] + np.sum(np.abs(images) ** 2, axis=1)[:, None, :]
    return np.asarray(squares - 2 * (np.abs(inner[0] + inner[1]) + inner[2]))


def _refined(data: ComplexArray, image: ComplexArray, cost: NDArray[np.float64]) -> float:
    """Relative distance after assigning nodes and refitting the unit, twice."""
    norm = float(np.sum(np.abs(data) ** 2))
    deviation = np.inf
    model = image
    for _ in range(3):
        _, assigned = linear_sum_assignment(cost)
        placed = model[:, assigned]
        sign = np.where(np.sum((data[:2] * placed[:2].conj()).real, axis=0) < 0, -1, 1)
        signs = np.stack([sign, sign, np.ones_like(sign)])
        inner = np.sum(data * (placed * signs).conj(), axis=1)
        unit = inner / np.maximum(np.sum(np.abs(placed) ** 2, axis=1), 1e-300)
        deviation = min(deviation, float(np.sum(np.abs(data - unit[:, None] * placed * signs) ** 2)))
        model = unit[:, None] * model
        cost = _costs(data, model[None])[0]
    return float(np.sqrt(deviation / norm))
