r"""Families of narrow optimizers: hidden nodes for whole groups, completed exactly.

Write A = k x1 + t, B = k x2 + t for a character k and a phase t (angles), F = cos A + cos B, D = sin A - sin B, and
L_m for a function cos(m x1 + s) + cos(m x2 + s) of one frequency. Then

    F^2 + D^2 = 2 + 2 cos(k (x1 + x2) + 2 t)                                                             (1)
    F_g^2 - F_{-g}^2 = -sin 2g [sin 2k x1 + sin 2k x2 + 2 sin k (x1 + x2)]   (phases g and -g)              (2)

* ``doubling`` (even order, a chi of order 2 giving a constant by (chi(x1) - chi(x2))^2 = 2 - 2 chi(x1 + x2); or
  one-hot targets, with a constant node). By (1) with t = +-g four nodes serve k, and with (2) leave
  sin 2k x1 + sin 2k x2 in the span; a character k' with 2k' = +-2k then needs only F_g, F_{-g}, D_g, and so does one
  with 4k' = 0. One node (chi(x1) + chi(x2))^2 serves 2k = 0, one the constant. Width: with 2^r characters of 2k = 0,
  s = 2^r - 1 of them nontrivial and p pairs, u of them of 4k = 0,  1 + s + 3p + (p - u)/2^r; for odd order three nodes
  do where 3k = 0 (below), and seven for k and 2k where 5k = 0: with A = F at k, B = F at 2k of suitable phases, (2)
  leaves one target at k to A^2 + B/2 and one at 2k to B^2 + A/2, and both are in the span of 1, (1 - A - 3B)^2,
  (1 - 3A - B)^2 and (5 - 6A - 6B)^2. Width: 1 + 4p - (pairs with 3k = 0) - (pairs with 5k = 0)/2.
* ``cycle`` (odd order, trivial character allowed, zero-mean targets): with c1 c2 = 2, (F + c1)^2, (F + c2)^2 and D^2
  give cos(k (x1 + x2) + 2t) without a constant, and F + (c1 + c2)/2. A second F at phase t + w leaves by (2) the other
  target, a multiple of F at the character 2k, and the constant that sin w (c1 + c2)/2 = 2 takes away: four nodes for
  each pair, doubling round its cycle. Here t = pi/4, w = +-pi/4, c = +-(2 sqrt 2 +- sqrt 6). Where 3k = 0
  three shifted copies of cos k x1 + cos k x2 - 1/4 do. Width: 4p - (number of pairs with 3k = 0).

Every network is completed and checked in integers (:func:`.completion.complete`); the formulae are proof sketches.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import lcm

from ..algebra.cyclotomic import MAX_N, IntArray, root_of_unity
from ..errors import InputError
from ..groups.abelian import Group
from ..networks.cyclotomic_network import Components, ExactNetwork
from ..networks.network import Setting
from .completion import Hidden, complete

FAMILIES = ("doubling", "cycle")


def family_width(name: str, group: Group, setting: Setting) -> int | None:
    """The width of a family's network, None where the family has none."""
    pairs = [k for k, _ in group.conjugate_pairs]
    real = group.self_conjugate
    thirds = sum(group.character_orders[k] == 3 for k in pairs)
    if name == "doubling" and real:
        quarters = sum(group.character_orders[k] == 4 for k in pairs)
        return 1 + len(real) + 3 * len(pairs) + (len(pairs) - quarters) // (len(real) + 1)
    if name == "doubling" and setting.target == "one-hot":
        fifths = sum(group.character_orders[k] == 5 for k in pairs) // 2
        return 1 + 4 * len(pairs) - thirds - fifths
    if name == "cycle" and not real and (setting.trivial, setting.target) == ("with", "zero-mean"):
        return 4 * len(pairs) - thirds
    return None


def family_network(name: str, group: Group, setting: Setting) -> ExactNetwork:
    """The family's network, its loss zero in integers. Raises InputError where the family has none."""
    if (width := family_width(name, group, setting)) is None:
        raise InputError(
            f"family={name} has no network on group {group.name} with this setting: families are {FAMILIES}"
        )
    n = _field(name, group)
    nodes = _cycle(group, n) if name == "cycle" else _doubling(group, n, setting)
    network = complete(group, n, list(nodes), setting)
    if network is None or network.width != width:
        raise ArithmeticError(f"family {name} fails on group {group.name}")
    return network


def _field(name: str, group: Group) -> int:
    """n of the Z[zeta_n] that holds all coefficients.

    They are phases by eighths, twelfths and thirds of a turn and sqrt 2, sqrt 6, whatever the group: 24 does for
    ``cycle``, 12 for ``doubling``. Where exact arithmetic allows n to be a multiple of the group's exponent too, it is:
    n is part of a network's id, and the ids in catalogs were made so.
    """
    least = 24 if name == "cycle" else 12
    n = lcm(least, group.exponent)
    return n if n <= 2 * MAX_N else least


def _wave(k: int, turn: int, n: int, kind: str, constant: IntArray | None = None) -> Hidden:
    """cos + cos (kind F) or sin - sin (kind D) of k x + 2 pi turn/n, twice; ``constant`` is added, twice too."""
    if kind == "D":
        return {k: root_of_unity(turn - n // 4, n)}, {k: root_of_unity(turn + n // 4, n)}
    a: Components = {k: root_of_unity(turn, n)}
    if constant is not None:
        a[0] = 2 * constant
    return a, {k: root_of_unity(turn, n)}


def _thirds(k: int, n: int) -> Iterator[Hidden]:
    """Three nodes for both targets at a character with 3k = 0: shifts of cos k x1 + cos k x2 - 1/4."""
    for shift in range(3):
        wave = 2 * root_of_unity(shift * n // 3, n)
        yield {k: wave, 0: -root_of_unity(0, n)}, {k: wave}


def _phases(length: int, negated: bool) -> tuple[list[int], list[int], list[int]]:
    """Phases t, turns w (both in eighths of a turn) and signs of c round a cycle of doubling, in closed form.

    F_{t+w}^2 - F_t^2 holds -sin w times F of the character 2k at phase 2t + w - 1/4 turn: that has to be the phase
    of the nodes at 2k, up to half a turn, which is a sign; there the constant vanishes if (c1 + c2)/2 is -2/sin w
    times that sign. With t = w = 1/8 turn the phase stays 1/8 turn, so that is the phase of every character, whatever
    the length: a cycle that returns to k closes. One that returns to -k has to bring -1/8 turn, since F of -k at -t is
    F of k at t: the last turn is -1/8.
    """
    phases, turns = [1] * length, [1] * length
    if negated:
        turns[-1] = -1
    signs = [-1 if turn > 0 else 1 for turn in turns]  # of c at the character after the turn's own
    return phases, turns, [signs[-1], *signs[:-1]]


def _fifths(k: int, double: int, n: int) -> Iterator[Hidden]:
    """Seven nodes beside the constant for both targets at k and 2k where 5k = 0."""
    one, twelfth = root_of_unity(0, n), n // 12
    for character, turn in ((k, -twelfth), (double, 7 * twelfth)):
        yield _wave(character, turn, n, "F")
        yield _wave(character, turn, n, "D")
    for constant, first, second in ((1, -1, -3), (1, -3, -1), (5, -6, -6)):
        waves = {k: first * one, double: second * root_of_unity(-4 * twelfth, n)}
        yield {**waves, 0: 2 * constant * one}, waves


def _doubling(group: Group, n: int, setting: Setting) -> Iterator[Hidden]:
    one, g = root_of_unity(0, n), n // 12
    real = group.self_conjugate
    for chi in real:
        yield {chi: one}, {chi: one}
    if real:
        yield {real[0]: one}, {real[0]: -one}
    else:
        yield {0: one}, {}
    served: set[int] = set()
    for k, _ in group.conjugate_pairs:
        if not real and group.character_orders[k] == 3:
            yield from _thirds(k, n)
            continue
        double = int(group.multiple(2, k))
        if not real and group.character_orders[k] == 5:
            if double not in served:
                yield from _fifths(k, double, n)
                served |= {k, int(group.multiple(-1, k))}
            continue
        yield from (_wave(k, g, n, "F"), _wave(k, -g, n, "F"), _wave(k, g, n, "D"))
        if group.character_orders[k] != 4 and double not in served:
            yield _wave(k, -g, n, "D")
            served |= {double, int(group.multiple(-1, double))}


def _cycle(group: Group, n: int) -> Iterator[Hidden]:
    """Four nodes for each character of a cycle of doubling, three for each of order 3."""
    remaining = {k for k, _ in group.conjugate_pairs}
    for k in sorted(k for k in remaining if group.character_orders[k] == 3):
        yield from _thirds(k, n)
        remaining.remove(k)
    while remaining:
        cycle, negated = _doublings(group, min(remaining))
        remaining -= {int(group.multiple(sign, k)) for k in cycle for sign in (1, -1)}
        yield from _cycle_nodes(cycle, negated, n)


def _doublings(group: Group, start: int) -> tuple[list[int], bool]:
    """The characters k, 2k, 4k, ... until k or -k returns, and whether it is -k."""
    ends = start, int(group.multiple(-1, start))
    cycle = [start]
    while (following := int(group.multiple(2, cycle[-1]))) not in ends:
        cycle.append(following)
    return cycle, following != start


def _cycle_nodes(cycle: list[int], negated: bool, n: int) -> Iterator[Hidden]:
    """The nodes of one cycle: c of the two F is 2 sqrt 2 + sqrt 6 and 2 sqrt 2 - sqrt 6, up to the sign."""
    eighth, twelfth = n // 8, n // 12
    root_2 = root_of_unity(eighth, n) + root_of_unity(-eighth, n)
    root_6 = sum(root_of_unity(e * eighth + f * twelfth, n) for e in (1, -1) for f in (1, -1))
    phases, turns, signs = _phases(len(cycle), negated)
    for k, phase, turn, sign in zip(cycle, phases, turns, signs, strict=True):
        for constant in (2 * root_2 + root_6, 2 * root_2 - root_6):
            yield _wave(k, phase * eighth, n, "F", sign * constant)
        yield _wave(k, phase * eighth, n, "D")
        yield _wave(k, (phase + turn) * eighth, n, "F")
