from typing import Any

from auditor.testing import try_rule

TABLES: dict[str, Any] = {
    "saml_certificates": [
        {"key_id": "north", "app_id": "n", "sha256": "A", "name": "North", "thumbprint": "AB"},
        {"key_id": "south", "app_id": "s", "sha256": "A", "name": "South"},
        {"key_id": "east", "app_id": "e", "sha256": "B"},
        {"key_id": "twice-on-one", "app_id": "t", "sha256": "C"},
        {"key_id": "twice-on-one-again", "app_id": "T", "sha256": "C"},
        {"key_id": "mark-alone", "app_id": "m", "sha256": "D", "custom_key_identifier": "same"},
        {"key_id": "mark-too", "app_id": "o", "sha256": "E", "custom_key_identifier": "same"},
    ]
}
FAILS = {"north", "south"}
PASSES = {"east", "twice-on-one", "twice-on-one-again", "mark-alone", "mark-too"}
UNKNOWN: set[str] = set()


def test_bytes_not_fetched_leave_the_others_in_doubt() -> None:
    rows = [*TABLES["saml_certificates"], {"key_id": "unread", "app_id": "u", "sha256": None}]
    result = try_rule("shared-saml-certificate", {"saml_certificates": rows})
    assert result.failed == FAILS
    assert result.passed == set()
    assert result.unknown == {*PASSES, "unread"}


def test_the_message_names_the_certificate() -> None:
    found = {each.part: each for each in try_rule("shared-saml-certificate", TABLES).findings}
    assert found["north"].message == ("North and 1 more sign SAML tokens with one certificate, AB.")
