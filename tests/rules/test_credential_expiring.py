from typing import Any

import pytest

from auditor.testing import try_rule

OWN = {
    "publisher": "own",
    "managed_identity": False,
    "holder_type": "application",
    "name": "Job",
    "kind": "secret",
    "start": "2026-01-01",
}
SAME = {"app_id": "Rotated", "name": "Rotated"}
TABLES: dict[str, Any] = {
    "credentials": [
        {"key_id": "one-second", **OWN, "end": "2026-06-01T00:00:01Z"},
        {"key_id": "7-days", **OWN, "end": "2026-06-08T00:00:00Z"},
        {"key_id": "8-days", **OWN, "end": "2026-06-09T00:00:00Z", "kind": "certificate"},
        {"key_id": "30-days", **OWN, "end": "2026-07-01"},
        {"key_id": "31-days", **OWN, "end": "2026-07-02"},
        {"key_id": "60-days", **OWN, "end": "2026-07-31"},
        {"key_id": "61-days", **OWN, "end": "2026-08-01"},
        {"key_id": "90-days", **OWN, "end": "2026-08-30"},
        {"key_id": "no-start", **OWN, "start": None, "end": "2026-06-02"},
        {"key_id": "rotated", **OWN, **SAME, "end": "2026-06-11"},
        {"key_id": "newer", **OWN, **SAME, "app_id": "ROTATED", "end": "2027-01-01"},
        {"key_id": "91-days", **OWN, "end": "2026-08-30T00:00:01Z"},
        {"key_id": "never-ends", **OWN, "end": "9999-12-31T23:59:59.9999999Z"},
        {"key_id": "year-2299", **OWN, "end": "2299-12-31T00:00:00Z"},
        {"key_id": "ends-now", **OWN, "end": "2026-06-01T00:00:00Z"},
        {"key_id": "expired", **OWN, "end": "2026-05-01"},
        {"key_id": "no-end", **OWN, "end": None},
        {"key_id": "publisher-not-told", **OWN, "end": "2026-06-02", "publisher": None},
        {"key_id": "type-not-told", **OWN, "end": "2026-06-02", "managed_identity": None},
        {"key_id": "saml", **OWN, "end": "2026-06-02", "saml": True},
        {"key_id": "managed", **OWN, "end": "2026-06-02", "managed_identity": True},
        {"key_id": "foreign", **OWN, "end": "2026-06-02", "publisher": "foreign"},
    ]
}
SEVERITIES = {
    "one-second": "high",
    "7-days": "high",
    "8-days": "medium",
    "30-days": "medium",
    "31-days": "low",
    "60-days": "low",
    "61-days": "info",
    "90-days": "info",
    "no-start": "high",
    "rotated": "medium",
}
FAILS = {*SEVERITIES}
PASSES = {"newer", "91-days", "never-ends", "year-2299", "ends-now", "expired"}
UNKNOWN = {"no-end", "publisher-not-told", "type-not-told"}


def test_the_nearer_the_more_severe() -> None:
    result = try_rule("credential-expiring", TABLES)
    assert {each.part: each.severity for each in result.findings} == SEVERITIES
    assert result.outcome.left_out == 3


def test_the_windows_are_settings() -> None:
    settings = {"high_days": 10, "medium_days": 0, "low_days": 0, "info_days": 0}
    result = try_rule("credential-expiring", TABLES, settings=settings)
    assert result.failed == {"one-second", "7-days", "8-days", "no-start", "rotated"}
    assert {each.severity for each in result.findings} == {"high"}


def test_windows_in_another_order_leave_no_gap() -> None:
    settings = {"info_days": 14}
    result = try_rule("credential-expiring", TABLES, settings=settings)
    severities = {each.part: each.severity for each in result.findings}
    assert severities["60-days"] == "low"
    assert "61-days" in result.passed


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({}, "; another secret is valid until 2027-01-01"),
        ({"end": "9999-12-31T23:59:59.9999999Z"}, "; another secret is valid until 9999-12-31"),
        ({"kind": "certificate"}, ""),
        ({"start": "2026-06-02"}, ""),
        ({"app_id": "another"}, ""),
        ({"end": None}, ""),
    ],
)
def test_the_message_tells_of_one_that_lasts_longer(changed: dict[str, str], told: str) -> None:
    rows = [row | changed if row["key_id"] == "newer" else row for row in TABLES["credentials"]]
    result = try_rule("credential-expiring", {"credentials": rows})
    message = next(each.message for each in result.findings if each.part == "rotated")
    assert message == f"The secret rotated of Rotated ends on 2026-06-11, in 10 days{told}."


def test_there_is_no_command_that_would_stop_the_workload() -> None:
    assert {each.fix for each in try_rule("credential-expiring", TABLES).findings} == {""}
