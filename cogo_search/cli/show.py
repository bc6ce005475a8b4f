"""Show one catalog entry: nodes, potentials, factors, families, optimality with scope and method.

Or one whole network of the catalog (ids cogo1-net-...): the coefficients of its nodes, character by character.
A unique prefix of the id is enough (the part after cogo1- too).
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from . import arguments as types


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("id", metavar="ID", help="id of an entry or network, or a unique prefix")
    parser.add_argument("--catalog", type=Path, metavar="FILE", help=types.CATALOG_HELP)
    parser.add_argument("--json", action="store_true", help="print the record as JSON")


def run(arguments: argparse.Namespace) -> int:
    """Find the entry or network and print it."""
    from ..catalog.catalog import Catalog
    from ..catalog.entry import Entry
    from ..terminal.standing import tell_standing

    catalog = Catalog.read(arguments.catalog)
    tell_standing(arguments.catalog)
    located = catalog[arguments.id]
    if arguments.json:
        print(json.dumps(located.to_dict(), indent=1))
    elif isinstance(located, Entry):
        from ..terminal.entry import print_entry

        print_entry(located)
    else:
        from ..terminal.networks import print_network

        print_network(located)
    return 0
