"""Table 2 from the published networks; the comparison's figures against plain counts; the command lines."""

import json
from collections import Counter

import numpy as np
import pytest

from cogo_search.catalog.catalog import Catalog
from cogo_search.cli import main
from cogo_search.families.arrangements import factorize
from cogo_search.families.fitting import fits
from cogo_search.families.registry import find_family
from cogo_search.matching.classify import TOLERANCE
from cogo_search.matching.compare import PRINTED, cost_explains
from cogo_search.matching.expected_hits import expected_hits
from cogo_search.matching.nearest_entry import libraries
from cogo_search.matching.paper_rules import paper_match
from cogo_search.networks.network_files import write_network
from tests.matching import synthetic

SHARES = ("nu_i*xi", "nu_i*syn_ab", "nu*syn", "others", "non-factorable 4", "non-factorable 6", "not 4/6")


def output(capsys, *arguments):
    assert main([*map(str, arguments)]) == 0
    return json.loads(capsys.readouterr().out)


@pytest.fixture(scope="module")
def own(published_runs, tmp_path_factory):
    folder = tmp_path_factory.mktemp("own")
    assert main(["compare", str(published_runs), "--epoch", "9900", "--polish", "--out", str(folder), "--json"]) == 0
    return {path.name: path.read_text() for path in folder.iterdir()}


@pytest.mark.slow
def test_row_23_of_table_2_to_the_digit(published_runs, capsys):
    """Shares and non-factorable percentages as printed; mean errors as far as single precision defines them.

    Six runs of the same networks with their hidden nodes written in another order end with errors at order 6 of 4.77
    to 4.87, autograd on dense weights with torch's Adam with 4.81; printed is 4.80 +- 0.96 (standard error).
    """
    comparison = output(capsys, "compare", published_runs, "--rules", "paper", "--json")
    (row,) = comparison["table"]
    assert row["group"] == "23" and row["networks"] == 5
    for name in SHARES:
        pair = row["values"][name]
        assert (round(pair["mean"], 2), round(pair["standard_error"], 2)) == PRINTED[23][name], name
    for name, rounding in (("error 4", 0.01), ("error 6", 0.1)):
        assert abs(row["values"][name]["mean"] - PRINTED[23][name][0]) < rounding


@pytest.mark.slow
def test_nothing_is_left_unexplained(own):
    """Every frequency of order 4 or 6 is in a family, with the potentials it must annul near 0, or on its way there."""
    matches = json.loads(own["matches.json"])
    assert len(matches["networks"]) == 5
    for network in matches["networks"]:
        assert network["accuracy"] == 1
        for f in network["frequencies"]:
            assert f["order"] in (4, 6) and f["solved"]
            assert f["status"] in ("family", "moving")
            if f["status"] == "family":
                assert f["distance"] <= TOLERANCE and f["parameters"]
                assert max(f["potentials"][p] for p in ("Abc", "aBc", "ABc", "aac", "bbc", "AAc", "BBc")) < 0.05
            else:
                assert f["motion"]["to"] < f["motion"]["from"]
                assert f["polished"]["moved"] < 0.02  # an exact solution of R_c and R_* is next to it


@pytest.mark.slow
def test_the_leftovers_are_not_all_in_the_weighted_family(own):
    """Six nodes that annul R_c and R_* can be 10 % away from every z_{nu=i} * w.

    To the digits printed: training in float32 gives 0.0998 or 0.1 and more, by machine.
    """
    (network,) = [n for n in json.loads(own["matches.json"])["networks"] if n["source"].endswith("s3")]
    for k in (3, 9):
        f = network["frequencies"][k - 1]
        polished = f["polished"]
        assert f["order"] == 6 and round(f["nearest"]["distance"], 2) >= 0.1 <= round(
            polished["nearest"]["distance"], 2
        )
        assert max(polished["potentials"][p] for p in ("Abc", "aBc", "ABc", "aac", "bbc", "AAc", "BBc")) < 1e-9


@pytest.mark.slow
def test_comparison_counts_what_the_matches_say(own):
    matches, comparison = json.loads(own["matches.json"]), json.loads(own["comparison.json"])
    rows = [f for n in matches["networks"] for f in n["frequencies"]]
    for count in comparison["counts"]:
        same = [f for f in rows if (f["order"], f["status"], f["family"]) == tuple(count.values())[:3]]
        assert len(same) == count["count"]
    hits = Counter(f["entry"] for f in rows)
    assert {h["id"]: h["hits"] for h in comparison["entries"]} == {
        h["id"]: hits[h["id"]] for h in comparison["entries"]
    }
    best = np.array([min([f["distance"] or 9, *(a["distance"] for a in f["also"])]) for f in rows])
    for row in comparison["curve"]:
        if row["tolerance"] <= TOLERANCE:
            assert np.isclose(row["matched"], np.mean(best <= row["tolerance"]))
    shuffled = [n for n in comparison["nulls"] if n["kind"] == "shuffled"]
    assert {n["order"] for n in shuffled} == {4, 6} and all(n["upper"] < 0.01 for n in shuffled)
    assert own["table2.csv"].splitlines()[0].startswith("group,networks,quantity")
    assert own["table2.tex"].count("&") == own["table2.tex"].splitlines()[1].count("&") * 2
    assert own["entries.csv"].count("\n") == len(comparison["entries"]) + 1
    assert json.loads(own["candidates.json"]) == []


@pytest.mark.slow
def test_expected_hits_of_uniform_parameters():
    """Order-4 entries on the curve of xi: a hit is a window around the entry's xi, its width solved for directly."""
    entries = libraries(Catalog.read().solutions)
    expected = expected_hits({"nu_i*xi": 1000}, entries, 0.02)
    assert 0 < sum(expected.values()) <= 1000
    # distance of xi e^{i t} to xi: z_a and z_b of half the nodes turn by +-t, units absorb nothing of it but t/2
    t = np.linspace(0, 0.3, 3001)

    def distance(x):
        one, other = (synthetic.parametric("nu_i*xi", [v / (2 * np.pi)]) for v in (0.7, 0.7 + x))
        inner = np.abs(np.sum(one * other.conj(), axis=1))
        return np.sqrt(1 - np.sum(inner**2) / 4 / 12)

    half = t[np.searchsorted([distance(x) for x in t], 0.02)]
    for count in expected.values():  # in the period of pi/2, both ways and, off the mirror lines, two images
        share = 2 * half / (np.pi / 2)
        assert min(abs(count / 1000 - m * share) for m in (1, 2)) < 0.03


def test_drawn_members_are_members():
    rng = np.random.default_rng(0)
    for name in ("nu_i*xi", "nu*syn", "nu_i*syn_ab", "rho_nu"):
        z = find_family(name).draw(rng)
        assert min(f.distance for f in fits(z, factorize(z, 0.3)) if f.family == name) < 1e-6


def test_cost_explains_only_where_it_can_be_tested():
    few = [{"order": 4, "hits": i, "cost": 1.0 + i % 2} for i in range(10)]
    assert cost_explains(few)["4"].startswith("not testable")
    many = [{"order": 6, "hits": 20 - i, "cost": 1.0 + i} for i in range(12)]
    verdict = cost_explains(many)["6"]
    assert verdict["spearman"] == pytest.approx(-1) and verdict["interval"][1] < 0


def test_the_papers_rules_fail_on_exact_members():
    """z_{nu=i} * z_syn_ab up to float32 rounding: ties in c leave the permutation to it (35 of 60 were lost there)."""
    rng = np.random.default_rng(1)
    lost = 0
    for _ in range(60):
        z = synthetic.disguise(synthetic.parametric("nu_i*syn_ab", rng.random(2)), rng, 1e-7, positive_scales=False)
        (match,) = [m for m in paper_match(synthetic.network("5", {1: z})) if m.nodes]
        lost += match.factorable is False
    assert 15 < lost < 50


@pytest.mark.slow
def test_match_prints_and_writes_the_same(published_runs, tmp_path, capsys):
    run = next(published_runs.glob("*s3"))
    out = tmp_path / "matches.json"
    report = output(capsys, "match", run, "--json", "--out", out)
    assert json.loads(out.read_text()) == report
    (network,) = report["networks"]
    assert network["epoch"] == 10000 and network["mapping"] == {"W_a": "W_a", "W_b": "W_b", "V": "V"}
    assert [f["k"] for f in network["frequencies"]] == list(range(1, 12))
    assert report["tolerance"] == TOLERANCE and report["null_rate"] == 0
    again = output(capsys, "match", run / "epoch-10000.safetensors", "--json")["networks"][0]
    assert [f["family"] for f in again["frequencies"]] == [f["family"] for f in network["frequencies"]]
    assert main(["match", str(run)]) == 0
    text = capsys.readouterr().out
    assert "nu_i*xi" in text and "rc-only" in text


@pytest.mark.slow
def test_bad_files_are_told_and_the_others_matched(published_runs, tmp_path, capsys):
    good = tmp_path / "good.npz"
    write_network(synthetic.network("7", {1: synthetic.parametric("nu_i*xi", [0.1])}), good)
    (tmp_path / "corrupt.safetensors").write_bytes(b"no")
    (tmp_path / "folder").mkdir()
    paths = [tmp_path / name for name in ("corrupt.safetensors", "folder", "missing.npz", "*.xyz", "good.npz")]
    assert main(["match", *map(str, paths), "--json"]) == 0
    captured = capsys.readouterr()
    assert len(json.loads(captured.out)["networks"]) == 1
    assert len(json.loads(captured.out)["failed"]) == 4
    errors = [line for line in captured.err.splitlines() if line.startswith("cogo_search: error")]
    assert len(errors) == 4 and all("Traceback" not in line for line in errors)
    assert main(["match", str(paths[0])]) == 2
    assert main(["match", str(next(published_runs.iterdir())), "--epoch", "77"]) == 2
    assert "it has 0, 9900, 10000" in capsys.readouterr().err
    assert main(["match", str(good), "--rules", "paper", "--tolerance", "0.1"]) == 2
    for value in ("0", "nan", "0.31", "x"):
        with pytest.raises(SystemExit) as ended:
            main(["match", str(good), "--tolerance", value])
        assert ended.value.code == 2


@pytest.mark.slow
@pytest.mark.parametrize("rules", ["own", "paper"])
def test_networks_without_any_frequency_to_compare(rules, tmp_path, capsys):
    """Nothing of order 4 or 6: dashes, not failures."""
    path = tmp_path / "collapsed.npz"
    write_network(synthetic.network("7", {1: np.zeros((3, 2), dtype=complex)}), path)
    assert main(["compare", str(path), "--rules", rules, "--out", str(tmp_path / "out")]) == 0
    assert "not 4/6" in capsys.readouterr().out
    comparison = json.loads((tmp_path / "out" / "comparison.json").read_text())
    assert comparison["table"][0]["values"]["nu*syn"] == {"mean": None, "standard_error": None}


def test_the_papers_rules_are_for_cyclic_groups_of_odd_order(tmp_path, capsys):
    path = tmp_path / "even.npz"
    write_network(synthetic.network("2x3", {1: synthetic.parametric("nu_i*xi", [0.1])}), path)
    assert main(["match", str(path), "--rules", "paper"]) == 2
    assert "--rules own" in capsys.readouterr().err
