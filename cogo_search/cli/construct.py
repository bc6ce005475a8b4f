"""Build a whole network of exactly zero loss on an Abelian group and write it to a network file.

Recipes: f6 (order 6 a pair), f4/6 (order 4, one or more pairs of order 6), f4+const (one constant unit,
needs --trivial with), f4+real (groups of even order), memorization, entry:ID (a catalog entry at every
frequency; or, as entry:cogo1-net-..., a whole network of the catalog in its own setting).
--minimal takes the composition of least order that the catalog's entries allow, --cheapest
the one of least squared norm; both compare all compositions whose constants are carried in equal shares by one
kind of carrier, no networks with nodes of several frequencies. Frequencies of product groups are written 0,1; several
are separated by / as in 0,1/1,0 (cyclic groups may use commas: 1,2).
--at 2=ID puts another entry at frequency 2, --at 2=ID*1/8,0 multiplies it by the unit that turns a by 1/8 of a
full turn and b by 0. --add-to stores the recipe in the optimizers of a catalog, where verify checks it.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..events import Event
from ..terminal.standing import tell_standing
from . import arguments as types

if TYPE_CHECKING:
    from ..api.networks import Frequency, Part
    from ..groups.abelian import Group

#: Above this group order the steps are shown on stderr.
QUICK = 200


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("--group", required=True, metavar="SPEC", help="cyclic factors: 7, 2x3, 4x4x3")
    chosen = parser.add_mutually_exclusive_group(required=True)
    chosen.add_argument("--recipe", metavar="NAME", help="f6, f4/6, f4+const, f4+real, memorization or entry:ID")
    chosen.add_argument("--minimal", action="store_true", help="the composition of least order")
    chosen.add_argument("--cheapest", action="store_true", help="the composition of least squared norm")
    parser.add_argument("--order6-frequencies", metavar="K,K", help="order-6 frequencies of f4/6 (default: the first)")
    parser.add_argument(
        "--at",
        action="append",
        default=[],
        metavar="K=ID[*U,V]",
        help="an entry at one frequency, turned by a unit; repeat; with entry:ID",
    )
    parser.add_argument(
        "--trivial", choices=("without", "with"), help="trivial character in weights (default: without)"
    )
    parser.add_argument(
        "--target", choices=("zero-mean", "one-hot"), help="what outputs must meet (default: zero-mean)"
    )
    parser.add_argument("--catalog", type=Path, metavar="FILE", help=types.CATALOG_HELP)
    parser.add_argument("--out", type=Path, metavar="FILE", help="network file to write: .safetensors, .npz or .pt")
    parser.add_argument(
        "--add-to", type=Path, metavar="CATALOG", help="add the exact recipe to this catalog's optimizers"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Build, check, write, print."""
    from ..api.networks import construct
    from ..catalog.catalog import Catalog
    from ..errors import InputError
    from ..groups.abelian import Group
    from ..networks.network_files import check_format
    from ..storage import check_writable
    from ..terminal.progress import progress

    group = Group(arguments.group)
    if arguments.out is not None:
        check_writable(check_format(arguments.out), suffix=arguments.out.suffix)
    extended = _catalog_to_extend(arguments)
    recipe = arguments.recipe or ("minimal" if arguments.minimal else "cheapest")
    if arguments.at and not recipe.startswith("entry:"):
        raise InputError(f"--at {arguments.at[0]} goes with --recipe entry:ID only")
    if arguments.order6_frequencies and recipe != "f4/6":
        raise InputError(f"--order6-frequencies {arguments.order6_frequencies} goes with --recipe f4/6 only")
    catalog = None
    if recipe.startswith("entry:") or recipe in ("minimal", "cheapest"):
        catalog = Catalog.read(arguments.catalog)
        tell_standing(arguments.catalog)
    with progress() as show:
        network = construct(
            group,
            recipe=recipe,
            order6_frequencies=_frequencies(group, arguments.order6_frequencies),
            at=_at(group, arguments.at),
            trivial=arguments.trivial,
            target=arguments.target,
            catalog=catalog,
            callback=show,
        )
        if extended is not None:
            from ..catalog.optimizer_records import add_optimizer

            extended = add_optimizer(extended, network.plan.optimizer())
        if group.order > QUICK:
            show(Event(f"loss over {group.order}^2 inputs, {network.width} hidden nodes"))
        facts = network.to_dict()
    if arguments.out is not None:
        network.save(arguments.out)
        print(f"wrote {arguments.out}: python -m cogo_search evaluate {arguments.out}", file=sys.stderr)
    if extended is not None:
        from ..catalog.catalog_files import write_catalog

        write_catalog(extended, arguments.add_to)
        print(f"added to {arguments.add_to}: python -m cogo_search verify {arguments.add_to}", file=sys.stderr)
    if arguments.json:
        print(json.dumps(facts, indent=1))
    else:
        from ..terminal.networks import print_construction

        print_construction(facts)
    return 0


def _catalog_to_extend(arguments: argparse.Namespace) -> dict[str, Any] | None:
    """The catalog of --add-to, read before anything is computed or written."""
    if arguments.add_to is None:
        return None
    from ..catalog.catalog_files import read_catalog
    from ..errors import InputError
    from ..storage import check_writable

    if not arguments.add_to.exists():
        raise InputError(f"--add-to {arguments.add_to} does not exist: make a catalog with enumerate --out first")
    catalog = read_catalog(arguments.add_to)
    check_writable(arguments.add_to, "add_to")
    return catalog


def _at(group: Group, given: list[str]) -> dict[Frequency, Part]:
    """The entries of --at by frequency."""
    from ..errors import InputError

    at: dict[Frequency, Part] = {}
    named = set()
    for text in given:
        k, prefix, unit = _placed(text)
        if (number := group.frequency(k)) in named:
            raise InputError(f"--at {text} names frequency {k} a second time: give each frequency once")
        named.add(number)
        at[k] = prefix, unit
    return at


def _placed(text: str) -> tuple[str, str, tuple[Fraction, Fraction]]:
    """``K=ID`` or ``K=ID*U,V`` of --at, U and V fractions of a turn."""
    from ..errors import InputError

    number = r"[+-]?[0-9]+(?:/[1-9][0-9]*)?"
    parts = re.fullmatch(rf"([^=]+)=([^=*]+)(?:\*({number}),({number}))?", text)
    if parts is None:
        raise InputError(f"--at {text!r} is not of the form K=ID or K=ID*U,V: write for example 2=ID*1/8,0")
    k, prefix, u, v = parts.groups(default="0")
    return k, prefix, (Fraction(u), Fraction(v))


def _frequencies(group: Group, text: str | None) -> list[Frequency] | None:
    if text is None:
        return None
    return list(text.split("," if len(group.factors) == 1 else "/"))
