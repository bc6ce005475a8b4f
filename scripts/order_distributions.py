"""Orders of the solutions that gradient descent finds (Figure 4; with --hidden 256,512,1024,2048 also 9 to 12).

    python scripts/order_distributions.py [--hidden 512] [--runs runs/figures ...] [--untrained]

Trains, or goes on training, the networks of three moduli, five weight decays and five seeds, and writes
docs/order-distributions.json and .md. --untrained: only reads what is there, in one folder of runs or several, or in
files that `train orders DIR --json` wrote.
"""

import argparse
import json
from pathlib import Path
from typing import Any

from cogo_search.cli import main as command
from cogo_search.training.order_distributions import order_distributions

ROOT = Path(__file__).resolve().parent.parent
DECAYS = "1e-5,5e-5,1e-4,2e-4,5e-4"
HEAD = """# Orders of the solutions that gradient descent finds

Networks of the paper's Figures 4 and 9 to 12: Adam, learning rate 0.01, 10,000 epochs, 90 % of all pairs, five seeds.
Entries count the frequencies, (d - 1)/2 of each network, by their order, the nodes with |z_a| > 0.05 (the paper's rule)
at epoch 9900. A collapsed network has order 0 everywhere. Trained on a CPU, but for q = 2048 at d = 71 and 127, which
were on a GPU; other devices add in another order, and some frequencies of some networks then end with another order
([what was compared](../benchmarks/RESULTS-gpu.md)).

Regenerate with `python scripts/order_distributions.py --hidden HIDDEN`, or from runs that are there with
`python -m cogo_search train orders DIR`. The same as data: [order-distributions.json](order-distributions.json).

"""


def records_of(path: Path) -> list[dict[str, Any]]:
    """Of a folder of runs, or as `train orders DIR --json` printed them."""
    return json.loads(path.read_text()) if path.is_file() else order_distributions(path)


def main() -> None:
    """Train and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hidden", default="512")
    parser.add_argument("--runs", type=Path, nargs="+", default=[Path("runs/figures")])
    parser.add_argument("--untrained", action="store_true")
    arguments = parser.parse_args()
    docs = ROOT / "docs"
    if not arguments.untrained:
        lists = ["--group", "23,71,127", "--hidden", arguments.hidden, "--weight-decay", DECAYS, "--seeds", "1-5"]
        if code := command(["train", *lists, "--out", str(arguments.runs[0]), "--resume"]):
            raise SystemExit(code)
    records = [record for path in arguments.runs for record in records_of(path) if record["orders"]]
    records.sort(key=lambda record: (int(record["group"]), record["hidden"], record["weight_decay"]))
    orders = range(max(int(order) for record in records for order in record["orders"]) + 1)
    heads = ["group", "q", "weight decay", "networks", *(f"order {order}" for order in orders), "mean"]
    lines = ["| " + " | ".join(heads) + " |", "| --- " * len(heads) + "|"]
    for record in records:
        networks = ", ".join(f"{n} {status}" for status, n in sorted(record["runs"].items()))
        counts = [str(record["orders"].get(str(order), "")) for order in orders]
        cells = [record["group"], str(record["hidden"]), f"{record['weight_decay']:g}", networks, *counts]
        lines.append("| " + " | ".join([*cells, f"{record['mean_order']:.2f}"]) + " |")
    (docs / "order-distributions.json").write_text(json.dumps(records, indent=1) + "\n")
    (docs / "order-distributions.md").write_text(HEAD + "\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
