"""Writing files so that an old one stays until the new one is complete on disk."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from .errors import InputError


def check_writable(path: Path, argument: str = "out", suffix: str = ".json") -> None:
    """Raise InputError naming ``argument``, having written nothing, if ``path`` could not be created or replaced.

    ``suffix`` is that of the file name proposed where ``path`` is a folder.
    """
    if path.is_dir():
        raise InputError(f"{argument}={path} is a folder: name a file in it, for example {path}/name{suffix}")
    if path.exists() and not path.is_file():
        raise InputError(f"{argument}={path} is no regular file: choose another place")
    ancestor = path.parent
    while not ancestor.exists() and ancestor != ancestor.parent:
        ancestor = ancestor.parent
    try:
        with tempfile.TemporaryFile(dir=ancestor):
            pass
    except OSError as error:
        raise InputError(f"{argument}={path} cannot be written ({error.strerror}): choose another place") from None


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file through a temporary one beside it; parents are made. Raises InputError if it cannot be."""
    path = path.resolve()  # a symbolic link stays one, its target is replaced
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            mask = os.umask(0)
            os.umask(mask)
            Path(temporary).chmod(0o666 & ~mask)
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink()
            raise
    except OSError as error:
        raise InputError(f"{path} cannot be written ({error.strerror}): choose another place") from None
