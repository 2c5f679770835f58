"""Exchange."""

from __future__ import annotations

from typing import Any

import orjson

from auditor.collect.cmdlets import read_cmdlet, read_role_group_members
from auditor.collect.run import Run
from auditor.ledger import Result
from tests.collect.fakes import says, script, service
from tests.collect.tenants import had, read, tenant

NEXT = "https://exo.test/adminapi/beta/t/InvokeCommand?$skip=1"


def exchange(*reactions: Any, retries: int = 0) -> tuple[Run, Any]:
    run_ = tenant(lambda *_: {})
    sent = script(*reactions)
    run_.exchange = service(sent.send, retries=retries)
    run_.exchange_base = "https://exo.test"
    return run_, sent


def test_exchange_pages_by_sending_the_same_body_again() -> None:
    run_, sent = exchange(
        says({"value": [{"Name": "a"}], "@odata.nextLink": NEXT}), says({"value": [{"Name": "b"}]})
    )
    line = read(run_, "exchange-service-principals", read_cmdlet)
    assert line.complete
    assert line.rows == 2
    assert sent.asks[1].url == NEXT
    assert sent.asks[1].method == "POST"
    assert sent.asks[1].body == sent.asks[0].body


def test_exchange_starts_again_when_it_breaks_in_the_middle() -> None:
    first = says({"value": [{"Name": "a"}], "@odata.nextLink": NEXT})
    run_, _ = exchange(first, says(b"", 500), first, says({"value": [{"Name": "b"}]}))
    line = read(run_, "exchange-service-principals", read_cmdlet)
    assert line.complete
    assert (line.rows, line.pages, line.requests) == (2, 2, 4)
    run_, _ = exchange(first, says(b"", 500), first, says(b"", 500))
    assert read(run_, "exchange-service-principals", read_cmdlet).result is Result.PARTIAL


def test_members_that_do_not_fit_what_the_group_shows_are_told() -> None:
    run_, sent = exchange(
        says({"value": [{"Name": "m"}]}), says({"value": []}), says({"value": []})
    )
    had(run_, "exchange-role-groups", ("g1", 1), ("g2", 2), ("", 4))
    had(run_, "exchange-partner-role-groups", ("g1", 1))
    line = read(run_, "exchange-role-group-members", read_role_group_members)
    assert line.result is Result.PARTIAL
    assert line.expected == 3
    assert line.cause == "group g2 shows 2 members, 0 came"
    asked = [orjson.dumps(ask.body) for ask in sent.asks]
    assert all(b'"Identity":"g' in body for body in asked)
