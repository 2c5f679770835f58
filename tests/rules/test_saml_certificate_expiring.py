from typing import Any

from auditor.testing import try_rule

USED = {"active": True, "name": "Travel"}
TABLES: dict[str, Any] = {
    "saml_certificates": [
        {"key_id": "in-a-week", **USED, "end": "2026-06-08", "holder": "travel"},
        {"key_id": "in-a-month", **USED, "end": "2026-07-01"},
        {"key_id": "expired", **USED, "end": "2026-05-01"},
        {"key_id": "foreign", **USED, "end": "2026-06-08", "publisher": "foreign"},
        {"key_id": "later", **USED, "end": "2026-12-31"},
        {"key_id": "not-in-use", "active": False, "end": "2026-05-01"},
        {"key_id": "in-use-not-told", "active": None, "end": "2026-06-08"},
        {"key_id": "in-use-not-told-but-later", "active": None, "end": "2026-12-31"},
        {"key_id": "end-not-told", **USED, "end": None},
    ]
}
FAILS = {"in-a-week", "in-a-month", "expired", "foreign"}
UNKNOWN = {"in-use-not-told", "end-not-told"}
PASSES = {"later", "not-in-use", "in-use-not-told-but-later"}


def test_severity_and_words_follow_the_days_left() -> None:
    found = {each.part: each for each in try_rule("saml-certificate-expiring", TABLES).findings}
    assert {part: each.severity for part, each in found.items()} == {
        "in-a-week": "high",
        "in-a-month": "medium",
        "expired": "high",
        "foreign": "high",
    }
    assert found["in-a-week"].message == (
        "The SAML signing certificate in-a-week of Travel ends on 2026-06-08, in 7 days."
    )
    assert found["expired"].message.endswith("of Travel expired on 2026-05-01.")
    assert found["in-a-week"].fix == (
        "Add-MgServicePrincipalTokenSigningCertificate -ServicePrincipalId 'travel'"
    )


def test_windows_of_no_days_leave_what_has_expired() -> None:
    settings = {"high_days": 0, "medium_days": 0}
    result = try_rule("saml-certificate-expiring", TABLES, settings=settings)
    assert result.failed == {"expired"}
