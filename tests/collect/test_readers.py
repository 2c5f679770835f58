"""How single datasets are read, with a tenant made of a dictionary."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import orjson
import pytest

from auditor.collect.certificates import Bucket, read_certificate_bytes
from auditor.collect.cmdlets import read_cmdlet, read_role_group_members
from auditor.collect.objects import (
    digest,
    read_app_role_assignments,
    read_application_owners,
    read_applications,
    read_federated_credentials,
    read_service_principals,
)
from auditor.collect.reading import Reading
from auditor.collect.roles import read_referenced_principals, read_role_assignments
from auditor.collect.run import Run, read_listing
from auditor.collect.stages import _READERS
from auditor.connect.credentials import Identity
from auditor.connect.urls import GraphUrls
from auditor.connect.wire import Answer, Ask
from auditor.datasets import DATASETS
from auditor.ledger import LedgerLine, Result
from auditor.settings import Collect, Settings
from tests.collect.fakes import BASE, Time, answer, run, says, script, service

TENANT = "11111111-2222-3333-4444-555555555555"
ME = Identity(TENANT, "me", "my-app", ("Application.Read.All",))
Handler = Callable[[str, dict[str, str], Ask], Any]  # path, query, ask -> body or (status, body)


def tenant(handler: Handler, time: Time | None = None, retries: int = 0, **collect: Any) -> Run:
    """A run whose Graph is `handler`; batches are taken apart for it."""

    def one(url: str, ask: Ask) -> tuple[int, Any]:
        parts = urlsplit(url)
        query = {unquote(name): each[0] for name, each in parse_qs(parts.query).items()}
        found = handler(parts.path.removeprefix("/v1.0"), query, ask)
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
        urls=GraphUrls(BASE),
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
    return digest({"id": id, "appId": f"{id}-app", "owners": [], **more})


def test_twenty_shown_owners_are_read_again() -> None:
    asked: list[str] = []

    def graph(path: str, query: dict[str, str], ask: Ask) -> Any:
        asked.append(path)
        if "$skip" in query:
            return {"value": [{"id": f"o{at}"} for at in range(20, 23)]}
        return {
            "value": [{"id": f"o{at}"} for at in range(20)],
            "@odata.nextLink": f"{BASE}{path}?$skip=20",
        }

    run_ = tenant(graph)
    shown = [{"id": f"o{at}"} for at in range(20)]
    had(run_, "applications", app("a", owners=shown), app("b", owners=shown[:19]), app("c"))
    line = read(run_, "application-owners", read_application_owners)
    assert line.complete
    assert line.rows == 23 + 19
    assert asked == ["/applications/a/owners"] * 2
    assert [page.of for page in run_.readings["application-owners"].stored] == ["a", "a"]  # type: ignore[attr-defined]


def test_a_failed_re_read_and_a_missing_list_make_owners_partial() -> None:
    run_ = tenant(lambda *_: (403, {"error": {"code": "No"}}))
    full = [{"id": f"o{at}"} for at in range(20)]
    had(
        run_,
        "applications",
        app("a", owners=full),
        app("b", owners=[{"id": "x"}]),
        app("c", owners=None),
    )
    line = read(run_, "application-owners", read_application_owners)
    assert line.result is Result.PARTIAL
    assert "without a list of owners" in line.cause
    assert line.rows == 1


def test_an_object_gone_meanwhile_has_no_owners() -> None:
    run_ = tenant(lambda *_: (404, {"error": {"code": "Request_ResourceNotFound"}}))
    had(run_, "applications", app("a", owners=[{"id": str(at)} for at in range(20)]))
    assert read(run_, "application-owners", read_application_owners).complete


def test_federated_credentials_are_counted_and_full_lists_read_again() -> None:
    def graph(path: str, query: dict[str, str], ask: Ask) -> Any:
        if path.endswith("$count"):
            return 2
        if path.endswith("/federatedIdentityCredentials"):
            return {"value": [{"id": str(at)} for at in range(25)]}
        full = [{"id": str(at)} for at in range(20)]
        return {
            "value": [
                {"id": "a", "federatedIdentityCredentials": full},
                {"id": "b", "federatedIdentityCredentials": full[:2]},
            ],
            "@odata.count": 2,
        }

    line = read(tenant(graph), "federated-credentials", read_federated_credentials)
    assert line.complete
    assert line.rows == 27


def test_a_property_the_cloud_does_not_know_is_left_out_once() -> None:
    selects: list[str] = []

    def graph(path: str, query: dict[str, str], ask: Ask) -> Any:
        selects.append(query["$select"])
        if "tenantType" in query["$select"]:
            return 400, {
                "error": {"code": "Request_BadRequest", "message": "no property tenantType"}
            }
        return {"value": [{"id": "t"}]}

    line = read(tenant(graph), "organization", read_listing)
    assert line.complete
    assert len(selects) == 2
    assert "tenantType" in line.notes[0]
    assert line.pages == 1


def test_another_400_is_no_reason_to_ask_again() -> None:
    line = read(tenant(lambda *_: (400, {"error": {"code": "Bad"}})), "organization", read_listing)
    assert line.result is Result.UNAVAILABLE
    assert line.requests == 1


def principals(*ids: str) -> Callable[..., Any]:
    items = [{"id": id, "appId": f"{id}-app", "owners": []} for id in ids]

    def graph(path: str, query: dict[str, str], ask: Ask) -> Any:
        return (
            len(items) if path.endswith("$count") else {"value": items, "@odata.count": len(items)}
        )

    return graph


def test_the_auditor_itself_must_be_among_the_service_principals() -> None:
    assert read(
        tenant(principals("x", "me")), "service-principals", read_service_principals
    ).complete
    line = read(tenant(principals("x")), "service-principals", read_service_principals)
    assert line.result is Result.PARTIAL
    assert "own service principal" in line.cause


def test_its_registration_must_be_among_the_applications_if_this_tenant_owns_it() -> None:
    for home, complete in ((TENANT, False), ("elsewhere", True)):
        run_ = tenant(principals("x"))
        own = {"id": "me", "appId": "my-app", "appOwnerOrganizationId": home}
        had(run_, "service-principals", digest(own))
        assert read(run_, "applications", read_applications).complete is complete


def test_its_own_permissions_must_be_among_the_grants() -> None:
    roles = [{"allowedMemberTypes": ["Application"]}]
    resource = digest(
        {"id": "g", "appId": "00000003-0000-0000-c000-000000000000", "appRoles": roles}
    )
    for holder, complete in (("ME", True), ("other", False)):
        rows = {"value": [{"id": "1", "principalId": holder, "resourceId": "G"}], "@odata.count": 1}
        run_ = tenant(lambda *_, rows=rows: rows)
        had(run_, "service-principals", resource)
        had(run_, "applications")
        line = read(run_, "app-role-assignments", read_app_role_assignments)
        assert line.complete is complete, line
        assert line.expected == 1


def test_too_many_other_apis_are_noted_not_asked() -> None:
    roles = [{"allowedMemberTypes": ["Application"]}]
    run_ = tenant(lambda *_: {"value": [], "@odata.count": 0})
    run_.me = Identity(TENANT)
    had(run_, "service-principals", *(app(str(at), appRoles=roles) for at in range(502)))
    had(run_, "applications", app("x", requiredResourceAccess=[{"resourceAppId": "7-app"}]))
    line = read(run_, "app-role-assignments", read_app_role_assignments)
    assert line.pages == 1
    assert "501 further APIs" in line.notes[0]


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
    for answered in ((403, {"error": {"code": "No"}}), {}):
        graph, _ = resolving(set(IDS[1:]), lambda _, answered=answered: answered)
        run_ = with_holders(tenant(graph), IDS)
        line = read(run_, "referenced-principals", read_referenced_principals)
        assert line.result is Result.PARTIAL
        assert line.expected == 1500


def test_ids_that_are_refused_one_by_one_too_are_refused() -> None:
    graph, _ = resolving(set(), lambda _: (403, {"error": {"code": "No"}}))
    run_ = with_holders(tenant(graph), IDS[:30])
    line = read(run_, "referenced-principals", read_referenced_principals)
    assert line.result is Result.REFUSED


ODD = [None, 0, "x", [], [None], [0], {}, [{}], [{"id": 5}], [{"keyId": 1, "type": 2}], True]


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
