"""Theorem 5, the dynamics of the potentials, at random weights: python scripts/theorem_5.py."""

import numpy as np

from cogo_search.groups.abelian import Group
from cogo_search.networks.network import Network, Setting
from cogo_search.theory.dynamics import check_theorem_5

CASES = [("5", Setting()), ("7", Setting()), ("2x3", Setting()), ("8", Setting())]
CASES += [("5", Setting("with")), ("2x3", Setting("with", "one-hot"))]


def main() -> None:
    print("dr/dt against -J J* conj(grad_r l), and <dr/dt, -conj(grad_r l)> = |grad_W l|^2; random weights, q = 8")
    print(f"{'group':>6} {'trivial':>8} {'target':>10} {'identity':>9} {'chain':>9} {'inner':>11} {'cosine':>7}")
    rng = np.random.default_rng(5)
    for spec, setting in CASES:
        group = Group.parse(spec)
        w = rng.normal(size=(3, group.order, 8))
        w -= w.mean(axis=1, keepdims=True) * (setting.trivial == "without")
        check = check_theorem_5(Network(group, *w), setting)
        print(
            f"{spec:>6} {setting.trivial:>8} {setting.target:>10} {check.identity:9.1e} {check.chain_rule:9.1e} "
            f"{check.inner:11.4e} {check.cosine:7.3f}"
        )


if __name__ == "__main__":
    main()
