"""The verifier on weighted nodes and merged conditions: every false statement is refused, digest and ids recomputed."""

import copy
import hashlib
import json
from pathlib import Path

import pytest

from cogo_search.catalog.build import build_catalog
from cogo_search.catalog.catalog_files import digest
from cogo_search.searching.engine import SearchSettings, search
from cogo_search.searching.supports import SupportProblem
from cogo_search.verifier import Refused
from cogo_search.verifier.supports import lucky, smallest_support
from cogo_search.verifier.vocabulary import COVERS
from tests.catalog.both import verify_catalog

CATALOG = Path(__file__).resolve().parents[2] / "catalog"


@pytest.fixture(scope="module")
def generic():
    """Rc+R* over mu_6: five nodes, above the pencil bound of four, so the exhaustive search is the proof."""
    return build_catalog(search(SearchSettings((6,), model="free", nodes="weighted")))


@pytest.fixture(scope="module")
def merged():
    return build_catalog(search(SearchSettings((8,), model="free", nodes="weighted", character_order="4")))


def entry(data, **wanted):
    return next(e for e in data["entries"] if all(e[key] == value for key, value in wanted.items()))


def row(data, cover):
    return next(r for r in data["minimal"] if r["cover"] == cover)


def shift_bound(data, cover, by):
    """Say that more, or fewer, nodes were excluded."""
    for bound in (row(data, cover), *row(data, cover)["bounds"]):
        if bound["method"] == "exhaustive":
            bound["lower_bound"] += by


def seal(data):
    for e in data["entries"]:
        rows = [[n["a"], n["b"], n["c"]] for n in e["nodes"]]
        kind = "" if e["character_order"] == "generic" else f"k{e['character_order']}-"
        text = json.dumps([e["n"], rows], separators=(",", ":"))
        e["id"] = f"cogo1-{kind}n{e['n']}-q{len(rows)}-{hashlib.sha256(text.encode()).hexdigest()[:16]}"
    data["digest"] = digest(data)
    return data


ATTACKS = {
    "dimension": lambda d: d["entries"][0]["dimension"].__setitem__("real", 0),
    "weighted dimension": lambda d: d["entries"][-1]["dimension"].__setitem__("weighted", 1),
    "regular": lambda d: d["entries"][0]["dimension"].__setitem__("regular", ["weighted"]),
    "orbit": lambda d: d["entries"][0].__setitem__("orbit_size", 1),
    "found": lambda d: next(iter(d["search"]["complete"].values())).__setitem__("found", 1),
    "exhaustive higher": lambda d: shift_bound(d, "Rc+R*", 1),
    "exhaustive lower": lambda d: shift_bound(d, "Rc+R*", -1),
    "nodes class": lambda d: d["search"].__setitem__("nodes", "aligned"),
    "model": lambda d: d["search"].__setitem__("model", "all"),
    "family": lambda d: d["entries"][-1]["families"].append({"name": "nu_i*w", "parameters": {"w0": 0, "w1": 1}}),
    "pencil": lambda d: row(d, "Rc")["bounds"][0]["certificate"]["pencil"][0].__setitem__(0, ["1", "0"]),
    "coefficient": lambda d: d["entries"][0]["nodes"][1]["c"].__setitem__(0, d["entries"][0]["nodes"][1]["c"][0] + 1),
    "level": lambda d: d["search"]["complete"]["Rc"]["free"]["levels"].__setitem__("3", 99),
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["generic", "merged"])
def test_true_catalogs_verify_deeply(kind, request):
    data = request.getfixturevalue(kind)
    report = verify_catalog(copy.deepcopy(data), deep=True)
    assert report.unproved == ()
    assert report.not_reenumerated == ()
    assert len(report.reenumerated) == 4


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["generic", "merged"])
@pytest.mark.parametrize("attack", ATTACKS)
def test_attacks(kind, attack, request):
    data = copy.deepcopy(request.getfixturevalue(kind))
    before = copy.deepcopy(data)
    ATTACKS[attack](data)
    assert data != before
    with pytest.raises(Refused):
        verify_catalog(seal(data))


def test_merged_entries_are_no_generic_ones(merged):
    """Renamed to generic conditions, or to 2k = 0, with every label moved along, they are refused."""
    for order, frequency in (("generic", ("one, generic", "Lemma 1")), ("2", ("one, 2k = 0", "Lemma 1, merged"))):
        data = copy.deepcopy(merged)
        text = json.dumps(data)
        old = ("one, 4k = 0", "Lemma 1, merged")
        for x, y in zip(old, frequency, strict=True):
            text = text.replace(json.dumps(x), json.dumps(y))
        data = json.loads(text.replace('"character_order": "4"', f'"character_order": "{order}"'))
        with pytest.raises(Refused):
            verify_catalog(seal(data))


def test_a_dropped_support_is_noticed(generic):
    """Without --deep by the count; with the count lowered as well, by the enumeration."""
    data = copy.deepcopy(generic)
    victim = entry(data, covers=["Rc"])
    data["entries"].remove(victim)
    data["graph"] = [e for e in data["graph"] if victim["id"] not in (e["source"], e["target"])]
    with pytest.raises(Refused, match=r"kept|orbit_size"):
        verify_catalog(seal(data))
    record = data["search"]["complete"]["Rc"]
    for part in (record, record["free"]):
        part["found"] -= victim["orbit_size"]
        part["kept"] -= 1
    record["free"]["levels"]["3"] -= victim["orbit_size"]
    verify_catalog(seal(data))
    with pytest.raises(Refused, match="lacks the support"):
        verify_catalog(data, deep=True)


@pytest.mark.parametrize("character_order", ["generic", "4", "2"])
@pytest.mark.parametrize("n", [3, 4, 5, 6, 7, 8, 9, 12])
def test_search_and_verifier_estimate_the_same_work(n, character_order):
    """So that no bound called exhaustive is refused as too much work."""
    for cover in COVERS:
        problem = SupportProblem(n, cover, character_order)
        works = lucky(n, cover, character_order, lambda s: [s.work(size) for size in range(1, 10)])
        assert works == [problem.work(size) for size in range(1, 10)]


@pytest.mark.parametrize("character_order", ["generic", "4"])
@pytest.mark.parametrize("limit", [1, 2, 5])
def test_a_catalog_cut_by_its_limit_verifies_and_claims_no_completeness(character_order, limit):
    settings = SearchSettings((8,), "free", ("Rc",), limit=limit, nodes="weighted", character_order=character_order)
    data = build_catalog(search(settings))
    record = data["search"]["complete"]["Rc"]["free"]
    assert record["complete"] == (limit >= 3 and character_order == "generic")
    assert record["found"] == {"generic": 12, "4": 128}[character_order]
    assert record["kept"] == len(data["entries"]) == min(limit, 3 if character_order == "generic" else 9)
    verify_catalog(data, deep=True)
    if not record["complete"]:
        data["search"]["complete"]["Rc"]["complete"] = record["complete"] = True
        with pytest.raises(Refused):
            verify_catalog(seal(data))


def test_a_search_that_nobody_can_repeat_is_too_much_work():
    with pytest.raises(Refused, match="too many for an exhaustive bound"):
        smallest_support(60, "all", "generic", 7, "here")


def test_shipped_weighted_catalogs_hold_every_minimum():
    for name, orders in (("8-weighted", (6, 4, 3, 3)), ("12-weighted", (6, 4, 3, 3)), ("12-weighted-k4", (4, 3, 3, 3))):
        data = json.loads((CATALOG / f"roots-{name}.json").read_text())
        assert tuple(r["order"] for r in data["minimal"]) == orders
        assert all((r["claim"], r["method"]) == ("minimal", "pencil-rank") for r in data["minimal"])
