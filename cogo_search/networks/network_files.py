"""Network files: safetensors, or .npz with the same names (DESIGN: "Network").

Tensors W_a, W_b, V of shape (d, q), plain outputs; metadata are strings: ``format`` = cogo-net-1, ``group``,
``trivial``, ``target``, ``origin``, and where they apply ``seed``, ``epoch``, ``provenance`` (JSON). Snapshots of
training runs are compact (:mod:`.compact`); what is read is always the whole network. No pickle is ever loaded.
"""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import InputError
from ..groups.abelian import Group
from ..storage import write_atomically
from .network import TENSORS, Network, Setting
from .snapshot_format import expand

FORMAT = "cogo-net-1"
SUFFIXES = (".safetensors", ".npz")


def check_suffix(path: Path) -> Path:
    """The path if its suffix names a network format, else InputError."""
    if path.suffix not in SUFFIXES:
        raise InputError(f"network file {path} must end in {' or '.join(SUFFIXES)}")
    return path


def write_network(network: Network, path: Path) -> None:
    """Write atomically; the format follows the suffix."""
    metadata = {"format": FORMAT, "group": network.group.name, **network.metadata}
    write_tensors(path, {name: getattr(network, name) for name in TENSORS}, metadata)


def write_tensors(path: Path, tensors: Mapping[str, np.ndarray], metadata: Mapping[str, str]) -> None:
    """Write arrays and metadata atomically, as safetensors or .npz by the suffix of ``path``."""
    check_suffix(path)
    arrays: dict[str, Any] = {name: np.ascontiguousarray(array) for name, array in tensors.items()}
    if path.suffix == ".npz":
        buffer = io.BytesIO()
        np.savez(buffer, metadata=np.array(json.dumps(metadata)), **arrays)
        write_atomically(path, buffer.getvalue())
    else:
        from safetensors.numpy import save

        write_atomically(path, _sorted_header(save(arrays, metadata=dict(metadata))))


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
        return Network(Group.parse(metadata.get("group", "")), w_a, w_b, v, metadata, precision)
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
