r"""Whole networks as a semi-ring (Definition 5, Theorems 2 and 3), units and Corollary 1, in floating point.

A weight is its spectrum z, complex of shape (3, d, q), Hermitian: z_{p,-k,j} = conj(z_pkj). Addition
concatenates nodes; multiplication is the Khatri-Rao product over all characters at once. Every monomial
potential is a ring homomorphism. The zero weights at the trivial character of ``trivial`` = without stay
zero under both operations.

**Corollary 1 has a condition.** The loss asks for sums of potentials to vanish. Where a network satisfies
Lemma 1, every potential vanishes by itself and any unit keeps the loss at zero. Where only the sums vanish
(``f4/6``, ``f4+const``, ``f4+real``), a unit has to multiply all terms of a sum by one factor. Units of *common
modulus* do: |a_kj| = |b_kj| = rho_j at every character k, and a_kj/rho_j, b_kj/rho_j in mu_4 where 4k = 0. An
order-1 unit of phases is one, unless characters of order 4 carry merged sums.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..errors import InputError
from ..groups.abelian import Group
from .network import DEFAULT, ComplexArray, FloatArray, Setting

#: Largest d for which all 3 d^3 potentials are formed.
MAX_POTENTIALS = 64
#: What counts as zero for a potential, and for the deviation of r_kkk from 1.
TOLERANCE = 1e-9


def active(group: Group, setting: Setting = DEFAULT) -> list[int]:
    """The characters that weights may contain: all, or all but the trivial one."""
    return list(range(group.order))[setting.trivial == "without" :]


def hermitian(group: Group, z: ComplexArray) -> ComplexArray:
    """z (3, d, q) with the entries at -k overwritten by conjugates of those at k <= -k, and real where 2k = 0."""
    k = np.arange(group.order)
    negative = group.multiple(-1, k)
    half = z[:, np.minimum(k, negative)]
    made = np.where((k <= negative)[None, :, None], half, half.conj())
    return np.where((k == negative)[None, :, None], made.real, made)


def check_shapes(*weights: ComplexArray) -> None:
    """InputError unless all are of shape (3, d, q) with one d."""
    shapes = [z.shape for z in weights]
    if any(len(shape) != 3 or shape[0] != 3 for shape in shapes) or len({shape[1:2] for shape in shapes}) > 1:
        raise InputError(f"spectra have shapes {shapes}: each must be (3, d, q) with one d")


def one(group: Group, setting: Setting = DEFAULT) -> ComplexArray:
    """The identity of the product: order 1, z_pk0 = 1 at every active character; shape (3, d, 1)."""
    z = np.zeros((3, group.order, 1), dtype=np.complex128)
    z[:, active(group, setting)] = 1
    return z


def ring_sum(x: ComplexArray, y: ComplexArray) -> ComplexArray:
    """x + y, shape (3, d, q_x + q_y): the nodes of both (Definition 5). InputError if d differs."""
    check_shapes(x, y)
    return np.concatenate([x, y], axis=2)


def ring_product(x: ComplexArray, y: ComplexArray) -> ComplexArray:
    """x * y, shape (3, d, q_x q_y): node i q_y + j is node i of x times node j of y (Definition 5).

    Raises InputError if d differs.
    """
    check_shapes(x, y)
    return (x[:, :, :, None] * y[:, :, None, :]).reshape(3, x.shape[1], x.shape[2] * y.shape[2])


@dataclass(frozen=True, eq=False)
class Potentials:
    """All monomial potentials of the loss (Theorem 1), or a covector over them.

    ``cross[k1, k2, k]`` = r_{k1 k2 k}, shape (d, d, d); ``own[p, k1, k2, k]`` = r_{p k1 k2 k}, p = 0 for a, 1
    for b, shape (2, d, d, d). (3 d^3 numbers; the paper's 4 d^3 before Theorem 5 counts one p too many.)
    """

    cross: ComplexArray
    own: ComplexArray

    @property
    def vector(self) -> ComplexArray:
        """All of them in one vector of length 3 d^3, ``cross`` first."""
        return np.concatenate([self.cross.ravel(), self.own.ravel()])


def potentials(z: ComplexArray) -> Potentials:
    """Every r_{k1 k2 k} and r_{p k1 k2 k} of z, shape (3, d, q). InputError for d above MAX_POTENTIALS."""
    check_shapes(z)
    d = z.shape[1]
    if d > MAX_POTENTIALS:
        raise InputError(f"d={d} has {3 * d**3} potentials: they are formed up to d = {MAX_POTENTIALS}")

    def contract(x: ComplexArray, y: ComplexArray) -> ComplexArray:
        pairs = (x[:, None, :] * y[None, :, :]).reshape(d * d, -1)
        return (pairs @ z[2].T).reshape(d, d, d)

    return Potentials(contract(z[0], z[1]), np.stack([contract(z[0], z[0]), contract(z[1], z[1])]))


def lemma_1_residual(z: ComplexArray, group: Group, setting: Setting = DEFAULT) -> float:
    """The largest deviation from Lemma 1: |r_kkk - 1| and every other potential by itself.

    Outputs at the trivial character (k = 0) count for one-hot targets only.
    """
    r = potentials(z)
    k = np.arange(group.order)
    cross = r.cross.copy()
    cross[k, k, k] -= 1
    wanted = slice(setting.target != "one-hot", None)
    return max(float(np.abs(cross[..., wanted]).max()), float(np.abs(r.own[..., wanted]).max()))


def unit_residual(y: ComplexArray, group: Group, setting: Setting = DEFAULT) -> float:
    """max |r_kkk(y) - 1| over the active characters (Definition 7; with the trivial character, r_000 too)."""
    check_shapes(y)
    diagonal = np.sum(np.prod(y, axis=0), axis=-1)
    return float(np.abs(diagonal[active(group, setting)] - 1).max())


def times_unit(y: ComplexArray, z: ComplexArray, group: Group, setting: Setting = DEFAULT) -> ComplexArray:
    """y * z for a unit y (Corollary 1; see the module for its condition). InputError if y is no unit."""
    if (worst := unit_residual(y, group, setting)) > TOLERANCE:
        raise InputError(f"y is no unit: r_kkk differs from 1 by up to {worst:.1e}; divide its c by r_kkk")
    return ring_product(y, z)


def phase_unit(
    group: Group, rng: np.random.Generator, setting: Setting = DEFAULT, quarter: bool = False
) -> ComplexArray:
    """An order-1 unit of random phases, shape (3, d, 1): signs where 2k = 0, 1 at the trivial character.

    ``quarter`` takes phases in mu_4 where 4k = 0, the only ones that keep merged sums there.
    """
    return common_modulus_unit(group, 1, rng, setting, quarter)


def random_unit(group: Group, order: int, rng: np.random.Generator, setting: Setting = DEFAULT) -> ComplexArray:
    """A unit with Gaussian a and b, and c = Gaussian/r_kkk redrawn while |r_kkk| < 0.3; shape (3, d, order)."""
    _check_order(order)
    for _ in range(10_000):
        y = rng.normal(size=(3, group.order, order)) + 1j * rng.normal(size=(3, group.order, order))
        y = hermitian(group, y) * one(group, setting)
        if np.abs(np.sum(np.prod(y, axis=0), axis=-1))[active(group, setting)].min() > 0.3:
            return _normalised(y, group, setting)
    raise InputError(f"order={order} on group {group.name}: no well-conditioned unit was drawn, name a smaller group")


def common_modulus_unit(
    group: Group, order: int, rng: np.random.Generator, setting: Setting = DEFAULT, quarter: bool = True
) -> ComplexArray:
    """A unit with |a_kj| = |b_kj| = rho_j at every character, random phases; shape (3, d, order).

    For order 1, rho = 1 and |c| = 1. With ``quarter`` phases of a and b are in mu_4 where 4k = 0.
    """
    _check_order(order)
    d = group.order
    phases = np.exp(2j * np.pi * rng.uniform(size=(2, d, order)))
    signs, quarters = rng.choice([-1, 1], (2, d, order)), 1j ** rng.integers(0, 4, (2, d, order))
    orders = group.character_orders[None, :, None]
    phases = np.where(orders == 2, signs, np.where((orders == 4) & quarter, quarters, phases))
    phases[:, 0] = 1
    share = rng.uniform(0.5, 1.5, (1, d, order)) + (0 if order == 1 else 0.5j * rng.normal(size=(1, d, order)))
    rho = np.ones(order) if order == 1 else rng.uniform(0.3, 1.0, order)
    y = np.concatenate([phases * rho, share * np.conj(phases[0] * phases[1])[None]])
    return _normalised(hermitian(group, y) * one(group, setting), group, setting)


def _check_order(order: int) -> None:
    if order < 1:
        raise InputError(f"order={order} is no order of a unit: it needs at least one node")


def _normalised(y: ComplexArray, group: Group, setting: Setting) -> ComplexArray:
    """Y with c divided by r_kkk at every active character."""
    diagonal = np.sum(np.prod(y, axis=0), axis=-1)
    diagonal[[k for k in range(group.order) if k not in active(group, setting)]] = 1
    return np.stack([y[0], y[1], y[2] / diagonal[:, None]])


def squared_norms(z: ComplexArray) -> FloatArray:
    """sum_j |z_pkj|^2 for every layer and character, shape (3, d). Of y * z it is the product of y's and z's."""
    return np.asarray(np.sum(np.abs(z) ** 2, axis=2))
