"""How few hidden nodes reach zero loss? Many-start search for networks of a given width, with nodes of any shape.

`frontier search` runs Levenberg-Marquardt on the nodes (output weights are linear and solved for) from many random
starts and counts what they came to: hits (zero loss in float64: no proof), near misses (the cost sinks while weights
grow: a border-rank limit, no solution; with the fitted exponent of residual against norm), escapes (weights grow, the
cost stays), local minima. "None found" is printed with the number of starts that it rests on.

--symmetry looks among networks made of orbits of nodes only, which shrinks the problem by the order of the symmetry:
words are shift, shift:S, opposite (x1 + s, x2 - s), left (x1 alone), neg (x -> -x), mult:U (x -> U x) and swap
(x1 <-> x2), composed by * and separated by commas, as in neg,swap or mult:2*swap. All lists of orbit types whose
sizes add up to the width are tried in turn; --orbits keeps those of few, large orbits.
--wider starts at a larger width, where solutions are easier to find, and drives orbits out of each one after another;
starts that end above the width wanted are counted as wider.
Every hit is printed with its start; `--first START --starts 1` and the same --total gives it again.

`frontier certify FILE` asks whether a network of exactly zero loss is near one that was found, trained or imported:
Newton's method goes on to --digits digits, and where all equations of zero loss are independent there, Krawczyk's test
proves a solution within a printed radius. --out writes it as a catalog, which `verify` checks in integers. Where the
equations are dependent (most networks narrower than the paper's) the digits are those of a solution, but nothing is
proved, and it says so; exit code 1. Where Newton's method fails it says that, which is no statement about solutions.

`frontier table` prints, for every group of order 2 to 9 and every setting, the lower bound, the narrowest certified
network of the catalogs (`construct --recipe entry:ID` builds it, `verify` checks it), what searches found, and the
paper's width.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import arguments as types

if TYPE_CHECKING:
    from ..frontier.narrow_search import Attempt, Tally
    from ..networks.network import Network


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument(
        "what",
        choices=("search", "certify", "table"),
        help="search: networks of one width; certify: an exact one near FILE; table: all that is known",
    )
    parser.add_argument("file", type=Path, nargs="?", metavar="FILE", help="certify: a network file")
    parser.add_argument("--group", metavar="SPEC", help="cyclic factors: 7, 2x3, 4x4x3; of the table: only these rows")
    parser.add_argument("--width", type=types.positive, metavar="Q", help="hidden nodes")
    parser.add_argument("--trivial", metavar="with|without", help="trivial character in weights")
    parser.add_argument("--target", metavar="zero-mean|one-hot", help="what outputs must meet")
    parser.add_argument("--starts", type=types.positive, metavar="N", help="random starts (default: 200)")
    parser.add_argument("--seed", type=_natural, metavar="S", help="of the starts (default: 0)")
    parser.add_argument("--symmetry", metavar="WORDS", help="such as neg,swap (default: none)")
    parser.add_argument("--wider", type=types.positive, metavar="Q", help="larger width to start from")
    parser.add_argument("--orbits", type=types.positive, metavar="N", help="orbits at most: few means large ones")
    parser.add_argument("--first", type=_natural, metavar="I", help="number of the first start (default: 0)")
    parser.add_argument("--total", type=types.positive, metavar="N", help="starts of the whole search, for --first")
    parser.add_argument("--digits", type=_digits, metavar="N", help="certify: of weights (default: 30)")
    parser.add_argument(
        "--out", type=Path, metavar="FILE", help="search: network file for the hit of least norm; certify: catalog"
    )
    parser.add_argument("--catalog", type=Path, metavar="FILE", help=f"of the table; {types.CATALOG_HELP}")
    parser.add_argument("--json", action="store_true", help="print JSON")


#: What belongs to which part of the command, and what it is where it is not given.
DEFAULTS: dict[str, dict[str, Any]] = {
    "search": {
        "group": None, "width": None, "trivial": None, "target": None, "wider": None, "orbits": None, "total": None,
        "starts": 200, "seed": 0, "symmetry": "none", "first": 0, "out": None,
    },
    "certify": {"file": None, "trivial": None, "target": None, "digits": 30, "out": None},
    "table": {"group": None, "catalog": None},
}  # fmt: skip


#: The share of the trivial character that certify takes for noise where the weights are to have none.
NOISE = 1e-2


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
    from ..errors import InputError

    own = DEFAULTS[arguments.what]
    for what, options in DEFAULTS.items():
        for name in options.keys() - own.keys():
            if (value := getattr(arguments, name)) is not None:
                option = name.upper() if name == "file" else f"--{name}"
                raise InputError(f"{option} {value} goes with frontier {what}: leave it out")
    for name, value in own.items():
        if getattr(arguments, name) is None:
            setattr(arguments, name, value)
    if arguments.what == "certify":
        return _certify(arguments)
    if arguments.what == "table":
        return _table(arguments)
    for name in ("group", "width", "trivial", "target"):
        if getattr(arguments, name) is None:
            raise InputError(
                f"--{name} is missing: frontier search --group 5 --width 8 --trivial with --target zero-mean"
            )
    from ..frontier.narrow_search import search
    from ..frontier.symmetry import Symmetry
    from ..groups.abelian import Group
    from ..networks.network import Setting
    from ..networks.network_files import check_suffix
    from ..storage import check_writable
    from ..terminal.progress import progress

    if (ends := arguments.first + arguments.starts) > (arguments.total or ends):
        raise InputError(
            f"--total {arguments.total} is below --first plus --starts, {ends}: name the whole search's starts"
        )
    setting = Setting(arguments.trivial, arguments.target)
    symmetry = Symmetry(Group.parse(arguments.group), arguments.symmetry)
    if arguments.out is not None:
        check_writable(check_suffix(arguments.out), suffix=".safetensors")
    shown = 0.0

    def report(tally: Tally) -> None:
        nonlocal shown
        if tally.starts == arguments.starts or time.monotonic() > shown + 1:
            shown = time.monotonic()
            show(f"start {tally.starts} of {arguments.starts}, {tally.outcomes['hit']} hits")

    with progress() as show:
        tally = search(
            symmetry.group,
            setting,
            arguments.width,
            symmetry,
            arguments.starts,
            arguments.seed,
            wider=arguments.wider,
            orbits=arguments.orbits,
            first=arguments.first,
            total=arguments.total,
            report=report,
        )
    record = _record(arguments, tally)
    if tally.hits and arguments.out is not None:
        _write(arguments, min(tally.hits, key=lambda hit: hit.norm), record)
    if arguments.json:
        print(json.dumps(record, indent=1))
    else:
        _print(record, len(tally.hits))
    return 0


def _certify(arguments: argparse.Namespace) -> int:
    from ..catalog.catalog_files import write_catalog
    from ..catalog.network_catalogs import networks_catalog
    from ..errors import InputError
    from ..frontier.enclosure import describe, enclosure_record
    from ..frontier.newton import solve
    from ..networks.evaluation import setting_of
    from ..networks.network_files import read_network
    from ..storage import check_writable
    from ..terminal.networks import print_solution
    from ..terminal.progress import progress

    if arguments.file is None:
        raise InputError("FILE is missing: frontier certify network.safetensors")
    if arguments.out is not None:
        check_writable(arguments.out)
    network = read_network(arguments.file)
    setting = setting_of(network, arguments.trivial, arguments.target, within=NOISE)
    record, reason = None, None
    with progress() as show:
        show("Newton's method")
        solution = solve(network, setting, bits=4 * arguments.digits)
        show("Krawczyk's test")
        try:
            record = enclosure_record(f"by Newton's method from {network.metadata.get('origin', 'unknown')}", solution)
        except InputError as error:
            reason = str(error)
    facts = describe(solution, arguments.digits, record, reason)
    if record is not None and arguments.out is not None:
        write_catalog(networks_catalog([record]), arguments.out)
        facts["written"] = str(arguments.out)
    if arguments.json:
        print(json.dumps(facts, indent=1))
    else:
        print_solution(facts)
    return 0 if record is not None else 1


def _table(arguments: argparse.Namespace) -> int:
    from ..catalog.lookup import load_records
    from ..errors import InputError
    from ..frontier.width_records import known_searches, rows
    from ..groups.abelian import Group
    from ..terminal.networks import print_frontier
    from ..terminal.standing import tell_standing

    wanted = arguments.group and Group.parse(arguments.group).name
    _, networks = load_records(arguments.catalog)
    tell_standing(arguments.catalog)
    records = rows([located.record for located in networks], known_searches())
    if wanted and not (records := [record for record in records if record["group"] == wanted]):
        raise InputError(f"--group {wanted} is not in the table: it has the groups of order 2 to 9, as in 2x4")
    if arguments.json:
        print(json.dumps(records, indent=1))
    else:
        print_frontier(records)
    return 0


def _record(arguments: argparse.Namespace, tally: Tally) -> dict[str, Any]:
    """The search as JSON: what was asked, counts, the best start, the hits and the near misses."""
    from ..frontier.narrow_search import OUTCOMES

    names = ("group", "width", "trivial", "target", "symmetry", "wider", "orbits", "seed", "first", "starts")
    return {
        **{name: getattr(arguments, name) for name in names},
        "total": arguments.total or arguments.first + arguments.starts,
        "lists": tally.lists,
        "outcomes": {name: tally.outcomes[name] for name in OUTCOMES},
        "best": _attempt(tally.best) if tally.best else None,
        "hits": [_attempt(hit) for hit in tally.hits],
        "near_misses": [_attempt(miss) for miss in tally.misses],
    }


def _attempt(attempt: Attempt) -> dict[str, Any]:
    order = attempt.problem.group.order
    known = {"start": attempt.start, "ansatz": attempt.ansatz, "outcome": attempt.outcome, "loss": attempt.cost / order}
    known |= {"norm": attempt.norm, "exponent": attempt.exponent, "iterations": attempt.iterations}
    if attempt.outcome == "hit":
        known["squared_norm"] = _squared_norm(attempt.problem.network(attempt.theta))
    return known


def _squared_norm(network: Network) -> float:
    """|W_a|^2 + |W_b|^2 + |V|^2, the least over node gauges for a balanced network."""
    return float(sum((w**2).sum() for w in (network.W_a, network.W_b, network.V)))


def _write(arguments: argparse.Namespace, hit: Attempt, record: dict[str, Any]) -> None:
    """Write a hit, with what gives it again; the loss of the network in the file joins the record."""
    from ..networks.loss import direct
    from ..networks.network_files import write_network

    names = ("width", "symmetry", "wider", "orbits", "seed", "total")
    provenance = {"start": hit.start, "ansatz": hit.ansatz, **{name: record[name] for name in names}}
    metadata = {"seed": str(arguments.seed), "provenance": json.dumps(provenance, sort_keys=True)}
    network = hit.problem.network(hit.theta, metadata)
    write_network(network, arguments.out)
    loss = direct(network, hit.problem.setting).loss
    record["written"] = {"file": str(arguments.out), "start": hit.start, "loss": loss}


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
