"""What macOS and Windows lack is done without: played on this system, with the modules taken away."""

import os
import subprocess
import sys
import types

import pytest

from cogo_search import machine
from cogo_search.training.run_folder import LOCK, alone

WITHOUT = """
import os, sys
sys.modules["fcntl"] = None
del os.sched_getaffinity
import cogo_search.reporting.build, cogo_search.training.run_folder
from cogo_search.cli import main
for arguments in sys.argv[1:]:
    assert main(arguments.split()) == 0, arguments
"""


def without(*commands, cwd):
    return subprocess.run(
        [sys.executable, "-c", WITHOUT, *commands], cwd=cwd, capture_output=True, text=True, timeout=300
    )


@pytest.fixture
def fakes(monkeypatch):
    """Modules by name; those that are not named are absent."""
    held = {}
    monkeypatch.setattr(machine, "_module", held.get)
    return held


@pytest.mark.slow
def test_modules_load_without_what_other_systems_lack(tmp_path):
    assert without(cwd=tmp_path).returncode == 0


@pytest.mark.slow
def test_commands_start_without_what_other_systems_lack(tmp_path):
    pytest.importorskip("torch")
    train = "train --group 3 --hidden 8 --epochs 100 --snapshots 100 --seeds 1-2 --workers 1 --out runs"
    done = without(train, "train status runs", "report --runs runs --json --out r", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "this system has no locks on files" in done.stderr
    assert (tmp_path / "runs" / "3-q8-wd5e-05-s2" / "metrics.npz").exists()
    assert (tmp_path / "r" / "index.html").exists()


def test_all_cores_where_the_system_does_not_say(monkeypatch):
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    assert machine.usable_cores() == os.cpu_count()


def test_windows_locks_the_first_byte_and_waits(fakes, tmp_path, monkeypatch):
    refusals = [PermissionError(13, "held"), PermissionError(13, "held")]
    locked = []

    def locking(handle, mode, count):
        if refusals:
            raise refusals.pop()
        locked.append((mode, count))

    fakes["msvcrt"] = types.SimpleNamespace(locking=locking, LK_NBLCK=2)
    monkeypatch.setattr(machine, "AGAIN_SECONDS", 0.0)
    with alone(tmp_path):
        assert locked == [(2, 1)]
    assert machine.has_locks()


def test_a_file_system_without_locks_has_none(fakes, tmp_path):
    def refuse(*_):
        raise OSError(95, "not supported")

    fakes["fcntl"] = types.SimpleNamespace(flock=refuse, LOCK_EX=2)
    with alone(tmp_path):
        assert (tmp_path / LOCK).exists()
    del fakes["fcntl"]
    fakes["msvcrt"] = types.SimpleNamespace(locking=refuse, LK_NBLCK=2)
    with alone(tmp_path):
        pass


def test_no_locks_at_all(fakes, tmp_path):
    assert not machine.has_locks()
    with alone(tmp_path):
        assert (tmp_path / LOCK).exists()
