"""Logits o[x1, x2, y] from whatever holds them: a file, an array, a tensor, a function of x1 and x2, a Network."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import InputError
from ..groups.abelian import Group
from .logit_files import SHAPES, order_of, read_logits
from .network import MAX_WEIGHT, FloatArray, Network

#: Largest order: its d^3 logits take some 6 GiB to transform.
MAX_ORDER = 512
#: Pairs that a function is asked for at once.
AT_ONCE = 4096


def logits_of(source: Any, group: Group | None = None, key: str | None = None) -> tuple[FloatArray, Group]:
    """Finite logits as float64 of shape (d, d, d) that differ between answers, and their group, by default cyclic.

    ``source`` is a file, a :class:`Network`, a function f(x1, x2) of index arrays (n,) that returns (n, d), a torch
    module of the same kind, or an array or a tensor. ``key`` is the array's name in a file of several. Raises
    InputError for what holds no such logits, naming the way out.
    """
    if isinstance(source, (str, Path)):
        source = read_logits(Path(source), None if group is None else group.order, key)
    elif key is not None:
        raise InputError(f"key={key!r} names an array of a file, and logits is a {type(source).__name__}: leave it out")
    if isinstance(source, Network):
        if group is not None and group != source.group:
            raise InputError(f"group={group.name}: the network is on group {source.group.name}: leave the group out")
        group, source = source.group, _of_network(source)
    elif isinstance(source, type):
        raise InputError(f"logits={source.__name__} is a class: give an instance of it")
    elif callable(source):
        if group is None:
            raise InputError("group=None: a function of x1 and x2 does not say how large d is: name its group")
        source = _asked(source, group)
    values = _numbers(source)
    order = order_of(values.shape)
    if order is None:
        raise InputError(f"logits of shape {values.shape} are not {SHAPES}{_way_out(values.shape)}")
    _allowed(order)
    if group is not None and group.order != order:
        raise InputError(
            f"group={group.name} has order {group.order}, the logits have d = {order}: name a group of order {order}"
        )
    group = group or Group(order)
    return _checked(np.asarray(values, dtype=np.float64).reshape(order, order, order)), group


def _allowed(order: int) -> int:
    """An order whose d^3 logits fit in memory."""
    if order < 2:
        raise InputError(f"logits have d = {order}: a group needs at least 2 elements")
    if order > MAX_ORDER:
        raise InputError(f"logits have d = {order}: the largest supported is {MAX_ORDER}")
    return order


def _way_out(shape: tuple[int, ...]) -> str:
    """What probably has to be done to logits of this shape."""
    inputs = shape[0] if len(shape) == 2 else shape[0] * shape[1] if len(shape) == 3 else 0
    d = math.isqrt(inputs)
    if len(shape) in (2, 3) and d >= 2 and d * d == inputs and shape[-1] > d and (len(shape) == 2 or shape[0] == d):
        return f": drop the outputs that are no element of the group, as in logits[..., :{d}]"
    return ": give one logit for each of all d*d pairs and d answers"


def _numbers(values: Any) -> np.ndarray:
    """An array of real numbers from an array, a tensor on any device, or nested lists."""
    if callable(getattr(values, "detach", None)):  # a torch tensor
        values = values.detach().cpu()
        values = (values.float() if str(values.dtype) == "torch.bfloat16" else values).numpy()
    try:
        array = np.asarray(values)
    except ValueError:
        raise InputError(f"logits are lists of unequal lengths: give {SHAPES}") from None
    if array.dtype.kind not in "fiu":
        told = f" of type {array.dtype}" if array.ndim else f"={'None' if values is None else type(values).__name__}"
        raise InputError(f"logits{told}: give real numbers of shape {SHAPES}")
    return array


def _checked(logits: FloatArray) -> FloatArray:
    """Logits that can be transformed."""
    finite = np.isfinite(logits)
    if not finite.all():
        x1, x2, y = (int(i) for i in np.argwhere(~finite)[0])
        raise InputError(
            f"logits contain {logits[x1, x2, y]} at x1={x1}, x2={x2}, y={y}: give finite logits, not their "
            "masked or log-of-zero values"
        )
    if (largest := float(np.abs(logits).max())) > MAX_WEIGHT:
        raise InputError(f"logits reach {largest:.1e}: above {MAX_WEIGHT:.0e} squares leave float64, scale them down")
    if not np.ptp(logits, axis=2).any():
        raise InputError("logits are the same for every answer y: there is no answer in them, give those of a model")
    return logits


def _of_network(network: Network) -> FloatArray:
    _allowed(network.group.order)
    return network.outputs()


def _asked(function: Callable[..., Any], group: Group) -> FloatArray:
    """What a function of index arrays, or a torch module, says on all pairs."""
    d = _allowed(group.order)
    x1, x2 = (part.ravel() for part in np.divmod(np.arange(d * d), d))
    asked = _as_module(function) if _is_module(function) else function
    found = np.empty((d * d, d))
    for start in range(0, d * d, AT_ONCE):
        part = slice(start, start + AT_ONCE)
        values = _numbers(asked(x1[part], x2[part]))
        if values.shape != (len(x1[part]), d):
            raise InputError(
                f"logits(x1, x2) returned shape {values.shape} for {len(x1[part])} pairs on group {group.name}: return "
                f"one row a pair with {d} logits each, of the last position and the group's elements only"
            )
        found[part] = values
    return found


def _is_module(value: Any) -> bool:
    return callable(getattr(value, "state_dict", None)) and callable(getattr(value, "forward", None))


def _as_module(module: Any) -> Callable[..., Any]:
    """A torch module as a function of numpy's arrays: indices go to where its weights are, no gradients are kept."""
    import torch

    weight = next(module.parameters(), torch.empty(0))

    def asked(*parts: np.ndarray) -> Any:
        with torch.no_grad():
            return module(*(torch.from_numpy(part).to(weight.device) for part in parts))

    return asked
