"""Train networks by gradient descent, exactly as the paper does unless told otherwise; or show how far runs are.

The defaults are the paper's experiment: q = 512, seeds as published, 90 % of all pairs, full batch, Adam (lr 0.01),
weight decay 5e-5 added to the gradient, 10,000 epochs, snapshots at 0, 9900 and 10000. Lists (comma-separated, seeds
also as 1-5) in --group, --hidden, --weight-decay, --lr and --seeds make a sweep, one run each: on a GPU up to --batch
of one group and width at once, on CPUs in --workers processes, or on a Dask cluster (--executor dask --scheduler ..).
Other activations (--activation), --loss-function cross-entropy, --bias and --optimizer muon are trained by autograd.
A run's folder holds its snapshots (network files), metrics.npz and run.json; --resume continues what was interrupted.
`train status DIR` shows the runs of a folder, `train orders DIR` how orders distribute over weight decays (Figure 4).
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path
from typing import Any

from ..escaping import one_line
from . import arguments as types


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument(
        "what",
        nargs="?",
        choices=("status", "orders"),
        help="instead of training, of the runs in DIR, status: how far they are; orders: how often each order occurs",
    )
    parser.add_argument("folder", nargs="?", type=Path, metavar="DIR", help="folder of `train status`, `train orders`")
    parser.add_argument("--group", metavar="SPEC,..", help="groups: 23 or 23,2x3")
    parser.add_argument("--out", type=Path, metavar="DIR", help="folder of the runs")
    parser.add_argument("--preset", choices=("paper",), default="paper", help="what is not named here (default: paper)")
    parser.add_argument("--hidden", type=integers, metavar="Q,..", default=(512,), help="hidden nodes (default: 512)")
    parser.add_argument("--seeds", type=integers, metavar="S,..", default=(1,), help="1-5 or 1,7 (default: 1)")
    parser.add_argument("--epochs", type=types.positive, metavar="N", default=10000, help="updates (default: 10000)")
    parser.add_argument("--lr", type=floats, metavar="X,..", default=(0.01,), help="learning rate (default: 0.01)")
    parser.add_argument("--weight-decay", type=floats, metavar="X,..", default=(5e-5,), help="(default: 5e-5)")
    parser.add_argument(
        "--optimizer", choices=("adam", "adamw", "sgd", "muon"), default="adam", help="sgd: momentum 0.9; muon: 0.95"
    )
    parser.add_argument(
        "--activation",
        choices=("square", "relu", "relu2", "abs", "silu", "gelu"),
        default="square",
        help="of the hidden nodes; relu2: its square (default: square)",
    )
    parser.add_argument(
        "--loss-function", choices=("mse", "cross-entropy"), default="mse", help="what is minimised (default: mse)"
    )
    parser.add_argument("--bias", action="store_true", help="train a bias of every hidden node, from zero")
    parser.add_argument("--train-fraction", metavar="X", default="0.9", help="share of pairs trained on; 1: all")
    parser.add_argument(
        "--loss",
        choices=("full", "no-rstar", "first-two"),
        default="full",
        help="terms of Eq. 3 (others than full: over all pairs, in closed form only)",
    )
    parser.add_argument("--seeding", choices=("paper", "independent"), default="paper", help="weights and split")
    parser.add_argument("--snapshots", type=integers, metavar="N,..", help="default: 0, 100 before the end, the end")
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto", help="auto: a GPU if there is one")
    parser.add_argument(
        "--batch",
        type=types.positive,
        metavar="N",
        help="networks of one group and width that train together (default: 1 on a CPU, 32 on a GPU)",
    )
    parser.add_argument("--workers", type=types.positive, metavar="N", help="processes (default: one a core, or a GPU)")
    parser.add_argument("--executor", choices=("processes", "dask"), default="processes", help="where batches run")
    parser.add_argument("--scheduler", metavar="ADDRESS", help="of the Dask cluster: tcp://host:8786")
    parser.add_argument("--resume", action="store_true", help="continue the sweep in --out")
    parser.add_argument("--json", action="store_true", help="print JSON")


def integers(text: str) -> tuple[int, ...]:
    """``1-5`` or ``1,3,7-9`` as integers."""
    values: list[int] = []
    for part in text.split(","):
        ends = re.fullmatch(r"([0-9]{1,10})(?:-([0-9]{1,10}))?", part.strip())
        if ends is None or int(ends[2] or ends[1]) - int(ends[1]) not in range(100000):
            raise argparse.ArgumentTypeError(f"{text!r} is no list of integers: write for example 1-5 or 1,3,7")
        values += range(int(ends[1]), int(ends[2] or ends[1]) + 1)
    return tuple(values)


def floats(text: str) -> tuple[float, ...]:
    """``1e-5,5e-5`` as numbers."""
    try:
        return tuple(float(part) for part in text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no list of numbers: write for example 1e-5,5e-5") from None


def run(arguments: argparse.Namespace) -> int:
    """Train and print a line for each run."""
    from ..errors import InputError
    from ..terminal.runs import print_runs
    from ..training.run_index import run_records

    if arguments.what is not None:
        if arguments.folder is None:
            raise InputError(f"train {arguments.what} needs a folder: train {arguments.what} DIR")
        if arguments.what == "status":
            _print(arguments, run_records(arguments.folder), print_runs)
        else:
            from ..terminal.orders import print_orders
            from ..training.order_distributions import order_distributions

            _print(arguments, order_distributions(arguments.folder), print_orders)
        return 0
    for name in ("group", "out"):
        if getattr(arguments, name) is None:
            raise InputError(f"--{name} is missing: train --group 23 --seeds 1-5 --out runs/d23")
    from ..api.training import train
    from ..terminal.progress import runs_progress

    with runs_progress(arguments.epochs) as report:
        runs = train(
            arguments.group.split(","),
            **asked(arguments),
            out=arguments.out,
            resume=arguments.resume,
            device=arguments.device,
            batch=arguments.batch,
            workers=arguments.workers,
            scheduler=_scheduler(arguments),
            callback=report,
        )
    _print(arguments, runs.to_dict(), print_runs)
    if failed := [run for run in runs if run.status == "failed"]:
        first = f"{failed[0].name}: {one_line(failed[0].error)}"
        print(f"cogo_search: {len(failed)} of {len(runs)} runs failed; {first}", file=sys.stderr)
        return 2
    return 0


def asked(arguments: argparse.Namespace) -> dict[str, Any]:
    """What is trained, as :func:`cogo_search.train` takes it."""
    names = ("hidden", "seeds", "epochs", "lr", "weight_decay", "optimizer", "activation", "loss_function", "bias")
    more = ("train_fraction", "loss", "seeding", "snapshots")
    return {name: getattr(arguments, name) for name in (*names, *more)}


def _scheduler(arguments: argparse.Namespace) -> str | None:
    """The address of the cluster, which goes with --executor dask alone."""
    from ..errors import InputError

    address: str | None = arguments.scheduler
    if arguments.executor == "dask" and address is None:
        raise InputError("--executor dask needs --scheduler: the address that dask scheduler prints, tcp://host:8786")
    if arguments.executor != "dask" and address is not None:
        raise InputError(f"--scheduler {address} is for a Dask cluster: add --executor dask")
    return address


def _print(arguments: argparse.Namespace, records: list[dict[str, Any]], table: Any) -> None:
    if arguments.json:
        print(json.dumps(records, indent=1))
    else:
        table(records)
