r"""Newton steps from the nodes of one frequency to the nearest zero of their conditions.

The conditions are those of the frequency's own nodes in Eq. 3, R_n aside, which nodes of other frequencies may cancel:
abc = 1 and R_c = R_* = 0, where 4k = 0 merged (aac + AAc = bbc + BBc = 0) and where 2k = 0 abc = 1 alone. They are
fewer than the unknowns, so every step is the least-norm solution of the linearised conditions (Gauss-Newton).
"""

from __future__ import annotations

import numpy as np

from ..networks.network import ComplexArray, FloatArray
from .spectrum import balance

STEPS = 20
#: Residual at which the conditions count as met.
CONVERGED = 1e-11
#: Entries above mean that the steps diverge.
DIVERGED = 1e3

_SEPARATE = ("Abc", "aBc", "ABc", "aac", "bbc", "AAc", "BBc")


def conditions(character_order: int) -> list[tuple[str, ...]]:
    """Sums of potentials that must vanish at a character of this order; abc = 1 comes besides.

    >>> conditions(4)
    [('Abc',), ('aBc',), ('ABc',), ('aac', 'AAc'), ('bbc', 'BBc')]
    """
    if character_order == 2:
        return []
    if character_order == 4:
        return [("Abc",), ("aBc",), ("ABc",), ("aac", "AAc"), ("bbc", "BBc")]
    return [(name,) for name in _SEPARATE]


def polish(z: ComplexArray, character_order: int) -> ComplexArray | None:
    """Balanced nodes (3, q) at the zero that Newton's method reaches from z (3, q), or None if it reaches none."""
    return newton(z, conditions(character_order))


def newton(z: ComplexArray, vanishing: list[tuple[str, ...]]) -> ComplexArray | None:
    """Balanced nodes (3, q) with abc = 1 and the given sums of potentials 0, or None if Newton's method finds none."""
    wanted = [("abc",), *vanishing]
    target = np.array([1.0] + [0.0] * len(vanishing), dtype=complex)
    near = z.copy()
    for _ in range(STEPS):
        value, jacobian = _linearised(near, wanted)
        rest = target - value
        if float(np.abs(rest).max()) < CONVERGED:
            return balance(near)
        step = np.linalg.pinv(jacobian, rcond=1e-8) @ np.concatenate([rest.real, rest.imag])
        half = len(step) // 2
        near = near + (step[:half] + 1j * step[half:]).reshape(near.shape)
        if not np.isfinite(near).all() or np.abs(near).max() > DIVERGED:
            return None
    return None


def _linearised(z: ComplexArray, wanted: list[tuple[str, ...]]) -> tuple[ComplexArray, FloatArray]:
    """Values (M,) and the real Jacobian (2M, 6q) with respect to the real, then the imaginary parts of z."""
    q = z.shape[1]
    values = np.zeros(len(wanted), dtype=complex)
    straight, conjugate = (np.zeros((len(wanted), 3, q), dtype=complex) for _ in range(2))
    for i, names in enumerate(wanted):
        for name in names:
            rows = ["abc".index(letter.lower()) for letter in name]
            parts = [z[p].conj() if letter.isupper() else z[p] for p, letter in zip(rows, name, strict=True)]
            values[i] += np.sum(parts[0] * parts[1] * parts[2])
            for place in range(3):
                others = np.prod([parts[j] for j in range(3) if j != place], axis=0)
                side = conjugate if name[place].isupper() else straight
                side[i, rows[place]] += others
    by_real = (straight + conjugate).reshape(len(wanted), -1)
    by_imaginary = (1j * (straight - conjugate)).reshape(len(wanted), -1)
    jacobian = np.concatenate([by_real, by_imaginary], axis=1)
    return values, np.concatenate([jacobian.real, jacobian.imag])
