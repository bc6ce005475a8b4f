import json

import pytest

from cogo_search.cli import main
from cogo_search.networks.loss import direct
from cogo_search.networks.network_files import read_network

THREE = ["frontier", "search", "--group", "3", "--trivial", "with", "--target", "zero-mean"]


def test_a_search_prints_counts_and_writes_its_best_hit(tmp_path, capsys):
    out = tmp_path / "three.safetensors"
    assert main([*THREE, "--width", "3", "--starts", "20", "--out", str(out), "--json"]) == 0
    captured = capsys.readouterr()
    record = json.loads(captured.out)
    assert sum(record["outcomes"].values()) == record["starts"] == 20
    assert record["outcomes"]["hit"] == len(record["hits"]) > 0
    assert "start 20 of 20" in captured.err
    network = read_network(out)
    assert network.width == 3 and direct(network).loss < 1e-24
    assert network.metadata["origin"] == "frontier" and network.metadata["trivial"] == "with"
    assert json.loads(network.metadata["provenance"])["start"] == record["written"]["start"]


def test_none_found_says_in_how_many_starts(tmp_path, capsys):
    out = tmp_path / "none.npz"
    assert main([*THREE, "--width", "2", "--starts", "12", "--symmetry", "neg", "--out", str(out)]) == 0
    assert "no hits in 12 starts" in capsys.readouterr().out
    assert not out.exists()


def test_hits_are_listed_with_their_starts(capsys):
    assert main([*THREE, "--width", "3", "--starts", "8", "--symmetry", "shift"]) == 0
    printed = capsys.readouterr().out
    assert "hits in 8 starts" in printed and "hit: start " in printed


@pytest.mark.slow
def test_the_table_names_least_widths_and_what_is_impossible(capsys):
    assert main(["frontier", "table"]) == 0
    printed = capsys.readouterr().out
    assert printed.count("impossible at any width") == 12 and "least width" in printed
    assert main(["frontier", "table", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)) == 48


@pytest.mark.slow
def test_the_table_of_one_group(capsys):
    assert main(["frontier", "table", "--group", "5", "--json"]) == 0
    assert {row["group"] for row in json.loads(capsys.readouterr().out)} == {"5"}


@pytest.mark.slow
def test_the_table_names_a_group_that_it_lacks(capsys):
    assert main(["frontier", "table", "--group", "11"]) == 2
    captured = capsys.readouterr()
    assert "--group 11" in captured.err and captured.err.count("\n") == 1 and captured.out == ""


def test_the_table_refuses_what_it_does_not_use(capsys):
    with pytest.raises(SystemExit) as refused:
        main(["frontier", "table", "--width", "3"])
    captured = capsys.readouterr()
    assert refused.value.code == 2 and "--width 3" in captured.err and captured.err.count("\n") == 1


def test_a_search_names_what_is_missing(capsys):
    with pytest.raises(SystemExit) as refused:
        main(["frontier", "search", "--group", "3"])
    assert refused.value.code == 2 and "--width, --trivial, --target" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--trivial", "without", "--target", "one-hot"], "one-hot is impossible"),
        (["--trivial", "maybe"], "--trivial 'maybe' is unknown"),
        (["--symmetry", "turn"], "unknown word 'turn'"),
        (["--symmetry", "shift", "--width", "2"], "no sum of orbit sizes"),
        (["--group", "x"], "is not a group"),
        (["--group", "33"], "order of the group 33 is above 32"),
        (["--width", "65"], "width 65 is above 64"),
        (["--starts", "5", "--first", "3", "--total", "7"], "--total 7 is below"),
        (["--out", "here.txt"], "must end in"),
    ],
)
def test_bad_arguments_are_one_line(capsys, arguments, message):
    assert main([*THREE, "--width", "3", *arguments]) == 2
    captured = capsys.readouterr()
    assert captured.out == "" and captured.err.count("\n") == 1 and message in captured.err


@pytest.mark.parametrize("arguments", [["--seed", "-1"], ["--starts", "0"], ["--width", "w"]])
def test_bad_numbers_are_refused(arguments):
    with pytest.raises(SystemExit) as refused:
        main([*THREE, "--width", "3", *arguments])
    assert refused.value.code == 2
