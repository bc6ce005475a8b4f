"""Building networks of zero loss, and reading anybody's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from numbers import Integral
from pathlib import Path
from typing import Any

from ..algebra.canonical import canonical
from ..algebra.weights import Weights
from ..catalog.catalog import Catalog, CatalogLike, as_catalog
from ..catalog.entry import Entry
from ..errors import InputError
from ..events import Callback, ignore
from ..groups.abelian import Group
from ..networks.network import Network, Setting
from ..reading.loading import load
from ..reading.reading import Asked
from ..reading.sources import run_snapshot
from ..recipes.compose import from_entries
from ..recipes.construct import ConstructedNetwork, Placed, Plan, assembled, planned, stored

GroupLike = Group | str | int
Frequency = int | str | Sequence[int]
#: An entry, or a unique part of its id; with the unit that turns a and b, in full turns.
Part = Entry | str | tuple[Entry | str, tuple[Fraction | int, Fraction | int]]


def construct(
    group: GroupLike,
    *,
    recipe: str | Entry | Weights = "f4/6",
    order6_frequencies: Sequence[Frequency] | None = None,
    at: Mapping[Frequency, Part] | None = None,
    trivial: str | None = None,
    target: str | None = None,
    catalog: CatalogLike = None,
    callback: Callback = ignore,
) -> ConstructedNetwork:
    """A whole network of exactly zero loss on an Abelian group (Corollaries 2 to 4 and their completions).

    Args:
        group: a :class:`Group`, its spec such as ``"4x3"``, or the order of a cyclic group.
        recipe: ``f6`` (order 6 a pair of characters), ``f4/6`` (order 4, one or more pairs of order 6), ``f4+const``
            (needs trivial="with"), ``f4+real`` (even order), ``memorization``, ``minimal`` (least order of all
            compositions of the catalog's entries), ``cheapest`` (least squared norm of them); or an entry, its id
            after ``entry:``, the id of a whole network, or :class:`Weights` for every frequency.
        order6_frequencies: of f4/6, by default the first pair.
        at: other entries at some frequencies, with recipe an entry.
        trivial: ``without`` or ``with`` the trivial character in the weights.
        target: ``zero-mean`` (Eq. 1) or ``one-hot`` outputs.
        catalog: where ids, minimal and cheapest look.
        callback: hears of each step on large groups.

    Returns a :class:`Network`. Raises InputError where the group or the setting does not allow the recipe.

    >>> import cogo_search as cogo
    >>> net = cogo.construct(7, recipe="f4/6")
    >>> net.width, net.loss() < 1e-24
    (14, True)
    """
    whole = as_group(group)
    setting = Setting(trivial or "without", target or "zero-mean")
    if at is not None and not isinstance(at, Mapping):
        raise InputError(f"at={at!r} is no mapping: write it as in at={{2: ID}}")
    name = {Entry: "entry:", Weights: "weights"}.get(type(recipe), recipe)
    if not isinstance(name, str):
        raise InputError(f"recipe={recipe!r} is no recipe: give its name, an Entry, Weights, or entry:ID")
    if order6_frequencies is not None and name != "f4/6":
        raise InputError(f"order6_frequencies={order6_frequencies!r} goes with recipe='f4/6' only, not {name!r}")
    if at and not name.startswith("entry:"):
        raise InputError(f"at={dict(at)!r} goes with an entry as recipe only, not {name!r}")
    if isinstance(recipe, Weights):
        return assembled(from_entries(whole, setting, canonical(recipe), {}), whole, name, callback)
    if name.startswith("entry:"):
        name = f"entry:{recipe.id}" if isinstance(recipe, Entry) else name
        plan = _of_entry(whole, recipe, name.removeprefix("entry:"), setting, at, (trivial, target), catalog)
        return assembled(plan, whole, name, callback)
    if order6_frequencies is not None and isinstance(order6_frequencies, (str, Integral)):
        raise InputError(f"order6_frequencies={order6_frequencies!r} is no list: write [{order6_frequencies}]")
    chosen = None if order6_frequencies is None else [frequency(whole, k) for k in order6_frequencies]
    solutions = as_catalog(catalog).solutions if name in ("minimal", "cheapest") else []
    plan = planned(whole, name, setting, chosen, solutions)
    return assembled(plan, whole, plan.name if name in ("minimal", "cheapest") else name, callback)


def load_network(
    source: Any,
    *,
    group: GroupLike | None = None,
    mapping: Mapping[str, str] | None = None,
    activation: str | None = None,
    epoch: int | None = None,
) -> Network:
    """Anybody's network: a file, a run, a torch module, a state dict, or three arrays W_a, W_b and V of shape (d, q).

    Files are .safetensors, .npz, .npy and torch checkpoints; no code in them is run. Of the folder of a run, and of a
    checkpoint that holds a series, it is the snapshot of ``epoch``, by default the last. The tensors are read as the
    network of one hidden layer that computes a group's table, in that group's own numbering, whatever their names;
    V is scaled to the least loss. ``group``, ``activation`` and ``mapping`` (the keys of W_a, W_b and V, ``KEY.T`` for
    transposed ones) decide where several readings compute one, or none does. Raises InputError where no such network
    is found, several readings are possible, or there is no such snapshot.

    >>> import cogo_search as cogo
    >>> net = cogo.construct(7)
    >>> cogo.load_network((net.W_a, net.W_b, net.V)).width
    14
    """
    spec = None if group is None else as_group(group).name
    if isinstance(source, (str, Path)) and Path(source).is_dir() and not any(Path(source).glob("*.npy")):
        source = run_snapshot(Path(source), epoch)
        return load(source, Asked(spec, mapping, activation)).network
    found = load(source, Asked(spec, mapping, activation, epoch))
    if epoch is not None and found.epoch is None:
        what = str(source) if isinstance(source, (str, Path)) else f"this {type(source).__name__}"
        raise InputError(f"epoch={epoch} is for the folder of a run, or a series, which {what} is not: leave it out")
    return found.network


def as_group(group: GroupLike) -> Group:
    """The group that is meant. Raises InputError for what is none."""
    if isinstance(group, Group):
        return group
    return Group(int(group) if isinstance(group, Integral) else group)


def frequency(group: Group, k: Frequency) -> int:
    """The index of a character given as a number, as text, or as digits; InputError if there is none."""
    if not isinstance(k, (str, Integral, Iterable)):
        raise InputError(f"frequency {k!r} is none: give its number, or its digits")
    text = k if isinstance(k, str) else str(int(k)) if isinstance(k, Integral) else ",".join(map(str, k))
    return group.frequency(text)


def _of_entry(
    group: Group,
    recipe: str | Entry,
    name: str,
    setting: Setting,
    at: Mapping[Frequency, Part] | None,
    asked: tuple[str | None, str | None],
    catalog: CatalogLike,
) -> Plan:
    """The plan of an entry at every frequency but those of ``at``, or of a whole network of the catalog."""
    known = Catalog(()) if isinstance(recipe, Entry) and not at else as_catalog(catalog)
    found = recipe if isinstance(recipe, Entry) else known[name]
    if not isinstance(found, Entry):
        if at:
            raise InputError(f"at={dict(at)!r}: {found.id} is a whole network: leave it out")
        return stored(group, known, found.id, *asked)
    others: dict[int, Placed] = {}
    for k, part in (at or {}).items():
        place = frequency(group, k)
        if place in others:
            raise InputError(f"at names frequency {k} a second time: give each frequency once")
        named, turns = part if isinstance(part, tuple) else (part, (0, 0))
        entry = named if isinstance(named, Entry) else known[named]
        if not isinstance(entry, Entry):
            raise InputError(f"at {k}: {entry.id} is a whole network, not an entry at one frequency")
        others[place] = entry.solution, (Fraction(turns[0]), Fraction(turns[1]))
    return from_entries(group, setting, found.solution, others)
