"""Which catalog entries does gradient descent find? Many trained networks against the catalog and the paper's Table 2.

RUNS are folders of runs (train --out), run folders, network files or globs. Prints Table 2 (mean and standard error
over networks of one group) beside the paper's numbers, counts by family, hits of every catalog entry beside the number
expected if the family's parameters were uniform, and what is in no family. --rules paper applies the paper's own rules
at epoch 9900. --out DIR writes comparison.json, matches.json, table2.csv and table2.tex, with our rules entries.csv and
candidates.json (exact structures that no entry holds) as well. Expected hits are kept in $XDG_CACHE_HOME/cogo_search.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from .match import matched, matching


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("paths", nargs="+", metavar="RUNS", help="folders of runs, run folders, files, globs")
    parser.add_argument("--out", type=Path, metavar="DIR", help="also write the tables to this folder")
    matching(parser)


def run(arguments: argparse.Namespace) -> int:
    """Match, compare, print, write."""
    from ..api.matching import compare
    from ..errors import InputError
    from ..storage import check_writable, write_atomically
    from ..terminal.comparison import print_comparison, written
    from ..terminal.progress import progress

    if arguments.out is not None:
        if arguments.out.exists() and not arguments.out.is_dir():
            raise InputError(f"--out {arguments.out} is no folder: choose another place")
        check_writable(arguments.out / "comparison.json")
    matches = matched(arguments)
    with progress() as show:
        comparison = compare(matches, catalog=arguments.catalog, callback=show).to_dict()
    if arguments.out is not None:
        for name, text in written(matches.to_dict(), comparison).items():
            write_atomically(arguments.out / name, text.encode())
    if arguments.json:
        sys.stdout.write(json.dumps(comparison, indent=1) + "\n")
    else:
        print_comparison(comparison)
    return 0
