from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.times import duration_days, iso, parse_time, span_minutes, times


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("9999-12-31T23:59:59.9999999Z", 9999),
        ("2299-12-31T00:00:00Z", 2299),
        ("2026-01-01", 2026),
        ("2026-01-01T00:00:00.1Z", 2026),
        ("2026-01-01T00:00:00-8:00", 2026),
        ("2026-01-01T00:00:00+05:30", 2025),
        ("0001-01-01T00:00:00Z", 1),
    ],
)
def test_times_of_the_services_are_read(text: str, year: int) -> None:
    found = parse_time(text)
    assert found is not None
    assert found.year == year


@pytest.mark.parametrize(
    "text", ["", "soon", "2026-13-01T00:00:00Z", "9999-12-31T23:59:59-08:00", "٢٠٢٦-01-01"]
)
def test_what_is_no_time_is_null_not_another_time(text: str) -> None:
    assert parse_time(text) is None


@given(st.datetimes(timezones=st.just(UTC)))
def test_every_instant_survives(when: datetime) -> None:
    assert parse_time(iso(when)) == when


def test_a_column_of_times_keeps_the_far_future() -> None:
    column = times(["9999-12-31T23:59:59.9999999Z", None, 5, "2026-01-01T00:00:00Z"])
    assert column.isna().tolist() == [False, True, True, False]
    assert (column.iloc[0] - column.iloc[3]).days > 2_000_000


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("P180D", 180),
        ("P180DT1S", 181),
        ("P4DT12H30M5S", 5),
        ("PT24H", 1),
        ("PT0S", 0),
        ("P1Y", None),
        ("P", None),
        ("PT", None),
        ("P1DT", None),
        ("-P1D", None),
        ("180", None),
        (None, None),
        (180, None),
    ],
)
def test_durations_are_read_in_days(text: object, days: int | None) -> None:
    assert duration_days(text) == days


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("0:30:00", 30),
        ("23:59:59", 1440),
        ("2.01:00:00", 2940),
        ("8:00", 480),
        ("8", None),
        (8, None),
    ],
)
def test_time_spans_are_read_in_minutes(text: object, minutes: int | None) -> None:
    assert span_minutes(text) == minutes
