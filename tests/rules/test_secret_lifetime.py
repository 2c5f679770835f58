from typing import Any

from auditor.testing import try_rule

OWN = {"publisher": "own", "managed_identity": False}
TABLES: dict[str, Any] = {
    "secrets": [
        {"key_id": "two-years", "start": "2026-01-01", "end": "2028-01-01", **OWN},
        {
            "key_id": "never-ends",
            "start": "2026-01-01",
            "end": "9999-12-31T23:59:59.9999999Z",
            **OWN,
        },
        {"key_id": "half-a-year", "start": "2026-01-01", "end": "2026-06-29", **OWN},
        {"key_id": "no-end", "start": "2026-01-01", "end": None, **OWN},
        {"key_id": "unreadable-start", "start": "soon", "end": "2026-06-29", **OWN},
        {
            "key_id": "publisher-not-told",
            "start": "2026-01-01",
            "end": "2028-01-01",
            "publisher": None,
            "managed_identity": False,
        },
        {
            "key_id": "foreign",
            "start": "2026-01-01",
            "end": "2028-01-01",
            "publisher": "foreign",
            "managed_identity": False,
        },
    ]
}
FAILS = {"two-years", "never-ends"}
PASSES = {"half-a-year"}
UNKNOWN = {"no-end", "unreadable-start", "publisher-not-told"}


def test_fails_passes_and_unknown() -> None:
    result = try_rule("secret-lifetime", TABLES)
    assert (result.failed, result.passed, result.unknown) == (FAILS, PASSES, UNKNOWN)


def test_the_limit_is_a_setting() -> None:
    result = try_rule("secret-lifetime", TABLES, settings={"max_days": 800})
    assert "two-years" in result.passed


def test_the_message_tells_the_days() -> None:
    messages = {each.part: each.message for each in try_rule("secret-lifetime", TABLES).findings}
    assert "730 days" in messages["two-years"]
