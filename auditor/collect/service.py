"""Asks one service with patience: waits its throttling out, and asks again what may work.

Documented limits and headers: reference, section 2. A throttled service counts every further
request against us, so while one request is told to wait, all others to that service wait too.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from auditor.collect.answers import Reply, is_transient, json_object, read_answer, retry_after
from auditor.collect.clock import Clock
from auditor.collect.pace import Bucket
from auditor.collect.progress import track
from auditor.connect.wire import Answer, Ask, Send
from auditor.errors import Malformed, Refused, ServiceError, Unavailable

_LONGEST_BACKOFF = 60.0
OnTry = Callable[[], None]


@dataclass
class Service:
    """One service and how patiently it is asked."""

    send: Send
    clock: Clock
    retries: int
    longest_wait: float
    slots: asyncio.Semaphore
    pace: Bucket | None = None
    _held_until: float = field(default=0.0, init=False)

    async def reply(
        self,
        ask: Ask,
        on_try: OnTry,
        *,
        read: Callable[[Answer], Any] = json_object,
        transient: Callable[[Reply], bool] = is_transient,
    ) -> Reply:
        """Sends `ask` until it works, cannot work, or has been retried often enough.

        `on_try` is called for every request sent. The answers that were retried away are dropped.
        """
        attempt = 0
        while True:
            reply = await self._once(ask, on_try, read)
            if reply.error is None or not transient(reply):
                return reply
            attempt += 1
            if attempt > self.retries:
                return Reply(reply.answer, error=_gave_up(reply.error, attempt))
            wait = self.pause(reply.answer.headers if reply.answer else {}, attempt)
            if wait > self.longest_wait:
                return Reply(reply.answer, error=self._too_long(reply.error, wait))
            await self.wait(wait, all_of_us=_throttled(reply))

    async def _once(self, ask: Ask, on_try: OnTry, read: Callable[[Answer], Any]) -> Reply:
        async with self.slots:
            while (left := self._held_until - self.clock.monotonic()) > 0:
                await self.clock.sleep(left)
            if self.pace is not None:
                await self.pace.take()
            on_try()
            started = self.clock.monotonic()
            try:
                answer = await self.send(ask)
            except (Refused, Unavailable) as error:
                track().asked(ask, None, (self.clock.monotonic() - started) * 1000)
                return Reply(None, error=error)
            track().asked(ask, answer, (self.clock.monotonic() - started) * 1000)
        return read_answer(answer, read)

    def pause(self, headers: Any, attempt: int) -> float:
        """Seconds to wait before attempt `attempt` + 1: what the service asks for, or a backoff."""
        asked = retry_after(headers, self.clock.now())
        if asked is not None:
            return asked
        backoff = min(2.0 ** (attempt - 1), _LONGEST_BACKOFF)
        # Half fixed, half by chance: requests that failed together do not come back together.
        return min(backoff * (0.5 + self.clock.random() / 2), self.longest_wait)

    async def wait(self, seconds: float, *, all_of_us: bool) -> None:
        """Waits; with `all_of_us`, every other request to this service does so too."""
        if all_of_us:
            self._held_until = max(self._held_until, self.clock.monotonic() + seconds)
        track().waits(seconds)
        await self.clock.sleep(seconds)

    def _too_long(self, error: ServiceError, wait: float) -> Unavailable:
        return Unavailable(
            f"{error.what}, and asked to wait {wait:.0f} s",
            f"Collect later, or raise collect.longest_wait (now {self.longest_wait:.0f}).",
            status=error.status,
            code=error.code,
        )


def _throttled(reply: Reply) -> bool:
    answer = reply.answer
    return answer is not None and (answer.status == 429 or "retry-after" in answer.headers)


def _gave_up(error: ServiceError, attempts: int) -> ServiceError:
    kind = Malformed if isinstance(error, Malformed) else Unavailable
    return kind(
        f"{error.what} ({attempts} attempts)",
        error.remedy or "Collect again later.",
        status=error.status,
        code=error.code,
    )
