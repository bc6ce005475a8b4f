r"""Gradient flow on the weights, seen from the monomial potentials: Theorems 5 and 7, in closed form.

Theorem 5. With r the vector of all potentials, J = dr/dW and dW/dt = -grad_W l, the chain rule gives
dr/dt = -J J^* conj(grad_r l), whose inner product with -conj(grad_r l) is ||J^* conj(grad_r l)||^2 = ||grad_W l||^2.
It is positive away from critical points of the loss in W (not "positive": there it is 0). As functions of r,
conj(r_kappa) is r_{-kappa}, an independent variable. J is formed in z: dz/dW (dz/dW)^* is diagonal, 1/d for a
and b and 4d for c (Eq. 82 leaves these factors out), and 0 at the trivial character where weights lack it.

Theorem 7 concerns the r_{k1 k2 k} alone, under the loss of its statement. Off-diagonal entries of J J^* do not go
to 0 with the width; their ratio to the diagonal does, as q^(-1/2). For the full loss J J^* does **not** become
diagonal at any width: r_{a,k',-k',k} and r_{a,k'',-k'',k} share sum_j |a_k'|^2 |a_k''|^2, see
:func:`constant_coupling`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..algebra.cyclotomic import IntArray
from ..errors import InputError
from ..groups.abelian import Group
from ..networks.network import DEFAULT, ComplexArray, FloatArray, Network, Setting, spectrum
from ..networks.semiring import Potentials, active, potentials

#: Largest number of entries of a Jacobian or kernel that is formed.
MAX_ENTRIES = 30_000_000


def gradient(network: Network, setting: Setting = DEFAULT) -> FloatArray:
    """d l / d (W_a, W_b, V) from the outputs over all d^2 inputs, shape (3, d, q).

    With ``trivial`` = without it is projected on weights of mean 0, where gradient flow then stays.
    """
    g = network.group
    d, everything = g.order, np.arange(g.order)
    made = np.zeros((3, d, network.width))
    for x1 in range(d):
        h = network.W_a[x1] + network.W_b
        residual = h**2 @ network.V.T
        residual[everything, g.add(x1, everything)] -= 1
        if setting.target == "zero-mean":
            residual -= residual.mean(axis=1, keepdims=True)
        residual *= 2 / d**2
        inner = 2 * h * (residual @ network.V)
        made[0, x1] = inner.sum(axis=0)
        made[1] += inner
        made[2] += residual.T @ h**2
    return made - made.mean(axis=1, keepdims=True) if setting.trivial == "without" else made


def _sums(group: Group) -> IntArray:
    """Index of k1 + k2 at [k1, k2]."""
    k = np.arange(group.order)
    return group.add(k[:, None], k[None, :])


def residuals(r: Potentials, group: Group, setting: Setting = DEFAULT) -> ComplexArray:
    """E[k1, k2, k] = C_{k1 k2 k}/2 - [k1 = k2 = k] from the potentials, 0 where the target leaves k free.

    The loss is sum |E|^2 / d (Theorem 1, the form that holds with the trivial character). Shape (d, d, d).
    """
    d, k = group.order, np.arange(group.order)
    made = r.cross.copy()
    half_sums = np.zeros((2, d, d), dtype=np.complex128)
    for p in (0, 1):
        np.add.at(half_sums[p], _sums(group), r.own[p] / 2)
    made[:, 0] += half_sums[0]
    made[0, :] += half_sums[1]
    made[k, k, k] -= 1
    if setting.target == "zero-mean":
        made[..., 0] = 0
    return made


def potential_gradient(r: Potentials, group: Group, setting: Setting = DEFAULT) -> Potentials:
    """grad_r l, with conj(r_kappa) = r_{-kappa} taken as independent of r_kappa (Theorem 5, Eq. 81)."""
    e = residuals(r, group, setting).conj() / group.order
    total = _sums(group)
    return Potentials(2 * e, np.stack([e[total, 0], e[0, total]]))


def jacobian(z: ComplexArray) -> ComplexArray:
    """dr/dz, shape (3 d^3, 3 d q): potentials in the order of :attr:`.Potentials.vector`, z raveled from (3, d, q).

    Raises InputError above MAX_ENTRIES entries.
    """
    _, d, q = z.shape
    if 9 * d**4 * q > MAX_ENTRIES:
        raise InputError(f"d={d}, q={q}: the Jacobian has {9 * d**4 * q} entries, at most {MAX_ENTRIES} are formed")
    made = np.zeros((3, d, d, d, 3, d, q), dtype=np.complex128)
    i = np.arange(d)
    for row, (first, second) in enumerate([(0, 1), (0, 0), (1, 1)]):
        # r[k1, k2, k] = sum_j x_{k1 j} y_{k2 j} c_{k j}; axis 0 on the right is the index i of the derivative
        x, y, c = z[first], z[second], z[2]
        made[row, i, :, :, first, i, :] += y[None, :, None] * c[None, None]
        made[row, :, i, :, second, i, :] += x[None, :, None] * c[None, None]
        made[row, :, :, i, 2, i, :] += x[None, :, None] * y[None, None]
    return made.reshape(3 * d**3, 3 * d * q)


def metric(group: Group, width: int, setting: Setting = DEFAULT) -> FloatArray:
    """The diagonal of dz/dW (dz/dW)^*, shape (3 d q,): 1/d, 1/d, 4d, and 0 at characters weights may not contain."""
    d = group.order
    made = np.zeros((3, d, width))
    made[:, active(group, setting)] = np.array([1 / d, 1 / d, 4 * d])[:, None, None]
    return made.ravel()


@dataclass(frozen=True)
class FlowCheck:
    """Theorem 5 at one network.

    ``identity``: relative error of -J J^* conj(grad_r l) against dr/dt measured along the weights' own gradient;
    ``chain_rule``: of (dz/dW) grad_W l, from outputs, against the metric times J^* conj(grad_r l);
    ``inner``: <dr/dt, -conj(grad_r l)>; ``squared_gradient``: ||grad_W l||^2, equal to it; ``cosine``: of that angle.
    """

    identity: float
    chain_rule: float
    inner: float
    squared_gradient: float
    cosine: float


def check_theorem_5(network: Network, setting: Setting = DEFAULT) -> FlowCheck:
    """Both sides of Eq. 72 and 73 at the given weights.

    The left side takes the gradient from the outputs and differentiates r(W - t grad) at t = 0 by a central
    difference that is exact for cubics, which r is in t. Raises InputError at a critical point (gradient 0),
    or where J is too large.
    """
    g = network.group
    z, step = spectrum(network), gradient(network, setting)
    squared = float(np.sum(step**2))
    if squared < 1e-24:
        raise InputError("the gradient of the loss vanishes at this network: Theorem 5 says 0 = 0, name other weights")
    dz = -spectrum(Network(g, *step))
    h = float(np.linalg.norm(z) / np.linalg.norm(dz)) / 2
    near, far = (potentials(z + s * dz).vector - potentials(z - s * dz).vector for s in (h, 2 * h))
    measured = (8 * near - far) / (12 * h)

    wanted = -potential_gradient(potentials(z), g, setting).vector.conj()
    j = jacobian(z)
    flow = metric(g, network.width, setting) * (j.conj().T @ wanted)
    predicted = j @ flow
    inner = float(np.vdot(wanted, predicted).real)
    return FlowCheck(
        identity=_relative(measured, predicted),
        chain_rule=_relative(dz.ravel(), flow),
        inner=inner,
        squared_gradient=squared,
        cosine=inner / float(np.linalg.norm(wanted) * np.linalg.norm(predicted)),
    )


def _relative(x: ComplexArray, y: ComplexArray) -> float:
    return float(np.linalg.norm(x - y)) / max(float(np.linalg.norm(x)), 1e-300)


def gaussian(group: Group, width: int, rng: np.random.Generator, setting: Setting = DEFAULT) -> ComplexArray:
    """z of i.i.d. real Gaussian weights, E|z_pkj|^2 = 1 at every active character, shape (3, d, q)."""
    d = group.order
    w = rng.normal(size=(3, d, width)) / np.sqrt(d)
    z = np.stack([group.fft(w[0]), group.fft(w[1]), d * group.ifft(w[2])])
    z[:, [k for k in range(d) if k not in active(group, setting)]] = 0
    return z


def kernel(z: ComplexArray, group: Group, setting: Setting = DEFAULT) -> ComplexArray:
    """H = J J^* on the r_{k1 k2 k}, by Eq. 83-85, shape (n^3, n^3) for n active characters.

    Raises InputError above MAX_ENTRIES entries.
    """
    a, b, c = z[:, active(group, setting)]
    n = len(a)
    if n**6 > MAX_ENTRIES:
        raise InputError(f"d={group.order}: the kernel has {n**6} entries, at most {MAX_ENTRIES} are formed")

    def pairs(x: ComplexArray, y: ComplexArray) -> ComplexArray:
        both = (x[:, None] * y[None]).reshape(n * n, -1)
        return (both @ both.conj().T).reshape(n, n, n, n)

    made = np.zeros((n,) * 6, dtype=np.complex128)
    i = np.arange(n)
    made[i, :, :, i, :, :] += pairs(b, c)
    made[:, i, :, :, i, :] += pairs(a, c)
    made[:, :, i, :, :, i] += pairs(a, b)
    return made.reshape(n**3, n**3)


@dataclass(frozen=True)
class Coupling:
    """Off-diagonal entries of a kernel over its mean diagonal.

    ``rms`` over the entries that Eq. 83-85 do not make 0, ``largest`` of them, and ``operator``: the spectral norm
    of the whole off-diagonal part, which is what has to be small for the flow to decouple.
    """

    rms: float
    largest: float
    operator: float


def coupling(h: ComplexArray) -> Coupling:
    """The three ratios for a Hermitian kernel, shape (N, N)."""
    diagonal = float(np.mean(np.diag(h).real))
    rest = (h - np.diag(np.diag(h))) / diagonal
    size = np.abs(rest)
    shared = size[size > 0]
    return Coupling(
        float(np.sqrt(np.mean(shared**2))), float(shared.max()), float(np.abs(np.linalg.eigvalsh(rest)).max())
    )


def constant_coupling(z: ComplexArray, group: Group) -> float:
    """Mean over k'' != +-k' and k of the normalised entry of J J^* between r_{a,k',-k',k} and r_{a,k'',-k'',k}.

    It stays at about 1/4 for every width: entry q E|a|^2 E|a|^2, diagonal 2 q E|a|^2 E|c|^2 + q E|a|^4. Raises
    InputError for groups with fewer than two conjugate pairs.
    """
    pairs = [k for k, _ in group.conjugate_pairs]
    if len(pairs) < 2:
        raise InputError(f"group {group.name} has {len(pairs)} conjugate pairs: two are needed")
    a, c = np.abs(z[0, pairs]) ** 2, np.abs(z[2, 1:]) ** 2
    entry = a @ a.T
    diagonal = 2 * a @ c.T + np.diag(entry)[:, None]  # [k', k]
    ratios = entry[:, :, None] / np.sqrt(diagonal[:, None, :] * diagonal[None, :, :])
    return float(ratios[~np.eye(len(pairs), dtype=bool)].mean())


def slope(x: FloatArray, y: FloatArray) -> float:
    """The least-squares exponent of y ~ x^slope, both of shape (n,)."""
    return float(np.polyfit(np.log(x), np.log(y), 1)[0])
