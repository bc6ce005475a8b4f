"""cogo.potentials and the command: what holds logits, what does not, and that both say the same."""

from __future__ import annotations

import json

import numpy as np
import pytest
from safetensors.numpy import save_file

import cogo_search as cogo
from cogo_search.cli import main

RNG = np.random.default_rng(0)
LOGITS = RNG.normal(size=(6, 6, 6)) + 3 * np.eye(6)[cogo.Group("6").table]


def same(found, expected):
    assert found.to_dict() == expected.to_dict()


@pytest.fixture
def expected():
    return cogo.potentials(LOGITS)


# ---- what holds logits --------------------------------------------------------------------------------------------


def test_arrays_lists_functions_and_tensors(expected):
    torch = pytest.importorskip("torch")
    tensor = torch.tensor(LOGITS, requires_grad=True)
    for held in (
        LOGITS,
        LOGITS.reshape(36, 6),
        LOGITS.tolist(),
        tensor,
        tensor.reshape(36, 6),
        np.asfortranarray(LOGITS),
    ):
        same(cogo.potentials(held), expected)
    for function in (
        lambda x1, x2: LOGITS[x1, x2],
        lambda x1, x2: tensor[x1, x2],
        lambda x1, x2: LOGITS[x1, x2].tolist(),
    ):
        same(cogo.potentials(function, group=6), expected)
    assert cogo.potentials(tensor.bfloat16()).shares["task"] == pytest.approx(expected.shares["task"], abs=1e-2)


def test_large_groups_are_asked_for_in_parts(monkeypatch, expected):
    monkeypatch.setattr("cogo_search.networks.logit_sources.AT_ONCE", 7)
    same(cogo.potentials(lambda x1, x2: LOGITS[x1, x2], group="6"), expected)


def test_integers_are_logits_and_products_are_groups():
    table = cogo.Group("2x3").table
    found = cogo.potentials(5 * np.eye(6, dtype=np.int64)[table], group="2x3")
    assert [row.k for row in found.frequencies] == [[0, 1], [1, 0], [1, 1]]
    assert [row.size for row in found.frequencies] == pytest.approx([5, 5, 5])


def test_a_network_is_its_outputs():
    network = cogo.construct("2x3", recipe="f6")
    found = cogo.potentials(network)
    same(found, cogo.potentials(network.outputs(), group="2x3"))
    assert found.group == "2x3" and found.shares["task"] == pytest.approx(1)
    same(cogo.potentials(network, group="2x3"), found)


def test_a_torch_module_is_given_tensors():
    pytest.importorskip("torch")
    network = cogo.construct(7)
    found = cogo.potentials(network.to_torch(), group=7)
    assert found.shares == pytest.approx(cogo.potentials(network).shares)


def test_a_transformer_is_a_function_of_two_tokens():
    """One layer of attention over x1, x2 and "=", with random weights."""
    torch = pytest.importorskip("torch")
    torch.manual_seed(0)
    d, width = 11, 16
    tokens, places = torch.randn(d + 1, width), torch.randn(3, width)
    queries, keys, values = torch.randn(3, width, width, requires_grad=True)
    unembed = torch.randn(width, d + 1)

    def logits(x1, x2):
        text = torch.stack([torch.as_tensor(x1), torch.as_tensor(x2), torch.full((len(x1),), d)], dim=1)
        x = tokens[text] + places
        pattern = torch.softmax(x[:, -1:] @ queries @ (x @ keys).mT / width, dim=-1)
        return ((x[:, -1:] + pattern @ x @ values)[:, 0] @ unembed)[:, :d]

    found = cogo.potentials(logits, group=d)
    assert len(found.frequencies) == 5 and sum(found.shares.values()) == pytest.approx(1)
    everything = torch.arange(d).repeat_interleave(d), torch.arange(d).repeat(d)
    same(found, cogo.potentials(logits(*everything)))
    assert found.notes and "accuracy" in found.notes[0]


def test_files_hold_logits(tmp_path, monkeypatch, expected):
    monkeypatch.chdir(tmp_path)
    np.save("a.npy", LOGITS)
    np.savez("b.npz", logits=LOGITS.reshape(36, 6), losses=np.ones(9))
    save_file({"o": LOGITS, "weights": np.ones((6, 4))}, "c.safetensors")
    np.savez("d.npz", first=LOGITS, second=-LOGITS, small=np.ones((5, 5, 5)))
    for name in ("a.npy", "b.npz", "c.safetensors"):
        same(cogo.potentials(name), expected)
        same(cogo.potentials(tmp_path / name, group=6), expected)
    same(cogo.potentials("d.npz", key="first"), expected)
    with pytest.raises(cogo.InputError, match=r"^key=NAME .*first \(6, 6, 6\), second \(6, 6, 6\), small \(5, 5, 5\)$"):
        cogo.potentials("d.npz")
    with pytest.raises(cogo.InputError, match=r"first \(6, 6, 6\), second \(6, 6, 6\)$"):
        cogo.potentials("d.npz", group=6)
    with pytest.raises(cogo.InputError, match="same for every answer"):
        cogo.potentials("d.npz", group=5)


def test_a_file_in_bfloat16_and_a_network_file_are_read(tmp_path):
    torch = pytest.importorskip("torch")
    from safetensors.torch import save_file as save_tensors

    held = torch.tensor(LOGITS).bfloat16()
    save_tensors({"logits": held}, tmp_path / "l.safetensors")
    same(cogo.potentials(tmp_path / "l.safetensors"), cogo.potentials(held.double().numpy()))
    network = cogo.construct("2x3")
    for name in ("n.npz", "n.safetensors"):
        network.save(tmp_path / name)
        assert cogo.potentials(tmp_path / name).group == "2x3"


# ---- wrong calls --------------------------------------------------------------------------------------------------


def with_nan():
    found = LOGITS.copy()
    found[1, 2, 3] = np.nan
    return found


WRONG = {
    "NaN": (lambda: cogo.potentials(with_nan()), "nan at x1=1, x2=2, y=3"),
    "infinity": (lambda: cogo.potentials(LOGITS / np.zeros(6)), "inf"),
    "too large": (lambda: cogo.potentials(LOGITS * 1e60), "scale them down"),
    "a vector": (lambda: cogo.potentials(np.ones(6)), r"\(6,\)"),
    "no square of inputs": (lambda: cogo.potentials(np.ones((35, 6))), r"\(35, 6\)"),
    "an answer too many": (lambda: cogo.potentials(np.ones((36, 7))), r"logits\[\.\.\., :6\]"),
    "an answer too many, whole": (lambda: cogo.potentials(np.ones((6, 6, 7))), r"logits\[\.\.\., :6\]"),
    "one element": (lambda: cogo.potentials(np.ones((1, 1, 1))), "d = 1"),
    "no elements": (lambda: cogo.potentials(np.ones((0, 0, 0))), "d = 0"),
    "too many elements": (lambda: cogo.potentials(lambda x1, x2: x1, group=4096), "4096"),
    "complex numbers": (lambda: cogo.potentials(LOGITS + 0j), "complex128"),
    "truth values": (lambda: cogo.potentials(LOGITS > 0), "bool"),
    "unequal rows": (lambda: cogo.potentials([[1.0], [1.0, 2.0]]), "unequal"),
    "nothing": (lambda: cogo.potentials(None), "None"),
    "a state dict": (lambda: cogo.potentials({"o": LOGITS}), "dict"),
    "a class": (lambda: cogo.potentials(cogo.Network), "Network"),
    "the same for every y": (lambda: cogo.potentials(np.ones((5, 5, 5))), "same for every answer"),
    "a group of another order": (lambda: cogo.potentials(LOGITS, group="7"), "group=7 has order 7"),
    "a group that is none": (lambda: cogo.potentials(LOGITS, group="S3"), "S3"),
    "a network's other group": (lambda: cogo.potentials(cogo.construct(6), group="2x3"), "group=2x3"),
    "a function without a group": (lambda: cogo.potentials(lambda x1, x2: LOGITS[x1, x2]), "group=None"),
    "a function of another shape": (lambda: cogo.potentials(lambda x1, x2: LOGITS[x1, x2].T, group=6), r"\(6, 36\)"),
    "a function of one number": (lambda: cogo.potentials(lambda x1, x2: 1.0, group=6), r"shape \(\)"),
    "a key without a file": (lambda: cogo.potentials(LOGITS, key="a"), "key='a'"),
    "a missing file": (lambda: cogo.potentials("nowhere.npy"), "nowhere.npy"),
    "another suffix": (lambda: cogo.potentials("logits.pt"), "logits.pt"),
    "a figure of another kind": (lambda: cogo.potentials(LOGITS, figure="a.gif"), "a.gif"),
}


@pytest.mark.parametrize("name", WRONG)
@pytest.mark.filterwarnings("ignore:divide by zero")
def test_wrong_calls_are_one_line(name):
    call, said = WRONG[name]
    with pytest.raises(cogo.InputError, match=said) as error:
        call()
    assert "\n" not in str(error.value) and ": " in str(error.value)


@pytest.mark.parametrize("suffix", ["npy", "npz", "safetensors"])
@pytest.mark.parametrize(
    "content", [b"", b"\x93NUMPY", b"PK\x03\x04 no archive", b"\x08\0\0\0\0\0\0\0{}......", b"x" * 99]
)
def test_damaged_files_are_one_line(suffix, content, tmp_path, capsys):
    path = tmp_path / f"l.{suffix}"
    path.write_bytes(content)
    assert main(["potentials", str(path)]) == 2
    out = capsys.readouterr()
    assert out.out == "" and out.err.count("\n") == 1 and str(path) in out.err


def test_pickles_are_not_run(tmp_path):
    np.save(tmp_path / "l.npy", np.array([print], dtype=object), allow_pickle=True)
    with pytest.raises(cogo.InputError, match="no readable"):
        cogo.potentials(tmp_path / "l.npy")


# ---- the command --------------------------------------------------------------------------------------------------


def test_the_command_prints_what_the_face_gives(tmp_path, capsys, expected):
    np.savez(tmp_path / "l.npz", first=LOGITS, second=-LOGITS)
    asked = ["potentials", str(tmp_path / "l.npz"), "--key", "first"]
    assert main([*asked, "--json", "--out", str(tmp_path / "p.json")]) == 0
    printed = capsys.readouterr().out
    assert json.loads(printed) == json.loads(json.dumps(expected.to_dict()))
    assert (tmp_path / "p.json").read_text() == printed
    assert main([*asked, "--group", "6", "--top", "1"]) == 0
    text = capsys.readouterr().out
    assert "shares of the variance, by class" in text and "3 frequencies by |C_kkk|" in text
    assert "... and 2 more: --top 3 shows them all" in text
    assert main([*asked, "--group", "2x3"]) == 0
    assert "note: accuracy is" in capsys.readouterr().out
    for wrong, said in ((["--group", "7"], "--group 7"), (["--key", "none"], "--key 'none'")):
        assert main([*asked, *wrong]) == 2
        err = capsys.readouterr().err
        assert err.count("\n") == 1 and said in err
    assert main(["potentials", str(tmp_path / "l.npz")]) == 2
    assert "--key NAME has to say" in capsys.readouterr().err


@pytest.mark.slow
def test_a_figure_shows_the_numbers_and_repeats(tmp_path, expected):
    pytest.importorskip("matplotlib")
    from cogo_search.reporting.figures.logits import draw
    from cogo_search.reporting.style import style

    for suffix, start in (("svg", b"<?xml"), ("png", b"\x89PNG"), ("pdf", b"%PDF")):
        files = [tmp_path / f"{i}.{suffix}" for i in (1, 2)]
        for path in files:
            same(cogo.potentials(LOGITS, figure=path), expected)
        assert files[0].read_bytes() == files[1].read_bytes() and files[0].read_bytes().startswith(start)
    with style():
        sizes, shares, answers = draw(expected).axes
    assert [bar.get_height() for bar in sizes.patches] == [row.size for row in expected.frequencies]
    assert [bar.get_width() for bar in shares.patches] == pytest.approx([100 * s for s in expected.shares.values()])
    kept, removed, _ = (line.get_ydata() for line in answers.lines)
    assert list(kept) == [100 * row.kept.accuracy for row in expected.ablation]
    assert list(removed) == [
        100 * r for r in (expected.full.accuracy, *(x.removed.accuracy for x in expected.ablation))
    ]
