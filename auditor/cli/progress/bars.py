"""Progress as bars on a terminal: one for all datasets, one for each that is being read.

Finished datasets become lines above the bars. Nothing that comes from a tenant is read as markup.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import singledispatchmethod
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TaskID, TextColumn
from rich.text import Text

from auditor.cli.progress.pace import Pace, duration
from auditor.collect.progress import (
    Arrived,
    Asked,
    Event,
    Expected,
    Finished,
    Note,
    SignedIn,
    Started,
    Waits,
)
from auditor.ledger import Result
from auditor.text import visible

_COLOURS = {
    Result.COMPLETE: "green",
    Result.PARTIAL: "yellow",
    Result.NOT_ASKED: "yellow",
    Result.REFUSED: "red",
    Result.UNAVAILABLE: "red",
}


class _Told(ProgressColumn):
    """What a task's own function says, asked anew at every refresh: time passes between events."""

    def render(self, task: Task) -> Text:
        """The text beside a bar."""
        return Text(task.fields["told"](), no_wrap=True, overflow="ellipsis")


class Bars:
    """Bars on a terminal."""

    def __init__(
        self,
        *,
        verbose: bool = False,
        console: Console | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._verbose = verbose
        self._monotonic = monotonic
        self._began = monotonic()
        self._requests = 0
        self._finished = 0
        self._tasks: dict[str, TaskID] = {}
        self._paces: dict[str, Pace] = {}
        self._until: dict[str, float] = {}  # when a dataset that waits is asked again
        self._progress = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=24),
            _Told(),
            console=console or Console(stderr=True, markup=False, emoji=False, highlight=False),
            redirect_stdout=False,
            transient=True,
            get_time=monotonic,
            refresh_per_second=5,
        )
        self._all = self._progress.add_task("datasets", total=None, told=self._overall)
        self._progress.start()

    def __call__(self, event: Event) -> None:
        """Shows one event."""
        self._show(event)

    def close(self) -> None:
        """Takes the bars away; the lines stay."""
        self._progress.stop()

    def _line(self, text: str, style: str = "") -> None:
        self._progress.console.print(Text(visible(text), style=style), soft_wrap=True)

    def _overall(self) -> str:
        spent = self._monotonic() - self._began
        total = self._progress.tasks[0].total
        if not total:
            return "signing in"
        return f"{self._finished} of {total:.0f}, {self._requests:,} requests, {duration(spent)}"

    def _told(self, dataset: str) -> str:
        now = self._monotonic()
        told = self._paces[dataset].told(now)
        wait = self._until.get(dataset, now) - now
        return f"{told}, asked again in {duration(wait)}" if wait > 1 else told

    @singledispatchmethod
    def _show(self, event: Any) -> None:
        raise TypeError(f"{type(event).__name__} is no event")

    @_show.register
    def _(self, event: SignedIn) -> None:
        self._progress.update(self._all, total=event.datasets)
        self._line(str(event))

    @_show.register
    def _(self, event: Note) -> None:
        self._line(event.text, "bold")

    @_show.register
    def _(self, event: Started) -> None:
        self._paces[event.dataset] = Pace(self._monotonic())
        self._tasks[event.dataset] = self._progress.add_task(
            event.dataset, total=None, told=lambda: self._told(event.dataset)
        )

    @_show.register
    def _(self, event: Arrived) -> None:
        if event.dataset in self._tasks:
            self._paces[event.dataset].take(event)
            self._progress.update(
                self._tasks[event.dataset], completed=event.done, total=event.total
            )

    @_show.register
    def _(self, event: Expected) -> None:
        self._line(str(event), "bold")

    @_show.register
    def _(self, event: Waits) -> None:
        self._until[event.dataset] = self._monotonic() + event.seconds

    @_show.register
    def _(self, event: Asked) -> None:
        self._requests += 1
        if self._verbose:
            self._line(f"  {event.dataset or 'sign-in'}: {event}", "dim")

    @_show.register
    def _(self, event: Finished) -> None:
        line = event.line
        self._finished += 1
        self._progress.update(self._all, completed=self._finished)
        if line.dataset in self._tasks:
            self._progress.remove_task(self._tasks.pop(line.dataset))
        self._line(str(event), "" if line.complete else _COLOURS[line.result])
