"""One request and its answer, whichever client carried it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Ask:
    """One request, without its token."""

    url: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, byte by byte; header names compare without regard to case."""

    ask: Ask
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def ok(self) -> bool:
        """Whether the service says that it worked."""
        return 200 <= self.status < 300


Send = Callable[[Ask], Awaitable[Answer]]  # one attempt; `Unavailable` if nothing came back
