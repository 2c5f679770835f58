from typing import Any

from auditor.testing import try_rule

READER = "f2ef992c-3afb-46b9-b7cf-a126ee74c451"
IDENTITY = {"publisher": "own", "managed_identity": True, "scope": "/", "name": "vm-1"}
TABLES: dict[str, Any] = {
    "workload_roles": [
        {"principal_id": "zero", **IDENTITY, "tier": 0, "role": "Groups Administrator"},
        {"principal_id": "one", **IDENTITY, "tier": 1},
        {"principal_id": "reads", **IDENTITY, "tier": 1, "template_id": READER},
        {"principal_id": "unit", **IDENTITY, "tier": 0, "scope": "/administrativeUnits/7"},
        {
            "principal_id": "in-group",
            **IDENTITY,
            "tier": 1,
            "through_group": True,
            "group_id": "g1",
        },
        {"principal_id": "two", **IDENTITY, "tier": 2},
        {"principal_id": "custom", **IDENTITY, "tier": None},
        {"principal_id": "kind-not-told", **IDENTITY, "tier": 0, "managed_identity": None},
        {"principal_id": "application", **IDENTITY, "tier": 0, "managed_identity": False},
    ]
}
FAILS = {"zero", "one", "reads", "unit", "in-group"}
PASSES = {"two"}
UNKNOWN = {"custom", "kind-not-told"}


def test_severity_and_message() -> None:
    result = try_rule("managed-identity-role", TABLES)
    found = {each.object["id"]: each for each in result.findings}
    assert {id for id, each in found.items() if each.severity == "medium"} == {"reads"}
    assert found["zero"].message == (
        "The managed identity vm-1 holds the directory role Groups Administrator over the whole "
        "directory, directly; who controls its Azure resource has that role."
    )
    assert result.outcome.left_out == 1
