from typing import Any

from auditor.testing import try_rule


def role(id: str, scope: str | None, **columns: Any) -> dict[str, Any]:
    return {"id": id, "scope": scope, "role": "Application Administrator"} | columns


TABLES: dict[str, Any] = {
    "role_assignments": [
        role("on-app", "/A-ZERO", principal_id="u1", principal_name="Ada", principal_type="user"),
        role("on-principal", "/s-zero", principal_id="s9", principal_type="servicePrincipal"),
        role("on-tier-one", "/a-one"),
        role("on-unrated", "/s-unrated"),
        role("on-harmless", "/a-harmless"),
        role("on-unborn", "/a-unborn", role=None),
        role("everywhere", "/"),
        role("unit", "/administrativeUnits/a-zero"),
        role("on-group", "/g1"),
        role("scope-not-told", None),
    ],
    "applications": [
        {"id": "a-zero", "name": "Robot", "principal": 0},
        {"id": "a-one", "name": "Mail", "principal": 1},
        {"id": "a-harmless", "name": None, "principal": 2},
        {"id": "a-unborn", "name": "Unborn", "principal": -1},
    ],
    "service_principals": [
        {"id": "s-zero", "name": "Robot"},
        {"id": "s-one"},
        {"id": "s-harmless"},
        {"id": "s-unrated"},
    ],
    "privileged_principals": [
        {"id": "s-zero", "principal": 0, "tier": 0, "reasons": ("permission X",)},
        {"id": "s-one", "principal": 1, "tier": 1},
        {"id": "s-unrated", "principal": 3, "tier": None},
    ],
}
FAILS = {"on-app", "on-principal", "on-tier-one", "on-unrated", "on-harmless", "on-unborn"}
PASSES = {"everywhere", "unit", "on-group"}
UNKNOWN = {"scope-not-told"}


def test_severity_message_and_fix() -> None:
    found = {e.evidence["id"]: e for e in try_rule("app-scoped-administrator", TABLES).findings}
    severity = {id: each.severity for id, each in found.items()}
    assert severity["on-app"] == severity["on-principal"] == "critical"
    assert severity["on-tier-one"] == severity["on-unrated"] == "high"
    assert severity["on-harmless"] == severity["on-unborn"] == "medium"
    assert found["on-app"].message == (
        "Ada has the role Application Administrator on Robot, which is tier 0, and can become it."
    )
    assert found["on-app"].fix == (
        "Remove-MgRoleManagementDirectoryRoleAssignment -UnifiedRoleAssignmentId 'on-app'"
    )
    assert "on a-harmless, which holds nothing privileged" in found["on-harmless"].message


def test_an_application_that_did_not_arrive_is_not_another_object() -> None:
    for dataset in ("applications", "service-principals"):
        result = try_rule("app-scoped-administrator", TABLES, coverage={dataset: "partial"})
        assert "on-group" in result.unknown
