"""Theorem 7, the decoupling of J J* with the width at Gaussian weights: python scripts/theorem_7.py."""

import numpy as np

from cogo_search.groups.abelian import Group
from cogo_search.theory.dynamics import constant_coupling, coupling, gaussian, kernel, slope

WIDTHS = (64, 256, 1024, 4096)
SEEDS = 5


def main() -> None:
    print(f"off-diagonal of J J* over its diagonal (Eq. 83-85, r_k1k2k), median of {SEEDS} seeds; and between R_n")
    print("expected slopes: -0.5 for r_k1k2k; 0 for R_n, which the theorem's modified loss leaves out")
    print(f"{'d':>6} {'q':>6} {'rms':>8} {'largest':>8} {'operator':>9} {'R_n':>7}")
    for d in ("5", "7"):
        group = Group.parse(d)
        table = []
        for q in WIDTHS:
            z = [gaussian(group, q, np.random.default_rng(seed)) for seed in range(SEEDS)]
            found = [coupling(kernel(x, group)) for x in z]
            row = [float(np.median([getattr(c, name) for c in found])) for name in ("rms", "largest", "operator")]
            row.append(float(np.median([constant_coupling(x, group) for x in z])))
            table.append(row)
            print(f"{d:>6} {q:>6} {row[0]:8.4f} {row[1]:8.4f} {row[2]:9.4f} {row[3]:7.4f}")
        slopes = [slope(np.array(WIDTHS, dtype=float), column) for column in np.array(table).T]
        print(f"{d:>6} {'slope':>6} {slopes[0]:8.3f} {slopes[1]:8.3f} {slopes[2]:9.3f} {slopes[3]:7.3f}")


if __name__ == "__main__":
    main()
