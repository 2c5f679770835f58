"""Snapshots made of rows written by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson

from auditor.datasets import DATASETS
from auditor.ledger import LedgerLine, Result
from auditor.snapshot import Page, Snapshot

TENANT = "11111111-1111-1111-1111-111111111111"
Rows = Sequence[Mapping[str, Any]]


def snapshot_of(
    rows: Mapping[str, Rows | Mapping[str, Rows]], results: Mapping[str, str] | None = None
) -> Snapshot:
    """A snapshot whose datasets hold these rows; a mapping gives rows by the object asked about."""
    pages: list[Page] = []
    bodies: dict[int, bytes] = {}
    for dataset, given in rows.items():
        groups: Mapping[Any, Rows] = given if isinstance(given, Mapping) else {None: given}
        for of, items in groups.items():
            number = len(pages) + 1
            pages.append(
                Page(
                    number=number,
                    dataset=dataset,
                    method="GET",
                    url="https://graph.microsoft.com/v1.0/x",
                    status=200,
                    received_sha256="",
                    stored_sha256="",
                    size=0,
                    of=of,
                    date="Tue, 19 May 2026 10:00:00 GMT",
                )
            )
            bodies[number] = orjson.dumps({"value": list(items)})
    told = results or {}
    ledger = [LedgerLine(name, Result(told.get(name, "complete"))) for name in DATASETS]
    return Snapshot(Path("t.snapshot"), "", {"id": TENANT}, pages, ledger, bodies)
