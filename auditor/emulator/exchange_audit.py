"""Search-UnifiedAuditLog: records page by page, each repetition of a session the next one.

Source: the cmdlet's reference page. A session returns at most 50,000 records; without a
SessionCommand there is no paging at all, and the first 100 records are all one gets.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from auditor.emulator.exchange_rows import Rows
from auditor.emulator.tenant import Json
from auditor.emulator.web import Refusal

LARGEST_SET = 50_000
LARGEST_PREVIEW = 5_000
LARGEST_PAGE = 5_000
DEFAULT_SIZE = 100
RECORD_TYPES = ("ExchangeAdmin", "ExchangeItem", "ExchangeItemGroup", "AzureActiveDirectory")
PARAMETERS = (
    *("StartDate", "EndDate", "UserIds", "RecordType", "Operations", "ObjectIds", "FreeText"),
    *("IPAddresses", "SiteIds", "SessionId", "SessionCommand", "ResultSize", "Formatted"),
    *("HighCompleteness", "ErrorAction", "WarningAction"),
)
_LARGEST = {"ReturnLargeSet": LARGEST_SET, "ReturnNextPreviewPage": LARGEST_PREVIEW}


@dataclass
class _Session:
    """What a session found when it began, and how far it was read."""

    found: Sequence[Json]
    total: int
    start: int = 0
    end: int = 0


@dataclass
class AuditLog:
    """Searches and remembers sessions, as long as the service runs."""

    _sessions: dict[str, _Session] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def search(self, records: Sequence[Json], parameters: Json, *, again: bool) -> Rows:
        """The next page of a session, or (`again`) the one it was at, for a nextLink of it.

        A session belongs to the search it began with: what is asked in it later changes nothing.
        """
        command = parameters.get("SessionCommand")
        if command is not None and command not in _LARGEST:
            raise _wrong(f"'{command}' is no SessionCommand.")
        size = _size(parameters.get("ResultSize", DEFAULT_SIZE))
        matching = _matching(records, parameters)
        name = parameters.get("SessionId")
        if command is None or name is None:
            return _numbered(_Session(matching, len(matching), 0, size)), ()
        with self._lock:
            session = self._sessions.setdefault(
                str(name), _Session(matching[: _LARGEST[command]], len(matching))
            )
            if not again:
                session.start = session.end
                session.end = min(session.start + size, len(session.found))
            return _numbered(session), ()


def _numbered(session: _Session) -> list[Json]:
    return [
        {**row, "ResultIndex": session.start + place, "ResultCount": session.total}
        for place, row in enumerate(session.found[session.start : session.end], 1)
    ]


def _matching(records: Sequence[Json], parameters: Json) -> list[Json]:
    if not parameters.get("StartDate") or not parameters.get("EndDate"):
        raise _wrong("one or more missing mandatory parameters: StartDate EndDate.")
    start, end = _instant(parameters["StartDate"]), _instant(parameters["EndDate"])
    if start > end:
        raise _wrong("The StartDate must be before the EndDate.")
    kind = parameters.get("RecordType")
    if kind is not None and kind not in RECORD_TYPES:
        raise _wrong(f"Cannot convert value '{kind}' to type AuditRecordType.")
    users = _list(parameters.get("UserIds"))
    operations = _list(parameters.get("Operations"))
    return [
        row
        for row in records
        if start <= _instant(row["CreationDate"]) < end
        and (kind is None or row["RecordType"] == kind)
        and (not users or row["UserIds"].casefold() in users)
        and (not operations or row["Operations"].casefold() in operations)
    ]


def _list(value: object) -> set[str]:
    if value in (None, ""):
        return set()
    values = value if isinstance(value, list) else str(value).split(",")
    return {str(each).strip().casefold() for each in values}


def _size(value: object) -> int:
    text = str(value)
    if isinstance(value, bool) or not text.isdecimal() or int(text) < 1:
        raise _wrong(f"'{value}' is no valid ResultSize.")
    if int(text) > LARGEST_PAGE:
        raise _wrong(f"ResultSize {value} exceeds the maximum allowed value {LARGEST_PAGE}.")
    return int(text)


def _instant(value: object) -> datetime:
    try:
        found = datetime.fromisoformat(str(value).strip().upper())
    except ValueError:
        raise _wrong(f"Cannot convert value '{value}' to type ExDateTime.") from None
    # "If you specify a date/time value without a time zone, the value is in UTC."
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _wrong(message: str) -> Refusal:
    return Refusal(400, "ParameterBindingException", message)
