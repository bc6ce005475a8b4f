"""The tutorial is what a reader would type: its script runs the commands of docs/tutorial.md, with the same result."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
def test_the_tutorial(tmp_path):
    pytest.importorskip("torch")
    pytest.importorskip("matplotlib")
    script = ROOT / "scripts" / "tutorial.py"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, script, tmp_path / "work"], env=environment, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    typed = [line[2:] for line in done.stdout.splitlines() if line.startswith("$ ")]
    blocks = (ROOT / "docs" / "tutorial.md").read_text().split("```sh\n")[1:]
    assert typed == [line for block in blocks for line in block.split("```")[0].splitlines()]
    assert "11 entries" in done.stdout and "5 entries" in done.stdout and "24 entries" in done.stdout

    page = (tmp_path / "work" / "report" / "index.html").read_text()
    data = json.loads(page.split('<script type="application/json" id="data">')[1].split("</script>")[0])
    runs = data["trained"]["runs"]
    frequencies = [f for run in runs for f in run["frequencies"]]
    assert len(runs) == 3 and len(frequencies) == 18
    assert {f[1] for f in frequencies} == {4, 6}
    named = [f for f in frequencies if data["trained"]["statuses"][f[2]] == "family"]
    assert len(named) >= 16  # rounding differs between machines
    hits = {e["id"]: e["found"]["hits"] for e in data["entries"] if e["found"]}
    assert hits["cogo1-n8-q4-057869fa55c95a20"] > 0 and hits["cogo1-n6-q6-a6463b45fde25e12"] > 0
    assert hits["cogo1-n4-q6-dc220cf61393bea6"] == 0
