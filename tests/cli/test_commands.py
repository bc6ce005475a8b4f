"""The command line as a user meets it: exit codes, one-line errors, files, determinism."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cogo_search.catalog.catalog import Catalog, ids_at_hand
from cogo_search.catalog.lookup import short_ids
from cogo_search.catalog.wording import claim_text, scope_text
from cogo_search.cli import main

#: The catalog that the workspace has made, without those installed.
OWN = ("--catalog", "catalog/roots-3-4.json")


def run(*arguments, cwd):
    command = [sys.executable, "-m", "cogo_search", *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=120)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    folder = tmp_path_factory.mktemp("workspace")
    done = run("enumerate", "--roots", "3,4", cwd=folder)
    assert done.returncode == 0, done.stderr
    (folder / "stdout.txt").write_text(done.stdout)
    return folder


def test_enumerate_writes_the_default_catalog_and_prints_the_minima(workspace):
    catalog = json.loads((workspace / "catalog" / "roots-3-4.json").read_text())
    assert len(catalog["generators"]) == 24
    text = (workspace / "stdout.txt").read_text()
    assert "24 generators" in text
    assert text.count("pencil-rank") >= 8
    minima = {(row["model"], row["cover"]): row["order"] for row in catalog["minimal"]}
    for model in ("product", "free"):
        assert [minima[model, cover] for cover in ("all", "Rc+R*", "Rc+Rn", "Rc")] == [6, 4, 3, 3]
    assert all(row["claim"] == "minimal" and row["outcome"] == "PROVED" for row in catalog["minimal"])


@pytest.mark.slow
def test_two_runs_are_byte_identical(workspace, tmp_path):
    first = (workspace / "catalog" / "roots-3-4.json").read_bytes()
    assert run("enumerate", "--roots", "4,3,3", "--out", tmp_path / "again.json", cwd=tmp_path).returncode == 0
    assert (tmp_path / "again.json").read_bytes() == first


@pytest.mark.slow
def test_json_on_stdout_is_data_only(tmp_path):
    done = run("enumerate", "--roots", "4", "--model", "free", "--cover", "rc,rc+rstar", "--json", cwd=tmp_path)
    summary = json.loads(done.stdout)
    assert [row["cover"] for row in summary["minimal"]] == ["Rc+R*", "Rc"]
    assert summary["search"]["complete"]["Rc"]["free"]["found"] == 8


@pytest.mark.slow
def test_verify_accepts_and_refuses(workspace, tmp_path):
    path = workspace / "catalog" / "roots-3-4.json"
    assert run("verify", path, cwd=workspace).returncode == 0
    assert run("verify", "--deep", path, cwd=workspace).returncode == 0
    text = path.read_text()
    (tmp_path / "false.json").write_text(text.replace('"order": 4', '"order": 5', 1))
    assert run("verify", tmp_path / "false.json", cwd=tmp_path).returncode == 1
    (tmp_path / "truncated.json").write_text(text[: len(text) // 2])
    done = run("verify", tmp_path / "truncated.json", cwd=tmp_path)
    assert (done.returncode, done.stderr.count("\n") + done.stdout.count("\n")) == (2, 1)
    (tmp_path / "future.json").write_text(text.replace('"schema_version": 1', '"schema_version": 99', 1))
    assert run("verify", tmp_path / "future.json", cwd=tmp_path).returncode == 2


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["enumerate", "--roots", "0"], "0"),
        (["enumerate", "--roots", "1,x"], "1,x"),
        (["enumerate", "--roots", ""], "empty"),
        (["enumerate", "--roots", "100000"], "100000"),
        (["enumerate", "--roots", "7,11,13"], "1001"),
        (["enumerate", "--roots=-3"], "-3"),
        (["enumerate", "--roots", "3", "--cover", "rq"], "rq"),
        (["enumerate", "--roots", "3", "--limit", "0"], "0"),
        (["enumerate", "--roots", "3", "--budget", "inf"], "inf"),
        (["enumerate", "--roots", "3", "--out", "/proc/no/catalog.json"], "/proc/no/catalog.json"),
        (["enumerate", "--roots", "3", "--out", "."], "folder"),
        (["enumerate"], "--roots"),
        (["table", "--roots", "3,,4"], "3,,4"),
        (["verify"], "FILE"),
        (["verify", "missing.json"], "missing.json"),
        (["show", "cogo1-n99"], "cogo1-n99"),
        (["list", "--catalog", "missing.json"], "missing.json"),
        (["list", "--family", "nonsense"], "nonsense"),
        (["list", "--order", "-1"], "-1"),
        ([], "COMMAND"),
    ],
)
def test_bad_input_is_one_clear_line_and_exit_2(arguments, named, tmp_path):
    done = run(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert named in done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_unwritable_out_leaves_an_existing_file_alone(tmp_path):
    (tmp_path / "file").write_text("precious")
    done = run("enumerate", "--roots", "3", "--out", tmp_path / "file" / "catalog.json", cwd=tmp_path)
    assert done.returncode == 2
    assert (tmp_path / "file").read_text() == "precious"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("search", "delay", "signals"),
    [
        ("--roots 31 --budget 600", 0.0, 1),
        ("--roots 31 --budget 600", 0.6, 1),
        ("--roots 31 --budget 600", 2.0, 3),
        ("--roots 13 --cover rc+rn", 1.0, 1),  # while CP-SAT hands over solutions
        ("--roots 13 --cover rc+rn", 2.0, 3),
    ],
)
def test_interrupt_exits_130_and_leaves_the_old_catalog(search, delay, signals, tmp_path):
    old = tmp_path / "catalog.json"
    old.write_text("old")
    command = [sys.executable, "-m", "cogo_search", "enumerate", *search.split(), "--model", "free"]
    process = subprocess.Popen([*command, "--out", str(old)], cwd=tmp_path, stderr=subprocess.PIPE, text=True)
    for line in process.stderr:
        if "enumerating" in line:
            break
    time.sleep(delay)
    for _ in range(signals):
        process.send_signal(signal.SIGINT)
        time.sleep(0.02)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "Traceback" not in errors
    assert old.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["catalog.json"]


@pytest.mark.slow
def test_a_catalog_of_another_search_is_not_replaced_unasked(workspace, tmp_path):
    shutil.copytree(workspace / "catalog", tmp_path / "catalog")
    path = tmp_path / "catalog" / "roots-3-4.json"
    before = path.read_bytes()
    refused = run("enumerate", "--roots", "3,4", "--cover", "rc", cwd=tmp_path)
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
    assert "holds another search (covers" in refused.stderr
    assert "--out catalog/roots-3-4.json" in refused.stderr
    assert path.read_bytes() == before
    assert run("construct", "--group", "7", "--recipe", "f6", "--add-to", path, cwd=tmp_path).returncode == 0
    refused = run("enumerate", "--roots", "3,4", cwd=tmp_path)
    assert "holds whole networks" in refused.stderr
    path.write_text("{")
    assert "cannot be read as a catalog" in run("enumerate", "--roots", "3,4", cwd=tmp_path).stderr
    assert path.read_text() == "{"
    assert run("enumerate", "--roots", "3,4", "--out", path, cwd=tmp_path).returncode == 0
    assert run("enumerate", "--roots", "3,4", cwd=tmp_path).returncode == 0
    assert path.read_bytes() == before


@pytest.mark.slow
def test_show_takes_a_unique_prefix_and_names_ambiguity(workspace):
    catalog = json.loads((workspace / "catalog" / "roots-3-4.json").read_text())
    entry = catalog["entries"][0]
    done = run("show", entry["id"].rsplit("-", 1)[1][:8], "--json", *OWN, cwd=workspace)
    shown = json.loads(done.stdout)
    assert {key: shown[key] for key in entry} == entry
    assert entry["id"] in run("show", entry["id"], cwd=workspace).stdout
    ambiguous = run("show", "cogo1-n12", cwd=workspace)
    assert (ambiguous.returncode, ambiguous.stderr.count("\n")) == (2, 1)
    assert "ambiguous" in ambiguous.stderr


@pytest.mark.slow
def test_list_filters(workspace):
    def ids(*filters):
        done = run("list", "--json", *OWN, *filters, cwd=workspace)
        assert done.returncode == 0, done.stderr
        return [entry["id"] for entry in json.loads(done.stdout)]

    everything = ids()
    assert len(everything) == 11
    assert set(ids("--cover", "all")) == {i for i in everything if "-q6-" in i}
    assert set(ids("--order", "4")) == {i for i in everything if "-q4-" in i}
    assert set(ids("--n", "4")) == {i for i in everything if i.startswith("cogo1-n4-")}
    assert set(ids("--irreducible")) == {i for i in everything if "-q3-" in i}
    assert 0 < len(ids("--family", "nu*syn")) < len(everything)
    assert ids("--order", "5") == []
    assert "11 entries" in run("list", *OWN, cwd=workspace).stdout


def test_help_is_instant_because_heavy_libraries_load_only_where_used(tmp_path):
    script = (
        "import sys; from cogo_search.cli import build_parser; build_parser().format_help();"
        "heavy = 'numpy', 'scipy', 'ortools', 'torch', 'rich', 'jsonschema_rs', 'networkx';"
        "print([m for m in heavy if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_list_and_show_without_local_catalogs_use_the_installed_ones(tmp_path):
    done = run("list", "--order", "6", "--family", "nu*syn", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    catalogs = json.loads(done.stdout)[0]["catalogs"]
    assert {Path(name).name for name in catalogs} >= {"roots-3-4.json", "roots-6.json", "roots-12.json"}


def test_closed_pipe_is_no_error(workspace):
    shell = f"{sys.executable} -m cogo_search list | head -1"
    done = subprocess.run(["bash", "-c", f"set -o pipefail; {shell}"], cwd=workspace, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_full_disk_is_one_line_and_exit_2(workspace):
    shell = f"{sys.executable} -m cogo_search list > /dev/full"
    done = subprocess.run(["bash", "-c", shell], cwd=workspace, capture_output=True, text=True)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)


def terminal(columns, monkeypatch):
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setenv("COLUMNS", str(columns))


@pytest.mark.slow
@pytest.mark.parametrize("columns", [60, 80, 120, 300])
def test_no_id_cover_family_or_claim_is_lost_on_a_narrow_terminal(columns, workspace, monkeypatch, capsys):
    monkeypatch.chdir(workspace)
    terminal(columns, monkeypatch)
    assert main(["list", *OWN]) == 0
    text = re.sub(r"\x1b\[[0-9;]*m", "", capsys.readouterr().out)
    assert max(map(len, text.splitlines())) <= columns
    catalog = json.loads((workspace / "catalog" / "roots-3-4.json").read_text())
    short = short_ids([entry["id"] for entry in catalog["entries"]], ids_at_hand())
    for entry in catalog["entries"]:
        name = entry["id"] if columns == 300 else short[entry["id"]]
        lines = text[text.index(f"{name} ") :].splitlines()
        block = " ".join(lines[:1] if columns == 300 else lines[:3])
        assert "+".join(entry["covers"]) in lines[0]
        assert entry["families"] == [] or entry["families"][0]["name"] in block
        scope = entry["optimality"]["scope"]
        said = ["minimal", scope["minimised"].replace("_", " "), scope["cover"], "generic"]
        assert all(word in block for word in said)


@pytest.mark.slow
def test_short_ids_are_taken_by_show(workspace, monkeypatch, capsys):
    monkeypatch.chdir(workspace)
    terminal(80, monkeypatch)
    for arguments in (["list"], ["list", *OWN], ["enumerate", "--roots", "3,4", "--out", "other.json"]):
        assert main(arguments) == 0
        names = re.findall(r"(?m)^(?:k[24]-)?(?:n[0-9]|net-)[^ ]*", capsys.readouterr().out)
        assert len(names) == len(set(names)) >= 11
        located = Catalog.read()
        assert len({located[name].id for name in names}) == len(names)


def test_short_ids_grow_where_they_must():
    ids = ["cogo1-n6-q4-abcd000011112222", "cogo1-n6-q4-abcd000033334444", "cogo1-n6-q4-ef01000011112222"]
    assert list(short_ids(ids, []).values()) == ["n6-q4-abcd00001", "n6-q4-abcd00003", "n6-q4-ef01"]
    assert list(short_ids(ids[2:], ["cogo1-n6-q4-ef01200000000000"]).values()) == ["n6-q4-ef010"]


def test_a_short_claim_says_all_that_the_long_one_does():
    for entry in Catalog.read().entries:
        optimality = entry.record["optimality"]
        for text in (claim_text(optimality), claim_text(optimality, short=True)):
            scope = optimality["scope"]
            assert text.startswith(f"minimal {scope['minimised'].replace('_', ' ')}")
            assert scope["frequency"].removeprefix("one, ") in text
            assert scope_text(scope) in text and f" {scope['cover']}" in text


@pytest.mark.slow
def test_odd_roots_up_to_the_limit(tmp_path):
    done = run("enumerate", "--roots", "63", "--model", "free", "--cover", "rc", "--out", "x.json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert run("verify", "x.json", cwd=tmp_path).returncode == 0


def test_main_returns_the_exit_code_in_process(capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert main(["show", "nothing"]) == 2
    assert "nothing" in capsys.readouterr().err


def test_file_mode_follows_the_umask(workspace):
    mode = (workspace / "catalog" / "roots-3-4.json").stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    assert mode == 0o666 & ~mask
