"""The autograd engine against the closed form, against plain programs of torch and numpy, together and put down."""

from dataclasses import replace

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from cogo_search.errors import InputError  # noqa: E402
from cogo_search.groups.abelian import Group  # noqa: E402
from cogo_search.networks.initial import initial_weights  # noqa: E402
from cogo_search.networks.network import Network  # noqa: E402
from cogo_search.training.autograd import AutogradStack  # noqa: E402
from cogo_search.training.config import ACTIVATIONS, Settings  # noqa: E402
from cogo_search.training.engine import Batch, start, train  # noqa: E402
from cogo_search.training.metrics import Recorder  # noqa: E402
from cogo_search.training.task import make_task  # noqa: E402

OTHER = Settings(
    "7", hidden=12, epochs=120, weight_decay=1e-3, snapshots=(), activation="relu", loss_function="cross-entropy",
    bias=True,
)  # fmt: skip
OPTIMIZERS = ["adam", "adamw", "sgd", pytest.param("muon", marks=pytest.mark.skipif(
    not hasattr(torch.optim, "Muon"), reason="this torch has no Muon"
))]  # fmt: skip


def distance(one, other):
    return float((one - other).norm() / other.norm())


@pytest.mark.slow
@pytest.mark.parametrize("optimizer", ["adam", "adamw", "sgd"])
@pytest.mark.parametrize("spec", ["7", "2x3"])
def test_the_closed_form_moves_the_same_way(spec, optimizer, monkeypatch):
    settings = Settings(spec, hidden=16, epochs=400, weight_decay=1e-3, optimizer=optimizer, compact=False,
                        snapshots=(0, 50, 200, 400))  # fmt: skip
    runs = []
    for closed in (True, False):
        monkeypatch.setattr(Settings, "is_closed_form", closed)
        seen = []
        runs.append((train(settings, snapshot=seen.append), seen))
    (expected, before), (state, after) = runs
    for one, other in zip(after, before, strict=True):  # rounding grows where Adam divides by small gradients
        assert distance(one.weights, other.weights) < (1e-5 if one.epoch <= 50 else 1e-3)
    for row, other in zip(state.rows, expected.rows, strict=True):
        assert row.keys() == other.keys()
        assert row["train_loss"] == pytest.approx(other["train_loss"], rel=1e-2)
        assert row["test_accuracy"] == other["test_accuracy"]


def plain_losses(network, task, loss_function):
    """Of every pair, one after another in float64."""
    losses = []
    outputs = network.outputs()
    for x1, x2, x in zip(*task.split(task.train), strict=True):
        o = outputs[x1, x2]
        if loss_function == "mse":
            residual = o - np.eye(len(o))[x]
            losses.append(np.sum((residual - residual.mean()) ** 2))
        else:
            losses.append(-np.log(np.exp(o[x]) / np.exp(o).sum()))
    return np.array(losses)


@pytest.mark.parametrize("loss_function", ["mse", "cross-entropy"])
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_losses_against_their_definitions(activation, loss_function):
    """What is minimised and what is recorded, of the network that a snapshot would hold."""
    settings = replace(OTHER, activation=activation, loss_function=loss_function)
    task, state = make_task(settings), start(settings)
    rng = np.random.default_rng(3)
    state.weights = torch.from_numpy(rng.normal(size=(3, 7, 12)).astype(np.float32))
    state.bias[0] = torch.from_numpy(rng.normal(size=12))
    network = Network(Group("7"), *state.folded().double().numpy(), activation=activation)
    expected = plain_losses(network, task, loss_function).mean()
    stack = AutogradStack([0], [settings], [task], [state], torch.device("cpu"))
    assert float(stack.loss().detach()) == pytest.approx(expected, rel=1e-5)
    [row] = Recorder([task], "cpu", activation, loss_function)(0, stack.weights, [12])
    assert row["train_loss"] == pytest.approx(expected, rel=1e-5)
    mixed = (row["train_accuracy"] * len(task.train) + row["test_accuracy"] * len(task.test)) / 49
    assert mixed == pytest.approx(network.accuracy())
    assert ("r_kkk" in row) == ("order" in row) == (activation == "square")


class Plain(torch.nn.Module):
    """Three linear layers, as people write them."""

    def __init__(self, drawn, d, q):
        super().__init__()
        self.first, self.second = torch.nn.Linear(d, q), torch.nn.Linear(d, q, bias=False)
        self.last = torch.nn.Linear(q, d, bias=False)
        with torch.no_grad():
            self.first.bias.zero_()
            for layer, weight in zip(
                (self.first, self.second, self.last), (drawn[0].T, drawn[1].T, drawn[2]), strict=True
            ):
                layer.weight.copy_(weight)

    def forward(self, x1, x2):
        return self.last(torch.relu(self.first(x1) + self.second(x2)))


def optimizers_of(name, model, settings):
    rates = {"lr": settings.lr, "weight_decay": settings.weight_decay}
    if name == "muon":
        matrices = [p for p in model.parameters() if p.ndim == 2]
        return [torch.optim.Muon(matrices, **rates), torch.optim.AdamW([model.first.bias], **rates)]
    kinds = {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW, "sgd": torch.optim.SGD}
    return [kinds[name](model.parameters(), **rates, **({"momentum": 0.9} if name == "sgd" else {}))]


@pytest.mark.slow
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_steps_are_those_of_a_plain_program(optimizer):
    settings = replace(OTHER, optimizer=optimizer, epochs=40, weight_decay=0.02)
    task = make_task(settings)
    x1, x2, x = (torch.from_numpy(part) for part in task.split(task.train))
    eye = torch.eye(7)
    model = Plain(torch.from_numpy(initial_weights(7, 12, 1, "paper")), 7, 12)
    optimizers = optimizers_of(optimizer, model, settings)
    for _ in range(40):
        loss = torch.nn.functional.cross_entropy(model(eye[x1], eye[x2]), x)
        model.zero_grad()
        loss.backward()
        for own in optimizers:
            own.step()
    state = train(settings)
    within = 2e-2 if optimizer == "muon" else 2e-4  # Muon's products are in bfloat16
    assert distance(state.bias[0], model.first.bias.detach()) < within
    for found, layer in zip(state.weights, (model.first, model.second, model.last), strict=True):
        expected = layer.weight.detach()
        assert distance(found, expected if layer is model.last else expected.T) < within


def same(one, other):
    """Bit for bit, metrics included."""
    assert (one.epoch, one.status) == (other.epoch, other.status)
    for a, b in zip((one.weights, *one.moments, one.bias), (other.weights, *other.moments, other.bias), strict=True):
        np.testing.assert_array_equal(a.numpy(), b.numpy())
    for row, expected in zip(one.rows, other.rows, strict=True):
        for name, value in row.items():
            np.testing.assert_array_equal(value, expected[name])


def mixed(optimizer):
    """Several learning rates and weight decays, one of which diverges."""
    rates = [(0.01, 1e-3), (0.02, 1e-3), (1e30, 1e-3), (0.02, 1e-2), (0.02, 1e-2)]
    return [replace(OTHER, optimizer=optimizer, lr=lr, weight_decay=decay, seed=seed)
            for seed, (lr, decay) in enumerate(rates)]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_together_each_is_as_it_is_alone(optimizer):
    settings = mixed(optimizer)
    batch = Batch(settings)
    batch.train()
    assert batch.statuses == ["done", "done", "diverged", "done", "done"]
    for own, state in zip(settings, batch.states(), strict=True):
        same(state, train(own))


@pytest.mark.slow
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_in_one_graph_too_within_rounding(optimizer, monkeypatch):
    """As a GPU trains them: one stack, optimizers over spans of one rate, one network that leaves."""
    settings = mixed(optimizer)
    alone = [train(own) for own in settings]
    monkeypatch.setattr(AutogradStack, "place_of", staticmethod(lambda number, live, device: 0))
    batch = Batch(settings)
    batch.train()
    assert batch.statuses == ["done", "done", "diverged", "done", "done"]
    for state, expected in zip(batch.states(), alone, strict=True):
        if state.status == "done":
            assert distance(state.folded(), expected.folded()) < (5e-2 if optimizer == "muon" else 1e-3)


@pytest.mark.slow
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_put_down_anywhere_it_goes_on_to_the_same_end(optimizer):
    settings, states = replace(OTHER, optimizer=optimizer, epochs=170), []
    end = train(settings, pause=states.append)
    assert [state.epoch for state in states] == [50, 100, 150]
    for state in states:
        same(train(settings, state), end)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_gpu_trains_the_same_within_rounding(optimizer):
    settings = [replace(own, epochs=60) for own in mixed(optimizer)]
    batch = Batch(settings, device="cuda")
    batch.train()
    for own, state in zip(settings, batch.states(), strict=True):
        expected = train(own)
        assert state.status == expected.status
        if state.status == "done":
            assert distance(state.folded(), expected.folded()) < (5e-2 if optimizer == "muon" else 1e-3)


def test_every_setting_begins_with_the_same_weights():
    plain = start(Settings("7", hidden=12))
    state = start(OTHER)
    assert torch.equal(state.weights, plain.weights)
    assert torch.equal(state.folded(), plain.weights)
    assert make_task(OTHER).test.tolist() == make_task(Settings("7", hidden=12)).test.tolist()


def test_a_torch_without_muon(monkeypatch):
    monkeypatch.delattr(torch.optim, "Muon", raising=False)
    with pytest.raises(InputError, match="no Muon"):
        train(replace(OTHER, optimizer="muon"))


@pytest.mark.slow
@pytest.mark.parametrize("activation", ["square", "relu"])
def test_cross_entropy_reaches_every_pair(activation):
    settings = Settings("23", hidden=256, epochs=1200, snapshots=(), activation=activation,
                        loss_function="cross-entropy")  # fmt: skip
    last = train(settings).rows[-1]
    assert last["train_accuracy"] == last["test_accuracy"] == 1
