"""The commands that make what a report lacks."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from shlex import quote

from ..training.config import Settings, default_snapshots
from ..training.sweep import Sweep

ENUMERATE = "python -m cogo_search enumerate --roots 3,4"
_SMALL = "--group 7 --hidden 20"
_SWEEP = "--group 23,71,127 --weight-decay 1e-5,5e-5,1e-4,2e-4,5e-4 --seeds 1-5"
#: What the figures of the paper need: options of train by the folder of the runs.
FIGURE_RUNS = {
    "figure-2": {
        "figure-2-full": f"{_SMALL} --seeds 1-8 --train-fraction 1",
        "figure-2-no-rstar": f"{_SMALL} --seeds 1-8 --train-fraction 1 --loss no-rstar",
    },
    "figure-3": {
        "figure-3": "--group 23 --seeds 5 --weight-decay 1e-4 --snapshots 0,5,10,15,20,25,30,35,40,45,50,60,70,80,90,"
        "100,120,150,200,250,300,400,500,600,800,1000,1300,1600,2000,3000,4000,6000,8000,9900,10000"
    },
    "figure-4": {"q512": _SWEEP},
    "figure-5": {"table2": "--group 23,71,127 --seeds 1-5"},
    "figure-6": {
        "figure-6": f"{_SMALL} --seeds 1-10 --train-fraction 1 --lr 0.05 --weight-decay 0.005 --snapshots 0,2,4,6,8,10,"
        "12,14,16,18,20,25,30,35,40,45,50,60,70,80,90,100,120,140,170,200,250,300,400,500,700,1000,2000,5000,10000"
    },
    "figure-9": {"q256": f"{_SWEEP} --hidden 256"},
    "figure-11": {"q1024": f"{_SWEEP} --hidden 1024"},
    "figure-12": {"q2048": f"{_SWEEP} --hidden 2048"},
}
#: Options by the settings they set, where all runs of a sweep share them.
OPTIONS = {
    "epochs": "--epochs",
    "optimizer": "--optimizer",
    "train_fraction": "--train-fraction",
    "loss": "--loss",
    "activation": "--activation",
    "loss_function": "--loss-function",
    "seeding": "--seeding",
}


def verify_command(path: Path) -> str:
    """The command that verifies a catalog file, and says so to later commands."""
    return f"python -m cogo_search verify {quote(str(path))}"


def match_command(path: Path) -> str:
    """The command that says what the networks of a run do."""
    return f"python -m cogo_search match {quote(str(path))}"


def training(figure: str, part: str = "") -> str:
    """The commands that train what a figure of the paper needs, or one folder of its runs."""
    runs = {part: FIGURE_RUNS[figure][part]} if part else FIGURE_RUNS[figure]
    return "; ".join(f"python -m cogo_search train {options} --out runs/{folder}" for folder, options in runs.items())


#: The networks of Table 2 and Figure 5.
TRAIN = training("figure-5")


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
    if common.bias:
        words.append("--bias")
    if common.snapshots != default_snapshots(common.epochs):
        words += ["--snapshots", listed(common.snapshots)]
    return " ".join([*words, "--out", quote(str(out)), "--resume"])


def repairing(command: str, damaged: Iterable[Path]) -> str:
    """The command that resumes a sweep, after the removal of files that cannot be used: it trains their runs again."""
    files = " ".join(quote(str(path)) for path in damaged if path.exists())
    return f"rm -f {files} && {command}" if files and command != TRAIN else command


def enumerate_again(path: Path) -> str:
    """The command that writes a catalog again, if its name is one that enumerate gives; else the one to be rid of it.

    >>> enumerate_again(Path("roots-3-4.json")), enumerate_again(Path("my catalogs/other.json"))
    ('python -m cogo_search enumerate --roots 3,4 --out roots-3-4.json', "rm 'my catalogs/other.json'")
    """
    name = re.fullmatch(r"roots((?:-[0-9]+)+)(-weighted)?(?:-k([24]))?\.json", path.name)
    if name is None:
        return f"rm {quote(str(path))}"
    words = ["python -m cogo_search enumerate --roots", name[1][1:].replace("-", ",")]
    words += ["--model free --nodes weighted"] if name[2] else []
    words += ["--character-order", name[3]] if name[3] else []
    return " ".join([*words, "--out", quote(str(path))])
