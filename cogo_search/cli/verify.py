"""Re-check catalog files exactly, with code that shares nothing with the search.

Everything is recomputed from the nodes: canonical forms, ids, orders, zero sets, factors, orbit sizes,
bounds and certificates. --deep also repeats small enumerations and so notices dropped entries.
Work is counted in steps before it is done: what does not fit into --budget is not decided, and said.
Exit code 0: all verified; 1: a file is false, or not decided; 2: a file cannot be read.
"""

from __future__ import annotations

import argparse
from pathlib import Path


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("files", nargs="+", metavar="FILE", help="catalog files")
    parser.add_argument("--deep", action="store_true", help="repeat small enumerations, to notice dropped entries")
    parser.add_argument(
        "--budget", metavar="N", help="million steps at most (default: 400 for each megabyte of a file, half a minute)"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Hand the files to the standalone verifier."""
    from ..catalog.standing import mark_verified
    from ..verifier import main

    flags = [f"--{name}" for name in ("deep", "json") if getattr(arguments, name)]
    if arguments.budget is not None:
        flags.append(f"--budget={arguments.budget}")
    return main([*flags, "--", *arguments.files], lambda path: mark_verified(Path(path)))
