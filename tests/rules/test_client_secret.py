from typing import Any

from auditor.testing import try_rule

OWN = {
    "publisher": "own",
    "managed_identity": False,
    "kind": "secret",
    "holder_type": "application",
}
NOW = {"start": "2026-01-01", "end": "2026-12-31"}
TABLES: dict[str, Any] = {
    "secrets": [
        {"key_id": "valid", **OWN, **NOW},
        {"key_id": "starts-now", **OWN, "start": "2026-06-01", "end": "2026-07-01"},
        {"key_id": "year-2299", **OWN, "start": "2020-01-01", "end": "2299-12-31T00:00:00Z"},
        {"key_id": "year-9999", **OWN, **NOW, "end": "9999-12-31T23:59:59.9999999Z"},
        {"key_id": "on-principal", **OWN, **NOW, "holder": "sp", "holder_type": "servicePrincipal"},
        {"key_id": "expired", **OWN, "start": "2025-01-01", "end": "2025-12-31"},
        {"key_id": "ends-now", **OWN, "start": "2025-01-01", "end": "2026-06-01T00:00:00Z"},
        {"key_id": "not-yet", **OWN, "start": "2026-06-02", "end": "2026-12-31"},
        {"key_id": "no-end", **OWN, "start": "2026-01-01", "end": None},
        {"key_id": "no-start", **OWN, "start": None, "end": "2026-12-31"},
        {"key_id": "publisher-not-told", **OWN, **NOW, "publisher": None},
        {"key_id": "type-not-told", **OWN, **NOW, "managed_identity": None},
        {"key_id": "foreign", **OWN, **NOW, "publisher": "foreign"},
        {"key_id": "microsoft", **OWN, **NOW, "publisher": "microsoft"},
        {"key_id": "managed", **OWN, **NOW, "managed_identity": True},
    ]
}
FAILS = {"valid", "starts-now", "year-2299", "year-9999", "on-principal"}
PASSES = {"expired", "ends-now", "not-yet"}
UNKNOWN = {"no-end", "no-start", "publisher-not-told", "type-not-told"}


def test_others_are_left_out() -> None:
    assert try_rule("client-secret", TABLES).outcome.left_out == 3


def test_the_command_fits_what_carries_the_secret() -> None:
    fixes = {each.part: each.fix for each in try_rule("client-secret", TABLES).findings}
    assert fixes["valid"] == (
        "Remove-MgApplicationPassword -ApplicationId 'holder-0' -KeyId 'valid'"
    )
    assert fixes["on-principal"] == (
        "Remove-MgServicePrincipalPassword -ServicePrincipalId 'sp' -KeyId 'on-principal'"
    )


def test_the_message_tells_until_when() -> None:
    messages = {each.part: each.message for each in try_rule("client-secret", TABLES).findings}
    assert "valid until 2026-12-31" in messages["valid"]
    assert "valid until 9999-12-31" in messages["year-9999"]
