from typing import Any

from auditor.testing import try_rule

OWN = {
    "publisher": "own",
    "managed_identity": False,
    "holder_type": "application",
    "name": "Job",
    "kind": "secret",
    "start": "2026-01-01",
}
FOREVER = "9999-12-31T23:59:59.9999999Z"
TABLES: dict[str, Any] = {
    "credentials": [
        {"key_id": "year-9999", **OWN, "end": FOREVER},
        {"key_id": "year-2299", **OWN, "end": "2299-12-31T00:00:00Z"},
        {"key_id": "year-2100", **OWN, "end": "2100-01-01T00:00:00Z", "kind": "certificate"},
        {"key_id": "no-start", **OWN, "start": None, "end": FOREVER},
        {"key_id": "year-2099", **OWN, "end": "2099-12-31T23:59:59Z"},
        {"key_id": "expired", **OWN, "end": "2025-01-01"},
        {"key_id": "no-end", **OWN, "end": None},
        {"key_id": "publisher-not-told", **OWN, "end": FOREVER, "publisher": None},
        {"key_id": "saml", **OWN, "end": FOREVER, "saml": True},
        {"key_id": "managed", **OWN, "end": FOREVER, "managed_identity": True},
        {"key_id": "microsoft", **OWN, "end": FOREVER, "publisher": "microsoft"},
    ]
}
FAILS = {"year-9999", "year-2299", "year-2100", "no-start"}
PASSES = {"year-2099", "expired"}
UNKNOWN = {"no-end", "publisher-not-told"}


def test_others_are_left_out() -> None:
    assert try_rule("credential-never-expires", TABLES).outcome.left_out == 3


def test_the_year_is_a_setting() -> None:
    result = try_rule("credential-never-expires", TABLES, settings={"max_year": 2200})
    assert result.failed == {"year-9999", "year-2299", "no-start"}


def test_the_end_is_told_as_received() -> None:
    found = {each.part: each for each in try_rule("credential-never-expires", TABLES).findings}
    assert "valid until 9999-12-31" in found["year-9999"].message
    assert found["year-9999"].evidence["end_received"] == FOREVER
