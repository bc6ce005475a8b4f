"""Re-check catalog files exactly, with code that shares nothing with the search.

Everything is recomputed from the nodes: canonical forms, ids, orders, zero sets, factors, orbit sizes,
bounds and certificates. --deep also repeats small enumerations and so notices dropped entries.
Work is counted in steps before it is done: what does not fit into --budget is not decided, and said.
--export writes the verifier as one readable file of the standard library alone, for another machine.
Exit code 0: all verified; 1: a file is false, or not decided; 2: a file cannot be read.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("files", nargs="*", metavar="FILE", help="catalog files")
    parser.add_argument("--deep", action="store_true", help="repeat small enumerations, to notice dropped entries")
    parser.add_argument(
        "--budget", metavar="N", help="million steps at most (default: 400 for each megabyte of a file, half a minute)"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument(
        "--export", type=Path, metavar="OUT", help="write the verifier itself: python -I OUT FILE needs nothing else"
    )


def run(arguments: argparse.Namespace) -> int:
    """Hand the files to the standalone verifier."""
    from ..catalog.standing import mark_verified
    from ..errors import InputError
    from ..verifier import main

    if arguments.export is not None:
        export(arguments.export)
    elif not arguments.files:
        raise InputError("no FILE: name catalogs, or --export OUT to write the verifier itself")
    flags = [f"--{name}" for name in ("deep", "json") if getattr(arguments, name)]
    if arguments.budget is not None:
        flags.append(f"--budget={arguments.budget}")
    if not arguments.files:
        return 0
    return main([*flags, "--", *arguments.files], lambda path: mark_verified(Path(path)))


def export(path: Path) -> None:
    """Write the one file."""
    from ..catalog.standing import ONE_FILE
    from ..storage import check_writable, write_atomically

    check_writable(path, "export", ".py")
    word = "replaced" if path.exists() else "wrote"
    write_atomically(path, ONE_FILE.read_bytes())
    print(f"{word} {path}: python -I {path} FILE", file=sys.stderr)
