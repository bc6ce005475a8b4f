"""Loss, accuracy, potentials' residuals and per-frequency orders of a network file.

The setting (trivial character, target) is the file's own unless named here; where neither names it, trivial is
read off the weights and the target is zero-mean. A node counts at a frequency where its a or b reaches 1e-6 of the
largest (float32 and float16 files: four times their rounding, if that is more).
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from .arguments import foreign, loaded


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("file", type=Path, metavar="FILE", help="network file, as match reads it")
    foreign(parser)
    parser.add_argument("--trivial", choices=("without", "with"), help="default: the file's own, else what it holds")
    parser.add_argument("--target", choices=("zero-mean", "one-hot"), help="default: the file's own, else zero-mean")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Read, evaluate, print."""
    network = loaded(arguments.file, arguments)
    facts = network.evaluate(trivial=arguments.trivial, target=arguments.target).to_dict()
    if arguments.json:
        print(json.dumps(facts, indent=1))
    else:
        from ..terminal.networks import print_evaluation

        print_evaluation(facts)
    return 0
