"""Matching: factorization against the exhaustive search, and whole networks from file to report.

    python benchmarks/match.py [FOLDER OF RUNS]

Without a folder, networks are constructed: order 6 and 4 at all frequencies, noise 0.5 %, padded to q = 512 with zeros.
"""

import sys
import tempfile
import time
from itertools import permutations, product
from pathlib import Path

import numpy as np

from cogo_search.catalog.catalog import Catalog
from cogo_search.families.arrangements import factorize
from cogo_search.families.registry import find_family
from cogo_search.groups.abelian import Group
from cogo_search.matching.batch import Request, match_source
from cogo_search.matching.classify import TOLERANCE
from cogo_search.matching.match import Options
from cogo_search.matching.nearest_entry import libraries
from cogo_search.networks.network import Network, from_spectrum
from cogo_search.networks.network_files import write_network
from cogo_search.reading.sources import sources


def exhaustive(z):
    """All 720 permutations and 64 signs of order 6, batched: the least summed rank-one deviation."""
    every = np.array(list(permutations(range(6))))
    placed = z[:, every].reshape(3, -1, 2, 3)
    best = np.inf
    for sign in np.array(list(product((1, -1), repeat=6))).reshape(-1, 2, 3):
        total = 0.0
        for p in range(3):
            x = placed[p] * (sign if p < 2 else 1)
            gram = x @ x.conj().swapaxes(-1, -2)
            total = total + np.linalg.eigvalsh(gram)[:, 0]
        best = min(best, float(total.min()))
    return best


def constructed(d, rng):
    """A noisy network of members at every frequency of Z_d, q = 512."""
    group, half = Group.parse(str(d)), (d - 1) // 2
    blocks = [find_family("nu*syn" if rng.random() < 0.2 else "nu_i*xi").draw(rng) for _ in range(half)]
    z = np.zeros((3, d, sum(b.shape[1] for b in blocks)), dtype=complex)
    first = 0
    for k, block in enumerate(blocks, start=1):
        noisy = block / block.shape[1] ** (1 / 3) * (1 + 0.005 * rng.normal(size=block.shape))
        z[:, k, first : first + block.shape[1]] = noisy
        z[:, -k, first : first + block.shape[1]] = noisy.conj()
        first += block.shape[1]
    network = from_spectrum(group, z)
    pad = ((0, 0), (0, 512 - network.width))
    return Network(group, *(np.pad(part, pad) for part in (network.W_a, network.W_b, network.V)))


def main():
    """Print the measurements."""
    rng = np.random.default_rng(0)
    z = find_family("nu_i*syn_ab").draw(rng) + 0.01 * rng.normal(size=(3, 6))
    factorize(z)
    start = time.perf_counter()
    for _ in range(200):
        factorize(z)
    ours = (time.perf_counter() - start) / 200
    start = time.perf_counter()
    exhaustive(z)
    plain = time.perf_counter() - start
    print(f"factorization at order 6: {1e3 * ours:.2f} ms, exhaustive {1e3 * plain:.0f} ms, ratio {plain / ours:.0f}")
    options = Options(libraries(Catalog.read().solutions), TOLERANCE)
    with tempfile.TemporaryDirectory() as folder:
        if len(sys.argv) > 1:
            paths = [sys.argv[1]]
        else:
            paths = [f"{folder}/{d}-{i}.safetensors" for d in (23, 71, 127) for i in range(5)]
            for path in paths:
                write_network(constructed(int(Path(path).name.split("-")[0]), rng), Path(path))
        seconds: dict[str, list[float]] = {}
        for source in sources(paths):
            start = time.perf_counter()
            record = match_source(source, Request("own", options))[0].record
            seconds.setdefault(record["group"], []).append(time.perf_counter() - start)
    for group, spent in seconds.items():
        print(f"group {group}: {len(spent)} networks, {np.mean(spent):.2f} s each from file to record")


if __name__ == "__main__":
    main()
