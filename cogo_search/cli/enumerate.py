"""Search all solutions over the given roots of unity, prove which are minimal, write a catalog.

The product model composes polynomials in order-1 generators; the free model takes any aligned nodes
over mu_n, n = lcm of the roots. Every minimum is printed with what it minimises, its lower bound, and
the method and scope of that bound. The catalog can be re-checked with the verify command.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from . import arguments as types


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("--roots", type=types.roots, required=True, metavar="N,N", help="orders of the roots of unity")
    parser.add_argument("--model", choices=("product", "free", "all"), default="all", help="default: all")
    parser.add_argument(
        "--cover",
        type=types.covers,
        metavar="COVER,...",
        help=f"wanted zero sets, from {', '.join(types.COVER_NAMES)} (default: all four)",
    )
    parser.add_argument("--closure", action="store_true", help="generators from mu_n, n = lcm, not the union of mu_r")
    parser.add_argument(
        "--max-factors", type=types.positive, metavar="K", help="most polynomials in a product (1: single generators)"
    )
    parser.add_argument(
        "--max-order",
        type=types.positive,
        metavar="Q",
        help="enumerate up to Q aligned nodes (default: the least)",
    )
    parser.add_argument(
        "--limit", type=types.positive, default=1000, help="most entries kept per model and cover (default 1000)"
    )
    parser.add_argument(
        "--budget",
        type=types.positive,
        default=20,
        metavar="SECONDS",
        help="CP-SAT's deterministic time for each call (default 20; comparable to seconds, but reproducible)",
    )
    parser.add_argument(
        "--out", type=Path, metavar="FILE", help="catalog file (default catalog/roots-N-N.json under this folder)"
    )
    parser.add_argument("--json", action="store_true", help="print the result as JSON")


def run(arguments: argparse.Namespace) -> int:
    """Search, write the catalog, print the table of minimal orders."""
    from ..catalog.build import build_catalog
    from ..catalog.files import write_catalog
    from ..files import check_writable
    from ..potentials import COVERS
    from ..search.engine import SearchSettings, search
    from .progress import progress

    settings = SearchSettings(
        roots=arguments.roots,
        model=arguments.model,
        covers=arguments.cover or tuple(COVERS),
        closure=arguments.closure,
        max_factors=arguments.max_factors,
        max_order=arguments.max_order,
        limit=arguments.limit,
        budget=arguments.budget,
    )
    out = arguments.out or Path("catalog") / f"roots-{'-'.join(map(str, settings.roots))}.json"
    check_writable(out)
    replaced = out.exists()
    try:
        with progress() as report:
            catalog = build_catalog(search(settings, report))
    except KeyboardInterrupt:
        print(f"{out} was not touched", file=sys.stderr)
        raise
    write_catalog(catalog, out)
    print(f"{'replaced' if replaced else 'wrote'} {out}: python -m cogo_search verify {out}", file=sys.stderr)
    if arguments.json:
        summary = {
            "catalog": str(out),
            "digest": catalog["digest"],
            "search": catalog["search"],
            "generators": len(catalog["generators"]),
            "minimal": catalog["minimal"],
            "entries": [entry["id"] for entry in catalog["entries"]],
        }
        print(json.dumps(summary, indent=1))
    else:
        from ..report.tables import print_search

        print_search(catalog)
    return 0
