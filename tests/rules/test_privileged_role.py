from typing import Any

from auditor.testing import try_rule

GLOBAL_READER = "f2ef992c-3afb-46b9-b7cf-a126ee74c451"
SECURITY_READER = "5D6B6BB7-DE71-4623-B4AF-96380A352509"
OWN = {"publisher": "own", "scope": "/", "name": "Payroll"}
ZERO = {"tier": 0, "path": "direct", "role": "Global Administrator"}
TABLES: dict[str, Any] = {
    "workload_roles": [
        {"principal_id": "global", **OWN, **ZERO},
        {"principal_id": "indirect", **OWN, "tier": 0, "path": "indirect"},
        {"principal_id": "candidate", **OWN, "tier": 0, "path": "not-proven"},
        {"principal_id": "one", **OWN, "tier": 1, "path": "none"},
        {"principal_id": "reads", **OWN, "tier": 1, "path": "none", "template_id": GLOBAL_READER},
        {
            "principal_id": "reads2",
            **OWN,
            "tier": 1,
            "path": "none",
            "template_id": SECURITY_READER,
        },
        {"principal_id": "unit", **OWN, **ZERO, "scope": "/administrativeUnits/7"},
        {"principal_id": "scope-not-told", **OWN, **ZERO, "scope": None},
        {"principal_id": "in-group", **OWN, **ZERO, "group_id": "g1", "group_name": "Robots"},
        {"principal_id": "nameless-group", **OWN, **ZERO, "group_id": "g2"},
        {"principal_id": "foreign", **OWN, **ZERO, "publisher": "foreign"},
        {"principal_id": "identity", **OWN, **ZERO, "managed_identity": True},
        {"principal_id": "two", **OWN, "tier": 2, "path": "none"},
        {"principal_id": "custom", **OWN, "tier": None, "path": None, "role": "Our own role"},
        {"principal_id": "publisher-not-told", **OWN, **ZERO, "publisher": None},
        {"principal_id": "microsoft", **OWN, **ZERO, "publisher": "microsoft"},
    ]
}
FAILS = {
    *("global", "indirect", "candidate", "one", "reads", "reads2", "unit", "scope-not-told"),
    *("in-group", "nameless-group", "foreign", "identity"),
}
PASSES = {"two"}
UNKNOWN = {"custom", "publisher-not-told"}


def found(id: str) -> object:
    findings = try_rule("privileged-role", TABLES).findings
    return next(each for each in findings if each.object["id"] == id)


def test_fails_passes_and_unknown() -> None:
    result = try_rule("privileged-role", TABLES)
    assert (result.failed, result.passed, result.unknown) == (FAILS, PASSES, UNKNOWN)
    assert result.outcome.left_out == 1


def test_severity_follows_tier_path_and_what_readers_are() -> None:
    severity = {e.object["id"]: e.severity for e in try_rule("privileged-role", TABLES).findings}
    assert severity["global"] == severity["indirect"] == severity["unit"] == "critical"
    assert severity["candidate"] == severity["one"] == "high"
    assert severity["reads"] == severity["reads2"] == "medium"


def test_the_message_names_role_scope_and_group() -> None:
    messages = {e.object["id"]: e.message for e in try_rule("privileged-role", TABLES).findings}
    assert messages["global"] == (
        "Payroll holds the directory role Global Administrator over the whole directory, directly."
    )
    assert "/administrativeUnits/7" in messages["unit"]
    assert "a scope not told" in messages["scope-not-told"]
    assert "through group Robots" in messages["in-group"]
    assert "through group g2" in messages["nameless-group"]


def test_the_fix_of_a_role_through_a_group_leaves_the_group_its_role() -> None:
    fixes = {e.object["id"]: e.fix for e in try_rule("privileged-role", TABLES).findings}
    assert fixes["global"].startswith("Remove-MgRoleManagementDirectoryRoleAssignment")
    assert fixes["in-group"] == (
        "Remove-MgGroupMemberByRef -GroupId 'g1' -DirectoryObjectId 'in-group'"
    )
