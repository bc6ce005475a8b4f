"""The drawings of README and docs/ideas.md, docs/pictures/*.svg, from exact solutions: python scripts/docs_pictures.py.

Plain SVG in colours that are legible on light and dark pages; no library but the package itself. The same run gives the
same bytes.
"""

from __future__ import annotations

import cmath
import json
import re
from itertools import pairwise
from math import pi
from pathlib import Path

from cogo_search.algebra.weights import Weights

DOCS = Path(__file__).resolve().parent.parent / "docs"
INK, FAINT, GOOD, BAD = "#737b85", "#9aa3ad55", "#1b9e77", "#d95f02"
COLOURS = ("#1f83c9", "#e69f00", "#009e73", "#cc79a7", "#d55e00", "#56b4e9")
NAMES = ("abc", "Abc", "aBc", "ABc", "aAc", "bBc", "aac", "bbc", "AAc", "BBc")
SETS = {"abc": "R_g", "Abc": "R_c", "aBc": "R_c", "ABc": "R_c", "aAc": "R_n", "bBc": "R_n"}
Node = tuple[complex, complex, complex]


def nodes(w: Weights) -> list[Node]:
    """The nodes of an exact weight as complex numbers, r_kkk scaled to 1."""
    zeta = cmath.exp(2j * pi / w.n)
    raw = [
        (zeta ** int(a), zeta ** int(b), sum(int(x) * zeta**i for i, x in enumerate(c)))
        for a, b, c in zip(w.a, w.b, w.c, strict=True)
    ]
    total = sum(a * b * c for a, b, c in raw)
    return [(a, b, c / total) for a, b, c in raw]


def one() -> Weights:
    """The weight [1, 1, 1]."""
    return Weights.unit(0, 0, 2)


def six() -> Weights:
    """z_F6 at one frequency: {1, u_one} * {1, u_syn, u_syn^2}."""
    return (one() + Weights.unit(0, 1, 2)) * (one() + Weights.unit(1, 1, 3) + Weights.unit(2, 2, 3))


def four() -> Weights:
    """nu_i*xi at xi = 1/8 of a turn: {1, [i, -i, 1]} * {1, [xi, -i/xi, i]}."""
    return (one() + Weights.unit(1, -1, 4)) * (one() + Weights.unit(1, -3, 8))


def terms(node: Node, name: str) -> complex:
    """The monomial ``name`` at a node: a capital letter is a conjugate."""
    value = 1 + 0j
    for letter in name:
        x = node["abc".index(letter.lower())]
        value *= x.conjugate() if letter.isupper() else x
    return value


class Picture:
    """SVG elements one after the other."""

    def __init__(self, width: int, height: int, title: str) -> None:
        self.parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
            f'font-family="system-ui, sans-serif" font-size="13"><title>{title}</title>'
        ]

    def text(self, x: float, y: float, words: str, size: int = 13, colour: str = INK, anchor: str = "middle") -> None:
        """Words; the part after an underscore, up to a space, is a subscript."""
        small = f'<tspan dy="4" font-size="{size * 0.75:.0f}">'
        words = re.sub(r"_(\S+) ?(\S?)", rf'{small}\1</tspan><tspan dy="-4">&#8203;\2</tspan>', words)
        self.parts.append(
            f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour}" font-size="{size}" text-anchor="{anchor}">{words}</text>'
        )

    def circle(self, x: float, y: float, r: float, fill: str = "none", stroke: str = "none", width: float = 1) -> None:
        """A circle, filled or drawn."""
        self.parts.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r:.1f}" fill="{fill}" stroke="{stroke}" stroke-width="{width}"/>'
        )

    def line(self, points: list[tuple[float, float]], colour: str, width: float = 1.5, dash: str = "") -> None:
        """A line through points."""
        at = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        self.parts.append(f'<polyline points="{at}" fill="none" stroke="{colour}" stroke-width="{width}"{dashed}/>')

    def box(self, x: float, y: float, w: float, h: float, fill: str, stroke: str = "none", r: float = 3) -> None:
        """A rectangle with round corners."""
        self.parts.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{w:.1f}" height="{h:.1f}" rx="{r}" fill="{fill}" stroke="{stroke}"/>'
        )

    def arrow(self, start: tuple[float, float], end: tuple[float, float], colour: str, width: float = 2) -> None:
        """An arrow with its head at the end."""
        (x, y), (u, v) = start, end
        length = ((u - x) ** 2 + (v - y) ** 2) ** 0.5
        if length < 0.5:
            return
        dx, dy = (u - x) / length, (v - y) / length
        head = min(7.0, length * 0.45)
        self.line([start, (u - dx * head * 0.7, v - dy * head * 0.7)], colour, width)
        wing = head * 0.45
        corners = [(u, v), (u - dx * head - dy * wing, v - dy * head + dx * wing)]
        corners.append((u - dx * head + dy * wing, v - dy * head - dx * wing))
        at = " ".join(f"{p:.1f},{q:.1f}" for p, q in corners)
        self.parts.append(f'<polygon points="{at}" fill="{colour}"/>')

    def write(self, name: str) -> None:
        """Write docs/pictures/NAME.svg."""
        path = DOCS / "pictures" / f"{name}.svg"
        path.parent.mkdir(exist_ok=True)
        path.write_text("\n".join([*self.parts, "</svg>"]) + "\n", encoding="utf-8")


def circles(p: Picture, x: float, y: float, radius: float, block: list[Node], labels: bool = True) -> None:
    """The unit circles of a, b and c with a thread for each node; nodes that coincide are set side by side."""
    step = radius * 2.5
    largest = max(abs(c) for _, _, c in block)
    for i, letter in enumerate("abc"):
        centre = x + radius + i * step
        p.circle(centre, y, radius, stroke=INK, width=1)
        p.line([(centre - 3, y), (centre + 3, y)], INK)
        p.line([(centre, y - 3), (centre, y + 3)], INK)
        if labels:
            p.text(centre, y + radius + 20, letter, 15)
    places: dict[tuple[int, int, int], int] = {}
    threads = []
    for j, node in enumerate(block):
        thread = []
        for i, value in enumerate((node[0], node[1], node[2] / largest)):
            key = (i, round(value.real * 1000), round(value.imag * 1000))
            shift = places.get(key, 0)
            places[key] = shift + 1
            away = 1 + shift * 9 / radius
            centre = x + radius + i * step
            thread.append((centre + radius * value.real * away, y - radius * value.imag * away))
        threads.append((thread, COLOURS[j % len(COLOURS)]))
    for thread, colour in threads:
        p.line(thread, colour + "88", 1.5)
    for thread, colour in threads:
        for u, v in thread:
            p.circle(u, v, 5, fill=colour)


def chain(p: Picture, x: float, y: float, size: float, block: list[Node], name: str) -> None:
    """The terms of one potential set head to tail in a box; it vanishes if they close."""
    values = [terms(node, name) for node in block]
    points = [0j]
    for value in values:
        points.append(points[-1] + value)
    left, right = min(z.real for z in points), max(z.real for z in points)
    low, high = min(z.imag for z in points), max(z.imag for z in points)
    unit = size * 0.66 / max(right - left, high - low)
    middle = complex((left + right) / 2, (low + high) / 2)

    def at(z: complex) -> tuple[float, float]:
        return x + size / 2 + (z - middle).real * unit, y + size / 2 - (z - middle).imag * unit

    zero = abs(points[-1]) < 1e-9
    p.box(x, y, size, size, "none", FAINT, 6)
    for j, (start, end) in enumerate(pairwise(points)):
        p.arrow(at(start), at(end), COLOURS[j % len(COLOURS)], 2)
    if not zero:
        p.circle(*at(0), 3, fill=INK)
    label = "".join(f'<tspan text-decoration="overline">{s.lower()}</tspan>' if s.isupper() else s for s in name)
    p.text(x + size / 2, y + size + 17, label, 14)
    value = points[-1].real if abs(points[-1].imag) < 1e-9 else None
    said = "= 0" if zero else (f"= {value:.0f}" if value is not None and abs(value - round(value)) < 1e-9 else "≠ 0")
    p.text(x + size / 2, y + size + 33, said, 13, GOOD if zero or name == "abc" else BAD)


def solution(name: str, title: str, block: list[Node]) -> None:
    """Circles on the left, the ten sums on the right."""
    p = Picture(900, 320, title)
    p.text(206, 46, f"{len(block)} hidden nodes at one frequency", 15)
    circles(p, 24, 150, 52, block)
    p.text(206, 262, "one colour = one node; its phases add up to 0", 13)
    size, left = 76, 436
    for i, potential in enumerate(NAMES):
        row, column = divmod(i, 5)
        chain(p, left + column * 93, 30 + row * 142, size, block, potential)
    p.write(name)


def one_node() -> None:
    """A node: three phases, and the three waves they are."""
    p = Picture(900, 250, "One hidden node: three phases on the unit circle are three waves")
    turns = (0.07, 0.16, -0.23)
    block: list[Node] = [tuple(cmath.exp(2j * pi * t) for t in turns)]  # type: ignore[list-item]
    circles(p, 20, 110, 52, block)
    p.text(202, 225, "a · b · c = 1: the three angles add up to 0", 13)
    for i, (letter, what) in enumerate((("a", "\u03b1(x₁)"), ("b", "\u03b2(x₂)"), ("c", "v(y)"))):
        top, left, width = 34 + i * 70, 470, 400
        z = block[0][i].conjugate() if letter == "c" else block[0][i]
        middle = top + 18
        p.line([(left, middle), (left + width, middle)], FAINT)
        wave = [(left + width * s / 150, middle - 18 * (z * cmath.exp(2j * pi * 3 * s / 150)).real) for s in range(151)]
        p.line(wave, COLOURS[0], 1.2)
        for x in range(23):
            value = (z * cmath.exp(2j * pi * 3 * x / 23)).real
            p.circle(left + width * x / 23, middle - 18 * value, 2.6, fill=COLOURS[0])
        p.text(left - 12, middle + 5, what, 14, anchor="end")
    p.text(670, 243, "x = 0, 1, …, 22: the same three numbers as lookup tables, d = 23, k = 3", 12)
    p.write("one-node")


def product() -> None:
    """Which sums vanish for each factor and for their product."""
    rows = [
        ("{1, u_one }: 2 nodes", one() + Weights.unit(0, 1, 2)),
        ("{1, u_syn , u_syn ²}: 3 nodes", one() + Weights.unit(1, 1, 3) + Weights.unit(2, 2, 3)),
        ("their product: 6 nodes", six()),
    ]
    p = Picture(760, 230, "Zero sets add up under multiplication")
    left = 290
    for i, name in enumerate(NAMES[1:]):
        label = "".join(f'<tspan text-decoration="overline">{s.lower()}</tspan>' if s.isupper() else s for s in name)
        p.text(left + 24 + i * 50, 52, label, 14)
    for first, last, word in ((0, 2, "R_c"), (3, 4, "R_n"), (5, 8, "R_\u2217")):
        p.text(left + 24 + (first + last) * 25, 26, word, 14)
        p.line([(left + 4 + first * 50, 34), (left + 44 + last * 50, 34)], INK, 1)
    for r, (label, weight) in enumerate(rows):
        y = 68 + r * 50
        p.text(left - 14, y + 25, label, 13, anchor="end")
        for i, name in enumerate(NAMES[1:]):
            zero = not weight.potential(name).any()
            p.box(left + 4 + i * 50, y, 40, 40, GOOD if zero else "none", GOOD if zero else INK, 6)
            if zero:
                p.text(left + 24 + i * 50, y + 26, "0", 15, "#ffffff")
    p.write("product")


def network() -> None:
    """The hidden nodes of the recipe f4/6 for d = 23."""
    p = Picture(900, 190, "A whole network that adds modulo 23: 46 hidden nodes")
    x = 30.0
    for k in range(1, 12):
        count = 6 if k == 1 else 4
        width = 90 if count == 6 else 68
        p.box(x, 40, width, 62, "none", GOOD if count == 6 else INK, 8)
        for j in range(count):
            row, column = divmod(j, count // 2)
            p.circle(x + width * (column + 0.5) / (count // 2), 58 + row * 26, 7, fill=COLOURS[(k - 1) % 6])
        p.text(x + width / 2, 28, f"k = {k}", 13)
        if count == 4:
            p.line([(x + width / 2, 104), (x + width / 2, 126)], BAD, 1.2)
        else:
            p.arrow((x + width / 2, 126), (x + width / 2, 104), GOOD, 1.6)
        x += width + 8
    p.line([(75, 126), (x - 42, 126)], BAD, 1.2)
    p.text(450, 150, "each block of four leaves a constant at its output frequency;", 13)
    p.text(450, 169, "the block of six carries what cancels them: 6 + 10 · 4 = 46 hidden nodes", 13)
    p.write("network")


def learned() -> None:
    """Orders that gradient descent ends with, from docs/order-distributions.json."""
    records = json.loads((DOCS / "order-distributions.json").read_text(encoding="utf-8"))
    rows = [r for r in records if r["hidden"] == 512]
    decays = sorted({float(r["weight_decay"]) for r in rows})
    groups = sorted({int(r["group"]) for r in rows})
    p = Picture(900, 270, "Orders of the solutions that gradient descent finds, by weight decay")
    for g, group in enumerate(groups):
        left = 60 + g * 285
        p.text(left + 120, 22, f"d = {group}", 15)
        for i, decay in enumerate(decays):
            row = next(r for r in rows if int(r["group"]) == group and float(r["weight_decay"]) == decay)
            counts = {int(k): v for k, v in row["orders"].items()}
            total = sum(counts.values())
            y = 42 + i * 38
            if g == 0:
                p.text(left - 8, y + 20, f"{decay:.0e}".replace("e-0", "e-"), 12, anchor="end")
            x = float(left)
            for order in sorted(counts):
                width = 250 * counts[order] / total
                colour = {0: "#9aa3ad", 4: COLOURS[0], 6: COLOURS[1]}.get(order, "#cc79a7")
                p.box(x, y, max(width - 1, 0.5), 28, colour, r=2)
                if width > 22:
                    p.text(x + width / 2, y + 19, str(order), 12, "#ffffff" if order != 6 else "#222222")
                x += width
    said = "number in a bar = nodes of a frequency (0: the network collapsed); rows: weight decay; q = 512, 5 seeds"
    p.text(450, 258, said, 12)
    p.write("learned")


def main() -> None:
    """Draw everything."""
    one_node()
    solution("six-nodes", "Six hidden nodes solve one frequency: every sum but one vanishes", nodes(six()))
    solution("four-nodes", "Four hidden nodes: all but two sums vanish", nodes(four()))
    product()
    network()
    learned()


if __name__ == "__main__":
    main()
