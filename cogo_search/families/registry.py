"""The registry of the named families, most special first.

A new family is a module of this package that defines ``FAMILY``, and its line in MODULES. :func:`add_family` adds one
at run time. Modules are loaded when a family is first asked for: the names alone cost nothing.
"""

from __future__ import annotations

from importlib import import_module

from ..errors import InputError
from .base import Family

#: The module of this package that defines each family.
MODULES = {
    "nu*syn": "nu_syn",
    "nu_i*syn_ab": "nu_i_syn_ab",
    "nu_i*xi": "nu_i_xi",
    "rho_nu": "rho_nu",
    "nu_i*w": "nu_i_w",
    "three_points": "three_points",
    "phi_psi": "phi_psi",
}

#: Every name in its place, with the families that were added at run time; None until it is loaded.
_families: dict[str, Family | None] = dict.fromkeys(MODULES)


def family_names() -> tuple[str, ...]:
    """The names of the families, most special first; those of merged conditions come last."""
    return tuple(_families)


def find_family(name: str) -> Family:
    """The family of a name; InputError if there is none."""
    if name not in _families:
        raise InputError(f"family {name!r} is unknown: choose from {', '.join(_families)}")
    family = _families[name]
    if family is None:
        family = import_module(f".{MODULES[name]}", __package__).FAMILY
        _families[name] = family
    return family


def all_families() -> tuple[Family, ...]:
    """Every family, most special first."""
    return tuple(find_family(name) for name in family_names())


def add_family(family: Family, before: str | None = None) -> None:
    """Add a family as the least special one, or just ``before`` another; InputError if its name is taken.

    Entries and matches made from then on name it. The verifier and the catalog's schema keep lists of their own: they
    refuse a catalog that names a family which they do not know.
    """
    if family.name in _families:
        raise InputError(f"family {family.name!r} is there already: give the new one another name")
    names = list(_families)
    if before is not None and before not in names:
        raise InputError(f"before={before!r} is no family: choose from {', '.join(names)}")
    names.insert(len(names) if before is None else names.index(before), family.name)
    known = {**_families, family.name: family}
    _families.clear()
    _families.update((name, known[name]) for name in names)


def remove_family(name: str) -> None:
    """Take a family back that was added; InputError if the name is unknown or belongs to the package."""
    if name in MODULES or name not in _families:
        raise InputError(f"family {name!r} was not added: only added ones can be removed")
    del _families[name]


def fitted_at(order: int) -> tuple[Family, ...]:
    """The families that nodes of an order are compared with, most special first."""
    return tuple(family for family in all_families() if family.fit is not None and order in family.orders)


def fitted_orders() -> tuple[int, ...]:
    """The orders that some family is fitted at, increasing."""
    return tuple(sorted({order for family in all_families() if family.fit is not None for order in family.orders}))
