"""Network files (docs/runs.md, "Network files"): safetensors; .npz or a torch state dict (.pt) with the same names.

Tensors W_a, W_b, V of shape (d, q), plain outputs; metadata are strings: ``format`` = cogo-net-1, ``group``,
``trivial``, ``target``, ``origin``, and where they apply ``activation`` (x^2 without it), ``seed``, ``epoch``,
``provenance`` (JSON). Snapshots of training runs are compact (:mod:`.snapshot_format`); what is read is always the
whole network. Of a .pt the metadata are those of torch's state dicts, ``state._metadata[""]``, which
``load_state_dict`` passes over; it is read by :func:`cogo_search.load_network`, without running code in it.
"""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import InputError
from ..groups.abelian import Group
from ..storage import write_atomically
from .activations import SQUARE
from .network import TENSORS, Network, Setting
from .snapshot_format import expand

FORMAT = "cogo-net-1"
SUFFIXES = (".safetensors", ".npz")
TORCH = ".pt"


def check_suffix(path: Path, suffixes: tuple[str, ...] = SUFFIXES) -> Path:
    """The path if its suffix names a network format, else InputError."""
    if path.suffix not in suffixes:
        raise InputError(f"network file {path} must end in {', '.join(suffixes[:-1])} or {suffixes[-1]}")
    return path


def check_format(path: Path) -> Path:
    """The path if a network can be written in the format of its suffix, else InputError."""
    check_suffix(path, (*SUFFIXES, TORCH))
    if path.suffix == TORCH:
        try:
            import torch  # noqa: F401 - for such files only
        except ImportError:
            raise InputError(
                f"network file {path} needs PyTorch, which is not installed: pip install 'cogo_search[train]', or "
                "choose .safetensors or .npz"
            ) from None
    return path


def write_network(network: Network, path: Path) -> None:
    """Write atomically; the format follows the suffix.

    Weights are written in the type that they were stored in, where that holds them exactly, else in float64.
    """
    metadata = {"format": FORMAT, "group": network.group.name, **network.metadata}
    if not network.is_quadratic:
        metadata["activation"] = network.activation
    tensors = {name: getattr(network, name) for name in TENSORS}
    with np.errstate(over="ignore"):  # what does not fit is infinite, and differs
        stored = {name: array.astype(network.precision) for name, array in tensors.items()}
    exact = all(np.array_equal(stored[name], array) for name, array in tensors.items())
    write_tensors(path, stored if exact else tensors, metadata)


def write_tensors(path: Path, tensors: Mapping[str, np.ndarray], metadata: Mapping[str, str]) -> None:
    """Write arrays and metadata atomically, as safetensors, .npz or a torch state dict by the suffix of ``path``."""
    check_format(path)
    arrays: dict[str, Any] = {name: np.ascontiguousarray(array) for name, array in tensors.items()}
    if path.suffix == ".npz":
        buffer = io.BytesIO()
        np.savez(buffer, metadata=np.array(json.dumps(metadata, sort_keys=True)), **arrays)
        write_atomically(path, buffer.getvalue())
    elif path.suffix == TORCH:
        write_atomically(path, _state_dict(arrays, metadata))
    else:
        from safetensors.numpy import save

        write_atomically(path, _sorted_header(save(arrays, metadata=dict(metadata))))


def _state_dict(arrays: Mapping[str, np.ndarray], metadata: Mapping[str, str]) -> bytes:
    """What torch.save makes of a module's state dict; the metadata are where torch keeps those of a module."""
    import torch

    state: Any = OrderedDict((name, torch.from_numpy(array)) for name, array in arrays.items())
    state._metadata = OrderedDict({"": dict(sorted(metadata.items()))})
    buffer = io.BytesIO()
    torch.save(state, buffer)
    return buffer.getvalue()


def _sorted_header(content: bytes) -> bytes:
    """A safetensors file with its metadata sorted: the library writes them in an order that changes between runs."""
    size = int.from_bytes(content[:8], "little")
    header = json.loads(content[8 : 8 + size])
    header["__metadata__"] = dict(sorted(header["__metadata__"].items()))
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return len(text).to_bytes(8, "little") + text + content[8 + size :]


def read_network(path: Path) -> Network:
    """Read a network file as float64.

    Raises InputError if the file cannot be read, lacks a tensor, names another format or setting, its weights are
    no real floats, or their shapes do not fit its group.
    """
    check_suffix(path)
    try:
        tensors, metadata = read_npz(path) if path.suffix == ".npz" else _read_safetensors(path)
    except OSError as error:
        raise InputError(f"network file {path} cannot be read ({error.strerror or error}): check the name") from None
    return network_of(path, tensors, metadata)


def network_of(path: Path, tensors: Mapping[str, Any], metadata: dict[str, str]) -> Network:
    """The network of what a file in our format holds. Raises InputError as :func:`read_network` does."""
    if metadata.get("format") != FORMAT:
        raise InputError(
            f"network file {path} has format {metadata.get('format')!r}, known is {FORMAT}: write it with "
            "cogo_search.networks.network_files.write_network, or add that metadata"
        )
    missing = [name for name in TENSORS if name not in tensors]
    if missing:
        raise InputError(f"network file {path} lacks {', '.join(missing)}: it must hold {', '.join(TENSORS)}")
    types = {np.asarray(tensors[name]).dtype for name in TENSORS}
    if strange := sorted(str(t) for t in types if not np.issubdtype(t, np.floating)):
        raise InputError(f"network file {path} holds weights of type {', '.join(strange)}: store real floats")
    try:
        _check_metadata(metadata)
        tensors, metadata = expand(tensors, metadata)
        w_a, w_b, v = (np.asarray(tensors[name], dtype=np.float64) for name in TENSORS)
        precision = str(max(types, key=lambda t: np.finfo(t).eps))
        activation = metadata.get("activation", SQUARE)
        return Network(Group.parse(metadata.get("group", "")), w_a, w_b, v, metadata, precision, activation)
    except InputError as error:
        raise InputError(f"network file {path}: {error}") from None


def _check_metadata(metadata: dict[str, str]) -> None:
    if strange := [name for name, value in metadata.items() if not isinstance(value, str)]:
        raise InputError(f"metadata {strange[0]}={metadata[strange[0]]!r} is no string")
    Setting(metadata.get("trivial", "with"), metadata.get("target", "zero-mean"))


def read_npz(path: Path) -> tuple[dict[str, np.ndarray], dict[str, str]]:
    """The arrays and metadata of an .npz archive; InputError if it is none, or holds pickled objects."""
    try:
        with np.load(path, allow_pickle=False) as archive:
            tensors = {name: archive[name] for name in archive.files}
        metadata = json.loads(str(tensors.pop("metadata", "{}")))
    except (TypeError, ValueError, RuntimeError, zipfile.BadZipFile, zlib.error, EOFError, MemoryError) as error:
        reason = " ".join(str(error).split())  # numpy's may have several lines
        raise InputError(f"network file {path} is no readable .npz archive ({reason})") from None
    return tensors, metadata if isinstance(metadata, dict) else {}


def _read_safetensors(path: Path) -> tuple[dict[str, np.ndarray], dict[str, str]]:
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="np") as file:
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - not a mapping
            return tensors, dict(file.metadata() or {})
    except (SafetensorError, TypeError, AttributeError) as error:  # the last two: types that numpy lacks
        raise InputError(f"network file {path} is no readable safetensors file ({error})") from None
