"""Roles, referenced principals, certificates and odd values."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from auditor.collect.certificates import Bucket, read_certificate_bytes
from auditor.collect.objects import (
    digest,
)
from auditor.collect.reading import Reading
from auditor.collect.roles import read_referenced_principals, read_role_assignments
from auditor.collect.run import Run
from auditor.collect.stages import _READERS
from auditor.connect.wire import Ask
from auditor.datasets import DATASETS
from auditor.ledger import Result
from tests.collect.fakes import Time, run
from tests.collect.tenants import Handler, app, had, read, tenant


def test_role_assignments_fall_back_to_a_filter() -> None:
    def graph(path: str, query: dict[str, str], ask: Ask) -> Any:
        if "$filter" not in query:
            return 400, {"error": {"code": "Request_BadRequest", "message": "filter is required"}}
        role = query["$filter"].split("'")[1]
        return {"value": [{"id": f"{role}-1", "principalId": "p"}]}

    run_ = tenant(graph)
    had(run_, "role-definitions", *(f"r{at}" for at in range(30)))
    line = read(run_, "role-assignments", read_role_assignments)
    assert line.complete
    assert line.rows == 30
    assert line.requests == 1 + 2
    refused = tenant(graph)
    had(refused, "role-definitions", result=Result.REFUSED)
    assert read(refused, "role-assignments", read_role_assignments).result is Result.UNAVAILABLE


def with_holders(run_: Run, ids: list[str]) -> Run:
    had(run_, "service-principals", app("sp"))
    had(run_, "application-owners", *ids)
    had(run_, "service-principal-owners")
    had(run_, "role-assignments", "sp", *ids[:1])
    had(run_, "role-eligibility", result=Result.UNAVAILABLE)
    return run_


def resolving(here: set[str], alone: Callable[[str], Any]) -> tuple[Handler, list[int]]:
    """getByIds knows `here`; asked for one by one, `alone` answers."""
    asked: list[int] = []

    def graph(path: str, query: dict[str, str], ask: Ask) -> Any:
        if not path.endswith("getByIds"):
            return alone(path.rsplit("/", 1)[1])
        assert ask.body is not None
        asked.append(len(ask.body["ids"]))
        return {"value": [{"id": id} for id in ask.body["ids"] if id in here]}

    return graph, asked


def _always(answered: Any, _: str) -> Any:
    return answered


IDS = [f"{at:04}" for at in range(1500)]
GONE = (404, {"error": {"code": "Request_ResourceNotFound"}})


def test_ids_are_resolved_a_thousand_at_a_time() -> None:
    graph, asked = resolving(set(IDS), lambda _: GONE)
    line = read(
        with_holders(tenant(graph), IDS), "referenced-principals", read_referenced_principals
    )
    assert asked == [1000, 500]
    assert line.complete
    assert (line.rows, line.expected) == (1500, 1500)


def test_only_a_404_proves_that_an_object_is_gone() -> None:
    graph, _ = resolving(set(IDS[1:]), lambda _: GONE)
    line = read(
        with_holders(tenant(graph), IDS), "referenced-principals", read_referenced_principals
    )
    assert line.complete
    assert (line.rows, line.expected) == (1499, 1499)
    assert "1 of the objects referred to no longer exist" in line.notes
    graph, _ = resolving(set(IDS[1:]), lambda one: {"id": one})
    line = read(
        with_holders(tenant(graph), IDS), "referenced-principals", read_referenced_principals
    )
    assert line.complete
    assert line.rows == 1500
    answers: list[Any] = [(403, {"error": {"code": "No"}}), {}]
    for answered in answers:
        graph, _ = resolving(set(IDS[1:]), partial(_always, answered))
        run_ = with_holders(tenant(graph), IDS)
        line = read(run_, "referenced-principals", read_referenced_principals)
        assert line.result is Result.PARTIAL
        assert line.expected == 1500


def test_ids_that_are_refused_one_by_one_too_are_refused() -> None:
    graph, _ = resolving(set(), lambda _: (403, {"error": {"code": "No"}}))
    run_ = with_holders(tenant(graph), IDS[:30])
    line = read(run_, "referenced-principals", read_referenced_principals)
    assert line.result is Result.REFUSED


ODD: list[Any] = [
    None,
    0,
    "x",
    [],
    [None],
    [0],
    {},
    [{}],
    [{"id": 5}],
    [{"keyId": 1, "type": 2}],
    True,
]


@pytest.mark.parametrize("odd", ODD, ids=str)
@pytest.mark.parametrize(
    "name", [name for name, each in DATASETS.items() if each.service == "graph"]
)
def test_odd_values_never_stop_a_reading(name: str, odd: Any) -> None:
    dataset = DATASETS[name]
    names = {*dataset.select, "owners", "members", "federatedIdentityCredentials", "principalId"}
    item = {**dict.fromkeys(names, odd), "id": "a", "@odata.type": odd}
    roles = odd if name == "app-role-assignments" else [{"allowedMemberTypes": odd}]
    had_item = app("a", owners=odd, keyCredentials=odd, requiredResourceAccess=odd, appRoles=roles)

    def graph(path: str, query: dict[str, str], ask: Ask) -> Any:
        return 1 if path.endswith("$count") else {"value": [item, odd], "keyCredentials": odd}

    run_ = tenant(graph)
    kept: dict[str, Any] = {"role-definitions": "a", "app-role-assignments": ("a", "a")}
    for other in {*dataset.needs, *dataset.after, "service-principals"} - {name}:
        had(run_, other, kept.get(other, "a"))
    for other in ("applications", "service-principals"):
        had(run_, other, had_item)
    run_.readings["referenced-principals"] = Reading(
        DATASETS["referenced-principals"], kept=[("a", True)]
    )
    line = read(run_, name, _READERS[name])
    assert line.result in Result


def certificates(ids: range) -> list[Any]:
    return [
        app(f"a{at}", keyCredentials=[{"keyId": f"k{at}", "type": "AsymmetricX509Cert"}])
        for at in ids
    ]


def test_certificates_keep_to_150_a_minute_and_the_privileged_come_first() -> None:
    time = Time()
    order: list[str] = []

    def graph(path: str, query: dict[str, str], ask: Ask) -> Any:
        id = path.rsplit("/", 1)[1]
        order.append(id)
        return {"id": id, "keyCredentials": [{"keyId": "k" + id[1:], "key": "x"}]}

    run_ = tenant(graph, time, certificate_minutes=2)
    had(run_, "applications", *certificates(range(600)))
    had(
        run_,
        "service-principals",
        digest({"id": "sp9", "appId": "a9-app"}),
        digest({"id": "sp8", "appId": "a8-app"}),
    )
    had(run_, "role-assignments", "SP9")
    had(run_, "app-role-assignments", ("sp8", "g"))
    had(run_, "role-eligibility")
    line = read(run_, "certificate-bytes", read_certificate_bytes)
    assert order[:2] == ["a9", "a8"]
    assert 150 + 2 * 150 - 1 <= line.rows <= 150 + 2 * 150
    assert line.result is Result.PARTIAL
    assert f"{600 - line.rows} of 600 objects were not read within 2 minutes" in line.cause
    assert time.at <= 120


@pytest.mark.parametrize(
    "body", [{"id": "a0"}, {"id": "a0", "keyCredentials": [{"keyId": "k0", "key": None}]}]
)
def test_certificates_without_bytes_are_told(body: dict[str, Any]) -> None:
    run_ = tenant(lambda *_: body)
    had(run_, "applications", *certificates(range(1)))
    for name in (
        "service-principals",
        "role-assignments",
        "app-role-assignments",
        "role-eligibility",
    ):
        had(run_, name)
    line = read(run_, "certificate-bytes", read_certificate_bytes)
    assert line.result is Result.PARTIAL
    assert "without their bytes" in line.cause


def test_a_bucket_fills_up_with_time() -> None:
    time = Time()
    bucket = Bucket(time.clock, rate=2.5, size=150, tokens=1, at=0)
    run(bucket.take())
    assert bucket.delay() == pytest.approx(0.4)
    time.at = 1000
    assert bucket.delay() == 0
    assert bucket.tokens == 150
