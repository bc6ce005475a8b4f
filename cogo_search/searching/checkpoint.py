"""What a long search has done so far, in a file beside its catalog."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ..storage import write_atomically
from .engine import SearchSettings


class SearchProgress:
    """The state of the parts of a search; what another search or version left behind is ignored."""

    def __init__(self, path: Path, settings: SearchSettings) -> None:
        """Read ``path`` if it holds the progress of these settings; the limit and the covers do not matter."""
        self.path = path
        self._search = {"roots": list(settings.roots), "character_order": settings.character_order, "version": 1}
        self._parts: dict[str, Any] = {}
        try:
            stored = json.loads(path.read_text(encoding="ascii"))
        except (OSError, ValueError):
            return
        if isinstance(stored, dict) and stored.get("search") == self._search:
            self._parts = stored.get("parts", {})

    def load(self, part: str) -> dict[str, Any] | None:
        """What was saved for a part."""
        return self._parts.get(part)

    def save(self, part: str, state: dict[str, Any]) -> None:
        """Keep the state of a part, atomically."""
        self._parts[part] = state
        text = json.dumps({"search": self._search, "parts": self._parts}, separators=(",", ":"))
        write_atomically(self.path, text.encode("ascii"))

    def remove(self) -> None:
        """The search has ended; the progress of another one stays."""
        if self._parts:
            self.path.unlink(missing_ok=True)
