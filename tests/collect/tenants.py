"""A run against a tenant made of a function."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from auditor.collect.objects import (
    digest,
)
from auditor.collect.reading import Reading
from auditor.collect.run import Run
from auditor.connect.identity import Identity
from auditor.connect.urls import GraphUrls
from auditor.connect.wire import Answer, Ask
from auditor.datasets import DATASETS
from auditor.ledger import LedgerLine, Result
from auditor.settings import Collect, Settings
from tests.collect.fakes import BASE, Time, answer, run, service

TENANT = "11111111-2222-3333-4444-555555555555"
ME = Identity(TENANT, "me", "my-app", ("Application.Read.All",))
Handler = Callable[[str, dict[str, str], Ask], Any]  # path, query, ask -> body or (status, body)


def tenant(handler: Handler, time: Time | None = None, retries: int = 0, **collect: Any) -> Run:
    """A run whose Graph is `handler`; batches are taken apart for it."""

    def one(url: str, ask: Ask) -> tuple[int, Any]:
        parts = urlsplit(url)
        query = {unquote(name): each[0] for name, each in parse_qs(parts.query).items()}
        found = handler(parts.path.removeprefix("/v1.0").removeprefix("/beta"), query, ask)
        return found if isinstance(found, tuple) else (200, found)

    async def send(ask: Ask) -> Answer:
        if ask.url.endswith("/$batch") and ask.body is not None:
            responses = []
            for each in ask.body["requests"]:
                status, body = one(each["url"], ask)
                responses.append({"id": each["id"], "status": status, "body": body})
            return answer(ask, {"responses": responses})
        status, body = one(ask.url, ask)
        return answer(ask, body, status)

    time = time or Time()
    return Run(
        settings=replace(Settings(), collect=Collect(**collect)),
        clock=time.clock,
        say=lambda _: None,
        me=ME,
        graph=service(send, time, retries=retries),
        urls=GraphUrls(BASE.removesuffix("/v1.0")),
    )


def had(run_: Run, name: str, *kept: Any, result: Result = Result.COMPLETE) -> None:
    """Pretends that a dataset was read before."""
    run_.readings[name] = Reading(DATASETS[name], kept=list(kept))
    run_.lines[name] = LedgerLine(name, result)
    run_.done[name].set()


def read(run_: Run, name: str, reader: Any) -> LedgerLine:
    reading = run_.readings[name] = Reading(DATASETS[name])
    run(reader(run_, reading))
    return reading.line(run_.me.roles)


def app(id: str, **more: Any) -> Any:
    return digest({"id": id, "appId": f"{id}-app", "owners": [], "appRoles": [], **more})
