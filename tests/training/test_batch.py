"""Networks that train together: each as alone, whatever becomes of the others; on a GPU within rounding."""

from dataclasses import replace

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from cogo_search.errors import InputError  # noqa: E402
from cogo_search.training.config import Settings  # noqa: E402
from cogo_search.training.engine import Batch, train  # noqa: E402
from cogo_search.training.stack import padded  # noqa: E402

COMMON = Settings("11", hidden=96, epochs=1500, weight_decay=2e-4, snapshots=(0, 730, 1500))
#: Some lose no node, some most, some all.
MIXED = [replace(COMMON, seed=seed, weight_decay=decay) for decay in (2e-4, 2e-3, 1.0) for seed in (1, 2)]
MIXED.append(replace(COMMON, lr=0.05, weight_decay=5e-3))
DIVERGING = replace(COMMON, lr=10.0, seed=4)


def together(settings, states=None, pause=lambda batch: None):
    batch, snapshots = Batch(settings, states), []
    batch.train(snapshot=lambda number, state: snapshots.append((number, state)), pause=lambda: pause(batch))
    return batch, snapshots


def same(one, other):
    """Bit for bit, metrics included."""
    assert (one.epoch, one.status, one.live.tolist()) == (other.epoch, other.status, other.live.tolist())
    for a, b in zip((one.weights, *one.moments), (other.weights, *other.moments), strict=True):
        np.testing.assert_array_equal(a.numpy(), b.numpy())
    for row, expected in zip(one.rows, other.rows, strict=True):
        for name, value in row.items():
            np.testing.assert_array_equal(value, expected[name])


@pytest.fixture(scope="module")
def mixed():
    return together(MIXED)


@pytest.mark.slow
def test_each_network_is_as_it_is_alone(mixed):
    batch, snapshots = mixed
    assert batch.statuses == ["done"] * 4 + ["collapsed"] * 2 + ["done"]
    assert len({padded(live, batch.device) for live in batch.live}) > 2
    for number, (settings, state) in enumerate(zip(MIXED, batch.states(), strict=True)):
        seen = []
        same(state, train(settings, snapshot=seen.append))
        own = [snapshot for other, snapshot in snapshots if other == number]
        assert [snapshot.epoch for snapshot in own] == [0, 730, 1500]
        for snapshot, expected in zip(own, seen, strict=True):
            np.testing.assert_array_equal(snapshot.weights.numpy(), expected.weights.numpy())
            assert snapshot.live.tolist() == expected.live.tolist()


@pytest.mark.slow
def test_the_others_end_as_without_one_that_diverges(mixed):
    batch, _ = together([*MIXED[:3], DIVERGING, *MIXED[3:]])
    *first, diverged = batch.states()[:4]
    assert (diverged.status, diverged.epoch) == ("diverged", 50)
    for state, expected in zip(first + batch.states()[4:], mixed[0].states(), strict=True):
        same(state, expected)


@pytest.mark.slow
def test_a_network_that_diverges_late_leaves_the_others_alone(mixed):
    """One is blown up at epoch 800, when dead nodes have left and widths differ."""
    states = []
    together(MIXED, pause=lambda batch: states.append(batch.states()) if batch.epoch == 800 else None)
    [states] = states
    states[1] = replace(states[1], weights=states[1].weights * 1e4)
    ended = together(MIXED, states)[0].states()
    assert (ended[1].status, ended[1].epoch) == ("diverged", 850)
    for number, (state, expected) in enumerate(zip(ended, mixed[0].states(), strict=True)):
        if number != 1:
            same(state, expected)


@pytest.mark.slow
def test_put_down_anywhere_a_batch_goes_on_to_the_same_end(mixed):
    states = []
    settings = [DIVERGING, *MIXED]
    whole, _ = together(settings, pause=lambda batch: states.append(batch.states()))
    assert len(states) == 29
    for put_down in states[::7]:
        for state, expected in zip(together(settings, put_down)[0].states(), whole.states(), strict=True):
            same(state, expected)


@pytest.mark.parametrize("optimizer", ["adamw", "sgd"])
def test_learning_rates_and_decays_of_a_batch_are_each_networks_own(optimizer):
    common = Settings("2x4", hidden=16, epochs=200, optimizer=optimizer, snapshots=())
    rates = [(0.01, 1e-3), (0.02, 1e-3), (0.02, 1e-2), (0.01, 1e-3)]
    settings = [replace(common, lr=lr, weight_decay=decay, seed=seed) for seed, (lr, decay) in enumerate(rates)]
    for own, state in zip(settings, together(settings)[0].states(), strict=True):
        same(state, train(own))


def test_other_shapes_are_no_batch():
    with pytest.raises(InputError, match="differ"):
        Batch([COMMON, replace(COMMON, hidden=95)])


gpu = pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")


@gpu
@pytest.mark.parametrize(("spec", "seeds"), [("23", 5), ("71", 1)])
def test_a_gpu_ends_with_the_live_nodes_of_the_cpu(spec, seeds):
    """All 15 networks of Table 2, those of d = 127 too, are compared by benchmarks/gpu.sh."""
    settings = [Settings(spec, seed=seed, snapshots=()) for seed in range(1, 1 + seeds)]
    batch = Batch(settings, device="cuda")
    batch.train()
    for own, state in zip(settings, batch.states(), strict=True):
        alone = train(own)
        assert state.live.tolist() == alone.live.tolist()
        assert state.rows[-1]["order"].tolist() == alone.rows[-1]["order"].tolist()


@gpu
def test_on_a_gpu_a_network_of_a_batch_reproduces_alone_within_rounding():
    settings = [replace(own, epochs=300, snapshots=()) for own in (*MIXED[:4], DIVERGING)]
    batch = Batch(settings, device="cuda")
    batch.train()
    for own, state in zip(settings[:4], batch.states(), strict=False):
        alone = Batch([own], device="cuda")
        alone.train()
        [expected] = alone.states()
        assert state.live.tolist() == expected.live.tolist()
        assert float((state.weights - expected.weights).norm()) <= 1e-3 * float(expected.weights.norm())
