"""The autograd engine against the closed form: milliseconds of an epoch, in one run, one network on one CPU thread.

    python benchmarks/train_autograd.py [--shapes 23:256,71:512] [--write]

For each group and number of nodes, all of them alive: loss, gradient and update in closed form (x^2, mean squared
error, Adam), and by autograd of the same and of other activations, losses and optimizers; *ratio* is to the closed
form. The rows of a shape take turns, medians of five. --write puts the table into benchmarks/RESULTS-autograd.md.
"""

from __future__ import annotations

import argparse
import platform
import statistics
import time
from dataclasses import replace
from pathlib import Path

import torch

from cogo_search.training.autograd import AutogradStack
from cogo_search.training.config import Settings
from cogo_search.training.engine import arithmetic, start
from cogo_search.training.stack import Stack
from cogo_search.training.task import make_task

SHAPES = (("23", 256), ("23", 512), ("71", 512))
#: Rows by their names; the first is the closed form's.
VARIANTS = {
    "closed form": {},
    "autograd, the same": {},
    "cross-entropy": {"loss_function": "cross-entropy"},
    "relu": {"activation": "relu"},
    "relu, cross-entropy, bias, adamw": {
        "activation": "relu", "loss_function": "cross-entropy", "bias": True, "optimizer": "adamw"
    },
    "gelu": {"activation": "gelu"},
    "muon": {"optimizer": "muon"},
}  # fmt: skip


def milliseconds(stacks: list[Stack | AutogradStack]) -> list[float]:
    """Median milliseconds of a step of each, measured in turns."""

    def measured(stack: Stack | AutogradStack, steps: int) -> float:
        begun = time.perf_counter()
        stack.advance(steps)
        return 1e3 * (time.perf_counter() - begun) / steps

    for stack in stacks:
        stack.advance(3)
    steps = [max(1, int(200 / measured(stack, 2))) for stack in stacks]
    rounds = [[measured(stack, count) for stack, count in zip(stacks, steps, strict=True)] for _ in range(5)]
    return [statistics.median(times) for times in zip(*rounds, strict=True)]


def rows(group: str, hidden: int) -> list[str]:
    """Rows of the table for one shape."""
    stacks: list[Stack | AutogradStack] = []
    for number, changes in enumerate(VARIANTS.values()):
        settings = replace(Settings(group, hidden=hidden, snapshots=()), **changes)
        kind = AutogradStack if number else Stack
        stacks.append(kind([0], [settings], [make_task(settings)], [start(settings)], torch.device("cpu")))
    times = milliseconds(stacks)
    return [
        f"| {group} | {hidden} | {name} | {own:.2f} | {own / times[0]:.1f} |"
        for name, own in zip(VARIANTS, times, strict=True)
    ]


def shapes(text: str) -> list[tuple[str, int]]:
    """``23:256,71:512`` as groups and numbers of nodes."""
    return [(group, int(hidden)) for group, hidden in (part.split(":") for part in text.split(","))]


def main() -> None:
    """Measure and print, or write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shapes", type=shapes, default=SHAPES)
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    table = []
    with arithmetic(), torch.inference_mode():
        for group, hidden in arguments.shapes:
            table += rows(group, hidden)
            print("\n".join(table[-len(VARIANTS) :]), flush=True)
    text = f"""# The autograd engine

Regenerate with `python benchmarks/train_autograd.py --write`. Machine: {platform.machine()}, torch {torch.__version__},
one thread. Milliseconds of an epoch (loss, gradient, update) of one network, all its nodes alive, and their ratio to
the closed form (x^2, mean squared error, Adam) of the same run. In a whole run the closed form gains more: its dead
nodes leave.

| group | nodes | trained | ms | ratio |
| --- | --- | --- | --- | --- |
"""
    if arguments.write:
        (Path(__file__).parent / "RESULTS-autograd.md").write_text(text + "\n".join(table) + "\n")


if __name__ == "__main__":
    main()
