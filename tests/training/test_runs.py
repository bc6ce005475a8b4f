"""Runs on disk: files, resumption after kills, sweeps, and what the command refuses."""

import json
import os
import random
import signal
import subprocess
import sys
import time

import pytest

torch = pytest.importorskip("torch")

from cogo_search.cli import main  # noqa: E402
from cogo_search.errors import CogoError, InputError  # noqa: E402
from cogo_search.networks.network_files import read_network  # noqa: E402
from cogo_search.training import run_folder  # noqa: E402
from cogo_search.training.config import Settings  # noqa: E402
from cogo_search.training.run_folder import read_metrics  # noqa: E402
from cogo_search.training.runs import run  # noqa: E402

SMALL = Settings("7", hidden=24, epochs=300, weight_decay=1e-3, snapshots=(0, 200, 300))


def content(folder):
    """All files but the timings."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != "timing.json")
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def test_a_run_leaves_what_other_programs_read(tmp_path):
    folder = tmp_path / SMALL.name
    assert SMALL.name == "7-q24-wd0.001-s1"
    assert run(folder, SMALL) == "done"
    snapshots = {f"epoch-{epoch}.safetensors" for epoch in ("00000", "00200", "00300")}
    assert {path.name for path in folder.iterdir()} == {".lock", "run.json", "metrics.npz", "timing.json"} | snapshots
    network = read_network(folder / "epoch-00300.safetensors")
    assert (network.W_a.shape, network.precision) == ((7, 24), "float32")
    told = {"format": "cogo-net-1", "group": "7", "trivial": "with", "target": "zero-mean"}
    told |= {"origin": "trained", "seed": "1", "epoch": "300"}
    assert told.items() <= network.metadata.items()
    metrics = read_metrics(folder)
    assert metrics["epoch"].tolist() == [0, 100, 200, 300]
    assert metrics["r_kkk"].shape == (4, 3)
    record = json.loads((folder / "run.json").read_text())
    assert Settings.from_record(record["settings"]) == SMALL
    before = content(folder)
    assert run(folder, SMALL) == "done"
    assert content(folder) == before


def test_interrupted_at_every_pause_it_ends_with_the_same_files(tmp_path):
    run(tmp_path / "whole", SMALL)

    class Stop(CogoError):
        pass

    def stop(message):
        raise Stop

    status = None
    for _ in range(20):
        try:
            status = run(tmp_path / "pieces", SMALL, stop)
            break
        except Stop:
            continue
    assert status == "done"
    assert content(tmp_path / "pieces") == content(tmp_path / "whole")


def test_other_settings_and_damaged_records_are_refused(tmp_path):
    run(tmp_path / "a", SMALL)
    with pytest.raises(InputError, match="other settings"):
        run(tmp_path / "a", Settings("7", hidden=24))
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "run.json").write_text("{")
    with pytest.raises(InputError, match="truncated"):
        run(tmp_path / "b", SMALL)


def train(*arguments):
    return main(["train", *map(str, arguments)])


SWEEP = ["--group", "5,2x3", "--hidden", "16", "--seeds", "1-3", "--epochs", "400", "--weight-decay", "1e-3"]


def test_a_sweep_then_status(tmp_path, capsys):
    assert train(*SWEEP, "--workers", "1", "--out", tmp_path / "r", "--json") == 0
    captured = capsys.readouterr()
    records = json.loads(captured.out)
    assert captured.err == ""
    assert [r["run"] for r in records] == [f"{g}-q16-wd0.001-s{s}" for g in ("5", "2x3") for s in (1, 2, 3)]
    assert {r["status"] for r in records} == {"done"}
    assert train("status", tmp_path / "r", "--json") == 0
    assert json.loads(capsys.readouterr().out) == records
    before = content(tmp_path / "r")
    assert train(*SWEEP, "--workers", "1", "--out", tmp_path / "r", "--resume") == 0
    assert content(tmp_path / "r") == before


def test_a_bad_run_harms_no_other(tmp_path, capsys):
    """One of the sweep's folders is a file; one decay makes the network collapse."""
    out = tmp_path / "r"
    out.mkdir()
    (out / "7-q16-wd0.001-s2").write_text("in the way")
    arguments = ["--group", "7", "--hidden", "16", "--seeds", "1-2", "--epochs", "1000", "--weight-decay", "1e-3,1"]
    assert train(*arguments, "--workers", "1", "--out", out, "--json") == 2
    captured = capsys.readouterr()
    assert captured.err.count("\n") == 1
    found = {r["run"]: r["status"] for r in json.loads(captured.out)}
    collapsed = {"7-q16-wd1-s1": "collapsed", "7-q16-wd1-s2": "collapsed"}
    assert found == {"7-q16-wd0.001-s1": "done", "7-q16-wd0.001-s2": "failed"} | collapsed


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["--group", "1"], "--group '1'"),
        (["--group", "7", "--hidden", "0"], "--hidden 0"),
        (["--group", "7", "--lr", "nan"], "--lr nan"),
        (["--group", "7", "--seeds", "5-1"], "5-1"),
        (["--group", "7", "--seeds", "1,1"], "twice"),
        (["--group", "7", "--epochs", "0"], "0"),
        (["--group", "7", "--snapshots", "20000"], "20000"),
        (["--group", "7", "--train-fraction", "2"], "--train-fraction 2"),
        (["--group", "7", "--loss", "no-rstar"], "--train-fraction 1"),
        pytest.param(
            ["--group", "7", "--device", "cuda"],
            "sees no GPU",
            marks=pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU"),
        ),
        ([], "--group"),
    ],
)
def test_bad_input_is_one_clear_line_and_nothing_is_written(arguments, named, tmp_path, capsys):
    try:
        code = train(*arguments, "--out", tmp_path / "r")
    except SystemExit as stop:
        code = stop.code
    captured = capsys.readouterr()
    assert (code, captured.out, captured.err.count("\n")) == (2, "", 1)
    assert named in captured.err
    assert not (tmp_path / "r").exists()


def test_folders_in_use(tmp_path, capsys):
    arguments = ["--group", "5", "--hidden", "8", "--epochs", "100", "--workers", "1", "--out", tmp_path / "r"]
    assert train(*arguments) == 0
    assert train(*arguments) == 2
    assert "--resume" in capsys.readouterr().err
    assert train(*arguments, "--lr", "0.1", "--resume") == 2
    assert "lr=0.01, not 0.1" in capsys.readouterr().err
    (tmp_path / "file").write_text("x")
    assert train("--group", "5", "--out", tmp_path / "file") == 2
    assert train("--group", "5", "--out", "/proc/no") == 2
    assert train("status", tmp_path) == 2


@pytest.mark.slow
def test_kill_9_at_random_instants_of_a_sweep_on_two_processes(tmp_path):
    """Killed again and again, each time resumed: the same files as of an uninterrupted sweep."""
    command = [sys.executable, "-m", "cogo_search", "train", *SWEEP, "--workers", "2", "--resume", "--out"]
    subprocess.run([*command, str(tmp_path / "whole")], check=True, capture_output=True, timeout=120)
    rng, pieces = random.Random(4), tmp_path / "pieces"
    for _ in range(4):
        process = subprocess.Popen([*command, str(pieces)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(rng.uniform(1.5, 5.0))
        process.send_signal(signal.SIGKILL)
        process.wait()
    subprocess.run([*command, str(pieces)], check=True, capture_output=True, timeout=120)
    assert content(pieces) == content(tmp_path / "whole")
    assert run_folder.CHECKPOINT not in {path.name for path in pieces.rglob("*")}


@pytest.mark.slow
@pytest.mark.parametrize("workers", ["1", "2"])
def test_interrupt_exits_130_and_the_sweep_can_go_on(workers, tmp_path):
    command = [sys.executable, "-m", "cogo_search", "train", "--group", "7", "--hidden", "64", "--seeds", "1-2"]
    command += ["--epochs", "200000", "--workers", workers, "--out", str(tmp_path / "r")]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    record = tmp_path / "r" / "7-q64-wd5e-05-s1" / "run.json"
    for _ in range(600):
        if record.exists():
            break
        time.sleep(0.05)
    time.sleep(1)
    os.killpg(process.pid, signal.SIGINT)
    out, errors = process.communicate(timeout=30)
    assert process.returncode == 130
    assert out == ""
    assert "Traceback" not in errors
    assert json.loads(record.read_text())["status"] == "running"
