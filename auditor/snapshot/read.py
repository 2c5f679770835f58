"""Opens a snapshot, after checking that it is whole and unchanged."""

from __future__ import annotations

import hashlib
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from auditor.errors import SnapshotError
from auditor.ledger import LedgerLine
from auditor.snapshot.page import Page, sha256
from auditor.snapshot.write import SCHEMA

_NAME = re.compile(r"SEAL|manifest\.json|ledger\.json|pages/\d+\.json", re.ASCII)
_LARGEST = 64 * 2**30  # bytes unpacked; a million applications need a tenth of it


class Row(NamedTuple):
    """One object as received, the number of its page, and the object it was asked about."""

    page: int
    of: str | None
    item: dict[str, Any]


@dataclass(frozen=True)
class Snapshot:
    """A read-only view of one sealed collection."""

    path: Path
    sha256: str
    tenant: dict[str, Any]
    pages: Sequence[Page]
    ledger: Sequence[LedgerLine]
    bodies: dict[int, bytes] = field(repr=False)

    def rows(self, dataset: str) -> Iterator[Row]:
        """The objects of a dataset, page by page, in the order they were received."""
        for page in self.pages:
            if page.dataset == dataset and 200 <= page.status < 300:
                for item in items(self.bodies[page.number]):
                    yield Row(page.number, page.of, item)

    def last_server_date(self) -> datetime:
        """The latest instant a server told in this collection; the default of `--as-of`."""
        dates = [when for page in self.pages if (when := _date(page.date)) is not None]
        if not dates:
            raise SnapshotError(
                f"No answer in {self.path} carries a server date.",
                "Say the instant to judge at with --as-of.",
            )
        return max(dates)


def items(body: bytes) -> Iterable[dict[str, Any]]:
    """The objects of one body: those of its `value` list, or the one object it is."""
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        return ()  # the ledger says that this page could not be read
    if isinstance(value, dict):
        found = value["value"] if "value" in value else [value]
        if isinstance(found, list):
            return [item for item in found if isinstance(item, dict)]
    return ()


def _date(text: str | None) -> datetime | None:
    try:
        found = parsedate_to_datetime(text) if text else None
    except ValueError:
        return None
    return found.astimezone(UTC) if found and found.tzinfo else None


def open_snapshot(path: Path) -> Snapshot:
    """Reads and verifies the snapshot at `path`.

    Raises `SnapshotError` when it is missing, half-written, changed since it was sealed, or
    written by a later version.
    """
    again = "Collect again with: auditor collect"
    if not path.is_file():
        raise SnapshotError(f"There is no snapshot at {path}.", "Check the path, or collect one.")
    if path.suffix == ".part":
        raise SnapshotError(f"{path} was never finished: collecting was interrupted.", again)
    parts = _parts(path, again)
    try:
        manifest, seal = parts["manifest.json"], parts["SEAL"].decode()
        told = orjson.loads(manifest)
        schema = told["schema"]
    except (KeyError, TypeError, UnicodeDecodeError, orjson.JSONDecodeError) as error:
        raise SnapshotError(f"{path} is not a sealed snapshot.", again) from error
    if schema != SCHEMA:
        raise SnapshotError(
            f"{path} has schema {schema}; this auditor reads {SCHEMA}.", "Use a matching version."
        )
    changed = "It was changed after it was sealed; use an untouched copy, or collect again."
    if sha256(manifest) != seal:
        raise SnapshotError(f"The manifest of {path} does not match its seal.", changed)
    try:
        tenant = dict(told["tenant"])
        pages = tuple(Page.from_json(page) for page in told["pages"])
        bodies = {page.number: parts[page.file] for page in pages}
        wrong = [page.file for page in pages if sha256(bodies[page.number]) != page.stored_sha256]
        wrong += ["ledger.json"] if sha256(parts["ledger.json"]) != told["ledger_sha256"] else []
        ledger = tuple(LedgerLine.from_json(line) for line in orjson.loads(parts["ledger.json"]))
    except (KeyError, TypeError, ValueError) as error:
        raise SnapshotError(
            f"{path} lacks a part that its manifest names, or has a wrong one: {error}.", changed
        ) from error
    if wrong:
        raise SnapshotError(f"{path}: {wrong[0]} does not match its hash.", changed)
    return Snapshot(
        path=path,
        sha256=_file_sha256(path),
        tenant=tenant,
        pages=pages,
        ledger=ledger,
        bodies=bodies,
    )


def _parts(path: Path, again: str) -> dict[str, bytes]:
    """The files inside, but for those of other names than a snapshot has."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = [each for each in archive.infolist() if _NAME.fullmatch(each.filename)]
            if sum(each.file_size for each in entries) > _LARGEST:
                raise SnapshotError(f"{path} is larger than any snapshot can be.", again)
            return {each.filename: archive.read(each) for each in entries}
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
        raise SnapshotError(
            f"{path} cannot be read as a snapshot ({error}): it is half-written or damaged.", again
        ) from error


def _file_sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
