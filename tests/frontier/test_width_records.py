"""The record table against the known values, and the shipped networks against the families."""

import json
from pathlib import Path

import pytest

from cogo_search.frontier.width_records import known_searches, rows
from cogo_search.verifier import verify_catalog

CATALOG = Path(__file__).resolve().parents[2] / "catalog" / "frontier.json"


@pytest.fixture(scope="module")
def table():
    return rows(json.loads(CATALOG.read_text())["networks"], known_searches())


@pytest.mark.slow
def test_every_row_has_a_bound_and_no_row_claims_too_much(table):
    assert len(table) == 4 * 12
    for row in table:
        if row.get("impossible"):
            assert (row["trivial"], row["target"]) == ("without", "one-hot")
            continue
        assert row["bound"] <= row["certified"] <= row["paper"]
        assert (row["target"] == "one-hot") == (row["argument"] == "rank + 1 (sum of outputs)")  # both halves
        assert row["minimal"] == (row["bound"] == row["certified"])
        assert row["found"] is None or row["bound"] <= row["found"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("group", "trivial", "target", "certified", "minimal"),
    [
        ("3", "without", "zero-mean", 6, True),
        ("3", "with", "zero-mean", 3, True),
        ("3", "with", "one-hot", 4, True),
        ("4", "without", "zero-mean", 5, True),
        ("4", "with", "zero-mean", 5, True),
        ("5", "without", "zero-mean", 8, False),
        ("5", "with", "zero-mean", 8, False),
        ("5", "with", "one-hot", 8, False),
        ("6", "without", "zero-mean", 9, False),
        ("3x3", "with", "zero-mean", 12, True),
        ("2x4", "with", "one-hot", 10, True),
    ],
)
def test_known_rows(table, group, trivial, target, certified, minimal):
    [row] = [r for r in table if (r["group"], r["trivial"], r["target"]) == (group, trivial, target)]
    assert (row["certified"], row["minimal"]) == (certified, minimal)


@pytest.mark.slow
def test_the_shipped_networks_verify():
    data = json.loads(CATALOG.read_text())
    assert verify_catalog(data).networks == len(data["networks"]) > 0
