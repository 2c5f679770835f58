from typing import Any

from auditor.testing import try_rule

SP = {"principal_type": "servicePrincipal", "role": "User Administrator", "scope": "/"}
GROUP = {"principal_type": "group", "principal": -1, "role": "User Administrator"}
ROWS: dict[str, dict[str, Any]] = {
    "application": {**SP, "principal": 0},
    "group": {**GROUP, "principal_name": "Robots"},
    "group-kind-not-told": {**GROUP, "principal_type": None},
    "user": {"principal_type": "user", "principal": -1},
    "people": {**GROUP, "principal_name": "Helpdesk"},
    "microsoft": {**SP, "principal": 1},
    "deleted": {"principal_type": None, "principal": -1},
    "publisher-not-told": {**SP, "principal": 2},
}
INSIDE = {"publisher": "own"}
TABLES: dict[str, Any] = {
    "role_eligibility": [{"id": id, **row} for id, row in ROWS.items()],
    "workload_eligibility": [
        {"assignment_id": "application", "name": "On Call Bot", "principal_id": "p0", **INSIDE},
        {"assignment_id": "group", "name": "Worker", "principal_id": "p5", "page": 7, **INSIDE},
        {"assignment_id": "group", "name": None, "principal_id": "p6", **INSIDE},
        {"assignment_id": "group-kind-not-told", "name": "Worker", **INSIDE},
        {"assignment_id": "microsoft", "publisher": "microsoft"},
        {"assignment_id": "publisher-not-told", "publisher": None},
    ],
}
FAILS = {"application", "group", "group-kind-not-told"}
PASSES = {"user", "people", "microsoft"}
UNKNOWN = {"deleted", "publisher-not-told"}


def test_message_fix_and_proof() -> None:
    found = {each.part: each for each in try_rule("eligible-workload-role", TABLES).findings}
    assert found["application"].message == (
        "On Call Bot cannot activate the directory role User Administrator that it is eligible for."
    )
    assert found["application"].fix.startswith(
        "New-MgRoleManagementDirectoryRoleEligibilityScheduleRequest -Action adminRemove "
    )
    assert found["group"].message == (
        "Worker, p6 cannot activate the directory role User Administrator that the group Robots "
        "is eligible for."
    )
    assert found["group"].fix.endswith("-DirectoryObjectId 'p5'")
    assert 7 in found["group"].pages


def test_without_the_licence_it_is_not_evaluated() -> None:
    result = try_rule("eligible-workload-role", TABLES, coverage={"role-eligibility": "refused"})
    assert result.verdict == "not-evaluated"
