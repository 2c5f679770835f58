"""Writes a new snapshot: everything of an earlier one, and the rows of files beside it.

A snapshot is evidence and is never changed. The new one holds the earlier pages with the hash of
the snapshot they were first kept in, and one page per imported answer that names the file, its
hash, and when it was taken and imported.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from auditor.datasets import DATASETS
from auditor.errors import ImportFileError, SnapshotError
from auditor.importing.commands import GROUPS, MEMBERS, PARTNERS
from auditor.importing.export import AGAIN, Answer, Export
from auditor.ledger import LedgerLine, Result
from auditor.snapshot import Snapshot, SnapshotWriter
from auditor.times import iso

# A file this much older or newer than the snapshot tells of another tenant than the snapshot does.
_APART = timedelta(days=7)
_TOLD = 3
_HAS_ROWS = (Result.COMPLETE, Result.PARTIAL)


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of it: the new snapshot, the ledger lines of what was imported, and warnings."""

    path: Path
    lines: tuple[LedgerLine, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Part:
    """One dataset's answers, all from one file."""

    export: Export
    answers: tuple[Answer, ...]


def import_exchange(
    snapshot: Snapshot,
    exports: Sequence[Export],
    folder: Path,
    *,
    now: datetime,
    replace: bool = False,
) -> Imported:
    """Writes a new snapshot into `folder` that holds the rows of `exports` as well.

    Raises `ImportFileError` where files contradict one another, are of another tenant, or hold what
    the snapshot has already (unless `replace`), and `OutputError` where it cannot be written.
    """
    warnings = [each for export in exports for each in _checked(snapshot, export, now)]
    parts = _parts(exports)
    earlier = {line.dataset: line for line in snapshot.ledger}
    _must_be_missing(parts, earlier, replace=replace)
    lines = {name: _line(name, part, parts, snapshot, now) for name, part in parts.items()}
    left_out = {name for name in parts if name in earlier and earlier[name].result in _HAS_ROWS}
    writer = SnapshotWriter(_free(folder, snapshot.path), tenant=snapshot.tenant)
    try:
        for page in snapshot.pages:
            if page.dataset not in left_out or not 200 <= page.status < 300:
                writer.reuse(page, snapshot.bodies[page.number], snapshot_sha256=snapshot.sha256)
        for name, part in parts.items():
            _write(writer, name, part, now)
        order = {name: place for place, name in enumerate(DATASETS)}
        ledger = sorted(
            (earlier | lines).values(), key=lambda line: order.get(line.dataset, len(order))
        )
        path = writer.seal(ledger)
    except BaseException:
        writer.abandon()
        raise
    return Imported(path, tuple(lines.values()), tuple(warnings))


def _checked(snapshot: Snapshot, export: Export, now: datetime) -> Iterable[str]:
    """Warnings about a file. Raises `ImportFileError` if it is of another tenant."""
    told = snapshot.tenant.get("domains")
    domains = {str(each).lower() for each in told} if isinstance(told, list) else set()
    if not domains or not export.domains:
        yield f"{export.file}: whether it is of the snapshot's tenant cannot be told."
    elif not export.domains & domains:
        raise ImportFileError(
            f"{export.file} is of {min(export.domains)}, the snapshot of"
            f" {snapshot.tenant.get('name') or snapshot.tenant.get('id')}.",
            "Name the snapshot of that tenant with --into.",
        )
    if export.taken_at is None:
        yield f"{export.file}: when it was taken is not told; say so with --taken-at."
        return
    if export.taken_at > now + timedelta(days=1):
        raise ImportFileError(f"{export.file} says that it was taken at {iso(export.taken_at)}.")
    if apart := _apart(snapshot, export.taken_at):
        yield f"{export.file}: {apart}."


def _apart(snapshot: Snapshot, taken_at: datetime) -> str:
    """How far file and snapshot are apart in time, if that is far."""
    try:
        difference = taken_at - snapshot.last_server_date()
    except SnapshotError:
        return ""
    if abs(difference) <= _APART:
        return ""
    side = "after" if difference > timedelta() else "before"
    return f"it was taken {abs(difference).days} days {side} the snapshot"


def _parts(exports: Sequence[Export]) -> dict[str, _Part]:
    """The answers by dataset, in the order datasets are declared."""
    found: dict[str, _Part] = {}
    for export in exports:
        for name in dict.fromkeys(each.dataset for each in export.answers):
            if name in found:
                raise ImportFileError(
                    f"{found[name].export.file} and {export.file} both hold {name}.",
                    "Leave one of them out.",
                )
            answers = tuple(each for each in export.answers if each.dataset == name)
            asked = [each.of for each in answers]
            if len(set(asked)) < len(asked):
                raise ImportFileError(f"{export.file} holds the same answer twice ({name}).", AGAIN)
            found[name] = _Part(export, answers)
    if not found:
        raise ImportFileError("The files hold no answer of any command.", AGAIN)
    return {name: found[name] for name in DATASETS if name in found}


def _must_be_missing(
    parts: Iterable[str], earlier: Mapping[str, LedgerLine], *, replace: bool
) -> None:
    there = [name for name in parts if name in earlier and earlier[name].result in _HAS_ROWS]
    if there and not replace:
        raise ImportFileError(
            f"The snapshot has {', '.join(there)} already.",
            "With --replace, the new snapshot holds what is in the files in its place.",
        )


def _line(
    name: str, part: _Part, parts: Mapping[str, _Part], snapshot: Snapshot, now: datetime
) -> LedgerLine:
    dataset, export = DATASETS[name], part.export
    rows = sum(len(each.rows) for each in part.answers)
    causes = [f"{each.command} failed: {each.error}" for each in part.answers if each.error]
    causes += [flaw for each in part.answers for flaw in each.flaws]
    if name == MEMBERS:
        causes += _unread(part, parts, snapshot)
    causes = list(dict.fromkeys(causes))
    if not rows and not dataset.may_be_empty:
        causes = causes or ["came back empty, which cannot be"]
        result = Result.REFUSED
    elif not rows and any(each.error for each in part.answers):
        result = Result.UNAVAILABLE
    else:
        result = Result.PARTIAL if causes else Result.COMPLETE
    more = f"; and {len(causes) - _TOLD} more" if len(causes) > _TOLD else ""
    taken = iso(export.taken_at) if export.taken_at else "a time not told"
    source = f"imported from {export.file} (sha256 {export.sha256})"
    notes = [f"{source}, taken at {taken}, imported at {iso(now)}"]
    if export.taken_at and (apart := _apart(snapshot, export.taken_at)):
        notes.append(apart)
    return LedgerLine(
        dataset=name,
        result=result,
        rows=rows,
        pages=len(_stored(part)),
        cause="; ".join(causes[:_TOLD]) + more,
        remedy=f"{AGAIN} Import that with --replace." if causes else "",
        permissions=dataset.permissions,
        notes=tuple(notes),
    )


def _unread(part: _Part, parts: Mapping[str, _Part], snapshot: Snapshot) -> Iterable[str]:
    """Role groups whose members are not in the file."""
    groups: dict[str, str] = {}
    for name in (GROUPS, PARTNERS):
        rows: Iterable[Mapping[str, Any]] = (
            [row for each in parts[name].answers for row in each.rows]
            if name in parts
            else [row.item for row in snapshot.rows(name)]
        )
        found = {str(row.get("Guid")).lower(): str(row.get("Name")) for row in rows}
        if not found:
            yield f"{name} is not there to tell of which groups members are missing"
        groups |= found
    read = {each.of for each in part.answers if not each.error}
    missing = [name for id, name in groups.items() if id not in read]
    if missing:
        yield f"members of {len(missing)} role groups are not in the file: {missing[0]}"


def _stored(part: _Part) -> list[Answer]:
    """Those that become pages: where a command failed and gave nothing, the ledger tells it."""
    return [each for each in part.answers if each.rows or not each.error]


def _write(writer: SnapshotWriter, name: str, part: _Part, now: datetime) -> None:
    export = part.export
    for each in _stored(part):
        told = {
            "command": each.command,
            "file": export.file,
            "taken_at": iso(export.taken_at) if export.taken_at else None,
            "imported_at": iso(now),
        }
        writer.imported(
            each.rows,
            dataset=name,
            source=f"{export.file}: {each.command}",
            told=told,
            file_sha256=export.sha256,
            file_size=export.size,
            of=each.of,
        )


def _free(folder: Path, snapshot: Path) -> Path:
    """A name nothing has yet, which shows the snapshot it was made from."""
    stem = snapshot.name.removesuffix(".snapshot")
    stem = stem if stem.endswith("-exchange") else f"{stem}-exchange"
    path, number = folder / f"{stem}.snapshot", 1
    while path.exists() or path.with_name(f"{path.name}.part").exists():
        number += 1
        path = folder / f"{stem}-{number}.snapshot"
    return path
