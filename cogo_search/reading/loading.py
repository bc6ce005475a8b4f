"""A network from whatever a person has at hand: a file, a torch module, a state dict, three arrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import InputError
from ..networks.network import TENSORS, Network
from .reading import NOTHING, Asked, Imported, import_network, import_networks, import_state
from .state_dicts import StateDict, state_in_memory

MEANT = "a file, a torch module, a state dict, or the arrays W_a, W_b, V of shape (d, q)"


@dataclass(frozen=True, eq=False)
class Held:
    """A network in memory, as :mod:`..matching.batch` reads it; ``before`` is an earlier snapshot of its training.

    ``loss_function`` is what it was trained with, where that is known.
    """

    name: str
    value: Any
    epoch: int | None = None
    before: tuple[int, Network] | None = None
    loss_function: str | None = None

    def read(self, asked: Asked = NOTHING) -> list[Imported]:
        """The networks, and how they were read. Raises InputError for what is none."""
        if isinstance(self.value, (str, Path)):
            return import_networks(Path(self.value), asked)
        return [load(self.value, asked)]

    def other(self) -> tuple[int, Network] | None:
        """An earlier snapshot, if there is one: (minus the epochs in between, network)."""
        return self.before


def load(value: Any, asked: Asked = NOTHING) -> Imported:
    """The network that a value holds, and how it was read.

    Raises InputError for what holds no such network, or several, naming the way out.
    """
    if isinstance(value, Network):
        if asked.named is not None and asked.named != value.group:
            raise InputError(f"group={asked.group}: the network is on group {value.group.name}: leave the group out")
        if asked.activation not in (None, value.activation):
            raise InputError(
                f"activation={asked.activation}: the network has activation {value.activation}: leave it out"
            )
        return Imported(value, {name: name for name in TENSORS}, 1.0, ())
    if isinstance(value, (str, Path)):
        return import_network(Path(value), asked)
    if isinstance(value, type):
        raise InputError(f"{value.__name__} is a class, not a network: give an instance of it")
    if _is_module(value):
        tensors = dict(value.state_dict())
    elif isinstance(value, Mapping):
        tensors = dict(value)
    elif isinstance(value, (tuple, list)) and len(value) == len(TENSORS):
        tensors = dict(zip(TENSORS, value, strict=True))
    elif isinstance(getattr(value, "network", None), Network):  # a run, or a search for narrow networks
        return load(value.network, asked)
    else:
        raise InputError(f"{type(value).__name__} is no network: give {MEANT}")
    if any(isinstance(part, Network) for part in tensors.values()):
        raise InputError(f"{len(tensors)} networks are given where one is meant: hand them over one by one")
    return import_state(_state(tensors), asked)


def _is_module(value: Any) -> bool:
    """Whether a value is a torch module, without importing torch."""
    return callable(getattr(value, "state_dict", None)) and callable(getattr(value, "forward", None))


def _state(tensors: dict[Any, Any]) -> StateDict:
    """Tensors or arrays by key as a file's would be."""
    if not tensors or not all(isinstance(key, str) for key in tensors):
        raise InputError(f"a state dict maps names to tensors, this one holds {list(tensors)[:4]}: give {MEANT}")
    return state_in_memory(tensors)
