"""Compact network files: what they hold, what is read, and what is refused; initial weights against torch's."""

import numpy as np
import pytest

from cogo_search.errors import InputError
from cogo_search.groups.abelian import Group
from cogo_search.networks.initial import initial_weights
from cogo_search.networks.network_files import FORMAT, TENSORS, read_network, write_network, write_tensors
from cogo_search.networks.snapshot_format import compact, compact_drawn

METADATA = {"format": FORMAT, "group": "7", "trivial": "with", "target": "zero-mean"}


def live_file(path, weights, live, width, changes=()):
    tensors, extent = compact(weights, np.asarray(live), width)
    write_tensors(path, tensors, {**METADATA, **extent, **dict(changes)})


@pytest.mark.parametrize("suffix", [".safetensors", ".npz"])
def test_dead_nodes_come_back_as_zeros(tmp_path, suffix):
    weights = np.random.default_rng(0).normal(size=(3, 7, 4)).astype(np.float32)
    path = tmp_path / f"net{suffix}"
    live_file(path, weights, [0, 3, 8, 11], 12)
    network = read_network(path)
    assert (network.width, network.precision) == (12, "float32")
    for name, part in zip(TENSORS, weights, strict=True):
        whole = getattr(network, name)
        np.testing.assert_array_equal(whole[:, [0, 3, 8, 11]], part)
        assert not np.delete(whole, [0, 3, 8, 11], axis=1).any()
    write_network(network, tmp_path / "again.safetensors")  # an ordinary file
    np.testing.assert_array_equal(read_network(tmp_path / "again.safetensors").V, network.V)


@pytest.mark.parametrize(("seeding", "seed"), [("paper", 3), ("independent", 3), ("independent", 10**30)])
def test_initial_weights_are_drawn_on_reading(tmp_path, seeding, seed):
    tensors, extent = compact_drawn(7, 2048, seed, seeding)
    path = tmp_path / "net.safetensors"
    write_tensors(path, tensors, METADATA | extent)
    assert path.stat().st_size < 1000
    network = read_network(path)
    assert network.metadata["seed"] == str(seed)
    for name, part in zip(TENSORS, initial_weights(7, 2048, seed, seeding), strict=True):
        np.testing.assert_array_equal(getattr(network, name), part)


@pytest.mark.parametrize(
    ("live", "width", "metadata", "named"),
    [
        ([0, 3, 3, 5], 12, {}, "ascending"),
        ([0, 3, 8, 12], 12, {}, "ascending"),
        ([-1, 3, 8, 11], 12, {}, "ascending"),
        ([0, 3, 8], 12, {}, "number"),
        ([0, 1, 2, 3], 12, {"width": "x"}, "width='x'"),
        ([0, 1, 2, 3], 12, {"width": "0"}, "width=0"),
        ([0, 1, 2, 3], 12, {"width": "9999999999"}, "width=9999999999"),
        ([0, 1, 2, 3], 12, {"drawn": "elsewhere", "seed": "1"}, "elsewhere"),
        ([0, 1, 2, 3], 12, {"drawn": "paper", "seed": "-1"}, "seed='-1'"),
        ([0, 1, 2, 3], 12, {"drawn": "paper", "seed": "1", "drawn_sha256": "0"}, "other weights"),
        ([0, 1, 2, 3], 12, {"drawn": "paper", "seed": "9999999999"}, "seed=9999999999"),
    ],
)
def test_files_that_contradict_themselves_are_refused(tmp_path, live, width, metadata, named):
    path = tmp_path / "net.safetensors"
    live_file(path, np.zeros((3, 7, 4), dtype=np.float32), live, width, metadata)
    with pytest.raises(InputError, match=named) as caught:
        read_network(path)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize("order", [2, 3, 4, 5, 6, 23])
@pytest.mark.parametrize("hidden", [1, 2, 7, 512])
def test_the_papers_initial_weights_are_torchs_to_the_last_bit(order, hidden):
    """A seeded embedding table first, three linear layers after it."""
    torch = pytest.importorskip("torch")
    for seed in (0, 1, 2**31):
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed + 2)
            torch.nn.Embedding(order, order)
            layers = [
                torch.nn.Linear(*shape, bias=False) for shape in ((order, hidden), (order, hidden), (hidden, order))
            ]
        w_a, w_b, v = (layer.weight.detach().numpy() for layer in layers)
        for own, theirs in zip(initial_weights(order, hidden, seed, "paper"), (w_a.T, w_b.T, v), strict=True):
            np.testing.assert_array_equal(own, theirs)


def test_independent_weights_keep_within_the_same_bounds():
    bounds = (7**-0.5, 7**-0.5, 512**-0.5)
    for part, bound in zip(initial_weights(Group.parse("7").order, 512, 1, "independent"), bounds, strict=True):
        assert 0.98 * bound < np.abs(part).max() <= bound
