import json

import numpy as np
import pytest
from safetensors.numpy import save_file

from cogo_search.cli import main
from cogo_search.errors import InputError
from cogo_search.groups import Group
from cogo_search.optimizers.files import read_network, write_network
from cogo_search.optimizers.network import Network, Setting, from_spectrum, spectrum
from cogo_search.optimizers.recipes import build


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


def test_construct_then_evaluate(tmp_path, capsys):
    path = tmp_path / "net.safetensors"
    assert main(["construct", "--group", "23", "--recipe", "f4/6", "--out", str(path), "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert (facts["order"], facts["lower_bound"], facts["accuracy"], facts["exact"]) == (46, 33, 1.0, True)
    assert main(["evaluate", str(path), "--json"]) == 0
    held = json.loads(capsys.readouterr().out)
    assert held["loss"] < 1e-18
    assert [f["order"] for f in held["frequencies"]] == [6] + [4] * 10
    provenance = json.loads(read_network(path).metadata["provenance"])
    assert provenance["recipe"] == "f4/6"


@pytest.mark.parametrize("d", range(3, 13))
def test_minimal_prints_the_bound_and_the_gap(d, capsys):
    assert main(["construct", "--group", str(d), "--minimal"]) == 0
    text = capsys.readouterr().out
    assert "lower bound" in text
    assert ("not proved minimal" in text) != ("meets the bound" in text)


@pytest.mark.parametrize("d", [5, 7, 9, 11])
def test_minimal_with_the_shipped_catalog_is_no_wider_than_f4_6(d, capsys):
    orders = []
    for choice in (["--minimal"], ["--recipe", "f4/6"]):
        assert main(["construct", "--group", str(d), *choice, "--json"]) == 0
        orders.append(json.loads(capsys.readouterr().out)["order"])
    assert orders == [2 * d, 2 * d]


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
        ["--group", "7", "--recipe", "f6", "--out", "net.pickle"],
    ],
)
def test_bad_input_is_one_clear_line(arguments, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["construct", *arguments]) == 2
    captured = capsys.readouterr()
    assert (captured.out, captured.err.count("\n")) == ("", 1)
    assert list(tmp_path.iterdir()) == []
