"""Docstrings as the site shows them: examples in code blocks, names instead of roles, formulas with subscripts.

A griffe extension, named in mkdocs.yml. Docstrings themselves stay as ``help()`` shows them.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import griffe

#: ``>>>`` lines and what follows them up to an empty line.
EXAMPLE = re.compile(r"(?m)^( *)>>> .*(?:\n(?! *$).+)*")
ROLE = re.compile(r":(?:data|meth|func|class|mod|attr|exc):`[~.]*([^`]+)`")


def readable(text: str) -> str:
    """The docstring as Markdown."""
    sys.path[:0] = [str(Path(__file__).parent)]
    from docs_hooks import KEPT, typeset

    def fenced(match: re.Match[str]) -> str:
        lines = match[0].split("\n")
        inner = [line[len(match[1]) :] for line in lines]
        return "\n".join(["", "```pycon", *inner, "```"])

    text = EXAMPLE.sub(fenced, ROLE.sub(r"`\1`", text))
    parts = KEPT.split(text)
    return "".join(part if i % 2 else typeset(part) for i, part in enumerate(parts))


class Readable(griffe.Extension):
    """Apply :func:`readable` to every docstring."""

    def on_object(self, *, obj: griffe.Object, **_: Any) -> None:
        """Change one docstring as it is loaded."""
        if obj.docstring is not None and not obj.is_alias:
            obj.docstring.value = readable(obj.docstring.value)
