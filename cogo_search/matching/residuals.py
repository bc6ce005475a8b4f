r"""What Theorem 1 asks of each frequency, and which nodes supply it.

For the character k the loss is d^-1 sum |C_{k1 k2 k}/2 - [k1 = k2 = k]|^2 (docs/theory.md, section 2), and C is a sum
over nodes:

    C_{k1 k2 k} = sum_j c_kj ( 2 a_k1j b_k2j + [k2 = 0] A_k1j + [k1 = 0] B_k2j ),

A_m the coefficients of alpha_j^2. The potentials of k alone stand at a few places (k1, k2); there the nodes of another
frequency may cancel what the nodes of k leave: the constants R_n at (0, 0), carried by perturbed c entries (Cor. 5), or
R_* at a multiple of k, by nodes that hold a constant too.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..algebra.potentials import EXPONENTS
from ..networks.evaluation import places
from ..networks.network import ComplexArray, Network
from .spectrum import Block, gauge_fixed

#: The place of the constants, where R_n stands (at 2k = 0 R_* stands there too).
CONSTANT = "aAc+bBc"
#: Share of what k's nodes leave that another frequency's nodes must cancel to be named.
CARRIES = 0.02


@dataclass(frozen=True)
class Residuals:
    """At one k: ``total`` what is left over all nodes, ``own`` over the nodes of k, ``carriers`` who cancels it.

    ``strength`` is C_kkk/2 over all nodes, 1 at the optimum.

    ``total`` and ``own`` map a place's name to |C/2 - [abc]|; ``carriers`` maps a place to the frequencies whose
    nodes cancel at least 2 % of what k's nodes leave there.
    """

    total: dict[str, float]
    own: dict[str, float]
    carriers: dict[str, tuple[int, ...]]
    strength: complex = 0.0

    def leaks(self) -> dict[str, float] | None:
        """Everything but C_kkk relative to its size, ``phase`` its distance from the right direction; None without."""
        size = abs(self.strength)
        if not size:
            return None
        rest = {place: value / size for place, value in self.total.items() if place != "abc-1"}
        return {"phase": float(abs(self.strength / size - 1)), **rest}


def residuals(network: Network, found: list[Block]) -> list[Residuals]:
    """One for each block."""
    group, z = network.group, gauge_fixed(network)
    x = group.order * np.stack([group.ifft(z[0]), group.ifft(z[1])]).real
    squares = np.stack([group.fft(part**2) / group.order for part in x])
    size = len(found) + 1
    slots = np.full(network.width, len(found))  # the last slot: nodes of no frequency
    for i, block in enumerate(found):
        slots[block.nodes] = i
    result = []
    for i, block in enumerate(found):
        k = block.k
        total, own, carriers, strength = {}, {}, {}, 0j
        for (k1, k2), name in places(group, k).items():
            part = 2 * z[0, k1] * z[1, k2] + (k2 == 0) * squares[0, k1] + (k1 == 0) * squares[1, k2]
            part = part * z[2, k] / 2
            wanted = 1.0 if "abc" in name.split("+") else 0.0
            label = "abc-1" if wanted else name
            strength = complex(part.sum()) if wanted else strength
            supplied = np.bincount(slots, part.real, size) + 1j * np.bincount(slots, part.imag, size)
            mine = supplied[i] - wanted
            total[label] = float(abs(part.sum() - wanted))
            own[label] = float(abs(mine))
            if own[label] > 0:
                along = -(supplied[:-1] * np.conj(mine)).real / abs(mine) ** 2
                carriers[label] = tuple(found[j].k for j in np.flatnonzero(along >= CARRIES) if j != i)
        result.append(Residuals(total, own, carriers, strength))
    return result


def own_potentials(block: Block) -> dict[str, float]:
    """|r| of the ten potentials over the block's own nodes (r_kkk = 1 at the optimum)."""
    return {name: abs(complex(potential(block.z, name))) for name in EXPONENTS}


def potential(z: ComplexArray, name: str) -> complex:
    """The potential of nodes z (3, q)."""
    a, b, c = z
    letters = {"a": a, "b": b, "c": c, "A": a.conj(), "B": b.conj()}
    return complex(np.sum(letters[name[0]] * letters[name[1]] * letters[name[2]]))
