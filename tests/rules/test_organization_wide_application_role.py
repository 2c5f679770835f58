from typing import Any

import pytest

from auditor.testing import try_rule
from rules.exchange._filter import takes_in_everybody


def assignment(id: str, scope: str | None = None, **columns: object) -> dict[str, Any]:
    values = {"id": id, "name": id, "role": "Application Mail.Read", "assignee": "app"}
    kind = None if scope is None else "management scope"
    told = {"scope": scope, "scope_kind": kind, "delegating": False, "enabled": True}
    return values | told | columns


TABLES: dict[str, Any] = {
    "management_role_assignments": [
        assignment("no-scope"),
        assignment("organization", write_scope="Organization"),
        assignment("broad", "EVERYONE"),
        assignment("narrow", "Finance"),
        assignment("unit", "Branch", scope_kind="administrative unit"),
        assignment("group", "Robots", scope_kind="group"),
        assignment("limited-somehow", write_scope="CustomRecipientScope"),
        assignment("scope-not-listed", "Elsewhere"),
        assignment("filter-not-told", "Dark"),
        assignment("filter-odd", "Odd"),
        assignment("delegating-not-told", delegating=None),
        assignment("handed-on", delegating=True),
        assignment("off", enabled=False),
        assignment("other-role", role="Journaling"),
    ],
    "exchange_scopes": [
        {"name": "Everyone", "filter": "Alias -ne $null"},
        {"name": "Finance", "filter": "Department -eq 'Finance'"},
        {"name": "Dark", "filter": None},
        {"name": "Odd", "filter": "WhenCreated -gt '2020-01-01'"},
    ],
}
FAILS = {"no-scope", "organization", "broad"}
PASSES = {"narrow", "unit", "group"}
UNKNOWN = {
    *("limited-somehow", "scope-not-listed", "filter-not-told", "filter-odd"),
    "delegating-not-told",
}


@pytest.mark.parametrize(
    ("role", "severity"),
    [
        ("Application Mail.Send", "high"),
        ("Application Mail.ReadBasic", "medium"),
        ("Application MailboxSettings.Read", "medium"),
        ("Application MailboxSettings.ReadWrite", "high"),
        ("application Exchange Full Access", "high"),
    ],
)
def test_severity(role: str, severity: str) -> None:
    tables = {"management_role_assignments": [assignment("x", role=role)]}
    (found,) = try_rule("organization-wide-application-role", tables).findings
    assert found.severity == severity


def test_the_filter_is_told() -> None:
    found = try_rule("organization-wide-application-role", TABLES).findings
    broad = next(e for e in found if e.object["id"] == "broad")
    assert "the filter of its scope EVERYONE is Alias -ne $null" in broad.message


@pytest.mark.parametrize(
    ("filter_", "answer"),
    [
        ("", True),
        ("{}", True),
        ("Alias -ne $null", True),
        ("{((Alias -ne $null) -and (Name -like '*'))}", True),
        ("PrimarySmtpAddress -like '*'", True),
        ('RecipientTypeDetails -eq "UserMailbox"', True),
        ("Department -ne 'Board'", True),
        ("Department -notlike 'B*'", True),
        ("(Department -eq 'A') -or (Alias -ne $null)", True),
        ("(Department -eq 'A') -and (RecipientType -eq 'UserMailbox')", False),
        ("Department -eq 'It''s - (odd) -or'", False),
        ("CustomAttribute1 -like 'mail*'", False),
        ("CustomAttribute1 -ne $null", False),
        ("MemberOfGroup -eq 'CN=Robots,OU=contoso'", False),
        ("(A -eq '1') -or (B -eq '2') -and (C -eq '3')", False),
        ("(A -eq '1') -or (Alias -ne $null) -and (C -eq '3')", None),
        ("-not(Department -eq 'A')", None),
        ("WhenCreated -gt '2020'", None),
        ("!(Department -eq 'A')", None),
        ("anything at all", None),
    ],
)
def test_what_a_filter_takes_in(filter_: str, answer: bool | None) -> None:
    assert takes_in_everybody(filter_) is answer
