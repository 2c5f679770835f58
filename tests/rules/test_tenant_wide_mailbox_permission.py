from typing import Any

import pytest

from auditor.testing import try_rule

GRAPH = "00000003-0000-0000-c000-000000000000"
EXCHANGE = "00000002-0000-0ff1-ce00-000000000000"
MAIL_READ = "810c84a8-4a9e-49e6-bf7d-12d183f40d01"
MAIL_BASIC = "6be147d2-ea4f-4b5a-a3fa-3eab6f3c140a"
CALENDARS = "ef54d2bf-783f-4e0f-bca1-3210c0444d99"
ITEMS = "7d9f353d-a7bd-4fbb-822a-26d5dd39a3ce"
IMAP = "5e5addcd-3e8d-4e90-baf5-964efab2b20a"
FULL_ACCESS = "dc890d15-9560-4a4c-9b7f-a736ec74ec40"
USERS = "df021288-bdef-4463-88db-98f22de89214"


def grant(app: str, permission: str, **columns: object) -> dict[str, Any]:
    values = {"client_id": app, "app_id": app, "name": app, "publisher": "own", "resource_id": app}
    told = {"resource_app_id": GRAPH, "permission_id": permission, "resource_name": "Graph"}
    return values | told | columns


def policy(app_id: str, right: str | None = "RestrictAccess", **columns: object) -> dict[str, Any]:
    values = {"app_id": app_id, "access_right": right, "scope": "Archive", "valid": True}
    return values | columns


TABLES: dict[str, Any] = {
    "grants": [
        grant("open", MAIL_READ),
        grant("denied", CALENDARS),
        grant("listed", MAIL_READ.upper()),
        grant("listed", ITEMS),
        grant("unsure", MAIL_BASIC),
        grant("open", MAIL_BASIC.upper(), resource_app_id=None),
        grant("open", USERS),
        grant("open", IMAP, resource_app_id=EXCHANGE),
        grant("open", FULL_ACCESS, resource_app_id=EXCHANGE),
        grant("microsoft", CALENDARS.upper(), publisher="microsoft"),
    ],
    "access_policies": [
        policy("denied", "DenyAccess"),
        policy("listed"),
        policy("listed", "DenyAccess", scope="Board"),
        policy("unsure", valid=None),
        policy("open", valid=False),
    ],
}
FAILS = {MAIL_READ, CALENDARS, ITEMS}
PASSES = {MAIL_READ.upper()}
UNKNOWN = {MAIL_BASIC, MAIL_BASIC.upper()}


def found(**more: Any) -> dict[str, Any]:
    result = try_rule("tenant-wide-mailbox-permission", TABLES | more)
    return {each.part.rpartition("/")[2]: each for each in result.findings}


def test_what_is_not_mail_or_has_a_rule_of_its_own_is_left_out() -> None:
    result = try_rule("tenant-wide-mailbox-permission", TABLES)
    assert result.outcome.left_out == 4


def test_the_reason_is_told() -> None:
    each = found()
    assert "no access policy limits it" in each[MAIL_READ].message
    assert "only deny some mailboxes" in each[CALENDARS].message
    assert "no access policy is documented to bind it" in each[ITEMS].message


def test_a_role_to_take_its_place_is_named() -> None:
    each = found()
    assert "-Role 'Application Mail.Read'" in each[MAIL_READ].fix
    assert each[ITEMS].fix.startswith("Remove-Mg")


def test_a_policy_for_every_application_counts() -> None:
    assert set(found(access_policies=[policy("*")])) == {ITEMS}


@pytest.mark.parametrize(
    ("columns", "severity"),
    [({}, "high"), ({"publisher": "foreign"}, "critical")],
)
def test_severity(columns: dict[str, Any], severity: str) -> None:
    each = found(grants=[grant("open", MAIL_READ, **columns), grant("open", MAIL_BASIC, **columns)])
    assert each[MAIL_READ].severity == severity
    assert each[MAIL_BASIC].severity == "medium"


def test_without_its_client_id_only_a_policy_for_all_limits() -> None:
    grants = [grant("open", MAIL_READ, app_id=None)]
    tables = {"grants": grants, "access_policies": []}
    assert try_rule("tenant-wide-mailbox-permission", tables).unknown == {MAIL_READ}
    tables["access_policies"] = [policy("*")]
    assert try_rule("tenant-wide-mailbox-permission", tables).passed == {MAIL_READ}


def test_unread_policies_are_no_proof_of_openness() -> None:
    result = try_rule(
        "tenant-wide-mailbox-permission", TABLES, coverage={"exchange-access-policies": "refused"}
    )
    assert not result.failed
