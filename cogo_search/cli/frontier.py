"""How few hidden nodes reach zero loss? Bounds, searches and certified networks with nodes of any shape.

`search` looks for networks of a given width from many random starts, `certify` proves that one of exactly zero loss is
near a network that was found, `table` prints all that is known. Each has its own --help.
"""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import arguments as types

if TYPE_CHECKING:
    from ..api.width_frontier import WidthSearch

SEARCH = """Search networks of zero loss of a given width.

Levenberg-Marquardt on the nodes (output weights are linear and solved for) from many random starts. Counted is what
they came to: hits (zero loss in float64: no proof), near misses (the cost sinks while weights grow: a border-rank
limit, no solution; with the fitted exponent of residual against norm), escapes (weights grow, the cost stays), local
minima. "None found" is printed with the number of starts that it rests on.

--symmetry looks among networks made of orbits of nodes only, which shrinks the problem by the order of the symmetry:
words are shift, shift:S, opposite (x1 + s, x2 - s), left (x1 alone), neg (x -> -x), mult:U (x -> U x) and swap
(x1 <-> x2), composed by * and separated by commas, as in neg,swap or mult:2*swap. All lists of orbit types whose
sizes add up to the width are tried in turn; --orbits keeps those of few, large orbits.
--wider starts at a larger width, where solutions are easier to find, and drives orbits out of each one after another;
starts that end above the width wanted are counted as wider.
Every hit is printed with its start; `--first START --starts 1` and the same --total gives it again.
"""
CERTIFY = """Prove that a network of exactly zero loss is near one that was found, trained or imported.

Newton's method goes on to --digits digits, and where all equations of zero loss are independent there, Krawczyk's test
proves a solution within a printed radius. --out writes it as a catalog, which `verify` checks in integers. Where the
equations are dependent (most networks narrower than the paper's) the digits are those of a solution, but nothing is
proved, and it says so; exit code 1. Where Newton's method fails it says that, which is no statement about solutions.
"""
TABLE = """Print what is known of the least width for every group of order 2 to 9 and every setting.

The lower bound, the narrowest certified network of the catalogs (`construct --recipe entry:ID` builds it, `verify`
checks it), what searches found, and the paper's width.
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the subcommands with their arguments."""
    parts = parser.add_subparsers(dest="what", required=True, metavar="WHAT", parser_class=type(parser))
    texts = {"search": SEARCH, "certify": CERTIFY, "table": TABLE}
    made = {}
    for name, text in texts.items():
        summary = text.partition("\n")[0].rstrip(".").lower()
        form = argparse.RawDescriptionHelpFormatter
        made[name] = parts.add_parser(name, help=summary, description=text, formatter_class=form)
    _configure_search(made["search"])
    _configure_certify(made["certify"])
    made["table"].add_argument("--group", metavar="SPEC", help="only these rows")
    made["table"].add_argument("--catalog", type=Path, metavar="FILE", help=types.CATALOG_HELP)
    for part in made.values():
        part.add_argument("--json", action="store_true", help="print JSON")


def _configure_search(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--group", required=True, metavar="SPEC", help="cyclic factors: 7, 2x3, 4x4x3")
    parser.add_argument("--width", required=True, type=types.positive, metavar="Q", help="hidden nodes")
    parser.add_argument("--trivial", required=True, metavar="with|without", help="trivial character in weights")
    parser.add_argument("--target", required=True, metavar="zero-mean|one-hot", help="what outputs must meet")
    parser.add_argument("--starts", type=types.positive, metavar="N", default=200, help="random starts (default: 200)")
    parser.add_argument("--seed", type=_natural, metavar="S", default=0, help="of the starts (default: 0)")
    parser.add_argument("--symmetry", metavar="WORDS", default="none", help="such as neg,swap (default: none)")
    parser.add_argument("--wider", type=types.positive, metavar="Q", help="larger width to start from")
    parser.add_argument("--orbits", type=types.positive, metavar="N", help="orbits at most: few means large ones")
    parser.add_argument("--first", type=_natural, metavar="I", default=0, help="number of the first start (default: 0)")
    parser.add_argument("--total", type=types.positive, metavar="N", help="starts of the whole search, for --first")
    parser.add_argument("--out", type=Path, metavar="FILE", help="network file for the hit of least norm")


def _configure_certify(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="network file, as match reads it")
    parser.add_argument("--trivial", metavar="with|without", help="trivial character in weights (default: as in FILE)")
    parser.add_argument("--target", metavar="zero-mean|one-hot", help="what outputs must meet (default: as in FILE)")
    parser.add_argument("--digits", type=_digits, metavar="N", default=30, help="of weights (default: 30)")
    parser.add_argument("--out", type=Path, metavar="FILE", help="catalog to write")


def _natural(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,18}", text):
        raise argparse.ArgumentTypeError(f"{text!r} is no integer from 0 up")
    return int(text)


def _digits(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,4}", text) or not 15 <= int(text) <= 1000:
        raise argparse.ArgumentTypeError(f"{text!r} is no integer from 15 to 1000")
    return int(text)


def run(arguments: argparse.Namespace) -> int:
    """Search and print the counts, certify a network, or print the table."""
    return {"search": _search, "certify": _certify, "table": _table}[arguments.what](arguments)


def _search(arguments: argparse.Namespace) -> int:
    from ..api.width_frontier import search
    from ..networks.network_files import check_format
    from ..storage import check_writable
    from ..terminal.progress import progress

    if arguments.out is not None:
        check_writable(check_format(arguments.out), suffix=".safetensors")
    with progress() as show:
        found = search(
            arguments.group,
            arguments.width,
            trivial=arguments.trivial,
            target=arguments.target,
            starts=arguments.starts,
            seed=arguments.seed,
            symmetry=arguments.symmetry,
            wider=arguments.wider,
            orbits=arguments.orbits,
            first=arguments.first,
            total=arguments.total,
            callback=show,
        )
    record = found.to_dict()
    if found.hits and arguments.out is not None:
        record["written"] = _write(found, arguments.out)
    if arguments.json:
        print(json.dumps(record, indent=1))
    else:
        _print(record, len(found.hits))
    return 0


def _write(found: WidthSearch, out: Path) -> dict[str, Any]:
    """Write the best hit; what is said of it, the loss of the network in the file with it."""
    network = found.network
    network.save(out)
    return {"file": str(out), "start": found.best.start, "loss": network.loss(found.record["target"])}


def _certify(arguments: argparse.Namespace) -> int:
    from ..api.width_frontier import certify
    from ..storage import check_writable
    from ..terminal.networks import print_solution
    from ..terminal.progress import progress

    if arguments.out is not None:
        check_writable(arguments.out)
    with progress() as show:
        certification = certify(
            arguments.file,
            digits=arguments.digits,
            trivial=arguments.trivial,
            target=arguments.target,
            callback=show,
        )
    facts = certification.to_dict()
    if certification and arguments.out is not None:
        certification.save(arguments.out)
        facts["written"] = str(arguments.out)
    if arguments.json:
        print(json.dumps(facts, indent=1))
    else:
        print_solution(facts)
    return 0 if certification else 1


def _table(arguments: argparse.Namespace) -> int:
    from ..api.width_frontier import table
    from ..terminal.networks import print_frontier
    from ..terminal.standing import tell_standing

    tell_standing(arguments.catalog)
    records = table(group=arguments.group, catalog=arguments.catalog).to_dict()
    if arguments.json:
        print(json.dumps(records, indent=1))
    else:
        print_frontier(records)
    return 0


def _print(record: dict[str, Any], hits: int) -> None:
    came = f" from width {record['wider']}" if record["wider"] else ""
    print(
        f"{record['group']} width {record['width']} {record['trivial']} {record['target']} "
        f"symmetry {record['symmetry']}{came}: {hits or 'no'} hits in {record['starts']} starts"
        f" ({record['lists']} lists of orbits)"
    )
    print("  " + ", ".join(f"{name} {count}" for name, count in record["outcomes"].items()))
    if best := record["best"]:
        print(f"  best: loss {best['loss']:.1e} at norm {best['norm']:.1f}, start {best['start']}, {best['ansatz']}")
    for hit in record["hits"][:10]:
        sizes = f"loss {hit['loss']:.1e}, squared norm {hit['squared_norm']:.3f}"
        print(f"  hit: start {hit['start']}, {sizes}, {hit['ansatz']}")
    if hits > 10:
        print(f"  ... {hits - 10} more hits with --json")
    exponents = [miss["exponent"] for miss in record["near_misses"] if miss["exponent"] is not None]
    if exponents:
        print(f"  near misses: residual ~ norm^-p with p from {min(exponents):.2f} to {max(exponents):.2f}")
    if "written" in record:
        written = record["written"]
        print(f"  {written['file']}: start {written['start']}, loss {written['loss']:.1e}")
