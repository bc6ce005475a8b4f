"""Optimizers: networks composed by a recipe of a block of nodes at each character, decided to have loss zero.

Here every a and b of a node is a root of unity at one pair of conjugate characters (0 elsewhere).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Any

from .cyclotomic import combine, galois, powers
from .groups import MAX_HIDDEN, Character, check_zero, conjugate, read_group, times
from .meter import METER, agree, require
from .orbits import candidates, check_canonical, make_id
from .texts import shown
from .vocabulary import Direction, Element, Log, Weight
from .weights import MAX_COORDINATE, MAX_N, lift, potential, read_nodes

MAX_BLOCK = 2048  # order times phi(n) of a block
BUILT_IN = {  # the blocks that are no catalog entries: n, scale, nodes
    "one": (2, 1, [(0, 0, [1])]),
    "u_one+1": (2, 2, [(0, 0, [1]), (0, 1, [-1])]),
    "quarter3": (12, 6, [(1, 1, [1, 0, -2, 0]), (11, 11, [2, 0, 2, 0]), (10, 4, [3, 0, 0, 0])]),
    "quarter4": (8, 4, [(7, 1, [1, 0, 0, 0]), (1, 3, [-1, 0, 0, 0]), (7, 3, [0, 0, -1, 0]), (1, 5, [0, 0, 1, 0])]),
}


@dataclass(frozen=True)
class Hidden:
    """One hidden node: exponents of zeta_n of a and b at the character k, c at one of each pair of conjugates."""

    k: Character
    a: int
    b: int
    c: dict[Character, Element]


def check_optimizers(optimizers: list[dict[str, Any]], log: Log) -> int:
    """Every optimizer; no two of one name, group and setting; sorted."""
    keys = []
    for i, o in enumerate(optimizers):
        log(f"optimizer {i + 1} of {len(optimizers)}")
        keys.append(check_optimizer(o, f"optimizers[{i}], {o['name']} on {shown(o['group'])}"))
    different = {(group, trivial, target, name) for _, group, trivial, target, _, name in keys}
    require(len(different) == len(keys), "optimizers: a name occurs twice for one group, trivial and target")
    require(keys == sorted(keys), "optimizers: not sorted by (group order, group, trivial, target, order, name)")
    return len(keys)


def check_optimizer(o: dict[str, Any], where: str) -> tuple[Any, ...]:
    """Compose the network again and decide that its loss is zero; returns the key it is sorted by."""
    factors, recipe = read_group(o["group"], where), o["recipe"]
    METER.doing = where
    METER.spend(100 * math.prod(factors))
    one_hot, trivial, zero = o["target"] == "one-hot", o["trivial"] == "with", (0,) * len(factors)
    require(trivial or not one_hot, f"{where}: one-hot outputs need the trivial character")
    require(("deltas" in recipe) == (o["name"] == "memorization"), f"{where}: name and recipe do not fit")
    if "deltas" in recipe:
        agree(f"{where}: recipe.deltas", recipe["deltas"], "plain" if one_hot else "zero-mean")
        agree(f"{where}: order", o["order"], math.prod(factors) ** 2)
        check_memorization(factors, one_hot, where)
        return math.prod(factors), o["group"], o["trivial"], o["target"], o["order"], o["name"]
    require(trivial or recipe["carrier"] != "unit", f"{where}: the carrier unit needs the trivial character")
    everything = [k for k in product(*map(range, factors)) if any(k)]
    pairs = [k for k in everything if k < conjugate(k, factors)]
    real = [k for k in everything if k == conjugate(k, factors)]
    wanted, blocks = pairs + real, recipe["blocks"]
    names = [k[0] if len(factors) == 1 else list(k) for k in wanted]
    agree(f"{where}: recipe.blocks: characters", [block["k"] for block in blocks], names)
    total = sum(len(block["nodes"]) for block in blocks) + (recipe["carrier"] == "unit")
    require(total <= MAX_HIDDEN, f"{where}: too large ({total} nodes)")
    agree(f"{where}: order", o["order"], total)
    for block in blocks:
        require(2 <= block["n"] <= MAX_N, f"{where}: n = {block['n']} is outside 2..{MAX_N}")
        require(1 <= block["scale"] <= MAX_COORDINATE, f"{where}: scale {block['scale']} is too large or below 1")
    n, scale = math.lcm(*(b["n"] for b in blocks)), math.lcm(*(b["scale"] for b in blocks))
    require(n <= MAX_N, f"{where}: too large (n = {n})")
    members: dict[Character, list[Hidden]] = {}
    owed: dict[Character, Element] = {}
    for k, block in zip(wanted, blocks, strict=True):
        weight = lift(read_block(block, k in real, f"{where}: block at {block['k']}"), block["n"], n)
        factor = scale // block["scale"]
        members[k] = [Hidden(k, a, b, {k: tuple(x * factor for x in c)}) for (a, b), c in weight.items()]
        # a at k times a at -k, in either order, and the same for b: the constant output of c = 1
        parts = [tuple((2 if k in real else 4) * x for x in node.c[k]) for node in members[k]]
        owed[k] = tuple(map(sum, zip(*parts, strict=True)))
    owed = {k: value for k, value in owed.items() if any(value)}
    nodes_at = {k: len(members[k]) for k in wanted}
    check_name(o["name"], recipe["carrier"], nodes_at, set(real), set(owed), one_hot, factors, where)
    if one_hot:
        owed[zero] = combine(n, [(-2 * scale, 0)])
    network, scale = absorb(recipe["carrier"], owed, members, set(real), zero, n, scale, where)
    check_residuals(network, [*wanted, zero] if one_hot else wanted, factors, n, scale, where)
    return math.prod(factors), o["group"], o["trivial"], o["target"], o["order"], o["name"]


@lru_cache(maxsize=256)
def solution_id(n: int, nodes: tuple[tuple[Direction, Element], ...], order: str) -> str:
    """The id of the catalog entry for characters of this order whose orbit the nodes are in."""
    weight, name = dict(nodes), f"optimizers: a block of {len(nodes)} nodes over zeta_{n}"
    require(len(weight) * len(powers(n)[0]) <= MAX_BLOCK, f"{name}: too large")
    least = min(candidates(n, weight, order))
    check_canonical(n, {(a, b): c for a, b, c in least}, name, order)
    return make_id(n, least, order)


def read_block(block: dict[str, Any], real: bool, where: str) -> Weight:
    """The nodes of a block, which its name must fit; real ones where 2k = 0."""
    n, scale, name = block["n"], block["scale"], block["solution"]
    weight = read_nodes(n, block["nodes"], where)
    require(1 <= scale <= MAX_COORDINATE, f"{where}: scale {scale} is not in 1..{MAX_COORDINATE}")
    value, *rest = potential(n, weight, 1, 1)
    require(value == scale and not any(rest), f"{where}: scale {scale}, but r_kkk = {(value, *rest)}")
    if name in BUILT_IN:
        plain = [(node["a"], node["b"], node["c"]) for node in block["nodes"]]
        require((n, scale, plain) == BUILT_IN[name], f"{where}: is not the block {name}")
    else:
        kind = re.match("cogo1-k([24])-", name)
        agree(f"{where}: solution", name, solution_id(n, tuple(weight.items()), kind[1] if kind else "generic"))
    roots = all(2 * x % n == 0 for direction in weight for x in direction)
    good = not real or (roots and all(galois(n, c, -1) == c for c in weight.values()))
    require(good, f"{where}: 2k = 0, but a node is not real")
    return weight


def check_name(
    name: str, carrier: str, nodes: dict[Character, int], real: set[Character], owing: set[Character], one_hot: bool,
    factors: tuple[int, ...], where: str,
) -> None:  # fmt: skip
    """What a recipe's name says of the nodes at each character, of the constants they leave, and of the carrier.

    ``f6``: six nodes of all conditions at every pair, which carry what is owed. ``f4/6``: six such nodes at some
    pairs, which carry; elsewhere four nodes of Rc and R*, which leave a constant. ``f4+const``: four such nodes at
    every pair, a unit carries; ``f4+real``: the same, three where 4k = 0, characters with 2k = 0 carry. Two nodes
    where 2k = 0. The other names are labels: that a network is the least of some catalog's is not claimed here.
    """
    if name not in ("f6", "f4/6", "f4+const", "f4+real"):
        return
    pairs = [k for k in nodes if k not in real]
    for k, number in nodes.items():
        fourth = all(4 * x % f == 0 for x, f in zip(k, factors, strict=True))
        if k in real:
            fits, kind = (number, k in owing) == (2, False), "two nodes"
        elif name == "f6" or (name == "f4/6" and number == 6):
            fits, kind = (number, k in owing) == (6, False), "six nodes that leave no constant"
        elif name == "f4+real" and fourth:
            fits, kind = (number, k in owing) == (3, True), "three nodes that leave a constant"
        else:
            fits, kind = (number, k in owing) == (4, True), "four nodes that leave a constant"
        require(fits, f"{where}: name: {name} has {kind} at {k}, not {number} that {'do' if k in owing else 'do not'}")
    sixes = [k for k in pairs if nodes[k] == 6]
    require(name != "f4/6" or bool(sixes), f"{where}: name: f4/6 has six nodes at a pair")
    carriers = {"f6": "pairs" if pairs else "real", "f4/6": "pairs", "f4+const": "unit", "f4+real": "real"}
    expected = carriers[name] if owing or one_hot else "none"
    require(carrier == expected, f"{where}: name: {name} has the carrier {expected} here, not {carrier}")


def absorb(
    carrier: str, owed: dict[Character, Element], members: dict[Character, list[Hidden]], real: set[Character],
    zero: Character, n: int, scale: int, where: str,
) -> tuple[list[Hidden], int]:  # fmt: skip
    """All nodes, with c = -owed/share added on those of the carrier; and the common denominator of all c."""
    require((carrier == "none") == (not owed), f"{where}: carrier {carrier}, but constants at {sorted(owed)}")
    homes = [k for k in members if k not in owed]
    if carrier == "real":
        homes = [k for k in homes if k in real and len(members[k]) == 2]
    elif carrier == "pairs":
        homes = [k for k in homes if k not in real and squares_to_a_constant(n, members[k])]
    carrying = sum(len(members[k]) for k in homes)
    share = {"none": 1, "unit": 4, "real": 2 * carrying, "pairs": 4 * carrying}[carrier]
    require(share > 0, f"{where}: nothing can be the carrier {carrier}")
    added = {k: tuple(-x for x in value) for k, value in owed.items()}
    network = []
    for k, nodes in members.items():
        for node in nodes:
            c = {k: tuple(x * share for x in node.c[k])}
            network.append(Hidden(k, node.a, node.b, c | added if carrier in ("real", "pairs") and k in homes else c))
    if carrier == "unit":  # a = b = 1 at the trivial character: its square is the constant 4
        network.append(Hidden(zero, 0, 0, added))
    return network, scale * share


def check_memorization(factors: tuple[int, ...], one_hot: bool, where: str) -> None:
    """One node (j1, j2) for each input, alpha a delta at -j1, beta at -j2, v one at -(j1 + j2): is the loss 0?

    A shift of x1 and x2 permutes the nodes and shifts the outputs, so the input (0, 0) decides. zero-mean deltas are
    d delta - 1, v over 2 d^3; plain ones are 1 and 0, v = delta/2 - 1/(2d + 2). All numbers are taken over those.
    """
    elements = list(product(*map(range, factors)))
    d, zero = len(elements), (0,) * len(factors)
    METER.spend(40 * d * d)
    height = 1 if one_hot else d
    reached = dict.fromkeys(elements, 0)  # sum of h^2 by the place of v's delta
    for j1 in elements:
        for j2 in elements:
            h = height * ((j1 == zero) + (j2 == zero)) - (0 if one_hot else 2)
            place = tuple(-(x + y) % f for x, y, f in zip(j1, j2, factors, strict=True))
            reached[place] += h * h
    total = sum(reached.values())
    if one_hot:
        outputs = {x: (d + 1) * value - total for x, value in reached.items()}
        good = all(value == (2 * d + 2) * (x == zero) for x, value in outputs.items())
    else:
        outputs = {x: d * value - total for x, value in reached.items()}
        good = all(outputs[zero] - value == 2 * d**3 for x, value in outputs.items() if x != zero)
    require(good, f"{where}: the loss is not 0")


def squares_to_a_constant(n: int, nodes: list[Hidden]) -> bool:
    """Do the (alpha + beta)^2 add up to a constant: do a^2, b^2, ab and a conj(b) sum to zero?"""
    shapes = ((2, 0), (0, 2), (1, 1), (1, -1))
    return not any(any(combine(n, ((1, i * node.a + j * node.b) for node in nodes))) for i, j in shapes)


def squares(node: Hidden, factors: tuple[int, ...], n: int) -> Iterator[tuple[Character, Character, int, int]]:
    """The terms m zeta_n^e phi_k1(x1) phi_k2(x2) of (alpha[x1] + beta[x2])^2, as (k1, k2, m, e)."""
    zero = (0,) * len(factors)
    if node.k == zero:
        yield zero, zero, 4, 0
        return
    signs = {node.k: 1, conjugate(node.k, factors): -1}  # one character where 2k = 0
    for (k1, s), (k2, t) in product(signs.items(), repeat=2):
        yield k1, k2, 2, s * node.a + t * node.b
        both = times(k1, k2, factors)
        yield both, zero, 1, (s + t) * node.a
        yield zero, both, 1, (s + t) * node.b


def check_residuals(
    network: list[Hidden], outputs: list[Character], factors: tuple[int, ...], n: int, scale: int, where: str
) -> None:
    """C_{k1 k2 k}/2 = [k1 = k2 = k] at every output character k (Theorem 1), all numbers over 2 ``scale``."""
    sums: dict[tuple[Character, Character, Character], list[int]] = {}
    for k in outputs:
        sums[k, k, k] = [-2 * scale if e == 0 else 0 for e in range(n)]
    for node in network:
        terms = list(squares(node, factors, n))
        for k in node.c.keys() & set(outputs):
            METER.spend(len(terms) * (n + 2 * len(node.c[k])))
            METER.reserve(len(sums) * (9 * n + 300))
            for k1, k2, m, e in terms:
                total = sums.setdefault((k1, k2, k), [0] * n)
                for i, x in enumerate(node.c[k]):
                    total[(i + e) % n] += m * x
    check_zero(sums, n, where)
