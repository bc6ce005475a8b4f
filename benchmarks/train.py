"""Training speed against the naive loop, on one thread: python benchmarks/train.py [--groups 23,71,127] [--write].

The naive loop is the obvious program: one-hot inputs of shape (pairs, 2d) through two bias-free linear layers with a
square between them, autograd, torch's foreach Adam, subnormals flushed. It is timed for 200 steps in all, at four
points of training (weights of the engine's own run at those epochs), and extrapolated to 10,000; the engine's time is
that of a whole run with its metrics and snapshots. Both are CPU seconds of one process and one thread. --write puts the
tables into benchmarks/RESULTS.md.
"""

from __future__ import annotations

import argparse
import platform
import time
from pathlib import Path

import torch

from cogo_search.training.config import Settings
from cogo_search.training.engine import train
from cogo_search.training.gradients import Objective
from cogo_search.training.stack import State
from cogo_search.training.task import make_task

POINTS = (0, 500, 3000, 9900)
#: CPU seconds on the machine of the project's first measurements:
#: the published code with flush-to-zero, and a plain sketch of this engine. Cyclic groups, q = 512, 10,000 epochs.
REFERENCE = {"23": ("30", "3.1"), "71": ("320-360", "28"), "127": ("1400", "101")}


def naive_seconds_per_step(settings: Settings, weights: torch.Tensor, steps: int) -> float:
    """The naive loop from given weights (3, d, q)."""
    task, d = make_task(settings), weights.shape[1]
    x1, x2, x = (torch.from_numpy(part) for part in task.split(task.train))
    inputs = torch.cat([torch.eye(d)[x1], torch.eye(d)[x2]], dim=1)
    targets = torch.eye(d)[x] - 1 / d
    first, second = (
        torch.nn.Linear(2 * d, weights.shape[2], bias=False),
        torch.nn.Linear(weights.shape[2], d, bias=False),
    )
    first.weight.data = torch.cat([weights[0], weights[1]]).T.contiguous()
    second.weight.data = weights[2].clone()
    parameters = [first.weight, second.weight]
    optimizer = torch.optim.Adam(parameters, lr=settings.lr, weight_decay=settings.weight_decay, foreach=True)

    def step() -> None:
        outputs = second(first(inputs) ** 2)
        residual = outputs - outputs.mean(dim=1, keepdim=True) - targets
        loss = (residual**2).sum(dim=1).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

    step()
    start = time.process_time()
    for _ in range(steps):
        step()
    return (time.process_time() - start) / steps


def matrix_product_rate() -> float:
    """GFlop/s of one thread."""
    x = torch.randn(1024, 1024)
    x @ x
    start = time.process_time()
    for _ in range(10):
        x @ x
    return 20 * 1024**3 / (time.process_time() - start) / 1e9


def whole_runs(groups: list[str]) -> list[str]:
    """Rows of the first table."""
    rows = []
    for group in groups:
        settings, seen = Settings(group, snapshots=(*POINTS, 10000)), {}

        def keep(state: State, seen: dict[int, torch.Tensor] = seen) -> None:
            seen[state.epoch] = state.expanded(512)

        start = time.process_time()
        state = train(settings, snapshot=keep)
        own = time.process_time() - start
        naive = 2500 * sum(naive_seconds_per_step(settings, seen[epoch], 50) for epoch in POINTS)
        published, sketch = REFERENCE.get(group, ("-", "-"))
        cells = [group, f"{naive:.0f}", f"{own:.1f}", f"{naive / own:.1f}", str(len(state.live)), published, sketch]
        rows.append("| " + " | ".join(cells) + " |")
        print(rows[-1], flush=True)
    return rows


def steps(groups: list[str]) -> list[str]:
    """Rows of the second table: milliseconds of one loss and gradient."""
    rows = []
    for group in groups:
        task = make_task(Settings(group))
        for q in (64, 256, 512, 1024, 2048):
            weights = torch.randn(1, 3, task.group.order, q) / 10
            cells = [group, str(q)]
            for form in ("grid", "gram"):
                objective = Objective([task], form=form)
                objective(weights)
                repeats, start = 0, time.process_time()
                while (spent := time.process_time() - start) < 0.5:
                    objective(weights)
                    repeats += 1
                cells.append(f"{1000 * spent / repeats:.2f}")
            rows.append("| " + " | ".join([*cells, Objective([task]).choose(q)]) + " |")
            print(rows[-1], flush=True)
    return rows


def main() -> None:
    """Measure and print, or write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--groups", default="23,71,127")
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    groups = arguments.groups.split(",")
    machine = (
        f"{platform.machine()}, torch {torch.__version__}, one thread: {matrix_product_rate():.0f} GFlop/s in float32"
    )
    text = f"""# Training speed

Regenerate with `python benchmarks/train.py --write`. Machine: {machine} (1024 x 1024 products).

Whole runs, the paper's setting with q = 512 and 10,000 epochs, CPU seconds. *naive* is extrapolated from 200 steps at
epochs {", ".join(map(str, POINTS))}; *published* (with flush-to-zero) and *sketch* are the reference measurements of
the project's beginning, on another machine whose rate was not noted, so they are not scaled.

| group | naive | engine | ratio | live nodes at the end | published | sketch |
| --- | --- | --- | --- | --- | --- | --- |
"""
    print(text, end="", flush=True)
    text += "\n".join(whole_runs(groups))
    head = """

One loss and gradient, milliseconds; *chosen* is what the cost model takes.

| group | q | grid | gram | chosen |
| --- | --- | --- | --- | --- |
"""
    print(head, end="", flush=True)
    text += head + "\n".join(steps(groups)) + "\n"
    if arguments.write:
        (Path(__file__).parent / "RESULTS.md").write_text(text)


if __name__ == "__main__":
    main()
