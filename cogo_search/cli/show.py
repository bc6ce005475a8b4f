"""Show one catalog entry: nodes, potentials, factors, families, optimality with scope and method.

A unique prefix of the id is enough (the part after cogo1- too).
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from . import arguments as types


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("id", metavar="ID", help="id of an entry, or a unique prefix")
    parser.add_argument("--catalog", type=Path, metavar="FILE", help=types.CATALOG_HELP)
    parser.add_argument("--json", action="store_true", help="print the entry as JSON")


def run(arguments: argparse.Namespace) -> int:
    """Find the entry and print it."""
    from ..catalog.entries import find_entry, load_entries

    located = find_entry(load_entries(arguments.catalog), arguments.id)
    if arguments.json:
        print(json.dumps({**located.entry, "catalogs": located.catalogs}, indent=1))
    else:
        from ..report.entry import print_entry

        print_entry(located)
    return 0
