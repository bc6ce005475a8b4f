"""List catalog entries, filtered: all given conditions must hold.

Without conditions the whole networks of the catalogs follow the entries (in --json too: ids cogo1-net-...). Where the
terminal is too narrow, family and claim stand below each entry, and ids are shortened to what `show` takes.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from ..families import family_names
from . import arguments as types


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("--catalog", type=Path, metavar="FILE", help=types.CATALOG_HELP)
    parser.add_argument("--order", type=types.positive, metavar="Q", help="number of nodes after merging")
    parser.add_argument("--cover", type=types.cover, help=f"annuls at least this: {', '.join(types.COVER_NAMES)}")
    parser.add_argument(
        "--family",
        metavar="NAME",
        help=f"member of a family: {', '.join(family_names())}",
    )
    parser.add_argument("--irreducible", action="store_true", help="no product of smaller weights without merging")
    parser.add_argument("--n", type=types.positive, help="least even n with all nodes over mu_n")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Filter and print."""
    from ..catalog.catalog import Catalog
    from ..catalog.entry import Entry, NetworkRecord
    from ..terminal.standing import tell_standing

    catalog = Catalog.read(arguments.catalog)
    tell_standing(arguments.catalog)
    asked = {name: getattr(arguments, name) for name in ("order", "cover", "family", "irreducible", "n")}
    located = catalog.filter(**asked)
    networks = () if any(value not in (None, False) for value in asked.values()) else catalog.networks
    shown: list[Entry | NetworkRecord] = [*located, *networks]
    if arguments.json:
        print(json.dumps([item.to_dict() for item in shown], indent=1))
    else:
        from ..terminal.networks import print_networks
        from ..terminal.tables import print_entries

        everything = [item.id for item in (*catalog.entries, *catalog.networks)] if arguments.catalog is None else None
        if located or not networks:
            print_entries([item.record for item in located], known=everything)
        if networks:
            print_networks([item.record for item in networks], known=everything)
    return 0
