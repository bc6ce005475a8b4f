"""The record table: for every small group and setting the bound, the certified, the found and the paper's width."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from importlib import resources
from typing import Any

from ..errors import InputError
from ..groups.abelian import Group, abelian_groups
from ..networks.network import Setting
from ..networks.width_bounds import lower_bound
from ..recipes.compose import build

SETTINGS = (Setting("without"), Setting("with"), Setting("with", "one-hot"))
#: Recipes of the paper, of which the narrowest counts.
PAPERS = ("f6", "f4/6", "f4+const")
#: The largest group order of the table.
ORDER = 9


def known_searches() -> list[dict[str, Any]]:
    """The searches that were done (scripts/frontier_searches.py): what `frontier search --json` printed, in short."""
    text = resources.files(__package__).joinpath("searches.json").read_text(encoding="utf-8")
    return list(json.loads(text))


def rows(
    networks: Iterable[dict[str, Any]], searches: Sequence[dict[str, Any]], only: str | None = None
) -> list[dict[str, Any]]:
    """A record for each group of order 2 to ORDER, or the one named, and each of the four settings.

    ``bound`` with ``argument``; ``certified``, the least width of ``networks`` (catalog records), with its ``id``;
    ``found``, the least width at which a search had a hit, and ``starts``, how many were spent below ``certified``;
    ``paper``; ``minimal``: whether bound and certified width meet. One-hot targets without the trivial character are
    ``impossible``.
    """
    known = list(networks)
    found = []
    groups = [group for order in range(2, ORDER + 1) for group in abelian_groups(order)]
    for group in (group for group in groups if only in (None, group.name)):
        for setting in SETTINGS:
            found.append(_row(group, setting, known, searches))
        found.append({"group": group.name, "trivial": "without", "target": "one-hot", "impossible": True})
    return found


def _row(
    group: Group, setting: Setting, networks: list[dict[str, Any]], searches: Sequence[dict[str, Any]]
) -> dict[str, Any]:

    def fits(record: dict[str, Any]) -> bool:
        """Whether it solves this setting: what solves one without the trivial character, or one-hot, solves with it."""
        if record["group"] != group.name:
            return False
        exact = (record["trivial"], record["target"]) == (setting.trivial, setting.target)
        return exact or (
            setting == Setting("with") and (record["trivial"] == "without" or record["target"] == "one-hot")
        )

    bound = lower_bound(group, setting)
    fitting = sorted((n for n in networks if fits(n)), key=lambda n: (n["width"], n["id"]))
    best = fitting[0] if fitting else None
    own = [s for s in searches if fits(s)]
    hits = [s["width"] for s in own if s["outcomes"].get("hit")]
    certified = best["width"] if best else None
    return {
        "group": group.name,
        "trivial": setting.trivial,
        "target": setting.target,
        "bound": bound.width,
        "argument": bound.argument,
        "certified": certified,
        "id": best["id"] if best else None,
        "found": min(hits) if hits else None,
        "starts": sum(s["starts"] for s in own if certified is None or s["width"] < certified),
        "paper": _paper(group, setting),
        "minimal": certified == bound.width,
    }


def _paper(group: Group, setting: Setting) -> int | None:
    orders = []
    for name in PAPERS:
        try:
            orders.append(build(name, group, setting).order)
        except InputError:
            continue
    return min(orders) if orders else None
