"""Text of foreign files on a terminal: it must neither steer the terminal nor look like lines of ours."""

from __future__ import annotations


def one_line(text: str, limit: int | None = None) -> str:
    r"""The text with all that is not printable escaped: controls, line ends, bidirectional marks, lone surrogates.

    At most ``limit`` characters are kept.

    >>> print(one_line("net\x1b[2J\nverified"))
    net\x1b[2J\nverified
    """
    plain = "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)
    return plain if limit is None or len(plain) <= limit else f"{plain[: limit - 3]}..."
