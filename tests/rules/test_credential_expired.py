from typing import Any

from auditor.testing import try_rule

OWN = {"publisher": "own", "managed_identity": False, "holder_type": "application", "name": "Job"}
OLD = {"start": "2025-01-01", "end": "2026-05-22"}
SECRET, CERTIFICATE = {"kind": "secret"}, {"kind": "certificate"}
TABLES: dict[str, Any] = {
    "credentials": [
        {"key_id": "secret", **OWN, **OLD, **SECRET},
        {"key_id": "certificate", **OWN, **OLD, **CERTIFICATE},
        {"key_id": "symmetric", **OWN, **OLD, "kind": "symmetric"},
        {"key_id": "on-principal", **OWN, **OLD, **CERTIFICATE, "holder_type": "servicePrincipal"},
        {"key_id": "ends-now", **OWN, **SECRET, "end": "2026-06-01T00:00:00Z"},
        {"key_id": "no-start", **OWN, **SECRET, "start": None, "end": "2026-05-22"},
        {"key_id": "valid", **OWN, **SECRET, "end": "2026-06-01T00:00:01Z"},
        {"key_id": "never-ends", **OWN, **SECRET, "end": "9999-12-31T23:59:59.9999999Z"},
        {"key_id": "year-2299", **OWN, **CERTIFICATE, "end": "2299-12-31T00:00:00Z"},
        {"key_id": "no-end", **OWN, **SECRET, "end": None},
        {"key_id": "unreadable-end", **OWN, **SECRET, "end": "someday"},
        {"key_id": "publisher-not-told", **OWN, **OLD, **SECRET, "publisher": None},
        {"key_id": "saml", **OWN, **OLD, **CERTIFICATE, "saml": True},
        {"key_id": "managed", **OWN, **OLD, **CERTIFICATE, "managed_identity": True},
        {"key_id": "foreign", **OWN, **OLD, **SECRET, "publisher": "foreign"},
    ]
}
FAILS = {"secret", "certificate", "symmetric", "on-principal", "ends-now", "no-start"}
PASSES = {"valid", "never-ends", "year-2299"}
UNKNOWN = {"no-end", "unreadable-end", "publisher-not-told"}


def test_others_are_left_out() -> None:
    assert try_rule("credential-expired", TABLES).outcome.left_out == 3


def test_the_message_tells_since_when() -> None:
    messages = {each.part: each.message for each in try_rule("credential-expired", TABLES).findings}
    assert messages["secret"] == "The secret secret of Job expired on 2026-05-22, 10 days ago."
    assert "0 days ago" in messages["ends-now"]


def test_the_command_fits_kind_and_holder() -> None:
    fixes = {
        each.part: each.fix.split()[0] for each in try_rule("credential-expired", TABLES).findings
    }
    assert fixes["secret"] == "Remove-MgApplicationPassword"
    assert fixes["certificate"] == fixes["symmetric"] == "Remove-AzADAppCredential"
    assert fixes["on-principal"] == "Remove-AzADSpCredential"


def test_what_expired_long_ago_matters_less() -> None:
    settings = {"low_after_days": 5, "grace_days": 1}
    result = try_rule("credential-expired", TABLES, settings=settings)
    assert {each.severity for each in result.findings} == {"low"}
    assert result.failed == FAILS - {"ends-now"}
    assert {e.severity for e in try_rule("credential-expired", TABLES).findings} == {"medium"}
