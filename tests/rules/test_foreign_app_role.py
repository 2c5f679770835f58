from typing import Any

from auditor.testing import try_rule

SECURITY_READER = "5D6B6BB7-DE71-4623-B4AF-96380A352509"
THEIRS = {"publisher": "foreign", "scope": "/", "name": "Backup Cloud"}
ZERO = {"tier": 0, "path": "direct", "role": "Global Administrator"}
TABLES: dict[str, Any] = {
    "workload_roles": [
        {"principal_id": "global", **THEIRS, **ZERO},
        {"principal_id": "one", **THEIRS, "tier": 1},
        {"principal_id": "reads", **THEIRS, "tier": 1, "template_id": SECURITY_READER},
        {"principal_id": "unit", **THEIRS, **ZERO, "scope": "/administrativeUnits/7"},
        {"principal_id": "in-group", **THEIRS, **ZERO, "through_group": True, "group_id": "g1"},
        {"principal_id": "two", **THEIRS, "tier": 2},
        {"principal_id": "custom", **THEIRS, "tier": None},
        {"principal_id": "publisher-not-told", **THEIRS, **ZERO, "publisher": None},
        {"principal_id": "own", **THEIRS, **ZERO, "publisher": "own"},
        {"principal_id": "microsoft", **THEIRS, **ZERO, "publisher": "microsoft"},
    ]
}
FAILS = {"global", "one", "reads", "unit", "in-group"}
PASSES = {"two"}
UNKNOWN = {"custom", "publisher-not-told"}


def test_severity_and_message() -> None:
    result = try_rule("foreign-app-role", TABLES)
    found = {each.object["id"]: each for each in result.findings}
    assert {id for id, each in found.items() if each.severity == "high"} == {"reads"}
    assert found["global"].message == (
        "Backup Cloud, an application of another organization, holds the directory role "
        "Global Administrator over the whole directory, directly."
    )
    assert found["in-group"].fix.startswith("Remove-MgGroupMemberByRef -GroupId 'g1'")
    assert result.outcome.left_out == 2
