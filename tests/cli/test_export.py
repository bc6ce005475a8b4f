"""`export`: snapshots of runs as files that this package and others open."""

import json

import numpy as np
import pytest

from cogo_search.api.networks import load_network
from cogo_search.api.training import load_runs
from cogo_search.cli import main
from cogo_search.errors import InputError

torch = pytest.importorskip("torch")
SUFFIXES = (".pt", ".npz", ".safetensors")
NAMES = ("W_a", "W_b", "V")


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """A folder of one short run on a group that is not cyclic, whose nodes partly die."""
    from cogo_search.api.training import train

    folder = tmp_path_factory.mktemp("runs")
    train("2x2", hidden=12, epochs=300, weight_decay=5e-3, snapshots=[0, 100, 300], out=folder)
    return folder


@pytest.fixture(scope="module")
def run(runs):
    return load_runs(runs)[0]


@pytest.mark.slow
@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("epoch", [0, 100, None])
def test_what_is_written_is_read_again(suffix, epoch, run, tmp_path, capsys):
    path = tmp_path / f"net{suffix}"
    chosen = [] if epoch is None else ["--epoch", str(epoch)]
    assert main(["export", str(run.folder), *chosen, "--out", str(path)]) == 0
    assert f"epoch {epoch if epoch is not None else 300}" in capsys.readouterr().out
    written, snapshot = load_network(path), run.snapshot(300 if epoch is None else epoch)
    for name in NAMES:
        np.testing.assert_array_equal(getattr(written, name), getattr(snapshot, name))
    assert (written.group, written.precision, written.width) == (snapshot.group, "float32", 12)
    assert {**snapshot.metadata, "format": "cogo-net-1", "group": "2x2"} == written.metadata
    assert main(["evaluate", str(path), "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert (facts["group"], facts["width"], facts["loss"]) == ("2x2", 12, pytest.approx(snapshot.loss(), rel=1e-12))
    assert main(["match", str(path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["networks"][0]["group"] == "2x2"


def test_other_programs_open_it(run, tmp_path):
    from safetensors.numpy import load_file

    network = run.snapshot(0)
    for suffix in SUFFIXES:
        network.save(tmp_path / f"net{suffix}")
    state = torch.load(tmp_path / "net.pt", weights_only=True)
    assert list(state) == list(NAMES)
    assert all(tensor.dtype == torch.float32 for tensor in state.values())
    module = network.to_torch().float()
    assert str(module.load_state_dict(state, strict=True)) == "<All keys matched successfully>"
    with np.load(tmp_path / "net.npz") as archive:
        assert json.loads(str(archive["metadata"]))["epoch"] == "0"
        np.testing.assert_array_equal(archive["V"], state["V"].numpy())
    np.testing.assert_array_equal(load_file(tmp_path / "net.safetensors")["W_a"], state["W_a"].numpy())


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_same_bytes_and_conversion_of_files(suffix, run, tmp_path, capsys):
    first, again, whole = (tmp_path / f"{name}{suffix}" for name in ("first", "again", "whole"))
    assert main(["export", str(run.folder), "--out", str(first)]) == 0
    assert main(["export", str(run.folder), "--out", str(again)]) == 0
    assert first.read_bytes() == again.read_bytes()
    for source in SUFFIXES:
        main(["export", str(run.folder), "--out", str(tmp_path / f"source{source}")])
        assert main(["export", str(tmp_path / f"source{source}"), "--out", str(whole)]) == 0
        assert whole.read_bytes() == first.read_bytes()
    capsys.readouterr()
    assert main(["export", str(first), "--out", str(whole), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["written"] == str(whole)


def test_weights_that_their_type_does_not_hold_are_written_in_float64(run, tmp_path):
    from dataclasses import replace

    network = run.network
    scaled = replace(network, V=network.V / 3)
    scaled.save(tmp_path / "net.pt")
    np.testing.assert_array_equal(load_network(tmp_path / "net.pt").V, scaled.V)


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["{run}", "--epoch", "7", "--out", "net.pt"], "--epoch 7 is no snapshot"),
        (["{run}", "--out", "net.txt"], "net.txt must end in .safetensors, .npz or .pt"),
        (["{runs}", "--out", "net.pt"], "holds no run of its own"),
        (["missing", "--out", "net.pt"], "missing"),
        (
            ["{run}/epoch-00300.safetensors", "--epoch", "0", "--out", "net.pt"],
            "--epoch 0 is for the folder of a run, or a series",
        ),
        (["{run}"], "--out"),
    ],
)
def test_bad_input_is_one_line(arguments, named, runs, run, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    typed = [text.format(run=run.folder, runs=runs) for text in arguments]
    try:
        code = main(["export", *typed])
    except SystemExit as left:
        code = left.code
    errors = capsys.readouterr().err
    assert (code, errors.count("\n")) == (2, 1)
    assert named in errors
    assert list(tmp_path.iterdir()) == []


def test_pt_without_torch_is_one_line(run, tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "torch", None)
    with pytest.raises(InputError, match="needs PyTorch"):
        run.network.save(tmp_path / "net.pt")


def test_help(capsys):
    with pytest.raises(SystemExit):
        main(["export", "--help"])
    assert "--epoch N" in capsys.readouterr().out


def test_other_commands_write_pt_too(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["construct", "--group", "2x3", "--recipe", "f6", "--out", "net.pt"]) == 0
    assert main(["evaluate", "net.pt"]) == 0
    assert "group  2x3" in capsys.readouterr().out
    (tmp_path / "action.json").write_text('{"group": "3", "action": [[0, 1, 2], [1, 2, 0], [2, 0, 1]]}')
    assert main(["action", "action.json", "--out", "action.pt"]) == 0
    assert "V" in torch.load(tmp_path / "action.pt", weights_only=True)
