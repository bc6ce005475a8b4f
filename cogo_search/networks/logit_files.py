"""The one array of a file that may be logits: .npy, .npz, .safetensors. No code in them is ever run."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path

import numpy as np

from ..errors import InputError
from ..escaping import one_line
from .network import Network
from .network_files import FORMAT, read_network

SUFFIXES = (".npy", ".npz", ".safetensors")
SHAPES = "(d, d, d) or (d*d, d), pairs in the order x1*d + x2"
#: Arrays listed in a message.
LISTED = 8
#: Numpy's types by their names in safetensors; bfloat16 is none of them.
TYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "I64": "<i8", "I32": "<i4", "I16": "<i2", "I8": "i1"}
TYPES |= {"U64": "<u8", "U32": "<u4", "U16": "<u2", "U8": "u1", "BOOL": "?", "C64": "<c8"}
#: What a damaged file raises, according to where its bytes are wrong.
DAMAGED = (ValueError, TypeError, RuntimeError, KeyError, EOFError, MemoryError, zipfile.BadZipFile, zlib.error)


def order_of(shape: tuple[int, ...]) -> int | None:
    """The d whose logits have this shape, (d, d, d) or (d*d, d).

    >>> order_of((5, 5, 5)), order_of((25, 5)), order_of((25, 6))
    (5, 5, None)
    """
    d = shape[-1] if shape else 0
    return d if shape in ((d, d, d), (d * d, d)) else None


def read_logits(path: Path, order: int | None = None, key: str | None = None) -> np.ndarray | Network:
    """The array called ``key``, by default the one whose shape is that of logits, of ``order`` if it is given.

    A network file of this package is read as its :class:`Network`. Raises InputError for a file that cannot be read, or
    that holds no such array or several.
    """
    if path.suffix not in SUFFIXES:
        raise InputError(f"logits file {path} must end in {', '.join(SUFFIXES)}: numpy.save writes an array as .npy")
    try:
        arrays, ours = _safetensors(path) if path.suffix == ".safetensors" else _numpy(path)
    except OSError as error:
        raise InputError(f"logits file {path} cannot be read ({error.strerror or error}): check the name") from None
    except DAMAGED as error:
        reason = " ".join(str(error).split())  # numpy's may have several lines
        raise InputError(f"logits file {path} is no readable {path.suffix} file ({reason})") from None
    if key is not None:
        if path.suffix == ".npy":
            raise InputError(f"key={key!r}: the array of a .npy file has no name: leave the key out")
        if key not in arrays:
            raise InputError(f"key={key!r} is no array of {path}: it holds {_listed(arrays)}")
        return arrays[key]
    if ours:
        return read_network(path)
    orders = {name: order_of(array.shape) for name, array in arrays.items()}
    fitting = {name: arrays[name] for name, d in orders.items() if d is not None and order in (None, d)}
    if len(fitting) > 1:
        raise InputError(f"key=NAME has to say which array of {path} holds the logits: {_listed(fitting)}")
    if not fitting and len(arrays) != 1:
        raise InputError(
            f"logits file {path} holds no array of shape {SHAPES}, but {_listed(arrays)}: store one; of weights, "
            "compute the logits first"
        )
    return next(iter((fitting or arrays).values()))  # the only one, if it does not fit, is refused with its shape


def _listed(arrays: dict[str, np.ndarray]) -> str:
    parts = [f"{one_line(name, 80)} {array.shape}" for name, array in list(arrays.items())[:LISTED]]
    more = f" and {len(arrays) - LISTED} more" if len(arrays) > LISTED else ""
    return (", ".join(parts) or "none") + more


def _numpy(path: Path) -> tuple[dict[str, np.ndarray], bool]:
    """The arrays of a .npy or .npz by name, and whether they are a network in the package's own format."""
    content = np.load(path, allow_pickle=False)
    if isinstance(content, np.ndarray):
        return {"": content}, False
    with content as archive:
        arrays = {name: archive[name] for name in archive.files}
    return arrays, FORMAT in str(arrays.pop("metadata", ""))


def _safetensors(path: Path) -> tuple[dict[str, np.ndarray], bool]:
    from safetensors import SafetensorError, deserialize, safe_open

    try:
        entries = deserialize(path.read_bytes())
        with safe_open(path, framework="np") as file:
            metadata = dict(file.metadata() or {})
    except SafetensorError as error:
        raise ValueError(str(error)) from None
    arrays = {}
    for name, entry in sorted(entries, key=lambda pair: pair[0]):
        kind, shape = str(entry["dtype"]), tuple(entry["shape"])
        if kind == "BF16":  # the upper half of a float32
            values = (np.frombuffer(entry["data"], dtype="<u2").astype(np.uint32) << 16).view(np.float32)
        elif kind in TYPES:
            values = np.frombuffer(entry["data"], dtype=TYPES[kind])
        else:
            values = np.full(shape, kind)  # text, which is refused as no numbers
        arrays[name] = values.reshape(shape)
    return arrays, metadata.get("format") == FORMAT
