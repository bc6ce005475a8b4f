"""What did this network learn? Name the algebraic solution at every frequency of trained networks.

PATH is a network file (.safetensors, .npz), a torch checkpoint, a run folder (its last snapshot, see --epoch), a
folder of runs, or a glob. Every frequency is factorized and compared with the named families and the catalog, by
relative distance of its balanced nodes; status: family, entry, non-factorable, other, or moving (its distance still
shrinks between snapshots). The rate at which meaningless nodes match at this tolerance is printed with the result.
--rules paper applies the paper's own rules, at epoch 9900 of runs.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..escaping import one_line
from ..terminal.standing import tell_standing
from . import arguments as types

if TYPE_CHECKING:
    from ..matching.spectrum import Block


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
    parser.add_argument("--epoch", type=int, metavar="N", help="snapshot of run folders (default: last; paper: 9900)")
    parser.add_argument("--polish", action="store_true", help="Newton steps from what fits nothing to the nearest zero")
    parser.add_argument("--group", metavar="SPEC", help="group of foreign files (default: cyclic, from the shapes)")
    parser.add_argument(
        "--map", action="append", metavar="W=KEY", help="key of W_a, W_b or V in foreign files; once for each"
    )
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
    report, _ = matched(arguments)
    if arguments.out is not None:
        write_atomically(arguments.out, (json.dumps(report) + "\n").encode())
    if arguments.json:
        sys.stdout.write(json.dumps(report, indent=1) + "\n")
    else:
        from ..terminal.matches import print_matches

        print_matches(report)
    return 0


def matched(arguments: argparse.Namespace) -> tuple[dict[str, Any], list[Block]]:
    """The report over the paths and the blocks, by the arguments that match and compare share.

    Failures of single files go to stderr.
    """
    from ..catalog.lookup import load_solutions
    from ..errors import InputError
    from ..groups.abelian import Group
    from ..matching.batch import Request, match_all
    from ..matching.classify import TOLERANCE
    from ..matching.match import Options
    from ..matching.nearest_entry import libraries
    from ..matching.paper_rules import TOLERANCE as PAPER_TOLERANCE
    from ..reading.sources import PAPER_EPOCH, sources
    from ..terminal.progress import progress

    paper = arguments.rules == "paper"
    if paper and arguments.tolerance is not None:
        raise InputError("--tolerance belongs to --rules own: the paper's rules have 0.1 built in")
    if arguments.group is not None:
        Group.parse(arguments.group)
    limit = PAPER_TOLERANCE if paper else arguments.tolerance or TOLERANCE
    entries = {} if paper else libraries(load_solutions(arguments.catalog))
    if not paper:
        tell_standing(arguments.catalog)
    options = Options(entries, limit, arguments.polish)
    request = Request(arguments.rules, options, arguments.group, _mapping(arguments.map))
    epoch = arguments.epoch if arguments.epoch is not None else PAPER_EPOCH if paper else None
    with progress() as show:
        return match_all(sources(arguments.paths, epoch), request, _failed, show)


def _failed(message: str) -> None:
    print(f"cogo_search: error: {one_line(message)}", file=sys.stderr)


def _mapping(given: list[str] | None) -> dict[str, str] | None:
    from ..errors import InputError

    if given is None:
        return None
    pairs = dict(text.partition("=")[::2] for text in given)
    if set(pairs) != {"W_a", "W_b", "V"} or not all(pairs.values()) or len(given) != 3:
        raise InputError(f"--map {' --map '.join(given)}: give W_a=KEY, W_b=KEY and V=KEY, each once")
    return pairs
