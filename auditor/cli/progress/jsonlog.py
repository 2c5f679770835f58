"""Progress as one JSON object a line, for whatever collects logs. Fields: docs/operation.md."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from functools import singledispatchmethod
from typing import Any

import click

from auditor.cli.progress.pace import Paces
from auditor.cli.progress.plain import EVERY
from auditor.collect.progress import (
    Arrived,
    Asked,
    Event,
    Expected,
    Finished,
    Note,
    SignedIn,
    Waits,
)
from auditor.collect.progress import Started as Began

LEVELS = ("debug", "info", "warning", "error")


def _print(line: str) -> None:
    with suppress(OSError):  # whoever read the log is gone; the collection is not
        click.echo(line, err=True)


def _fields(event: Any) -> dict[str, Any]:
    return {each.name: getattr(event, each.name) for each in fields(event)}


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass
class JsonLog:
    """JSON lines on standard error."""

    verbose: bool = False
    quiet: bool = False
    monotonic: Callable[[], float] = time.monotonic
    now: Callable[[], datetime] = _now
    write: Callable[[str], None] = _print
    _paces: Paces = field(default_factory=lambda: Paces(EVERY))

    def __call__(self, event: Event) -> None:
        """Logs one event."""
        self._log(event)

    def close(self) -> None:
        """Nothing stays open."""

    def record(self, level: str, event: str, **fields: Any) -> None:
        """Writes one line, unless its level is too low. Characters beyond ASCII are escaped."""
        lowest = 2 if self.quiet else 0 if self.verbose else 1
        if LEVELS.index(level) < lowest:
            return
        when = self.now().astimezone(UTC).isoformat(timespec="milliseconds")
        told = {"time": when.replace("+00:00", "Z"), "level": level, "event": event, **fields}
        # DEL is the one character that steers a terminal and that JSON leaves as it is.
        self.write(json.dumps(told).replace("\x7f", "\\u007f"))

    @singledispatchmethod
    def _log(self, event: Any) -> None:
        raise TypeError(f"{type(event).__name__} is no event")

    @_log.register
    def _(self, event: SignedIn) -> None:
        self.record("info", "signed-in", **_fields(event))

    @_log.register
    def _(self, event: Note) -> None:
        self.record(event.level, "note", text=event.text)

    @_log.register
    def _(self, event: Began) -> None:
        self._paces.start(event.dataset, self.monotonic())
        self.record("info", "started", **_fields(event))

    @_log.register
    def _(self, event: Arrived) -> None:
        now = self.monotonic()
        pace = self._paces.take(event, now)
        if self._paces.due(event.dataset, now):
            left = pace.left(now)
            self.record(
                "info",
                "progress",
                dataset=event.dataset,
                done=event.done,
                total=event.total,
                requests=event.requests,
                per_second=round(pace.rate(now) or 0, 1),
                remaining_seconds=None if left is None else round(left),
            )

    @_log.register
    def _(self, event: Expected) -> None:
        self.record("info", "expected", **_fields(event))

    @_log.register
    def _(self, event: Waits) -> None:
        self.record("warning", "waits", dataset=event.dataset, seconds=round(event.seconds, 1))

    @_log.register
    def _(self, event: Asked) -> None:
        told = {**_fields(event), "ms": round(event.ms), "headers": dict(event.headers)}
        self.record("debug", "request", **told)

    @_log.register
    def _(self, event: Finished) -> None:
        line = event.line
        self.record(
            "info" if line.complete else "warning",
            "finished",
            dataset=line.dataset,
            result=line.result.value,
            rows=line.rows,
            expected=line.expected,
            requests=line.requests,
            pages=line.pages,
            seconds=round(self._paces.spent(line.dataset, self.monotonic()), 1),
            cause=line.cause,
            remedy=line.remedy,
        )
