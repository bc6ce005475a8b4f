"""Networks from other programs' files: every layout, what decides between readings, and what is refused."""

import builtins
import json
import os
import pickle
import re

import numpy as np
import pytest
from safetensors.numpy import save_file

from cogo_search.errors import InputError
from cogo_search.groups.abelian import Group
from cogo_search.networks.evaluation import evaluate
from cogo_search.networks.loss import direct
from cogo_search.networks.network import Network, Setting
from cogo_search.networks.network_files import read_network, write_network
from cogo_search.reading.reading import Asked
from cogo_search.reading.reading import import_network as import_as_asked
from cogo_search.reading.scale import fit
from cogo_search.recipes.compose import build

torch = pytest.importorskip("torch")

MAP = {"W_a": "one", "W_b": "two", "V": "three"}


def import_network(path, **asked):
    """The network of a file, with what a user says of it."""
    return import_as_asked(path, Asked(**asked))


def make(spec="7"):
    """f4/6 on a group, with a constant part as training leaves it."""
    network = build("f4/6", Group.parse(spec), Setting()).assemble()
    return Network(network.group, network.W_a + 0.01, network.W_b - 0.02, network.V)


def tied(spec="7"):
    """A network with alpha = beta, as shared first layers have."""
    network = make(spec)
    return Network(network.group, network.W_a, network.W_a, network.V)


def widened(network, width):
    """The same function with dead nodes up to a width."""
    more = np.zeros((network.group.order, width - network.width))
    return Network(network.group, *(np.hstack([x, more]) for x in (network.W_a, network.W_b, network.V)))


def split_embedding(w, extra=2, seed=0):
    """(embedding (d, d + extra), layer (d + extra, q)) with embedding @ layer = w."""
    d = len(w)
    embedding = np.random.default_rng(seed).normal(size=(d, d + extra))
    return embedding, np.linalg.pinv(embedding) @ w


def concatenation(n):
    return {"W.weight": np.hstack([n.W_a.T, n.W_b.T]), "V.weight": n.V}


def apart(n):
    return {"layera.weight": n.W_a.T, "layerb.weight": n.W_b.T, "layerc.weight": n.V}


def folded(n):
    """W (h, q) is common: W_x W = alpha, W_y W = beta with h = q + 2."""
    w = np.random.default_rng(1).normal(size=(n.width + 2, n.width))
    return {"W_x": n.W_a @ np.linalg.pinv(w), "W_y": n.W_b @ np.linalg.pinv(w), "W": w, "W_U": n.V.T}


def folded_turned(n):
    tensors = folded(n)
    return {"W_x": tensors["W_x"].T, "W_y": tensors["W_y"].T, "W": tensors["W"].T, "W_U": tensors["W_U"].T}


def shared_sum(n):
    embedding, layer = split_embedding(n.W_a)
    return {"W_E": embedding, "W_in": layer.T, "W_out": n.V}


def shared_concatenation(n):
    embedding = split_embedding(n.W_a)[0]
    halves = [np.linalg.pinv(embedding) @ w for w in (n.W_a, n.W_b)]
    return {"embedding.weight": embedding, "W_in.weight": np.vstack(halves).T, "W_out.weight": n.V}


def shared_turned(n):
    tensors = shared_concatenation(n)
    return {"embed": tensors["embedding.weight"].T, "W_in": tensors["W_in.weight"].T, "W_out": n.V.T}


def one_hot(n):
    return {"W_in": np.hstack([n.W_a.T, n.W_b.T]), "W_out": n.V.T}


def one_hot_sum(n):
    return {"W_in": n.W_a.T, "W_out": n.V}


def plain(n):
    return {"W_a": n.W_a, "W_b": n.W_b, "V": n.V}


def plain_turned(n):
    return {"W_a": n.W_a.T, "W_b": n.W_b.T, "V": n.V}


LAYOUTS = [concatenation, apart, folded, folded_turned, shared_concatenation, shared_turned, one_hot, plain]
LAYOUTS += [plain_turned, shared_sum, one_hot_sum]


def save(path, tensors, content=lambda state: state):
    """Write tensors in the format of the suffix; ``content`` is what a torch checkpoint has around them."""
    arrays = {name: np.ascontiguousarray(values) for name, values in tensors.items()}
    if path.suffix == ".npz":
        np.savez(path, **arrays)
    elif path.suffix == ".safetensors":
        save_file(arrays, path)
    else:
        torch.save(content({name: torch.from_numpy(values) for name, values in arrays.items()}), path)
    return path


def refused(path, *parts, **arguments):
    """The message of the InputError, one line that names the file and holds all parts."""
    with pytest.raises(InputError) as caught:
        import_network(path, **arguments)
    message = str(caught.value)
    assert "\n" not in message
    assert path.name in message
    assert message.count("network file") == 1
    for part in parts:
        assert part in message, message
    return message


def same(imported, network):
    for name in ("W_a", "W_b", "V"):
        np.testing.assert_allclose(getattr(imported.network, name), getattr(network, name), atol=1e-6)
    np.testing.assert_allclose(imported.network.outputs(), network.outputs(), atol=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize("suffix", [".pt", ".safetensors", ".npz"])
@pytest.mark.parametrize("spec", ["7", "2x3"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_gives_the_network_back(layout, spec, suffix, tmp_path):
    network = tied(spec) if layout in (shared_sum, one_hot_sum) else make(spec)
    path = save(tmp_path / f"net{suffix}", layout(network))
    # alpha = beta spoils the network, and with it what the loss can tell: where the shapes decide, it need not
    imported = import_network(path, group=spec)
    assert imported.network.group.name == spec
    if imported.scale != 1:
        assert layout in (shared_sum, one_hot_sum)
    unscaled = Network(
        imported.network.group, imported.network.W_a, imported.network.W_b, imported.network.V / imported.scale
    )
    np.testing.assert_allclose(unscaled.outputs(), network.outputs(), atol=1e-6)
    for name in ("W_a", "W_b", "V"):
        np.testing.assert_allclose(getattr(unscaled, name), getattr(network, name), atol=1e-6)
    provenance = json.loads(imported.network.metadata["provenance"])
    assert provenance == {"file": path.name, "mapping": imported.mapping, "scale": imported.scale}
    assert imported.network.metadata["origin"] == "imported"


@pytest.mark.parametrize("suffix", [".safetensors", ".npz"])
def test_our_own_files_come_as_they_are(suffix, tmp_path):
    network = make("2x3")
    path = tmp_path / f"net{suffix}"
    write_network(Network(network.group, network.W_a, network.W_b, 3 * network.V, {"origin": "trained"}), path)
    for group in (None, "2x3"):
        imported = import_network(path, group=group)
        np.testing.assert_array_equal(imported.network.V, 3 * network.V)
        assert (imported.scale, imported.notes) == (1.0, ())
        assert imported.mapping == {"W_a": "W_a", "W_b": "W_b", "V": "V"}
        assert imported.network.metadata["origin"] == "trained"
    refused(path, "group=6", "2x3", "leave the group out", group="6")
    refused(path, "mapping", "leave it out", mapping=MAP)
    refused(path, "activation=relu", "leave it out", activation="relu")


def test_what_is_imported_can_be_written_evaluated_and_read_again(tmp_path):
    imported = import_network(save(tmp_path / "net.pt", concatenation(make("2x3"))), group="2x3")
    assert evaluate(imported.network).loss < 1e-3
    write_network(imported.network, tmp_path / "net.npz")
    again = import_network(tmp_path / "net.npz")
    same(again, imported.network)
    assert again.network.metadata["origin"] == "imported"


@pytest.mark.slow
@pytest.mark.parametrize("suffix", [".pt", ".pth", ".ckpt", ".bin", ".th"])
@pytest.mark.parametrize(
    "content",
    [
        lambda state: {"model": state, "optimizer": {"state": {}}, "epoch": 3},
        lambda state: {"state_dict": {f"module.{key}": value for key, value in state.items()}},
        lambda state: {"model": {"width": 3}, "model_state_dict": state},
        lambda state: {f"_orig_mod.{key}": torch.nn.Parameter(value) for key, value in state.items()},
        lambda state: {"n_averaged": torch.tensor(4), **{f"module.{key}": value for key, value in state.items()}},
    ],
)
def test_checkpoints_with_the_state_dict_inside(content, suffix, tmp_path):
    imported = import_network(save(tmp_path / f"net{suffix}", concatenation(make()), content))
    same(imported, make())


def test_group_is_cyclic_by_default_and_must_fit(tmp_path):
    path = save(tmp_path / "net.npz", concatenation(make()))
    imported = import_network(path)
    assert imported.network.group.name == "7"
    assert imported.notes[-1] == "computes addition modulo 7"
    refused(path, "group=2x3", "the weights compute another", "addition modulo 7", group="2x3")
    unknown = {"W.weight": np.random.default_rng(0).normal(size=(13, 14)), "V.weight": np.ones((7, 13))}
    notes = import_network(save(path, unknown)).notes
    assert any("cyclic 7 assumed" in note and "group=SPEC" in note for note in notes)
    with pytest.raises(InputError, match="'1x7'"):
        import_network(path, group="1x7")


def square():
    """An optimizer of width d on 2x2x2: a node at each real character, a constant one for their squares."""
    group = Group.parse("2x2x2")
    w = group.characters.real.T
    v = np.where(np.arange(8) > 0, w, -w[:, 1:].sum(axis=1, keepdims=True)) / 16
    v[:, 0] /= 2
    order = [3, 6, 0, 5, 1, 7, 2, 4]
    sizes = np.linspace(0.5, 2, 8)  # else the transposed character table would do as well
    return Network(group, (w * sizes)[:, order], (w * sizes)[:, order], (v / sizes**2)[:, order])


@pytest.mark.parametrize("layout", [plain, plain_turned, folded, one_hot, shared_concatenation])
@pytest.mark.parametrize("network", [square(), make("13"), make("2x4")], ids=["q = d", "q = 2d", "q = 2d, product"])
def test_square_and_double_width_are_decided_by_loss(layout, network, tmp_path):
    imported = import_network(save(tmp_path / "net.npz", layout(network)), group=network.group.name)
    same(imported, network)


def test_orientation_is_found_by_what_is_computed(tmp_path):
    network = widened(build("f4+const", Group.parse("7"), Setting("with")).assemble(), 14)
    imported = import_network(save(tmp_path / "net.npz", plain_turned(network)))
    same(imported, network)
    assert imported.mapping == {"W_a": "W_a.T", "W_b": "W_b.T", "V": "V"}


def test_orientation_of_what_computes_nothing_is_decided_by_loss_and_told(tmp_path):
    network = make("7")
    noise = np.random.default_rng(0)
    rough = Network(network.group, *(x + 0.6 * noise.normal(size=x.shape) for x in plain(network).values()))
    imported = import_network(save(tmp_path / "net.npz", plain_turned(rough)), group="7")
    assert imported.mapping == {"W_a": "W_a.T", "W_b": "W_b.T", "V": "V"}
    assert any("computes no group's table" in note for note in imported.notes)


def random_tensors(d, q):
    rng = np.random.default_rng(3)
    return {name: rng.normal(size=(d, q)) for name in ("W_a", "W_b", "V")}


def test_random_weights_are_ambiguous_until_the_user_chooses(tmp_path):
    path = save(tmp_path / "net.npz", random_tensors(7, 12))
    message = refused(path, "2 readings", "d = 7, q = 12", "W_a = W_a.T", "d = 12, q = 7", "group=SPEC", "mapping=")
    assert len(re.findall(r"loss [0-9.]+", message)) == 2
    assert import_network(path, group="7").network.W_a.shape == (7, 12)
    assert import_network(path, group="2x6").network.W_a.shape == (12, 7)
    path = save(tmp_path / "square.npz", random_tensors(7, 7))
    refused(path, "8 readings", group="7")
    stands = import_network(path, mapping={"W_a": "W_a", "W_b": "W_b.T", "V": "V"})
    assert any("as the mapping has it" in note for note in stands.notes)
    np.testing.assert_array_equal(stands.network.W_a, random_tensors(7, 7)["W_a"])
    np.testing.assert_array_equal(stands.network.W_b, random_tensors(7, 7)["W_b"].T)


@pytest.mark.parametrize("turned", ["one", "two", "three", None])
def test_mapping_of_keys(turned, tmp_path):
    network = make()
    tensors = {"one": network.W_a, "two": network.W_b, "three": network.V, "other": np.ones((3, 3))}
    if turned:
        tensors[turned] = tensors[turned].T
    for prefix in ("", "net."):
        path = save(tmp_path / "net.pt", {prefix + key: value for key, value in tensors.items()})
        imported = import_network(path, mapping=MAP)
        same(imported, network)
        assert f"not used: {prefix}other (3, 3)" in imported.notes


def test_mapping_of_one_first_layer(tmp_path):
    network = make()
    path = save(tmp_path / "net.pt", {"fc1.weight": np.hstack([network.W_a.T, network.W_b.T]), "fc2.weight": network.V})
    imported = import_network(path, mapping={"W_a": "fc1.weight", "W_b": "fc1.weight", "V": "fc2"})
    same(imported, network)
    same(import_network(path), network)
    assert imported.mapping == {"W_a": "fc1.weight.T[:7]", "W_b": "fc1.weight.T[7:]", "V": "fc2.weight"}


def test_false_mappings(tmp_path):
    path = save(tmp_path / "net.pt", concatenation(make()))
    refused(path, "mapping V=U", "no such key", "W.weight (14, 14), V.weight (7, 14)", mapping={**MAP, "V": "U"} | W_AB)
    for names in ({"W_a": "W.weight"}, {**W_AB, "V": "V.weight", "W_c": "V.weight"}):
        with pytest.raises(InputError, match="must name W_a, W_b and V"):
            import_network(path, mapping=names)
    refused(path, "shapes fit no network", "mapping=", mapping={"W_a": "V", "W_b": "W", "V": "V"}, group=None)


W_AB = {"W_a": "W.weight", "W_b": "W.weight"}


@pytest.mark.parametrize("factor", [1 / 14, 14.0, 1e-9])
def test_output_scale_is_found_and_told(factor, tmp_path):
    network = make()
    path = save(tmp_path / "net.npz", {**concatenation(network), "V.weight": network.V * factor})
    imported = import_network(path)
    assert imported.scale * factor == pytest.approx(1, abs=1e-3)
    np.testing.assert_allclose(imported.network.V, network.V * factor * imported.scale, rtol=1e-12)
    np.testing.assert_allclose(imported.network.V, network.V, rtol=1e-3, atol=1e-6)
    assert any(f"V multiplied by {imported.scale:.6g}" in note for note in imported.notes)
    assert json.loads(imported.network.metadata["provenance"])["scale"] == imported.scale


def test_output_scale_near_one_or_without_sense_is_left(tmp_path):
    network = make()
    near = import_network(save(tmp_path / "net.npz", {**concatenation(network), "V.weight": network.V * 0.96}))
    assert near.scale == 1
    np.testing.assert_array_equal(near.network.V, network.V * 0.96)
    ones = np.full(network.V.shape, 0.1)
    for v in (-network.V, np.zeros_like(network.V), ones):
        imported = import_network(save(tmp_path / "net.npz", {**concatenation(network), "V.weight": v}))
        assert imported.scale == 1
        assert any("V left as it is" in note for note in imported.notes)
        np.testing.assert_array_equal(imported.network.V, v)


def test_fit_is_the_minimum_of_the_loss():
    rng = np.random.default_rng(0)
    network = make("2x3")
    noisy = Network(network.group, *(x + 0.1 * rng.normal(size=x.shape) for x in plain(network).values()))
    scale, loss = fit(noisy)
    around = [
        direct(Network(noisy.group, noisy.W_a, noisy.W_b, noisy.V * s)).loss for s in scale * np.array([0.99, 1, 1.01])
    ]
    assert around[1] == pytest.approx(loss, rel=1e-12)
    assert around[1] < min(around[0], around[2])


@pytest.mark.parametrize("kind", ["float16", "bfloat16", "float32", "float64"])
@pytest.mark.parametrize("suffix", [".pt", ".safetensors"])
def test_types_become_float64(kind, suffix, tmp_path):
    from safetensors.torch import save_file as save_torch

    state = {name: torch.from_numpy(x.copy("C")).to(getattr(torch, kind)) for name, x in concatenation(make()).items()}
    state["W.weight"] = state["W.weight"].to(torch.float64)
    path = tmp_path / f"net{suffix}"
    torch.save(state, path) if suffix == ".pt" else save_torch(state, path)
    imported = import_network(path)
    assert imported.network.V.dtype == np.float64
    np.testing.assert_array_equal(imported.network.V, state["V.weight"].double().numpy())
    assert imported.network.precision == ("float16" if kind == "bfloat16" else kind)
    evaluate(imported.network)


@pytest.mark.parametrize("kind", [torch.int64, torch.complex64, torch.bool, torch.float8_e4m3fn])
@pytest.mark.parametrize("suffix", [".pt", ".safetensors"])
def test_other_types_are_refused(kind, suffix, tmp_path):
    from safetensors.torch import save_file as save_torch

    state = {"W.weight": torch.ones(14, 14).to(kind), "V.weight": torch.ones(7, 14)}
    path = tmp_path / f"net{suffix}"
    torch.save(state, path) if suffix == ".pt" else save_torch(state, path)
    refused(path, "W.weight", "store real floats")
    torch.save({**state, "W.weight": torch.eye(14).to_sparse()}, tmp_path / "net.pt")
    refused(tmp_path / "net.pt", "W.weight", "sparse", "store real floats")


def test_biases(tmp_path):
    network = make()
    tensors = concatenation(network)
    path = tmp_path / "net.npz"
    same(import_network(save(path, {**tensors, "W.bias": np.zeros(14), "V.bias": np.zeros(7)})), network)
    imported = import_network(save(path, {**tensors, "V.bias": np.full(7, 0.3, dtype=np.float32)}))
    same(imported, network)
    assert any("output bias ignored" in note for note in imported.notes)
    rough = {**tensors, "W.weight": np.random.default_rng(0).normal(size=(14, 14))}
    refused(save(path, {**rough, "V.bias": np.full(7, np.nan)}), "bias V.bias (7,)", "mend it")


@pytest.mark.parametrize("bias", ["W.bias", "V.bias"])
@pytest.mark.parametrize("spoilt", [False, True], ids=["computes", "by name"])
def test_biases_are_part_of_the_function(bias, spoilt, tmp_path):
    network = make()
    tensors = concatenation(network)
    if spoilt:
        tensors["W.weight"] = np.random.default_rng(0).normal(size=(14, 14))
    size = 14 if bias == "W.bias" else 7
    values = 0.05 * np.random.default_rng(1).normal(size=size)
    imported = import_network(save(tmp_path / "net.npz", {**tensors, bias: values}))
    hidden = np.eye(7) @ tensors["W.weight"].T[:7]
    u = hidden[:, None] + tensors["W.weight"].T[7:][None] + (values if size == 14 else 0)
    outputs = imported.scale * (u**2 @ tensors["V.weight"].T + (values if size == 7 else 0))
    centred = [o - o.mean(axis=-1, keepdims=True) for o in (outputs, imported.network.outputs())]
    np.testing.assert_allclose(*centred, atol=1e-9)
    assert any(("constants of W_a" if size == 14 else "node 14, which is constant") in note for note in imported.notes)


def test_further_tensors(tmp_path):
    network = make()
    path = tmp_path / "net.npz"
    tensors = {**concatenation(network), "steps": np.array(5), "mask": np.arange(9), "spare.weight": np.zeros((3, 3))}
    imported = import_network(save(path, tensors))
    same(imported, network)
    assert any("not used: steps (1,)" in note and "spare.weight (3, 3)" in note for note in imported.notes)
    save(path, {**concatenation(network), "norm.weight": np.ones(14)})
    assert any("not used: norm.weight (14,)" in note for note in import_network(path).notes)
    spoilt = {**concatenation(network), "norm.weight": np.ones(14)}
    spoilt["W.weight"] = np.random.default_rng(0).normal(size=(14, 14))
    refused(save(path, spoilt), "weights besides W.weight, V.weight: norm.weight (14,)", "mapping=")
    assert import_network(path, mapping={**W_AB, "W_a": "W.weight.T", "V": "V.weight"}).network.width == 14


def test_transformers_and_mlps_are_shown_with_their_keys(tmp_path):
    transformer = {f"blocks.{i}.attn.W_{x}": np.ones((4, 8, 2)) for i in range(3) for x in "QKVO"}
    transformer |= {"embed.W_E": np.ones((8, 8)), "unembed.W_U": np.ones((8, 7))}
    message = refused(
        save(tmp_path / "t.pt", transformer), "a transformer", "blocks.0.attn.W_Q (4, 8, 2)", "and 6 more", "potentials"
    )
    assert message.count("blocks.") == 8
    mlp = {
        "fc1.weight": np.ones((9, 14)),
        "fc1.bias": np.ones(9),
        "fc2.weight": np.ones((7, 9)),
        "fc2.bias": np.ones(7),
    }
    path = save(tmp_path / "mlp.pt", mlp)
    refused(path, "computes a group's table", "fc1.weight (9, 14)", "fc2.bias (7,)", "mapping=")
    mapping = {"W_a": "fc1.weight", "W_b": "fc1.weight", "V": "fc2.weight"}
    assert any("no group's table" in note for note in import_network(path, mapping=mapping).notes)


def test_strange_keys_stay_on_one_line(tmp_path):
    path = save(tmp_path / "net.pt", {"a\nb\x1b[1m": np.ones((2, 2)), "c" * 500: np.ones(2)})
    assert len(refused(path, r"'a\nb\x1b[1m' (2, 2)")) < 600


@pytest.mark.parametrize(
    ("tensors", "parts"),
    [
        ({"W.weight": np.ones((14, 9)), "V.weight": np.ones((7, 14))}, ("shapes fit no network", "W.weight (14, 9)")),
        ({"W.weight": np.ones((14, 14)), "V.weight": np.ones(7)}, ("V.weight has shape (7,)", "mapping=")),
        ({"W.weight": np.full((14, 14), np.nan), "V.weight": np.ones((7, 14))}, ("W.weight contains NaN",)),
        ({"W.weight": np.ones((0, 14)), "V.weight": np.ones((7, 0))}, ("width 0",)),
        ({"W_a": np.ones((7, 0)), "W_b": np.ones((7, 0)), "V": np.ones((7, 0))}, ("width 0",)),
        ({"W.weight": np.full((14, 14), 1e200), "V.weight": np.ones((7, 14))}, ("scale them down",)),
        ({"W_a": np.ones((1, 5000)), "W_b": np.ones((1, 5000)), "V": np.ones((1, 5000))}, ("shapes fit no network",)),
    ],
)
@pytest.mark.parametrize("suffix", [".npz", ".safetensors", ".pt"])
def test_weights_that_are_no_network(tensors, parts, suffix, tmp_path):
    refused(save(tmp_path / f"net{suffix}", tensors), *parts)


def test_our_own_file_of_zero_width(tmp_path):
    empty = np.zeros((7, 0))
    write_network(Network(Group.parse("7"), empty, empty, empty), tmp_path / "net.npz")
    refused(tmp_path / "net.npz", "width 0")


class Code:
    """What a malicious pickle holds: unpickled, it makes a folder."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return os.mkdir, (str(self.path),)


@pytest.mark.parametrize("how", ["torch", "pickle"])
def test_code_is_never_run(how, tmp_path):
    trap, path = tmp_path / "trap", tmp_path / "net.pt"
    if how == "torch":
        torch.save({"W.weight": torch.ones(2, 2), "V": Code(trap)}, path)
        message = refused(path, "mkdir", "could run code", "state_dict()")
    else:
        path.write_bytes(pickle.dumps({"W.weight": Code(trap)}))
        message = refused(path, "no readable torch checkpoint")
    assert len(message) < 400 + len(str(path))
    np.savez(tmp_path / "net.npz", W_a=np.array([Code(trap)], dtype=object))
    refused(tmp_path / "net.npz", "no readable .npz archive")
    assert not trap.exists()


def test_whole_models_and_scripts_are_refused(tmp_path):
    torch.save(torch.nn.Linear(2, 3), tmp_path / "model.pt")
    refused(tmp_path / "model.pt", "torch.nn.modules.linear.Linear", "state_dict()")
    for content in ([torch.ones(2)], torch.ones(2), {}, {"epoch": 3, "model": {"width": 2}}):
        torch.save(content, tmp_path / "net.pt")
        refused(tmp_path / "net.pt", "no matrices by name", "state_dict()")


@pytest.mark.parametrize("suffix", [".npz", ".safetensors", ".pt"])
def test_damaged_files(suffix, tmp_path):
    path = save(tmp_path / f"net{suffix}", concatenation(make()))
    whole = path.read_bytes()
    for content in (b"", b"not a network", b"hello\nworld", whole[: len(whole) // 2], whole[:-20]):
        path.write_bytes(content)
        refused(path)
    path.unlink()
    refused(path, "cannot be read", "check the name")
    path.mkdir()
    refused(path, "cannot be read")


@pytest.mark.slow
@pytest.mark.parametrize("suffix", [".npz", ".safetensors", ".pt"])
def test_damaged_bytes_never_crash(suffix, tmp_path):
    path = save(tmp_path / f"net{suffix}", concatenation(make()))
    whole = path.read_bytes()
    rng = np.random.default_rng(0)
    for _ in range(150):
        spoilt = bytearray(whole)
        for place in rng.integers(len(whole) // (1 + 3 * rng.integers(2)), size=2):
            spoilt[place] = rng.integers(256)
        path.write_bytes(spoilt)
        try:
            import_network(path)
        except InputError as error:
            assert "\n" not in str(error)


def test_other_suffixes_and_formats(tmp_path):
    path = tmp_path / "net.h5"
    path.write_bytes(b"")
    refused(path, "must end in .safetensors, .npz, .npy or .pt, .pth, .ckpt, .bin, .th")
    tensors = {name: np.ascontiguousarray(x) for name, x in plain(make()).items()}
    save_file(tensors, tmp_path / "net.safetensors", metadata={"format": "pt"})
    same(import_network(tmp_path / "net.safetensors", group="7"), make())
    save_file(tensors, tmp_path / "net.safetensors", metadata={"format": "cogo-net-9"})
    refused(tmp_path / "net.safetensors", "cogo-net-9")


def test_without_torch_its_files_are_refused_and_others_read(tmp_path, monkeypatch):
    path = save(tmp_path / "net.pt", concatenation(make()))
    save(tmp_path / "net.safetensors", concatenation(make()))
    native = builtins.__import__

    def without_torch(name, *arguments, **options):
        if name.split(".")[0] == "torch":
            raise ImportError(name)
        return native(name, *arguments, **options)

    monkeypatch.setattr(builtins, "__import__", without_torch)
    refused(path, "needs PyTorch", "pip install 'cogo_search[train]'")
    same(import_network(tmp_path / "net.safetensors"), make())


def test_read_network_of_types_that_numpy_lacks(tmp_path):
    from safetensors.torch import save_file as save_torch

    state = {name: torch.ones(7, 3).to(torch.float8_e4m3fn) for name in ("W_a", "W_b", "V")}
    save_torch(state, tmp_path / "net.safetensors", metadata={"format": "cogo-net-1", "group": "7"})
    with pytest.raises(InputError, match="no readable safetensors"):
        read_network(tmp_path / "net.safetensors")


def test_random_tensors_of_few_elements_are_not_recognised_by_chance(tmp_path):
    """Random answers of two elements are a group's table one time in eight: without even margins that says nothing."""
    rng = np.random.default_rng(0)
    for _ in range(25):
        tensors = {"p": rng.normal(size=(4, 6)), "q": rng.normal(size=(3, 4)), "r": rng.normal(size=3)}
        refused(save(tmp_path / "net.npz", tensors), "computes a group's table")
