"""The audit log of cmdlets that applications ran."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from auditor.collect.app_cmdlets import read_app_cmdlets
from auditor.collect.run import Run
from auditor.collect.stages import _read
from auditor.datasets import DATASETS
from auditor.knowledge import EXCHANGE
from auditor.ledger import LedgerLine, Result
from tests.collect.fakes import run, says, script, service
from tests.collect.tenants import app, had, read, tenant

NAME = "exchange-app-cmdlets"
HIDDEN = {
    "error": {
        "code": "BadRequest",
        "details": [{"message": "Ex1|Tasks.CommandNotFoundException|The term is not recognized"}],
    }
}


def record(index: int, count: int) -> dict[str, Any]:
    return {"Operations": "Set-Mailbox", "ResultIndex": index, "ResultCount": count}


def page(*rows: dict[str, Any]) -> Any:
    return says({"value": list(rows)})


def asked(*reactions: Any, **collect: Any) -> tuple[LedgerLine, Any]:
    run_, sent = run_of(*reactions, **{"app_cmdlet_days": 30, **collect})
    return read(run_, NAME, read_app_cmdlets), sent


def run_of(*reactions: Any, apps: int = 1, **collect: Any) -> tuple[Run, Any]:
    made = tenant(lambda *_: {}, **collect)
    sent = script(*reactions)
    made.exchange = service(sent.send, retries=0)
    made.exchange_base = "https://exo.test"
    domains = [{"name": "contoso.com"}, {"name": "contoso.onmicrosoft.com", "isInitial": True}]
    had(made, "organization", {"verifiedDomains": domains})
    holders = [app(f"sp{n}", appId=f"app-{n:03d}") for n in range(apps)]
    had(made, "service-principals", app("exo", appId=EXCHANGE), app("idle"), *holders)
    had(made, "app-role-assignments", *((each.id, "exo") for each in holders), ("idle", "graph"))
    had(made, "exchange-service-principals", "known-app", "")
    return made, sent


def test_off_by_default_and_no_gap() -> None:
    run_, sent = run_of()
    run_.exchange = None  # left out altogether: still nobody asked for it
    run(_read(run_, DATASETS[NAME], lambda _: None))
    line = run_.lines[NAME]
    assert (line.result, line.off, line.gap) == (Result.NOT_ASKED, True, False)
    assert "collect.app_cmdlet_days" in line.remedy
    assert sent.asks == []


def test_a_session_is_read_to_its_empty_end() -> None:
    line, sent = asked(page(record(1, 3), record(2, 3)), page(record(3, 3)), page())
    assert line.complete, line
    assert (line.rows, line.expected, line.pages) == (3, 3, 3)
    assert "no record is no proof" in line.notes[0]
    bodies = [ask.body["CmdletInput"]["Parameters"] for ask in sent.asks]
    assert bodies[0] == bodies[1] == bodies[2]
    assert bodies[0]["UserIds"] == [
        "contoso.onmicrosoft.com/app-000",
        "contoso.onmicrosoft.com/known-app",
    ]
    assert bodies[0]["StartDate"] == "2026-10-24 12:00:00z"
    assert bodies[0]["EndDate"] == "2026-11-23 12:00:00z"
    assert bodies[0]["SessionCommand"] == "ReturnLargeSet"


def test_many_applications_share_few_searches() -> None:
    line, sent = asked(page(record(1, 1)), page(), page(), apps=70)
    assert line.complete
    sessions = [ask.body["CmdletInput"]["Parameters"] for ask in sent.asks]
    assert [len(each["UserIds"]) for each in sessions] == [50, 50, 21]
    assert len({each["SessionId"] for each in sessions}) == 2


def test_nothing_found_is_complete_and_says_that_it_proves_nothing() -> None:
    line, _ = asked(page())
    assert line.complete
    assert (line.rows, line.expected) == (0, 0)
    assert "where auditing was off" in line.notes[0]


def test_the_bound_on_pages_makes_it_partial() -> None:
    line, sent = asked(page(record(1, 5), record(2, 5)), app_cmdlet_pages=1)
    assert line.result is Result.PARTIAL
    assert "2 of 5 records arrived" in line.cause
    assert "collect.app_cmdlet_pages" in line.remedy
    assert len(sent.asks) == 1
    line, _ = asked(page(record(1, 1)), page(), apps=70, app_cmdlet_pages=1)
    assert "before every application was searched" in line.cause


def test_a_lost_page_begins_the_session_anew() -> None:
    short = [page(record(1, 3)), page()]
    whole = [page(record(1, 3), record(2, 3)), page(record(3, 3)), page()]
    line, sent = asked(*short, *whole)
    assert line.complete, line
    assert line.rows == 3
    sessions = {ask.body["CmdletInput"]["Parameters"]["SessionId"] for ask in sent.asks}
    assert len(sessions) == 2
    line, _ = asked(*short, *short)
    assert line.result is Result.PARTIAL
    assert "1 of 3 records arrived" in line.cause


def test_a_search_the_service_gave_up_is_told() -> None:
    line, _ = asked(page(record(-1, 0)), page(record(-1, 0)))
    assert line.result is Result.PARTIAL
    assert "ran out of time" in line.cause


def test_a_hidden_cmdlet_is_a_refusal_with_the_role_to_give() -> None:
    line, sent = asked(says(HIDDEN, 400), apps=70)
    assert line.result is Result.REFUSED
    assert "View-Only Audit Logs" in line.remedy
    assert len(sent.asks) == 1  # the others would be refused too


def test_gaps_in_what_tells_the_applications_are_told() -> None:
    run_, _ = run_of(page(), app_cmdlet_days=1)
    line = run_.lines["app-role-assignments"]
    run_.lines["app-role-assignments"] = replace(line, result=Result.PARTIAL)
    line = read(run_, NAME, read_app_cmdlets)
    assert line.result is Result.PARTIAL
    assert "app-role-assignments is partial" in line.cause
    run_, sent = run_of(app_cmdlet_days=1)
    had(run_, "organization", {"verifiedDomains": None})
    line = read(run_, NAME, read_app_cmdlets)
    assert line.gap
    assert "initial domain" in line.cause
    assert sent.asks == []
