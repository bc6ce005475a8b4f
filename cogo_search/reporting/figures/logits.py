"""Potentials of logits as a figure of its own: |C_kkk| by frequency, shares by class, what answers by ablation."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ...errors import InputError
from ...networks.logit_potentials import LogitPotentials
from ...storage import check_writable, write_atomically
from ..style import BLUE, GREY, VERMILLION, blank, style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SUFFIXES = (".svg", ".png", ".pdf")
#: What a file says about itself must not change from run to run.
TIMELESS = {".svg": {"Date": None, "Creator": None}, ".png": {"Software": None}, ".pdf": {"CreationDate": None}}
#: More frequencies than this have no name below each bar.
NAMED = 30
#: The smallest share drawn; below it bars are left out.
LEAST_SHARE = 1e-6


def check_figure(path: str | Path) -> Path:
    """The path if a figure can be written there, else InputError, before any work is done."""
    path = Path(path)
    if path.suffix not in SUFFIXES:
        raise InputError(f"figure={path} must end in {', '.join(SUFFIXES)}: choose one of these")
    try:
        import matplotlib  # noqa: F401 - an extra
    except ImportError:
        raise InputError(f"figure={path} needs matplotlib: pip install 'cogo_search[report]'") from None
    check_writable(path, "figure", path.suffix)
    return path


def write_figure(found: LogitPotentials, path: Path) -> None:
    """Write the figure as SVG, PNG or PDF by the suffix; the same numbers give the same bytes."""
    buffer = io.BytesIO()
    with style():
        figure = draw(found)
        title = {"Title": f"Potentials of logits, group {found.group}"}
        figure.savefig(buffer, format=path.suffix[1:], metadata={**title, **TIMELESS[path.suffix]})
    write_atomically(path, buffer.getvalue())


def draw(found: LogitPotentials) -> Figure:
    """Three panels."""
    figure, axes = blank(3, 1, 6.2)
    sizes, shares, answers = axes[:, 0]
    _sizes(sizes, found)
    _shares(shares, found)
    _answers(answers, found)
    return figure


def _sizes(ax: Axes, found: LogitPotentials) -> None:
    names = [str(f.k) if isinstance(f.k, int) else ",".join(map(str, f.k)) for f in found.frequencies]
    ax.bar(range(len(names)), [f.size for f in found.frequencies], color=BLUE, width=0.8)
    step = -(-len(names) // NAMED)
    shown = range(0, len(names), step)
    ax.set_xticks(list(shown), [names[i] for i in shown])
    ax.set_xlim(-0.7, len(names) - 0.3)
    ax.set_xlabel("frequency k")
    ax.set_ylabel("|C_kkk|")
    ax.set_title(f"The task at each frequency, group {found.group} (1 at the exact optimum)")


def _shares(ax: Axes, found: LogitPotentials) -> None:
    names = [name.replace("_", " ") for name in found.shares]
    values = np.array(list(found.shares.values()))
    colours = [BLUE, *[VERMILLION] * (len(names) - 1)]
    ax.barh(range(len(names)), np.where(values >= LEAST_SHARE, 100 * values, np.nan), color=colours, height=0.7)
    ax.set_xscale("log")
    ax.set_xlim(100 * LEAST_SHARE, 100)
    ax.set_yticks(range(len(names)), names)
    ax.invert_yaxis()
    ax.set_xlabel("share of the logits' variance (%)")
    ax.set_title("The task and every class of leak")


def _answers(ax: Axes, found: LogitPotentials) -> None:
    from matplotlib.ticker import MaxNLocator

    counts = [0, *(row.count for row in found.ablation)]
    kept = [100 * row.kept.accuracy for row in found.ablation]
    removed = [100 * found.full.accuracy, *(100 * row.removed.accuracy for row in found.ablation)]
    ax.plot(counts[1:], kept, color=BLUE, marker="o", ms=3, label="only these C_kkk kept")
    ax.plot(counts, removed, color=VERMILLION, marker="s", ms=3, label="these C_kkk removed")
    ax.axhline(100 * found.full.accuracy, color=GREY, ls="--", lw=0.8, label="the logits as they are")
    ax.set_ylim(-4, 104)
    ax.set_xlabel("frequencies, largest |C_kkk| first")
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.set_ylabel("accuracy (%)")
    ax.set_title("What answers")
    ax.legend(loc="center right")
