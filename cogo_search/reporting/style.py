"""One style for every figure: type, colours that colour-blind readers tell apart, and files that repeat byte for byte.

Colours are Okabe and Ito's (2008). matplotlib is imported when a figure is made, so that everything else works
without it.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BLACK, GREY, PALE = "#222222", "#767676", "#e4e4e4"
BLUE, VERMILLION, GREEN, PURPLE = "#0072B2", "#D55E00", "#009E73", "#CC79A7"
ORANGE, SKY, YELLOW = "#E69F00", "#56B4E9", "#F0E442"
#: For series without a meaning of their own, in this order.
SERIES = (BLUE, VERMILLION, GREEN, PURPLE, ORANGE, SKY, BLACK)
#: A solution's order keeps its colour from figure to figure.
ORDERS = {4: BLUE, 6: VERMILLION}
#: The sets of conditions that hold; those of graph.js.
COVERS = {"Rc": BLUE, "Rc+R*": VERMILLION, "Rc+Rn": GREEN, "Rc+Rn+R*": PURPLE}
#: Sizes, from white to dark; prints in grey.
SIZES = "Blues"
#: The width of a page in inches.
PAGE = 7.2

RC: dict[Any, Any] = {
    "font.family": "DejaVu Sans",  # comes with matplotlib: the same glyphs everywhere
    "mathtext.fontset": "dejavusans",
    "font.size": 8,
    "axes.titlesize": 8.5,
    "axes.titlelocation": "left",
    "axes.labelsize": 8,
    "xtick.labelsize": 7,
    "ytick.labelsize": 7,
    "legend.fontsize": 7,
    "legend.frameon": False,
    "legend.handlelength": 1.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": BLACK,
    "axes.labelcolor": BLACK,
    "text.color": BLACK,
    "xtick.color": BLACK,
    "ytick.color": BLACK,
    "axes.linewidth": 0.6,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.minor.width": 0.4,
    "ytick.minor.width": 0.4,
    "lines.linewidth": 1.2,
    "patch.linewidth": 0.5,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "savefig.dpi": 150,
    "svg.fonttype": "path",  # text as it was laid out, whatever fonts the reader has
    "svg.hashsalt": "cogo_search",
}


@contextmanager
def style() -> Iterator[None]:
    """The settings under which every figure is drawn and written."""
    import matplotlib

    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(RC)
        yield


def blank(rows: int, columns: int, height: float, **options: Any) -> tuple[Figure, np.ndarray]:
    """A page-wide figure of the given height in inches, and its axes as an array (rows, columns)."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(PAGE, height), layout="constrained")
    FigureCanvasAgg(figure)
    return figure, figure.subplots(rows, columns, squeeze=False, **options)


def rendered(figure: Figure, title: str, caption: str) -> tuple[bytes, bytes]:
    """The figure as SVG and PNG, with title and caption inside; the same bytes whenever it is drawn again."""
    svg, png = io.BytesIO(), io.BytesIO()
    facts = {"Title": title, "Description": caption}
    figure.draw_without_rendering()
    figure.set_layout_engine("none")  # laid out once for both
    figure.savefig(svg, format="svg", metadata={**facts, "Date": None, "Creator": None})
    figure.savefig(png, format="png", metadata={**facts, "Software": None})
    return svg.getvalue(), png.getvalue()


def series(labels: Sequence[Any]) -> dict[Any, str]:
    """A colour for each label, repeating after the last."""
    return {label: SERIES[i % len(SERIES)] for i, label in enumerate(labels)}


def integer_ticks(ax: Axes, values: Sequence[int]) -> None:
    """Ticks of the x axis at whole numbers."""
    ax.set_xticks(list(values), [str(value) for value in values])


def integer_scale(ax: Axes) -> None:
    """Ticks of the y axis at whole numbers only."""
    from matplotlib.ticker import MaxNLocator

    ax.yaxis.set_major_locator(MaxNLocator(integer=True))


def short(value: float) -> str:
    """A rate as people write it.

    >>> short(0.0001), short(5e-05), short(0.005)
    ('1e-4', '5e-5', '0.005')
    """
    if not 0 < abs(value) < 1e-3:
        return f"{value:g}"
    digits, exponent = f"{value:.6e}".split("e")
    return f"{float(digits):g}e{int(exponent)}"
