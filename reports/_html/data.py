"""The data of the page: columns, compressed, inside a script element that is never run.

Columns instead of objects and gzip keep 100,000 findings at a few megabytes; base64 cannot hold a
character that ends the element.
"""

from __future__ import annotations

import base64
import gzip
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson
import pandas as pd

from auditor.audit import Audit
from auditor.tables.source import known

from .summary import SEVERITIES

_SYSTEM = 9  # the byte of a gzip header that tells where it was made


def pack(value: Any) -> str:
    """JSON, gzip without a clock time or the name of this operating system, base64."""
    packed = bytearray(gzip.compress(orjson.dumps(value), 9, mtime=0))
    packed[_SYSTEM] = 255  # "unknown"
    return base64.b64encode(packed).decode("ascii")


def columns(frame: pd.DataFrame, *names: str) -> dict[str, list[Any]]:
    """Columns of a table as JSON values; times as received."""
    return {
        name: [
            _cell(value)
            for value in frame[f"{name}_received" if f"{name}_received" in frame else name]
        ]
        for name in names
    }


def _cell(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return list(value)
    value = known(value)
    return value.item() if hasattr(value, "item") else value


def findings(audit: Audit, rules: Mapping[str, int]) -> dict[str, Any]:
    """The findings as columns; evidence as (shape, values), since rules share their field names."""
    shapes: dict[tuple[str, ...], int] = {}
    every = audit.findings
    return {
        "id": [each.id for each in every],
        "rule": [rules.get(each.rule, -1) for each in every],
        "severity": [SEVERITIES.index(each.severity) for each in every],
        "type": [each.object.get("type") for each in every],
        "object": [each.object.get("id") for each in every],
        "app_id": [each.object.get("app_id") for each in every],
        "name": [each.object.get("name") for each in every],
        "part": [each.part for each in every],
        "message": [each.message for each in every],
        "fix": [each.fix for each in every],
        "owners": [each.owners for each in every],
        "shape": [shapes.setdefault(tuple(each.evidence), len(shapes)) for each in every],
        "values": [list(each.evidence.values()) for each in every],
        "pages": [each.pages for each in every],
        "shapes": list(shapes),
    }


def unknowns(audit: Audit) -> dict[str, list[Any]]:
    """The rows that could not be judged, as columns."""
    rows = [(n, each) for n, outcome in enumerate(audit.outcomes) for each in outcome.unknowns]
    return {
        "rule": [number for number, _ in rows],
        "type": [each.object.get("type") for _, each in rows],
        "object": [each.object.get("id") for _, each in rows],
        "app_id": [each.object.get("app_id") for _, each in rows],
        "name": [each.object.get("name") for _, each in rows],
        "part": [each.part for _, each in rows],
        "cause": [each.cause for _, each in rows],
    }


_REQUEST = (
    *("page", "dataset", "method", "url", "body", "status", "request_id", "date"),
    *("received_sha256", "reused_from"),
)


def requests(audit: Audit) -> dict[str, list[Any]]:
    """The answers that proofs refer to, as columns."""
    return by_name(audit.requests, _REQUEST)


def by_name(rows: Iterable[Mapping[str, Any]], names: Sequence[str]) -> dict[str, list[Any]]:
    """Rows as columns; what a row lacks is null."""
    every = list(rows)
    return {name: [row.get(name) for row in every] for name in names}
