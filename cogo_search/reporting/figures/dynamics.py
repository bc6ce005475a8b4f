"""How the potentials move while a network trains (Figure 3)."""

from __future__ import annotations

from collections import Counter
from math import log
from typing import TYPE_CHECKING

import numpy as np

from ...groups.abelian import Group
from ...training.config import Settings
from ..collect import Inputs, Lacking, RunInput
from ..remedies import training
from ..style import BLACK, BLUE, GREY, ORDERS, PALE, VERMILLION, blank, integer_scale, integer_ticks
from ..traces import Trace, trace
from .base import Drawing, described, sweeps

if TYPE_CHECKING:
    from matplotlib.axes import Axes

TICKS = {0: "0", 10: "10", 100: "100", 1000: "1k", 10000: "10k", 100000: "100k"}
#: Names in metrics.npz, and how the two are drawn.
LOOKS = (("train", "training", BLACK, "-"), ("test", "test", VERMILLION, "--"))
#: Fewer snapshots show no dynamics.
ENOUGH = 8


def figure_three(inputs: Inputs) -> Drawing:
    """Loss, accuracy, orders, the diagonal, and the other potentials by order, of one run."""
    run = _chosen(inputs)
    if run is None or run.settings is None:
        raise Lacking(f"no run with all of the loss has {ENOUGH} snapshots", training("figure-3"))
    figure, axes = blank(2, 4, 4.1)
    m, t = run.metrics, trace(run)
    _draw_pair(axes[0, 0], m, t, "loss", t.losses)
    axes[0, 0].set(yscale="log", title="loss")
    _draw_pair(axes[0, 1], m, t, "accuracy", t.accuracies)
    axes[0, 1].legend(loc="lower right")
    axes[0, 1].set(ylim=(-0.03, 1.03), title="accuracy")
    _draw_orders(axes[0, 2], m["order"][-1])
    _draw_diagonal(axes[0, 3], m, t, Group.parse(run.settings.group))
    _draw_norms(axes[1, 0], m, "off_norm", r"$\|r_{k_1k_2k}\|$ off the diagonal")
    _draw_norms(axes[1, 1], m, "rstar_norm", r"$\|\Sigma\, r\|$ of $R_*$")
    for ax, order in ((axes[1, 2], 4), (axes[1, 3], 6)):
        _draw_parts(ax, t, order)
    handles, labels = axes[1, 2].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower right", ncols=4)
    least = int(min(m["epoch"][m["epoch"] > 0].min(), t.epoch[t.epoch > 0].min()))
    for ax in (ax for ax in axes.flat if ax is not axes[0, 2]):
        _scale_epochs(ax, 10 if least <= 10 else 100, int(m["epoch"][-1]))
    spacing = int(np.diff(m["epoch"]).max())
    scope = f"{described(run.settings)}, seed {run.settings.seed}; {len(t.epoch)} snapshots; the norms every {spacing} "
    scope += "epochs, the sums of R_n at the snapshots, losses, accuracies and the diagonal at both."
    return Drawing(figure, scope[0].upper() + scope[1:])


def _chosen(inputs: Inputs) -> RunInput | None:
    """The run that is nearest to the published figure's: d = 23, q = 512, weight decay 1e-4, seed 5."""
    dense = [run for run in inputs.usable if len(run.snapshots) >= ENOUGH]
    runs = [run for s, found in sweeps(dense).items() if s.loss == "full" for run in found]

    def distance(run: RunInput) -> tuple[object, ...]:
        s, last = run.settings or Settings("23"), set(run.metrics["order"][-1])
        order = abs(log(Group.parse(s.group).order / 23))
        return not {4, 6} <= last, order, abs(log(s.hidden / 512)), _far(s.weight_decay, 1e-4), s.seed != 5, run.name

    return min(runs, key=distance, default=None)


def _scale_epochs(ax: Axes, linear: int, last: int) -> None:
    """Epochs on the x axis, logarithmic from ``linear`` on."""
    ticks = {value: label for value, label in TICKS.items() if value in (0, last) or linear <= value <= last}
    ax.set_xscale("symlog", linthresh=linear, linscale=0.4)
    ax.set_xlim(0, last)
    ax.set_xticks(list(ticks), list(ticks.values()))
    ax.minorticks_off()
    ax.set_xlabel("epoch")


def _far(value: float, wanted: float) -> float:
    return abs(log(value / wanted)) if value > 0 else float("inf")


def _draw_pair(ax: Axes, m: dict[str, np.ndarray], t: Trace, name: str, values: np.ndarray) -> None:
    """Training and test values over time."""
    for i, (pairs, label, color, line) in enumerate(LOOKS):
        x, y = joined(m["epoch"], m[f"{pairs}_{name}"], t.epoch, values[:, i])
        if np.isfinite(y).any():
            ax.plot(x, y, color=color, ls=line, label=label)


def joined(
    epochs: np.ndarray, values: np.ndarray, snapshots: np.ndarray, more: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Values (T, ..) of metrics and those of the snapshots between them, in time."""
    new = ~np.isin(snapshots, epochs)
    x, y = np.concatenate([epochs, snapshots[new]]), np.concatenate([values, more[new]])
    order = np.argsort(x)
    return x[order], y[order]


def _draw_orders(ax: Axes, orders: np.ndarray) -> None:
    counts = Counter(int(order) for order in orders)
    places = range(max(max(counts), 8) + 1)
    ax.bar(places, [counts[p] for p in places], color=[ORDERS.get(p, GREY) for p in places], width=0.8)
    integer_ticks(ax, [p for p in places if p % 2 == 0])
    integer_scale(ax)
    ax.set_title("frequencies by order")
    ax.set_xlabel("order (nodes)")


def _draw_diagonal(ax: Axes, m: dict[str, np.ndarray], t: Trace, group: Group) -> None:
    """The sum of r_kkk over all k != 0."""
    weight = np.where(group.character_orders[m["k"]] == 2, 1, 2)  # k and -k
    epochs, values = joined(m["epoch"], m["r_kkk"], t.epoch, t.r_kkk)
    total = (values.real * weight).sum(axis=1)
    ax.axhline(group.order - 1, color=GREY, ls=":", lw=1)
    ax.plot(epochs, total, color=BLACK)
    ax.set_title(rf"$\Sigma\, r_{{kkk}}$, to $d - 1 = {group.order - 1}$")
    ax.set_ylim(bottom=min(0.0, float(total.min())))


def _draw_norms(ax: Axes, m: dict[str, np.ndarray], name: str, title: str) -> None:
    """Means over the frequencies that end at order 4, and at order 6."""
    for order, color in ORDERS.items():
        here = m["order"][-1] == order
        if here.any():
            ax.plot(m["epoch"], m[name][:, here].mean(axis=1), color=color, label=f"order {order}")
    ax.set_yscale("log")
    ax.set_title(title)
    if ax.get_legend_handles_labels()[0]:
        ax.legend(loc="lower left")


def _draw_parts(ax: Axes, t: Trace, order: int) -> None:
    """The sums of R_n at output frequencies of an order, by the nodes that make them."""
    ax.axhline(0, color=PALE, lw=0.8)
    if (t.order == order).any():
        shown = t.along_own(order)
        looks = (
            ("fours", BLUE, "-", "order-4 nodes"),
            ("sixes", VERMILLION, "-", "order-6 nodes"),
            ("others", GREY, "-", "other nodes"),
            ("all", BLACK, "--", "sum"),
        )
        for name, color, line, label in looks:
            ax.plot(t.epoch, shown[name], color=color, ls=line, label=label)
    else:
        ax.text(0.5, 0.5, f"no frequency\nends at order {order}", transform=ax.transAxes, ha="center", va="center")
    ax.set_title(rf"$\Sigma\, R_n$ at $k$ of order {order}")
