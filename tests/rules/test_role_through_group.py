from typing import Any

from auditor.testing import try_rule

OWN = {"publisher": "own", "scope": "/", "name": "Worker", "role": "User Administrator"}
THROUGH = {**OWN, "through_group": True, "group_id": "g1", "group_name": "Robots"}
TABLES: dict[str, Any] = {
    "workload_roles": [
        {"principal_id": "zero", **THROUGH, "tier": 0},
        {"principal_id": "two", **THROUGH, "tier": 2},
        {"principal_id": "custom", **THROUGH, "tier": None},
        {"principal_id": "nameless", **THROUGH, "tier": 1, "group_name": None},
        {"principal_id": "identity", **THROUGH, "tier": 1, "managed_identity": True},
        {"principal_id": "foreign", **THROUGH, "tier": 1, "publisher": "foreign"},
        {"principal_id": "direct", **OWN, "tier": 0},
        {"principal_id": "publisher-not-told", **THROUGH, "tier": 0, "publisher": None},
        {"principal_id": "microsoft", **THROUGH, "tier": 0, "publisher": "microsoft"},
    ]
}
FAILS = {"zero", "two", "custom", "nameless", "identity", "foreign"}
PASSES = {"direct"}
UNKNOWN = {"publisher-not-told"}


def test_severity_message_and_fix() -> None:
    found = {e.object["id"]: e for e in try_rule("role-through-group", TABLES).findings}
    severity = {id: each.severity for id, each in found.items()}
    assert (severity["zero"], severity["custom"], severity["two"]) == ("high", "medium", "low")
    assert found["zero"].message == (
        "Worker holds the directory role User Administrator over the whole directory, "
        "through group Robots."
    )
    assert "through group g1" in found["nameless"].message
    assert found["zero"].fix == "Remove-MgGroupMemberByRef -GroupId 'g1' -DirectoryObjectId 'zero'"


def test_a_group_whose_id_is_lost_is_still_a_group() -> None:
    rows = [{"principal_id": "p", **THROUGH, "tier": 0, "group_id": None, "group_name": None}]
    result = try_rule("role-through-group", {"workload_roles": rows})
    assert result.failed == {"p"}
    assert "through group" in result.findings[0].message
