"""The width frontier: how narrow an optimizer can be, with nodes of several frequencies.

``search`` looks for narrow networks, ``bound`` proves how narrow they can be at most, ``certify`` proves that a
network of zero loss is near one that was found, ``table`` lists the records.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..api.width_frontier import bound as bound
    from ..api.width_frontier import certify as certify
    from ..api.width_frontier import search as search
    from ..api.width_frontier import table as table

NAMES = ("bound", "certify", "search", "table")


def __getattr__(name: str) -> Any:
    """Load a function when it is first used (PEP 562)."""
    if name not in NAMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}: it has {', '.join(NAMES)}")
    from ..api import width_frontier

    return getattr(width_frontier, name)


def __dir__() -> list[str]:
    return list(NAMES)
