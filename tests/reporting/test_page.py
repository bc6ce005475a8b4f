"""The page and the command without a browser: what is embedded, partial inputs, one-line errors."""

import base64
import hashlib
import html.parser
import json
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from cogo_search.catalog.catalog import Catalog
from cogo_search.cli import main
from cogo_search.reporting.build import grouped
from cogo_search.reporting.collect import Missing, gather
from cogo_search.reporting.page import page_data, write_page
from cogo_search.reporting.page.document import ASSETS, embedded
from cogo_search.reporting.page.entries import command
from cogo_search.reporting.page.runs import POINTS, curves
from cogo_search.reporting.style import COVERS
from cogo_search.terminal.entry import facts

#: Reports are made of runs that are trained for it.
pytestmark = pytest.mark.slow


def run(*arguments, cwd):
    words = [sys.executable, "-m", "cogo_search", *map(str, arguments)]
    return subprocess.run(words, cwd=cwd, capture_output=True, text=True, timeout=120)


class Elements(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags, self.texts, self.attributes, self.open = [], [], [], False
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes.append(dict(attributes))
        self.texts.append("")
        self.open = True

    def handle_endtag(self, tag):
        self.open = False

    def handle_data(self, data):
        if self.open:
            self.texts[-1] += data

    def of(self, tag):
        return [i for i, name in enumerate(self.tags) if name == tag]


@pytest.fixture(scope="module")
def inputs():
    return gather(None, None)


@pytest.fixture(scope="module")
def text(inputs, tmp_path_factory):
    return write_page(inputs, [], [], inputs.missing, tmp_path_factory.mktemp("page")).read_text()


def data_of(text):
    elements = Elements(text)
    return json.loads(elements.texts[elements.of("script")[0]])


def test_the_page_is_small_and_the_same_again(inputs, text, tmp_path):
    assert len(text.encode()) < 1_500_000
    assert write_page(inputs, [], [], inputs.missing, tmp_path).read_text() == text
    assert [path.name for path in tmp_path.iterdir()] == ["index.html"]


def test_the_policy_allows_its_own_script_and_style_alone(text):
    elements = Elements(text)
    policy = next(a["content"] for a in elements.attributes if a.get("http-equiv") == "Content-Security-Policy")
    for kind, place in (("script", elements.of("script")[1]), ("style", elements.of("style")[0])):
        digest = base64.b64encode(hashlib.sha256(elements.texts[place].encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'; img-src data:;")
    links = [a[key] for a in elements.attributes for key in ("src", "href") if key in a]
    assert all(link.startswith(("#", "data:")) for link in links)


def test_data_cannot_end_their_element():
    nasty = {"name": "</script><script>alert(1)</script>", "other": "<!--", "more": "\u2028 & \U0001f600"}
    text = embedded(nasty)
    assert "<" not in text and ">" not in text and text.isascii()
    assert json.loads(text) == nasty


def test_entries_are_those_of_the_catalogs(inputs, text):
    data = data_of(text)
    records = {json.loads(e["json"])["id"]: json.loads(e["json"]) for e in data["entries"]}
    assert records == {i.record["id"]: i.record for i in Catalog.read().entries}
    networks = [json.loads(n["json"]) for n in data["networks"]]
    assert networks == [i.record for i in inputs.networks]
    assert not any("problem" in n for n in data["networks"])


def test_zero_patterns_are_computed_from_the_nodes(inputs, text):
    for e in data_of(text)["entries"]:
        record = json.loads(e["json"])
        wanted = [p for p in e["potentials"] if p["wanted"]]
        assert [p["name"] for p in wanted if p["value"] == "0"] == record["zero_set"]
        assert (wanted[0]["name"], wanted[0]["value"]) == ("abc", "1")
        z = np.array([np.exp(2j * np.pi * np.array(node["turns"])) for node in e["nodes"]])
        c = np.array([complex(*node["c"]) for node in e["nodes"]])
        assert abs((z[:, 0] * z[:, 1] * c).sum() - 1) < 1e-4


@pytest.mark.parametrize("catalog", [None, Path("catalogs of mine/x.json")])
def test_every_entry_has_a_command_that_is_well_formed(catalog):
    for located in Catalog.read().entries:
        words = shlex.split(command(located.record, catalog)["command"])
        assert words[:3] == ["python", "-m", "cogo_search"]
        assert words[3] in ("construct", "show")
        assert catalog is None or words[-2:] == ["--catalog", str(catalog)]


def test_commands_do_what_they_say(capsys):
    kinds = {}
    for located in Catalog.read().entries:
        kinds.setdefault((located.record["character_order"], *located.record["covers"]), located)
    built = 0
    for located in kinds.values():
        entry, catalog = located.record, Path(located.catalogs[0])
        line = command(entry, catalog)
        assert main(shlex.split(line["command"])[3:]) == 0, line
        printed = capsys.readouterr().out
        if "construct" in line["command"]:
            built += 1
            assert "0 exactly (decided in integers)" in printed
            assert "builds a network of loss exactly 0" in line["role"]
        else:
            assert not {"Rc", "R*"} <= set(entry["covers"])
    assert built >= 5


def test_facts_on_the_page_are_those_of_show(inputs, text):
    known = {e["id"]: e for e in data_of(text)["entries"]}
    located = inputs.entries[5]
    texts = dict(facts(located))
    assert known[located.record["id"]]["bound"] == texts["optimality"]
    assert dict(known[located.record["id"]]["facts"]).items() <= texts.items()


def test_the_graph_joins_entries(inputs, text):
    data = data_of(text)
    ids = [e["id"] for e in data["entries"]]
    joined = {(ids[source], ids[target]): order for source, target, order in data["edges"]}
    assert joined == {(s, t): edge["order"] for s, t, edge in inputs.graph.edges(data=True)}


def test_curves_keep_the_ends_and_real_values():
    epoch = np.arange(0, 10001, 100)
    metrics = {"epoch": epoch, "train_loss": 1 / (1.0 + epoch), "test_loss": np.full(len(epoch), np.nan)}
    metrics |= {"train_accuracy": np.ones(len(epoch)), "test_accuracy": np.full(len(epoch), np.nan)}
    found = curves(metrics)
    assert found["epoch"][0] == 0 and found["epoch"][-1] == 10000 and len(found["epoch"]) == POINTS
    assert set(found) == {"epoch", "train_loss", "train_accuracy"}
    for e, value in zip(found["epoch"], found["train_loss"], strict=True):
        assert value == pytest.approx(1 / (1 + e), rel=5e-3)


def test_things_that_lack_together_are_named_together():
    one = [Missing("a", "no runs", "train"), Missing("b", "no runs", "train"), Missing("c", "broken", "train")]
    assert grouped([*one, one[0]]) == (Missing("a; b", "no runs", "train"), Missing("c", "broken", "train"))


def test_report_on_a_fresh_catalog(tmp_path):
    assert run("enumerate", "--roots", "3,4", cwd=tmp_path).returncode == 0
    done = run("report", "--json", "--catalog", "catalog/roots-3-4.json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    written = json.loads(done.stdout)
    page = tmp_path / "report" / "index.html"
    assert written["page"] == "report/index.html" and page.stat().st_size < 5_000_000
    assert all((tmp_path / path).exists() for path in [*written["figures"], *written["tables"]])
    assert any(m["why"] == "no --runs given" and "cogo_search train" in m["command"] for m in written["missing"])
    data = data_of(page.read_text())
    assert len(data["entries"]) == 11 and data["trained"]["runs"] == [] and not data["compared"]
    assert data["missing"] == written["missing"]


def test_partial_runs_become_what_is_missing(tmp_path):
    pytest.importorskip("torch")
    from cogo_search.training.config import Settings
    from cogo_search.training.runs import run as train

    runs = tmp_path / "runs"
    settings = Settings("7", hidden=20, epochs=100, snapshots=(0, 100))
    assert train(runs / "good", settings) == "done"
    for name in ("running", "no-metrics", "bad-metrics", "bad-snapshot", "no-record", "bad-record"):
        shutil.copytree(runs / "good", runs / name)
    record = json.loads((runs / "good" / "run.json").read_text())
    (runs / "running" / "run.json").write_text(json.dumps({**record, "status": "running", "epoch": 50}))
    (runs / "no-metrics" / "metrics.npz").unlink()
    (runs / "bad-metrics" / "metrics.npz").write_bytes(b"PK\x03\x04 not an archive")
    (runs / "bad-snapshot" / "epoch-00100.safetensors").write_bytes(b"\x00" * 40)
    (runs / "no-record" / "run.json").unlink()
    (runs / "bad-record" / "run.json").write_text("{")
    (runs / "empty").mkdir()
    done = run("report", "--runs", runs, "--catalog", _shipped("roots-3-4.json"), "--out", "out", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    data = data_of((tmp_path / "out" / "index.html").read_text())
    found = {r["name"]: r for r in data["trained"]["runs"]}
    assert found["good"]["problem"] is None and len(found["good"]["frequencies"]) == 3
    broken = {"running", "no-metrics", "bad-metrics", "bad-snapshot", "no-record", "bad-record"}
    assert {name for name, r in found.items() if r["problem"]} == broken
    lacking = " ".join(m["what"] for m in data["missing"])
    assert all(name in lacking for name in broken)
    assert all(m["command"].startswith(("python ", "pip install")) for m in data["missing"])


def test_an_empty_folder_of_runs_is_said_to_be_empty(tmp_path):
    (tmp_path / "runs").mkdir()
    done = run("report", "--runs", "runs", "--catalog", _shipped("roots-6.json"), cwd=tmp_path)
    assert done.returncode == 0
    assert re.search(r"training runs \(runs holds none\)", done.stdout)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--catalog", "nowhere.json"], "nowhere.json cannot be read"),
        (["--runs", "nowhere"], "--runs nowhere is no folder"),
        (["--out", "taken"], "--out taken is no folder"),
        (["--out", ""], "--out '' is empty: name a folder"),
        (["--out", "page"], "--out page: page/index.html is a folder: remove it"),
        (["--out", "pictures"], "--out pictures: pictures/figures is no folder: remove it"),
        (["--out", "taken/below"], "--out taken/below"),
        (["--out", "/proc/nothing"], "--out /proc/nothing"),
    ],
)
def test_bad_arguments_end_in_one_line_and_write_nothing(tmp_path, arguments, said):
    (tmp_path / "taken").write_text("a file")
    (tmp_path / "page" / "index.html").mkdir(parents=True)
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "figures").write_text("a file")
    there = sorted(tmp_path.rglob("*"))
    done = run("report", *arguments, cwd=tmp_path)
    assert done.returncode == 2 and done.stdout == ""
    assert said in done.stderr and done.stderr.count("\n") == 1
    assert sorted(tmp_path.rglob("*")) == there


def test_an_old_page_stays_until_the_new_one_is_complete(inputs, tmp_path, monkeypatch):
    path = write_page(inputs, [], [], [], tmp_path)
    old = path.read_bytes()
    monkeypatch.setattr("os.fsync", lambda handle: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(Exception, match="No space left"):
        write_page(inputs, [], [], [Missing("a", "b", "c")], tmp_path)
    assert path.read_bytes() == old and [p.name for p in tmp_path.iterdir()] == ["index.html"]


def test_without_matplotlib_the_page_says_how_to_get_figures(tmp_path, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    assert main(["report", "--catalog", str(_shipped("roots-6.json")), "--out", str(tmp_path / "out")]) == 0
    assert "pip install 'cogo_search[report]'" in capsys.readouterr().out
    data = data_of((tmp_path / "out" / "index.html").read_text())
    assert data["figures"] == [] and any("matplotlib" in m["why"] for m in data["missing"])


def test_large_figures_stay_beside_the_page(inputs, tmp_path):
    from cogo_search.reporting.figures import Written

    for name, size in (("small", 1_000), ("drawing", 300_000), ("vast", 12_000_000)):
        (tmp_path / f"{name}.svg").write_bytes(b"<svg/>" + b" " * size)
        (tmp_path / f"{name}.png").write_bytes(b"png" * (size // 18))
    figures = [Written(n, n, "c", tmp_path / f"{n}.svg", tmp_path / f"{n}.png") for n in ("vast", "small", "drawing")]
    found = {f["name"]: (f["image"][:15], f["file"]) for f in page_data(inputs, figures, [], [])["figures"]}
    assert found == {
        "vast": ("", f"{tmp_path.name}/vast.svg"),
        "small": ("data:image/svg+", f"{tmp_path.name}/small.svg"),
        "drawing": ("data:image/png;", f"{tmp_path.name}/drawing.svg"),
    }


def _shipped(name):
    from cogo_search.catalog.catalog_files import find_catalogs

    return next(path.resolve() for path in find_catalogs(None) if path.name == name)


def test_sets_of_conditions_have_the_colours_of_the_figures():
    script, css = ((ASSETS / name).read_text() for name in ("graph.js", "page.css"))
    tints = dict(re.findall(r'"?([Rcn*+]+)"?: "(n[0-9])"', script))
    light = css[: css.index("@media")]
    assert {name: re.search(rf"--{tint}: (#\w+);", light)[1].upper() for name, tint in tints.items()} == COVERS
