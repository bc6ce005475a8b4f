"""How the orders distribute over weight decay, width and modulus (Figures 4 and 9 to 12)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ...groups.abelian import Group
from ...terminal.tables import plural
from ..collect import Inputs, Lacking
from ..remedies import training
from ..style import GREY, ORDERS, blank, series, short
from .base import Drawing

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: The widths of the paper and their figures.
WIDTHS = {512: "figure-4", 256: "figure-9", 1024: "figure-11", 2048: "figure-12"}
#: The largest order with a bar of its own: larger ones are put together.
LAST = 9
#: With more groups than this a panel is too narrow for a label at every order.
MANY = 4


def of_width(hidden: int) -> Callable[[Inputs], Drawing]:
    """The figure of one width: a column for each group, a row for each weight decay."""

    def draw(inputs: Inputs) -> Drawing:
        records = [r for r in inputs.orders if r["hidden"] == hidden and r["orders"]]
        if not records:
            raise Lacking(f"no run with q = {hidden} and the paper's optimizer has ended", training(WIDTHS[hidden]))
        groups = sorted({r["group"] for r in records}, key=_size)
        rates = sorted({(r["weight_decay"], r["lr"]) for r in records})
        figure, axes = blank(len(rates), len(groups), 0.9 + 0.85 * len(rates), sharex=True, sharey=True)
        known = {(r["group"], r["weight_decay"], r["lr"]): r for r in records}
        several = len({lr for _, lr in rates}) > 1
        for row, (decay, lr) in enumerate(rates):
            for column, group in enumerate(groups):
                ax = axes[row, column]
                _draw_distribution(ax, known.get((group, decay, lr)), len(groups) > MANY)
            axes[row, 0].set_ylabel(f"decay {short(decay)}\n" + (f"lr {short(lr)}\n" if several else "") + "share (%)")
        for column, group in enumerate(groups):
            axes[0, column].set_title(f"group {group}")
            axes[-1, column].set_xlabel("order (nodes)")
        return Drawing(figure, _scope(records))

    return draw


def _draw_distribution(ax: Axes, record: dict[str, Any] | None, narrow: bool) -> None:
    for order in ORDERS:
        ax.axvline(order, color=GREY, ls="--", lw=0.6, zorder=0)
    ax.set_xlim(-0.7, LAST + 0.7)
    labels = {order: str(order) for order in range(0, LAST, 2 if narrow else 1)} | {LAST: f"{LAST}+"}
    if narrow:
        del labels[LAST - 1]
    ax.set_xticks(list(labels), list(labels.values()))
    ax.set_ylim(0, 105)
    ax.set_yticks([0, 50, 100])
    if record is None:
        ax.text(0.5, 0.5, "no runs", transform=ax.transAxes, ha="center", color=GREY)
        return
    counts = shares(record)
    ax.bar(range(LAST + 1), counts, color=[ORDERS.get(order, GREY) for order in range(LAST + 1)], width=0.8)
    if collapsed := record["runs"].get("collapsed"):
        runs = sum(record["runs"].values())
        ax.text(
            *(0.97, 0.85, f"{collapsed} of {runs} collapsed"),
            transform=ax.transAxes,
            ha="right",
            va="top",
            fontsize=7,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0},
        )


def shares(record: dict[str, Any]) -> list[float]:
    """Percent of the frequencies by order 0 to LAST - 1, then LAST and above."""
    total = sum(record["orders"].values())
    found = [0.0] * (LAST + 1)
    for order, count in record["orders"].items():
        found[min(int(order), LAST)] += 100 * count / total
    return found


def overview(inputs: Inputs) -> Drawing:
    """Mean order against weight decay, a panel for each group, a line for each width."""
    records = [r for r in inputs.orders if r["orders"]]
    if not records:
        raise Lacking("no run with the paper's optimizer has ended", training("figure-4"))
    decays = sorted({r["weight_decay"] for r in records})
    if len(decays) == 1:
        raise Lacking(f"all runs have the weight decay {short(decays[0])}", training("figure-4"))
    groups = sorted({r["group"] for r in records}, key=_size)
    columns = min(3, len(groups))
    rows = -(-len(groups) // columns)
    figure, axes = blank(rows, columns, 0.6 + 1.7 * rows, sharey=True, sharex=True)
    widths = sorted({(r["hidden"], r["lr"]) for r in records})
    colors = series(widths)
    several = len({lr for _, lr in widths}) > 1
    for ax, group in zip(axes.flat, groups, strict=False):
        for order in ORDERS:
            ax.axhline(order, color=GREY, ls="--", lw=0.6, zorder=0)
        for hidden, lr in widths:
            points = sorted(
                (r["weight_decay"], r["mean_order"])
                for r in records
                if (r["group"], r["hidden"], r["lr"]) == (group, hidden, lr)
            )
            label = f"q = {hidden}" + (f", lr {short(lr)}" if several else "")
            ax.plot(
                *zip(*points, strict=True) if points else ([], []), "o-", ms=3, color=colors[hidden, lr], label=label
            )
        ax.set_title(f"group {group}")
    for ax in axes.flat:
        ax.set_xscale("symlog", linthresh=min(decay for decay in decays if decay > 0))
        ax.set_xticks(decays, [short(decay) for decay in decays], **({"rotation": 90} if len(decays) > 5 else {}))
        ax.minorticks_off()
        ax.set_ylim(bottom=-0.3)
    for ax in axes.flat[len(groups) :]:
        ax.set_visible(False)
    for ax in axes[:, 0]:
        ax.set_ylabel("mean order (nodes)")
    figure.supxlabel("weight decay", fontsize=8)
    axes[0, 0].legend(loc="lower left")
    return Drawing(figure, _scope(records))


def _size(group: str) -> tuple[int, str]:
    return Group.parse(group).order, group


def _scope(records: list[dict[str, Any]]) -> str:
    runs = sum(n for r in records for n in r["runs"].values())
    frequencies = sum(n for r in records for n in r["orders"].values())
    lrs = ", ".join(short(lr) for lr in sorted({r["lr"] for r in records}))
    epochs = ", ".join(f"{epoch:,}" for epoch in sorted({r["epoch"] for r in records}))
    return f"{plural(runs, 'network', 'networks')}, {frequencies:,} frequencies, learning rate {lrs}, epoch {epochs}."
