"""What a network file holds: losses two ways, accuracy, and frequency by frequency orders and residuals."""

from __future__ import annotations

import copy
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from ..algebra.potentials import EXPONENTS
from ..display import table
from ..errors import InputError
from ..groups.abelian import Group
from .loss import direct, slices
from .network import TRIVIAL, ComplexArray, Network, Setting, spectrum, squared_norm

#: A node counts at a frequency where |z_a| or |z_b| reaches this share of the largest entry, in float64 files.
SALIENT = 1e-6


def setting_of(
    network: Network, trivial: str | None = None, target: str | None = None, within: float = 1e-9
) -> Setting:
    """The setting named, else the network's own, else what its weights hold and zero-mean targets.

    Raises InputError for an unknown or impossible setting, and where weights of trivial=without hold the trivial
    character, in more than the share ``within`` of their largest entry of z.
    """
    z = spectrum(network)
    shares = [float(np.abs(part[0]).max(initial=0.0) / max(np.abs(part).max(initial=0.0), 1e-300)) for part in z]
    rounding = 4 * float(np.finfo(network.precision).eps)
    held = max(shares) > max(1e-9, rounding)
    trivial = trivial or network.metadata.get("trivial") or ("with" if held else "without")
    setting = Setting(trivial, target or network.metadata.get("target") or "zero-mean")
    if max(shares) > max(within, rounding) and setting.trivial == TRIVIAL[0]:
        raise InputError(
            f"trivial=without, but the weights hold the trivial character ({max(shares):.1e} of the largest entry of "
            "z): take --trivial with"
        )
    return setting


@dataclass(frozen=True)
class Evaluation:
    """What a network is worth and made of; ``frequencies`` are rows as documented at :func:`evaluate`.

    ``loss`` is summed over all inputs, ``loss_by_theorem_1`` over frequencies: they agree up to rounding.
    """

    group: str
    width: int
    trivial: str
    target: str
    origin: str
    loss: float
    loss_by_theorem_1: float
    accuracy: float
    squared_norm: float
    frequencies: tuple[dict[str, Any], ...]

    def to_dict(self) -> dict[str, Any]:
        """What `evaluate --json` prints."""
        return {**asdict(self), "frequencies": [copy.deepcopy(row) for row in self.frequencies]}

    def __repr__(self) -> str:
        size = f"group {self.group}, width {self.width}, {self.trivial} trivial character, {self.target}"
        return f"Evaluation({size}: loss {self.loss:.3e}, accuracy {self.accuracy:.2%})"

    def _repr_html_(self) -> str:
        rows = [(row["k"], row["order"], row["loss"], max(row["residuals"].values())) for row in self.frequencies]
        return table(("k", "order", "loss", "largest residual"), rows, repr(self))


def evaluate(network: Network, trivial: str | None = None, target: str | None = None) -> Evaluation:
    """Loss (direct, Theorem 1), accuracy, squared norm, and for each frequency its loss, order and residuals.

    ``trivial`` and ``target`` default to the file's own; without any, ``trivial`` is read off the weights and
    ``target`` is zero-mean. ``residuals`` are the sizes of C_{k1 k2 k}/2 - [k1 = k2 = k] of Theorem 1 where the
    potentials of k alone stand (where 4k = 0 or 2k = 0 several share one place and are named together), ``constant``
    is the one at k1 = k2 = 0, ``other frequencies`` the norm of all the rest. Raises InputError for an unknown or
    impossible setting, and where weights of trivial=without hold the trivial character.
    """
    setting = setting_of(network, trivial, target)
    z = spectrum(network)
    g, precision = network.group, float(np.finfo(network.precision).eps)
    largest = [float(np.abs(part).max(initial=0.0)) for part in z]
    salient = max(SALIENT, 4 * precision) * max(*largest[:2], 1e-300)
    frequencies, total = [], 0.0
    for k, times, residual in slices(network, setting):
        loss = times * float(np.sum(np.abs(residual) ** 2)) / g.order
        total += loss
        frequencies.append({"k": g.frequency_name(k), "loss": loss} | _frequency(g, z, k, salient, residual))
    score = direct(network, setting)
    return Evaluation(
        group=g.name,
        width=network.width,
        trivial=setting.trivial,
        target=setting.target,
        origin=network.metadata.get("origin", "unknown"),
        loss=score.loss,
        loss_by_theorem_1=total,
        accuracy=score.accuracy,
        squared_norm=squared_norm(z),
        frequencies=tuple(frequencies),
    )


def places(group: Group, k: int) -> dict[tuple[int, int], str]:
    """The (k1, k2) where the potentials of k alone stand in C_{k1 k2 k}, and the names of those that meet there.

    >>> list(places(Group.parse("7"), 1).values())
    ['abc', 'Abc', 'aBc', 'ABc', 'aAc+bBc', 'aac', 'bbc', 'AAc', 'BBc']
    >>> list(places(Group.parse("4"), 1).values())
    ['abc', 'Abc', 'aBc', 'ABc', 'aAc+bBc', 'aac+AAc', 'bbc+BBc']
    """
    found: dict[tuple[int, int], list[str]] = {}
    for name in EXPONENTS:
        a, b = ([x for x in name[:2] if x.lower() == letter] for letter in "ab")
        k1, k2 = (int(group.multiple(sum(1 if x.islower() else -1 for x in part), k)) for part in (a, b))
        found.setdefault((k1, k2), []).append(name)
    return {place: "+".join(names) for place, names in found.items()}


def _frequency(group: Group, z: ComplexArray, k: int, salient: float, residual: ComplexArray) -> dict[str, Any]:
    """Order, the sizes of the potentials, and what Theorem 1 asks to vanish."""
    a, b, c = z[:, k]
    letters = {"a": a, "b": b, "c": c, "A": a.conj(), "B": b.conj()}
    potentials = {name: abs(complex(np.sum(np.prod([letters[x] for x in name], axis=0)))) for name in EXPONENTS}
    own = {place: name for place, name in places(group, k).items() if place != (0, 0)}
    sizes = np.abs(residual)
    residuals = {("abc-1" if "abc" in name else name): float(sizes[place]) for place, name in own.items()}
    residuals["constant"] = float(sizes[0, 0]) if k else 0.0
    rest = sizes.copy()
    rest[tuple(np.array([*own, (0, 0)]).T)] = 0
    return {
        "order": int(np.sum(np.maximum(np.abs(a), np.abs(b)) >= salient)),
        "character_order": int(group.character_orders[k]),
        "potentials": potentials,
        "residuals": residuals | {"other frequencies": float(np.sqrt(np.sum(rest**2)))},
    }
