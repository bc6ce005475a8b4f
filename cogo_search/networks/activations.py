r"""The activations of networks that people train, and what the theory of squares can say of each.

Split act(u) = odd + even. Where the odd part is a multiple of u (ReLU, |x|, SiLU, GELU: u/2, 0, u/2, u/2 exactly), it
adds a function of x1 and one of x2 to the outputs, and only the even part combines the two: where that is near
c0 + c2 u^2 on the values that occur, the network is a quadratic one in disguise.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError, choose

Function = Callable[[NDArray[np.float64]], NDArray[np.float64]]


@dataclass(frozen=True)
class Activation:
    """An activation by name: formula, function on arrays, and the slope of its odd part, None if that is not linear."""

    name: str
    formula: str
    function: Function
    slope: float | None

    def __call__(self, u: NDArray[np.float64]) -> NDArray[np.float64]:
        """act(u), elementwise."""
        return self.function(u)


def _silu(u: NDArray[np.float64]) -> NDArray[np.float64]:
    from scipy.special import expit

    return np.asarray(u * expit(u))


def _gelu(u: NDArray[np.float64]) -> NDArray[np.float64]:
    from scipy.special import ndtr

    return np.asarray(u * ndtr(u))


#: The identity of what is quadratic: the theory of this package.
SQUARE = "square"
#: Every activation that is recognised, by name, the simpler ones first.
ACTIVATIONS = {
    activation.name: activation
    for activation in (
        Activation(SQUARE, "x^2", np.square, 0.0),
        Activation("relu", "max(x, 0)", lambda u: np.maximum(u, 0.0), 0.5),
        Activation("abs", "|x|", np.abs, 0.0),
        Activation("relu2", "max(x, 0)^2", lambda u: np.square(np.maximum(u, 0.0)), None),
        Activation("cube", "x^3", lambda u: u**3, None),
        Activation("gelu", "x Phi(x)", _gelu, 0.5),
        Activation("silu", "x / (1 + exp(-x))", _silu, 0.5),
    )
}


def find_activation(name: str) -> Activation:
    """The activation called ``name``. Raises InputError for an unknown one.

    >>> find_activation("relu2").formula
    'max(x, 0)^2'
    """
    if name not in ACTIVATIONS:
        raise InputError(f"activation={name!r} is unknown: {choose(name, tuple(ACTIVATIONS))}")
    return ACTIVATIONS[name]
