from typing import Any

from auditor.testing import try_rule

TABLES: dict[str, Any] = {
    "authorization_policy": [
        {"id": "yes", "users_create_apps": True},
        {"id": "no", "users_create_apps": False},
        {"id": "not-told", "users_create_apps": None},
    ]
}
FAILS, PASSES, UNKNOWN = {"yes"}, {"no"}, {"not-told"}


def test_the_command_switches_it_off() -> None:
    [found] = try_rule("users-can-register-apps", TABLES).findings
    assert found.fix == (
        "Update-MgPolicyAuthorizationPolicy -DefaultUserRolePermissions "
        "@{ AllowedToCreateApps = $false }"
    )
