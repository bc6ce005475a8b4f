"""Many files are matched in processes, with the results of one; expected hits are kept."""

import json
import multiprocessing
import subprocess
import sys
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager

import numpy as np
import pytest

import cogo_search as cogo
from cogo_search.matching import batch, expected_hits
from cogo_search.matching.nearest_entry import libraries
from cogo_search.networks.network import Network

CATALOG = "roots-3-4.json"


@pytest.fixture(scope="module")
def catalog():
    return cogo.search([3, 4])


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Ten network files, some noisy, one damaged, and a name without a file."""
    folder = tmp_path_factory.mktemp("files")
    rng = np.random.default_rng(1)
    paths = []
    for number in range(10):
        made = cogo.construct(("5", "7", "2x3")[number % 3], recipe="f4/6" if number % 2 else "f6")
        noise = [w + 0.01 * (number // 3) * rng.standard_normal(w.shape) for w in (made.W_a, made.W_b, made.V)]
        paths.append(folder / f"net{number}.safetensors")
        Network(made.group, *noise, {"origin": "trained"}).save(paths[-1])
    (folder / "damaged.npz").write_bytes(b"damaged")
    return [*map(str, paths[:4]), str(folder / "damaged.npz"), *map(str, paths[4:]), str(folder / "missing.npz")]


def matched(files, catalog, cores, monkeypatch, rules="own"):
    heard, errors = [], []
    monkeypatch.setattr(batch, "usable_cores", lambda: cores)
    given = [*files[:2], cogo.construct(5), *files[2:]]  # one in memory
    found = cogo.match(given, catalog=catalog, rules=rules, failed=errors.append, callback=heard.append)
    return json.dumps(found.to_dict()), errors, [(event.message, event.done) for event in heard], found.blocks


@pytest.mark.slow
@pytest.mark.parametrize("rules", ["own", "paper"])
def test_processes_give_what_one_gives(rules, files, catalog, monkeypatch):
    asked = []
    spread = batch.spread
    monkeypatch.setattr(batch, "spread", lambda *given: asked.append(given[2]) or spread(*given))
    here, there = (matched(files, catalog if rules == "own" else None, cores, monkeypatch, rules) for cores in (1, 2))
    assert asked == [2]
    assert here[:3] == there[:3]
    assert len(here[1]) == (2 if rules == "own" else 5) and len(here[2]) == 12
    for one, other in zip(here[3], there[3], strict=True):
        np.testing.assert_array_equal(one.z, other.z)
        assert (one.k, list(one.nodes), one.multi) == (other.k, list(other.nodes), other.multi)


@pytest.mark.slow
def test_few_files_and_added_families_stay_here(files, catalog, monkeypatch):
    monkeypatch.setattr(batch, "spread", lambda *_: pytest.fail("processes"))
    matched(files[:8], catalog, 2, monkeypatch)
    monkeypatch.setattr(batch, "is_extended", lambda: True)
    matched(files, catalog, 2, monkeypatch)


@pytest.mark.slow
def test_where_processes_fail_it_is_done_here(files, catalog, monkeypatch):
    @contextmanager
    def broken(function, values, *_):
        futures = [Future() for _ in values]
        for future in futures:
            future.set_exception(BrokenProcessPool("killed"))
        yield futures

    expected = matched(files, catalog, 1, monkeypatch)
    monkeypatch.setattr(batch, "spread", broken)
    assert matched(files, catalog, 2, monkeypatch)[:3] == expected[:3]


@pytest.mark.slow
def test_an_interrupt_leaves_no_process(files, catalog, monkeypatch):
    monkeypatch.setattr(batch, "usable_cores", lambda: 2)

    def interrupt(event):
        if event.done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        cogo.match(files[:4] + files[5:11], catalog=catalog, callback=interrupt)
    assert multiprocessing.active_children() == []


@pytest.mark.slow
def test_a_script_needs_no_guard(files, tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        "import cogo_search as cogo\nfrom cogo_search.matching import batch\nbatch.usable_cores = lambda: 2\n"
        f"print('begun', len(cogo.match({files[:4] + files[5:11]!r}, rules='paper', failed=lambda _: 0)))\n"
    )
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, cwd=tmp_path, timeout=120)
    assert (done.stdout, done.stderr, done.returncode) == ("begun 7\n", "", 0)


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(expected_hits, "MEMBERS", 60)
    return tmp_path / "cache" / "cogo_search" / "expected"


@pytest.mark.slow
def test_expected_hits_are_kept(cache, catalog, monkeypatch):
    library = libraries([entry.solution for entry in catalog.entries])
    families = {"nu_i*xi": 7, "nu*syn": 3, "nu_i*w": 2}
    heard = []
    first = expected_hits.expected_hits(families, library, 0.05, heard.append)
    assert len(heard) == 4 and first
    assert len(list(cache.iterdir())) == 2
    assert expected_hits.expected_hits(families, library, 0.05, pytest.fail) == first
    more = expected_hits.expected_hits({"nu_i*xi": 14}, library, 0.05, pytest.fail)
    assert more and more.keys() <= first.keys()
    expected_hits.expected_hits(families, library, 0.01)
    expected_hits.expected_hits(families, {6: library[6]}, 0.05)
    monkeypatch.setattr(expected_hits, "MEMBERS", 30)
    expected_hits.expected_hits(families, library, 0.05)
    assert len(list(cache.iterdir())) == 8
    monkeypatch.setattr(expected_hits, "MEMBERS", 60)
    for damage in (b"", b"[1]", b'{"cogo1-n2-q1-0": 5}', b'{"x": 1e9}'):
        for path in cache.iterdir():
            path.write_bytes(damage)
        assert expected_hits.expected_hits(families, library, 0.05) == first


def test_a_cache_that_cannot_be_written_is_done_without(cache, catalog, monkeypatch):
    library = libraries([entry.solution for entry in catalog.entries])
    kept = expected_hits.expected_hits({"nu*syn": 3}, library, 0.05)
    cache.parent.parent.rename(cache.parent.parent.with_name("elsewhere"))
    cache.parent.parent.write_text("a file where the folder would be")
    assert expected_hits.expected_hits({"nu*syn": 3}, library, 0.05) == kept
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setattr("pathlib.Path.home", lambda: (_ for _ in ()).throw(RuntimeError("no home")))
    assert expected_hits.expected_hits({"nu*syn": 3}, library, 0.05) == kept
    assert cache.parent.parent.is_file()
