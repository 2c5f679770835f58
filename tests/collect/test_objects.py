"""Applications, service principals and what hangs on them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from auditor.collect.objects import (
    digest,
    rated_resources,
    read_app_role_assignments,
    read_application_owners,
    read_applications,
    read_federated_credentials,
    read_service_principals,
)
from auditor.collect.run import read_listing
from auditor.connect.identity import Identity
from auditor.connect.wire import Ask
from auditor.knowledge import GRAPH, permissions
from auditor.ledger import LedgerLine, Result
from tests.collect.fakes import BASE
from tests.collect.tenants import TENANT, app, had, read, tenant


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


def test_for_a_user_microsoft_graph_is_the_witness_not_the_client() -> None:
    """Microsoft's own clients, such as the Azure CLI's, may have no service principal here."""
    user = Identity(
        TENANT, "a-user", "no-principal", scopes=("Application.Read.All",), delegated=True
    )

    def listed(app_id: str) -> LedgerLine:
        item = {"id": "x", "appId": app_id}
        run_ = tenant(
            lambda path, *_: 1 if path.endswith("$count") else {"value": [item], "@odata.count": 1}
        )
        run_.me = user
        return read(run_, "service-principals", read_service_principals)

    assert listed(GRAPH).complete
    line = listed("x-app")
    assert line.result is Result.PARTIAL
    assert "Microsoft Graph's own service principal" in line.cause


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


def test_too_many_other_apis_are_told_not_asked() -> None:
    roles = [{"allowedMemberTypes": ["Application"]}]
    run_ = tenant(lambda *_: {"value": [], "@odata.count": 0})
    run_.me = Identity(TENANT)
    had(run_, "service-principals", *(app(str(at), appRoles=roles) for at in range(502)))
    had(run_, "applications", app("x", requiredResourceAccess=[{"resourceAppId": "7-app"}]))
    line = read(run_, "app-role-assignments", read_app_role_assignments)
    assert line.pages == 1
    assert line.result is Result.PARTIAL
    assert "501 further APIs" in line.cause


RATED = "0af06dc6-e4b5-4f28-818e-e78e62d137a5"  # rated only in permissions.csv


@pytest.mark.parametrize("roles", [None, [], [{"allowedMemberTypes": ["User"]}], "drop"])
def test_a_rated_api_is_asked_whatever_it_says_of_its_roles(roles: Any) -> None:
    asked: list[str] = []

    def graph(path: str, query: dict[str, str], ask: Ask) -> Any:
        asked.append(path)
        return {"value": [], "@odata.count": 0}

    run_ = tenant(graph)
    run_.me = Identity(TENANT)
    told = {} if roles == "drop" else {"appRoles": roles}
    had(run_, "service-principals", digest({"id": "r", "appId": RATED.upper(), **told}), app("x"))
    had(run_, "applications")
    line = read(run_, "app-role-assignments", read_app_role_assignments)
    assert asked == ["/servicePrincipals/r/appRoleAssignedTo"]
    assert line.complete is isinstance(roles, list)
    assert line.complete or line.cause == "service principals came without a list of appRoles: r"


def test_every_rated_resource_is_known() -> None:
    assert {resource for resource, _ in permissions()} <= rated_resources()
    assert "00000007-0000-0ff1-ce00-000000000000" in rated_resources()


def gone_where(*paths: str) -> Callable[..., Any]:
    """Lists one row on two pages; what begins with one of `paths` answers 404."""

    def graph(path: str, query: dict[str, str], ask: Ask) -> Any:
        full = f"{path}?skip" if "$skip" in query else path
        if full.startswith(paths):
            return 404, {"error": {"code": "Request_ResourceNotFound"}}
        if path.startswith("/directoryObjects/"):
            return {"id": path.rsplit("/", 1)[1]}
        if "$skip" in query:
            return {"value": [{"id": f"{path}1"}]}
        return {
            "value": [],
            "@odata.count": 1,
            "@odata.nextLink": f"{BASE}{path}?$skip=1",
        }

    return graph


@pytest.mark.parametrize(
    ("paths", "rated", "complete"),
    [
        (("/servicePrincipals/b/", "/directoryObjects/b"), False, True),
        (("/servicePrincipals/b/",), False, False),
        (("/servicePrincipals/b/appRoleAssignedTo?skip", "/directoryObjects/b"), False, False),
        (("/servicePrincipals/b/", "/directoryObjects/b"), True, False),
    ],
)
def test_an_api_is_gone_only_if_it_is_not_rated_and_nowhere(
    paths: tuple[str, ...], rated: bool, complete: bool
) -> None:
    roles = [{"allowedMemberTypes": ["Application"]}]
    run_ = tenant(gone_where(*paths))
    run_.me = Identity(TENANT)
    api = app("b", appRoles=roles, **({"appId": RATED} if rated else {}))
    had(run_, "service-principals", app("a", appRoles=roles), api)
    had(run_, "applications")
    line = read(run_, "app-role-assignments", read_app_role_assignments)
    assert line.complete is complete, line
    assert line.rows == 1
    assert complete == ("1 of the objects asked about no longer exist" in line.notes)
    stored: list[Any] = run_.readings["app-role-assignments"].stored
    probes = [each.answer.status for each in stored if "/directoryObjects/" in each.answer.ask.url]
    assert probes == [404] * complete  # what is there is no row
