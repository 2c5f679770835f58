"""When the tenant's own client credentials end, in buckets seen from the instant judged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pandas as pd

from auditor.tables.source import known

BUCKETS = (
    ("expired", "Expired"),
    ("7", "7 days"),
    ("30", "30 days"),
    ("60", "60 days"),
    ("90", "90 days"),
    ("year", "This year"),
    ("later", "Later"),
    ("never", "Never ends"),
    ("unknown", "Not told"),
)
NEVER = 2100  # no credential lives that long: it was meant to have no end
_KINDS = ("secret", "certificate", "symmetric")
_HEIGHT = 84  # of the tallest bar, in units of the picture


@dataclass(frozen=True)
class Timeline:
    """The picture's bars, the bucket of each credential (-1: left out), and what was left out."""

    bars: list[dict[str, Any]]
    buckets: list[int]
    left_out: dict[str, int]


def timeline(credentials: pd.DataFrame, as_of: datetime) -> Timeline:
    """Sorts the credentials that the tenant's own administrators answer for into buckets."""
    buckets: list[int] = []
    left_out = {"saml": 0, "managed": 0, "others": 0, "untold": 0}
    counts = [dict.fromkeys(_KINDS, 0) for _ in BUCKETS]
    names = ("kind", "end", "saml", "managed_identity", "publisher")
    for row in zip(*(credentials[name] for name in names), strict=True):
        kind, end, saml, managed, publisher = map(known, row)
        reason = (
            "saml"
            if saml
            else "managed"
            if managed
            else "untold"
            if publisher is None or managed is None
            else ""
            if publisher == "own"
            else "others"
        )
        if reason:
            left_out[reason] += 1
            buckets.append(-1)
            continue
        bucket = _bucket(end, as_of)
        buckets.append(bucket)
        counts[bucket][kind if kind in _KINDS else "secret"] += 1
    return Timeline(_bars(counts), buckets, left_out)


def _bucket(end: datetime | None, as_of: datetime) -> int:
    keys = [key for key, _ in BUCKETS]
    if end is None:
        return keys.index("unknown")
    if end <= as_of:
        return keys.index("expired")
    if end.year >= NEVER:
        return keys.index("never")
    for days in ("7", "30", "60", "90"):
        if end <= as_of + timedelta(days=int(days)):
            return keys.index(days)
    return keys.index("year" if end.year == as_of.year else "later")


def _bars(counts: list[dict[str, int]]) -> list[dict[str, Any]]:
    most = max((sum(each.values()) for each in counts), default=0)
    bars = []
    for number, ((key, label), kinds) in enumerate(zip(BUCKETS, counts, strict=True)):
        total, top, parts = sum(kinds.values()), float(_HEIGHT), []
        for kind in _KINDS:
            # A bar of one in ten thousand must still be seen.
            height = max(round(_HEIGHT * kinds[kind] / most, 1), 2.0) if kinds[kind] else 0.0
            if height:
                top -= height
                parts.append((kind, round(max(top, 0.0), 1), height))
        bars.append(
            {
                "number": number,
                "key": key,
                "label": label,
                "total": total,
                "kinds": kinds,
                "parts": parts,
            }
        )
    return bars
