"""Search-UnifiedAuditLog as its reference page tells it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from auditor.emulator.exchange_audit import AuditLog
from auditor.emulator.web import Refusal
from tests.emulator.conftest import Client

NOW = datetime(2026, 5, 19, tzinfo=UTC)


def record(number: int, user: str = "contoso.onmicrosoft.com/app", days: float = 1) -> Any:
    when = (NOW - timedelta(days=days, seconds=number)).strftime("%Y-%m-%dT%H:%M:%SZ")
    values = {"RecordType": "ExchangeAdmin", "UserIds": user, "Operations": "Set-Mailbox"}
    return {"Identity": str(number), "CreationDate": when, **values}


LOG = [record(number) for number in range(7)] + [record(7, "someone@x"), record(8, days=90)]
DATES = {"StartDate": "2026-05-01 00:00:00z", "EndDate": "2026-05-19 00:00:00z"}
SESSION: dict[str, Any] = {"SessionId": "one", "SessionCommand": "ReturnLargeSet", "ResultSize": 3}
APP: dict[str, Any] = {"UserIds": ["Contoso.onmicrosoft.com/APP"]}


def search(log: AuditLog, *, again: bool = False, **parameters: Any) -> list[Any]:
    return log.search(LOG, {**DATES, **parameters}, again=again)[0]


def test_a_session_goes_on_until_nothing_comes() -> None:
    log = AuditLog()
    pages = [search(log, **SESSION, **APP) for _ in range(4)]
    assert [[row["Identity"] for row in page] for page in pages] == [
        ["0", "1", "2"],
        ["3", "4", "5"],
        ["6"],
        [],
    ]
    assert [row["ResultIndex"] for page in pages for row in page] == list(range(1, 8))
    assert {row["ResultCount"] for page in pages for row in page} == {7}


def test_a_next_link_stays_on_its_page_and_another_session_begins_anew() -> None:
    log = AuditLog()
    first = search(log, **SESSION, **APP)
    assert search(log, again=True, **SESSION, **APP) == first
    assert search(log, **SESSION | {"SessionId": "two"}, **APP) == first
    # What a session found belongs to the search it began with.
    assert [row["Identity"] for row in search(log, **SESSION)] == ["3", "4", "5"]


def test_without_a_session_only_the_first_records_come() -> None:
    assert len(search(AuditLog(), ResultSize=2)) == 2
    assert len(search(AuditLog())) == 8  # of all users, within the dates


def test_a_session_ends_at_its_limit() -> None:
    many = [record(number % 60) for number in range(50_005)]
    log = AuditLog()
    asked = {**DATES, **SESSION, "ResultSize": 5000}
    pages = [log.search(many, asked, again=False)[0] for _ in range(11)]
    assert [len(page) for page in pages] == [5000] * 10 + [0]
    assert pages[0][0]["ResultCount"] == 50_005


@pytest.mark.parametrize(
    "wrong",
    [
        {"StartDate": ""},
        {"EndDate": "yesterday"},
        {"StartDate": "2026-06-01"},
        {"ResultSize": 5001},
        {"ResultSize": 0},
        {"RecordType": "Nonsense"},
        {"SessionCommand": "ReturnEverything"},
    ],
    ids=str,
)
def test_a_wrong_parameter_is_refused(wrong: Any) -> None:
    with pytest.raises(Refusal):
        search(AuditLog(), **wrong)


def test_the_log_is_hidden_without_a_role_for_it(sick: Client, healthy: Client) -> None:
    now = datetime.now(UTC)
    dates = {"StartDate": str(now - timedelta(days=30)), "EndDate": str(now)}
    rows = sick.invoke("Search-UnifiedAuditLog", dates).json()["value"]
    assert {row["Operations"] for row in rows} >= {"New-TransportRule", "Set-Mailbox"}
    # View-Only Organization Management has no role for it: as if the cmdlet did not exist.
    hidden = healthy.invoke("Search-UnifiedAuditLog", dates)
    unknown = healthy.invoke("Search-Nonsense", dates)
    assert hidden.status_code == unknown.status_code == 400
    assert "CommandNotFoundException" in hidden.text
    assert "CommandNotFoundException" in unknown.text


def test_roles_and_the_organization_are_listed(sick: Client) -> None:
    rows = sick.invoke("Get-ManagementRole").json()["value"]
    custom = next(row for row in rows if not row["IsRootRole"])
    assert (custom["RoleType"], custom["Parent"]) == ("Journaling", "Journaling")
    named = {row["Name"] for row in rows}
    assert {row["Role"] for row in sick.emulator.tenant.exchange.assignments} <= named
    assert len(sick.invoke("Get-OrganizationConfig").json()["value"]) == 1
    assert sick.invoke("Get-OrganizationConfig", {"ResultSize": 1}).status_code == 400
