"""Build an optimizer for a group-action task (Appendix E): from g and a state x predict g.x.

FILE is JSON: {"action": [[g.x for every state x] for every group element g]}, states numbered from 0; where
rows coincide also "group": "6" (rows in the group's element order) or "multiplication": [[...]]. Prints
orbits, the group that acts on each, width and loss. With --outputs orbit the outputs at other orbits are masked,
as in the paper's Appendix F.2; with all every state counts (several orbits then need one-hot outputs on each).
--out writes tensors W_a (|G|, q), W_b and V (|X|, q) with format cogo-action-1; evaluate reads networks on groups only.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("file", type=Path, metavar="FILE", help="action table (JSON)")
    parser.add_argument("--recipe", metavar="NAME", help="f6, f4/6, f4+const, f4+real (default: what fits)")
    parser.add_argument("--outputs", choices=("orbit", "all"), default="orbit", help="default: orbit")
    parser.add_argument("--trivial", choices=("without", "with"), default="without", help="in the weights")
    parser.add_argument("--target", choices=("zero-mean", "one-hot"), default="zero-mean", help="wanted outputs")
    parser.add_argument("--out", type=Path, metavar="FILE", help="weights to write: .safetensors, .npz or .pt")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Read, build, evaluate, print."""
    from ..groups.actions import read_action
    from ..networks.network import Setting
    from ..networks.network_files import check_format, write_tensors
    from ..recipes.action_recipes import construct, direct, needed
    from ..storage import check_writable

    if arguments.out is not None:
        check_writable(check_format(arguments.out), suffix=arguments.out.suffix)
    action = read_action(arguments.file)
    setting = needed(action, Setting(arguments.trivial, arguments.target), arguments.outputs)
    network = construct(action, arguments.recipe, setting, arguments.outputs)
    evaluation = direct(network, setting, arguments.outputs)
    facts = {
        "elements": action.order,
        "states": action.states,
        "orbits": [
            {
                "states": [int(x) for x in component.states],
                "group": component.group.name if component.group else "trivial",
                "stabiliser_order": len(component.stabiliser),
            }
            for component in action.components
        ],
        "outputs": arguments.outputs,
        "trivial": setting.trivial,
        "target": setting.target,
        "width": network.width,
        "loss": evaluation.loss,
        "accuracy": evaluation.accuracy,
    }
    if arguments.out is not None:
        kept = {"trivial": setting.trivial, "target": setting.target, "outputs": arguments.outputs}
        metadata = {"format": "cogo-action-1", **kept, "action": json.dumps(action.table.tolist())}
        write_tensors(arguments.out, {name: getattr(network, name) for name in ("W_a", "W_b", "V")}, metadata)
        print(f"wrote {arguments.out}", file=sys.stderr)
    if arguments.json:
        print(json.dumps(facts, indent=1))
    else:
        from ..terminal.networks import print_action

        print_action(facts)
    return 0
