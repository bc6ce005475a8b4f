import json

import numpy as np
import pytest
from safetensors.numpy import save_file

from cogo_search.cli import main
from cogo_search.errors import InputError
from cogo_search.groups.abelian import Group
from cogo_search.networks.evaluation import evaluate
from cogo_search.networks.network import Network, Setting, from_spectrum, spectrum
from cogo_search.networks.network_files import read_network, write_network
from cogo_search.recipes.compose import build


@pytest.fixture
def network():
    made = build("f4/6", Group.parse("2x3"), Setting()).assemble()
    return Network(made.group, made.W_a, made.W_b, made.V, {"origin": "constructed", "trivial": "without"})


@pytest.mark.parametrize("suffix", [".safetensors", ".npz"])
def test_round_trip(network, suffix, tmp_path):
    path = tmp_path / f"net{suffix}"
    write_network(network, path)
    again = read_network(path)
    for name in ("W_a", "W_b", "V"):
        np.testing.assert_array_equal(getattr(again, name), getattr(network, name))
    assert again.group == network.group
    assert again.metadata["format"] == "cogo-net-1"
    assert again.metadata["origin"] == "constructed"


def test_spectrum_has_r_kkk_equal_to_one(network):
    z = spectrum(network)
    for k in range(1, 6):
        assert abs(np.sum(z[0, k] * z[1, k] * z[2, k]) - 1) < 1e-12


def test_spectrum_and_back(network):
    again = from_spectrum(network.group, spectrum(network))
    np.testing.assert_allclose(again.V, network.V, atol=1e-14)
    bad = spectrum(network)
    bad[0, 1] *= 1j
    with pytest.raises(InputError, match="Hermitian"):
        from_spectrum(network.group, bad)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda t: t.pop("V"),
        lambda t: t.update(V=t["V"][:-1]),
        lambda t: t.update(W_a=t["W_a"].T.copy()),
        lambda t: t.update(W_b=np.zeros(6)),
        lambda t: t.update(V=np.full_like(t["V"], np.nan)),
        lambda t: t.update(V=t["V"] * 1e60),
        lambda t: t.update(V=t["V"].astype(np.complex64)),
        lambda t: t.update(W_a=(t["W_a"] > 0)),
        lambda t: t.update(W_a=t["W_a"].astype(np.int32)),
    ],
)
def test_wrong_tensors_are_one_clear_line(network, spoil, tmp_path, capsys):
    tensors = {name: np.ascontiguousarray(getattr(network, name)) for name in ("W_a", "W_b", "V")}
    spoil(tensors)
    path = tmp_path / "bad.safetensors"
    save_file(tensors, path, metadata={"format": "cogo-net-1", "group": "2x3"})
    assert main(["evaluate", str(path)]) == 2
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize("name", ["net.safetensors", "net.npz", "net.txt"])
def test_unreadable_files(name, tmp_path, capsys):
    path = tmp_path / name
    assert main(["evaluate", str(path)]) == 2
    path.write_bytes(b"not a network")
    assert main(["evaluate", str(path)]) == 2
    assert capsys.readouterr().err.count("\n") == 2


def test_foreign_format_and_group(network, tmp_path):
    tensors = {name: np.ascontiguousarray(getattr(network, name)) for name in ("W_a", "W_b", "V")}
    for metadata in ({}, {"format": "cogo-net-9"}, {"format": "cogo-net-1"}, {"format": "cogo-net-1", "group": "7"}):
        save_file(tensors, tmp_path / "x.safetensors", metadata=metadata or None)
        with pytest.raises(InputError):
            read_network(tmp_path / "x.safetensors")


@pytest.mark.parametrize(
    "metadata", [{"trivial": "zzz"}, {"target": "zzz"}, {"trivial": "without", "target": "one-hot"}]
)
def test_false_metadata_is_one_clear_line(metadata, network, tmp_path, capsys):
    tensors = {name: getattr(network, name) for name in ("W_a", "W_b", "V")}
    save_file(tensors, tmp_path / "x.safetensors", metadata={"format": "cogo-net-1", "group": "2x3", **metadata})
    assert main(["evaluate", str(tmp_path / "x.safetensors")]) == 2
    captured = capsys.readouterr()
    assert (captured.out, captured.err.count("\n")) == ("", 1)
    assert "x.safetensors" in captured.err


def test_strings_for_weights_and_foreign_metadata_are_one_clear_line(tmp_path, capsys):
    names = {name: np.full((3, 2), "a") for name in ("W_a", "W_b", "V")}
    np.savez(tmp_path / "x.npz", metadata=np.array('{"format": "cogo-net-1", "group": "3"}'), **names)
    assert main(["evaluate", str(tmp_path / "x.npz")]) == 2
    numbers = {name: np.ones((3, 2)) for name in names}
    np.savez(tmp_path / "x.npz", metadata=np.array('{"format": "cogo-net-1", "group": 3}'), **numbers)
    assert main(["evaluate", str(tmp_path / "x.npz")]) == 2
    assert capsys.readouterr().err.count("\n") == 2


def test_trivial_character_is_asked_for_where_weights_hold_it(network, tmp_path, capsys):
    path = tmp_path / "net.npz"
    shifted = Network(network.group, network.W_a + 0.1, network.W_b - 0.1, network.V, {"trivial": "without"})
    write_network(shifted, path)
    assert main(["evaluate", str(path)]) == 2
    assert "--trivial with" in capsys.readouterr().err
    assert main(["evaluate", str(path), "--trivial", "with", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["loss"] < 1e-18


@pytest.mark.parametrize("kind", [np.float32, np.float16])
def test_orders_and_setting_of_coarse_files(kind, network, tmp_path, capsys):
    path = tmp_path / "net.npz"
    write_network(network, path)
    with np.load(path) as archive:
        arrays = {name: archive[name] for name in archive.files}
    np.savez(path, **{name: x if name == "metadata" else x.astype(kind) for name, x in arrays.items()})
    assert main(["evaluate", str(path), "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert [f["order"] for f in facts["frequencies"]] == [6, 2, 4]
    assert facts["trivial"] == "without"


@pytest.mark.slow
@pytest.mark.parametrize("spec", ["4", "7", "2x4"])
@pytest.mark.parametrize("choice", ["--minimal", "--cheapest"])
def test_residuals_by_frequency_vanish_for_optimizers_and_name_what_does_not(spec, choice, tmp_path, capsys):
    path = tmp_path / "net.npz"
    assert main(["construct", "--group", spec, choice, "--out", str(path)]) == 0
    capsys.readouterr()
    network = read_network(path)
    facts = evaluate(network).to_dict()
    assert max(size for f in facts["frequencies"] for size in f["residuals"].values()) < 1e-12
    z = spectrum(network)
    z[2, 1] *= 1.5
    z[2, network.group.multiple(-1, 1)] = z[2, 1].conj()
    worse = evaluate(from_spectrum(network.group, z)).to_dict()
    assert abs(sum(f["loss"] for f in worse["frequencies"]) - worse["loss"]) < 1e-12
    assert next(f for f in worse["frequencies"] if f["loss"] > 1e-3)["residuals"]["abc-1"] > 0.4


def test_construct_then_evaluate(tmp_path, capsys):
    path = tmp_path / "net.safetensors"
    assert main(["construct", "--group", "23", "--recipe", "f4/6", "--out", str(path), "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert (facts["order"], facts["lower_bound"], facts["accuracy"], facts["carrier"]) == (46, 34, 1.0, "pairs")
    assert main(["evaluate", str(path), "--json"]) == 0
    held = json.loads(capsys.readouterr().out)
    assert held["loss"] < 1e-18
    assert [f["order"] for f in held["frequencies"]] == [6] + [4] * 10
    provenance = json.loads(read_network(path).metadata["provenance"])
    assert provenance["recipe"] == "f4/6"


@pytest.mark.slow
@pytest.mark.parametrize("d", range(3, 13))
def test_minimal_prints_the_bound_and_the_gap(d, capsys):
    assert main(["construct", "--group", str(d), "--minimal"]) == 0
    text = capsys.readouterr().out
    assert "lower bound" in text
    assert ("not proved minimal" in text) != ("meets the bound" in text)


@pytest.mark.slow
@pytest.mark.parametrize("d", [5, 7, 9, 11])
def test_minimal_with_the_shipped_catalog_is_no_wider_than_f4_6(d, capsys):
    orders = []
    for choice in (["--minimal"], ["--recipe", "f4/6"]):
        assert main(["construct", "--group", str(d), *choice, "--json"]) == 0
        orders.append(json.loads(capsys.readouterr().out)["order"])
    assert orders == [2 * d, 2 * d]


@pytest.mark.slow
@pytest.mark.parametrize(
    "arguments",
    [
        ["--group", "1", "--recipe", "f6"],
        ["--group", "0x3", "--recipe", "f6"],
        ["--group", "abc", "--recipe", "f6"],
        ["--group", "2x2", "--recipe", "f4/6"],
        ["--group", "7", "--recipe", "f6", "--target", "one-hot"],
        ["--group", "7", "--recipe", "entry:n6-q3-af155054ad862753"],
        ["--group", "7", "--recipe", "entry:nothing"],
        ["--group", "7", "--recipe", "f9"],
        ["--group", "7", "--recipe", "f4/6", "--order6-frequencies", "9"],
        ["--group", "7", "--recipe", "f6", "--at", "1=n6"],
        ["--group", "7", "--recipe", "f4/6", "--order6-frequencies", "1,6"],
        ["--group", "2x3", "--recipe", "f4/6", "--order6-frequencies", "0,0"],
        ["--group", "2x2", "--recipe", "entry:a6463b45fde25e12"],
        ["--group", "7", "--recipe", "entry:"],
        ["--group", "7", "--recipe", "entry:a6463b45fde25e12", "--at", "2"],
        ["--group", "7", "--recipe", "entry:a6463b45fde25e12", "--at", "2="],
        ["--group", "7", "--recipe", "entry:a6463b45fde25e12", "--at", "2=a6463b45fde25e12*1/0,0"],
        ["--group", "7", "--recipe", "entry:a6463b45fde25e12", "--at", "2=a6463b45fde25e12*1/239,0"],
        ["--group", "7", "--recipe", "entry:a6463b45fde25e12", *["--at", "2=a6463b45fde25e12"] * 2],
        ["--group", "7", "--recipe", "entry:a6463b45fde25e12", "--at", "2=a64", "--at", "5=a64"],
        ["--group", "131", "--recipe", "memorization"],
        ["--group", "7", "--recipe", "f6", "--add-to", "none.json"],
        ["--group", "7", "--recipe", "f6", "--out", "net.pickle"],
    ],
)
def test_bad_input_is_one_clear_line(arguments, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["construct", *arguments]) == 2
    captured = capsys.readouterr()
    assert (captured.out, captured.err.count("\n")) == ("", 1)
    assert list(tmp_path.iterdir()) == []


def test_evaluate_prints_lines_where_the_text_has_lines(network, tmp_path, capsys):
    write_network(network, tmp_path / "net.npz")
    assert main(["evaluate", str(tmp_path / "net.npz")]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert not any("\\n" in line for line in lines)
    place = next(i for i, line in enumerate(lines) if line.startswith("by frequency: "))
    assert lines[place].endswith("the sizes of the potentials")
    assert lines[place + 1].startswith("(zero loss asks abc = 1") and lines[place + 2].endswith("other frequencies)")
