r"""The loss, directly over all inputs and by Theorem 1 from z; and what it consists of.

zero-mean:  l = mean over (x1, x2) of || P (o - onehot(x1 x2)) ||^2,  P = I - 11^T/d   (Eq. 1)
one-hot:    the same without P.

Theorem 1, in the form that holds with and without the trivial character:

    l = d^-1 sum_k sum_{k1,k2} | C_{k1 k2 k}/2 - [k1 = k2 = k] |^2,
    C_{k1 k2 k} = 2 r_{k1 k2 k} + [k2 = 0] R_{a,k1,k} + [k1 = 0] R_{b,k2,k},

k over the nontrivial characters, for one-hot over all. R_{p,m,k} = sum_j s_pmj z_ckj, s_p the spectrum of
alpha^2 or beta^2 (the autoconvolution of z_p over the dual group, by FFT). One d x d slice per k is in
memory at a time, never the whole d^3 array.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ..errors import InputError
from .network import DEFAULT, ComplexArray, Network, Setting, spectrum


@dataclass(frozen=True)
class Score:
    """Loss and accuracy over all d^2 inputs. Accuracy is the share of inputs whose largest output is right."""

    loss: float
    accuracy: float


def direct(network: Network, setting: Setting = DEFAULT) -> Score:
    """The loss and accuracy over all d^2 inputs in float64, one x1 at a time: O(d^2 q d) work, O(d q) memory."""
    g = network.group
    d, everything = g.order, np.arange(g.order)
    total, right = 0.0, 0
    for x1 in range(d):
        residual = network.hidden(network.W_a[x1] + network.W_b) @ network.V.T
        target = g.add(x1, everything)
        right += int((residual.argmax(axis=1) == target).sum())
        residual[everything, target] -= 1
        if setting.target == "zero-mean":
            residual -= residual.mean(axis=1, keepdims=True)
        total += float(np.sum(residual**2))
    return Score(total / d**2, right / d**2)


def residual_slice(network: Network, z: ComplexArray, squares: ComplexArray, k: int) -> ComplexArray:
    """C_{k1 k2 k}/2 - [k1 = k2 = k] for one k, shape (d, d); ``squares`` is the spectrum of alpha^2, beta^2."""
    c = z[2, k]
    slice_k = (z[0] * c) @ z[1].T
    slice_k[:, 0] += (squares[0] @ c) / 2
    slice_k[0, :] += (squares[1] @ c) / 2
    slice_k[k, k] -= 1
    return slice_k


def slices(network: Network, setting: Setting = DEFAULT) -> Iterator[tuple[int, int, ComplexArray]]:
    """(k, multiplicity, :func:`residual_slice`) for the k that the target asks for, one of each conjugate pair.

    Raises InputError for a network with another activation than x^2, of which Theorem 1 says nothing.
    """
    if not network.is_quadratic:
        raise InputError(
            f"activation={network.activation}: Theorem 1 is about quadratic networks: use match, or potentials"
        )
    g = network.group
    z = spectrum(network)
    squares = np.stack([g.fft(network.W_a**2), g.fft(network.W_b**2)]) / g.order
    multiplicity = dict(g.frequencies)
    if setting.target == "one-hot":
        multiplicity[0] = 1
    for k, times in sorted(multiplicity.items()):
        yield k, times, residual_slice(network, z, squares, k)


def by_theorem_1(network: Network, setting: Setting = DEFAULT) -> float:
    """The loss from z; each conjugate pair is computed once."""
    total = sum(times * float(np.sum(np.abs(part) ** 2)) for _, times, part in slices(network, setting))
    return total / network.group.order
