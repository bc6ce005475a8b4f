r"""The paper's own matching rules (Appendix H and its published code), kept to reproduce Table 2.

A node belongs to argmax_k |z_ak| over k = 0..(d-1)/2 if that exceeds 0.05. Orders 4 and 6 are factorized into 2 x 2
and 2 x 3: of all permutations the one whose ratios c_first half / c_second half spread least, the first of equals;
a node of the second half takes pseudo-1 where a's ratio is more than 0.2 from the first. The error is the Frobenius
norm of the deviations of the 3 x (q/2) ratios from their means; "non-factorable" means more than 0.1 sqrt(3 q).
Factors are canonical (first node 1), their nodes normalised by (abc)^(1/3). Order 2 is compared entrywise within 0.1
with xi (c near +-i), 4c (c near 1, a near +-i), nu (a + b near 0), in this sequence; order 3, taken from the first
half, with nodes flipped to Re a <= 0 and conjugated to Im c >= 0, with syn (a distance below 10 % of its norm, 3), then
with syn_ab (c entrywise within 0.1). 4c with syn counts as syn_ab: these readings give the printed rows 23 and 127
to the last digit, others do not.

Where these rules fail is the reason for the rest of this package: ties in c leave the permutation to rounding, nu near
e^{i pi/4} passes for xi, 0.05 hides order 6 for d >= 667.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError
from ..networks.network import ComplexArray, Network, spectrum
from .spectrum import PAPER_SALIENT, paper_assignment

#: Entrywise tolerance of the comparisons, and factor of sqrt(3 q) in the error.
TOLERANCE = 0.1
#: Deviation of a's ratio from the first that asks for pseudo-1.
FLIP = 0.2


@dataclass(frozen=True)
class PaperMatch:
    """One frequency under the paper's rules: ``name`` a family, None for others, non-factorable or another order."""

    k: int
    nodes: tuple[int, ...]
    error: float | None
    factorable: bool | None
    name: str | None


@cache
def _permutations(q: int) -> NDArray[np.int64]:
    return np.array(list(permutations(range(q))), dtype=np.int64)


def paper_match(network: Network) -> list[PaperMatch]:
    """Every frequency 1..(d-1)/2 of a network on a cyclic group of odd order.

    Raises InputError for other groups: the rules are written for k = 0..(d-1)/2.
    """
    group = network.group
    if len(group.factors) > 1 or group.order % 2 == 0:
        raise InputError(f"--rules paper is defined for cyclic groups of odd order, not {group.name}: use --rules own")
    z, last = spectrum(network), (group.order - 1) // 2
    own, size = paper_assignment(z[0, : last + 1])
    found = []
    for k in range(1, last + 1):
        nodes = np.flatnonzero((own == k) & (size > PAPER_SALIENT))
        found.append(_match(k, nodes, z[:, k, nodes]))
    return found


def _match(k: int, nodes: NDArray[np.int64], z: ComplexArray) -> PaperMatch:
    listed = tuple(int(j) for j in nodes)
    q = len(listed)
    if q not in (4, 6):
        return PaperMatch(k, listed, None, None, None)
    ratios, first = _factorize(z)
    mean = ratios.mean(axis=1)
    error = float(np.linalg.norm(ratios - mean[:, None]))
    if error > TOLERANCE * np.sqrt(3 * q):
        return PaperMatch(k, listed, error, False, None)
    two = _two(_normalised(mean))
    other = [_normalised(node / first[:, 0]) for node in first.T[1:]]
    rest = _two(other[0]) if q == 4 else _three(other)
    return PaperMatch(k, listed, error, True, _name(two, rest))


def _factorize(z: ComplexArray) -> tuple[ComplexArray, ComplexArray]:
    """Ratios first/second half (3, q/2) of the chosen permutation with pseudo-1 applied, and the first half."""
    q = z.shape[1]
    every = _permutations(q)
    half = q // 2
    c = z[2, every[:, :half]] / z[2, every[:, half:]]
    spread = np.sum(np.abs(c - c.mean(axis=1, keepdims=True)) ** 2, axis=1)
    best = every[int(spread.argmin())]
    first, second = z[:, best[:half]], z[:, best[half:]].copy()
    ratio = first[0] / second[0]
    flip = np.where(np.abs(ratio - ratio[0]) > FLIP, -1, 1)
    second[:2] *= flip
    return first / second, first


def _normalised(node: ComplexArray) -> ComplexArray:
    """A node (3,) over the principal cube root of its product."""
    return np.asarray(node / np.prod(node) ** (1 / 3))


def _near(x: complex, y: complex) -> bool:
    return abs(x - y) < TOLERANCE


def _two(node: ComplexArray) -> str | None:
    a, b, c = node
    if _near(c, 1j) or _near(c, -1j):
        return "xi"
    if _near(c, 1) and (_near(a, 1j) or _near(a, -1j)):
        return "4c"
    return "nu" if _near(a, -b) else None


def _three(columns: list[ComplexArray]) -> str | None:
    flipped = np.array([[-a, -b, c] if a.real > 0 else [a, b, c] for a, b, c in columns])
    if flipped[0, 2].imag < 0:
        flipped = flipped.conj()
    target = np.exp(2j * np.pi / 3 * np.array([[1], [-1]]))
    if np.linalg.norm(flipped - target) < TOLERANCE * 3:
        return "syn"
    return "syn_ab" if np.all(np.abs(flipped[:, 2] - target[:, 0]) < TOLERANCE) else None


def _name(two: str | None, rest: str | None) -> str | None:
    if {two, rest} == {"4c", "xi"}:
        return "nu_i*xi"
    if two == "4c" and rest in ("syn", "syn_ab"):
        return "nu_i*syn_ab"
    return "nu*syn" if (two, rest) == ("nu", "syn") else None
