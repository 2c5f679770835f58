from typing import Any

from auditor.testing import try_rule

ROLE = "62e90394-69f5-4237-9190-012177145e10"
OTHER = "729827e3-9c14-49f7-bb1b-9608f156bbb8"
NAMES = (
    *("unexplained", "another-role", "unit-only", "kind-not-told", "mixed"),
    *("by-role", "by-group", "the-group-itself", "nested-and-partner", "empty", "stranger-empty"),
    *("stranger", "no-external-id", "role-not-told", "scope-not-told", "managed-not-told", "own"),
)
SPECIAL: dict[str, dict[str, Any]] = {
    "stranger": {"directory_roles": None},
    "stranger-empty": {"directory_roles": None},
    "managed-not-told": {"partner_managed": None},
    "own": {"partner_managed": False},
}


def member(
    id: str, external: str | None, kind: str | None = "user", **columns: object
) -> dict[str, object]:
    values = {"role_group": NAMES.index(id), "kind": kind, "external_id": external}
    return values | {"member": f"m-{id}", "name": f"M {external}"} | columns


def assignment(
    holder: str, template: str | None = ROLE, scope: str | None = "/"
) -> dict[str, object]:
    return {"principal_id": holder, "template_id": template, "scope": scope}


TABLES: dict[str, Any] = {
    "role_groups": [
        {"guid": id, "name": id, "partner_managed": True, "directory_roles": (ROLE,)}
        | SPECIAL.get(id, {})
        for id in NAMES
    ],
    "role_group_members": [
        member("unexplained", "u-nobody"),
        member("another-role", "u-other"),
        member("unit-only", "u-unit"),
        member("kind-not-told", "u-nobody", None),
        member("mixed", "u-holder"),
        member("mixed", "u-nobody", member="m2"),
        member("mixed", None, member="m3"),
        member("by-role", "U-HOLDER"),
        member("by-group", "u-inside"),
        member("the-group-itself", "g-holder", "group"),
        member("nested-and-partner", None, "roleGroup", member_group=0),
        member("nested-and-partner", None, "partner", member="m2"),
        member("stranger", "u-holder"),
        member("no-external-id", None),
        member("role-not-told", "u-dark-role"),
        member("scope-not-told", "u-dark-scope"),
        member("managed-not-told", "u-nobody"),
        member("own", "u-nobody"),
    ],
    "role_assignments": [
        assignment("u-holder", ROLE.upper()),
        assignment("u-other", OTHER),
        assignment("u-unit", ROLE, "/administrativeUnits/7"),
        assignment("g-holder"),
        assignment("g-other", OTHER),
        assignment("u-dark-role", None),
        assignment("u-dark-scope", ROLE, None),
    ],
    "group_members": [
        {"group_id": "G-HOLDER", "member_id": "u-inside"},
        {"group_id": "g-other", "member_id": "u-nobody"},
    ],
}
FAILS = {"unexplained", "another-role", "unit-only", "kind-not-told", "mixed"}
PASSES = {
    "by-role",
    "by-group",
    "the-group-itself",
    "nested-and-partner",
    "empty",
    "stranger-empty",
}
UNKNOWN = {"stranger", "no-external-id", "role-not-told", "scope-not-told", "managed-not-told"}


def test_fails_passes_and_unknown() -> None:
    result = try_rule("managed-role-group-unexplained-member", TABLES)
    assert (result.failed, result.passed, result.unknown) == (FAILS, PASSES, UNKNOWN)


def test_only_the_unexplained_are_listed() -> None:
    finding = next(
        each
        for each in try_rule("managed-role-group-unexplained-member", TABLES).findings
        if each.object["id"] == "mixed"
    )
    assert finding.severity == "high"
    assert finding.message.endswith("explains: M u-nobody.")
    assert finding.evidence["unexplained_ids"] == ["u-nobody"]
    assert finding.fix == "Remove-RoleGroupMember -Identity 'mixed' -Member 'm2'"


def test_roles_that_were_not_read_do_not_fail() -> None:
    for dataset in ("role-assignments", "group-members", "group-service-principals"):
        result = try_rule(
            "managed-role-group-unexplained-member", TABLES, coverage={dataset: "partial"}
        )
        assert not result.failed
