"""Sweeps through executors: threads, processes, a Dask cluster; batches on disk; what kills and failures leave."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import CancelledError, Executor, Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")

from cogo_search.cli import main  # noqa: E402
from cogo_search.errors import CogoError, InputError  # noqa: E402
from cogo_search.training import dispatch, run_folder  # noqa: E402
from cogo_search.training.config import Settings  # noqa: E402
from cogo_search.training.dispatch import run_sweep  # noqa: E402
from cogo_search.training.executors import processes  # noqa: E402
from cogo_search.training.runs import run_batch  # noqa: E402
from cogo_search.training.sweep import Sweep, claim, read_sweep  # noqa: E402

COMMON = Settings("7", hidden=24, epochs=300, snapshots=(0, 200, 300))
#: Of the 18 networks of two groups those with the largest decay collapse.
SWEEP = Sweep(COMMON, ("7", "2x3"), (24,), (1e-3, 1e-2, 1.0), (1, 2, 3))


def content(folder):
    """All files but the timings, and config.json, which tells how it was made."""
    files = sorted(
        path for path in folder.rglob("*") if path.is_file() and path.name not in ("timing.json", "config.json")
    )
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def quiet(name, message):
    """Report to nobody."""


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    """The sweep one network after the other in this process."""
    out = tmp_path_factory.mktemp("alone")
    outcomes = run_sweep(out, SWEEP, None, quiet)
    assert {status for status, _ in outcomes.values()} == {"done", "collapsed"}
    return content(out)


def test_batches_of_the_lists_neighbours_the_costly_first():
    sweep = Sweep(COMMON, ("5", "7"), (8, 16), (1e-3,), (1, 2, 3), batch=2)
    found = [[f"{s.group}q{s.hidden}s{s.seed}" for s in batch.values()] for batch in sweep.batches()]
    assert found == [
        ["7q16s1", "7q16s2"],
        ["7q16s3"],
        ["5q16s1", "5q16s2"],
        ["5q16s3"],
        ["7q8s1", "7q8s2"],
        ["7q8s3"],
        ["5q8s1", "5q8s2"],
        ["5q8s3"],
    ]


def test_several_learning_rates_name_their_runs(tmp_path):
    sweep = Sweep(COMMON, ("7",), (24,), (1e-3,), (1,), (0.01, 0.02), batch=2)
    assert list(sweep.runs()) == ["7-q24-wd0.001-lr0.01-s1", "7-q24-wd0.001-lr0.02-s1"]
    assert [settings.lr for settings in sweep.runs().values()] == [0.01, 0.02]
    claim(tmp_path, sweep, resume=False)
    assert read_sweep(tmp_path).runs() == sweep.runs()
    assert set(run_sweep(tmp_path, sweep, None, quiet).values()) == {("done", "")}


@pytest.mark.slow
@pytest.mark.parametrize("size", [2, 32])
@pytest.mark.parametrize(
    "pool", [None, lambda batches: ThreadPoolExecutor(3), processes(2)], ids=["here", "threads", "processes"]
)
def test_every_way_leaves_the_same_files(pool, size, alone, tmp_path):
    """On the CPU networks do not depend on their batch; threads of one process take turns."""
    outcomes = run_sweep(tmp_path, Sweep(**{**vars(SWEEP), "batch": size}), pool, quiet)
    assert content(tmp_path) == alone
    index = json.loads((tmp_path / "index.json").read_text())
    assert list(index) == sorted(SWEEP.runs())
    assert {name: entry["status"] for name, entry in index.items()} == {n: s for n, (s, _) in outcomes.items()}


@pytest.mark.slow
def test_a_batch_interrupted_at_every_pause_ends_with_the_same_files(alone, tmp_path):
    class Stop(CogoError):
        pass

    def stop(messages):
        raise Stop

    members = [(tmp_path / name, s) for name, s in SWEEP.runs().items() if s.group == "7"]
    for _ in range(20):
        with contextlib.suppress(Stop):
            outcomes = run_batch(members, alive=stop)
            break
        assert [path.parent for path in tmp_path.rglob(run_folder.CHECKPOINT)] == [members[0][0]]
    assert {status for status, _ in outcomes} == {"done", "collapsed"}
    assert content(tmp_path) == {path: data for path, data in alone.items() if path.startswith("7-")}


@pytest.mark.slow
@pytest.mark.parametrize("pool", [None, processes(2)], ids=["here", "processes"])
@pytest.mark.parametrize("name", ["7-q24-wd0.001-s1", "7-q24-wd0.001-s2"])
def test_a_run_that_cannot_be_written_harms_no_other_of_its_batch(name, pool, alone, tmp_path, capsys):
    (tmp_path / name).write_text("in the way")
    sweep = Sweep(**{**vars(SWEEP), "batch": 32})
    claim(tmp_path, sweep, resume=True)
    outcomes = run_sweep(tmp_path, sweep, pool, quiet)
    status, error = outcomes.pop(name)
    assert status == "failed" and name in error
    assert {status for status, _ in outcomes.values()} == {"done", "collapsed"}
    assert main(["train", "status", str(tmp_path), "--json"]) == 0
    [record] = [r for r in json.loads(capsys.readouterr().out) if r["run"] == name]
    assert (record["status"], record["error"]) == (status, error)
    (tmp_path / name).unlink()
    run_sweep(tmp_path, sweep, pool, quiet)  # once it can be, its batch trains along
    assert content(tmp_path) == alone


DAMAGES = {
    "run.json": b"{}",
    "metrics.npz": b"PK",
    "epoch-00300.safetensors": None,
    "checkpoint.safetensors": b"x" * 99,
}


@pytest.mark.slow
@pytest.mark.parametrize("damaged", DAMAGES)
def test_damaged_files_are_named_and_made_good(damaged, alone, tmp_path, capsys):
    claim(tmp_path, SWEEP, resume=True)
    run_sweep(tmp_path, SWEEP, None, quiet)
    name = "7-q24-wd0.001-s2"
    path = tmp_path / name / damaged
    if damaged.startswith("checkpoint"):
        record = tmp_path / name / "run.json"
        record.write_text(record.read_text().replace('"done"', '"running"'))
    path.unlink() if DAMAGES[damaged] is None else path.write_bytes(DAMAGES[damaged])
    for what in ("status", "orders"):
        assert main(["train", what, str(tmp_path), "--json"]) == 0
        captured = capsys.readouterr()
        assert captured.err == ""
        assert ('"damaged"' in captured.out) == (DAMAGES[damaged] is not None)
    if damaged in ("run.json", "checkpoint.safetensors"):  # only their owner knows what they were
        outcomes = run_sweep(tmp_path, SWEEP, None, quiet)
        assert outcomes[name][0] == "failed" and str(path) in outcomes[name][1]
        path.unlink()
    run_sweep(tmp_path, SWEEP, None, quiet)
    assert content(tmp_path) == alone


@pytest.mark.parametrize("change", [{"batch": 0}, {"batch": "x"}, {"device": "tpu"}, {"lists": {}}])
def test_a_damaged_config_is_one_line(change, tmp_path, capsys):
    claim(tmp_path, SWEEP, resume=True)
    config = json.loads((tmp_path / "config.json").read_text())
    (tmp_path / "config.json").write_text(json.dumps(config | change))
    assert main(["train", "status", str(tmp_path)]) == 2
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.slow
def test_what_killed_processes_left_is_cleared_away(alone, tmp_path):
    name = next(iter(SWEEP.runs()))
    (tmp_path / name).mkdir()
    for leftover in (".index.json.x1", f"{name}/.metrics.npz.x2", f"{name}/.checkpoint.safetensors.x3", "stop"):
        (tmp_path / leftover).write_text("half")
    dispatch.progress_path(tmp_path, name).write_text("{")
    run_sweep(tmp_path, SWEEP, processes(2), quiet)
    assert content(tmp_path) == alone


class LosesWorkers(Executor):
    """Whatever is submitted, its worker is lost."""

    def submit(self, fn, /, *args, **kwargs):
        future = Future()
        future.set_exception(RuntimeError("worker\nlost"))
        return future


def test_batches_whose_worker_is_lost_fail_with_a_reason(tmp_path):
    outcomes = run_sweep(tmp_path, SWEEP, lambda batches: LosesWorkers(), quiet)
    assert set(outcomes.values()) == {("failed", "its worker failed: worker lost")}
    record = json.loads((tmp_path / "7-q24-wd0.001-s1" / "run.json").read_text())
    assert (record["status"], record["error"]) == ("failed", "its worker failed: worker lost")


class Gone(Executor):
    """The executor loses all its workers at once."""

    def submit(self, fn, /, *args, **kwargs):
        future = Future()
        future.set_exception(CancelledError())
        return future


@pytest.mark.slow
def test_when_all_workers_are_gone_no_run_has_failed(alone, tmp_path):
    with pytest.raises(InputError, match=r"workers are gone \(CancelledError\): continue with --resume"):
        run_sweep(tmp_path, SWEEP, lambda batches: Gone(), quiet)
    index = json.loads((tmp_path / "index.json").read_text())
    assert {entry["status"] for entry in index.values()} == {"waiting"}
    run_sweep(tmp_path, SWEEP, None, quiet)
    assert content(tmp_path) == alone


class Dies(ThreadPoolExecutor):
    """One batch kills its process, and with it all that are under way beside it."""

    def submit(self, fn, /, task):
        broken = Future()
        broken.set_exception(BrokenProcessPool())
        self.doomed = getattr(self, "doomed", False) or POISON in task["runs"]
        if self.doomed:
            dispatch.progress_path(Path(task["out"]), next(iter(task["runs"]))).write_text("{}")
            return broken
        return super().submit(fn, task)


POISON = "7-q24-wd0.001-s2"


@pytest.mark.slow
def test_a_batch_that_kills_its_process_fails_alone(alone, tmp_path):
    outcomes = run_sweep(tmp_path, SWEEP, lambda batches: Dies(1), quiet)
    assert outcomes.pop(POISON) == ("failed", "its process died repeatedly (killed, or no memory)")
    assert {status for status, _ in outcomes.values()} == {"done", "collapsed"}
    others = {path: data for path, data in content(tmp_path).items() if POISON not in path and path != "index.json"}
    assert others == {path: data for path, data in alone.items() if POISON not in path and path != "index.json"}


@pytest.mark.slow
def test_a_stopped_sweep_goes_on(alone, tmp_path):
    """Interrupted from within: the workers put their batches down and nothing of the signal stays."""

    def interrupt(name, message):
        if message.get("status") in ("done", "collapsed"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_sweep(tmp_path, SWEEP, processes(2), interrupt)
    assert not (tmp_path / dispatch.STOP).exists()
    run_sweep(tmp_path, SWEEP, processes(2), quiet)
    assert content(tmp_path) == alone


TWENTY = ["--group", "7,2x3", "--hidden", "48", "--seeds", "1-5", "--weight-decay", "1e-3,1e-2", "--epochs", "2000"]


def command(out, *more):
    return [sys.executable, "-m", "cogo_search", "train", *TWENTY, "--out", str(out), *map(str, more)]


@pytest.fixture
def cluster():
    distributed = pytest.importorskip("distributed")
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None, silence_logs="CRITICAL"
        ) as cluster,
        distributed.Client(cluster, set_as_default=False) as client,
    ):
        yield client


def wait_for(condition):
    for _ in range(1200):
        if found := condition():
            return found
        time.sleep(0.05)
    raise AssertionError("waited in vain")


@pytest.mark.slow
def test_a_dask_worker_killed_in_the_middle_costs_nothing(cluster, tmp_path):
    subprocess.run(command(tmp_path / "local", "--workers", 2), check=True, capture_output=True, timeout=300)
    swept = command(tmp_path / "dask", "--executor", "dask", "--scheduler", cluster.scheduler.address)
    process = subprocess.Popen(swept, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    wait_for(lambda: len(list((tmp_path / "dask").glob("*/metrics.npz"))) >= 3)
    wait_for(lambda: list((tmp_path / "dask").glob("progress-*")))
    os.kill(next(iter(cluster.run(os.getpid).values())), signal.SIGKILL)
    assert len(list((tmp_path / "dask").glob("*/metrics.npz"))) < 20
    errors = process.communicate(timeout=300)[1]
    assert (process.returncode, errors) == (0, "")
    assert content(tmp_path / "dask") == content(tmp_path / "local")
    assert (tmp_path / "dask" / "config.json").read_bytes() == (tmp_path / "local" / "config.json").read_bytes()


@pytest.mark.slow
def test_a_cluster_that_goes_away_is_one_line(tmp_path):
    distributed = pytest.importorskip("distributed")
    options = {"threads_per_worker": 1, "host": "127.0.0.1", "dashboard_address": None, "silence_logs": "CRITICAL"}
    with distributed.LocalCluster(n_workers=1, **options) as cluster:
        swept = command(tmp_path, "--executor", "dask", "--scheduler", cluster.scheduler_address)
        process = subprocess.Popen(swept, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        wait_for(lambda: list(tmp_path.glob("*/metrics.npz")))
    out, errors = process.communicate(timeout=120)
    assert (process.returncode, out, errors.count("\n")) == (2, "", 1)
    assert "--resume" in errors
    index = json.loads((tmp_path / "index.json").read_text())
    assert "failed" not in {entry["status"] for entry in index.values()}


@pytest.mark.slow
def test_a_sweep_waits_for_gpus_and_says_so(cluster, tmp_path):
    swept = [*command(tmp_path, "--executor", "dask", "--scheduler", cluster.scheduler.address), "--device", "cuda"]
    process = subprocess.Popen(swept, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    wait_for(lambda: (tmp_path / "index.json").exists())
    time.sleep(1)
    process.send_signal(signal.SIGINT)
    assert "--resources GPU=1" in process.communicate(timeout=120)[1]


@pytest.mark.slow
def test_an_interrupted_dask_sweep_puts_its_runs_down(cluster, tmp_path):
    swept = command(tmp_path, "--executor", "dask", "--scheduler", cluster.scheduler.address)
    process = subprocess.Popen(swept, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    wait_for(lambda: list(tmp_path.glob("*/metrics.npz")))
    process.send_signal(signal.SIGINT)
    out, errors = process.communicate(timeout=120)
    assert (process.returncode, out) == (130, "")
    assert "Traceback" not in errors
    assert not (tmp_path / dispatch.STOP).exists()
    assert not list(tmp_path.glob("progress-*"))
    wait_for(lambda: not any(cluster.processing().values()))


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["--executor", "dask"], "--scheduler"),
        (["--scheduler", "tcp://127.0.0.1:1"], "--executor dask"),
        (["--executor", "dask", "--scheduler", "nonsense://x"], "nonsense://x"),
        (["--executor", "dask", "--scheduler", "tcp://127.0.0.1:8786x"], "8786x"),
        (["--executor", "dask", "--scheduler", "tcp://127.0.0.1:1", "--workers", "2"], "--workers 2"),
        (["--executor", "dask", "--scheduler", "tcp://127.0.0.1:1"], "tcp://127.0.0.1:1 does not answer"),
        (["--batch", "0"], "--batch"),
        (["--lr", "0.01,x"], "0.01,x"),
    ],
)
def test_bad_arguments_are_one_clear_line_and_nothing_is_written(arguments, named, tmp_path, capsys, monkeypatch):
    pytest.importorskip("distributed")
    monkeypatch.setattr("cogo_search.training.executors.SCHEDULER_SECONDS", 1)
    try:
        code = main(["train", "--group", "7", *arguments, "--out", str(tmp_path / "r")])
    except SystemExit as stop:
        code = stop.code
    captured = capsys.readouterr()
    assert (code, captured.out, captured.err.count("\n")) == (2, "", 1)
    assert named in captured.err
    assert not (tmp_path / "r").exists()


@pytest.mark.slow
def test_a_resumed_sweep_keeps_its_batches(tmp_path, capsys):
    arguments = ["train", "--group", "5", "--hidden", "8", "--seeds", "1-4", "--epochs", "100", "--out", str(tmp_path)]
    assert main([*arguments, "--batch", "3"]) == 0
    assert json.loads((tmp_path / "config.json").read_text())["batch"] == 3
    assert main([*arguments, "--resume"]) == 0
    assert main([*arguments, "--resume", "--batch", "2"]) == 2
    assert "batch=3, not 2" in capsys.readouterr().err


@pytest.mark.slow
def test_workers_that_cannot_begin_end_the_sweep(tmp_path):
    """A script without the guard that multiprocessing asks for starts itself again in every worker."""
    script = tmp_path / "script.py"
    words = ["train", "--group", "5", "--hidden", "8", "--epochs", "100", "--seeds", "1-2", "--workers", "2"]
    words += ["--out", str(tmp_path / "runs")]
    script.write_text(f"from cogo_search.cli import main\nraise SystemExit(main({words}))\n")
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 2
    assert "the worker processes end before they begin" in done.stderr
