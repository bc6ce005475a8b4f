"""Build a whole network of exactly zero loss on an Abelian group and write it to a network file.

Recipes: f6 (order 6 a pair), f4/6 (order 4, one or more pairs of order 6), f4+const (one constant unit,
needs --trivial with), f4+real (groups of even order), memorization, entry:ID (a catalog entry at every
frequency). --minimal takes the composition of least order that the catalog's entries allow, --cheapest
the one of least squared norm. Frequencies of product groups are written 0,1; several are
separated by / as in 0,1/1,0 (cyclic groups may use commas: 1,2).
--add-to stores the recipe in the optimizers of a catalog, where verify checks it.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import arguments as types

if TYPE_CHECKING:
    from ..groups import Group
    from ..optimizers.network import Network, Setting
    from ..optimizers.recipes import Recipe


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("--group", required=True, metavar="SPEC", help="cyclic factors: 7, 2x3, 4x4x3")
    chosen = parser.add_mutually_exclusive_group(required=True)
    chosen.add_argument("--recipe", metavar="NAME", help="f6, f4/6, f4+const, f4+real, memorization or entry:ID")
    chosen.add_argument("--minimal", action="store_true", help="the composition of least order")
    chosen.add_argument("--cheapest", action="store_true", help="the least squared norm among equal-share compositions")
    parser.add_argument("--order6-frequencies", metavar="K,K", help="order-6 frequencies of f4/6 (default: the first)")
    parser.add_argument(
        "--at", action="append", default=[], metavar="K=ID", help="an entry at one frequency; repeat; with entry:ID"
    )
    parser.add_argument(
        "--trivial", choices=("without", "with"), default="without", help="trivial character in weights"
    )
    parser.add_argument(
        "--target", choices=("zero-mean", "one-hot"), default="zero-mean", help="what outputs must meet"
    )
    parser.add_argument("--catalog", type=Path, metavar="FILE", help=types.CATALOG_HELP)
    parser.add_argument("--out", type=Path, metavar="FILE", help="network file to write: .safetensors or .npz")
    parser.add_argument(
        "--add-to", type=Path, metavar="CATALOG", help="add the exact recipe to this catalog's optimizers"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Build, check, write, print."""
    from ..files import check_writable
    from ..groups import Group
    from ..optimizers.files import check_suffix, write_network
    from ..optimizers.loss import direct
    from ..optimizers.minimal import BOUND_SCOPE, lower_bound, squared_norm
    from ..optimizers.network import Network, Setting, spectrum

    group, setting = Group.parse(arguments.group), Setting(arguments.trivial, arguments.target)
    if arguments.out is not None:
        check_writable(check_suffix(arguments.out))
    catalog = _catalog_to_extend(arguments)
    network, recipe = _build(arguments, group, setting)
    if catalog is not None and recipe is not None:
        from ..catalog.optimizers import add_optimizer

        catalog = add_optimizer(catalog, recipe.optimizer())
    evaluation = direct(network, setting)
    bound = lower_bound(group, setting)
    facts = {
        "group": group.name,
        "recipe": arguments.recipe or ("minimal" if arguments.minimal else "cheapest"),
        "trivial": setting.trivial,
        "target": setting.target,
        "order": network.width,
        "exact": recipe is not None,
        "carrier": recipe.carrier if recipe else None,
        "loss": evaluation.loss,
        "accuracy": evaluation.accuracy,
        "squared_norm": squared_norm(spectrum(network)),
        "lower_bound": bound,
        "bound_scope": BOUND_SCOPE,
        "gap": network.width - bound,
    }
    if arguments.out is not None:
        provenance = recipe.record() if recipe else {"recipe": facts["recipe"]}
        metadata = {
            "trivial": setting.trivial,
            "target": setting.target,
            "origin": "constructed",
            "provenance": json.dumps(provenance),
        }
        write_network(Network(group, network.W_a, network.W_b, network.V, metadata), arguments.out)
        print(f"wrote {arguments.out}: python -m cogo_search evaluate {arguments.out}", file=sys.stderr)
    if catalog is not None:
        from ..catalog.files import write_catalog

        write_catalog(catalog, arguments.add_to)
        print(f"added to {arguments.add_to}: python -m cogo_search verify {arguments.add_to}", file=sys.stderr)
    if arguments.json:
        print(json.dumps({**facts, "provenance": recipe.record() if recipe else None}, indent=1))
    else:
        from ..report.networks import print_construction

        print_construction(facts)
    return 0


def _catalog_to_extend(arguments: argparse.Namespace) -> dict[str, Any] | None:
    """The catalog of --add-to, read before anything is computed or written."""
    if arguments.add_to is None:
        return None
    from ..catalog.files import read_catalog
    from ..errors import InputError
    from ..files import check_writable

    if arguments.recipe == "memorization":
        raise InputError(f"--add-to {arguments.add_to} is not available for memorization: it is no exact recipe")
    catalog = read_catalog(arguments.add_to)
    check_writable(arguments.add_to, "--add-to")
    return catalog


def _build(arguments: argparse.Namespace, group: Group, setting: Setting) -> tuple[Network, Recipe | None]:
    """The network, and the exact recipe it comes from (None for memorization)."""
    from ..errors import InputError
    from ..optimizers.exact import numeric
    from ..optimizers.memorization import memorization
    from ..optimizers.minimal import cheapest, least_order
    from ..optimizers.recipes import build, from_entries

    name = arguments.recipe or ""
    if arguments.at and not name.startswith("entry:"):
        raise InputError(f"--at {arguments.at[0]} goes with --recipe entry:ID only")
    if arguments.order6_frequencies and name != "f4/6":
        raise InputError(f"--order6-frequencies {arguments.order6_frequencies} goes with --recipe f4/6 only")
    if name == "memorization":
        return memorization(group, setting), None
    if arguments.minimal or arguments.cheapest:
        from ..catalog.entries import load_solutions

        solutions = load_solutions(arguments.catalog)
        recipe = (least_order if arguments.minimal else cheapest)(group, setting, solutions)
    elif name.startswith("entry:"):
        from ..catalog.entries import find_entry, load_entries, solution_of

        entries = load_entries(arguments.catalog)
        default = solution_of(find_entry(entries, name.removeprefix("entry:")).entry)
        at = {}
        for text in arguments.at:
            k, _, prefix = text.partition("=")
            at[group.frequency(k)] = (solution_of(find_entry(entries, prefix).entry), (0, 0))
        recipe = from_entries(group, setting, default, at)
    else:
        recipe = build(name, group, setting, _frequencies(group, arguments.order6_frequencies))
    return numeric(recipe.network), recipe


def _frequencies(group: Group, text: str | None) -> tuple[int, ...] | None:
    if text is None:
        return None
    separator = "," if len(group.factors) == 1 else "/"
    return tuple(group.frequency(part) for part in text.split(separator))
