"""What a figure is: a name, a title, a caption, and how it is drawn from the inputs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ...training.config import MSE, Settings
from ..collect import ENDED, Inputs, Lacking, Missing, RunInput
from ..style import short

if TYPE_CHECKING:
    import matplotlib.figure


@dataclass(frozen=True, eq=False)
class Drawing:
    """A drawn figure, and its scope: which data are in it, in a sentence that ends the caption.

    ``lacking`` is the part that could not be drawn, if there is one.
    """

    figure: matplotlib.figure.Figure
    scope: str
    lacking: Lacking | None = None


@dataclass(frozen=True)
class Figure:
    """A figure by name; ``draw`` raises :class:`Lacking` where the inputs cannot feed it."""

    name: str
    title: str
    caption: str
    draw: Callable[[Inputs], Drawing]

    def missing(self, error: Lacking) -> Missing:
        """What the report says in place of the figure."""
        return error.missing(self.title)


def sweeps(runs: Iterable[RunInput]) -> dict[Settings, list[RunInput]]:
    """The runs that ended, by all their settings but seed (here 0) and snapshots (here none).

    Of mean squared error alone: the potentials of the paper's figures have an optimum there, for cross-entropy none.
    """
    found: dict[Settings, list[RunInput]] = {}
    for run in runs:
        if run.settings is None or run.problem is not None or run.status not in ENDED:
            continue
        if run.settings.loss_function == MSE:
            found.setdefault(replace(run.settings, seed=0, snapshots=()), []).append(run)
    return found


def described(settings: Settings) -> str:
    """The settings of a run in words, without its seed."""
    return (
        f"group {settings.group}, q = {settings.hidden}, {settings.optimizer.capitalize()}, learning rate "
        f"{short(settings.lr)}, weight decay {short(settings.weight_decay)}, {settings.epochs:,} epochs, "
        f"{float(settings.train_fraction):.0%} of all pairs{', hidden bias' if settings.bias else ''}"
    )
