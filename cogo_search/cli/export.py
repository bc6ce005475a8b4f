"""Write a snapshot of a run as whole float matrices that other programs open.

W_a, W_b and V of shape (d, q), dead nodes as zeros, in the type they were trained in, with metadata (group, setting,
seed, epoch). Snapshots in run folders hold live nodes only, and at epoch 0 no weights at all but how they are drawn:
they are expanded here. The format follows the suffix of --out: .safetensors; .npz, whose array `metadata` is JSON; or
.pt, a torch state dict for torch.load(FILE, weights_only=True). A network file in place of RUN is converted.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from .arguments import foreign, loaded


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("run_or_file", type=Path, metavar="RUN", help="run folder, or a network file as match reads it")
    parser.add_argument("--out", type=Path, metavar="FILE", required=True, help="net.safetensors, net.npz or net.pt")
    foreign(parser)
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Read, write, print."""
    from ..networks.network_files import check_format
    from ..storage import check_writable

    check_writable(check_format(arguments.out), suffix=arguments.out.suffix)
    network = loaded(arguments.run_or_file, arguments)
    network.save(arguments.out)
    if arguments.json:
        print(json.dumps({"written": str(arguments.out), **network.to_dict()}, indent=1))
    else:
        from ..terminal.networks import print_export

        print_export(network, arguments.out)
    return 0
