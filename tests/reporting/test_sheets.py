"""Sheets say what the data say, and every format takes any text."""

import csv
import io
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from cogo_search.reporting.sheets import sheets, write_sheets
from cogo_search.reporting.tabular import Sheet, as_csv, as_latex, as_markdown

#: Reports are made of runs that are trained for it.
pytestmark = pytest.mark.slow

HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "a|b",
    "100 % & $5 #1 {x}_y^z ~ \\input{/etc/passwd}",
    "line\nbreak\ttab",
    "[link](http://example.org) `code` **bold**",
    '"quoted", comma',
]


def made(columns, *rows):
    """A sheet of these cells."""
    return Sheet("name", "Title", "Caption.", tuple(columns), tuple(tuple(row) for row in rows))


@pytest.mark.parametrize("text", HOSTILE)
def test_latex_prints_any_text(text):
    line = next(row for row in as_latex(made(["x"], [text])).splitlines() if row.endswith(r"\\") and row != r"x \\")
    line = line.removesuffix(r" \\")
    for command in (r"\textbackslash{}", r"\textasciitilde{}", r"\textasciicircum{}"):
        line = line.replace(command, "")
    line = re.sub(r"\\text(less|greater|bar)\{\}", "", line)
    assert not re.search(r"(?<!\\)[&%$#_{}~^\\<>|]", re.sub(r"\\[&%$#_{}]", "", line))
    assert "\n" not in line and "\t" not in line


@pytest.mark.parametrize("text", HOSTILE)
def test_markdown_prints_any_text(text):
    row = as_markdown(made(["x", "y"], [text, "end"])).splitlines()[6]
    assert not re.search(r"(?<!\\)[<>`*_\[\]~]", row)
    assert len(re.findall(r"(?<!\\)\|", row)) == 3
    assert row.endswith("| end |")


@pytest.mark.parametrize("text", HOSTILE)
def test_csv_gives_the_text_back(text):
    assert list(csv.reader(io.StringIO(as_csv(made(["x", "y"], [text, "1"]))))) == [["x", "y"], [text, "1"]]


def test_csv_holds_no_formula_of_a_spreadsheet():
    harmful = ["=1+1", "@SUM(A1)", "+1", "-2+3+cmd|' /C calc'!A0", "\t=1"]
    harmless = ["-1", "-nu^2", "-", "-i", "1e-5", "-0.5", "-w3^2", "0.05 ± 0.01"]
    rows = list(csv.reader(io.StringIO(as_csv(made(["x"], *([cell] for cell in harmful + harmless))))))
    assert [row[0] for row in rows[1:]] == ["'" + cell for cell in harmful] + harmless


def test_marked_cells_are_bold():
    sheet = Sheet("n", "T", "C.", ("x", "y"), (("1", "2"),), ("note",), frozenset({(0, 1)}))
    assert r"1 & \textbf{2} \\" in as_latex(sheet)
    assert "| 1 | **2** |" in as_markdown(sheet)


def test_every_sheet_is_written_in_three_forms(inputs, tmp_path):
    found, missing = sheets(inputs)
    assert [m.what for m in missing] == ["Table 2"]  # the tiny runs are none of its setting
    paths = write_sheets(found, tmp_path)
    assert len(paths) == 3 * len(found) and all(path.stat().st_size for path in paths)
    for sheet in found:
        assert len({len(row) for row in sheet.rows} | {len(sheet.columns)}) == 1
        rows = list(csv.reader(io.StringIO((tmp_path / f"{sheet.name}.csv").read_text())))
        assert len(rows) == len(sheet.rows) + 1
        if sheet.name != "table-1":
            assert (tmp_path / f"{sheet.name}.md").read_text().count("\n| ") == len(sheet.rows) + 2


def test_distributions_add_up(inputs):
    sheet = next(s for s in sheets(inputs)[0] if s.name == "order-distributions")
    path = Path(__file__).resolve().parents[2] / "docs" / "order-distributions.json"
    by_setting = {tuple(map(float, row[:4])): row for row in sheet.rows}
    for record in json.loads(path.read_text()):
        row = by_setting[tuple(float(record[name]) for name in ("group", "hidden", "weight_decay", "lr"))]
        assert sum(map(int, row[5:-1])) == sum(record["orders"].values())


def test_errata_are_computed(bare):
    sheet = next(s for s in sheets(bare)[0] if s.name == "errata")
    eq65 = next(row for row in sheet.rows if row[0].startswith("Eq. 65"))
    assert "0.127 as printed" in eq65[3] and "0.162 as printed" in eq65[3]
    assert sum(row[0].startswith("Table 1") for row in sheet.rows) == 6


def test_table_one_marks_the_cells_that_differ(bare):
    sheet = next(s for s in sheets(bare)[0] if s.name == "table-1")
    assert len(sheet.rows) == 9 and len(sheet.marked) == 6
    assert all("(print: " in sheet.rows[i][j] for i, j in sheet.marked)
    assert all(
        ("(print: " in cell) == ((i, j) in sheet.marked) for i, r in enumerate(sheet.rows) for j, cell in enumerate(r)
    )


def test_matches_count_every_frequency(inputs):
    sheet = next(s for s in sheets(inputs)[0] if s.name == "matches")
    assert sum(int(row[-1]) for row in sheet.rows) == 3 * len(inputs.matches.report["networks"]) == 18


def test_table_two_needs_the_published_runs(published_runs):
    from cogo_search.reporting.collect import gather
    from cogo_search.reporting.matched_runs import match_runs

    inputs = match_runs(gather(None, published_runs))
    sheet = next(s for s in sheets(inputs)[0] if s.name == "table-2")
    here, paper = sheet.rows
    assert here[0] == paper[0] == "23"
    shares = sheet.columns.index("nu_i*xi")
    assert here[shares:] == paper[shares:]
    assert all(i == 1 for i, _ in sheet.marked)


def test_distributions_are_sorted_by_numbers(bare):
    records = json.loads((Path(__file__).resolve().parents[2] / "docs" / "order-distributions.json").read_text())
    [sheet] = [s for s in sheets(replace(bare, orders=tuple(records[::-1])))[0] if s.name == "order-distributions"]
    keys = [tuple(map(float, row[:4])) for row in sheet.rows]
    assert keys == sorted(keys) and len(keys) == len(records)
