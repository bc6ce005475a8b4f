"""Argument types shared by the commands. A bad value is one line that names it and the way out."""

from __future__ import annotations

import argparse
import re

CATALOG_HELP = "default: ./catalog/*.json and the installed ones"
COVER_NAMES = ("all", "rc+rstar", "rc+rn", "rc")


def roots(text: str) -> tuple[int, ...]:
    """``3,4`` as integers; bounds are checked by the search itself."""
    parts = text.split(",") if text.strip() else []
    if not all(re.fullmatch(r" *-?[0-9]+ *", part) for part in parts):
        raise argparse.ArgumentTypeError(f"{text!r} is not a list of positive integers: write for example --roots 3,4")
    return tuple(int(part) for part in parts)


def positive(text: str) -> int:
    """A positive integer."""
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a positive integer")
    return int(text)


def cover(text: str) -> str:
    """A cover's name on the command line, as the name it has in JSON."""
    from ..algebra.potentials import COVER_ARGUMENTS

    if text.lower() not in COVER_ARGUMENTS:
        from ..errors import choose

        raise argparse.ArgumentTypeError(f"{text!r} is not a cover: {choose(text, COVER_NAMES)}")
    return COVER_ARGUMENTS[text.lower()]


def covers(text: str) -> tuple[str, ...]:
    """A comma-separated list of covers."""
    return tuple(cover(part.strip()) for part in text.split(","))
