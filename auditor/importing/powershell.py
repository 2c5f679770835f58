"""Reads JSON as PowerShell's ConvertTo-Json writes it.

Windows PowerShell 5.1 writes UTF-16 or UTF-8 with a byte order mark, dates as /Date(ms)/, and some
arrays as {"value": [...], "Count": n}; both versions collapse a pipeline of one object into that
object, and turn what lies below -Depth into text: an object into "@{...}" or its type's name, an
array into its elements with spaces between (PowerShell/PowerShell issues 9266 and 10168).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any, Final

import orjson

from auditor.errors import ImportFileError
from auditor.times import iso

_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_DATE = re.compile(r"/Date\((-?\d{1,17})(?:[+-]\d{4})?\)/", re.ASCII)
_CUT = re.compile(
    r"@\{.*\}|(?:System|Microsoft|Deserialized)\.[A-Za-z][\w.+`]*(?:\[.*\])?"
    r"(?: System\.Object\[\])*",
    re.ASCII | re.DOTALL,
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DEEPEST = 12


class Lost(Enum):
    """Stands for a value that ConvertTo-Json cut off."""

    CUT = "cut"


CUT: Final = Lost.CUT


def read_json(data: bytes, name: str) -> Any:
    """The value in a file, None for an empty one. Raises `ImportFileError`."""
    text = _text(data, name).strip("\ufeff\0 \t\r\n")
    if not text:
        return None  # what ConvertTo-Json writes of no object at all
    try:
        return orjson.loads(text)
    except (orjson.JSONDecodeError, UnicodeEncodeError) as error:
        raise ImportFileError(
            f"{name} is not readable JSON: {error}.",
            "Write it with ConvertTo-Json alone: no Format-Table, no Export-Csv.",
        ) from error


def _text(data: bytes, name: str) -> str:
    coding = next((coding for mark, coding in _MARKS if data.startswith(mark)), "")
    if not coding:
        # UTF-16 without a mark has a zero beside every ASCII character.
        first = data[:2]
        coding = (
            "utf-16-le" if first[1:] == b"\0" else "utf-16-be" if first[:1] == b"\0" else "utf-8"
        )
    try:
        return data.decode(coding)
    except UnicodeDecodeError as error:
        raise ImportFileError(
            f"{name} is neither UTF-8 nor UTF-16 text.",
            "Write it with Out-File -Encoding utf8.",
        ) from error


def objects(value: Any) -> list[Any]:
    """The objects a command gave: a list, the one object it collapsed into, or nothing."""
    if isinstance(value, dict) and (inner := _wrapped(value)) is not None:
        value = inner
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def plain(value: Any, depth: int = 0) -> Any:
    """A property's value as the service would send it: text, number, flag, list, None or `CUT`."""
    if depth > _DEEPEST:
        return CUT
    if isinstance(value, str):
        if match := _DATE.fullmatch(value):
            return _instant(int(match[1]))
        return CUT if _CUT.fullmatch(value) else value
    if isinstance(value, list):
        return [plain(each, depth + 1) for each in value]
    if not isinstance(value, dict):
        return value
    if (inner := _wrapped(value)) is not None:
        return plain(inner, depth + 1)
    if isinstance(value.get("value"), str) and "DateTime" in value:
        return plain(value["value"], depth + 1)
    # An id object, or an identity that knows its own name.
    for name in ("Guid", "Name"):
        if isinstance(value.get(name), str):
            return plain(value[name], depth + 1)
    return CUT


def _wrapped(value: dict[str, Any]) -> list[Any] | None:
    inner = value.get("value")
    return inner if value.keys() == {"value", "Count"} and isinstance(inner, list) else None


def _instant(milliseconds: int) -> str | Lost:
    try:
        return iso(_EPOCH + timedelta(milliseconds=milliseconds))
    except OverflowError:
        return CUT
