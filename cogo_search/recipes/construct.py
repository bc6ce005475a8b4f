"""From what a person asks for to a whole network of zero loss, with what is known about it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from ..algebra.canonical import Solution
from ..catalog.catalog import Catalog
from ..catalog.network_records import StoredNetwork
from ..display import table
from ..errors import InputError, near
from ..events import Callback, Event, ignore
from ..groups.abelian import Group
from ..networks.loss import direct
from ..networks.network import Network, Setting
from ..networks.width_bounds import lower_bound
from .compose import RECIPES, Recipe, build
from .least import least_norm, least_order
from .memorization import Memorization

#: Above this group order the steps are told.
QUICK = 200
#: What a network is built by.
Plan = Recipe | Memorization | StoredNetwork
#: A solution at one frequency, and the unit that turns a and b, in full turns.
Placed = tuple[Solution, tuple[Fraction, Fraction]]


@dataclass(frozen=True, eq=False, repr=False)
class ConstructedNetwork(Network):
    """A :class:`Network` of exactly zero loss that knows its ``plan``: recipe, carrier of the constants, proof.

    ``asked`` is the recipe's name as it was asked for.
    """

    plan: Plan = field(kw_only=True)
    asked: str = field(kw_only=True)

    def to_dict(self) -> dict[str, Any]:
        """What `construct --json` prints: setting, order, carrier, proof, loss, the width's lower bound, provenance."""
        setting = self.plan.setting
        score, bound = direct(self, setting), lower_bound(self.group, setting)
        return {
            "group": self.group.name,
            "recipe": self.asked,
            "trivial": setting.trivial,
            "target": setting.target,
            "order": self.width,
            "carrier": self.plan.carrier,
            "proof": self.plan.proof,
            "loss": score.loss,
            "accuracy": score.accuracy,
            "squared_norm": self.squared_norm,
            "lower_bound": bound.width,
            "bound_scope": bound.scope,
            "gap": self.width - bound.width,
            "provenance": self.plan.record(),
        }

    def _repr_html_(self) -> str:
        known = {name: value for name, value in self.to_dict().items() if name != "provenance"}
        return table(list(known), [list(known.values())])


def assembled(plan: Plan, group: Group, asked: str, callback: Callback = ignore) -> ConstructedNetwork:
    """The network of a plan, in float64."""
    if group.order > QUICK:
        callback(Event(f"assembling a network on group {group.name}"))
    network = plan.assemble()
    metadata = {
        "trivial": plan.setting.trivial,
        "target": plan.setting.target,
        "origin": "constructed",
        "provenance": json.dumps(plan.record()),
    }
    return ConstructedNetwork(group, network.W_a, network.W_b, network.V, metadata, plan=plan, asked=asked)


def planned(
    group: Group,
    recipe: str,
    setting: Setting,
    order6: Sequence[int] | None = None,
    solutions: Sequence[Solution] = (),
) -> Plan:
    """The plan that a name stands for: f6, f4/6, f4+const, f4+real, memorization, minimal or cheapest.

    ``order6`` are the frequencies of order 6 of f4/6; ``solutions`` what minimal and cheapest choose from. Raises
    InputError for another name, or where the group or the setting does not allow it.
    """
    if recipe == Memorization.name:
        return Memorization(group, setting)
    if recipe in ("minimal", "cheapest"):
        return (least_order if recipe == "minimal" else least_norm)(group, setting, solutions)
    if recipe not in RECIPES:
        names = (*RECIPES, Memorization.name, "minimal", "cheapest")
        choices = f"{', '.join(names)} or entry:ID{near(recipe, names)}"
        raise InputError(f"recipe={recipe!r} is unknown: choose from {choices}")
    return build(recipe, group, setting, None if order6 is None else tuple(order6))


def stored(group: Group, catalog: Catalog, name: str, trivial: str | None, target: str | None) -> StoredNetwork:
    """A whole network of the catalog. Raises InputError where what is asked contradicts it."""
    record = catalog[name].record
    if group.name != record["group"]:
        raise InputError(f"group={group.name}: {record['id']} is a network on group {record['group']}")
    for option, value in (("trivial", trivial), ("target", target)):
        if value not in (None, record[option]):
            raise InputError(f"{option}={value}: {record['id']} is stored for {record[option]}: leave it out")
    return StoredNetwork(record)
