"""Which members of its families gradient descent picks: the free parameters (Figure 5)."""

from __future__ import annotations

import numpy as np

from ..collect import Inputs, Lacking
from ..remedies import TRAIN
from ..style import BLACK, BLUE, GREY, VERMILLION, blank
from .base import Drawing

#: The parameter of a family, its symbol, the end of its fundamental domain in turns, and its colour.
FREE = (
    ("nu_i*xi", "xi", r"$\xi$ of $z_{\nu=i} * z_\xi$", 1 / 8, BLUE),
    ("nu*syn", "nu", r"$\nu$ of $z_\nu * z_{syn}$", 1 / 12, VERMILLION),
)
BINS = 12


def values_of(inputs: Inputs, family: str) -> list[dict[str, float]]:
    """The fitted parameters, in turns, of every frequency that is in a family."""
    if inputs.matches is None:
        raise Lacking("no runs to match", TRAIN)
    networks = inputs.matches.report["networks"]
    return [f["parameters"] for n in networks for f in n["frequencies"] if f["family"] == family]


def figure_five(inputs: Inputs) -> Drawing:
    """Histograms of xi and nu over their domains beside uniform phases; alpha and beta as points."""
    found = {family: values_of(inputs, family) for family in ("nu_i*xi", "nu*syn", "nu_i*syn_ab")}
    if not any(found.values()):
        raise Lacking("no frequency of the runs is in a family with free parameters", TRAIN)
    figure, axes = blank(1, 3, 2.5)
    for ax, (family, name, title, end, color) in zip(axes[0], FREE, strict=False):
        values = [p[name] for p in found[family]]
        ax.hist(values, bins=np.linspace(0, end, BINS + 1), color=color, rwidth=0.9)
        ax.axhline(len(values) / BINS, color=BLACK, ls="--", lw=0.8, label="uniform phases")
        ax.set(title=f"{title}\n{len(values)} frequencies", xlabel=f"phase of $\\{name}$ (turns)")
        ax.set_xlim(0, end)
        ax.legend(loc="upper left" if family == "nu_i*xi" else "upper right")
    axes[0, 0].set_ylabel("frequencies")
    pairs = np.array([[p["alpha"], p["beta"]] for p in found["nu_i*syn_ab"]]).reshape(-1, 2)
    ax = axes[0, 2]
    ax.fill([0, 1 / 12, 0], [0, 1 / 6, 1 / 8], color=GREY, alpha=0.15, lw=0)
    ax.plot(pairs[:, 0], pairs[:, 1], "o", ms=3.5, mfc="none", color=VERMILLION)
    ax.set(xlim=(-0.005, 0.09), ylim=(-0.01, 0.18))
    ax.set(xlabel=r"phase of $\alpha$ (turns)", ylabel=r"phase of $\beta$ (turns)")
    ax.set_title(r"$\alpha, \beta$ of $z_{\nu=i} * z_{syn,\alpha\beta}$" + f"\n{len(pairs)} frequencies")
    networks = len(inputs.matches.report["networks"]) if inputs.matches else 0
    return Drawing(figure, f"{networks} networks at their last epoch, by our rules.")
