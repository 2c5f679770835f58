"""Shows the events of a collection: as bars on a terminal, as plain lines, or as JSON lines."""

from __future__ import annotations

from typing import Protocol

from auditor.collect.progress import Event


class Renderer(Protocol):
    """Shows events until it is closed."""

    def __call__(self, event: Event, /) -> None:
        """Shows one event, or leaves it out."""

    def close(self) -> None:
        """Ends what is on the screen, so that other output can follow."""
