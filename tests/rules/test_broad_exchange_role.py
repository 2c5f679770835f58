from typing import Any

from auditor.testing import try_rule

GLOBAL = "62e90394-69f5-4237-9190-012177145e10"
SECURITY = "194ae4cb-b126-40b2-bd5b-6091b380977d"
COMPLIANCE = "17315797-102d-40b4-93e0-432062caca18"
EXCHANGE = "29232cdf-9323-42fd-ade2-1d097af3e4de"
NAMES = (
    *("global", "security", "compliance", "both", "in-group", "exchange", "no-role", "unit"),
    *("template-not-told", "scope-not-told", "publisher-not-told"),
)


def access(place: int, id: str, **columns: object) -> dict[str, object]:
    values = {"id": id, "principal": place, "name": id, "publisher": "own", "permission": "granted"}
    return values | {"level": "full"} | columns


def role(id: str, template: str | None, **columns: object) -> dict[str, object]:
    values = {"principal": NAMES.index(id), "principal_id": id, "template_id": template}
    return values | {"scope": "/", "role": template, "assignment_id": f"a-{id}"} | columns


TABLES: dict[str, Any] = {
    "exchange_access": [
        *(
            access(place, id, publisher=None if id == "publisher-not-told" else "own")
            for place, id in enumerate(NAMES)
        ),
        access(20, "permission-only-requested", permission="requested"),
        access(21, "microsoft", publisher="microsoft"),
        access(22, "untold-without-permission", publisher=None, permission="none"),
    ],
    "workload_roles": [
        role("global", GLOBAL, role="Global Administrator"),
        role("security", SECURITY.upper(), role="Security Administrator"),
        role("compliance", COMPLIANCE),
        role("both", SECURITY),
        role("both", GLOBAL, assignment_id="a-worse"),
        role("in-group", GLOBAL, group_id="g1", group_name="Robots"),
        role("exchange", EXCHANGE),
        role("unit", SECURITY, scope="/administrativeUnits/7"),
        role("template-not-told", None),
        role("scope-not-told", SECURITY, scope=None),
        role("publisher-not-told", GLOBAL),
        role("global", GLOBAL, principal=20, principal_id="permission-only-requested"),
    ],
}
FAILS = {"global", "security", "compliance", "both", "in-group"}
PASSES = {"exchange", "no-role", "unit"}
UNKNOWN = {"template-not-told", "scope-not-told", "publisher-not-told"}


def test_fails_passes_and_unknown() -> None:
    result = try_rule("broad-exchange-role", TABLES)
    assert (result.failed, result.passed, result.unknown) == (FAILS, PASSES, UNKNOWN)


def test_global_administrator_is_high_and_has_its_own_alternative() -> None:
    found = {e.object["id"]: e for e in try_rule("broad-exchange-role", TABLES).findings}
    assert found["global"].severity == found["both"].severity == "high"
    assert found["security"].severity == found["compliance"].severity == "medium"
    assert "Exchange Administrator is narrower" in found["global"].message
    assert "Exchange Recipient Administrator" in found["security"].message


def test_the_worst_role_is_told_and_fixed() -> None:
    found = {e.object["id"]: e for e in try_rule("broad-exchange-role", TABLES).findings}
    assert "'a-worse'" in found["both"].fix
    assert "through group Robots" in found["in-group"].message
    assert found["in-group"].fix.startswith("Remove-MgGroupMemberByRef -GroupId 'g1'")


def test_the_list_is_a_setting_but_global_administrator_always_counts() -> None:
    result = try_rule("broad-exchange-role", TABLES, settings={"broad_roles": [EXCHANGE.upper()]})
    assert result.failed == {"global", "both", "in-group", "exchange"}


def test_unread_roles_leave_what_does_not_fail_unknown() -> None:
    result = try_rule("broad-exchange-role", TABLES, coverage={"role-assignments": "partial"})
    assert not result.passed
    assert result.failed == FAILS
