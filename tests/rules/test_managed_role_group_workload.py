from typing import Any

from auditor.testing import try_rule

TENANT = "TenantAdmins_-123456789"
NAMES = (
    *("tenant-admins", "helpdesk", "by-kind", "nested", "people", "empty"),
    *("kind-not-told", "group-inside", "managed-not-told", "own"),
)
SPECIAL: dict[str, dict[str, Any]] = {
    "tenant-admins": {"name": TENANT},
    "helpdesk": {"name": "HelpdeskAdmins_123456"},
    "managed-not-told": {"partner_managed": None},
    "own": {"partner_managed": False},
}


def member(id: str, kind: str | None, principal: int = -1, **columns: object) -> dict[str, object]:
    values = {"role_group": NAMES.index(id), "kind": kind, "principal": principal}
    return values | {"member": f"m-{id}", "name": f"M {id}", "path": (id,)} | columns


TABLES: dict[str, Any] = {
    "role_groups": [
        {"guid": id, "name": id, "partner_managed": True} | SPECIAL.get(id, {}) for id in NAMES
    ],
    "effective_members": [
        member("tenant-admins", "servicePrincipal", 3, name="Mover"),
        member("tenant-admins", "servicePrincipal", 4, name="Builder", member="m2"),
        member("tenant-admins", "user", member="m3"),
        member("helpdesk", "servicePrincipal", 3),
        member("by-kind", "servicePrincipal"),
        member("nested", "servicePrincipal", 3, path=("nested", "inner")),
        member("people", "user"),
        member("people", "guest", member="m2"),
        member("kind-not-told", None),
        member("group-inside", "group"),
        member("managed-not-told", "servicePrincipal", 3),
        member("own", "servicePrincipal", 3),
    ],
}
FAILS = {"tenant-admins", "helpdesk", "by-kind", "nested"}
PASSES = {"people", "empty"}
UNKNOWN = {"kind-not-told", "group-inside", "managed-not-told"}


def test_fails_passes_and_unknown() -> None:
    result = try_rule("managed-role-group-workload", TABLES)
    assert (result.failed, result.passed, result.unknown) == (FAILS, PASSES, UNKNOWN)


def test_it_is_critical_inside_organization_management_and_lists_the_applications() -> None:
    found = {e.object["id"]: e for e in try_rule("managed-role-group-workload", TABLES).findings}
    assert found["tenant-admins"].severity == "critical"
    assert found["helpdesk"].severity == "high"
    assert found["tenant-admins"].message.endswith("Builder, Mover.")
    assert found["tenant-admins"].fix == f"Remove-RoleGroupMember -Identity '{TENANT}' -Member 'm2'"
