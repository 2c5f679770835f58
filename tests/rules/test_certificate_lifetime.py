from typing import Any

from auditor.testing import try_rule

OWN = {
    "publisher": "own",
    "managed_identity": False,
    "kind": "certificate",
    "holder_type": "application",
    "start": "2026-01-01",
}
LONG = {"end": "2028-01-01"}
TABLES: dict[str, Any] = {
    "certificates": [
        {"key_id": "two-years", **OWN, **LONG},
        {"key_id": "366-days", **OWN, "end": "2027-01-02"},
        {"key_id": "never-ends", **OWN, "end": "9999-12-31T23:59:59.9999999Z"},
        {"key_id": "year-2299", **OWN, "end": "2299-12-31T00:00:00Z"},
        {"key_id": "on-principal", **OWN, **LONG, "holder_type": "servicePrincipal"},
        {"key_id": "365-days", **OWN, "end": "2027-01-01"},
        {"key_id": "ends-before-it-starts", **OWN, "end": "2025-01-01"},
        {"key_id": "no-end", **OWN, "end": None},
        {"key_id": "no-start", **OWN, **LONG, "start": None},
        {"key_id": "publisher-not-told", **OWN, **LONG, "publisher": None},
        {"key_id": "managed", **OWN, **LONG, "managed_identity": True},
        {"key_id": "foreign", **OWN, **LONG, "publisher": "foreign"},
    ]
}
FAILS = {"two-years", "366-days", "never-ends", "year-2299", "on-principal"}
PASSES = {"365-days", "ends-before-it-starts"}
UNKNOWN = {"no-end", "no-start", "publisher-not-told"}


def test_the_limit_is_a_setting() -> None:
    assert "365-days" in try_rule("certificate-lifetime", TABLES, settings={"max_days": 180}).failed


def test_message_and_command() -> None:
    result = try_rule("certificate-lifetime", TABLES)
    found = {each.part: each for each in result.findings}
    assert "730 days; the limit is 365" in found["two-years"].message
    assert found["two-years"].fix.startswith("Remove-AzADAppCredential ")
    assert found["on-principal"].fix.startswith("Remove-AzADSpCredential ")
    assert result.outcome.left_out == 2
