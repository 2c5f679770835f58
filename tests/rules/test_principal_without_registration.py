from typing import Any

from auditor.testing import try_rule

OWN = {"publisher": "own", "type": "Application", "enabled": True}
NAMES = ("registered", "ghost", "ghost-privileged", "foreign", "managed", "microsoft", "legacy")
SPECIAL: dict[str, dict[str, Any]] = {
    "foreign": {"publisher": "foreign"},
    "managed": {"type": "ManagedIdentity"},
    "microsoft": {"publisher": "microsoft"},
    "legacy": {"type": "Legacy"},
}
TABLES: dict[str, Any] = {
    "service_principals": [
        *({"id": id, "name": id} | OWN | SPECIAL.get(id, {}) for id in NAMES),
        {"id": "publisher-not-told", **OWN, "publisher": None},
        {"id": "type-not-told", **OWN, "type": None},
    ],
    "applications": [{"id": "a", "principal": 0}, {"id": "unborn", "principal": -1}],
    "privileged_principals": [{"id": "g", "principal": 2, "reasons": ("permission X",)}],
}
FAILS = {"ghost", "ghost-privileged"}
PASSES = {"registered"}
UNKNOWN = {"publisher-not-told", "type-not-told"}


def test_severity_and_message() -> None:
    result = try_rule("principal-without-registration", TABLES)
    found = {each.object["id"]: each for each in result.findings}
    assert found["ghost"].message == "ghost belongs to this tenant and has no app registration."
    assert found["ghost"].severity == "low"
    assert found["ghost-privileged"].message.endswith("; it holds permission X.")
    assert found["ghost-privileged"].severity == "medium"
    assert result.outcome.left_out == 4


def test_registrations_that_were_not_read_are_not_gone() -> None:
    result = try_rule(
        "principal-without-registration", TABLES, coverage={"applications": "partial"}
    )
    assert not result.failed
    assert result.unknown >= FAILS
