"""Argument types shared by the commands. A bad value is one line that names it and the way out."""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..networks.network import Network

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


def foreign(parser: argparse.ArgumentParser) -> None:
    """Add the arguments that decide how foreign files are read, where what they compute does not."""
    parser.add_argument("--epoch", type=int, metavar="N", help="snapshot of a run or a series (default: the last)")
    parser.add_argument("--group", metavar="SPEC", help="group of foreign files (default: the one they compute)")
    parser.add_argument("--activation", metavar="NAME", help="of foreign files (default: with which they compute it)")
    parser.add_argument(
        "--map", action="append", metavar="W=KEY", help="key of W_a, W_b or V in foreign files; once for each"
    )


def loaded(source: Path, arguments: argparse.Namespace) -> Network:
    """The network of a file or a run, read as the arguments of :func:`foreign` say."""
    from ..api.networks import load_network

    return load_network(
        source,
        group=arguments.group,
        mapping=mapping(arguments.map),
        activation=arguments.activation,
        epoch=arguments.epoch,
    )


def mapping(given: list[str] | None) -> dict[str, str] | None:
    """The keys of W_a, W_b and V of ``--map``, if it was given. Raises InputError unless it names each once."""
    from ..errors import InputError

    if given is None:
        return None
    pairs = dict(text.partition("=")[::2] for text in given)
    if set(pairs) != {"W_a", "W_b", "V"} or not all(pairs.values()) or len(given) != 3:
        raise InputError(f"--map {' --map '.join(given)}: give W_a=KEY, W_b=KEY and V=KEY, each once")
    return pairs


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
