"""Where checkpoints keep networks: dictionaries and lists of arrays, without a file."""

from __future__ import annotations

import numpy as np
import pytest

from cogo_search.reading.nesting import members, unstacked

A, B = np.ones((3, 4)), np.ones((5, 3))
NET = {"fc1.weight": A, "fc2.weight": B}


def found(content):
    return [(one.label, one.epoch, sorted(one.tensors)) for one in members(content, np.ndarray)]


KEYS = sorted(NET)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (NET, [("", None, KEYS)]),
        ({"model": NET, "optimizer": {"state": {0: {"exp_avg": A}}}}, [("", None, KEYS)]),
        ({"state_dict": NET, "optimizer_states": [{"state": {0: {"exp_avg": A}}}], "epoch": 3}, [("", None, KEYS)]),
        ({"a": {"b": {"c": NET}}}, [("", None, KEYS)]),
        ({"model": {"width": 3}, "net": NET}, [("", None, KEYS)]),
        ([A, B], [("", None, ["0", "1"])]),
        ({100: NET, 200: NET}, [("[100]", 100, KEYS), ("[200]", 200, KEYS)]),
        ({"epoch_5": NET, "epoch_10": NET}, [("[epoch_5]", 5, KEYS), ("[epoch_10]", 10, KEYS)]),
        ([NET, NET], [("[0]", 0, KEYS), ("[1]", 1, KEYS)]),
        ({"checkpoints": [{"epoch": 7, "net": NET}, {"epoch": 9, "net": NET}]}, [("[0]", 7, KEYS), ("[1]", 9, KEYS)]),
        ({"model_0": NET, "model_1": NET}, [("[model_0]", None, KEYS), ("[model_1]", None, KEYS)]),
        ({"left": NET, "right": NET}, [("[left]", None, KEYS), ("[right]", None, KEYS)]),
        ({"Dense_0": {"kernel": A}, "Dense_1": {"kernel": B}}, [("", None, ["Dense_0.kernel", "Dense_1.kernel"])]),
        ({"optimizer": {"state": {0: {"exp_avg": A}}}}, []),
        ({"epoch": 3, "loss": [1.0, 2.0]}, []),
        ({}, []),
        (A, []),
    ],
)  # fmt: skip
def test_networks_in_what_a_checkpoint_holds(content, expected):
    assert found(content) == expected


def test_nests_without_end_are_left():
    content = NET
    for _ in range(40):
        content = {"deeper": content}
    assert found(content) == []


def test_instances_along_a_first_axis():
    stacked = {"W": np.ones((3, 4, 5)), "b": np.ones((3, 5)), "step": np.ones(())}
    labels = unstacked(stacked)
    assert [label for label, _ in labels] == ["[0]", "[1]", "[2]"]
    assert {key: value.shape for key, value in labels[0][1].items()} == {"W": (4, 5), "b": (5,), "step": ()}


@pytest.mark.parametrize(
    "tensors",
    [
        NET,
        {"W": np.ones((3, 4, 5)), "V": np.ones((4, 5))},  # no common first axis
        {"W": np.ones((3, 4, 5)), "b": np.ones(3)},  # a vector is no matrix of several
        {"attn": np.ones((4, 8, 8)), "W": np.ones((8, 8)), "U": np.ones((11, 8))},
    ],
)
def test_what_is_one_network_stays_one(tensors):
    assert [label for label, _ in unstacked(tensors)] == [""]
