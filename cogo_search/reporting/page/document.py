"""One HTML file out of a template, the style, the scripts and the data: nothing is fetched, nothing can be injected.

The browser is told so, too: a content security policy allows the one style and the one script by their digests, images
from data: addresses, and nothing else.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

ASSETS = Path(__file__).with_name("assets")
#: The parts of the script in the order in which they use each other.
SCRIPTS = (
    "dom.js",
    "table.js",
    "circles.js",
    "entries.js",
    "part.js",
    "networks.js",
    "graph.js",
    "runs.js",
    "sheets.js",
    "page.js",
)


def document(title: str, data: dict[str, Any]) -> str:
    """The page. ``data`` becomes its embedded JSON, in which no tag can end the element."""
    style, script = _asset("page.css"), "(() => {\n" + "".join(map(_asset, SCRIPTS)) + "})();\n"
    parts = {
        "title": html.escape(title),
        "style": style,
        "style_digest": _digest(style),
        "script": script,
        "script_digest": _digest(script),
        "data": embedded(data),
    }
    return re.sub(r"\{\{(\w+)\}\}", lambda place: parts[place[1]], _asset("page.html"))


def embedded(data: Any) -> str:
    r"""Compact JSON that is safe inside a script element: <, > and & as escapes.

    >>> embedded("</script>")
    '"\\u003c/script\\u003e"'
    """
    text = json.dumps(data, separators=(",", ":"), allow_nan=False)
    return re.sub("[<>&]", lambda sign: f"\\u{ord(sign[0]):04x}", text)


def image(path: Path) -> str:
    """A figure file as a data: address."""
    kind = {".svg": "image/svg+xml", ".png": "image/png"}[path.suffix]
    return f"data:{kind};base64,{base64.b64encode(path.read_bytes()).decode()}"


@cache
def _asset(name: str) -> str:
    return (ASSETS / name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
