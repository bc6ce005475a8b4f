"""How far matches can be trusted, and whether cheap solutions are found more often."""

from __future__ import annotations

from collections import Counter

from ..collect import Inputs, Lacking, RunMatches
from ..remedies import ENUMERATE, TRAIN
from ..style import BLACK, BLUE, GREY, ORDERS, blank
from .base import Drawing


def _matched(inputs: Inputs) -> RunMatches:
    if inputs.matches is None:
        raise Lacking("no runs to match", TRAIN)
    return inputs.matches


def match_rate(inputs: Inputs) -> Drawing:
    """The share of frequencies within a tolerance of any family, and of blocks that mean nothing."""
    matches = _matched(inputs)
    curve = matches.report["curve"]
    if not curve:
        raise Lacking("no frequency of the runs has order 4 or 6", TRAIN)
    figure, axes = blank(1, 1, 2.8)
    ax = axes[0, 0]
    x = [row["tolerance"] for row in curve]
    ax.plot(x, [100 * row["matched"] for row in curve], color=BLUE, label="frequencies of order 4 and 6")
    ax.plot(x, [100 * row["null"] for row in curve], color=BLACK, ls="--", label="random blocks (worst null)")
    ax.axvline(matches.report["tolerance"], color=GREY, ls=":", label=f"tolerance {matches.report['tolerance']:g}")
    ax.set_xscale("log")
    ax.set_yscale("symlog", linthresh=0.1, linscale=0.5)  # the null's shares are small
    ax.set_yticks([0, 0.1, 1, 10, 100], ["0", "0.1", "1", "10", "100"])
    ax.minorticks_off()
    ax.set(ylim=(-0.02, 130), xlabel="relative distance to the nearest family", ylabel="share within it (%)")
    ax.legend(loc="center")
    count = sum(f["order"] in (4, 6) for n in matches.report["networks"] for f in n["frequencies"])
    samples = sorted({row["samples"] for row in matches.report["nulls"]})
    scope = f"{count} frequencies of {len(matches.report['networks'])} networks; nulls of "
    return Drawing(figure, scope + " and ".join(f"{n:,}" for n in samples) + " blocks of each kind.")


def cost_and_hits(inputs: Inputs) -> Drawing:
    """How often each catalog entry of order 4 and 6 was the nearest one, against its cost."""
    matches = _matched(inputs)
    hits = matches.comparison.get("entries")
    if not hits:
        raise Lacking("the catalogs hold no entries of order 4 or 6", ENUMERATE)
    figure, axes = blank(1, 2, 2.9)
    for ax, (order, color) in zip(axes[0], ORDERS.items(), strict=True):
        rows = [h for h in hits if h["order"] == order]
        for h in rows:
            ax.plot([h["cost"]] * 2, [h["expected"], h["hits"]], color=GREY, lw=0.5, zorder=0)
        costs = [h["cost"] for h in rows]
        ax.plot(costs, [h["expected"] for h in rows], "_", color=BLACK, ms=9, label="expected of uniform phases")
        ax.plot(costs, [h["hits"] for h in rows], "o", color=color, ms=4, mfc="none", alpha=0.7, label="found")
        ax.set_yscale("symlog", linthresh=1)
        ax.minorticks_off()
        ax.set_ylim(bottom=-0.3)
        ax.set_title(f"order {order}: {len(rows)} entries, {sum(not h['hits'] for h in rows)} never found")
        ax.set_xlabel("cost (least squared norm)")
        ax.legend(loc="upper right")
    axes[0, 0].set_ylabel("frequencies")
    orders = Counter(f["order"] for n in matches.report["networks"] for f in n["frequencies"])
    scope = f"{orders[4]} frequencies of order 4, {orders[6]} of order 6; tolerance {matches.report['tolerance']:g}."
    return Drawing(figure, scope)
