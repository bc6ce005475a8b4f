"""The tensors of foreign files by key: torch checkpoints, safetensors, .npz. No code in them is ever run."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import InputError
from ..networks.network import TENSORS, FloatArray
from ..networks.network_files import SUFFIXES, read_npz
from .nesting import NESTS, Member, members, unstacked

TORCH_SUFFIXES = (".pt", ".pth", ".ckpt", ".bin", ".th")
#: Types of weights, and the numpy type whose rounding stands for theirs: bfloat16 is none of numpy's.
PRECISIONS = {"float64": "float64", "float32": "float32", "float16": "float16", "bfloat16": "float16"}
SAFETENSORS_TYPES = {"F64": "float64", "F32": "float32", "F16": "float16", "BF16": "bfloat16"}
#: Keys listed in a message.
LISTED = 8
#: How a user says which tensors are the weights.
MAPPING = "mapping={'W_a': KEY, 'W_b': KEY, 'V': KEY}"
WAY_OUT = "save the weights with torch.save(model.state_dict(), FILE)"


@dataclass(frozen=True, eq=False)
class Stored:
    """A tensor of a file; ``values`` only where ``type`` is one of PRECISIONS, bfloat16 as float32."""

    shape: tuple[int, ...]
    type: str
    values: np.ndarray | None

    def __getitem__(self, index: int) -> Stored:
        """One along the first axis."""
        return Stored(self.shape[1:], self.type, None if self.values is None else self.values[index])


@dataclass(frozen=True, eq=False)
class StateDict:
    """Tensors by their keys, the prefix that all of them share (``module.``), and metadata, if any.

    ``name`` is what messages call it, ``file`` the name of the file, if it is from one, ``label`` which of several in
    the file it is, ``epoch`` and ``over_time`` whether these are snapshots of one training.
    """

    name: str
    tensors: dict[str, Stored]
    prefix: str
    metadata: dict[str, str] = field(default_factory=dict)
    file: str = ""
    label: str = ""
    epoch: int | None = None
    over_time: bool = False

    def key(self, name: str) -> str | None:
        """The key of the tensor called ``name`` up to the prefix and a final ``.weight``, if there is one."""
        tried = (name, self.prefix + name, f"{self.prefix}{name}.weight")
        return next((key for key in tried if key in self.tensors), None)

    def weights(self, key: str) -> FloatArray:
        """A matrix of weights as float64.

        Raises InputError, without the file's name, if it is no matrix, holds no real floats, or is not finite.
        """
        stored = self.tensors[key]
        if stored.values is None:
            raise InputError(f"{shown(key)} is of type {stored.type}: store real floats")
        if len(stored.shape) != 2:
            raise InputError(
                f"{shown(key)} has shape {stored.shape}, but weights are matrices: choose the keys with {MAPPING}"
            )
        values = np.asarray(stored.values, dtype=np.float64)
        if not np.isfinite(values).all():
            raise InputError(f"{shown(key)} contains NaN or infinity: this network cannot be evaluated")
        return values

    def precision(self, keys: Iterable[str]) -> str:
        """The coarsest type among some weights, as in :class:`~cogo_search.networks.network.Network`."""
        types = {PRECISIONS[self.tensors[key].type] for key in keys}
        return max(types, key=lambda name: np.finfo(name).eps)

    def listing(self, keys: Iterable[str] | None = None) -> str:
        """Keys with shapes, the first few."""
        keys = list(self.tensors if keys is None else keys)
        parts = [f"{shown(key)} {self.tensors[key].shape}" for key in keys[:LISTED]]
        return ", ".join(parts) + (f" and {len(keys) - LISTED} more" if len(keys) > LISTED else "")


def shown(key: str) -> str:
    """A key of a foreign file as it may be printed: one line, no control characters, not endless."""
    text = key if key.isprintable() else ascii(key)
    return text if len(text) <= 80 else text[:77] + "..."


def read_states(path: Path) -> list[StateDict]:
    """The tensors of every network in a file, by its suffix, or in a folder of .npy files, which are one network.

    Raises InputError if the suffix is unknown, the file cannot be read, or could be loaded only by running code.
    """
    name = f"network file {path}"
    metadata: dict[str, str] = {}
    try:
        if path.is_dir() and any(path.glob("*.npy")):
            found = [Member(_read_arrays(path))]
        elif path.suffix in TORCH_SUFFIXES:
            found, metadata = _read_torch(path)
        elif path.suffix in READERS:
            tensors, metadata = READERS[path.suffix](path)
            found = [Member(tensors)]
        else:
            raise InputError(f"{name} must end in {', '.join(SUFFIXES)}, .npy or {', '.join(TORCH_SUFFIXES)}")
    except OSError as error:
        raise InputError(f"{name} cannot be read ({error.strerror or error}): check the name") from None
    states = []
    for one in found:
        native = str(metadata.get("format", "")).startswith("cogo-net-")
        for label, tensors in [("", one.tensors)] if native else unstacked(one.tensors):
            state = _of_tensors(name, tensors, metadata, path.name)
            states.append(replace(state, label=one.label + label, epoch=one.epoch, over_time=one.over_time))
    return [replace(state, name=name + state.label) for state in states] if len(states) > 1 else states


def state_in_memory(tensors: Mapping[str, Any]) -> StateDict:
    """Tensors, arrays or nested lists by key, as a file's would be.

    Raises InputError for what is no array of numbers.
    """
    return _of_tensors("the network in memory", {key: _held(key, value) for key, value in tensors.items()}, {}, "")


def _of_tensors(name: str, tensors: dict[str, Stored], metadata: dict[str, str], file: str) -> StateDict:
    prefix = _prefix([key for key, stored in tensors.items() if stored.shape])
    return StateDict(name, tensors, prefix, metadata, file)


def _held(key: str, value: Any) -> Stored:
    if callable(getattr(value, "detach", None)):  # a torch tensor
        return _stored_torch(value.detach().cpu())
    try:
        return _stored(np.asarray(value))
    except ValueError:
        raise InputError(f"{shown(key)} is no array of numbers: give tensors or arrays of shape (d, q)") from None


def _prefix(keys: list[str]) -> str:
    """What wrappers put before all names: ``module.``, ``_orig_mod.``, the attribute that holds the network."""
    prefix = ""
    while len({key[len(prefix) :].partition(".")[0] for key in keys}) == 1:
        if not all("." in key[len(prefix) :] for key in keys):
            break
        prefix = keys[0][: keys[0].index(".", len(prefix)) + 1]
    return prefix


def _stored(values: np.ndarray) -> Stored:
    name = values.dtype.name
    return Stored(values.shape, name, values if name in PRECISIONS else None)


def _read_npz(path: Path) -> tuple[dict[str, Stored], dict[str, str]]:
    arrays, metadata = read_npz(path)
    return {name: _stored(values) for name, values in arrays.items()}, metadata


def _read_npy(path: Path) -> tuple[dict[str, Stored], dict[str, str]]:
    values = _array(path)
    if values.ndim != 3 or len(values) != len(TENSORS):
        raise InputError(
            f"network file {path} holds an array of shape {values.shape}, not {', '.join(TENSORS)} stacked, (3, d, q): "
            "name the folder of several .npy files, or use potentials if these are logits"
        )
    return {name: _stored(part) for name, part in zip(TENSORS, values, strict=True)}, {}


def _read_arrays(folder: Path) -> dict[str, Stored]:
    """The .npy files of a folder by their stems."""
    return {file.stem: _stored(_array(file)) for file in sorted(folder.glob("*.npy"))}


def _array(path: Path) -> np.ndarray:
    try:
        return np.asarray(np.load(path, allow_pickle=False))
    except (ValueError, EOFError) as error:
        raise InputError(f"network file {path} is no readable .npy array ({' '.join(str(error).split())})") from None


def _read_safetensors(path: Path) -> tuple[dict[str, Stored], dict[str, str]]:
    """By hand rather than with ``framework="np"``, which fails on the types that numpy lacks."""
    from safetensors import SafetensorError, deserialize, safe_open

    try:
        entries = deserialize(path.read_bytes())
        with safe_open(path, framework="np") as file:
            metadata = dict(file.metadata() or {})
    except SafetensorError as error:
        raise InputError(f"network file {path} is no readable safetensors file ({error})") from None
    tensors = {}
    for name, entry in sorted(entries, key=lambda pair: pair[0]):
        kind, shape = str(entry["dtype"]), tuple(entry["shape"])
        if kind == "BF16":  # the upper half of a float32
            values = (np.frombuffer(entry["data"], dtype="<u2").astype(np.uint32) << 16).view(np.float32)
            tensors[name] = Stored(shape, "bfloat16", values.reshape(shape))
        elif kind in SAFETENSORS_TYPES:
            tensors[name] = _stored(np.frombuffer(entry["data"], dtype=SAFETENSORS_TYPES[kind]).reshape(shape))
        else:
            tensors[name] = Stored(shape, kind, None)
    return tensors, metadata


#: What reads each format that needs no PyTorch.
READERS = {".npz": _read_npz, ".npy": _read_npy, ".safetensors": _read_safetensors}


def _read_torch(path: Path) -> tuple[list[Member], dict[str, str]]:
    try:
        import torch
    except ImportError:
        raise InputError(
            f"network file {path} needs PyTorch, which is not installed: pip install 'cogo_search[train]', or save "
            "the weights as .safetensors or .npz"
        ) from None
    with path.open("rb") as file, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about pickle protocols and archives that are refused below
        try:
            content = torch.load(file, map_location="cpu", weights_only=True)
        except OSError:
            raise
        except Exception as error:  # a damaged pickle fails in whatever way its bytes lead to
            raise InputError(f"network file {path} {_why_not_loaded(str(error))}") from None
    found = members(content, torch.Tensor)
    if not any(tensor.ndim >= 2 for one in found for tensor in one.tensors.values()):
        held = ", ".join(shown(str(key)) for key in list(content)[:LISTED]) if isinstance(content, Mapping) else ""
        raise InputError(
            f"network file {path} holds no matrices by name, neither at the top ({held or 'no keys'}) nor in "
            f"{', '.join(NESTS)} or the like: {WAY_OUT}"
        )
    stored = [
        replace(one, tensors={key: _stored_torch(tensor) for key, tensor in one.tensors.items()}) for one in found
    ]
    return stored, _own_metadata(content)


def _own_metadata(content: Any) -> dict[str, str]:
    """What :mod:`cogo_search.networks.network_files` wrote beside a state dict, where torch has a module's version."""
    modules = getattr(content, "_metadata", None)
    found = modules.get("") if isinstance(modules, Mapping) else None
    if not isinstance(found, Mapping) or "format" not in found:
        return {}
    return {str(name): value for name, value in found.items()}


def _why_not_loaded(message: str) -> str:
    """One line for torch's many."""
    if found := re.search(r"GLOBAL ([\w.]+)", message):
        return f"holds more than weights ({found[1]}), which is not loaded because it could run code: {WAY_OUT}"
    if "TorchScript" in message:
        return f"is a TorchScript archive, which is code: {WAY_OUT}"
    return f"is no readable torch checkpoint, or damaged: {WAY_OUT}"


def _stored_torch(tensor: Any) -> Stored:
    shape, kind = tuple(tensor.shape), str(tensor.dtype).removeprefix("torch.")
    if kind not in PRECISIONS:
        return Stored(shape, kind, None)
    if str(tensor.layout) != "torch.strided" or tensor.device.type != "cpu":
        return Stored(shape, f"{kind}, sparse or without data", None)
    return Stored(shape, kind, (tensor.float() if kind == "bfloat16" else tensor).detach().numpy())
