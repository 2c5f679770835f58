from typing import Any

import pytest

from auditor.testing import try_rule


def assignment(
    id: str, role: str = "ApplicationImpersonation", **columns: object
) -> dict[str, Any]:
    values = {"id": id, "name": id, "role": role, "assignee": "Migrator", "enabled": True}
    return values | {"delegating": False} | columns


TABLES: dict[str, Any] = {
    "management_role_assignments": [
        assignment("app"),
        assignment("limited", scope="Finance"),
        assignment("custom", "Migration of Branch Offices"),
        assignment("other", "Journaling"),
        assignment("not-listed", "Who Knows"),
        assignment("type-not-told", "Dark"),
        assignment("delegating-not-told", delegating=None),
        assignment("handed-on", delegating=True),
        assignment("off", enabled=False),
    ],
    "exchange_roles": [
        {"name": "ApplicationImpersonation", "type": "ApplicationImpersonation"},
        {"name": "migration of branch offices", "type": "ApplicationImpersonation"},
        {"name": "Journaling", "type": "Journaling"},
        {"name": "Dark", "type": None},
    ],
}
FAILS = {"app", "limited", "custom"}
PASSES = {"other"}
UNKNOWN = {"not-listed", "type-not-told", "delegating-not-told"}


@pytest.mark.parametrize("how", ["refused", "partial"])
def test_the_role_itself_is_known_without_the_list(how: str) -> None:
    coverage = {"exchange-management-roles": how}
    tables = TABLES | {"exchange_roles": []}
    result = try_rule("application-impersonation", tables, coverage=coverage)
    assert result.failed == {"app", "limited"}
    assert not result.passed
