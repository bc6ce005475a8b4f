"""The engine against the published experiment, the optimizers against torch's, dead nodes, and states put down."""

from contextlib import suppress
from dataclasses import replace

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from cogo_search.errors import InputError  # noqa: E402
from cogo_search.groups.abelian import Group  # noqa: E402
from cogo_search.networks.loss import direct  # noqa: E402
from cogo_search.networks.network import Network, Setting, spectrum  # noqa: E402
from cogo_search.networks.network_files import read_network  # noqa: E402
from cogo_search.training.config import DEAD, Settings  # noqa: E402
from cogo_search.training.engine import start, train  # noqa: E402
from cogo_search.training.metrics import Recorder, kept_characters  # noqa: E402
from cogo_search.training.reference import naive_training  # noqa: E402
from cogo_search.training.run_folder import read_metrics, snapshot_path  # noqa: E402
from cogo_search.training.stack import State  # noqa: E402
from cogo_search.training.task import make_task  # noqa: E402


@pytest.mark.slow
@pytest.mark.parametrize("optimizer", ["adam", "adamw", "sgd"])
@pytest.mark.parametrize("spec", ["7", "2x4"])
def test_steps_are_those_of_torch(spec, optimizer):
    settings = Settings(spec, hidden=9, epochs=60, weight_decay=1e-2, optimizer=optimizer, snapshots=())
    trained = train(settings).expanded(9)
    naive = naive_training(spec, hidden=9, epochs=60, weight_decay=1e-2, optimizer=optimizer, dtype="float64")
    expected = torch.from_numpy(np.stack([naive.W_a, naive.W_b, naive.V]))
    assert float((trained - expected).norm() / expected.norm()) < 2e-5


def test_the_papers_split():
    settings = Settings("23", seed=3)
    task = make_task(settings)
    permutation = np.random.RandomState(3).permutation(529)
    assert sorted(permutation[:53]) == task.test.tolist()
    assert sorted(np.concatenate([task.train, task.test])) == list(range(529))


TABLE_2 = {
    1: [6, 6, 4, 4, 6, 6, 4, 6, 6, 4, 4],
    2: [6, 4, 4, 4, 6, 6, 4, 6, 4, 4, 6],
    3: [4, 6, 6, 6, 6, 4, 4, 4, 6, 6, 6],
    4: [4, 6, 6, 4, 4, 6, 4, 4, 6, 6, 6],
    5: [4, 6, 4, 6, 6, 6, 6, 4, 4, 6, 4],
}


@pytest.mark.slow
@pytest.mark.parametrize("seed", TABLE_2)
def test_the_published_networks_at_d_23(seed, published_runs):
    """Nodes at every frequency of the snapshot at epoch 9900 (|z_a| > 0.05), as the published code ends with."""
    folder = published_runs / Settings("23", seed=seed).name
    z_a = spectrum(read_network(snapshot_path(folder, 9900)))[0]
    assert (np.abs(z_a[1:12]) > 0.05).sum(axis=1).tolist() == TABLE_2[seed]
    metrics = read_metrics(folder)
    assert metrics["train_accuracy"][-1] == metrics["test_accuracy"][-1] == 1


def test_training_leaves_the_arithmetic_of_the_process_alone():
    """Threads and subnormals are as before, also after a run that fails."""
    threads = torch.get_num_threads()
    torch.set_num_threads(2)

    def fail(state):
        raise ValueError

    for snapshot in (lambda state: None, fail):
        with suppress(ValueError):
            train(Settings("3", hidden=4, epochs=60, snapshots=(0, 60)), snapshot=snapshot)
        assert torch.get_num_threads() == 2
        assert float(np.float32(1e-40) * np.float32(0.5)) > 0 and float(torch.tensor(1e-40) / 2) > 0
    torch.set_num_threads(threads)


def test_independent_seeding_differs_from_the_papers_and_between_seeds():
    drawn = [start(Settings("7", seed=s, seeding="independent")).weights for s in (1, 2)]
    assert not torch.equal(*drawn)
    assert all(
        float(part.abs().max()) <= bound for part, bound in zip(drawn[0], (7**-0.5, 7**-0.5, 512**-0.5), strict=True)
    )
    assert make_task(Settings("7", seeding="independent")).test.tolist() != make_task(Settings("7")).test.tolist()


@pytest.mark.slow
@pytest.mark.parametrize(("spec", "hidden", "decay"), [("2x3", 48, 5e-4), ("11", 96, 2e-4)])
def test_dead_nodes_leave_without_a_trace(spec, hidden, decay):
    """The same live nodes, and weights as close as those of a run whose nodes are merely written in another order."""
    settings = Settings(spec, hidden=hidden, epochs=3000, weight_decay=decay, snapshots=())
    compacted, whole = train(settings), train(replace(settings, compact=False))
    alive = (whole.weights[:2].abs().amax(dim=(0, 1)) >= DEAD).nonzero()[:, 0]
    assert 0 < len(alive) < hidden
    assert compacted.live.tolist() == alive.tolist()
    order = torch.from_numpy(np.random.default_rng(0).permutation(hidden))
    state = start(settings)
    state.weights = state.weights[:, :, order].contiguous()
    shuffled = train(replace(settings, compact=False), state)
    noise = torch.empty_like(whole.weights)
    noise[:, :, order] = shuffled.weights
    difference = float((compacted.expanded(hidden) - whole.weights)[:, :, alive].norm())
    assert difference <= 10 * float((noise - whole.weights)[:, :, alive].norm()) + 1e-6
    assert difference <= 0.02 * float(whole.weights.norm())


def test_snapshots_and_a_state_put_down_anywhere_change_nothing():
    settings = Settings("7", hidden=32, epochs=400, weight_decay=1e-3, snapshots=(0, 150, 400))
    seen, states = [], []

    def keep(state):
        moments = tuple(part.clone() for part in state.moments)
        states.append(State(state.epoch, state.weights.clone(), moments, state.live.clone(), list(state.rows)))

    end = train(settings, snapshot=lambda state: seen.append(state.epoch), pause=keep)
    assert seen == [0, 150, 400]
    assert [state.epoch for state in states] == list(range(50, 400, 50))
    for state in states:
        again = train(settings, state)
        assert torch.equal(again.weights, end.weights)
        assert torch.equal(again.moments[1], end.moments[1])
        for row, other in zip(again.rows, end.rows, strict=True):
            for name, value in row.items():
                np.testing.assert_array_equal(value, other[name])


def test_diverging_and_collapsing_runs_end():
    assert train(Settings("7", hidden=16, lr=10.0, epochs=2000, snapshots=())).status == "diverged"
    seen = []
    state = train(
        Settings("7", hidden=16, weight_decay=1.0, epochs=3000, snapshots=(0, 3000)),
        snapshot=lambda s: seen.append(s.epoch),
    )
    assert (state.status, len(state.live), seen) == ("collapsed", 0, [0, 3000])
    assert not state.expanded(16).any()
    assert state.rows[-1]["live"] == 0


@pytest.mark.parametrize(("spec", "hidden"), [("2", 1), ("2", 8), ("3", 1)])
def test_the_smallest_networks(spec, hidden):
    state = train(Settings(spec, hidden=hidden, epochs=200, train_fraction="1", snapshots=()))
    assert state.status in ("done", "collapsed")


@pytest.mark.slow
def test_no_rstar_ends_at_three_nodes_a_frequency():
    """Figure 2, bottom: in at least one of five seeds (two of five here: seeds 3 and 4)."""
    common = Settings(
        "7", hidden=20, lr=0.05, weight_decay=0.005, train_fraction="1", loss="no-rstar", epochs=4000, snapshots=()
    )
    orders = [train(replace(common, seed=seed)).rows[-1]["order"].tolist() for seed in (3, 4)]
    assert [3.0, 3.0, 3.0] in orders


@pytest.mark.parametrize("spec", ["5", "6", "2x4"])
def test_metrics_against_their_definitions(spec):
    """r and R summed over all characters one by one, losses by the other code."""
    group, rng = Group.parse(spec), np.random.default_rng(2)
    d = group.order
    weights = rng.normal(size=(3, d, 7))
    task = make_task(Settings(spec))
    [row] = Recorder([task])(0, torch.from_numpy(weights)[None], [7])
    network = Network(group, *weights)
    whole = direct(network, Setting("with"))
    pairs = len(task.train) + len(task.test)
    mixed = (row["train_loss"] * len(task.train) + row["test_loss"] * len(task.test)) / pairs
    assert abs(mixed - whole.loss) < 1e-9 * whole.loss
    right = (row["train_accuracy"] * len(task.train) + row["test_accuracy"] * len(task.test)) / pairs
    assert abs(right - whole.accuracy) < 1e-12
    z = spectrum(network)
    z[:2, 0] = 0
    for i, k in enumerate(kept_characters(task)):
        r = np.einsum("xj,yj,j->xy", z[0], z[1], z[2, k])
        off = r.copy()
        off[0], off[:, 0], off[k, k] = 0, 0, 0
        squares = np.zeros((2, d, 7), dtype=complex)
        for x in range(d):
            for y in range(d):
                squares[:, group.add(x, y)] += z[:2, x] * z[:2, y]
        sums = squares @ z[2, k]
        expected = {
            "r_kkk": r[k, k],
            "off_sum": off.sum(),
            "off_norm": np.linalg.norm(off),
            "rn": sums[:, 0].sum(),
            "rstar_sum": sums[:, 1:].sum(),
            "rstar_norm": np.linalg.norm(sums[:, 1:]),
        }
        for name, value in expected.items():
            assert abs(row[name][i] - value) < 1e-9 * max(1, abs(value)), name


@pytest.mark.parametrize(
    "changes",
    [
        {"group": "1"},
        {"hidden": 0},
        {"lr": float("nan")},
        {"weight_decay": -1.0},
        {"optimizer": "lion"},
        {"train_fraction": "0"},
        {"train_fraction": "x"},
        {"train_fraction": "0.001"},
        {"loss": "no-rstar"},
        {"snapshots": (10001,)},
    ],
)
def test_settings_out_of_range_are_refused(changes):
    with pytest.raises(InputError):
        Settings(**{"group": "7", **changes})
