"""Reading what is asked only where it is there, and the audit log within its bounds."""

from __future__ import annotations

from typing import Any

import pytest

from auditor.collect.access import read_agents, read_partners, read_relationships
from auditor.collect.activity import read_audits, read_credential_sign_ins
from auditor.connect.wire import Ask
from auditor.ledger import Result
from tests.collect.fakes import BASE
from tests.collect.tenants import app, had, read, tenant

AGENT = {"id": "agent", "@odata.type": "#microsoft.graph.agentIdentity"}
RECORD = {"id": "r1", "activityDateTime": "2026-11-20T08:00:00Z"}


def answering(*bodies: Any) -> tuple[Any, list[Ask]]:
    """Answers in order, the last one for ever, and keeps what was asked."""
    asked: list[Ask] = []

    def graph(path: str, query: dict[str, str], ask: Ask) -> Any:
        asked.append(ask)
        return bodies[min(len(asked), len(bodies)) - 1]

    return graph, asked


def test_partners_have_no_id_and_are_not_called_broken_for_it() -> None:
    graph, _ = answering({"value": [{"tenantId": "t1"}, {"tenantId": "t2"}]})
    line = read(tenant(graph), "cross-tenant-partners", read_partners)
    assert (line.result, line.rows) == (Result.COMPLETE, 2)


@pytest.mark.parametrize(
    ("organization", "result"),
    [
        ({"partnerTenantType": None}, Result.NOT_APPLICABLE),
        ({"partnerTenantType": "breadthPartner"}, Result.COMPLETE),
        ({}, Result.COMPLETE),  # it does not say: ask
    ],
)
def test_customers_are_asked_for_unless_the_tenant_says_it_is_no_partner(
    organization: dict[str, Any], result: Result
) -> None:
    graph, asked = answering({"value": []})
    run_ = tenant(graph)
    had(run_, "organization", organization)
    line = read(run_, "delegated-admin-relationships", read_relationships)
    assert line.result is result
    assert bool(asked) is (result is Result.COMPLETE)


def test_without_an_organization_customers_are_asked_for() -> None:
    graph, _ = answering((403, {"error": {"code": "Authorization_RequestDenied"}}))
    run_ = tenant(graph)
    had(run_, "organization", result=Result.REFUSED)
    line = read(run_, "delegated-admin-relationships", read_relationships)
    assert line.result is Result.REFUSED
    assert "DelegatedAdminRelationship.Read.All" in line.remedy


def test_agents_are_not_asked_for_where_a_whole_listing_shows_none() -> None:
    graph, asked = answering({"value": []})
    run_ = tenant(graph)
    had(run_, "service-principals", app("a"))
    line = read(run_, "agent-identities", read_agents)
    assert line.result is Result.NOT_APPLICABLE
    assert asked == []


@pytest.mark.parametrize("result", [Result.PARTIAL, Result.REFUSED])
def test_agents_are_asked_for_where_one_may_be_missing(result: Result) -> None:
    graph, asked = answering({"value": [], "@odata.count": 0}, b"0")
    run_ = tenant(graph)
    had(run_, "service-principals", app("a"), result=result)
    assert read(run_, "agent-identities", read_agents).result is Result.COMPLETE
    assert asked


def test_agents_are_read_without_sponsors_where_those_are_refused() -> None:
    graph, asked = answering(
        (400, {"error": {"code": "BadRequest", "message": "expand"}}),
        {"value": [AGENT], "@odata.count": 1},
        b"1",
    )
    run_ = tenant(graph)
    had(run_, "service-principals", app("a", **{"@odata.type": AGENT["@odata.type"]}))
    line = read(run_, "agent-identities", read_agents)
    assert (line.result, line.rows) == (Result.COMPLETE, 1)
    assert "sponsors" in line.notes[0]
    assert "$expand=" in asked[0].url
    assert "$expand=" not in asked[1].url


def test_a_credential_report_without_entries_says_nothing() -> None:
    graph, _ = answering({"value": []})
    line = read(tenant(graph), "credential-sign-ins", read_credential_sign_ins)
    assert line.result is Result.PARTIAL
    assert "tells nothing" in line.cause


def test_the_audit_log_is_asked_for_a_window_and_one_service() -> None:
    graph, asked = answering({"value": [RECORD]})
    line = read(tenant(graph, audit_days=7), "directory-audits", read_audits)
    assert line.result is Result.COMPLETE
    assert "activityDateTime%20ge%202026-11-16T12%3A00%3A00Z%20and%20logged" in asked[0].url
    assert "since 2026-11-16T12:00:00Z" in line.notes[0]
    assert "2026-11-20T08:00:00Z" in line.notes[1]


def test_a_service_that_does_not_know_the_second_condition_is_asked_without() -> None:
    graph, asked = answering((400, {"error": {"code": "BadRequest"}}), {"value": [RECORD]})
    line = read(tenant(graph), "directory-audits", read_audits)
    assert (line.result, line.rows) == (Result.COMPLETE, 1)
    assert "loggedByService" not in asked[1].url
    assert "does not filter" in line.notes[0]


def test_more_pages_than_allowed_are_told() -> None:
    numbers = iter(range(100))

    def graph(path: str, query: dict[str, str], ask: Ask) -> Any:
        number = next(numbers)
        link = f"{BASE}/auditLogs/directoryAudits?$skiptoken={number}"
        return {"value": [RECORD | {"id": f"r{number}"}], "@odata.nextLink": link}

    line = read(tenant(graph, audit_pages=3), "directory-audits", read_audits)
    assert (line.result, line.rows, line.requests) == (Result.PARTIAL, 3, 3)
    assert "3 pages were read, and there are more" in line.cause
    assert "collect.audit_pages" in line.remedy


def test_without_days_the_audit_log_is_left_out() -> None:
    graph, asked = answering({"value": []})
    line = read(tenant(graph, audit_days=0), "directory-audits", read_audits)
    assert line.result is Result.NOT_ASKED
    assert "collect.audit_days" in line.remedy
    assert asked == []
