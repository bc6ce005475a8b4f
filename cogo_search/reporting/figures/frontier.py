"""How narrow optimizers are: bounds, certified networks and the paper's constructions."""

from __future__ import annotations

from typing import Any

from ...frontier.width_records import SETTINGS
from ...groups.abelian import Group
from ..collect import Inputs, Lacking
from ..style import BLACK, BLUE, GREEN, GREY, VERMILLION, blank
from .base import Drawing

#: What a row of the frontier holds, how it is drawn and named.
MARKS: tuple[tuple[str, str, str, str], ...] = (
    ("paper", VERMILLION, "x", "paper's construction"),
    ("found", GREEN, "^", "found by search (no proof)"),
    ("certified", BLUE, "o", "certified network"),
    ("bound", BLACK, "_", "lower bound"),
)


def of_setting(inputs: Inputs, trivial: str, target: str) -> list[dict[str, Any]]:
    """The rows of one setting, by the group's order, cyclic groups first."""
    found = [r for r in inputs.frontier if (r["trivial"], r["target"]) == (trivial, target) and not r.get("impossible")]
    return sorted(found, key=lambda r: (Group.parse(r["group"]).order, "x" in r["group"], r["group"]))


def width_frontier(inputs: Inputs) -> Drawing:
    """A panel for each setting: width against the group, with what is proved and what is found."""
    if not inputs.networks:
        raise Lacking("the catalogs hold no whole networks", "python scripts/frontier.py")
    figure, axes = blank(1, len(SETTINGS), 3.0, sharey=True)
    for ax, setting in zip(axes[0], SETTINGS, strict=True):
        records = of_setting(inputs, setting.trivial, setting.target)
        for place, record in enumerate(records):
            known = [record[name] for name, *_ in MARKS if record[name] is not None]
            ax.plot([place, place], [min(known), max(known)], color=GREY, lw=0.5, zorder=0)
        for name, color, mark, label in MARKS:
            points = [(i, r[name]) for i, r in enumerate(records) if r[name] is not None]
            x, y = zip(*points, strict=True) if points else ((), ())
            size = 9 if mark == "^" else 6  # around a circle at the same place
            ax.plot(x, y, mark, color=color, ms=size, mfc="none" if mark in "o^" else color, label=label)
        for place, record in enumerate(records):
            if record["minimal"]:
                ax.plot(place, record["bound"], "o", color=BLUE, ms=6)
        ax.set_xticks(range(len(records)), [r["group"] for r in records], rotation=90)
        ax.set_title(f"{setting.trivial} trivial character,\n{setting.target} targets")
        ax.set_xlabel("group")
    axes[0, 0].set_ylabel("hidden nodes")
    axes[0, 0].set_yticks(range(0, 4 + max(r["paper"] or r["bound"] for r in inputs.frontier if "bound" in r), 4))
    axes[0, 0].plot([], [], "o", color=BLUE, ms=6, label="certified and least")
    figure.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside lower center", ncols=5)
    least = sum(r.get("minimal", False) for r in inputs.frontier)
    rows = sum(not r.get("impossible", False) for r in inputs.frontier)
    return Drawing(figure, f"{rows} groups and settings, {len(inputs.networks)} certified networks; {least} are least.")
