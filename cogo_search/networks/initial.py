"""Initial weights, drawn with numpy alone: the published experiment's (to the last bit) and independent ones."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

SEEDINGS = ("paper", "independent")
#: Below this many entries torch draws normal numbers one pair at a time.
VECTORISED = 16


def initial_weights(order: int, hidden: int, seed: int, seeding: str) -> NDArray[np.float32]:
    """W_a, W_b, V stacked, shape (3, d, q).

    The paper's: ``torch.manual_seed(seed + 2)``, a discarded d x d embedding table, then three bias-free linear layers
    (q, d), (q, d), (d, q) with torch's initialisation, uniform in +-1/sqrt(d) and +-1/sqrt(q) (docs/theory.md, section
    11). torch's generator on the CPU is the Mersenne twister; a float32 takes 24 bits of one of its numbers and is
    scaled by a fused multiplication and addition. The independent ones have the same distributions and come from a
    child of ``SeedSequence(seed)``.
    """
    d, q = order, hidden
    bounds = (d**-0.5, d**-0.5, q**-0.5)
    if seeding == "independent":
        rng = np.random.default_rng(np.random.SeedSequence(seed).spawn(2)[1])
        scale = np.array(bounds)[:, None, None]
        return np.asarray(rng.uniform(-1, 1, size=(3, d, q)) * scale, dtype=np.float32)
    generator = np.random.RandomState(seed + 2)

    def numbers(count: int) -> NDArray[np.uint32]:
        return np.asarray(generator.randint(0, 2**32, size=count, dtype=np.uint32))

    table = d * d
    if table < VECTORISED:  # Box-Muller on two numbers of 53 bits
        numbers(4 * -(-table // 2))
    else:  # the last block, where it is not full, is drawn again as a whole
        numbers(table + (VECTORISED if table % VECTORISED else 0))
    layers = []
    for shape, bound in zip(((q, d), (q, d), (d, q)), bounds, strict=True):
        low, high = np.float32(-bound), np.float32(bound)
        units = (numbers(d * q) & 0xFFFFFF) * 2.0**-24
        # exact in double precision, then rounded once, as a fused multiplication and addition is
        layers.append((units * float(high - low) + float(low)).astype(np.float32).reshape(shape))
    return np.stack([layers[0].T, layers[1].T, layers[2]])
