"""The whole of a collection: sign in, read every dataset, seal the snapshot."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from auditor.collect.clock import Clock
from auditor.collect.opening import opened
from auditor.collect.progress import Tell, silent
from auditor.collect.reading import Reading
from auditor.collect.run import Run
from auditor.collect.stages import read_all
from auditor.datasets import DATASETS
from auditor.errors import (
    AuditorError,
    SnapshotError,
)
from auditor.ledger import LedgerLine
from auditor.settings import Settings
from auditor.snapshot import Snapshot, SnapshotWriter, open_snapshot


@dataclass(frozen=True, slots=True)
class Collected:
    """A finished collection."""

    path: Path
    ledger: tuple[LedgerLine, ...]
    tenant: str  # its display name, or its id where that was not readable


def collect(
    settings: Settings,
    folder: Path,
    *,
    progress: Tell = silent,
    reuse: Path | None = None,
    clock: Clock | None = None,
) -> Collected:
    """Reads the tenant of `settings` into a new sealed snapshot in `folder`.

    `progress` gets every event as it happens; that of a sign-in comes from another thread.
    `reuse` is an earlier snapshot whose certificates are not fetched again; without it the newest
    one of the same tenant in `folder` is used, if it opens cleanly. Raises `SignInError`,
    `CredentialError`, `SettingsError`, `SnapshotError` (for `reuse`) or `OutputError`; a dataset
    that cannot be read raises nothing, its ledger line tells it.
    """
    try:
        return asyncio.run(_collect(settings, folder, progress, reuse, clock or Clock()))
    except BaseExceptionGroup as group:
        raise _the_one(group) from None


def _the_one(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """What went wrong first, without the group that a set of tasks wraps it in."""
    chosen = group.subgroup(AuditorError) or group
    error = chosen.exceptions[0]
    return _the_one(error) if isinstance(error, BaseExceptionGroup) else error


async def _collect(
    settings: Settings,
    folder: Path,
    progress: Tell,
    reuse: Path | None,
    clock: Clock,
) -> Collected:
    async with opened(settings, clock, progress) as run:
        run.earlier = _earlier(reuse, folder, run.me.tenant_id)
        book = _Book(run, folder)
        try:
            await read_all(run, book.finished)
            return book.seal()
        except BaseException:
            book.abandon()
            raise


def _earlier(reuse: Path | None, folder: Path, tenant_id: str) -> Snapshot | None:
    if reuse is not None:
        found = open_snapshot(reuse)
        if str(found.tenant.get("id", "")).lower() != tenant_id:
            raise SnapshotError(
                f"{reuse} is of another tenant ({found.tenant.get('id')}).",
                "Its certificates cannot be used here.",
            )
        return found
    for path in sorted(folder.glob(f"{tenant_id}-*.snapshot"), reverse=True):
        try:
            found = open_snapshot(path)
        except SnapshotError:
            continue  # a damaged one is of no use here, and `verify` is there to tell of it
        if str(found.tenant.get("id", "")).lower() == tenant_id:
            return found
    return None


@dataclass
class _Book:
    """Writes finished datasets in their declared order, as soon as all before them are written."""

    run: Run
    folder: Path
    writer: SnapshotWriter | None = None
    _ready: dict[str, Reading] = field(default_factory=dict)
    _order: list[str] = field(default_factory=lambda: list(DATASETS))

    def finished(self, reading: Reading) -> None:
        """Takes a dataset whose ledger line is there."""
        self._ready[reading.dataset.name] = reading
        while self._order and self._order[0] in self._ready:
            name = self._order.pop(0)
            writer = self._opened()
            for item in self._ready[name].stored:
                item.store(writer, name)
            self._ready[name].stored.clear()

    def _opened(self) -> SnapshotWriter:
        """The writer; it gets its name from the first server date, so it is opened late."""
        if self.writer is None:
            dates = [item.date for reading in self._ready.values() for item in reading.stored]
            known = [date for date in dates if date is not None]
            when = min(known) if known else self.run.clock.now()
            path = _free(self.folder, self.run.tenant_id, when)
            self.writer = SnapshotWriter(path, tenant=self._tenant())
        return self.writer

    def _tenant(self) -> dict[str, Any]:
        told: dict[str, Any] = next(iter(self.run.kept("organization")), {})
        domains = told.get("verifiedDomains")
        return {
            "id": self.run.tenant_id,
            "name": told.get("displayName") or "",
            "domains": [
                each["name"]
                for each in (domains if isinstance(domains, list) else ())
                if isinstance(each, dict) and isinstance(each.get("name"), str)
            ],
            "cloud": self.run.settings.tenant.cloud,
            "client_id": self.run.settings.credential.client_id,
            "service_principal": self.run.me.object_id,
        }

    def seal(self) -> Collected:
        """Seals the snapshot."""
        ledger = tuple(self.run.lines[name] for name in DATASETS)
        path = self._opened().seal(ledger)
        return Collected(path, ledger, self._tenant()["name"] or self.run.tenant_id)

    def abandon(self) -> None:
        """Leaves nothing half-written behind."""
        if self.writer is not None:
            self.writer.abandon()


def _free(folder: Path, tenant_id: str, when: datetime) -> Path:
    """A name nothing has yet: a snapshot is evidence and is never written over."""
    stem = f"{tenant_id}-{when.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    path, number = folder / f"{stem}.snapshot", 1
    while path.exists() or path.with_name(f"{path.name}.part").exists():
        number += 1
        path = folder / f"{stem}-{number}.snapshot"
    return path
