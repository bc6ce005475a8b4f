"""Networks that train together, against the naive loop on the same device, and against what the device can do.

    python benchmarks/train_batch.py [--device cuda|cpu] [--networks 5] [--shapes 23:64,71:192] [--write] [--json FILE]

For each group and number of live nodes: network-steps per second (loss, gradient, Adam) of a stack of networks, of the
naive loop (one-hot inputs through linear layers, autograd, torch's fused Adam, one network), and their ratio; then the
stack's matrix products and its memory traffic as shares of what one product of large matrices and one large copy reach
in the same run. Traffic counts every operand of every operation as moved once, so that it can pass 100 % where caches
serve. Medians of five. On a GPU a step is a CUDA graph. --write puts the table into benchmarks/RESULTS-batch.md, --json
the numbers into a file.
"""

from __future__ import annotations

import argparse
import json
import platform
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import torch

from cogo_search.training.config import Settings
from cogo_search.training.engine import arithmetic, start
from cogo_search.training.gradients import Objective
from cogo_search.training.stack import Stack, State
from cogo_search.training.task import make_task

SHAPES = (("23", 64), ("23", 512), ("71", 192), ("71", 512), ("127", 320), ("127", 512), ("127", 2048))


def seconds(work: Callable[[int], None], device: torch.device) -> float:
    """Median seconds of one piece of work; ``work`` is given how many to do."""

    def measured(count: int) -> float:
        if device.type == "cuda":
            torch.cuda.synchronize()
        begun = time.perf_counter()
        work(count)
        if device.type == "cuda":
            torch.cuda.synchronize()
        return (time.perf_counter() - begun) / count

    measured(2)
    count = max(1, min(2000, int(0.2 / measured(2))))
    return statistics.median(measured(count) for _ in range(5))


def repeated(call: Callable[[], object]) -> Callable[[int], None]:
    """Do it so many times."""

    def work(count: int) -> None:
        for _ in range(count):
            call()

    return work


def ceilings(device: torch.device) -> tuple[float, float]:
    """Floating-point operations a second of a large product, and bytes a second of a large copy (read and written)."""
    side = 8192 if device.type == "cuda" else 1024
    x, y = torch.randn(side, side, device=device), torch.empty(side, side, device=device)
    source = torch.randn(2**30 if device.type == "cuda" else 2**25, device=device)
    target = torch.empty_like(source)
    product = seconds(repeated(lambda: torch.mm(x, x, out=y)), device)
    copy = seconds(repeated(lambda: target.copy_(source)), device)
    return 2 * side**3 / product, 2 * source.nbytes / copy


def work_of_a_step(d: int, q: int, held_out: int, form: str) -> tuple[float, float]:
    """Floating-point operations of matrix products, and bytes of all operands, of one network's step."""
    adam = 7 * 3 * d * q
    if form == "grid":
        return 6 * d**3 * q, 4 * (9 * d**2 * q + 6 * d**3 + adam)
    products = 12 * q**2 * d + 24 * d**2 * q + 6 * held_out * d * q
    return products, 4 * (18 * q**2 + 12 * held_out * q + 5 * held_out * d + 90 * d * q + adam)


def stack_of(settings: list[Settings], live: int, device: torch.device) -> Stack:
    """Networks of which only the first nodes are alive."""
    states = []
    for own in settings:
        weights = start(own).weights[:, :, :live].contiguous()
        zeros = torch.zeros_like(weights)
        states.append(State(0, weights, (zeros, zeros.clone()), torch.arange(live)))
    return Stack(range(len(settings)), settings, [make_task(own) for own in settings], states, device)


def naive_step(settings: Settings, live: int, device: torch.device) -> Callable[[], None]:
    """The obvious program on one network."""
    task, weights = make_task(settings), start(settings).weights[:, :, :live].to(device)
    d = task.group.order
    x1, x2, x = (torch.from_numpy(part).to(device) for part in task.split(task.train))
    eye = torch.eye(d, device=device)
    inputs, targets = torch.cat([eye[x1], eye[x2]], dim=1), eye[x] - 1 / d
    first = torch.nn.Parameter(torch.cat([weights[0], weights[1]]).T.contiguous())
    second = torch.nn.Parameter(weights[2].clone())
    optimizer = torch.optim.Adam([first, second], lr=settings.lr, weight_decay=settings.weight_decay, fused=True)

    def step() -> None:
        outputs = (inputs @ first.T) ** 2 @ second.T
        residual = outputs - outputs.mean(dim=1, keepdim=True) - targets
        loss = (residual**2).sum(dim=1).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

    return step


@dataclass(frozen=True)
class Speed:
    """Network-steps a second of the naive loop and the engine, and the engine's shares of the two ceilings."""

    group: str
    live: int
    form: str
    naive: float
    engine: float
    products: float
    memory: float

    @property
    def row(self) -> str:
        """One of the table."""
        rates = f"{self.naive:.0f} | {self.engine:.0f} | {self.engine / self.naive:.1f}"
        return f"| {self.group} | {self.live} | {self.form} | {rates} | {self.products:.0%} | {self.memory:.0%} |"


def measure(group: str, live: int, networks: int, limits: tuple[float, float], device: torch.device) -> Speed:
    """The speed of networks of one group and number of live nodes."""
    flops, bandwidth = limits
    settings = [Settings(group, hidden=live, seed=seed, snapshots=()) for seed in range(1, networks + 1)]
    naive = seconds(repeated(naive_step(settings[0], live, device)), device)
    with arithmetic(), torch.inference_mode():
        stack = stack_of(settings, live, device)
        step = seconds(stack.advance, device)
    form = Objective([make_task(settings[0])]).choose(live)
    products, moved = work_of_a_step(len(stack.weights[0, 0]), live, len(make_task(settings[0]).test), form)
    rate = networks / step
    return Speed(group, live, form, 1 / naive, rate, products * rate / flops, moved * rate / bandwidth)


def shapes(text: str) -> list[tuple[str, int]]:
    """``23:64,71:192`` as groups and numbers of live nodes."""
    return [(group, int(live)) for group, live in (part.split(":") for part in text.split(","))]


def main() -> None:
    """Measure and print, or write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--networks", type=int, default=5)
    parser.add_argument("--shapes", type=shapes, default=SHAPES)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--json", type=Path, metavar="FILE")
    arguments = parser.parse_args()
    device = torch.device(arguments.device)
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    name = torch.cuda.get_device_name() if device.type == "cuda" else f"{platform.machine()}, one thread"
    flops, bandwidth = limits = ceilings(device)
    print(f"ceilings: {flops / 1e9:.0f} GFlop/s, {bandwidth / 1e9:.0f} GB/s", flush=True)
    speeds = []
    for group, live in arguments.shapes:
        speeds.append(measure(group, live, arguments.networks, limits, device))
        print(speeds[-1].row, flush=True)
    text = f"""# Networks that train together

Regenerate with `python benchmarks/train_batch.py --device {device.type} --networks {arguments.networks} --write`.
Device: {name}, torch {torch.__version__}; {flops / 1e9:.0f} GFlop/s in a float32 product of large matrices (no TF32),
{bandwidth / 1e9:.0f} GB/s in a large copy. Network-steps a second: loss, gradient and Adam of one network; the engine
moves {arguments.networks} at once, the naive loop one. *products* and *memory* are shares of the two ceilings.

| group | live nodes | form | naive | engine | ratio | products | memory |
| --- | --- | --- | --- | --- | --- | --- | --- |
"""
    text += "\n".join(speed.row for speed in speeds) + "\n"
    if arguments.write:
        (Path(__file__).parent / "RESULTS-batch.md").write_text(text)
    if arguments.json:
        facts = {"device": name, "flops": flops, "bandwidth": bandwidth, "networks": arguments.networks}
        arguments.json.write_text(json.dumps({**facts, "speeds": [asdict(speed) for speed in speeds]}, indent=1) + "\n")


if __name__ == "__main__":
    main()
