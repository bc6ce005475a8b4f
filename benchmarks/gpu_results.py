"""What `benchmarks/gpu.sh OUT` measured, from the files of its steps: OUT/results.json and OUT/results.txt.

python benchmarks/gpu_results.py OUT [--device cuda]
"""

from __future__ import annotations

import argparse
import json
import platform
from collections import Counter
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import torch

from cogo_search.training.run_folder import read_metrics, status_of


def machine(device: str) -> dict[str, Any]:
    """What this ran on."""
    name = torch.cuda.get_device_name() if device == "cuda" else platform.machine()
    return {"device": name, "torch": torch.__version__, "cuda": torch.version.cuda, "python": platform.python_version()}


def steps(out: Path) -> dict[str, dict[str, int]]:
    """Exit status and whole seconds of every step (124: its time was over)."""
    rows = [line.split() for line in (out / "steps.txt").read_text().splitlines()]
    return {name: {"status": int(status), "seconds": int(seconds)} for name, status, seconds in rows}


def tests(out: Path) -> dict[str, Any]:
    """How many tests passed, failed and were skipped, and which failed."""
    if not (out / "tests.xml").exists():
        return {"missing": "no pytest here, or it did not end"}
    cases = list(ElementTree.parse(out / "tests.xml").iter("testcase"))
    kinds = Counter(next((c.tag for c in case if c.tag in ("failure", "error", "skipped")), "passed") for case in cases)
    failed = [case.get("name") for case in cases if case.find("failure") is not None or case.find("error") is not None]
    return {**kinds, "failed": failed}


def statuses(folder: Path) -> dict[str, int]:
    """How many runs of a sweep are done, running, diverged ..."""
    return dict(Counter(status_of(path)["status"] for path in sorted(folder.glob("*-s*")) if path.is_dir()))


def agreement(one: Path, other: Path) -> dict[str, Any]:
    """Of the runs that both folders finished: live nodes, and nodes of every frequency, at the end.

    Losses are not compared: late in training they jump between epochs by factors of ten, on any device.
    """
    same = total = runs = live = 0
    differing = []
    for folder in sorted(one.glob("*-s*")):
        if {status_of(folder)["status"], status_of(other / folder.name)["status"]} != {"done"}:
            continue
        mine, theirs = read_metrics(folder), read_metrics(other / folder.name)
        equal = mine["order"][-1] == theirs["order"][-1]
        same, total = same + int(equal.sum()), total + len(equal)
        runs, live = runs + 1, live + int(mine["live"][-1] == theirs["live"][-1])
        if not equal.all():
            orders = zip(mine["order"][-1][~equal].tolist(), theirs["order"][-1][~equal].tolist(), strict=True)
            differing.append({"run": folder.name, "orders": list(orders)})
    return {"runs": runs, "same_live": live, "frequencies": total, "same_order": same, "differing": differing}


def main() -> None:
    """Gather, write, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cuda")
    arguments = parser.parse_args()
    out: Path = arguments.out
    runs = out / "runs"
    speed = out / "speed.json"
    results = {
        "machine": machine(arguments.device),
        "steps": steps(out),
        "tests": tests(out),
        "speed": json.loads(speed.read_text()) if speed.exists() else None,
        "table2": statuses(runs / f"table2-{arguments.device}"),
        "table2_against_cpu": agreement(runs / f"table2-{arguments.device}", runs / "table2-reference"),
        "figures": statuses(runs / "figures"),
    }
    text = "\n".join(f"{key}: {json.dumps(value)}" for key, value in results.items()) + "\n"
    (out / "results.json").write_text(json.dumps(results, indent=1) + "\n")
    (out / "results.txt").write_text(text)
    print(text, end="")


if __name__ == "__main__":
    main()
