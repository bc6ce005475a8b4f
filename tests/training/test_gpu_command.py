"""The prepared command for a GPU, on a CPU with its small setting: every step ends well and its results are whole."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("torch")
ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
def test_the_command_on_a_cpu(tmp_path):
    environment = {**os.environ, "PYTHON": sys.executable, "DEVICE": "cpu", "SMALL": "1", "MINUTES": "9"}
    environment.pop("PYTEST_XDIST_WORKER", None)
    command = ["bash", str(ROOT / "benchmarks" / "gpu.sh"), str(tmp_path / "out")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stdout[-2000:]
    results = json.loads((tmp_path / "out" / "results.json").read_text())
    assert {name: step["status"] for name, step in results["steps"].items()} == {
        "tests": 0,
        "speed": 0,
        "table": 0,
        "figures": 0,
    }
    assert results["tests"]["failed"] == [] and results["tests"]["passed"] >= 7
    assert results["table2"] == {"done": 4} and results["table2_against_cpu"]["differing"] == []
