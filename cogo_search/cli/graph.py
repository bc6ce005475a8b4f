"""Which catalog entries are products of which: the solution graph.

An edge leads from S to T where T = S * factor up to symmetry, the factor of order at least 2: T can be taken to S along
a path that keeps every condition S fulfils (Theorem 6). All edges without merging of nodes are there, and those with
merging that the polynomials of an entry spell out. --out FILE.graphml or FILE.json (node-link) writes the graph for
other programs. With several catalogs the edges run between all of their entries.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from . import arguments as types


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("--catalog", type=Path, metavar="FILE", help=types.CATALOG_HELP)
    parser.add_argument("--out", type=Path, metavar="FILE", help="also write FILE.graphml, or FILE.json as --json does")
    parser.add_argument("--json", action="store_true", help="print JSON (node-link)")


def run(arguments: argparse.Namespace) -> int:
    """Find or read the edges, write and print them."""
    from ..catalog.catalog import Catalog
    from ..errors import InputError
    from ..storage import check_writable, write_atomically
    from ..terminal.graph import graphml, node_link, print_graph
    from ..terminal.standing import tell_standing

    out = arguments.out
    if out is not None:
        if out.suffix not in (".graphml", ".json"):
            raise InputError(f"--out {out} is of no known kind: name it .graphml or .json")
        check_writable(out, suffix=".graphml")
    graph = Catalog.read(arguments.catalog).graph()
    tell_standing(arguments.catalog)
    text = json.dumps(node_link(graph), indent=1) + "\n"
    if out is not None:
        write_atomically(out, (text if out.suffix == ".json" else graphml(graph)).encode())
        print(f"wrote {out}", file=sys.stderr)
    if arguments.json:
        sys.stdout.write(text)
    else:
        print_graph(graph)
    return 0
