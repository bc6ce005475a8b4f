r"""The one network object: constructed, trained or imported, it is the same from here on.

o[x1, x2] = sum_j v_j (alpha_j[x1] + beta_j[x2])^2 with plain outputs: P o = P onehot(x1 x2) at zero loss,
so V is the V of Eq. 1 divided by 2d. W_a, W_b and V have shape (d, q); nodes are columns.
Spectrum: z_a = fft(W_a)/d, z_b = fft(W_b)/d, z_c = 2d ifft(V), so that r_kkk = 1 at the optimum.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..display import table
from ..errors import InputError, choose
from ..groups.abelian import Group
from .activations import SQUARE, find_activation

if TYPE_CHECKING:
    from .evaluation import Evaluation
    from .loss import Score
    from .torch_module import QuadraticNetwork

FloatArray = NDArray[np.float64]
ComplexArray = NDArray[np.complex128]

#: Largest weight accepted: its sixth power, summed over nodes and inputs, is still finite.
MAX_WEIGHT = 1e45

#: The weights' names, in files and everywhere.
TENSORS = ("W_a", "W_b", "V")
TRIVIAL = ("without", "with")
TARGETS = ("zero-mean", "one-hot")


@dataclass(frozen=True)
class Setting:
    """Whether weights may contain the trivial character, and which target the outputs must meet.

    ``trivial``: without (the paper's Eq. 2) or with; ``target``: zero-mean (Eq. 1) or one-hot. Raises
    InputError for one-hot without the trivial character: every output would sum to zero over the group.
    """

    trivial: str = "without"
    target: str = "zero-mean"

    def __post_init__(self) -> None:
        if self.trivial not in TRIVIAL:
            raise InputError(f"trivial={self.trivial!r} is unknown: {choose(self.trivial, TRIVIAL)}")
        if self.target not in TARGETS:
            raise InputError(f"target={self.target!r} is unknown: {choose(self.target, TARGETS)}")
        if (self.trivial, self.target) == ("without", "one-hot"):
            raise InputError(
                "target=one-hot is impossible with trivial=without at any width: the outputs sum to 0 over the "
                "group, a one-hot vector to 1; allow --trivial with"
            )


#: The paper's setting: weights without the trivial character, zero-mean targets.
DEFAULT = Setting()


@dataclass(frozen=True, eq=False, repr=False)
class Network:
    """A 2-layer network on a group task, quadratic unless ``activation`` says otherwise; W_a, W_b, V float64 (d, q).

    ``precision`` is the type the weights were stored in, which bounds what is told apart from zero. Raises InputError
    if the shapes do not fit the group, a weight is not finite or so large that the loss would not be, or the
    activation is unknown (:mod:`.activations`).
    """

    group: Group
    W_a: FloatArray
    W_b: FloatArray
    V: FloatArray
    metadata: dict[str, str] = field(default_factory=dict)
    precision: str = "float64"
    activation: str = SQUARE

    def __post_init__(self) -> None:
        find_activation(self.activation)
        shapes = {name: getattr(self, name).shape for name in ("W_a", "W_b", "V")}
        q = self.W_a.shape[-1] if self.W_a.ndim == 2 else None
        if any(shape != (self.group.order, q) for shape in shapes.values()):
            raise InputError(
                f"weights have shapes {shapes}: each must be (d, q) with d = {self.group.order} for group "
                f"{self.group.name}"
            )
        if not all(np.isfinite(getattr(self, name)).all() for name in shapes):
            raise InputError("weights contain NaN or infinity: this network cannot be evaluated")
        sizes = [float(np.abs(getattr(self, name)).max(initial=0.0)) for name in shapes]
        if max(sizes) > MAX_WEIGHT:
            raise InputError(
                f"weights reach {max(sizes):.1e}: above {MAX_WEIGHT:.0e} the loss leaves float64, scale them down"
            )

    @property
    def width(self) -> int:
        """Number of hidden nodes q."""
        return int(self.W_a.shape[1])

    @cached_property
    def spectrum(self) -> ComplexArray:
        """z of shape (3, d, q): z_a, z_b, z_c over the dual group, z_c scaled so that r_kkk = 1 at the optimum."""
        g = self.group
        return np.stack([g.fft(self.W_a) / g.order, g.fft(self.W_b) / g.order, 2 * g.order * g.ifft(self.V)])

    @property
    def squared_norm(self) -> float:
        """The squared norm of z, the L2 cost that ``cost`` of a catalog entry is a part of."""
        return squared_norm(self.spectrum)

    def outputs(self) -> FloatArray:
        """o[x1, x2, x], shape (d, d, d)."""
        return np.asarray(self.hidden(self.W_a[:, None, :] + self.W_b[None, :, :]) @ self.V.T)

    def hidden(self, u: FloatArray) -> FloatArray:
        """The hidden nodes' values where they are given u = alpha(x1) + beta(x2), elementwise."""
        return find_activation(self.activation)(u)

    @property
    def is_quadratic(self) -> bool:
        """Whether the theory of squares (Theorem 1, the catalog) speaks of this network."""
        return self.activation == SQUARE

    def loss(self, target: str | None = None) -> float:
        """Mean squared error over all d^2 inputs against ``target`` zero-mean or one-hot (default: its own)."""
        return self._score(target).loss

    def accuracy(self) -> float:
        """The share of inputs whose largest output is right."""
        return self._score(None).accuracy

    def _score(self, target: str | None) -> Score:
        from .loss import direct

        return direct(self, Setting("with", target or self.metadata.get("target", "zero-mean")))

    def evaluate(self, *, trivial: str | None = None, target: str | None = None) -> Evaluation:
        """Loss two ways, accuracy, and frequency by frequency orders and residuals: :func:`.evaluation.evaluate`."""
        from .evaluation import evaluate

        return evaluate(self, trivial, target)

    def save(self, path: str | Path) -> None:
        """Write a network file; a file that is there is replaced once the new one is complete.

        .safetensors, .npz, or .pt: a torch state dict of W_a, W_b and V. Raises InputError for another suffix, a place
        that cannot be written to, and for .pt where PyTorch is not installed.
        """
        from ..storage import check_writable
        from .network_files import check_format, write_network

        path = Path(path)
        check_writable(check_format(path), "path", path.suffix)
        write_network(self, path)

    def to_torch(self) -> QuadraticNetwork:
        """A torch module with these weights in float64. Raises InputError where PyTorch is not installed."""
        from .torch_module import QuadraticNetwork

        return QuadraticNetwork.from_network(self)

    def to_dict(self) -> dict[str, Any]:
        """Group, width, origin, loss and accuracy; the weights are in :meth:`save`'s file."""
        score = self._score(None)
        known: dict[str, Any] = {} if self.is_quadratic else {"activation": self.activation}
        known |= {name: self.metadata[name] for name in ("trivial", "target", "origin") if name in self.metadata}
        return {"group": self.group.name, "width": self.width, **known, "loss": score.loss, "accuracy": score.accuracy}

    def __repr__(self) -> str:
        origin = self.metadata.get("origin", "")
        return f"{type(self).__name__}(group {self.group.name}, {self.width} hidden nodes{origin and f', {origin}'})"

    def _repr_html_(self) -> str:
        known = self.to_dict()
        return table(list(known), [list(known.values())])


def spectrum(network: Network) -> ComplexArray:
    """z of shape (3, d, q): z_a, z_b, z_c over the dual group."""
    return network.spectrum


def balanced(z: ComplexArray) -> ComplexArray:
    """z with every node moved along its gauge (t, t, t^-2) to its least squared norm, as weight decay would.

    Raises InputError for a node without input or output weights, which has none.
    """
    entering, leaving = np.sum(np.abs(z[:2]) ** 2, axis=(0, 1)), np.sum(np.abs(z[2]) ** 2, axis=0)
    if not (entering.all() and leaving.all()):
        raise InputError("a node without input or output weights cannot be balanced: drop it")
    t = (2 * leaving / entering) ** (1 / 6)  # d/dt (t^2 A + t^-4 C) = 0
    return z * np.stack([t, t, t**-2])[:, None, :]


def from_spectrum(group: Group, z: ComplexArray, metadata: dict[str, str] | None = None) -> Network:
    """The network with the given z, shape (3, d, q), which must be Hermitian: z_{p,-k,j} = conj(z_pkj).

    Raises InputError if it is not, beyond 1e-9 of its largest entry.
    """
    parts = [group.order * group.ifft(z[0]), group.order * group.ifft(z[1]), group.fft(z[2]) / (2 * group.order)]
    worst = max(float(np.abs(part.imag).max(initial=0.0)) for part in parts)
    largest = max(float(np.abs(part).max(initial=0.0)) for part in parts)
    if worst > 1e-9 * max(largest, 1e-300):
        raise InputError(f"z is not Hermitian (imaginary weights up to {worst:.1e}): set z at -k to the conjugate")
    w_a, w_b, v = (np.ascontiguousarray(part.real) for part in parts)
    return Network(group, w_a, w_b, v, metadata or {})


def squared_norm(z: ComplexArray) -> float:
    """The squared norm of the weights in z (3, d, q): the L2 cost that ``cost`` of a catalog entry is a part of."""
    return float(np.sum(np.abs(z) ** 2))
