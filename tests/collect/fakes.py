"""A service without a network, and a clock that waits in no time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

import httpx
import orjson

from auditor.collect.clock import Clock
from auditor.collect.service import Service
from auditor.connect.wire import Answer, Ask
from auditor.errors import Unavailable

BASE = "https://graph.test/v1.0"
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
T = TypeVar("T")


@dataclass
class Time:
    """A clock whose waiting only moves its hands; it remembers every wait."""

    at: float = 0.0
    waits: list[float] = field(default_factory=list)

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.at += seconds
        await asyncio.sleep(0)

    @property
    def clock(self) -> Clock:
        return Clock(lambda: self.at, self.sleep, lambda: 1.0, lambda: NOW)


def answer(
    ask: Ask, body: Any, status: int = 200, headers: Mapping[str, str] | None = None
) -> Answer:
    raw = body if isinstance(body, bytes) else orjson.dumps(body)
    return Answer(
        ask,
        status,
        httpx.Headers({"date": "Mon, 23 Nov 2026 12:00:00 GMT", **(headers or {})}),
        raw,
    )


Reaction = Callable[[Ask], Answer]


def says(body: Any, status: int = 200, **headers: str) -> Reaction:
    """Answers with this, whatever is asked."""
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda ask: answer(ask, body, status, told)


def breaks(ask: Ask) -> Answer:
    raise Unavailable("no answer came (ConnectError)")


@dataclass
class Script:
    """Answers in the given order, one reaction per request; the asks are kept."""

    reactions: list[Reaction]
    asks: list[Ask] = field(default_factory=list)

    async def send(self, ask: Ask) -> Answer:
        at = len(self.asks)
        self.asks.append(ask)
        await asyncio.sleep(0)
        assert at < len(self.reactions), f"unexpected request {ask.url}"
        return self.reactions[at](ask)

    @property
    def urls(self) -> list[str]:
        return [ask.url for ask in self.asks]


def service(
    send: Any, time: Time | None = None, *, retries: int = 6, longest_wait: float = 300
) -> Service:
    return Service(
        send=send,
        clock=(time or Time()).clock,
        retries=retries,
        longest_wait=longest_wait,
        slots=asyncio.Semaphore(8),
    )


def script(*reactions: Reaction) -> Script:
    return Script(list(reactions))


def page(ids: Iterable[str], link: str | None = None, count: int | None = None) -> dict[str, Any]:
    value: dict[str, Any] = {"value": [{"id": id} for id in ids]}
    if link is not None:
        value["@odata.nextLink"] = link
    if count is not None:
        value["@odata.count"] = count
    return value


def run(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(work)


def unheard() -> None:
    """Counts no tries."""
