"""Where checkpoints keep their networks: nested, several of them, over epochs, or stacked along a first axis.

What training keeps beside the weights, the moments of an optimizer above all, is never taken for a network.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

#: Where checkpoints keep the state dict, and where several of them.
NESTS = ("model", "state_dict", "model_state_dict", "model_state", "net", "network", "params", "weights")
SERIES = ("state_dicts", "models", "checkpoints", "snapshots", "model_states", "history", "weights_history")
#: Beginnings of the names of what is no network.
APART = ("optim", "sched", "lr_sched", "scaler", "ema_optim", "config", "args", "hyper", "results", "metrics", "log")
#: Deeper than any checkpoint.
DEEPEST = 6


@dataclass(frozen=True, eq=False)
class Member:
    """One network of a file: its tensors by key, ``label`` among several (``[3]``), epoch where told."""

    tensors: dict[str, Any]
    label: str = ""
    epoch: int | None = None
    over_time: bool = False


def members(content: Any, kind: type, depth: int = DEEPEST) -> list[Member]:
    """The networks in what a checkpoint holds; tensors are values of ``kind``. Empty if there is none."""
    if isinstance(content, (list, tuple)):
        if content and all(isinstance(part, kind) for part in content):
            return [Member({str(number): part for number, part in enumerate(content)})]
        content = dict(enumerate(content))
    if not isinstance(content, Mapping) or depth == 0:
        return []
    for name in (*NESTS, *SERIES):
        if not isinstance(content.get(name), kind) and (found := members(content.get(name), kind, depth - 1)):
            return found
    own: dict[str, Any] = {str(key): value for key, value in content.items() if isinstance(value, kind)}
    if any(len(value.shape) >= 2 for value in own.values()):
        return [Member(own)]
    inner = {key: value for key, value in content.items() if not str(key).lower().startswith(APART)}
    parts = {key: members(value, kind, depth - 1) for key, value in inner.items() if not isinstance(value, kind)}
    parts = {key: part for key, part in parts.items() if part}
    if len(parts) == 1:
        return next(iter(parts.values()))
    if parts and len({_form(part) for part in parts.values()}) > 1:  # modules in modules, not several networks
        return [Member(own | {f"{key}.{name}": value for key, part in parts.items() for one in part
                              for name, value in one.tensors.items()})]  # fmt: skip
    return _several(parts, content) or ([Member(own)] if own else [])


def _form(part: list[Member]) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """Keys and shapes of the first network: networks of one series share them."""
    return tuple(sorted((key, tuple(value.shape)) for key, value in part[0].tensors.items()))


def _several(parts: Mapping[Any, list[Member]], content: Mapping[Any, Any]) -> list[Member]:
    """Networks of one form: over epochs if their keys are numbers, unless they say model_0, model_1, ..."""
    numbers = {key: _number(key) for key in parts}
    others = ("model", "net", "seed", "run", "instance")
    over_time = None not in numbers.values() and not any(str(key).lower().startswith(others) for key in parts)
    found = []
    for key, part in parts.items():
        told = content[key].get("epoch") if isinstance(content[key], Mapping) else None
        epoch = (told if isinstance(told, int) else numbers[key]) if over_time else None
        found += [Member(one.tensors, f"[{key}]{one.label}", epoch, over_time) for one in part]
    return found


def _number(key: Any) -> int | None:
    """The number in a key such as 300, "300", "epoch_300" or "model_0"."""
    if isinstance(key, int) and not isinstance(key, bool):
        return key
    found = re.fullmatch(r"[A-Za-z_\-. ]*?([0-9]{1,9})", key) if isinstance(key, str) else None
    return int(found[1]) if found else None


def unstacked(tensors: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Networks stacked along a first axis, as training many at once leaves them: (label, tensors) of each.

    They are stacked if some tensor has three axes or more, none but single numbers has fewer than two, and all share
    the first axis. Otherwise the tensors are one network, with an empty label.
    """
    large = [value for value in tensors.values() if _size(value) > 1]
    ranks = [len(value.shape) for value in large]
    first = {value.shape[0] for value in large if value.shape}
    if not large or max(ranks) != 3 or min(ranks) < 2 or len(first) != 1 or len(large) < 2:
        return [("", tensors)]
    return [
        (f"[{i}]", {key: value[i] if _size(value) > 1 else value for key, value in tensors.items()})
        for i in range(first.pop())
    ]


def _size(value: Any) -> int:
    size = 1
    for length in value.shape:
        size *= int(length)
    return size
