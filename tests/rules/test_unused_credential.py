from typing import Any

from auditor.testing import try_rule

OWN = {"publisher": "own", "managed_identity": False, "kind": "secret", "name": "Job"}
OLD = {"start": "2026-01-01", "end": "2026-12-31"}
CREDENTIALS: list[dict[str, Any]] = [
    {"key_id": "never-listed", **OWN, **OLD, "holder_type": "application", "holder": "app"},
    {"key_id": "used-long-ago", **OWN, **OLD},
    {"key_id": "used-just-too-long-ago", **OWN, **OLD},
    {"key_id": "of-a-privileged-app", **OWN, **OLD, "principal": 7},
    {"key_id": "of-an-app-nobody-rates", **OWN, **OLD, "principal": 8},
    {"key_id": "certificate", **OWN, **OLD, "kind": "certificate"},
    {"key_id": "used-yesterday", **OWN, **OLD},
    {"key_id": "used-once-of-twice", **OWN, **OLD},
    {"key_id": "younger-than-the-limit", **OWN, **OLD, "start": "2026-03-10"},
    {"key_id": "expired", **OWN, **OLD, "end": "2026-05-31"},
    {"key_id": "not-yet", **OWN, **OLD, "start": "2026-06-02"},
    {"key_id": "time-not-readable", **OWN, **OLD},
    {"key_id": "start-not-told", **OWN, **OLD, "start": None},
    {"key_id": "end-not-told", **OWN, **OLD, "end": None},
    {"key_id": "publisher-not-told", **OWN, **OLD, "publisher": None},
    {"key_id": "foreign", **OWN, **OLD, "publisher": "foreign"},
    {"key_id": "managed", **OWN, **OLD, "managed_identity": True},
    {"key_id": "saml", **OWN, **OLD, "saml": True},
]
ROW = {each["key_id"]: row for row, each in enumerate(CREDENTIALS)}
TABLES: dict[str, Any] = {
    "credentials": CREDENTIALS,
    "credential_sign_ins": [
        {"credential": ROW["used-long-ago"], "last": "2026-02-01"},
        {"credential": ROW["used-just-too-long-ago"], "last": "2026-03-03"},
        {"credential": ROW["used-yesterday"], "last": "2026-05-31"},
        {"credential": ROW["used-once-of-twice"], "last": "2026-01-02"},
        {"credential": ROW["used-once-of-twice"], "last": "2026-03-04"},
        {"credential": ROW["time-not-readable"], "last": None},
        {"credential": ROW["start-not-told"], "last": "2026-05-31"},
        {"credential": -1, "last": "2026-05-31"},
    ],
    "privileged_principals": [{"principal": 7, "tier": 1}, {"principal": 8, "tier": None}],
}
FAILS = {
    "never-listed",
    "used-long-ago",
    "used-just-too-long-ago",
    "of-a-privileged-app",
    "of-an-app-nobody-rates",
    "certificate",
}
UNKNOWN = {"time-not-readable", "start-not-told", "end-not-told", "publisher-not-told"}
PASSES = {"used-yesterday", "used-once-of-twice", "younger-than-the-limit", "expired", "not-yet"}


def test_the_privileged_one_is_worse() -> None:
    found = {each.part: each.severity for each in try_rule("unused-credential", TABLES).findings}
    assert {part for part, severity in found.items() if severity == "high"} == {
        "of-a-privileged-app"
    }


def test_the_message_tells_the_last_use_or_that_none_is_listed() -> None:
    found = {each.part: each for each in try_rule("unused-credential", TABLES).findings}
    assert found["used-long-ago"].message == (
        "The secret used-long-ago of Job is valid since 2026-01-01 and was used last on 2026-02-01."
    )
    assert found["never-listed"].message.endswith("the report of credential use does not list it.")
    assert found["never-listed"].fix == (
        "Remove-MgApplicationPassword -ApplicationId 'app' -KeyId 'never-listed'"
    )


def test_an_empty_report_tells_nothing() -> None:
    result = try_rule("unused-credential", {**TABLES, "credential_sign_ins": []})
    assert result.failed == set()
    assert result.passed == {"younger-than-the-limit", "expired", "not-yet"}
    assert "no entry at all" in result.outcome.cause


def test_a_refused_report_is_never_read_as_unused() -> None:
    for how in ("refused", "partial", "unavailable", "not-asked"):
        result = try_rule("unused-credential", TABLES, coverage={"credential-sign-ins": how})
        assert result.failed == set()
        assert result.verdict == "unknown"
