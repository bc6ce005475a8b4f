"""What a command prints as JSON is what the face's values give as dictionaries."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import cogo_search as cogo
from cogo_search.cli import main

CATALOG = Path(__file__).resolve().parents[2] / "catalog" / "roots-3-4.json"


@pytest.fixture
def printed(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def run(*arguments, code=0):
        assert main([*map(str, arguments), "--json"]) == code
        return json.loads(capsys.readouterr().out)

    return run


def as_json(value):
    return json.loads(json.dumps(value.to_dict()))


def test_search_and_entries(printed):
    out = printed("enumerate", "--roots", "4", "--out", "c.json")
    catalog = cogo.load_catalog("c.json")
    assert as_json(catalog) == out
    assert printed("list", "--catalog", "c.json") == [as_json(entry) for entry in catalog]
    assert printed("show", catalog[0].id, "--catalog", "c.json") == as_json(catalog[0])
    assert printed("list", "--catalog", "c.json", "--cover", "rc") == [as_json(e) for e in catalog.filter(cover="Rc")]
    assert printed("verify", "c.json") == as_json(cogo.verify("c.json"))
    assert printed("table", "--roots", "3,4") == as_json(cogo.generator_table([3, 4]))


def test_networks_and_matches(printed):
    net = cogo.construct("7", recipe="f4/6")
    assert printed("construct", "--group", "7", "--recipe", "f4/6", "--out", "n.npz") == as_json(net)
    assert printed("evaluate", "n.npz") == as_json(cogo.load_network("n.npz").evaluate())
    assert printed("potentials", "n.npz") == as_json(cogo.potentials("n.npz"))
    matches = cogo.match("n.npz", catalog=CATALOG)
    assert printed("match", "n.npz", "--catalog", CATALOG) == as_json(matches)
    assert printed("compare", "n.npz", "--catalog", CATALOG, "--rules", "paper") == as_json(
        cogo.compare("n.npz", rules="paper")
    )


def test_the_frontier(printed):
    asked = {"trivial": "with", "target": "zero-mean", "starts": 4}
    out = printed(
        "frontier", "search", "--group", "3", "--width", "4", "--trivial", "with", "--target", "zero-mean",
        "--starts", "4", "--out", "n.npz",
    )  # fmt: skip
    found = cogo.frontier.search(3, 4, **asked)
    out.pop("written", None)
    assert out == as_json(found)
    assert found.hits and cogo.frontier.certify(found.network).to_dict()["width"] == 4


@pytest.mark.slow
def test_training(printed):
    pytest.importorskip("torch")
    out = printed("train", "--group", "5", "--hidden", "12", "--epochs", "100", "--seeds", "1,2", "--out", "runs")
    assert out == as_json(cogo.load_runs("runs")) == printed("train", "status", "runs")
