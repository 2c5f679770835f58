"""What a command says on standard error, and in which form: chosen once by its options."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from auditor.text import visible

if TYPE_CHECKING:
    from auditor.audit import Audit
    from auditor.collect.progress import Tell
    from auditor.ledger import LedgerLine


def _only_notes(event: object) -> None:
    """A code to type or a warning is no progress: it is told however quiet we are."""
    from auditor.collect.progress import Note

    if isinstance(event, Note):
        click.echo(visible(event.text), err=True)


@dataclass(frozen=True, slots=True)
class Console:
    """The form of progress, notices and errors. Standard output is the commands' own."""

    quiet: bool = False
    verbose: bool = False
    json: bool = False

    @contextmanager
    def progress(self) -> Iterator[Tell]:
        """What shows the events of a collection, as long as it runs."""
        if self.quiet and not self.json:
            yield _only_notes
            return
        renderer = self._renderer()
        try:
            yield renderer
        finally:
            renderer.close()

    def _renderer(self) -> Any:
        if self.json:
            return self._log()
        if is_terminal():
            from auditor.cli.progress.bars import Bars

            return Bars(verbose=self.verbose)
        from auditor.cli.progress.plain import Plain

        return Plain(verbose=self.verbose)

    def _log(self) -> Any:
        from auditor.cli.progress.jsonlog import JsonLog

        return JsonLog(verbose=self.verbose, quiet=self.quiet)

    def say(self, event: str, text: str) -> None:
        """A notice."""
        if self.json:
            self._log().record("info", event, text=text)
        elif not self.quiet:
            click.echo(visible(text), err=True)

    def error(self, text: str, exit_code: int) -> None:
        """Why the command failed; never silenced."""
        if self.json:
            self._log().record("error", "error", text=text, exit_code=exit_code)
        else:
            click.echo(f"auditor: {visible(text)}", err=True)

    def crash(self, text: str, trace: str, exit_code: int) -> None:
        """A defect of the auditor, with where it happened."""
        if self.json:
            self._log().record("error", "crash", text=text, trace=trace, exit_code=exit_code)
        else:
            click.echo(trace, err=True)
            self.error(text, exit_code)

    def done(
        self, exit_code: int, ledger: Iterable[LedgerLine], paths: Sequence[Path], **more: Any
    ) -> None:
        """The result, for logs: what people read of it is on standard output."""
        if self.json:
            self._log().record(
                "warning" if exit_code else "info",
                "done",
                exit_code=exit_code,
                **more,
                incomplete=[line.dataset for line in ledger if not line.complete],
                files=[str(path) for path in paths],
            )

    def judged(self, exit_code: int, audit: Audit, paths: Sequence[Path]) -> None:
        """The result of a whole run, for logs."""
        self.done(
            exit_code,
            audit.coverage,
            paths,
            tenant=str(audit.tenant.get("id", "")),
            as_of=audit.as_of,
            findings=dict(Counter(each.severity for each in audit.findings)),
            rules=dict(Counter(each.verdict for each in audit.outcomes)),
            unknown_rows=sum(each.unknown for each in audit.outcomes),
        )


_CHOSEN: ContextVar[Console] = ContextVar("console")


def choose(console: Console) -> None:
    """Makes `console` the one that errors are told through."""
    _CHOSEN.set(console)


def chosen() -> Console:
    """The console of the command that runs."""
    return _CHOSEN.get(Console())


def is_terminal() -> bool:
    """Whether standard error can show bars."""
    return sys.stderr.isatty() and os.environ.get("TERM", "") not in ("dumb", "unknown")


def colours() -> bool | None:
    """False where the user wants none (NO_COLOR, no-color.org); None leaves it to the stream."""
    return False if os.environ.get("NO_COLOR") else None
