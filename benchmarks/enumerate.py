"""Time and memory of whole enumerations, as ratios to importing what they need.

    python benchmarks/enumerate.py

Each search runs as a process of its own; the baseline is a process that only imports numpy, HiGHS and
CP-SAT, so that the ratio says how much of the time is search.
"""

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

BASELINE = "import numpy, scipy.optimize, jsonschema, ortools.sat.python.cp_model"
SEARCHES = [
    ["--roots", "3,4"],
    ["--roots", "12"],
    ["--roots", "24", "--model", "free"],
    ["--roots", "24", "--model", "product"],
]


def measure(command: list[str]) -> tuple[float, float]:
    """Wall seconds, and the largest resident set of any child so far in MiB."""
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def main() -> None:
    """Print one line for each search."""
    baseline = min(measure([sys.executable, "-c", BASELINE])[0] for _ in range(3))
    print(f"{'imports only':40} {baseline:6.2f} s")
    with tempfile.TemporaryDirectory() as folder:
        for arguments in SEARCHES:
            out = ["--out", str(Path(folder) / "catalog.json")]
            seconds, peak = measure([sys.executable, "-m", "cogo_search", "enumerate", *arguments, *out])
            name = " ".join(arguments)
            print(f"{name:40} {seconds:6.2f} s  {seconds / baseline:6.1f} x imports  peak so far {peak:5.0f} MiB")


if __name__ == "__main__":
    main()
