"""Budgets that fill up with time, one for each kind of request a service counts apart.

Sources of the limits: Microsoft Graph throttling limits (reference, sections 1.2 and 2).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from auditor.collect.clock import Clock

# Requests a second, and how many may go at once. Kinds that are not here have no pace of their own.
LIMITS: Mapping[str, tuple[float, float]] = MappingProxyType(
    {
        "reports": (0.5, 5),  # 5 requests in 10 s, for an application in a tenant
        "conditional-access": (1, 1),  # 1 request a second for all applications of a tenant
    }
)


@dataclass
class Bucket:
    """A budget that fills up with time: `size` at once, then `rate` a second."""

    clock: Clock
    rate: float
    size: float
    tokens: float
    at: float

    @classmethod
    def full(cls, clock: Clock, rate: float, size: float) -> Bucket:
        """A budget of which nothing is spent."""
        return cls(clock, rate, size, size, clock.monotonic())

    def _fill(self) -> None:
        now = self.clock.monotonic()
        self.tokens = min(self.size, self.tokens + (now - self.at) * self.rate)
        self.at = now

    def delay(self) -> float:
        """Seconds until the next request may go."""
        self._fill()
        # A hair's breadth short of a whole one is a whole one: no clock can wait for the rest.
        return 0.0 if self.tokens > 1 - 1e-9 else (1 - self.tokens) / self.rate

    async def take(self) -> None:
        """Waits for one request's worth and takes it."""
        while (delay := self.delay()) > 0:
            await self.clock.sleep(delay)
        self.tokens -= 1
