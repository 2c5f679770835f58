"""The documented read quotas of identity and access, as token buckets.

Source: Microsoft Graph's throttling limits: 8,000 resource units per 10 seconds for an application
in a large tenant; 150 requests a minute for `keyCredentials` in $select, counted for applications
and for service principals each; 5 requests in 10 seconds for reports and audit logs; one a second
for Conditional Access and identity protection, whose 429 tells no Retry-After.
"""

from __future__ import annotations

import math
import threading
import time
from collections import deque
from collections.abc import Callable

from auditor.emulator.web import Refusal

CAPACITY = 8000.0
REFILL_PER_SECOND = 800.0
KEYS_PER_MINUTE = 150
# Requests, seconds they are counted in, and whether a refusal tells when to come back.
LIMITS = {"reports": (5, 10.0, True), "conditional-access": (1, 1.0, False)}


def cost(base: int, *, select: bool, expand: bool, top: int | None) -> int:
    """Resource units of one request."""
    return max(1, base - select + expand - (top is not None and top < 20))


class Quota:
    """Takes units for a request or refuses it."""

    def __init__(
        self, scope: str, *, enforced: bool, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._scope = scope
        self._enforced = enforced
        self._clock = clock
        self._left = CAPACITY
        self._at = clock()
        self._keys: dict[str, deque[float]] = {}
        self._lock = threading.Lock()

    def take(self, units: int) -> dict[str, str]:
        """Pays for a request; returns the headers that tell about it."""
        headers = {"x-ms-resource-unit": str(units)}
        if not self._enforced:
            return headers
        with self._lock:
            now = self._clock()
            self._left = min(CAPACITY, self._left + (now - self._at) * REFILL_PER_SECOND)
            self._at = now
            if self._left < units:
                wait = math.ceil((units - self._left) / REFILL_PER_SECOND)
                raise self._refusal(wait, "ResourceUnitLimitExceeded")
            self._left -= units
            used = 1 - self._left / CAPACITY
        if used > 0.8:
            headers["x-ms-throttle-limit-percentage"] = f"{used:.2f}"
        return headers

    def take_keys(self, kind: str) -> None:
        """Pays for a request that selects keyCredentials of a kind of object."""
        if not self._enforced:
            return
        with self._lock:
            now = self._clock()
            times = self._keys.setdefault(kind, deque())
            while times and times[0] <= now - 60:
                times.popleft()
            if len(times) >= KEYS_PER_MINUTE:
                raise self._refusal(math.ceil(times[0] + 60 - now), "KeyCredentialsLimitExceeded")
            times.append(now)

    def take_limited(self, kind: str) -> None:
        """Pays for a request of a kind that has a limit of its own; of any other, nothing."""
        if not self._enforced or kind not in LIMITS:
            return
        most, seconds, told = LIMITS[kind]
        with self._lock:
            now = self._clock()
            times = self._keys.setdefault(kind, deque())
            while times and times[0] <= now - seconds:
                times.popleft()
            if len(times) < most:
                times.append(now)
                return
            refusal = self._refusal(math.ceil(times[0] + seconds - now), "RequestLimitExceeded")
        if not told:
            del refusal.headers["Retry-After"]
        raise refusal

    def _refusal(self, wait: int, reason: str) -> Refusal:
        return Refusal(
            429,
            "TooManyRequests",
            "Please retry again later.",
            {
                "Retry-After": str(max(1, wait)),
                "x-ms-throttle-limit-percentage": "1.00",
                "x-ms-throttle-scope": self._scope,
                "x-ms-throttle-information": reason,
            },
        )
