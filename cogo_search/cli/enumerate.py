"""Search all solutions over the given roots of unity, prove which are minimal, write a catalog.

The product model composes polynomials in order-1 generators; the free model takes any nodes over mu_n,
n = lcm of the roots: aligned ones, abc = 1, or with --nodes weighted any c in Q(zeta_n), all solutions of
the least order. Every minimum is printed with what it minimises, its lower bound, and the method and scope
of that bound. The catalog can be re-checked with the verify command.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from . import arguments as types

if TYPE_CHECKING:
    from ..searching.engine import SearchSettings


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("--roots", type=types.roots, required=True, metavar="N,N", help="orders of the roots of unity")
    parser.add_argument(
        "--model", choices=("product", "free", "all"), help="default: all; free where conditions are merged"
    )
    parser.add_argument(
        "--nodes",
        choices=("aligned", "weighted"),
        help="nodes of the free model (default: aligned; weighted where conditions are merged)",
    )
    parser.add_argument(
        "--character-order",
        choices=("generic", "4", "2"),
        default="generic",
        help="conditions at characters of order 4 or 2, where some merge: other solutions (default: generic)",
    )
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
        help="enumerate up to Q aligned nodes (default: the least; weighted nodes: the least order only)",
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
        "--out",
        type=Path,
        metavar="FILE",
        help="catalog file (default catalog/roots-N-N.json under this folder; -weighted, -weighted-k4 added)",
    )
    parser.add_argument("--json", action="store_true", help="print the result as JSON")


def run(arguments: argparse.Namespace) -> int:
    """Search, write the catalog, print the table of minimal orders."""
    from ..api.searches import run_search, search_settings
    from ..searching.checkpoint import SearchProgress
    from ..storage import check_writable
    from ..terminal.progress import progress

    settings = search_settings(
        arguments.roots,
        arguments.model,
        arguments.nodes,
        arguments.character_order,
        arguments.cover,
        arguments.closure,
        arguments.max_factors,
        arguments.max_order,
        arguments.limit,
        arguments.budget,
    )
    out = arguments.out or Path("catalog") / _default_name(settings)
    check_writable(out)
    replaced = out.exists()
    if replaced and arguments.out is None:
        _refuse_to_lose(out, settings)
    checkpoint = SearchProgress(out.with_name(out.name + ".progress"), settings)
    try:
        with progress() as report:
            catalog = run_search(settings, checkpoint, report)
    except KeyboardInterrupt:
        kept = f"; {checkpoint.path} keeps what is done, the same command goes on" if checkpoint.path.exists() else ""
        print(f"{out} was not touched{kept}", file=sys.stderr)
        raise
    catalog = catalog.save(out)
    if catalog.complete:
        checkpoint.remove()
    elif checkpoint.path.exists():
        print(f"entries were left out by --limit {settings.limit}: raise it, {checkpoint.path} keeps the search",
              file=sys.stderr)  # fmt: skip
    print(f"{'replaced' if replaced else 'wrote'} {out}: python -m cogo_search verify {out}", file=sys.stderr)
    if arguments.json:
        print(json.dumps(catalog.to_dict(), indent=1))
    else:
        from ..terminal.tables import print_search

        print_search(catalog.parts[0][1])
    return 0


def _refuse_to_lose(out: Path, settings: SearchSettings) -> None:
    """Where no file was named, replace a catalog of the same search only, and none with networks added to it.

    Raises InputError otherwise; a file that is named is replaced.
    """
    from ..catalog.catalog_files import read_catalog
    from ..errors import CogoError, InputError

    way_out = f"name another file with --out, or replace it with --out {out}"
    try:
        held = read_catalog(out)
    except CogoError as error:
        raise InputError(f"{out} is there and cannot be read as a catalog ({error}): {way_out}") from None
    if held["optimizers"] or held["networks"]:
        raise InputError(f"{out} holds whole networks, which a search does not find again: {way_out}")
    asked = {
        "roots": list(settings.roots),
        "model": settings.model,
        "nodes": settings.nodes,
        "character_order": settings.character_order,
        "covers": list(settings.covers),
        "closure": settings.closure,
        "max_factors": settings.max_factors,
        "max_order": settings.max_order,
    }
    differing = [name for name, value in asked.items() if held["search"][name] != value]
    if differing:
        name = differing[0]
        there = f"{name.replace('_', '-')} {held['search'][name]} there, {asked[name]} asked for"
        raise InputError(f"{out} holds another search ({there}): {way_out}")


def _default_name(settings: SearchSettings) -> str:
    """``roots-3-4.json``, ``roots-8-weighted.json``, ``roots-8-weighted-k4.json``."""
    parts = ["roots", *map(str, settings.roots)]
    parts += ["weighted"] if settings.nodes == "weighted" else []
    parts += [f"k{settings.character_order}"] if settings.character_order != "generic" else []
    return "-".join(parts) + ".json"
