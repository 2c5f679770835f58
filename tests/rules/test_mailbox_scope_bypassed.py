from typing import Any

import pytest

from auditor.testing import try_rule
from rules.exchange._mailbox import covers, parts

GRAPH = "00000003-0000-0000-c000-000000000000"
EXCHANGE = "00000002-0000-0ff1-ce00-000000000000"
MAIL_READ = "810c84a8-4a9e-49e6-bf7d-12d183f40d01"
FULL_ACCESS = "dc890d15-9560-4a4c-9b7f-a736ec74ec40"
USERS = "df021288-bdef-4463-88db-98f22de89214"


def assignment(id: str, role: str = "Application Mail.Read", **columns: object) -> dict[str, Any]:
    values = {"id": id, "role": role, "assignee": id, "scope": "Finance", "delegating": False}
    return values | {"enabled": True, "scope_kind": "management scope"} | columns


def grant(client: int, permission: str, resource: str | None = GRAPH) -> dict[str, Any]:
    values = {"client": client, "permission_id": permission, "resource_app_id": resource}
    return values | {"app_id": f"app{client}"}


def policy(app_id: str, **columns: object) -> dict[str, Any]:
    values = {"app_id": app_id, "access_right": "RestrictAccess", "scope": "A", "valid": True}
    return values | columns


TABLES: dict[str, Any] = {
    "management_role_assignments": [
        assignment("same-data", principal=0),
        assignment("by-ews", "Application Calendars.Read", principal=1),
        assignment("composite", "Application Mail Full Access", principal=0),
        assignment("less-by-more", "Application Mail.ReadBasic", principal=0),
        assignment("other-data", "Application Contacts.Read", principal=0),
        assignment("more-than-held", "Application Mail.ReadWrite", principal=2),
        assignment("nothing-held", principal=3),
        assignment("policy-limits", principal=4),
        assignment("policy-unsure", principal=5),
        assignment("api-not-told", principal=6),
        assignment("whose-not-told"),
        assignment("delegating-not-told", principal=0, delegating=None),
        assignment("no-scope", principal=0, scope=None, scope_kind=None),
        assignment("handed-on", principal=0, delegating=True),
        assignment("off", principal=0, enabled=False),
        assignment("other-role", "Journaling", principal=0),
    ],
    "grants": [
        grant(0, "e2a3a72e-5f79-4c64-b1b1-878b674786c9"),
        grant(1, FULL_ACCESS, EXCHANGE),
        grant(2, MAIL_READ, EXCHANGE),
        grant(2, USERS),
        grant(4, MAIL_READ),
        grant(5, MAIL_READ),
        grant(6, MAIL_READ, None),
    ],
    "access_policies": [policy("app4"), policy("app5", valid=None)],
}
FAILS = {"same-data", "by-ews", "composite", "less-by-more"}
PASSES = {"other-data", "more-than-held", "nothing-held", "policy-limits"}
UNKNOWN = {"policy-unsure", "api-not-told", "whose-not-told", "delegating-not-told"}


def test_the_permission_is_named() -> None:
    found = {e.object["id"]: e for e in try_rule("mailbox-scope-bypassed", TABLES).findings}
    assert "reaches every mailbox by Graph Mail.ReadWrite" in found["same-data"].message
    assert "by Exchange full_access_as_app" in found["by-ews"].message


@pytest.mark.parametrize(
    ("permission", "part", "answer"),
    [
        ("Mail.Read", "Mail.Read", True),
        ("Mail.ReadBasic.All", "Mail.ReadBasic", True),
        ("Mail.ReadWrite", "Mail.ReadBasic", True),
        ("Mail.Read", "Mail.ReadWrite", False),
        ("Mail.ReadWrite", "Mail.Send", False),
        ("Mail-Advanced.ReadWrite.All", "Mail.Read", True),
        ("MailboxSettings.ReadWrite", "Mail.Read", False),
        ("Calendars.ReadBasic.All", "Calendars.Read", False),
        ("MailboxItem.ImportExport.All", "MailboxItem.Export", True),
        ("full_access_as_app", "Contacts.ReadWrite", True),
    ],
)
def test_which_permission_holds_which(permission: str, part: str, answer: bool) -> None:
    assert covers(permission, part) is answer


def test_composite_roles_hold_several() -> None:
    assert parts("Application Mail Full Access") == {"Mail.ReadWrite", "Mail.Send"}
    assert len(parts("application exchange full access")) == 5
    assert parts("Application MailTips.ReadBasic.All") == {"MailTips.ReadBasic"}
