"""Turns failing rows into findings: identity, message, remedy, owners and evidence."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from string import Formatter
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson
import pandas as pd

from auditor.audit import Finding
from auditor.ledger import LedgerLine
from auditor.rule import Rule, Severity
from auditor.scope import ScopedOut, Scoper
from auditor.tables import TABLES, Table
from auditor.tables.source import known
from auditor.times import iso

if TYPE_CHECKING:
    from auditor.packs import Configured

Row = Mapping[str, Any]

# PowerShell takes each of these for a single quote; doubled, they are text.
_QUOTES = re.compile("['\u2018\u2019\u201a\u201b]")
_INTERNAL = frozenset({"page", "severity", "unknown", "fix", "proof_pages", "bytes_page"})
_OWNERS = ("application_owners", "service_principal_owners")


def rows_of(frame: pd.DataFrame) -> list[Row]:
    """The rows as mappings by column; far faster than a Series each."""
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


def page_numbers(rows: Iterable[Row]) -> tuple[int, ...]:
    """The snapshot pages that rows were read from."""
    numbers: set[int] = set()
    for row in rows:
        numbers |= {row.get("page", -1), row.get("bytes_page", -1)}
        numbers |= {int(page) for page in known(row.get("proof_pages")) or ()}
    return tuple(sorted(int(number) for number in numbers if number > 0))


def finding_id(rule: str, object_type: str, object_id: str, part: str) -> str:
    """A finding's identity: never wording, never a date, never the order of rows."""
    text = orjson.dumps([rule, object_type.lower(), object_id.lower(), part.lower()])
    return hashlib.sha256(text).hexdigest()[:20]


class Describer:
    """Describes rows of one set of tables."""

    def __init__(
        self, frames: Mapping[str, pd.DataFrame], coverage: Mapping[str, LedgerLine]
    ) -> None:
        self._frames = frames
        self.scoper = Scoper(frames)
        self._owned: dict[str, list[str]] | None = None
        self._whole = all(
            (line := coverage.get(dataset)) is not None and line.complete
            for name in _OWNERS
            for dataset in (TABLES[name].source, *TABLES[name].adds)
        )

    def subject(self, table: Table, row: Row) -> tuple[dict[str, str | None], str]:
        """The object a row is about, and its part: the rest of the row's key."""
        kind, id, app_id, name = table.subject
        values = {
            "type": kind.strip("'") if kind.startswith("'") else (known(row[kind]) or "unknown"),
            "id": str(row[id]),
            "app_id": known(row[app_id]) if app_id else None,
            "name": known(row[name]),
        }
        return values, "/".join(str(row[key]) for key in table.key if key != id)

    def scoped_out(
        self, table: Table, rows: pd.DataFrame, reasons: pd.Series
    ) -> tuple[ScopedOut, ...]:
        """The rows that the user's settings leave out, with the reasons."""
        return tuple(
            ScopedOut(*self.subject(table, row), str(reason))
            for row, reason in zip(rows_of(rows), reasons, strict=True)
        )

    def owners(self, app_id: str | None) -> tuple[str, ...] | None:
        """Names of who owns the application or its service principal; None if not known."""
        if self._owned is None:
            self._owned = defaultdict(list)
            for each, app in self._owner_rows():
                self._owned[app.lower()].append(each)
        if app_id is None:
            return None  # only applications have owners
        found = self._owned.get(app_id.lower(), [])
        return tuple(dict.fromkeys(found)) if found or self._whole else None

    def _owner_rows(self) -> Iterator[tuple[str, str]]:
        for name, holder in zip(_OWNERS, ("applications", "service_principals"), strict=True):
            owners, objects = self._frames.get(name), self._frames.get(holder)
            if owners is None or objects is None:
                continue
            apps = dict(zip(objects.index, objects["app_id"], strict=True))
            for row, title, id in zip(
                owners["object_row"], owners["owner_name"], owners["owner_id"], strict=True
            ):
                if row in apps:
                    yield known(title) or id, apps[row]

    def findings(self, configured: Configured, failing: pd.DataFrame) -> tuple[Finding, ...]:
        """The findings of one rule, in the order of their ids."""
        rule, table = configured.rule, TABLES[configured.rule.about]
        columns = _evidence_columns(rule, table, failing)
        found = [self._finding(configured, table, columns, row) for row in rows_of(failing)]
        return tuple(sorted(found, key=lambda each: each.id))

    def _finding(
        self, configured: Configured, table: Table, columns: Sequence[str], row: Row
    ) -> Finding:
        rule = configured.rule
        subject, part = self.subject(table, row)
        own = known(row.get("severity"))
        severity = configured.severity or (Severity.named(own) if own else rule.severity)
        values = {**configured.settings, **row}
        fix = known(row.get("fix")) or rule.fix
        return Finding(
            id=finding_id(rule.id, str(subject["type"]), str(subject["id"]), part),
            rule=rule.id,
            severity=severity.label,
            object=subject,
            part=part,
            message=fill(rule.message, values),
            fix=fill(fix, values, quote=True),
            owners=self.owners(subject["app_id"]),
            evidence={name: plain(row[name]) for name in columns} | _overlaid(row),
            pages=page_numbers([row]),
        )


def _evidence_columns(rule: Rule, table: Table, failing: pd.DataFrame) -> tuple[str, ...]:
    """Declared evidence, what the message names, what the rule added; times as received."""
    declared = set(table.names())
    named = [name for _, name, _, _ in Formatter().parse(rule.message) if name]
    added = [name for name in failing.columns if name not in declared]
    wanted = dict.fromkeys([*table.key, *rule.needs, *rule.evidence, *named, *added])
    kept = [name for name in wanted if name in failing.columns and name not in _INTERNAL]
    return tuple(f"{name}_received" if f"{name}_received" in declared else name for name in kept)


def _overlaid(row: Row) -> dict[str, Any]:
    """That a ratings overlay changed what the row is judged by; nothing where none did."""
    reason = known(row.get("rated_by"))
    return {"rated_by": reason} if reason else {}


def plain(value: Any) -> Any:
    """A cell as a JSON value."""
    if isinstance(value, tuple | list | frozenset | set):
        return [plain(each) for each in value]
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, pd.Timestamp | datetime):
        return None if value is pd.NaT else iso(value)
    if isinstance(value, pd.Timedelta):
        return str(value)
    return known(value)


def fill(template: str, values: Mapping[str, Any], *, quote: bool = False) -> str:
    """The template with its names filled in; for PowerShell, each value in single quotes."""

    def show(value: Any) -> str:
        text = _show(value)
        return f"'{_QUOTES.sub(_twice, text)}'" if quote else text

    return template.format_map(_Shown(values, show))


def _twice(mark: re.Match[str]) -> str:
    return mark[0] * 2


class _Shown(dict[str, str]):
    """Shows a value only when the template names it."""

    def __init__(self, values: Mapping[str, Any], show: Callable[[Any], str]) -> None:
        super().__init__()
        self._values, self._how = values, show

    def __missing__(self, name: str) -> str:
        return self._how(self._values[name])


def _show(value: Any) -> str:
    if isinstance(value, tuple | list):
        return ", ".join(_show(each) for each in value) or "none"
    value = known(value)
    if value is None:
        return "unknown"
    if isinstance(value, pd.Timestamp | datetime):
        return value.strftime("%Y-%m-%d")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
