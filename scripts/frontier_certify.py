"""Newton's method from rounded and noisy copies of every network of catalog/frontier.json.

python scripts/frontier_certify.py (ten minutes; its counts are in docs/frontier.md)

Each copy is solved in 384 bits and in 1216. *moved* is the largest difference of a weight between the two: where a zero
was only nearly there, it would show.
"""

import json
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np

from cogo_search.catalog.network_records import numbers, scientific
from cogo_search.frontier.newton import Solution, solve
from cogo_search.networks.network import TENSORS, Network, Setting

CATALOG = Path(__file__).resolve().parent.parent / "catalog" / "frontier.json"
BITS = (120, 1152)


def main() -> None:
    """One line for each copy, then the counts."""
    counts: Counter[tuple[str, str]] = Counter()
    farthest = Fraction(0)
    for record in json.loads(CATALOG.read_text())["networks"]:
        network, setting = numbers(record), Setting(record["trivial"], record["target"])
        for name, copy in copies(network):
            less, more = (solve(copy, setting, bits) for bits in BITS)
            how = "failed"
            if less.converged and more.converged:
                how = f"nudged by {more.nudge:.0e}" if more.nudge else "deflated" if more.kernel else "plain"
                farthest = max(farthest, moved(less, more))
            counts[name, how] += 1
            print(
                f"{record['id']} {name}: {how}, rank {more.rank} of {more.equations.count}, moved "
                f"{scientific(moved(less, more))} with more digits, {more.shift:.1e} from the copy",
                flush=True,
            )
    for (name, how), count in sorted(counts.items()):
        print(f"{name} {how}: {count}")
    print(f"moved at most {scientific(farthest)}")


def copies(network: Network) -> Iterator[tuple[str, Network]]:
    """The network in float64, float32 and float16, and with noise of 1e-5."""
    weights = [getattr(network, name) for name in TENSORS]
    for precision in ("float64", "float32", "float16"):
        yield precision, Network(network.group, *(w.astype(precision).astype(float) for w in weights))
    rng = np.random.default_rng(0)
    yield "noise 1e-5", Network(network.group, *(w + 1e-5 * rng.standard_normal(w.shape) for w in weights))


def moved(less: Solution, more: Solution) -> Fraction:
    """The largest difference of a weight."""
    pairs = zip(less.weights.ravel(), more.weights.ravel(), strict=True)
    return max(abs(Fraction(int(x), 1 << less.bits) - Fraction(int(y), 1 << more.bits)) for x, y in pairs)


if __name__ == "__main__":
    main()
