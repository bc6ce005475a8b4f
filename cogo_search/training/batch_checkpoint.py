"""Where unfinished networks go on: one file for those that train together."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from safetensors import SafetensorError, safe_open

from ..errors import InputError
from ..networks.network_files import write_tensors
from .config import Settings
from .engine import Batch
from .metrics import COMPLEX, stack, unstack
from .stack import State


def write_checkpoint(path: Path, batch: Batch, seconds: float) -> None:
    """Put a batch down, with the wall seconds spent on it so far."""
    arrays: dict[str, np.ndarray] = {}
    states = batch.states()
    for number, state in enumerate(states):
        tensors = {"weights": state.weights, "m": state.moments[0], "v": state.moments[1], "live": state.live}
        if state.bias is not None:
            tensors["bias"] = state.bias
        arrays |= {f"{number}.{name}": tensor.numpy() for name, tensor in tensors.items()}
        for name, array in stack(state.rows).items():
            arrays[f"{number}.metrics.{name}"] = array.view(np.float64) if np.iscomplexobj(array) else array
    facts = {
        "epochs": json.dumps([state.epoch for state in states]),
        "statuses": json.dumps([state.status for state in states]),
        "settings": json.dumps([settings.record() for settings in batch.settings], sort_keys=True),
    }
    write_tensors(path, arrays, {"epoch": str(batch.epoch), "seconds": f"{seconds:.3f}", **facts})


def read_checkpoint(path: Path, settings: Sequence[Settings]) -> tuple[list[State] | None, float]:
    """The states to go on from and the seconds spent so far; (None, 0) if there are none of just these networks."""
    if not path.exists():
        return None, 0.0
    try:
        with safe_open(path, framework="np") as file:
            arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - not a mapping
            metadata = file.metadata() or {}
        if json.loads(metadata.get("settings", "null")) != [own.record() for own in settings]:
            return None, 0.0
        return _states(arrays, metadata), float(metadata["seconds"])
    except (SafetensorError, OSError, KeyError, TypeError, ValueError) as error:
        raise InputError(f"checkpoint {path} is unreadable ({error}): remove it, the run starts again") from None


def _states(arrays: dict[str, np.ndarray], metadata: dict[str, str]) -> list[State]:
    states = []
    epochs, statuses = json.loads(metadata["epochs"]), json.loads(metadata["statuses"])
    for number, (epoch, status) in enumerate(zip(epochs, statuses, strict=True)):
        own = {name.removeprefix(f"{number}."): a for name, a in arrays.items() if name.startswith(f"{number}.")}
        metrics = {name.removeprefix("metrics."): a for name, a in own.items() if name.startswith("metrics.")}
        rows = unstack({name: a.view(np.complex128) if name in COMPLEX else a for name, a in metrics.items()})
        weights, m, v, live = (torch.from_numpy(own[name]) for name in ("weights", "m", "v", "live"))
        bias = torch.from_numpy(own["bias"]) if "bias" in own else None
        states.append(State(epoch, weights, (m, v), live, rows, status, bias))
    return states
