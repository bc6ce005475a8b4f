"""What a training run is: one frozen value, the same in files, on the command line and in Python."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, fields
from fractions import Fraction
from typing import Any

from ..errors import InputError, choose
from ..groups.abelian import Group
from ..networks.activations import SQUARE
from ..networks.initial import SEEDINGS

#: Those of the closed-form engine, and what autograd adds.
CLOSED_FORM_OPTIMIZERS = ("adam", "adamw", "sgd")
OPTIMIZERS = (*CLOSED_FORM_OPTIMIZERS, "muon")
LOSSES = ("full", "no-rstar", "first-two")
ACTIVATIONS = (SQUARE, "relu", "relu2", "abs", "silu", "gelu")
MSE, CROSS_ENTROPY = LOSS_FUNCTIONS = ("mse", "cross-entropy")
#: Fields that earlier versions lack, with the value that says what those did; a record holds them only where they
#: differ, so that the files of the paper's experiment stay as they were.
ADDED = {"activation": SQUARE, "loss_function": MSE, "bias": False}
#: Nodes whose alpha and beta are below this everywhere leave the working set (docs/theory.md, section 11).
DEAD = 1e-4
#: Dead nodes are looked for, and metrics taken, every so many epochs.
CHECK_EVERY = 50
METRICS_EVERY = 100


@dataclass(frozen=True)
class Settings:
    """One training run; the defaults are the paper's (docs/theory.md, section 11).

    ``train_fraction`` is a decimal string, so that the split is exact; ``snapshots`` are numbers of updates done.
    ``loss`` are the terms of Eq. 3 that the mean squared error is made of, ``loss_function`` is what is minimised;
    ``bias`` adds a trained b_j to every alpha_j. Raises InputError for values out of range or that do not go together.
    """

    group: str
    hidden: int = 512
    seed: int = 1
    epochs: int = 10000
    lr: float = 0.01
    weight_decay: float = 5e-5
    optimizer: str = "adam"
    train_fraction: str = "0.9"
    loss: str = "full"
    seeding: str = "paper"
    snapshots: tuple[int, ...] = (0, 9900, 10000)
    compact: bool = True
    activation: str = SQUARE
    loss_function: str = MSE
    bias: bool = False

    def __post_init__(self) -> None:
        Group.parse(self.group)
        for name, choices in (
            ("optimizer", OPTIMIZERS),
            ("loss", LOSSES),
            ("seeding", SEEDINGS),
            ("activation", ACTIVATIONS),
            ("loss_function", LOSS_FUNCTIONS),
        ):
            if getattr(self, name) not in choices:
                value = getattr(self, name)
                raise InputError(f"{name}={value!r} is unknown: {choose(value, choices)}")
        if not isinstance(self.bias, bool):
            raise InputError(f"bias={self.bias!r} is neither True nor False")
        for name, least in (("hidden", 1), ("seed", 0), ("epochs", 1)):
            if getattr(self, name) < least:
                raise InputError(f"{name}={getattr(self, name)} is below {least}")
        if not (math.isfinite(self.lr) and self.lr > 0):
            raise InputError(f"lr={self.lr} is no positive number")
        if not (math.isfinite(self.weight_decay) and self.weight_decay >= 0):
            raise InputError(f"weight_decay={self.weight_decay} is no number of at least 0")
        if self.seeding == "paper" and self.seed + 2 >= 2**32:
            raise InputError(f"seed={self.seed} is too large for the paper's seeding: use seeding=independent")
        try:
            fraction = Fraction(self.train_fraction)
        except (ValueError, ZeroDivisionError):
            fraction = Fraction(-1)
        if not 0 < fraction <= 1:
            raise InputError(f"train_fraction={self.train_fraction} is not in (0, 1]: 0.9 is the paper's")
        if self.held_out >= Group.parse(self.group).order ** 2:
            raise InputError(f"train_fraction={self.train_fraction} leaves no pair of group {self.group} to train on")
        if self.loss != "full" and not self.is_closed_form:
            raise InputError(
                f"loss={self.loss} is trained in closed form only: it goes with activation={SQUARE}, "
                f"loss_function={MSE}, no bias and an optimizer of {', '.join(CLOSED_FORM_OPTIMIZERS)}"
            )
        if self.loss != "full" and self.held_out:
            raise InputError(f"loss={self.loss} is a sum over all pairs: it needs --train-fraction 1")
        if any(not 0 <= epoch <= self.epochs for epoch in self.snapshots):
            raise InputError(f"snapshots={list(self.snapshots)} are not all in 0..{self.epochs}")

    @property
    def is_closed_form(self) -> bool:
        """Whether the gradients in closed form train it; all else is trained by autograd."""
        ordinary = all(getattr(self, name) == value for name, value in ADDED.items())
        return ordinary and self.optimizer in CLOSED_FORM_OPTIMIZERS

    @property
    def is_quadratic(self) -> bool:
        """Whether the network is a sum of squares, of which Theorem 1 speaks."""
        return self.activation == SQUARE

    @property
    def held_out(self) -> int:
        """Number of test pairs: the first ceil((1 - train_fraction) d^2) of the permutation."""
        return math.ceil((1 - Fraction(self.train_fraction)) * Group.parse(self.group).order ** 2)

    @property
    def name(self) -> str:
        """The run's folder."""
        return f"{self.group}-q{self.hidden}-wd{self.weight_decay:g}-s{self.seed}"

    def record(self) -> dict[str, Any]:
        """The settings as JSON; fields of ADDED only where they are not what they were before there were any."""
        known = {name: value for name, value in asdict(self).items() if name not in ADDED or value != ADDED[name]}
        return {**known, "snapshots": list(self.snapshots)}

    @classmethod
    def from_record(cls, record: dict[str, Any]) -> Settings:
        """The settings that :meth:`record` wrote, here or in an earlier version, which had fewer fields.

        A field that is missing has the default, which is what earlier versions did. Raises InputError for a field that
        this version does not know, and where there is no group.
        """
        known = {f.name for f in fields(cls)}
        if strange := sorted(set(record) - known):
            raise InputError(f"run settings have fields unknown here ({', '.join(strange)}): use a newer one")
        if "group" not in record:
            raise InputError("run settings name no group: they were not written by this program")
        lists = {"snapshots": tuple(record["snapshots"])} if "snapshots" in record else {}
        return cls(**{**record, **lists})


def default_snapshots(epochs: int) -> tuple[int, ...]:
    """Initial weights, 100 epochs before the end (the paper reads its tables there), and the end."""
    return tuple(sorted({0, max(0, epochs - 100), epochs}))
