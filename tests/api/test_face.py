"""The public face: what it offers, that it loads fast, that every name explains itself."""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import cogo_search as cogo

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ROOT / "catalog"
HEAVY = ("numpy", "scipy", "ortools", "torch", "matplotlib", "rich", "jsonschema_rs", "networkx", "safetensors")


def test_importing_loads_nothing_heavy():
    script = f"import sys, cogo_search; print([m for m in {HEAVY} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_dir_lists_the_face_and_every_name_loads_and_explains_itself():
    assert set(cogo.__all__) == {*cogo._FACE, "frontier"} and set(cogo.__all__) <= set(dir(cogo))
    assert not [name for name in dir(cogo) if name.startswith("_") and name != "__version__"]
    for name in cogo.__all__:
        assert len(inspect.getdoc(getattr(cogo, name)) or "") > 40, name


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="has no attribute 'serach'"):
        cogo.serach  # noqa: B018


def test_every_function_of_the_face_has_an_example_or_says_what_it_writes():
    functions = [getattr(cogo, name) for name in cogo.__all__ if inspect.isfunction(getattr(cogo, name))]
    assert len(functions) >= 10
    for function in functions:
        assert ">>>" in function.__doc__ or "folder" in function.__doc__, function.__name__


def test_options_are_keyword_only():
    for name in cogo.__all__:
        value = getattr(cogo, name)
        if inspect.isfunction(value):
            kinds = [p.kind for p in inspect.signature(value).parameters.values()]
            assert kinds.count(inspect.Parameter.POSITIONAL_OR_KEYWORD) <= 1, name


# ---- the semi-ring -----------------------------------------------------------------------------------------------


def test_polynomials_in_a_generator_are_what_table_1_says():
    u = cogo.Weights.node("w3", "w3")
    row = next(row for row in cogo.generator_table([3, 4]) if row["symbol"] == "syn")
    w = cogo.Element.root(3)
    assert row["polynomial"] == "u^2 + u + 1"
    assert (u - w) * (u - w * w) == u**2 + u + 1
    assert (u**2 + u + 1).order == row["order"]


def test_potentials_are_homomorphisms():
    u, v = cogo.Weights.node("i", "-i") + 1, cogo.Weights.node("w3", 1) - "w3^2"
    for name, value in (u * v).potentials().items():
        assert value == u.potentials()[name] * v.potentials()[name]
    for name, value in (u + v).potentials().items():
        assert value == u.potentials()[name] + v.potentials()[name]
    assert set((u * v).zero_set) == set(u.zero_set) | set(v.zero_set)


@pytest.mark.parametrize("text", ["1", "-1", "i", "-i", "w3", "-w3^2", "w8^3", "5"])
def test_elements_print_as_they_are_read(text):
    assert str(cogo.Element.of(text)) == text
    assert cogo.Element.of(str(cogo.Element.of(text))) == cogo.Element.of(text)


@given(st.sampled_from([1, 2, 3, 4, 5, 8, 12, 15]), st.sampled_from([1, 2, 3, 4]), st.data())
def test_equal_elements_have_equal_hashes_whatever_they_are_written_over(n, factor, data):
    size = len(cogo.Element.root(n).coordinates)
    x = cogo.Element(n, tuple(data.draw(st.lists(st.integers(-(2**40), 2**40), min_size=size, max_size=size))))
    lifted = x.over(n * factor)
    assert x == lifted and hash(x) == hash(lifted)
    number = data.draw(st.integers(-(2**40), 2**40))
    assert x - x + number == number and hash(x - x + number) == hash(number)
    assert (x == number) == (x - number == 0) == (not x - number)
    assert x != "w3" and x != True  # noqa: E712 - neither texts nor truth values are numbers


SPELLED = st.sampled_from(["1", "-1", "i", "-i", "w3", "-w3^2", "w5^2", "w8^3", "w12"])


@given(SPELLED, SPELLED, st.integers(-9, 9))
def test_elements_are_the_complex_numbers_that_they_are_written_as(first, second, number):
    def size(text):
        sign, root = (-1, text[1:]) if text.startswith("-") else (1, text)
        order, _, power = root.removeprefix("w").partition("^")
        turn = 0 if root == "1" else 1 / 4 if root == "i" else int(power or 1) / int(order)
        return sign * np.exp(2j * np.pi * turn)

    x, y = cogo.Element.of(first), cogo.Element.of(second)
    pairs = [(x, size(first)), (x + y, size(first) + size(second)), (x - y, size(first) - size(second))]
    pairs += [(x * y, size(first) * size(second)), (number - x, number - size(first)), (-x, -size(first))]
    pairs += [(x.conjugate(), np.conj(size(first))), (number * x, number * size(first))]
    for exact, near in pairs:
        assert abs(complex(exact) - near) < 1e-9


@given(SPELLED, SPELLED, SPELLED)
def test_potentials_of_a_node_are_the_monomials_of_their_names(first, second, third):
    a, b, c = (complex(cogo.Element.of(text)) for text in (first, second, third))
    letters = {"a": a, "b": b, "c": c, "A": np.conj(a), "B": np.conj(b)}
    for name, value in cogo.Weights.node(first, second, third).potentials().items():
        assert abs(complex(value) - np.prod([letters[x] for x in name])) < 1e-9
    assert cogo.Weights.node(first, second).potentials()["abc"] == 1


def test_numbers_beyond_64_bits_are_refused_not_wrapped():
    large = cogo.Element.of(10**18)
    for call in (lambda: cogo.Element.of(2**70), lambda: large * 9 + large * 9, lambda: large * large):
        with pytest.raises(cogo.CogoError, match="64-bit"):
            call()


# ---- values ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def cat():
    return cogo.load_catalog(SHIPPED / "roots-3-4.json")


def test_a_catalog_is_a_sequence_of_entries(cat):
    assert list(cat) == list(cat.entries) and len(cat) == 11
    assert cat[cat[3].id] is cat[3] or cat[cat[3].id] == cat[3]
    assert {e.order for e in cat.filter(order=6)} == {6}
    assert all({"Rc", "R*"} <= set(e.covers) for e in cat.filter(cover="Rc+R*"))
    assert cat.graph().number_of_nodes() == len(cat)


def test_values_show_themselves_in_one_line_and_in_a_notebook(cat):
    network = cogo.construct(5)
    shown = [cat, cat[0], cat.entries, network, network.evaluate(), cogo.match(network, catalog=cat)]
    shown += [cogo.verify(cat), cogo.generator_table(4), cogo.Weights.node(1, "i"), cogo.match(network, catalog=cat)[0]]
    shown += [cogo.potentials(network)]
    for value in shown:
        assert "\n" not in repr(value)
        html = value._repr_html_()
        assert html.startswith(("<table", "<svg")) and "<script" not in html


def test_text_of_files_is_escaped_in_a_notebook(cat):
    record = {**cat[0].record, "id": "<img src=x>"}
    assert "<img" not in cogo.Entry(record)._repr_html_()


def test_a_saved_search_is_the_catalog_that_it_was(tmp_path):
    found = cogo.search(4, cover="Rc")
    saved = found.save(tmp_path / "c.json")
    again = cogo.load_catalog(tmp_path / "c.json")
    assert list(found) == list(again) == list(saved) and bool(cogo.verify(tmp_path / "c.json")) and cogo.verify(found)


def test_a_false_catalog_is_false_and_says_why(cat):
    name, data = cat.parts[0]
    false = {**data, "entries": [{**data["entries"][0], "order": 99}, *data["entries"][1:]]}
    verification = cogo.verify(cogo.Catalog(((name, false),)))
    assert not verification and len(verification.reasons) == 1


@pytest.mark.parametrize("recipe", ["f6", "f4/6", "memorization", "minimal", "cheapest"])
def test_constructed_networks_have_no_loss(recipe, cat):
    network = cogo.construct("7", recipe=recipe, catalog=cat)
    assert network.loss() < 1e-24 and network.accuracy() == 1
    assert network.spectrum.shape == (3, 7, network.width)


def test_an_entry_is_a_recipe(cat):
    entry = cat.filter(order=6, cover="all")[0]
    assert cogo.construct(5, recipe=entry).width == 2 * 6
    other = cat.filter(order=6, cover="all")[1]
    mixed = cogo.construct(7, recipe=entry, at={2: (other, (1, 0))}, catalog=cat)
    assert mixed.loss() < 1e-24


def test_a_network_is_read_from_whatever_holds_it(tmp_path):
    torch = pytest.importorskip("torch")
    network = cogo.construct("2x3", recipe="f6")
    module = network.to_torch()
    network.save(tmp_path / "n.npz")
    held = [module.state_dict(), module, (network.W_a, network.W_b, network.V), network]
    for source in (*held, tmp_path / "n.npz", str(tmp_path / "n.npz")):
        read = cogo.load_network(source, group="2x3")
        assert np.allclose(read.W_a, network.W_a) and np.allclose(read.V, network.V)
    x = torch.arange(6)
    assert torch.allclose(module(x[:, None], x[None, :]), torch.from_numpy(network.outputs()))


def test_training_in_memory_is_training_on_disk(tmp_path):
    pytest.importorskip("torch")
    heard = []
    options = {"hidden": 16, "epochs": 200, "seeds": [1, 2], "snapshots": [0, 100, 200]}
    kept = cogo.train(5, **options, callback=heard.append)
    written = cogo.train(5, **options, out=tmp_path / "runs", workers=1)
    assert [run.name for run in kept] == [run.name for run in written]
    for here, there in zip(kept, written, strict=True):
        assert here.epochs == there.epochs == (0, 100, 200)
        for epoch in here.epochs:
            assert np.array_equal(here.snapshot(epoch).V, there.snapshot(epoch).V)
        assert {**here.to_dict(), "network": None} == {**there.to_dict(), "network": None}
    assert {event.message for event in heard} == {run.name for run in kept}
    assert [run.status for run in cogo.load_runs(tmp_path / "runs")] == ["done", "done"]
    both = [cogo.match(runs, catalog=SHIPPED / "roots-3-4.json").to_dict()["networks"] for runs in (kept, written)]
    assert [n["frequencies"] for n in both[0]] == [n["frequencies"] for n in both[1]]


def test_a_training_that_diverges_is_a_run_like_any_other(tmp_path):
    pytest.importorskip("torch")
    options = {"hidden": 8, "lr": 1e12, "epochs": 100, "seeds": 1, "snapshots": [0, 40, 100]}
    for out in (None, tmp_path / "runs"):
        (run,) = cogo.train(5, **options, out=out, workers=None if out is None else 1)
        assert run.status == "diverged" and run.epochs == (0, 40)
        with pytest.raises(cogo.InputError, match="NaN"):
            run.snapshot(40)
        assert run.snapshot(0).width == 8


# ---- the command line calls the face ------------------------------------------------------------------------------


def test_commands_hold_no_mathematics():
    banned = {"numpy", "scipy", "torch", "math", "networkx"}
    for path in (ROOT / "cogo_search" / "cli").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []
            assert not banned & {name.split(".")[0] for name in names}, path.name
