from typing import Any

from auditor.testing import try_rule

NAMES = (
    *("linked", "linked-type", "partner-only", "partner-inside", "in-top", "has-roles"),
    *("managed", "plain", "type-not-told", "member-not-told", "nested-not-told", "top"),
)
SPECIAL: dict[str, dict[str, Any]] = {
    "linked": {"linked_partner": "tenant-9", "type": "PartnerLinked"},
    "linked-type": {"type": "Linked"},
    "partner-only": {"partner_only": True},
    "has-roles": {"type": "PartnerLinked", "roles": ("Mail Recipients",)},
    "managed": {"partner_managed": True},
    "type-not-told": {"type": None},
    "top": {"name": "Organization Management", "roles": ("Role Management",)},
}


def member(id: str, kind: str | None, **columns: object) -> dict[str, object]:
    name = SPECIAL.get(id, {}).get("name", id)
    values = {"role_group": NAMES.index(id), "group_name": name, "kind": kind, "name": "Agents"}
    return values | {"member": f"m-{id}"} | columns


TABLES: dict[str, Any] = {
    "role_groups": [
        {"guid": id, "name": id, "type": "Standard", "roles": ()} | SPECIAL.get(id, {})
        for id in NAMES
    ],
    "role_group_members": [
        member("partner-inside", "partner"),
        member("partner-inside", "user", member="u1", name="Tony"),
        member("in-top", "partner"),
        member("top", "roleGroup", member="m1", member_group=NAMES.index("in-top")),
        member("plain", "user"),
        member("member-not-told", None),
        member("nested-not-told", None, member_group=NAMES.index("plain")),
    ],
}
FAILS = {"linked", "linked-type", "partner-only", "partner-inside", "in-top", "has-roles"}
PASSES = {"managed", "plain", "nested-not-told", "top"}
UNKNOWN = {"type-not-told", "member-not-told"}


def test_fails_passes_and_unknown() -> None:
    result = try_rule("partner-linked-role-group", TABLES)
    assert (result.failed, result.passed, result.unknown) == (FAILS, PASSES, UNKNOWN)


def test_the_message_says_how_the_partner_gets_in() -> None:
    found = {e.object["id"]: e for e in try_rule("partner-linked-role-group", TABLES).findings}
    assert (
        "linked to the organisation tenant-9; it is of type PartnerLinked"
        in found["linked"].message
    )
    assert "only -ShowPartnerLinked lists it" in found["partner-only"].message
    assert "has the members Agents" in found["partner-inside"].message
    assert found["partner-inside"].fix == (
        "Remove-RoleGroupMember -Identity 'partner-inside' -Member 'm-partner-inside'"
    )
    assert found["linked"].fix == ""


def test_it_is_critical_with_roles_or_inside_organization_management() -> None:
    severity = {
        each.object["id"]: each.severity
        for each in try_rule("partner-linked-role-group", TABLES).findings
    }
    assert severity["has-roles"] == severity["in-top"] == "critical"
    assert severity["linked"] == severity["partner-inside"] == "high"


def test_a_linked_organisation_is_enough() -> None:
    # By itself, outside TABLES: an absent link and a link that was not told read the same.
    groups = [{"guid": "g", "name": "g", "type": "Standard", "linked_partner": "tenant-9"}]
    assert try_rule("partner-linked-role-group", {"role_groups": groups}).failed == {"g"}


def test_members_that_were_not_read_leave_the_rest_unknown() -> None:
    result = try_rule(
        "partner-linked-role-group", TABLES, coverage={"exchange-role-group-members": "partial"}
    )
    assert result.failed == FAILS
    assert not result.passed
