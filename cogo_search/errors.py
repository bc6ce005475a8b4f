"""The exception tree. Messages are one line: the argument, its value, the way out."""

from __future__ import annotations

from collections.abc import Iterable


class CogoError(Exception):
    """Base of every error raised on purpose by cogo_search."""


class InputError(CogoError):
    """An argument, file name or id that cannot be used (exit code 2)."""


class CatalogError(CogoError):
    """A catalog that is unreadable, truncated or of an unknown version (exit code 2)."""


class VerificationError(CogoError):
    """Something that was read but is not true (exit code 1)."""


class ArithmeticBoundError(CogoError):
    """An exact computation would leave the asserted 64-bit range."""


def near(word: object, known: Iterable[str], cutoff: float = 0.6) -> str:
    """The end of a message about an unknown word: a known one that is close to it, if there is one.

    >>> near("enumerte", ["enumerate", "evaluate"]), near("x", ["enumerate"])
    ('; did you mean enumerate?', '')
    """
    from difflib import get_close_matches

    names = {name.lower(): name for name in known}
    found = get_close_matches(str(word).lower(), names, 1, cutoff)
    return f"; did you mean {names[found[0]]}?" if found else ""


def choose(word: object, known: Iterable[str]) -> str:
    """The end of a message about a word that is not among those known.

    >>> choose("papr", ("own", "paper"))
    'choose from own, paper; did you mean paper?'
    """
    names = list(known)
    return f"choose from {', '.join(names)}{near(word, names)}"
