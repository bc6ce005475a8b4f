r"""Real radicals: towers of square roots, and the optimizer of width 8 on Z_5 without the trivial character in them.

A tower is R_0 = Q, R_i = R_{i-1}(r_i) with r_i > 0 and r_i^2 in R_{i-1}. An element of R_m has 2^m rational
coordinates, the one at index e belonging to the product of the r_i with bit i - 1 of e set.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt, lcm

Element = tuple[Fraction, ...]


@dataclass(frozen=True)
class Tower:
    """The squares of the generators: ``radicands[i]`` has 2^i coordinates."""

    radicands: tuple[tuple[int, ...], ...]

    @property
    def size(self) -> int:
        """Number of coordinates."""
        return 2 ** len(self.radicands)

    def rational(self, value: Fraction | int) -> Element:
        """An element of Q."""
        return (Fraction(value), *[Fraction(0)] * (self.size - 1))

    def root(self, i: int) -> Element:
        """The generator of index i, from 0."""
        return tuple(Fraction(e == 2**i) for e in range(self.size))

    def times(self, *factors: Element | Fraction | int) -> Element:
        """The product."""
        product = self.rational(1)
        for factor in factors:
            other = factor if isinstance(factor, tuple) else self.rational(factor)
            product = self._multiply(product, other, len(self.radicands))
        return product

    def _multiply(self, x: Element, y: Element, level: int) -> Element:
        if not any(x) or not any(y):
            return (Fraction(0),) * len(x)
        if level == 0:
            return (x[0] * y[0],)
        half = len(x) // 2
        (x0, x1), (y0, y1) = (x[:half], x[half:]), (y[:half], y[half:])
        square = tuple(map(Fraction, self.radicands[level - 1]))
        low = plus(
            self._multiply(x0, y0, level - 1), self._multiply(self._multiply(x1, y1, level - 1), square, level - 1)
        )
        return low + plus(self._multiply(x0, y1, level - 1), self._multiply(x1, y0, level - 1))

    def fixed(self, elements: Sequence[Sequence[Fraction | int]], bits: int) -> list[int]:
        """The values of elements of integers times 2^bits, each within a few units times its coordinates."""
        roots: list[int] = []
        for radicand in self.radicands:
            roots.append(isqrt(_value(radicand, roots, bits) << bits))
        return [_value(x, roots, bits) for x in elements]

    def number(self, x: Element) -> float:
        """In floating point."""
        scale = lcm(*(c.denominator for c in x))
        integers = [int(c * scale) for c in x]
        bits = precision(integers, *self.radicands)
        return float(Fraction(self.fixed([integers], bits)[0], scale << bits))


def precision(*elements: Sequence[int]) -> int:
    """Bits enough for the values of elements of integers, whatever cancels among their coordinates."""
    return 256 + 64 * len(elements[-1]) + 4 * max(abs(c).bit_length() for x in elements for c in x)


def plus(*terms: Element) -> Element:
    """The sum."""
    return tuple(map(sum, zip(*terms, strict=True)))  # type: ignore[arg-type]


def _value(x: Sequence[Fraction | int], roots: Sequence[int], bits: int) -> int:
    total = 0
    for e, coordinate in enumerate(x):
        if coordinate:
            product = int(coordinate) << bits
            for i, root in enumerate(roots):
                product = product * root >> bits if e >> i & 1 else product
            total += product
    return total


#: sqrt 5, sqrt 41, sqrt 31, 4 sqrt 7 sin(2 pi/5), 4 sin(2 pi/5) sqrt(155 (205 + 8 sqrt 41)).
_FIVE = Tower(
    (
        (5,),
        (41, 0),
        (31, 0, 0, 0),
        (70, 14, 0, 0, 0, 0, 0, 0),
        (317750, 63550, 12400, 2480, *[0] * 12),
    )
)
#: A hidden node by values: alpha, beta, v, each d elements.
Values = tuple[list[Element], list[Element], list[Element]]


def width_eight() -> tuple[Tower, list[Values]]:
    """Eight nodes on Z_5 without the trivial character, zero-mean: two orbits of (alpha, beta)(x) -> (beta, alpha)(3x).

    Found by `frontier search --symmetry mult:2*swap`, refined to 300 digits, its coordinates recognised by lattice
    reduction; that it is a solution is decided in integers (:mod:`.networks`). Node A: alpha and beta are multiples of
    cos x + p sin x and cos 2x + q sin 2x (angles 2 pi x/5) with q^2 = (205 + 8 sqrt 41)/155, p q = sqrt 41/5; node B
    likewise with p = -sqrt 7/3, q = 5 sqrt 7/9.
    """
    t = _FIVE
    five, forty_one, thirty_one, seven_sine, q_sine = (t.root(i) for i in range(5))

    def combination(one: str, five_: str, other: str, both: str) -> Element:
        """Of 1, sqrt 5, sqrt 41 and sqrt 205."""
        parts = zip((one, five_, other, both), (t.rational(1), five, forty_one, t.times(five, forty_one)), strict=True)
        return plus(*(t.times(Fraction(c), basis) for c, basis in parts))

    cosines = [t.rational(1), combination("-1/4", "1/4", "0", "0"), combination("-1/4", "-1/4", "0", "0")]
    second_sine = combination("-1/2", "1/2", "0", "0")  # sin(4 pi/5)/sin(2 pi/5)

    def wave(cosine: Element, sine: Element, k: int) -> list[Element]:
        """cosine cos kx + sine sin kx by x, ``sine`` given as a multiple of sin(2 pi/5)."""
        values = []
        for x in range(5):
            y = k * x % 5
            c = cosines[min(y, 5 - y)]
            s = t.rational(0)
            if y:
                s = t.times(second_sine if y in (2, 3) else 1, 1 if y < 3 else -1)
            values.append(plus(t.times(cosine, c), t.times(sine, s)))
        return values

    def node(first: Element, ratios: tuple[Element, Element], p: Element, q: Element, v: Sequence[Element]) -> Values:
        """alpha = first (cos x + p sin x) + cos 2x + q sin 2x; beta with both parts times ``ratios``; v by parts."""
        waves = [wave(first, t.times(first, p), 1), wave(t.rational(1), q, 2)]
        alpha = [plus(x, y) for x, y in zip(*waves, strict=True)]
        beta = [plus(t.times(ratios[0], x), t.times(ratios[1], y)) for x, y in zip(*waves, strict=True)]
        outputs = [plus(x, y) for x, y in zip(wave(v[0], v[1], 1), wave(v[2], v[3], 2), strict=True)]
        return alpha, beta, outputs

    q = t.times(Fraction(1, 620), q_sine)  # q sin(2 pi/5), since 4 * 155 = 620
    p = t.times(q, combination("-8/31", "0", "5/31", "0"))
    over_q = t.times(q, combination("1025/1271", "0", "-40/1271", "0"))  # sin(2 pi/5)/q
    first = combination("-23/248", "115/248", "5/248", "-25/248")
    ratios = (
        t.times(thirty_one, combination("25/372", "1/372", "1/372", "5/372")),
        t.times(thirty_one, combination("-25/372", "1/372", "1/372", "-5/372")),
    )
    v = [
        t.times(thirty_one, Fraction(1, 31), combination("3/46", "4/345", "-103/28290", "-12/943")),
        t.times(thirty_one, Fraction(1, 31), combination("-61/368", "1439/5520", "-5449/226320", "643/15088")),
    ]
    slopes = [combination("79/16", "0", "57/80", "0"), combination("55/16", "0", "-49/80", "0")]
    a = node(first, ratios, p, q, [v[0], t.times(v[0], slopes[0], over_q), v[1], t.times(v[1], slopes[1], over_q)])
    seven = t.times(Fraction(1, 4), seven_sine)  # sqrt 7 sin(2 pi/5)
    ratios = (
        t.times(thirty_one, combination("-47/961", "-80/961", "0", "0")),
        t.times(thirty_one, combination("1/62", "5/62", "0", "0")),
    )
    w = t.times(thirty_one, Fraction(1, 31), combination("9/805", "-9/161", "0", "0"))
    eighth = t.times(Fraction(-1, 8), w)
    b = node(
        combination("-1/3", "5/3", "0", "0"),
        ratios,
        t.times(Fraction(-1, 3), seven),
        t.times(Fraction(5, 9), seven),
        [w, t.rational(0), eighth, t.times(3, eighth, seven)],
    )
    nodes = []
    for alpha, beta, outputs in (a, b):
        for _ in range(4):
            nodes.append((alpha, beta, outputs))
            alpha, beta, outputs = ([part[3 * x % 5] for x in range(5)] for part in (beta, alpha, outputs))
    return t, nodes
