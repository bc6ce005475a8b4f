"""What the logits of any model hold of the task, frequency by frequency, transformers too.

FILE holds one array of logits o[x1, x2, y], (d, d, d) or (d*d, d) with the pairs in the order x1*d + x2: .npy, .npz or
.safetensors. Of its Fourier coefficients C[k1, k2, k], mean over the inputs and sum over the answers, C_kkk is the
task, 1 at the exact optimum; all the rest is leak. Frequencies are printed by |C_kkk|, with what the logits answer
where only the C_kkk of the first of them are kept, and where these are removed. See
docs/how-to/potentials-of-a-transformer.md.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from . import arguments as types


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument(
        "file", type=Path, metavar="FILE", help="logits on all pairs, or a network file of this package"
    )
    parser.add_argument("--group", metavar="SPEC", help="(default: cyclic, from the shape)")
    parser.add_argument("--key", metavar="NAME", help="the array of logits, in a file of several")
    parser.add_argument("--top", type=types.positive, default=20, metavar="N", help="frequencies printed (default: 20)")
    parser.add_argument("--out", type=Path, metavar="FILE", help="also write what --json prints to this file")
    parser.add_argument("--figure", type=Path, metavar="FILE", help="also draw a figure: .svg, .png or .pdf")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Transform, write, print."""
    from ..api.potentials import potentials
    from ..storage import check_writable, write_atomically

    if arguments.out is not None:
        check_writable(arguments.out)
    found = potentials(arguments.file, group=arguments.group, key=arguments.key, figure=arguments.figure)
    facts = found.to_dict()
    text = json.dumps(facts, indent=1) + "\n"
    if arguments.out is not None:
        write_atomically(arguments.out, text.encode())
    if arguments.json:
        print(text, end="")
    else:
        from ..terminal.potentials import print_potentials

        print_potentials(facts, arguments.top)
    return 0
