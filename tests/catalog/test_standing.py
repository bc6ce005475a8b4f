"""Which catalogs are known to be true, and what commands say of the others."""

import json
import shutil
from pathlib import Path

import pytest

from cogo_search import verifier
from cogo_search.catalog import standing
from cogo_search.catalog.catalog_files import digest
from cogo_search.cli import main

SHIPPED = Path(__file__).resolve().parents[2] / "catalog"


@pytest.fixture
def own(tmp_path, monkeypatch):
    """A copy of a shipped catalog in a folder of the user's, and an empty cache."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return Path(shutil.copy(SHIPPED / "roots-3-4.json", tmp_path / "own.json"))


def falsified(path):
    data = json.loads(path.read_text())
    data["entries"][0]["orbit_size"] += 1
    path.write_text(json.dumps({**data, "digest": digest(data)}))
    return path


def test_shipped_catalogs_need_no_stamp(own):
    assert standing.reservations(SHIPPED.glob("*.json")) == []
    assert not standing.stamp(SHIPPED / "roots-24.json").exists()


def test_a_true_catalog_is_verified_on_reading_once(own, monkeypatch):
    assert standing.reservations([own]) == []
    assert standing.stamp(own).exists()
    monkeypatch.setattr(verifier, "judge", None)  # not called again
    assert standing.reservations([own]) == []


def test_a_false_catalog_is_called_so(own):
    [line] = standing.reservations([falsified(own)])
    assert line.startswith(f"{own} does not verify, do not rely on it: entry '")
    assert not standing.stamp(own).exists()


def test_a_long_verification_is_left_to_verify(own, monkeypatch):
    monkeypatch.setattr(standing, "GLANCE", 0.01)
    [line] = standing.reservations([own])
    assert line == f"{own} was not verified since it was written: python -m cogo_search verify {own}"
    assert main(["verify", str(own)]) == 0
    assert standing.reservations([own]) == []
    own.write_text(own.read_text() + "\n")
    assert len(standing.reservations([own])) == 1


def test_a_cache_that_cannot_be_written_is_done_without(own, monkeypatch):
    (own.parent / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(own.parent / "file"))
    assert standing.reservations([own]) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    "command",
    [
        ["list"],
        ["show", "n6-q6"],
        ["graph"],
        ["construct", "--group", "7", "--minimal"],
        ["frontier", "table", "--group", "3"],
    ],
    ids=lambda words: words[0],
)
def test_commands_say_so_on_stderr(own, command, capsys):
    assert main([*command, "--catalog", str(falsified(own)), "--json"][: None if command[0] != "graph" else -1]) in (
        0,
        2,
    )
    captured = capsys.readouterr()
    assert f"cogo_search: note: {own} does not verify" in captured.err
    assert "does not verify" not in captured.out


@pytest.mark.slow
def test_the_report_lists_it_as_missing(own, tmp_path, capsys):
    assert main(["report", "--catalog", str(falsified(own)), "--out", str(tmp_path / "page"), "--json"]) == 0
    missing = json.loads(capsys.readouterr().out)["missing"]
    [item] = [m for m in missing if m["what"] == "verification of own.json"]
    assert item["command"] == f"python -m cogo_search verify {own}"


def test_claims_carry_quantity_conditions_and_frequency(capsys):
    """An order-4 entry of 4k = 0 and an order-6 one at a generic frequency, both least among all real weights."""
    assert main(["list", "--catalog", str(SHIPPED / "roots-8-weighted-k4.json"), "--cover", "all"]) == 0
    assert "minimal order for all at 4k = 0 among all real weights" in capsys.readouterr().out
    assert main(["list", "--catalog", str(SHIPPED / "roots-12.json"), "--cover", "all"]) == 0
    assert "minimal order for all at a generic frequency among all real weights" in capsys.readouterr().out
