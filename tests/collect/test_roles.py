"""Roles, referenced principals, certificates and odd values."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import orjson
import pytest

from auditor.collect.certificates import read_certificate_bytes
from auditor.collect.objects import (
    digest,
)
from auditor.collect.pace import Bucket
from auditor.collect.policies import conditions
from auditor.collect.reading import Reading
from auditor.collect.roles import (
    read_group_members,
    read_referenced_principals,
    read_role_assignments,
)
from auditor.collect.run import Run
from auditor.collect.stages import reader_of
from auditor.connect.wire import Answer, Ask
from auditor.datasets import DATASETS
from auditor.ledger import Result
from auditor.snapshot import Page, Snapshot
from tests.collect.fakes import Time, answer, run
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
    # Whom consents are for may stay unknown without a doubt about who holds a role.
    had(run_, "delegated-grants", result=Result.REFUSED)
    return run_


def user(id: str) -> dict[str, Any]:
    return {"@odata.type": "#microsoft.graph.user", "id": id}


def resolving(here: set[str], alone: Callable[[str], Any]) -> tuple[Handler, list[int]]:
    """getByIds knows `here`; asked for one by one, `alone` answers."""
    asked: list[int] = []

    def graph(path: str, query: dict[str, str], ask: Ask) -> Any:
        if not path.endswith("getByIds"):
            return alone(path.rsplit("/", 1)[1])
        assert ask.body is not None
        asked.append(len(ask.body["ids"]))
        return {"value": [user(id) for id in ask.body["ids"] if id in here]}

    return graph, asked


def _always(answered: Any, _: str) -> Any:
    return answered


_OBJECT = "#microsoft.graph.directoryObject"
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
    graph, _ = resolving(set(IDS[1:]), user)
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


def test_a_batch_that_is_not_there_proves_nothing() -> None:
    run_ = with_holders(tenant(lambda *_: {"value": []}), IDS[:3])
    send = run_.graph.send

    async def failing(ask: Ask) -> Answer:
        return answer(ask, GONE[1], 404) if ask.url.endswith("/$batch") else await send(ask)

    run_.graph.send = failing
    line = read(run_, "referenced-principals", read_referenced_principals)
    assert line.result is Result.UNAVAILABLE
    assert line.expected == 3


@pytest.mark.parametrize(
    "told", [{}, {"@odata.type": None}, {"@odata.type": "group"}, {"@odata.type": _OBJECT}], ids=str
)
@pytest.mark.parametrize("at_once", [True, False])
def test_an_object_that_does_not_tell_its_type_could_be_a_group(
    told: dict[str, Any], at_once: bool
) -> None:
    def graph(path: str, query: dict[str, str], ask: Ask) -> Any:
        item = {"id": "b", **told}
        if path.endswith("getByIds"):
            return {"value": [user("a"), *[item] * at_once]}
        return item

    line = read(
        with_holders(tenant(graph), ["a", "b"]), "referenced-principals", read_referenced_principals
    )
    assert line.result is Result.PARTIAL
    assert line.cause == "1 objects came without their type"


def test_a_service_principal_that_its_listing_lacks_is_told() -> None:
    item = {"@odata.type": "#microsoft.graph.servicePrincipal", "id": "b"}
    run_ = with_holders(tenant(lambda *_: {"value": [item]}), ["b"])
    line = read(run_, "referenced-principals", read_referenced_principals)
    assert line.cause == "service-principals lacks 1 of them, such as b"
    run_ = tenant(lambda *_: {"value": [{"id": "SP"}, {"id": "new"}], "@odata.count": 2})
    had(run_, "referenced-principals", ("g", "group"))
    with_holders(run_, ["g"])
    assert read(run_, "group-members", read_group_members).complete
    line = read(run_, "group-service-principals", read_group_members)
    assert line.cause == "service-principals lacks 1 of them, such as new"


@pytest.mark.parametrize("type_", ["#microsoft.graph.group", "#Microsoft.Graph.GROUP"])
def test_every_group_that_holds_a_role_is_asked_for_its_members(type_: str) -> None:
    asked: list[str] = []

    def graph(path: str, query: dict[str, str], ask: Ask) -> Any:
        if path.endswith("getByIds"):
            return {"value": [{"@odata.type": type_, "id": id} for id in ("A", "b", "c")]}
        asked.append(path)
        return {"value": [], "@odata.count": 0}

    run_ = with_holders(tenant(graph), ["a", "c"])
    had(run_, "role-eligibility", "B")
    line = read(run_, "referenced-principals", read_referenced_principals)
    assert line.complete
    run_.lines["referenced-principals"] = line
    assert read(run_, "group-members", read_group_members).complete
    assert asked == ["/groups/a/transitiveMembers", "/groups/b/transitiveMembers"]


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
    kept: dict[str, Any] = {
        "role-definitions": "a",
        "app-role-assignments": ("a", "a"),
        "organization": {"partnerTenantType": odd},
        "permission-grant-policies": conditions({"id": "a", "includes": odd, "excludes": odd}),
    }
    for other in {*dataset.needs, *dataset.after, "service-principals"} - {name}:
        had(run_, other, kept.get(other, "a"))
    for other in ("applications", "service-principals"):
        had(run_, other, had_item)
    run_.readings["referenced-principals"] = Reading(
        DATASETS["referenced-principals"], kept=[("a", "group")]
    )
    line = read(run_, name, reader_of(name))
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


@pytest.mark.parametrize(("probe", "complete"), [(404, True), (200, False), (403, False)])
def test_an_object_with_certificates_is_gone_only_if_it_is_nowhere(
    probe: int, complete: bool
) -> None:
    def graph(path: str, query: dict[str, str], ask: Ask) -> Any:
        if path == "/applications/a0":
            return {"id": "a0", "keyCredentials": [{"keyId": "k0", "key": "x"}]}
        return (probe, {"id": "a1"}) if path.startswith("/directoryObjects/") else GONE

    run_ = tenant(graph)
    had(run_, "applications", *certificates(range(2)))
    for name in ("service-principals", *DATASETS["certificate-bytes"].after):
        had(run_, name)
    line = read(run_, "certificate-bytes", read_certificate_bytes)
    assert line.complete is complete
    assert (line.rows, line.expected) == (1, 1 if complete else 2)


KEY = {
    "keyId": "K0",
    "customKeyIdentifier": "AAAA",
    "startDateTime": "2026-01-01T00:00:00Z",
    "endDateTime": "2027-01-01T00:00:00Z",
    "type": "AsymmetricX509Cert",
    "usage": "Verify",
}


@pytest.mark.parametrize("changed", [None, *KEY])
def test_bytes_are_reused_only_for_the_very_same_certificate(
    changed: str | None, tmp_path: Path
) -> None:
    body = orjson.dumps({"id": "a", "keyCredentials": [{**KEY, "key": "old"}]})
    page = Page(1, "certificate-bytes", "GET", "u", 200, "", "", len(body), of="a")
    now = {**KEY, **({changed: "other"} if changed else {})}
    run_ = tenant(lambda *_: {"id": "a", "keyCredentials": [{**now, "key": "new"}]})
    run_.earlier = Snapshot(tmp_path / "earlier", "0", {}, (page,), (), {1: body})
    had(run_, "applications", app("a", keyCredentials=[now]))
    for name in ("service-principals", *DATASETS["certificate-bytes"].after):
        had(run_, name)
    line = read(run_, "certificate-bytes", read_certificate_bytes)
    assert line.complete
    assert line.requests == bool(changed)


def test_a_bucket_fills_up_with_time() -> None:
    time = Time()
    bucket = Bucket(time.clock, rate=2.5, size=150, tokens=1, at=0)
    run(bucket.take())
    assert bucket.delay() == pytest.approx(0.4)
    time.at = 1000
    assert bucket.delay() == 0
    assert bucket.tokens == 150
