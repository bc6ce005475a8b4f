"""Theorem 6, the zero-loss path from y * z' to z', sampled at 201 points: python scripts/theorem_6.py."""

import numpy as np

from cogo_search.groups.abelian import Group
from cogo_search.networks.network import DEFAULT, spectrum
from cogo_search.networks.semiring import common_modulus_unit, random_unit
from cogo_search.recipes.compose import build
from cogo_search.theory.occam import zero_loss_path

CASES = [
    (spec, recipe, order)
    for spec in ("5", "7", "2x3", "8", "2x4")
    for recipe, order in (("f6", 2), ("f6", 4), ("f4/6", 3))
]


def main() -> None:
    print("y(t) * z' from t = 1 (y * z') to t = 0 (z'); f6 with any unit y, f4/6 with y of common modulus")
    print(f"{'group':>6} {'base':>5} {'order':>9} {'stages':>6} {'max loss':>9} {'|z|^2':>8} {'peak':>8} {'base':>8}")
    rng = np.random.default_rng(6)
    for spec, recipe, order in CASES:
        group = Group.parse(spec)
        base = spectrum(build(recipe, group, DEFAULT).assemble())
        y = (random_unit if recipe == "f6" else common_modulus_unit)(group, order, rng)
        path = zero_loss_path(y, base, group)
        profile = path.sample(201)
        q = base.shape[2]
        norm = profile.squared_norm
        print(
            f"{spec:>6} {recipe:>5} {order * q:>4} > {q:>2} {len(path.stages):6} {profile.loss.max():9.1e} "
            f"{norm[-1]:8.2f} {norm.max():8.2f} {norm[0]:8.2f}"
        )


if __name__ == "__main__":
    main()
