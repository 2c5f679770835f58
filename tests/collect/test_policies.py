"""PIM and policies: one object instead of a list, one request per group, policy or API."""

from __future__ import annotations

from typing import Any

import pytest

from auditor.collect.pim import read_group_schedules, read_transitive_role_assignments
from auditor.collect.policies import (
    conditions,
    read_applies_to,
    read_grant_conditions,
    read_permission_classifications,
)
from auditor.collect.stages import reader_of
from auditor.connect.wire import Ask
from auditor.knowledge import GRAPH
from auditor.ledger import LedgerLine, Result
from tests.collect.tenants import app, had, read, tenant


def answering(body: Any) -> Any:
    """A tenant that gives every request the same answer."""
    return tenant(lambda path, query, ask: body)


@pytest.mark.parametrize(
    ("body", "result"),
    [
        ({"id": "authorizationPolicy"}, Result.COMPLETE),
        ({"isEnabled": None}, Result.COMPLETE),
        ({}, Result.REFUSED),
        ({"@odata.context": "x"}, Result.REFUSED),
        ({"value": [{"id": "a"}]}, Result.UNAVAILABLE),
        ((403, {"error": {"code": "No"}}), Result.REFUSED),
        ((404, {"error": {"code": "No"}}), Result.UNAVAILABLE),
    ],
)
def test_a_single_object_is_one_row_or_none(body: Any, result: Result) -> None:
    line = read(answering(body), "authorization-policy", reader_of("authorization-policy"))
    assert line.result is result
    assert line.rows == (result is Result.COMPLETE)
    assert bool(line.remedy) is (result is not Result.COMPLETE)


def test_each_role_group_is_asked_with_a_filter() -> None:
    asked: list[str] = []

    def graph(path: str, query: dict[str, str], ask: Ask) -> Any:
        asked.append(query["$filter"])
        return {"value": [{"id": f"{len(asked)}"}]}

    run_ = tenant(graph)
    had(run_, "role-assignments", "A", "u")
    had(run_, "role-eligibility", "b", result=Result.COMPLETE)
    had(run_, "referenced-principals", ("a", "group"), ("b", "group"), ("u", "user"))
    line = read(run_, "group-eligibility-schedules", read_group_schedules)
    assert line.complete
    assert asked == ["groupId eq 'a'", "groupId eq 'b'"]
    assert line.rows == 2


def test_without_role_groups_nothing_is_asked() -> None:
    run_ = answering((500, {}))
    had(run_, "role-assignments", "u")
    had(run_, "role-eligibility", result=Result.UNAVAILABLE)
    had(run_, "referenced-principals", ("u", "user"))
    line = read(run_, "group-assignment-schedules", read_group_schedules)
    assert line.complete
    assert line.requests == 0
    assert "no group holds a directory role" in line.notes


def test_roles_through_groups_are_asked_for_a_bounded_number() -> None:
    asked: list[str] = []

    def graph(path: str, query: dict[str, str], ask: Ask) -> Any:
        assert query["$count"] == "true"
        asked.append(query["$filter"])
        return {"value": [], "@odata.count": 0}

    run_ = tenant(graph)
    had(run_, "group-service-principals", *(f"{at:03}" for at in range(250)), "000")
    line = read(run_, "transitive-role-assignments", read_transitive_role_assignments)
    assert line.complete
    assert len(asked) == 200
    assert "50 further service principals" in line.notes[0]


def test_a_count_or_a_twin_that_does_not_fit_makes_it_partial() -> None:
    one = {"id": "1"}
    for body in ({"value": [one], "@odata.count": 2}, {"value": [one, one]}):
        run_ = answering(body)
        had(run_, "group-service-principals", "a")
        line = read(run_, "transitive-role-assignments", read_transitive_role_assignments)
        assert line.result is Result.PARTIAL, body
        assert line.cause


def test_a_policy_that_answers_404_is_not_taken_for_gone() -> None:
    run_ = answering((404, {"error": {"code": "Request_ResourceNotFound"}}))
    had(run_, "app-management-policies", "p")
    line = read(run_, "app-management-applies-to", read_applies_to)
    assert line.result is Result.UNAVAILABLE
    had(run_, "app-management-policies", result=Result.PARTIAL)
    line = read(run_, "app-management-applies-to", read_applies_to)
    assert line.result is Result.PARTIAL


def test_conditions_are_asked_where_they_did_not_come_or_may_be_cut() -> None:
    asked: list[str] = []

    def graph(path: str, query: dict[str, str], ask: Ask) -> Any:
        asked.append(path)
        return {"value": [{"id": "x"}]}

    twenty = [{"id": str(at)} for at in range(20)]
    policies: list[dict[str, Any]] = [
        {"id": "whole", "includes": twenty[:3]},
        {"id": "full", "includes": twenty},
        {"id": "linked", "includes": [], "includes@odata.nextLink": "https://x"},
        {"id": "null", "includes": None},
    ]
    run_ = tenant(graph)
    had(run_, "permission-grant-policies", *map(conditions, policies))
    line = read(run_, "permission-grant-includes", read_grant_conditions)
    told = [path.split("/")[3] for path in asked]
    assert told == ["full", "linked", "null"]
    assert line.complete
    assert line.rows == 3 + 3


def classified(others: int, **more: Any) -> tuple[LedgerLine, list[str]]:
    asked: list[str] = []

    def graph(path: str, query: dict[str, str], ask: Ask) -> Any:
        asked.append(path.split("/")[2])
        return {"value": []}

    run_ = tenant(graph)
    scopes = {"oauth2PermissionScopes": [{"id": "s"}]}
    quiet = app("quiet", oauth2PermissionScopes=[])
    principals = [quiet, app("untold", **more), app("graph", **scopes | {"appId": GRAPH})]
    principals += [app(f"o{at}", **scopes) for at in range(others)]
    had(run_, "service-principals", *principals)
    had(run_, "applications", app("client", requiredResourceAccess=[{"resourceAppId": "o0-app"}]))
    return read(run_, "permission-classifications", read_permission_classifications), asked


def test_every_api_with_delegated_permissions_is_asked() -> None:
    line, asked = classified(3)
    assert line.complete
    assert sorted(asked) == ["graph", "o0", "o1", "o2", "untold"]


def test_too_many_apis_make_it_partial_but_the_named_are_asked() -> None:
    line, asked = classified(600)
    assert line.result is Result.PARTIAL
    assert "were not asked" in line.cause
    assert asked == ["graph", "o0"]


def test_members_that_come_twice_without_a_count_do_not_stop_the_run() -> None:
    body = {"value": [{"id": "u"}, {"id": "u"}]}
    run_ = answering(body)
    had(run_, "applications", app("a", owners=[{"id": str(at)} for at in range(20)]))
    line = read(run_, "application-owners", reader_of("application-owners"))
    assert line.result is Result.PARTIAL
    assert "came twice" in line.cause
