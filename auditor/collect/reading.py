"""What the reading of one dataset has seen, and the ledger line that comes of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

from auditor.collect.answers import LICENCE_CODES, http_date
from auditor.collect.listing import Listed
from auditor.connect.wire import Answer
from auditor.datasets import Dataset
from auditor.errors import Malformed, Refused, ServiceError
from auditor.ledger import LedgerLine, Result
from auditor.snapshot import Page, SnapshotWriter

_TOLD = 3  # causes named in full; the rest are counted


class Storable(Protocol):
    """A page on its way into the snapshot."""

    def store(self, writer: SnapshotWriter, dataset: str, /) -> None:
        """Writes it."""

    @property
    def date(self) -> datetime | None:
        """When the server sent it."""


@dataclass(frozen=True, slots=True)
class Received:
    """An answer of this run, and the object it is about."""

    answer: Answer
    of: str | None = None

    def store(self, writer: SnapshotWriter, dataset: str) -> None:
        """Writes the answer as a page of `dataset`."""
        ask = self.answer.ask
        writer.page(
            dataset=dataset,
            method=ask.method,
            url=ask.url,
            status=self.answer.status,
            headers=self.answer.headers,
            body=self.answer.body,
            request_body=ask.body,
            of=self.of,
        )

    @property
    def date(self) -> datetime | None:
        """The server's Date header."""
        return http_date(self.answer.headers.get("date", ""))


@dataclass(frozen=True, slots=True)
class Reused:
    """A page of an earlier snapshot."""

    page: Page
    body: bytes
    snapshot_sha256: str

    def store(self, writer: SnapshotWriter, _: str) -> None:
        """Writes the page again, with its own date and hashes."""
        writer.reuse(self.page, self.body, snapshot_sha256=self.snapshot_sha256)

    @property
    def date(self) -> datetime | None:
        """None: it does not tell when this run asked."""
        return None


@dataclass
class Reading:
    """One dataset while it is read."""

    dataset: Dataset
    stored: list[Storable] = field(default_factory=list)
    requests: int = 0
    pages: int = 0
    rows: int = 0
    expected: int | None = None
    kept: list[Any] = field(default_factory=list)
    errors: list[ServiceError] = field(default_factory=list)
    flaws: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    skipped: str = ""  # why it was not asked
    off: bool = False  # by default, so that it is no gap
    remedy: str = ""
    _dates: list[datetime] = field(default_factory=list)
    _batches: list[Answer] = field(default_factory=list)

    def tried(self) -> None:
        """Counts one request that was sent."""
        self.requests += 1

    def store(self, item: Storable) -> None:
        """Takes a page for the snapshot."""
        self.stored.append(item)
        self.pages += 1
        if (date := item.date) is not None:
            self._dates.append(date)

    def take(self, listed: Listed, of: str | None = None, *, rows: int | None = None) -> None:
        """Takes a walk through a listing: its pages, its rows, and what was wrong with it."""
        for answer in listed.answers:
            whole_batch = answer.ask.url.endswith("/$batch")
            if whole_batch and any(answer is each for each in self._batches):
                continue  # one failed batch stands for each of its items
            self._batches += [answer] * whole_batch
            self.store(Received(answer, None if whole_batch else of))
        self.rows += listed.rows if rows is None else rows
        self.kept += listed.kept
        self.notes += [each for each in dict.fromkeys(listed.notes) if each not in self.notes]
        self.flaws += [
            f"{flaw} ({times} times)" if times > 1 and not flaw[0].isdigit() else flaw
            for flaw, times in listed.flaws.items()
        ]
        if listed.error is not None:
            self.errors.append(listed.error)

    def skip(self, why: str, remedy: str = "", *, off: bool = False) -> None:
        """Says that the dataset was not asked, and why; `off` if that is the default."""
        self.skipped, self.remedy, self.off = why, remedy, off

    def line(self, held: Iterable[str]) -> LedgerLine:
        """The ledger line: how far what was read can be trusted."""
        result, causes, remedy = self._judge()
        told = "; ".join(causes[:_TOLD])
        more = f"; and {len(causes) - _TOLD} more" if len(causes) > _TOLD else ""
        named = {name for each in self.dataset.permissions for name in each}
        dates = sorted(self._dates)
        return LedgerLine(
            dataset=self.dataset.name,
            result=result,
            rows=self.rows,
            expected=self.expected,
            requests=self.requests,
            pages=self.pages,
            first=_iso(dates[0]) if dates else None,
            last=_iso(dates[-1]) if dates else None,
            cause=told + more,
            remedy=remedy,
            permissions=self.dataset.permissions,
            held=tuple(name for name in sorted(held) if name in named),
            licence=self.dataset.licence,
            notes=tuple(self.notes),
            off=self.off,
        )

    def _judge(self) -> tuple[Result, list[str], str]:
        if self.skipped:
            return Result.NOT_ASKED, [self.skipped], self.remedy
        causes = list(dict.fromkeys([error.what for error in self.errors] + self.flaws))
        if not causes and self.expected is not None and 0 < self.rows < self.expected:
            causes = [f"{self.rows} of {self.expected} arrived"]
        if self.rows and causes:
            return Result.PARTIAL, causes, self._remedy()
        if self.errors:
            refused = isinstance(self.errors[0], Refused)
            return Result.REFUSED if refused else Result.UNAVAILABLE, causes, self._remedy()
        if not self.rows and not self.dataset.may_be_empty:
            return Result.REFUSED, ["came back empty, which cannot be"], self.dataset.remedy
        if self.dataset.counted and not self.rows and self.expected:
            told = f"came back empty, though the service counts {self.expected}"
            return Result.REFUSED, [told, *causes], self.dataset.remedy
        if causes:
            return Result.PARTIAL, causes, self._remedy()
        return Result.COMPLETE, [], ""

    def _remedy(self) -> str:
        if not self.errors:
            return self.remedy or "Collect again."
        error = self.errors[0]
        if error.code in LICENCE_CODES:
            licence = self.dataset.licence or "a licence this tenant does not have"
            accept = f'accept = ["{self.dataset.name}"]'
            return f"It needs {licence}. To accept the gap, write {accept} into [coverage]."
        if error.remedy:
            return error.remedy
        if isinstance(error, Refused):
            return self.dataset.remedy
        if isinstance(error, Malformed):
            return "Collect again; if it stays, see what stands between here and the service."
        return "Collect again; if it stays, the cause above is the service's own word for it."


def _iso(when: datetime) -> str:
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
