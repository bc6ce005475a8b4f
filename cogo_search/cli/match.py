"""What did this network learn? Name the algebraic solution at every frequency of trained networks.

PATH is a network file (.safetensors, .npz, .npy), a torch checkpoint however nested, a run folder (its last snapshot,
see --epoch), a folder of runs or of files, or a glob. Foreign files are read by what they compute: the tensors that
make a network of one hidden layer compute a group's table, with the activation that does so. Every frequency is
factorized and compared with the named families and the catalog, by relative distance of its balanced nodes; status:
family, entry, non-factorable, other, or moving (its distance still shrinks between snapshots). The rate at which
meaningless nodes match at this tolerance is printed with the result. --rules paper applies the paper's own rules, at
epoch 9900 of runs. More than eight files are matched in processes, one a core.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ..escaping import one_line
from ..terminal.standing import tell_standing
from . import arguments as types

if TYPE_CHECKING:
    from ..matching.matches import Matches


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("paths", nargs="+", metavar="PATH", help="files, run folders, folders of runs, globs")
    parser.add_argument("--out", type=Path, metavar="FILE", help="also write the report as JSON")
    matching(parser)


def matching(parser: argparse.ArgumentParser) -> None:
    """Add the arguments that match and compare share."""
    parser.add_argument("--catalog", type=Path, metavar="FILE", help=types.CATALOG_HELP)
    parser.add_argument("--rules", choices=("own", "paper"), default="own", help="(default: own)")
    parser.add_argument("--tolerance", type=tolerance, default=None, metavar="X", help="relative distance (own: 0.05)")
    parser.add_argument("--polish", action="store_true", help="Newton steps from what fits nothing to the nearest zero")
    types.foreign(parser)
    parser.add_argument("--json", action="store_true", help="print JSON")


def tolerance(text: str) -> float:
    """A number in (0, 0.3]: the null distributions reach no further."""
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value <= 0.3:
        raise argparse.ArgumentTypeError(f"{text!r} is no relative distance: write a number above 0, at most 0.3")
    return value


def run(arguments: argparse.Namespace) -> int:
    """Match, print, write."""
    from ..storage import check_writable, write_atomically

    if arguments.out is not None:
        check_writable(arguments.out)
    report = matched(arguments).to_dict()
    if arguments.out is not None:
        write_atomically(arguments.out, (json.dumps(report) + "\n").encode())
    if arguments.json:
        sys.stdout.write(json.dumps(report, indent=1) + "\n")
    else:
        from ..terminal.matches import print_matches

        print_matches(report)
    return 0


def matched(arguments: argparse.Namespace) -> Matches:
    """What the paths hold, by the arguments that match and compare share. Failures of single files go to stderr."""
    from ..api.matching import match
    from ..catalog.catalog import Catalog
    from ..terminal.progress import progress

    catalog = None
    if arguments.rules == "own":
        catalog = Catalog.read(arguments.catalog)
        tell_standing(arguments.catalog)
    with progress() as show:
        return match(
            arguments.paths,
            catalog=catalog,
            rules=arguments.rules,
            tolerance=arguments.tolerance,
            epoch=arguments.epoch,
            polish=arguments.polish,
            group=arguments.group,
            mapping=types.mapping(arguments.map),
            activation=arguments.activation,
            failed=lambda message: _failed(message, arguments),
            callback=show,
        )


def _failed(message: str, arguments: argparse.Namespace) -> None:
    from . import as_typed

    print(f"cogo_search: error: {one_line(as_typed(message, arguments))}", file=sys.stderr)
