"""Progress as plain lines: one for each dataset, and one every ten seconds for a long one."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import singledispatchmethod
from typing import Any

import click

from auditor.cli.progress.pace import Paces
from auditor.collect.progress import Arrived, Asked, Event, Started, Waits
from auditor.text import visible

EVERY = 10.0  # seconds between two lines of one dataset
_LONG_WAIT = 10.0  # shorter waits are nothing to tell a person


def _print(line: str) -> None:
    with suppress(OSError):  # whoever read the lines is gone; the collection is not
        click.echo(line, err=True)


@dataclass
class Plain:
    """Plain lines on standard error."""

    verbose: bool = False
    monotonic: Callable[[], float] = time.monotonic
    write: Callable[[str], None] = _print
    _paces: Paces = field(default_factory=lambda: Paces(EVERY))
    _waited: dict[str, float] = field(default_factory=dict)  # until when a wait was told

    def __call__(self, event: Event) -> None:
        """Shows what is worth a line."""
        self._show(event)

    def close(self) -> None:
        """Nothing stays open."""

    def _line(self, event: object) -> None:
        self.write(visible(event))

    @singledispatchmethod
    def _show(self, event: Any) -> None:
        self._line(event)  # signed in, expected minutes, finished: told as they are

    @_show.register
    def _(self, event: Started) -> None:
        self._paces.start(event.dataset, self.monotonic())

    @_show.register
    def _(self, event: Arrived) -> None:
        now = self.monotonic()
        pace = self._paces.take(event, now)
        if self._paces.due(event.dataset, now):
            self._line(f"{event.dataset}: {pace.told(now)}")

    @_show.register
    def _(self, event: Waits) -> None:
        now = self.monotonic()
        if event.seconds >= _LONG_WAIT and now >= self._waited.get(event.dataset, now):
            self._waited[event.dataset] = now + event.seconds
            self._line(event)

    @_show.register
    def _(self, event: Asked) -> None:
        if self.verbose:
            self._line(f"  {event.dataset or 'sign-in'}: {event}")
