"""Whether a catalog file was verified since it was written: commands that show one say if it was not.

The catalogs of the package are verified where it is built. Of any other file a stamp in the user's cache (the SHA-256
of its bytes and of the verifier's one file) says that `verify` has found it true. Without a stamp it is verified on
reading, as far as GLANCE million steps go, under a second. A cache that cannot be written is done without.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from .. import verifier
from ..machine import cache_folder
from .catalog_files import shipped_folders

#: Million steps of the verifier that are spent on reading.
GLANCE = 12.0
#: The whole verifier's text.
ONE_FILE = Path(__file__).with_name("verify.py")


def reservations(paths: Iterable[Path]) -> list[str]:
    """A line for each file of which it is not known that it is true; none for those that cannot be read at all."""
    lines = []
    for path in paths:
        if path.resolve().parent in shipped_folders() or stamp(path).exists():
            continue
        verdict = verifier.judge(str(path), deep=False, budget=GLANCE, say=lambda line: None)
        if verdict["outcome"] == "verified":
            mark_verified(path)
        elif verdict["outcome"] == "undecided":
            lines.append(f"{path} was not verified since it was written: python -m cogo_search verify {path}")
        elif verdict["outcome"] == "refused":
            lines.append(f"{path} does not verify, do not rely on it: {verdict['reason']}")
    return lines


def stamp(path: Path) -> Path:
    """Where the file's stamp is, if it has one. Raises OSError if the file cannot be read."""
    cache = cache_folder() / "verified"
    file = hashlib.sha256(path.read_bytes()).hexdigest()
    return cache / f"{file}-{hashlib.sha256(ONE_FILE.read_bytes()).hexdigest()[:16]}"


def mark_verified(path: Path) -> None:
    """Leave a stamp for a file that the verifier has found true."""
    try:
        mark = stamp(path)
        mark.parent.mkdir(parents=True, exist_ok=True)
        mark.touch()
    except OSError:
        return
