from typing import Any

from auditor.testing import try_rule

OWN = {"publisher": "own", "managed_identity": False, "name": "Job", "end": "2026-12-31"}
SYMMETRIC = {**OWN, "kind": "symmetric", "type": "Symmetric", "usage": "Verify"}
TABLES: dict[str, Any] = {
    "credentials": [
        {"key_id": "on-application", **SYMMETRIC, "holder_type": "application", "holder": "app"},
        {"key_id": "on-principal", **SYMMETRIC, "holder_type": "servicePrincipal"},
        {"key_id": "not-yet-valid", **SYMMETRIC, "start": "2026-07-01"},
        {"key_id": "end-not-told", **SYMMETRIC, "end": None},
        {"key_id": "expired", **SYMMETRIC, "end": "2026-06-01T00:00:00Z"},
        {"key_id": "secret", **OWN, "kind": "secret"},
        {"key_id": "certificate", **OWN, "kind": "certificate"},
        {"key_id": "publisher-not-told", **SYMMETRIC, "publisher": None},
        {"key_id": "saml", **SYMMETRIC, "saml": True},
        {"key_id": "managed", **SYMMETRIC, "managed_identity": True},
        {"key_id": "foreign", **SYMMETRIC, "publisher": "foreign"},
    ]
}
FAILS = {"on-application", "on-principal", "not-yet-valid", "end-not-told"}
PASSES = {"expired", "secret", "certificate"}
UNKNOWN = {"publisher-not-told"}


def test_the_command_takes_a_key_away() -> None:
    fixes = {each.part: each.fix for each in try_rule("symmetric-key", TABLES).findings}
    assert fixes["on-application"] == (
        "Remove-AzADAppCredential -ObjectId 'app' -KeyId 'on-application'"
    )
