"""The commands that make what a report lacks."""

from __future__ import annotations

from pathlib import Path
from shlex import quote

from ..training.settings import Settings, default_snapshots
from ..training.sweep import Sweep

ENUMERATE = "python -m cogo_search enumerate --roots 3,4"
TRAIN = "python -m cogo_search train --group 23,71,127 --seeds 1-5 --out runs/table2"
#: Options by the settings they set, where all runs of a sweep share them.
OPTIONS = {
    "epochs": "--epochs",
    "optimizer": "--optimizer",
    "train_fraction": "--train-fraction",
    "loss": "--loss",
    "seeding": "--seeding",
}


def train_command(sweep: Sweep, out: Path) -> str:
    """The command that trains what is not finished yet of the sweep in ``out``."""

    def listed(values: tuple[object, ...]) -> str:
        return ",".join(map(str, values))

    common, paper = sweep.common, Settings("23")
    words = ["python -m cogo_search train", "--group", listed(sweep.groups), "--seeds", listed(sweep.seeds)]
    lrs = sweep.lrs or (common.lr,)
    for option, values, usual in (
        ("--hidden", sweep.hidden, (paper.hidden,)),
        ("--weight-decay", sweep.weight_decays, (paper.weight_decay,)),
        ("--lr", lrs, (paper.lr,)),
    ):
        words += [option, listed(values)] if values != usual else []
    for name, option in OPTIONS.items():
        value = getattr(common, name)
        words += [option, str(value)] if value != getattr(paper, name) else []
    if common.snapshots != default_snapshots(common.epochs):
        words += ["--snapshots", listed(common.snapshots)]
    return " ".join([*words, "--out", quote(str(out)), "--resume"])
