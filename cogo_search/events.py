"""How long work tells how far it is: one kind of callback everywhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Event:
    """What is being done: ``message`` for people; ``done`` of ``total`` where they are known; ``facts`` by name.

    ``facts`` of a training run are ``epoch``, ``loss``, ``accuracy`` and ``live`` (nodes), and ``status`` at its end.
    """

    message: str
    done: int | None = None
    total: int | None = None
    facts: Mapping[str, float | int | str] = field(default_factory=dict)


#: What hears of events. An exception that it raises ends the work.
Callback = Callable[[Event], None]


def ignore(event: Event) -> None:
    """Hear of nothing."""
