"""Writes a snapshot page by page, and seals it."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson

from auditor import __version__
from auditor.errors import OutputError
from auditor.ledger import LedgerLine
from auditor.snapshot.page import POWERSHELL, TRANSFORMATIONS, Page, sha256, without_secrets

SCHEMA = 1


class SnapshotWriter:
    """Collects the pages of one run in `PATH.part` and renames it to PATH when it is sealed.

    Raises `OutputError` where the file cannot be written.
    """

    def __init__(self, path: Path, *, tenant: Mapping[str, Any]) -> None:
        self.path = path
        self._part = path.with_name(path.name + ".part")
        self._tenant = dict(tenant)
        self._pages: list[Page] = []
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            # The snapshot shows a tenant's weak points: readable by its owner only.
            self._part.unlink(missing_ok=True)
            self._part.touch(mode=0o600)
            self._zip = zipfile.ZipFile(self._part, "w", zipfile.ZIP_DEFLATED, compresslevel=6)
        except OSError as error:
            raise OutputError(
                f"The snapshot {path} cannot be written: {error.strerror or error}.",
                "Choose a folder you may write to.",
            ) from error

    def page(
        self,
        *,
        dataset: str,
        method: str,
        url: str,
        status: int,
        headers: Mapping[str, str],
        body: bytes,
        request_body: dict[str, Any] | None = None,
        of: str | None = None,
    ) -> Page:
        """Stores one answer as received, but for the secrets' hints, and returns its record."""
        stored, transformations = without_secrets(body)
        return self._store(
            Page(
                number=len(self._pages) + 1,
                dataset=dataset,
                method=method,
                url=url,
                status=status,
                received_sha256=sha256(body),
                stored_sha256=sha256(stored),
                size=len(body),
                of=of,
                request_id=headers.get("request-id"),
                date=headers.get("date"),
                request_body=request_body,
                transformations=transformations,
            ),
            stored,
        )

    def reuse(self, page: Page, body: bytes, *, snapshot_sha256: str) -> Page:
        """Stores an answer of an earlier snapshot again, with its own request, date and hashes."""
        origin = page.reused_from or snapshot_sha256
        return self._store(replace(page, number=len(self._pages) + 1, reused_from=origin), body)

    def imported(
        self,
        rows: Sequence[Mapping[str, Any]],
        *,
        dataset: str,
        source: str,
        told: dict[str, Any],
        file_sha256: str,
        file_size: int,
        of: str | None = None,
    ) -> Page:
        """Stores rows that no service sent here: they were read from a file by hand.

        `source` names the file and the command; `told` is what else is known of it.
        """
        stored = orjson.dumps({"value": list(rows)})
        return self._store(
            Page(
                number=len(self._pages) + 1,
                dataset=dataset,
                method="IMPORT",
                url=source,
                status=200,
                received_sha256=file_sha256,
                stored_sha256=sha256(stored),
                size=file_size,
                of=of,
                request_body=told,
                transformations=(POWERSHELL,),
            ),
            stored,
        )

    def _store(self, page: Page, stored: bytes) -> Page:
        self._pages.append(page)
        self._write(page.file, stored)
        return page

    def _write(self, name: str, data: bytes) -> None:
        try:
            # A fixed time stamp: the bytes of a snapshot depend on what was received alone.
            self._zip.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED, 6)
        except OSError as error:
            raise self._unwritable(error) from error

    def seal(self, ledger: Sequence[LedgerLine]) -> Path:
        """Writes ledger, manifest and seal, and gives the file its name."""
        lines = orjson.dumps([line.to_json() for line in ledger], option=orjson.OPT_INDENT_2)
        used = {name for page in self._pages for name in page.transformations}
        manifest = orjson.dumps(
            {
                "schema": SCHEMA,
                "auditor": __version__,
                "tenant": self._tenant,
                "transformations": {name: TRANSFORMATIONS[name] for name in sorted(used)},
                "ledger_sha256": sha256(lines),
                "pages": [page.to_json() for page in self._pages],
            },
            option=orjson.OPT_INDENT_2,
        )
        self._write("ledger.json", lines)
        self._write("manifest.json", manifest)
        self._write("SEAL", sha256(manifest).encode())
        try:
            self._zip.close()
            self._part.replace(self.path)
        except OSError as error:
            raise self._unwritable(error) from error
        return self.path

    def _unwritable(self, error: OSError) -> OutputError:
        return OutputError(
            f"The snapshot {self.path} cannot be written: {error.strerror or error}.",
            "Free some space and collect again; nothing that existed before was changed.",
        )

    def abandon(self) -> None:
        """Closes and removes the unfinished file."""
        self._zip.close()
        self._part.unlink(missing_ok=True)
