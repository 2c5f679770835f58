from typing import Any

from auditor.testing import try_rule


def entry(id: str, **columns: object) -> dict[str, Any]:
    return {"object_id": id, "app_id": f"app-{id}", "name": id} | columns


TABLES: dict[str, Any] = {
    "exchange_service_principals": [
        entry("gone"),
        entry("gone-with-role"),
        entry("gone-in-group", name=None),
        entry("here", principal=0),
    ],
    "service_principals": [{"id": "here"}],
    "management_role_assignments": [{"assignee": "GONE-with-role"}, {"assignee": None}],
    "role_group_members": [{"member": "gone-in-group"}],
}
FAILS = {"gone", "gone-with-role", "gone-in-group"}
PASSES = {"here"}
UNKNOWN: set[str] = set()


def test_rights_that_are_left_weigh_more() -> None:
    found = try_rule("orphaned-exchange-service-principal", TABLES).findings
    severity = {each.object["id"]: each.severity for each in found}
    assert severity == {"gone": "low", "gone-with-role": "medium", "gone-in-group": "medium"}


def test_a_list_of_entra_that_was_not_read_proves_nothing() -> None:
    coverage = {"service-principals": "partial"}
    result = try_rule("orphaned-exchange-service-principal", TABLES, coverage=coverage)
    assert not result.failed
