"""Values of a file in messages: short, on one line, without anything that steers a terminal."""

from __future__ import annotations

import reprlib
from fractions import Fraction
from typing import Any

SHOWN = 400  # characters of one message, beside the file's name


class Shortened(reprlib.Repr):
    """Short texts for any value, also for numbers of more digits than Python prints."""

    def repr_int(self, x: int, level: int) -> str:
        """An integer, or how long it is."""
        return super().repr_int(x, level) if x.bit_length() < 1000 else f"an integer of {x.bit_length()} bits"

    def repr_Fraction(self, x: Fraction, level: int) -> str:
        """A fraction, or how long it is."""
        top, bottom = self.repr_int(x.numerator, level), self.repr_int(x.denominator, level)
        return top if bottom == "1" else f"{top}/{bottom}"


def shown(value: Any) -> str:
    """A value of a file in a message: short, whatever it is."""
    return Shortened().repr(value)


def one_line(text: str) -> str:
    """What a file says must not steer a terminal, nor look like a line of ours: all but plain characters escaped."""
    safe = "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)
    return safe if len(safe) <= SHOWN else f"{safe[: SHOWN - 3]}..."


def named(path: str) -> str:
    """The name of a file as a verdict begins with it: quoted where it could pass for a verdict itself."""
    plain = path.isprintable() and ": " not in path and len(path) <= SHOWN and not path.startswith(("'", '"'))
    return path if plain else one_line(repr(path))
