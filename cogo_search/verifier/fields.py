"""Networks whose coefficients lie in Q(zeta_n): nodes of several frequencies.

a, b and c of a node are listed at one of each pair of conjugate characters where they do not vanish, and are
conjugate at the other; all c over one positive integer.
"""

from __future__ import annotations

import math
from itertools import product
from typing import Any

from .cyclotomic import combine, galois, powers
from .groups import MAX_HIDDEN, MAX_WORK, Character, Task, check_zero, conjugate, times
from .meter import METER, agree, heavy, require
from .texts import shown
from .vocabulary import Element
from .weights import MAX_N

Spectrum = dict[Character, Element]


def numbers(item: Any) -> list[int]:
    """The integers of a component, if it is one: a character and coordinates."""
    parts = item if type(item) is list else []
    return [x for part in parts for x in (part if type(part) is list else [part]) if type(x) is int]


def read_components(items: list[Any], factors: tuple[int, ...], n: int, trivial: bool, where: str) -> Spectrum:
    """The coefficients at both characters of every pair; refuse all but the one way to write them."""
    characters, last = list(product(*map(range, factors))), -1
    spectrum: Spectrum = {}
    for item in items:
        pair = len(item) == 2 and type(item[0]) is int and type(item[1]) is list
        require(pair, f"{where}: {shown(item)} is no pair of a character and coordinates")
        k, x = item[0], tuple(item[1])
        require(last < k < len(characters), f"{where}: character {k} is out of order or beyond the group")
        last, here, there = k, characters[k], conjugate(characters[k], factors)
        require(here <= there, f"{where}: character {k} is not the smaller one of its pair")
        require(trivial or k > 0, f"{where}: a component at the trivial character")
        require(len(x) == len(powers(n)[0]), f"{where}: {len(x)} coordinates, not {len(powers(n)[0])}")
        require(any(x), f"{where}: a zero at character {k}")
        image = galois(n, x, -1)
        require(here != there or image == x, f"{where}: character {k} is its own conjugate, but not real there")
        spectrum |= {there: image, here: x}
    return spectrum


def check_cyclotomic(o: dict[str, Any], task: Task, where: str) -> None:
    """Weights by their coefficients in Z[zeta_n]."""
    n, scale, nodes = (o["weights"][key] for key in ("n", "scale", "nodes"))
    require(1 <= n <= MAX_N, f"{where}: n = {n} is outside 1..{MAX_N}")
    require(1 <= len(nodes) <= MAX_HIDDEN, f"{where}: {len(nodes)} nodes")
    agree(f"{where}: width", task.width, len(nodes))
    terms = sum(4 * (len(node["a"]) + len(node["b"])) ** 2 * (1 + len(node["c"])) for node in nodes)
    require(terms * len(powers(n)[0]) ** 2 <= MAX_WORK, f"{where}: too large")
    coordinates = (x for node in nodes for p in "abc" for item in node[p] for x in numbers(item))
    bits = max((x.bit_length() for x in coordinates), default=0)
    METER.spend(200 * task.order + terms * (10 + len(powers(n)[0]) ** 2 * heavy(2 * bits)))
    METER.reserve(min(terms, task.order**3) * n * (9 + 3 * bits // 8))
    network = []
    for j, node in enumerate(nodes):
        a, b, c = (read_components(node[p], task.factors, n, task.trivial, f"{where}: node {j}: {p}") for p in "abc")
        outputs = task.one_hot or any(any(k) for k in c)
        require(bool((a or b) and c and outputs), f"{where}: node {j} does nothing")
        network.append((a, b, c))
    common = math.gcd(scale, *(x for _, _, c in network for element in c.values() for x in element))
    require(scale >= 1 and common == 1, f"{where}: scale {scale} is not positive or has a factor in common with all c")
    check_loss(network, task, n, scale, where)


def check_loss(network: list[tuple[Spectrum, Spectrum, Spectrum]], task: Task, n: int, scale: int, where: str) -> None:
    """As ``check_residuals``, for any nodes. k and -k give conjugate residuals; a zero mean leaves k = 0 free."""

    def accumulate(total: list[int], x: Element, y: Element) -> None:
        for i, m in enumerate(x):
            if m:
                for j, other in enumerate(y, i):
                    total[j % n] += m * other

    factors, zero = task.factors, (0,) * len(task.factors)
    outputs = {k for k in task.elements if k <= conjugate(k, factors) and (task.one_hot or any(k))}
    sums = {(k, k, k): [-2 * scale] + [0] * (n - 1) for k in outputs}
    for a, b, c in network:
        inputs = [(k, zero, x) for k, x in a.items()] + [(zero, k, x) for k, x in b.items()]
        squared: dict[tuple[Character, Character], list[int]] = {}  # of (alpha[x1] + beta[x2])^2, by (k1, k2)
        for (k1, k2, x), (m1, m2, y) in product(inputs, repeat=2):
            accumulate(squared.setdefault((times(k1, m1, factors), times(k2, m2, factors)), [0] * n), x, y)
        for (first, second), total in squared.items():
            value = combine(n, ((m, e) for e, m in enumerate(total)))
            for k in c.keys() & outputs:
                accumulate(sums.setdefault((first, second, k), [0] * n), value, c[k])
    check_zero(sums, n, where)
