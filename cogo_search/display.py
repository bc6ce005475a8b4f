"""How values show in a notebook: tables, and nodes on their three circles, as HTML and SVG without scripts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from .errors import InputError

#: The side of one circle's picture, its radius, and the nodes that still get a picture.
SIDE, RADIUS, DRAWN = 110, 40, 64
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000", "#f0e442")


def table(columns: Sequence[str], rows: Iterable[Sequence[Any]], caption: str = "") -> str:
    """An HTML table; cells are escaped, but those that are a :class:`Markup`."""
    head = "".join(f"<th>{escape(name)}</th>" for name in columns)
    body = "".join(f"<tr>{''.join(f'<td>{_cell(cell)}</td>' for cell in row)}</tr>" for row in rows)
    title = f"<caption>{escape(caption)}</caption>" if caption else ""
    return f"<table>{title}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def pandas() -> Any:
    """The module, where it is installed. Raises InputError where it is not."""
    try:
        import pandas as pd
    except ImportError:
        raise InputError("pandas is not installed: pip install pandas, or take to_dict() instead") from None
    return pd


class Markup(str):
    """Text that is HTML already."""


def _cell(value: Any) -> str:
    if isinstance(value, Markup):
        return value
    if isinstance(value, float):
        return escape(f"{value:.4g}")
    return escape("" if value is None else str(value))


def circles(z: Any) -> Markup:
    """Nodes on the unit circles of a, b and c: three small pictures side by side, one colour a node.

    ``z`` are complex numbers of shape (3, q); each row is scaled to its largest size.
    """
    nodes = len(z[0])
    if nodes > DRAWN:
        return Markup(f"<em>{nodes} nodes</em>")
    parts = []
    for place, (name, row) in enumerate(zip("abc", z, strict=True)):
        x, y = SIDE * place + SIDE / 2, SIDE / 2
        parts.append(f'<circle cx="{x:g}" cy="{y:g}" r="{RADIUS}" fill="none" stroke="#999"/>')
        parts.append(f'<text x="{x:g}" y="{SIDE - 1}" font-size="11" text-anchor="middle" fill="#666">{name}</text>')
        size = max((abs(complex(v)) for v in row), default=0.0) or 1.0
        for number, value in enumerate(complex(v) / size for v in row):
            # Nodes that share a place lie on each other: later ones are drawn smaller, so that all are seen.
            dot = 5.5 - 3.5 * number / max(nodes - 1, 1)
            parts.append(
                f'<circle cx="{x + RADIUS * value.real:.2f}" cy="{y - RADIUS * value.imag:.2f}" r="{dot:.1f}" '
                f'fill="{COLOURS[number % len(COLOURS)]}"><title>node {number}: {value:.3f}</title></circle>'
            )
    shape = f'width="{3 * SIDE}" height="{SIDE}" viewBox="0 0 {3 * SIDE} {SIDE}"'
    return Markup(f'<svg xmlns="http://www.w3.org/2000/svg" {shape} role="img">{"".join(parts)}</svg>')
