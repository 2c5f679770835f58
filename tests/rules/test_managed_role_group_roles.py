from typing import Any

from auditor.testing import try_rule

NAMES = (
    *("added", "added-by-assignment", "gone", "both", "normal", "normal-empty", "stranger-empty"),
    *("switched-off", "stranger-with-role", "roles-not-told", "roles-not-told-but-added"),
    *("managed-not-told", "own"),
)
SPECIAL: dict[str, dict[str, Any]] = {
    "added": {"roles": ("Mailbox Import Export",)},
    "gone": {"roles": (), "normal_roles": ("Security Admin",)},
    "both": {"roles": ("Journaling",), "normal_roles": ("Security Admin",)},
    "normal": {"roles": ("Security Admin",), "normal_roles": ("Security Admin",)},
    "stranger-empty": {"normal_roles": None, "directory_roles": None},
    "stranger-with-role": {
        "normal_roles": None,
        "directory_roles": None,
        "roles": ("Mail Recipients",),
    },
    "roles-not-told": {"roles": None},
    "roles-not-told-but-added": {"roles": None},
    "managed-not-told": {"partner_managed": None, "roles": ("Journaling",)},
    "own": {"partner_managed": False, "roles": ("Journaling",)},
}


def assignment(id: str, role: str, **columns: object) -> dict[str, object]:
    return {"role_group": NAMES.index(id), "role": role, "enabled": True} | columns


TABLES: dict[str, Any] = {
    "role_groups": [
        {"guid": id, "name": id, "partner_managed": True}
        | {"roles": (), "normal_roles": (), "directory_roles": ("t1",)}
        | SPECIAL.get(id, {})
        for id in NAMES
    ],
    "management_role_assignments": [
        assignment("added", "Mailbox Import Export"),
        assignment("added-by-assignment", "Journaling", enabled=None),
        assignment("normal", "Security Admin"),
        assignment("switched-off", "Journaling", enabled=False),
        assignment("roles-not-told-but-added", "Journaling"),
        assignment("own", "Journaling"),
        {"role_group": -1, "role": "Journaling"},
    ],
}
FAILS = {"added", "added-by-assignment", "gone", "both", "roles-not-told-but-added"}
PASSES = {"normal", "normal-empty", "stranger-empty", "switched-off"}
UNKNOWN = {"stranger-with-role", "roles-not-told", "managed-not-told"}


def test_fails_passes_and_unknown() -> None:
    result = try_rule("managed-role-group-roles", TABLES)
    assert (result.failed, result.passed, result.unknown) == (FAILS, PASSES, UNKNOWN)
    assert result.outcome.left_out == 1


def test_what_was_added_is_high_and_what_is_only_gone_is_medium() -> None:
    found = {e.object["id"]: e for e in try_rule("managed-role-group-roles", TABLES).findings}
    assert found["added"].severity == found["both"].severity == "high"
    assert found["gone"].severity == "medium"
    assert "roles added: Journaling; roles gone: Security Admin" in found["both"].message
    assert "roles added: none; roles gone: Security Admin" in found["gone"].message
    assert found["added"].fix.startswith("Get-ManagementRoleAssignment -RoleAssignee 'added'")
    assert found["gone"].fix == (
        "New-ManagementRoleAssignment -SecurityGroup 'gone' -Role 'Security Admin'"
    )
