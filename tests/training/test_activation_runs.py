"""Runs of other activations, losses and optimizers: files, resumption, records of before, what refuses them."""

import json

import numpy as np
import pytest

torch = pytest.importorskip("torch")

import cogo_search as cogo  # noqa: E402
from cogo_search.cli import main  # noqa: E402
from cogo_search.errors import CogoError, InputError  # noqa: E402
from cogo_search.networks.network_files import read_network  # noqa: E402
from cogo_search.reporting.collect import gather  # noqa: E402
from cogo_search.reporting.figures.base import sweeps  # noqa: E402
from cogo_search.training import run_folder  # noqa: E402
from cogo_search.training.config import Settings  # noqa: E402
from cogo_search.training.engine import train as train_alone  # noqa: E402
from cogo_search.training.runs import run, run_batch  # noqa: E402
from cogo_search.training.sweep import Sweep  # noqa: E402

RELU = Settings("7", hidden=12, epochs=230, weight_decay=1e-3, snapshots=(0, 130, 230), activation="relu",
                loss_function="cross-entropy", bias=True, optimizer="adamw")  # fmt: skip
#: What run.json of the paper's run at d = 7 held before there were other activations.
BEFORE = {
    "group": "7", "hidden": 512, "seed": 1, "epochs": 10000, "lr": 0.01, "weight_decay": 5e-05, "optimizer": "adam",
    "train_fraction": "0.9", "loss": "full", "seeding": "paper", "snapshots": [0, 9900, 10000], "compact": True,
}  # fmt: skip


def content(folder):
    return {p.relative_to(folder): p.read_bytes() for p in folder.rglob("*") if p.is_file() and p.name != "timing.json"}


def train(*arguments):
    return main(["train", *map(str, arguments)])


def test_records_of_the_papers_runs_are_as_they_were():
    settings = Settings("7")
    assert settings.record() == BEFORE
    assert Settings.from_record(BEFORE) == settings
    assert Settings.from_record(RELU.record()) == RELU
    assert settings.name == "7-q512-wd5e-05-s1"
    sweep = Sweep(settings, ("7",), (512,), (5e-5,), (1,))
    assert not {"activation", "loss_function", "bias"} & set(json.dumps(sweep.record()).split('"'))


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs")
    states = []
    assert run(folder / RELU.name, RELU) == "done"
    train_alone(RELU, snapshot=states.append)
    return folder / RELU.name, states


@pytest.mark.slow
def test_a_run_folder(finished):
    folder, states = finished
    for state in states:
        network = read_network(run_folder.snapshot_path(folder, state.epoch))
        assert (network.activation, network.is_quadratic) == ("relu", False)
        assert network.W_a.astype(np.float32).tolist() == (state.weights[0] + state.bias[0]).tolist()
        assert network.V.astype(np.float32).tolist() == state.weights[2].tolist()
        provenance = json.loads(network.metadata["provenance"])
        assert (provenance["loss_function"], provenance["optimizer"], provenance["bias"]) == (
            "cross-entropy", "adamw", True
        )  # fmt: skip
    assert states[-1].bias[0].abs().max() > 0.01
    metrics = run_folder.read_metrics(folder)
    losses = {f"{part}_{measure}" for part in ("train", "test") for measure in ("loss", "accuracy")}
    assert set(metrics) == {"epoch", "k", "live", *losses}
    assert metrics["epoch"].tolist() == [0, 100, 200, 230]
    mixed = (44 * metrics["train_accuracy"][-1] + 5 * metrics["test_accuracy"][-1]) / 49
    assert read_network(run_folder.snapshot_path(folder, 230)).accuracy() == pytest.approx(mixed)


@pytest.mark.slow
def test_interrupted_at_every_pause_it_ends_with_the_same_files(tmp_path):
    settings = [Settings.from_record({**RELU.record(), "seed": seed}) for seed in (1, 2)]

    class Stop(CogoError):
        pass

    def stop(message):
        raise Stop

    for name, alive in (("whole", lambda messages: None), ("pieces", stop)):
        for _ in range(10):
            try:
                outcomes = run_batch([(tmp_path / name / own.name, own) for own in settings], alive=alive)
                break
            except Stop:
                continue
        assert outcomes == [("done", "")] * 2
    assert content(tmp_path / "pieces") == content(tmp_path / "whole")


SWEEP = ["--group", "5", "--hidden", "8", "--epochs", "100", "--workers", "1", "--seeds", "1-2"]


@pytest.mark.slow
def test_the_command_and_who_reads_its_runs(tmp_path, capsys):
    out = tmp_path / "r"
    other = ["--activation", "gelu", "--loss-function", "cross-entropy", "--optimizer", "adamw", "--bias"]
    assert train(*SWEEP, *other, "--out", out, "--json") == 0
    records = json.loads(capsys.readouterr().out)
    assert [(r["status"], r["orders"]) for r in records] == [("done", None)] * 2
    assert train("status", out) == 0
    assert "done" in capsys.readouterr().out
    assert train(*SWEEP, *other, "--out", out, "--resume") == 0
    assert train("orders", out) == 2
    assert "activation=gelu" in capsys.readouterr().err
    for changed in (SWEEP, [*SWEEP, *other[2:]]):
        assert train(*changed, "--out", out, "--resume") == 2
        assert "activation=gelu, not square" in capsys.readouterr().err
    loaded = cogo.load_runs(out)
    in_memory = cogo.train(5, hidden=8, epochs=100, seeds=[1, 2], activation="gelu", loss_function="cross-entropy",
                           optimizer="adamw", bias=True)  # fmt: skip
    for one, twin in zip(loaded, in_memory, strict=True):
        assert one.settings == twin.settings
        assert one.network.activation == twin.network.activation == "gelu"
        np.testing.assert_array_equal(one.network.W_a, twin.network.W_a)
        assert one.to_dict()["train_loss"] == twin.to_dict()["train_loss"]
    assert main(["export", str(out / loaded[0].name), "--out", str(tmp_path / "net.npz")]) == 0
    assert read_network(tmp_path / "net.npz").activation == "gelu"
    inputs = gather(None, out)
    assert not inputs.usable
    assert [m.why for m in inputs.missing if m.what.startswith("run ")] == [
        "activation=gelu: the report is about quadratic networks"
    ] * 2


@pytest.mark.slow
def test_quadratic_runs_of_cross_entropy_are_in_no_figure_of_the_paper(tmp_path):
    cogo.train(5, hidden=8, epochs=100, loss_function="cross-entropy", out=tmp_path / "r")
    [run] = gather(None, tmp_path / "r").usable
    assert {"r_kkk", "order"} <= set(run.metrics)
    assert not sweeps([run])


WRONG = {
    "activation": ({"activation": "rleu"}, "activation='rleu' is unknown: .*did you mean relu\\?"),
    "loss function": ({"loss_function": "crossentropy"}, "did you mean cross-entropy\\?"),
    "optimizer": ({"optimizer": "moun"}, "did you mean muon\\?"),
    "bias": ({"bias": "yes"}, "bias='yes'"),
    "parts of the loss of squares": (
        {"loss": "no-rstar", "train_fraction": 1, "activation": "relu"}, "loss=no-rstar is trained in closed form only"
    ),
    "parts of the loss by Muon": ({"loss": "first-two", "train_fraction": 1, "optimizer": "muon"}, "adam, adamw, sgd"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_wrong_calls_are_one_line(name):
    options, said = WRONG[name]
    with pytest.raises(InputError, match=said) as error:
        cogo.train(5, hidden=4, epochs=10, **options)
    assert "\n" not in str(error.value)


def test_wrong_options_are_one_line(tmp_path, capsys):
    with pytest.raises(SystemExit):
        train("--group", "5", "--activation", "rleu", "--out", tmp_path / "r")
    assert "did you mean relu?" in capsys.readouterr().err
    arguments = ["--loss", "no-rstar", "--train-fraction", "1", "--loss-function", "cross-entropy"]
    assert train("--group", "5", *arguments, "--out", tmp_path / "r") == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert not (tmp_path / "r").exists()


def test_the_plain_program_has_no_muon():
    with pytest.raises(InputError, match="unknown here"):
        cogo.naive_training(5, hidden=4, epochs=1, optimizer="muon")
