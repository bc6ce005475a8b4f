"""The catalog object: schema, shipped files, and what an entry says of itself."""

import json
import os
from pathlib import Path

import jsonschema
import jsonschema_rs
import pytest

from cogo_search.catalog.build import build_catalog
from cogo_search.catalog.catalog_files import digest, dumps, find_catalogs, read_catalog, schema, write_catalog
from cogo_search.cli import main as cli
from cogo_search.errors import CatalogError, InputError, VerificationError
from cogo_search.searching.engine import SearchSettings, search
from cogo_search.storage import check_writable
from cogo_search.verifier import main as verify

SHIPPED = sorted((Path(__file__).parents[2] / "catalog").glob("*.json"))


@pytest.fixture(scope="module")
def small():
    return build_catalog(search(SearchSettings((6,))))


def test_the_shipped_catalogs_are_the_promised_ones():
    names = [
        "12-weighted-k4",
        "12-weighted",
        "12",
        "2-weighted-k2",
        "24",
        "3-4",
        "6",
        "8-weighted-k4",
        "8-weighted",
        "8",
    ]
    assert [path.name for path in SHIPPED] == ["frontier.json", *(f"roots-{name}.json" for name in names)]


@pytest.mark.slow
@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_shipped_catalog_fits_its_schema_and_verifies(path, capsys):
    jsonschema.Draft202012Validator(schema()).validate(json.loads(path.read_text()))
    assert read_catalog(path)["schema_version"] == 1
    assert verify([str(path)]) == 0


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_orbit_sizes_add_up_to_the_solutions_found(path):
    data = read_catalog(path)
    for row in (row for row in data["minimal"] if row["model"] == "free"):
        wanted = {"all": {"Rc", "Rn", "R*"}, "Rc+R*": {"Rc", "R*"}, "Rc+Rn": {"Rc", "Rn"}, "Rc": {"Rc"}}[row["cover"]]
        sizes = [
            entry["orbit_size"]
            for entry in data["entries"]
            if "free" in entry["found_by"]
            and wanted <= set(entry["covers"])
            and entry[row["minimised"]] == row["order"]
        ]
        record = data["search"]["complete"][row["cover"]]["free"]
        assert record["complete"]
        assert sum(sizes) == record["found"]


def test_one_id_over_mu_6_mu_12_and_mu_24():
    ids = {path.stem: {entry["id"] for entry in read_catalog(path)["entries"]} for path in SHIPPED}
    six = {entry["id"] for entry in read_catalog(find(SHIPPED, "roots-6"))["entries"] if "free" in entry["found_by"]}
    assert six
    assert six <= ids["roots-12"]
    assert six <= ids["roots-24"]


def find(paths, stem):
    return next(path for path in paths if path.stem == stem)


def test_regenerating_a_shipped_catalog_gives_the_same_bytes(small):
    assert dumps(small).encode() == find(SHIPPED, "roots-6").read_bytes()


def test_closed_form_costs(small):
    """Equal weights: 3 q^(1/3)."""
    for entry in small["entries"]:
        if entry["aligned_nodes"] == entry["order"]:
            assert abs(float(entry["cost"]) - 3 * entry["order"] ** (1 / 3)) < 1e-10


def test_every_minimum_carries_its_scope(small):
    rows = {(row["model"], row["cover"]): row for row in small["minimal"]}
    row = rows["product", "Rc+R*"]
    assert (row["order"], row["method"], row["scope"]["weights"], row["claim"]) == (
        5,
        "exhaustive",
        "product",
        "minimal",
    )
    row = rows["free", "Rc+R*"]
    assert (row["order"], row["method"], row["scope"]["weights"], row["claim"]) == (6, "lp-dual", "aligned", "minimal")
    for row in rows.values():
        assert row["outcome"] == "PROVED"
        assert any(bound["scope"]["weights"] == "real" for bound in row["bounds"])


def test_budget_exhaustion_is_told_not_hidden():
    data = build_catalog(search(SearchSettings((13,), model="free", covers=("Rc",), limit=2, budget=1)))
    record = data["search"]["complete"]["Rc"]
    assert (record["complete"], record["kept"]) == (False, 2)
    assert data["minimal"][0]["claim"] == "minimal"
    jsonschema.Draft202012Validator(schema()).validate(data)


def test_infeasible_searches_make_valid_catalogs(tmp_path, capsys):
    data = build_catalog(search(SearchSettings((2,))))
    assert {row["outcome"] for row in data["minimal"]} == {"INFEASIBLE"}
    assert data["entries"] == []
    write_catalog(data, tmp_path / "two.json")
    assert verify([str(tmp_path / "two.json")]) == 0


def test_solver_only_bounds_are_labelled_and_claim_nothing(monkeypatch, tmp_path, capsys):
    """With the exhaustive method switched off, n = 10 falls back on CP-SAT's word and says so."""
    monkeypatch.setattr("cogo_search.searching.free.MAX_HALF", 0)
    data = build_catalog(search(SearchSettings((10,), model="free", covers=("Rc+R*",))))
    row = data["minimal"][0]
    assert (row["method"], row["lower_bound"], row["claim"], row["outcome"]) == (
        "solver-only",
        10,
        "upper-bound-only",
        "FEASIBLE",
    )
    for entry in data["entries"]:
        assert entry["optimality"]["claim"] == "minimal"  # these also annul R_n, where the dual bound is tight
        assert entry["optimality"]["method"] == "lp-dual"
    write_catalog(data, tmp_path / "ten.json")
    assert verify([str(tmp_path / "ten.json")]) == 0


def test_invalid_objects_are_not_written(tmp_path, small):
    with pytest.raises(jsonschema_rs.ValidationError):
        write_catalog({**small, "surprise": 1}, tmp_path / "bad.json")
    assert list(tmp_path.iterdir()) == []


def test_reading_names_what_is_wrong(tmp_path, small):
    path = tmp_path / "catalog.json"
    with pytest.raises(CatalogError, match="cannot be read"):
        read_catalog(path)
    path.write_text(dumps(small)[:100])
    with pytest.raises(CatalogError, match="truncated"):
        read_catalog(path)
    path.write_text(dumps({**small, "schema_version": 2}))
    with pytest.raises(CatalogError, match="schema_version 2"):
        read_catalog(path)
    path.write_text(dumps({**small, "digest": digest({})}))
    with pytest.raises(VerificationError, match="altered"):
        read_catalog(path)


def test_the_named_catalog_or_local_and_installed_ones(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert find_catalogs(Path("x.json")) == [Path("x.json")]
    assert [path.name for path in find_catalogs(None)] == [path.name for path in SHIPPED]
    (tmp_path / "catalog").mkdir()
    (tmp_path / "catalog" / "mine.json").write_text("{}")
    assert [path.name for path in find_catalogs(None)] == ["mine.json", *(path.name for path in SHIPPED)]


def test_no_catalog_at_all_names_the_way_out(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("cogo_search.catalog.catalog_files.__file__", str(tmp_path / "a" / "b" / "files.py"))
    with pytest.raises(InputError, match="run enumerate"):
        find_catalogs(None)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda d: d.pop("entries"),
        lambda d: d.update(entries=[1]),
        lambda d: d["entries"][0].update(order="3"),
        lambda d: d["entries"][0].update(covers=None),
        lambda d: d["entries"][0].update(factors=3),
        lambda d: d["entries"][0].update(cost="\x1b[31m1.0"),
        lambda d: d["entries"][0].update(n=10**9),
        lambda d: d["entries"][0]["nodes"][0].update(c=[1]),
        lambda d: d["entries"][0]["nodes"][0].update(c=[10**30, 0]),
        lambda d: d["entries"][0].update(nodes=[]),
        lambda d: d["entries"][0]["optimality"]["scope"].update(weights="x"),
        lambda d: d.update(schema_version=True),
    ],
)
@pytest.mark.parametrize("command", [["list"], ["show", "n6-q6"], ["graph"]])
def test_list_show_and_graph_survive_hostile_catalogs_with_a_valid_digest(spoil, command, small, tmp_path, capsys):
    data = json.loads(json.dumps(small))
    spoil(data)
    (tmp_path / "hostile.json").write_text(json.dumps({**data, "digest": digest(data)}))
    assert cli([*command, "--catalog", str(tmp_path / "hostile.json")]) == 2
    captured = capsys.readouterr()
    assert (captured.out, captured.err.count("\n")) == ("", 1)


def test_out_follows_links_and_refuses_what_is_no_file(small, tmp_path):
    (tmp_path / "real.json").write_text("old")
    (tmp_path / "link.json").symlink_to(tmp_path / "real.json")
    write_catalog(small, tmp_path / "link.json")
    assert (tmp_path / "link.json").is_symlink()
    assert read_catalog(tmp_path / "real.json") == small
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputError, match="no regular file"):
        check_writable(tmp_path / "pipe")
