from typing import Any

from auditor.testing import try_rule

START = {"start": "2026-01-01", "name": "Travel"}
TABLES: dict[str, Any] = {
    "saml_certificates": [
        {"key_id": "ten-years", **START, "end": "2036-01-01"},
        {"key_id": "ten-years-not-in-use", **START, "end": "2036-01-01", "active": False},
        {"key_id": "three-years", **START, "end": "2029-01-01"},
        {"key_id": "one-year", **START, "end": "2027-01-01"},
        {"key_id": "start-not-told", **START, "start": None, "end": "2036-01-01"},
        {"key_id": "end-not-told", **START, "end": None},
    ]
}
FAILS = {"ten-years", "ten-years-not-in-use"}
PASSES = {"three-years", "one-year"}
UNKNOWN = {"start-not-told", "end-not-told"}


def test_the_limit_is_a_setting() -> None:
    result = try_rule("saml-certificate-lifetime", TABLES, settings={"max_days": 400})
    assert result.failed == {*FAILS, "three-years"}
