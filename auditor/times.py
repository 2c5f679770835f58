"""Reads the services' time stamps without losing the worst of them.

Graph sends end dates such as 2299-12-31T00:00:00Z and 9999-12-31T23:59:59.9999999Z (secrets that
never end), with up to seven fractional digits, and once an offset without a leading zero. Pandas'
own reading turns them into errors or nulls, so exactly the worst secrets would vanish. Times are
kept in microseconds, which hold year 9999, and the text as received is kept beside them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

DTYPE = "datetime64[us, UTC]"
_STAMP = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?)?"
    r"(?:Z|([+-])(\d\d?):?(\d\d))?",
    re.ASCII,
)


@lru_cache(maxsize=65536)
def parse_time(text: str) -> datetime | None:
    """The instant in UTC, cut to microseconds; None if the text is no time stamp."""
    match = _STAMP.fullmatch(text.strip())
    if match is None:
        return None
    year, month, day, hour, minute, second, fraction, sign, offset_h, offset_m = match.groups()
    try:
        when = datetime(
            int(year),
            int(month),
            int(day),
            int(hour or 0),
            int(minute or 0),
            int(second or 0),
            int((fraction or "0")[:6].ljust(6, "0")),
            tzinfo=UTC,
        )
        if sign:
            offset = timedelta(hours=int(offset_h), minutes=int(offset_m))
            when = when - offset if sign == "+" else when + offset
    except (ValueError, OverflowError):
        return None
    return when


_DURATION = re.compile(
    r"P(?=[\dT])(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.\d+)?S)?)?", re.ASCII
)
_SPAN = re.compile(r"(?:(\d+)\.)?(\d{1,2}):(\d\d)(?::(\d\d)(?:\.\d+)?)?", re.ASCII)


def duration_days(text: object) -> int | None:
    """Days of a duration such as P180D or P4DT12H30M5S, a part of a day counted as one.

    None where the text is no such duration; Graph's durations have no years and no months.
    """
    match = _DURATION.fullmatch(text.strip()) if isinstance(text, str) else None
    if match is None:
        return None
    days, *rest = (int(each or 0) for each in match.groups())
    seconds = rest[0] * 3600 + rest[1] * 60 + rest[2]
    return days + -(-seconds // 86400)


def span_minutes(text: object) -> int | None:
    """Minutes of a time span such as 8:00:00 or 1.00:00:00, a part of a minute counted as one."""
    match = _SPAN.fullmatch(text.strip()) if isinstance(text, str) else None
    if match is None:
        return None
    days, hours, minutes, seconds = (int(each or 0) for each in match.groups())
    return (days * 24 + hours) * 60 + minutes + (seconds > 0)


def times(texts: Iterable[Any]) -> pd.Series[Any]:
    """A column of instants from texts as received; null where it is null or unreadable."""
    found = [parse_time(text) if isinstance(text, str) else None for text in texts]
    naive = np.array(
        [
            np.datetime64("NaT", "us") if each is None else each.replace(tzinfo=None)
            for each in found
        ],
        dtype="datetime64[us]",
    )
    return pd.Series(naive).dt.tz_localize("UTC")


def iso(when: datetime) -> str:
    """The instant as ISO 8601 in UTC with a Z, to the second (more digits only where needed)."""
    return when.astimezone(UTC).isoformat().replace("+00:00", "Z")
