"""Which members of its families gradient descent picks: the free parameters (Figure 5)."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...families import Family, all_families
from ...families.base import Histogram, Scatter
from ..collect import Inputs, Lacking
from ..remedies import TRAIN
from ..style import BLACK, GREY, ORDERS, PURPLE, blank
from .base import Drawing

BINS = 12


def panels() -> list[Family]:
    """The families that have a panel: histograms of one parameter by order, then those of two parameters."""
    drawn = [family for family in all_families() if family.panel is not None]
    return sorted(drawn, key=lambda family: (isinstance(family.panel, Scatter), family.orders))


def values_of(inputs: Inputs, family: str) -> list[dict[str, float]]:
    """The fitted parameters, in turns, of every frequency that is in a family."""
    if inputs.matches is None:
        raise Lacking("no runs to match", TRAIN)
    networks = inputs.matches.report["networks"]
    return [f["parameters"] for n in networks for f in n["frequencies"] if f["family"] == family]


def figure_five(inputs: Inputs) -> Drawing:
    """Each family's free parameters over their domain: one as a histogram beside uniform phases, two as points."""
    families = panels()
    found = [values_of(inputs, family.name) for family in families]
    if not any(found):
        raise Lacking("no frequency of the runs is in a family with free parameters", TRAIN)
    figure, axes = blank(1, len(families), 2.5)
    for ax, family, values in zip(axes[0], families, found, strict=True):
        color = ORDERS.get(family.orders[0], PURPLE)
        if isinstance(family.panel, Histogram):
            _histogram(ax, family.panel, values, color)
        elif isinstance(family.panel, Scatter):
            _scatter(ax, family.panel, values, color)
    axes[0, 0].set_ylabel("frequencies")
    networks = len(inputs.matches.report["networks"]) if inputs.matches else 0
    return Drawing(figure, f"{networks} networks at their last epoch, by our rules.")


def _histogram(ax: Any, panel: Histogram, found: list[dict[str, float]], color: str) -> None:
    values = [parameters[panel.parameter] for parameters in found]
    ax.hist(values, bins=np.linspace(0, panel.end, BINS + 1), color=color, rwidth=0.9)
    ax.axhline(len(values) / BINS, color=BLACK, ls="--", lw=0.8, label="uniform phases")
    ax.set(title=f"{panel.title}\n{len(values)} frequencies", xlabel=f"phase of $\\{panel.parameter}$ (turns)")
    ax.set_xlim(0, panel.end)
    ax.legend(loc=panel.legend)


def _scatter(ax: Any, panel: Scatter, found: list[dict[str, float]], color: str) -> None:
    first, second = panel.parameters
    points = np.array([[parameters[first], parameters[second]] for parameters in found]).reshape(-1, 2)
    corners = np.array(panel.outline)
    ax.fill(corners[:, 0], corners[:, 1], color=GREY, alpha=0.15, lw=0)
    ax.plot(points[:, 0], points[:, 1], "o", ms=3.5, mfc="none", color=color)
    ax.set(xlim=panel.xlim, ylim=panel.ylim)
    ax.set(xlabel=f"phase of $\\{first}$ (turns)", ylabel=f"phase of $\\{second}$ (turns)")
    ax.set_title(f"{panel.title}\n{len(points)} frequencies")
