from typing import Any

from auditor.testing import try_rule

TOP = "Organization Management"
NAMES = (
    *("too-many", "application", "partner", "guest", "direct", "five", "empty"),
    *("kind-not-told", "group-inside", "way-not-told"),
)


def member(
    id: str, name: str = "Tony", kind: str | None = "user", **columns: object
) -> dict[str, object]:
    values = {"role_group": NAMES.index(id), "name": name, "kind": kind, "member": f"m-{name}"}
    return values | {"path": (TOP, "TenantAdmins_-123456")} | columns


TABLES: dict[str, Any] = {
    "role_groups": [
        *({"guid": id, "name": TOP.upper() if id == "direct" else TOP} for id in NAMES),
        {"guid": "another", "name": "Recipient Management"},
    ],
    "effective_members": [
        *(member("too-many", f"User {place}") for place in range(6)),
        member("application", "Mover", "servicePrincipal", principal=3),
        member("partner", "Agents", "partner"),
        member("guest", "Visitor", "guest"),
        member("direct", path=(TOP,)),
        member("direct", "Grace"),
        *(member("five", f"User {place}") for place in range(5)),
        member("kind-not-told", kind=None),
        member("group-inside", "All Staff", "group"),
        member("way-not-told", path=None),
    ],
}
FAILS = {"too-many", "application", "partner", "guest", "direct"}
PASSES = {"five", "empty"}
UNKNOWN = {"kind-not-told", "group-inside", "way-not-told"}


def test_fails_passes_and_unknown() -> None:
    result = try_rule("organization-management-members", TABLES)
    assert (result.failed, result.passed, result.unknown) == (FAILS, PASSES, UNKNOWN)
    assert result.outcome.left_out == 1


def test_applications_partners_and_guests_are_high() -> None:
    severity = {
        each.object["id"]: each.severity
        for each in try_rule("organization-management-members", TABLES).findings
    }
    assert {severity[each] for each in ("application", "partner", "guest")} == {"high"}
    assert severity["too-many"] == severity["direct"] == "medium"


def test_the_message_lists_every_member_and_its_way_in() -> None:
    found = {
        each.object["id"]: each
        for each in try_rule("organization-management-members", TABLES).findings
    }
    assert found["direct"].message.endswith(
        ": Grace (user, through TenantAdmins_-123456), Tony (user, added directly); "
        "2 in all, 1 of them added in Exchange itself."
    )
    assert "; 6 in all, 5 are allowed." in found["too-many"].message
    assert "Mover (an application, through" in found["application"].message
    assert found["direct"].fix.endswith("-Member 'm-Tony'")
    assert found["too-many"].fix == ""


def test_how_many_is_a_setting() -> None:
    result = try_rule("organization-management-members", TABLES, settings={"max_members": 6})
    assert "too-many" in result.passed
