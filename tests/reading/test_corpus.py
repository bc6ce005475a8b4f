"""Networks as people train and save them: read without a word, and the function is the module's."""

from __future__ import annotations

import copy

import numpy as np
import pytest

torch = pytest.importorskip("torch")

import cogo_search as cogo  # noqa: E402 - torch first: its absence skips all
from cogo_search.errors import InputError  # noqa: E402
from cogo_search.groups.abelian import Group  # noqa: E402
from cogo_search.reading.reading import Asked, import_network, import_networks  # noqa: E402
from tests.reading import corpus  # noqa: E402
from tests.reading.corpus import D, addition, logits_of, trained  # noqa: E402

pytestmark = pytest.mark.slow


def module_of(name):
    torch.manual_seed(3)
    kind, _, activation = name.partition(" ")
    options = {"activation": activation} if activation and activation != "norm" else {}
    if activation == "norm":
        options = {"norm": True, "activation": "relu"}
    return getattr(corpus, kind)(**options)


@pytest.fixture(scope="module")
def modules():
    made = {}

    def give(name):
        if name not in made:
            loss = (
                "mse" if "gelu" in name or "silu" in name else "cross-entropy"
            )  # with the latter they are as good as relu
            made[name] = trained(module_of(name), addition(), loss=loss)
        return made[name]

    return give


def same_function(network, module, d=D):
    """Whether outputs agree up to a factor, in the labels of the module."""
    expected, found = logits_of(copy.deepcopy(module), d), network.outputs()
    found = found - found.mean(axis=-1, keepdims=True)
    factor = (found * expected).sum() / (expected**2).sum()
    assert factor > 0
    np.testing.assert_allclose(found, factor * expected, atol=2e-5 * np.abs(found).max())


KINDS = {
    "OldTrainer square": "square",
    "OldTrainer relu": "relu",
    "NewTrainer square": "square",
    "NewTrainer relu": "relu",
    "NewTrainer relu2": "relu2",
    "NewTrainer silu": "silu",
    "NewTrainer norm": "relu",
    "FullyConnected relu": "relu",
    "FullyConnected abs": "abs",
    "Composition relu": "relu",
    "Composition gelu": "gelu",
    "Composition square": "square",
    "Embedded gelu": "gelu",
    "Embedded relu": "relu",
    "Raw square": "square",
    "Gated": "square",
    "Products": "square",
}


@pytest.mark.parametrize("name", KINDS)
def test_every_module_is_read_by_what_it_computes(name, modules, tmp_path):
    module = modules(name)
    torch.save({"model": module.state_dict(), "results": [{"loss": 0.1}]}, tmp_path / "net.pt")
    imported = import_network(tmp_path / "net.pt")
    assert imported.network.activation == KINDS[name]
    assert imported.computes == f"addition modulo {D}"
    assert imported.network.accuracy() == 1
    same_function(imported.network, module)
    same_function(cogo.load_network(module), module)


def test_what_does_not_enter_is_named(modules):
    notes = import_state_notes(modules("OldTrainer square"))
    assert any(f"not used: embedding.weight ({D}, {D})" in note for note in notes)
    notes = import_state_notes(modules("NewTrainer square"))
    assert any("embedding.weight is the identity" in note for note in notes)


def import_state_notes(module):
    from cogo_search.reading.loading import load

    return load(module).notes


@pytest.mark.parametrize(
    "nest",
    [
        lambda sd: sd,
        lambda sd: {"model_state_dict": sd, "optimizer_state_dict": {"state": {0: {"exp_avg": torch.ones(5, 5)}}}},
        lambda sd: {"state_dict": {f"model.{k}": v for k, v in sd.items()}, "hyper_parameters": {"lr": 0.1},
                    "optimizer_states": [{"state": {0: {"exp_avg": torch.ones(3, 3)}}}], "epoch": 4},
        lambda sd: {f"_orig_mod.{k}": v for k, v in sd.items()},
        lambda sd: {f"module._orig_mod.{k}": v for k, v in sd.items()},
        lambda sd: {"net": {"state_dict": sd}},
        lambda sd: {k: v.half() for k, v in sd.items()},
        lambda sd: {k: v.bfloat16() for k, v in sd.items()},
        lambda sd: {"config": {"d": 11}, "weights": sd},
    ],
)  # fmt: skip
def test_nestings(nest, modules, tmp_path):
    torch.save(nest(modules("FullyConnected relu").state_dict()), tmp_path / "net.pt")
    imported = import_network(tmp_path / "net.pt")
    assert (imported.network.activation, imported.computes) == ("relu", f"addition modulo {D}")


@pytest.fixture(scope="module")
def series():
    torch.manual_seed(0)
    module, found = corpus.FullyConnected(), {}
    for epoch in (300, 600, 900):
        found[epoch] = copy.deepcopy(trained(module, addition(), 300).state_dict())
    return found


@pytest.mark.parametrize(
    "nest",
    [
        lambda found: found,
        lambda found: {f"epoch_{epoch}": sd for epoch, sd in found.items()},
        lambda found: {"checkpoints": [{"epoch": epoch, "model": sd} for epoch, sd in found.items()]},
        lambda found: {"state_dicts": found, "loss": [3.0, 2.0, 1.0]},
    ],
)
def test_series_over_epochs(nest, series, tmp_path):
    torch.save(nest(series), tmp_path / "net.pt")
    last = import_network(tmp_path / "net.pt")
    assert last.epoch == 900
    module = corpus.FullyConnected()
    module.load_state_dict(series[900])
    same_function(last.network, module)
    earlier = import_network(tmp_path / "net.pt", Asked(epoch=600))
    module.load_state_dict(series[600])
    same_function(earlier.network, module)
    with pytest.raises(InputError, match=r"epoch=7 is none of net\.pt: it has 300, 600, 900"):
        import_network(tmp_path / "net.pt", Asked(epoch=7))
    assert [m.record["epoch"] for m in cogo.match(tmp_path / "net.pt", rules="own")] == [900]


def test_a_list_over_epochs_is_counted(series, tmp_path):
    torch.save(list(series.values()), tmp_path / "net.pt")
    assert import_network(tmp_path / "net.pt").epoch == 2


def test_several_networks_in_one_file_are_each_their_own(modules, tmp_path):
    torch.manual_seed(8)
    twins = [trained(corpus.Raw(), addition()) for _ in range(2)]
    torch.save({f"model_{i}": twin.state_dict() for i, twin in enumerate(twins)}, tmp_path / "several.pt")
    stacked = {key: torch.stack([twin.state_dict()[key] for twin in twins]) for key in ("W1", "W2")}
    torch.save(stacked, tmp_path / "stacked.pt")
    for name, labels in (("several.pt", ["[model_0]", "[model_1]"]), ("stacked.pt", ["[0]", "[1]"])):
        found = import_networks(tmp_path / name)
        assert [one.label for one in found] == labels
        for one, twin in zip(found, twins, strict=True):
            same_function(one.network, twin)
        assert [m.source.removeprefix(str(tmp_path / name)) for m in cogo.match(tmp_path / name)] == labels
        with pytest.raises(InputError, match="holds 2 networks where one is meant"):
            import_network(tmp_path / name)


def test_arrays(modules, tmp_path):
    network = import_network_of(modules("OldTrainer square"), tmp_path)
    arrays = {"W_a": network.W_a, "W_b": network.W_b, "V": network.V}
    (tmp_path / "folder").mkdir()
    for name, values in arrays.items():
        np.save(tmp_path / "folder" / f"{name}.npy", values)
    np.save(tmp_path / "all.npy", np.stack(list(arrays.values())))
    for path in (tmp_path / "folder", tmp_path / "all.npy"):
        np.testing.assert_allclose(cogo.load_network(path).outputs(), network.outputs(), atol=1e-9)
    assert len(cogo.match(str(tmp_path / "folder"))) == 1


def import_network_of(module, tmp_path):
    torch.save(module.state_dict(), tmp_path / "one.pt")
    return import_network(tmp_path / "one.pt").network


def relabelled(table, seed):
    random = np.random.default_rng(seed)
    label = random.permutation(len(table))
    found = np.empty_like(table)
    found[label[:, None], label[None, :]] = label[table]
    return found


@pytest.mark.parametrize(
    ("table", "group", "task"),
    [
        (relabelled(addition(13), 1), "13", "the group 13, elements relabelled"),
        ((np.arange(1, 13)[:, None] * np.arange(1, 13) % 13) - 1, "12", "multiplication modulo 13, of 1 to 12"),
        ((np.arange(13)[:, None] - np.arange(13)) % 13, "13", "subtraction modulo 13"),
        (Group("4x4").table, "4x4", "the group 4x4"),
        (relabelled(Group("2x6").table, 2), "2x6", "the group 2x6, elements relabelled"),
    ],
)
def test_groups_and_labels_are_recovered(table, group, task, tmp_path):
    d = len(table)
    torch.manual_seed(1)
    module = trained(corpus.NewTrainer(q=96, d=d), table, 1500, "mse")
    torch.save(module.state_dict(), tmp_path / "net.pt")
    imported = import_network(tmp_path / "net.pt")
    assert (imported.network.group.name, imported.computes) == (group, task)
    assert imported.network.accuracy() == 1
    assert imported.network.loss() < 1e-3
    matched = cogo.match(tmp_path / "net.pt")[0]
    assert matched.status == "exact optimizer"


def test_a_relabelled_network_is_its_twin(tmp_path):
    """The same weights with their rows in another order: the frequencies are the twin's, up to an automorphism."""
    network = cogo.construct(13, recipe="f4/6")
    label = np.random.default_rng(5).permutation(13)
    rows = np.argsort(label)
    twin = {name: getattr(network, name)[rows] for name in ("W_a", "W_b", "V")}
    found = cogo.match(twin, catalog="catalog/roots-3-4.json")[0]
    expected = cogo.match(network, catalog="catalog/roots-3-4.json")[0]
    assert found.status == expected.status == "exact optimizer"
    assert sorted((f.order, f.family, f.entry) for f in found) == sorted((f.order, f.family, f.entry) for f in expected)


def test_the_activation_may_be_said_and_a_false_one_is_refused(modules, tmp_path):
    torch.save(modules("FullyConnected relu").state_dict(), tmp_path / "net.pt")
    assert import_network(tmp_path / "net.pt", Asked(activation="relu")).network.activation == "relu"
    with pytest.raises(InputError, match="activation=cube: so read, the weights compute no group, but with relu"):
        import_network(tmp_path / "net.pt", Asked(activation="cube"))
    with pytest.raises(InputError, match=r"activation='rleu' is unknown: .*did you mean relu"):
        import_network(tmp_path / "net.pt", Asked(activation="rleu"))


class Attention(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = torch.nn.Embedding(12, 16)
        self.attn = torch.nn.MultiheadAttention(16, 4)
        self.unembed = torch.nn.Linear(16, 11)


class Autoencoder(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder, self.decoder = torch.nn.Linear(22, 8), torch.nn.Linear(8, 22)


def three_operands():
    return {"W.weight": torch.randn(24, 33), "V.weight": torch.randn(11, 24)}


REFUSED = {
    "a transformer": (lambda: Attention().state_dict(), "looks like a transformer"),
    "an autoencoder": (lambda: Autoencoder().state_dict(), "autoencoder"),
    "three operands": (three_operands, "takes 3 operands of 11 elements"),
    "random layers": (lambda: {"p": torch.randn(9, 14), "q": torch.randn(7, 9)}, "no reading of its tensors computes"),
    "no layers that fit": (lambda: {"a.weight": torch.randn(3, 5), "b.weight": torch.randn(7, 11)}, "shapes fit no"),
    "vectors only": (lambda: {"a": torch.randn(5), "b": torch.randn(7)}, "no matrices"),
    "nothing": (dict, "no matrices"),
    "an lstm": (lambda: torch.nn.LSTM(11, 8).state_dict(), "recurrent"),
    "a convolution": (lambda: {"conv1.weight": torch.randn(4, 3), "fc.weight": torch.randn(2, 4)}, "convolutional"),
    "NaN": (lambda: {"W.weight": torch.full((14, 14), torch.nan), "V.weight": torch.ones(7, 14)}, "NaN"),
    "infinity": (lambda: {"W_a": torch.full((7, 9), torch.inf), "W_b": torch.ones(7, 9), "V": torch.ones(7, 9)}, "NaN"),
    "integers": (lambda: {"W.weight": torch.ones(14, 14).long(), "V.weight": torch.ones(7, 14)}, "real floats"),
    "complex numbers": (lambda: {"W.weight": torch.ones(14, 14) * 1j, "V.weight": torch.ones(7, 14)}, "real floats"),
    "an optimizer alone": (lambda: {"optimizer": {"state": {0: {"exp_avg": torch.ones(4, 4)}}}}, "no matrices"),
    "a deep network": (
        lambda: {"W.weight": torch.randn(24, 22), "mid.weight": torch.randn(24, 24), "V.weight": torch.randn(11, 24)},
        "weights besides",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_such_network_is_refused_in_one_line(name, tmp_path):
    build, words = REFUSED[name]
    torch.manual_seed(0)
    torch.save(build(), tmp_path / "net.pt")
    with pytest.raises(InputError) as refusal:
        import_network(tmp_path / "net.pt")
    assert words in str(refusal.value) and "\n" not in str(refusal.value)


def test_other_things_that_are_refused(modules, tmp_path):
    module = modules("FullyConnected relu")
    torch.save(module, tmp_path / "pickled.pt")
    torch.save(module.state_dict(), tmp_path / "net.pt")
    np.save(tmp_path / "flat.npy", np.ones((7, 14)))
    (tmp_path / "empty").mkdir()
    for path, asked, words in (
        ("pickled.pt", Asked(), "could run code"),
        ("net.pt", Asked(group="12"), "group=12: the weights compute another"),
        ("net.pt", Asked(mapping={"W_a": "fc1", "W_b": "fc1", "V": "fc9"}), "no such key"),
        ("flat.npy", Asked(), r"holds an array of shape \(7, 14\)"),
        ("empty", Asked(), "must end in"),
    ):
        with pytest.raises(InputError, match=words):
            import_network(tmp_path / path, asked)


def test_forty_tensors_are_decided_soon_and_right(modules):
    """Work is bounded by counted multiplications, not by the clock: that so many readings end at all is the test."""
    torch.manual_seed(0)
    tensors = dict(modules("FullyConnected relu").state_dict())
    tensors |= {f"blocks.{i}.weight": torch.randn(22, 22) for i in range(20)}
    tensors |= {f"heads.{i}.weight": torch.randn(11, 48) for i in range(16)}
    network = cogo.load_network(tensors)
    assert network.activation == "relu" and network.accuracy() == 1


@pytest.mark.parametrize("form", ["old", "new"])
def test_match_compare_and_report_from_files_of_the_published_trainer(form, tmp_path):
    """d = 23, exact weights in both layouts: Table 2 by the paper's rules, and a report, from these files alone."""
    network = cogo.construct(23, recipe="f4/6")
    w_a, w_b, v = (torch.from_numpy(getattr(network, name)).float() for name in ("W_a", "W_b", "V"))
    old = {"embedding.weight": torch.randn(23, 23), "layera.weight": w_a.T, "layerb.weight": w_b.T, "layerc.weight": v}
    new = {"embedding.weight": torch.eye(23), "W.weight": torch.cat([w_a.T, w_b.T], dim=1), "V.weight": v}
    files = tmp_path / "files"
    files.mkdir()
    torch.save({"model": old if form == "old" else new, "results": []}, files / "net.pt")
    matched, native = cogo.match(files / "net.pt")[0], cogo.match(network)[0]
    assert [(f.k, f.order, f.family, f.entry) for f in matched] == [(f.k, f.order, f.family, f.entry) for f in native]
    comparison = cogo.compare(files / "net.pt", rules="paper")
    assert comparison.table[0]["group"] == "23" and comparison.table[0]["printed"] is not None
    if form == "old":
        return
    report = cogo.report(tmp_path / "report", runs=files)
    table = next(path for path in report.tables if path.name == "table-2.csv").read_text()
    assert "here (1 networks)" in table
    assert "net.pt" in report.page.read_text()
