"""Every file of ``hostile_files`` gets the right verdict, on one printable line, within its budget."""

from __future__ import annotations

import json
import math
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from cogo_search import verifier as verify
from cogo_search.catalog import verify as one_file
from tests.catalog.both import FORMS, judge
from tests.catalog.hostile_files import ATTACKS, text_of

#: Those that take over a third of a second in both forms of the verifier, beside those that take their whole budget.
DEAR = {
    "C06_found_lie_incomplete", "pencil_of_sixty_thousand_fractions", "lookup_tables_on_the_largest_group",
    "an_entry_a_thousand_times", "one_network_under_many_ids", "an_edge_to_itself", "an_edge_a_thousand_times",
    "hundreds_of_true_networks", "dual_of_other_roots", "dense_spectra_of_many_nodes",
    "counts_at_fifty_thousand_levels", "formal_order_of_3000_digits", "tower_of_eight_with_dense_weights",
    "multiplier_of_a_megabyte", "orders_of_all_polynomials", "supports_of_few_nodes", "supports_of_merged_conditions",
    "supports_over_many_roots", "dual_that_proves_more", "an_entry_a_hundred_times", "an_edge_turned_round",
    "key_of_a_megabyte", "a_hundred_thousand_keys", "sixty_thousand_polynomials", "a_hundred_thousand_roots",
    "radicals_over_radicals", "tower_with_weights_of_4000_digits", "hundreds_of_true_towers", "dense_spectra",
    "coefficients_of_4000_digits", "nodes_of_a_block_that_cancel", "many_duals_with_long_fractions",
    "infeasible_though_solved", "a_factor_times_minus_one", "factors_exchanged",
}  # fmt: skip
MARKED = [pytest.param(name, marks=[pytest.mark.slow] if a.slow or name in DEAR else []) for name, a in ATTACKS.items()]
ALONE = [sys.executable, "-I", one_file.__file__]
MEMORY, SECONDS = 512 << 20, 60


def alone(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """The one file as its own program, with at most 512 MiB and 60 s of a core."""

    def limits() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))

    return subprocess.run([*ALONE, *arguments], capture_output=True, text=True, check=False, cwd=cwd, preexec_fn=limits)


@pytest.mark.parametrize("name", MARKED)
def test_verdict(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen, spent = ATTACKS[name], []
    start = verify.Meter.start

    def watched(meter: verify.Meter, millions: float) -> None:
        if meter.budget < math.inf:
            spent.append(meter.budget - max(meter.left, 0))
        start(meter, millions)

    for form in FORMS.values():
        monkeypatch.setattr(form.Meter, "start", watched)
    path, progress = tmp_path / "x.json", []
    path.write_bytes(chosen.content())
    assert path.stat().st_size <= 2**20 + 2**19
    result = judge(str(path), False, chosen.budget, progress.append)
    text = result.get("reason") or str(result["report"])
    assert (result["outcome"], chosen.words in text) == (chosen.outcome, True), text
    assert chosen.without not in text
    assert "the verifier failed" not in text
    assert text.isprintable()
    assert all(verify.one_line(line).isprintable() for line in progress)
    budget = chosen.budget or 2 * verify.BUDGET
    assert all(steps <= budget * 10**6 for steps in spent)


def test_there_are_enough() -> None:
    assert len(ATTACKS) > 80
    assert all(a.outcome in verify.VERDICTS for a in ATTACKS.values())
    assert all(a.build.__doc__ for name, a in ATTACKS.items() if a.build.__name__ == name)


LIMITED = ["lists_in_lists", "tower_with_weights_of_4000_digits", "spectra_that_fill_the_memory", "name_of_a_megabyte"]
LONG = [
    "tower_of_eight_with_dense_weights", "dense_spectra", "coefficients_of_4000_digits", "hundreds_of_true_networks",
    "hundreds_of_true_towers", "radicals_over_radicals", "an_entry_a_thousand_times", "an_edge_a_thousand_times",
    "many_duals_with_long_fractions", "lookup_tables_on_the_largest_group", "radicands_of_4000_digits", "R2_splits",
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", [*LIMITED, *(pytest.param(name, marks=pytest.mark.slow) for name in LONG)])
def test_within_the_limits_of_the_system(name: str, tmp_path: Path) -> None:
    """512 MiB and 60 s of a core are enough for any verdict, with the whole budget where the test is slow."""
    (tmp_path / "x.json").write_bytes(ATTACKS[name].content())
    budget = [f"--budget={ATTACKS[name].budget}"] if name in LIMITED and ATTACKS[name].budget else []
    done = alone(*budget, "x.json", cwd=tmp_path)
    assert done.returncode in (0, 1), (done.returncode, done.stderr[-500:])
    assert len(done.stdout.splitlines()) == 1
    assert "Traceback" not in done.stderr
    assert "out of memory" not in done.stdout
    assert "the verifier failed" not in done.stdout


def test_names_of_files_cannot_pass_for_verdicts(tmp_path: Path) -> None:
    names = ["x.json: verified, 4 entries\ny.json", "\x1b[2J.json", "z.json: verified", "\u202enosj.x", "'q'"]
    for name in names:
        (tmp_path / name).write_text(text_of("roots-6"))
    done = alone(*names, cwd=tmp_path)
    lines = done.stdout.splitlines()
    assert done.returncode == 0
    assert len(lines) == len(names)
    assert all(line.isprintable() and line[0] in "'\"" for line in lines)
    assert all("': verified, 4 entries, 8 rows" in line or '": verified, 4 entries, 8 rows' in line for line in lines)


def test_names_of_files_as_options(tmp_path: Path) -> None:
    """A shell fills in what ``*`` finds: a name may begin with a dash."""
    done = alone("--\x1b[2J\nx.json: verified", "y.json", cwd=tmp_path)
    assert done.returncode == 2
    assert all(line.isprintable() for line in done.stderr.splitlines())
    assert not any(line.startswith("x.json") for line in done.stderr.splitlines())


def test_nobody_reads_on(tmp_path: Path) -> None:
    """A closed pipe is no reason for a traceback."""
    (tmp_path / "x.json").write_text(text_of("roots-6"))
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [*ALONE, "x.json"], stdout=writing, stderr=subprocess.PIPE, text=True, check=False, cwd=tmp_path
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (1, "")


@pytest.mark.slow
def test_each_file_has_a_budget_of_its_own(tmp_path: Path) -> None:
    """What one file spends is not taken from the next."""
    (tmp_path / "x.json").write_bytes(ATTACKS["tower_of_eight_with_dense_weights"].content())
    (tmp_path / "y.json").write_text(text_of("roots-6"))
    done = alone("--budget=5", "x.json", "y.json", "x.json", cwd=tmp_path)
    assert done.returncode == 1
    assert ["not decided" in line for line in done.stdout.splitlines()] == [True, False, True]


def test_json_is_plain_whatever_files_and_names_say(tmp_path: Path) -> None:
    names = ["x\ny.json", "\x1b[2J.json"]
    for name, chosen in zip(names, ("line_feed_in_an_id", "nodes_of_a_network_that_cancel"), strict=True):
        (tmp_path / name).write_bytes(ATTACKS[chosen].content())
    done = alone("--json", *names, cwd=tmp_path)
    assert done.stdout.replace("\n", "").isprintable()
    results = json.loads(done.stdout)
    assert [result["file"] for result in results] == names
    assert [result["outcome"] for result in results] == ["refused", "verified"]
    assert results[1]["spare"][0].startswith("2 of 4 in cogo1-net-2-q4-")


def test_what_is_left_out_is_proved_or_said_not_to_be(tmp_path: Path) -> None:
    """Where the proof would take more than half of what is left of the budget, the report says so."""
    chosen = ATTACKS["nodes_of_a_network_that_cancel"]
    (tmp_path / "x.json").write_bytes(chosen.content())
    texts = []
    for millions in (0.001 * 1.1**i for i in range(60)):
        result = judge(str(tmp_path / "x.json"), False, millions, lambda _: None)
        texts.append(result.get("reason") or str(result["report"]))
    assert "not decided" in texts[0]
    assert any(text.endswith("(modulo a prime: not proved)") for text in texts)
    assert texts[-1].endswith("can be left out: 2 of 4 in " + json.loads(chosen.content())["networks"][0]["id"])
    assert all("not decided" in text or "left out: 2 of 4" in text for text in texts)
