"""A few tiny networks, trained once, and what a report makes of them."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def tiny_runs(tmp_path_factory):
    """Folders of runs of d = 7, q = 20: with all of the loss, without R_*, and one with many snapshots."""
    pytest.importorskip("torch")
    from cogo_search.training.config import Settings
    from cogo_search.training.dispatch import run_sweep
    from cogo_search.training.sweep import Sweep, claim

    folder = tmp_path_factory.mktemp("runs")
    dense = (*range(0, 100, 4), *range(100, 1000, 50), 1000, 1400, 1500)
    common = {"hidden": 20, "train_fraction": "1", "epochs": 1500}
    sweeps = {
        "full": Sweep(Settings("7", snapshots=(0, 1400, 1500), **common), ("7",), (20,), (5e-5,), (4, 5)),
        "no-rstar": Sweep(Settings("7", snapshots=(0, 1500), loss="no-rstar", **common), ("7",), (20,), (5e-5,), (5,)),
        "paths": Sweep(Settings("7", snapshots=dense, lr=0.05, **common), ("7",), (20,), (0.005,), (2, 3), (0.05,)),
        "plain": Sweep(Settings("7", hidden=20, epochs=1500, snapshots=(0, 1500)), ("7",), (20,), (5e-5,), (1,)),
    }
    for name, sweep in sweeps.items():
        claim(folder / name, sweep, False)
        run_sweep(folder / name, sweep, None, lambda run, message: None)
    return folder


@pytest.fixture(scope="session")
def inputs(tiny_runs):
    """The shipped catalogs, the tiny runs matched, and the order distributions of docs/ at q = 256 to 2048."""
    from cogo_search.reporting.collect import gather
    from cogo_search.reporting.matched_runs import match_runs

    records = json.loads((ROOT / "docs" / "order-distributions.json").read_text())
    wide = [{**r, "hidden": 4 * r["hidden"]} for r in records]
    return replace(match_runs(gather(None, tiny_runs)), orders=(*records, *wide))


@pytest.fixture(scope="session")
def bare():
    """The shipped catalogs alone."""
    from cogo_search.reporting.collect import gather

    return gather(None, None)
