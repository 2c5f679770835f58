from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.emulator.conftest import EVENTUAL, Client

GRAPH = "/servicePrincipals(appId='00000003-0000-0000-c000-000000000000')"


def test_pages_hold_what_was_asked_and_end(sick: Client) -> None:
    first = sick.get("/applications?$select=id&$top=10").json()
    assert len(first["value"]) == 10
    assert first["@odata.nextLink"].startswith(sick.emulator.url)
    assert "$select=id" in first["@odata.nextLink"]
    everything = sick.items("/applications?$select=id&$top=10")
    expected = [item["id"] for item in sick.emulator.tenant.applications]
    assert [item["id"] for item in everything] == expected
    assert all(set(item) - {"@odata.type"} == {"id"} for item in everything)


def test_the_default_page_has_a_hundred_items(sick: Client) -> None:
    page = sick.get("/roleManagement/directory/roleDefinitions").json()
    assert len(page["value"]) == 100
    assert len(sick.items("/roleManagement/directory/roleDefinitions?$top=999")) == 145


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/applications?$top=1000", "Request_BadRequest"),
        ("/applications?$top=0", "Request_BadRequest"),
        ("/applications?$select=nonsense", "Request_BadRequest"),
        ("/servicePrincipals?$select=id,web", "Request_BadRequest"),
        ("/applications?$expand=owners,federatedIdentityCredentials", "Request_BadRequest"),
        ("/applications?$expand=nonsense", "Request_BadRequest"),
        ("/applications?$expand=owners($expand=owners)", "Request_BadRequest"),
        ("/applications?$skiptoken=stolen", "Request_BadRequest"),
        ("/applications?$orderby=displayName", "Request_UnsupportedQuery"),
        ("/applications?$filter=notes eq 'x'", "Request_UnsupportedQuery"),
        ("/applications?$filter=startswith(displayName,'x')", "Request_UnsupportedQuery"),
        ("/applications/$count", "Request_UnsupportedQuery"),
    ],
)
def test_queries_the_service_refuses(sick: Client, path: str, code: str) -> None:
    answer = sick.get(path)
    assert answer.status_code == 400
    error = answer.json()["error"]
    assert error["code"] == code
    assert error["innerError"]["request-id"] == answer.headers["request-id"]


def test_a_count_needs_the_header_and_comes_once(sick: Client) -> None:
    total = len(sick.emulator.tenant.applications)
    plain = sick.get("/applications?$count=true").json()
    assert "@odata.count" not in plain
    first = sick.get("/applications?$count=true&$top=30", EVENTUAL).json()
    assert first["@odata.count"] == total
    refused = sick.get(first["@odata.nextLink"])
    assert refused.json()["error"]["code"] == "Request_UnsupportedQuery"
    second = sick.get(first["@odata.nextLink"], EVENTUAL).json()
    assert "@odata.count" not in second
    answer = sick.get("/applications/$count", EVENTUAL)
    assert answer.text == str(total)
    assert answer.headers["content-type"] == "text/plain"


def test_certificate_bytes_come_for_single_objects_only(sick: Client) -> None:
    listed = sick.items("/applications?$select=id,keyCredentials&$top=999")
    keys = [key for item in listed for key in item["keyCredentials"]]
    assert keys
    assert all(key["key"] is None for key in keys)
    one = next(item["id"] for item in listed if item["keyCredentials"])
    assert sick.get(f"/applications/{one}").json()["keyCredentials"][0]["key"] is None
    single = sick.get(f"/applications/{one}?$select=keyCredentials").json()
    assert single["keyCredentials"][0]["key"].startswith("MII")


def test_expand_stops_at_twenty_without_a_link(sick: Client) -> None:
    robot = sick.emulator.tenant.named("Consent Robot", "application")
    listed = sick.items("/applications?$select=id&$expand=owners($select=id,displayName)&$top=999")
    found = next(item for item in listed if item["id"] == robot["id"])
    assert len(found["owners"]) == 20
    assert set(found["owners"][0]) == {"id", "displayName", "@odata.type"}
    assert not [key for key in found if "nextLink" in key]
    assert len(sick.items(f"/applications/{robot['id']}/owners")) == 25


def test_group_members_hide_service_principals_until_cast(sick: Client) -> None:
    tenant = sick.emulator.tenant
    group = tenant.named("Tier 0 Automation", "group")["id"]
    worker = tenant.named("Identity Sync Worker")["id"]
    assert sick.items(f"/groups/{group}/members") == []
    cast = f"/groups/{group}/transitiveMembers/microsoft.graph.servicePrincipal"
    assert sick.get(cast).status_code == 400
    assert [m["id"] for m in sick.items(f"{cast}?$count=true", EVENTUAL)] == [worker]
    staff = tenant.named("All Staff", "group")["id"]
    kinds = {m["@odata.type"] for m in sick.items(f"/groups/{staff}/transitiveMembers")}
    assert kinds == {"#microsoft.graph.group", "#microsoft.graph.user"}


def test_directory_roles_are_activated_ones_and_do_not_page(sick: Client) -> None:
    answer = sick.get("/directoryRoles?$expand=members").json()
    by_name = {role["displayName"]: role for role in answer["value"]}
    admins = by_name["Global Administrator"]
    assert admins["roleTemplateId"] == "62e90394-69f5-4237-9190-012177145e10"
    assert admins["id"] != admins["roleTemplateId"]
    assert {m["displayName"] for m in admins["members"]} >= {"Ada Lovelace", "Exchange Master"}
    assert sick.get("/directoryRoles?$top=5").status_code == 400


def test_role_assignments_filter_and_expand(sick: Client) -> None:
    path = "/roleManagement/directory/roleAssignments"
    everything = sick.items(f"{path}?$expand=principal")
    assert any(item["principal"] is None for item in everything)
    reader = "f2ef992c-3afb-46b9-b7cf-a126ee74c451"
    readers = sick.items(f"{path}?$filter=roleDefinitionId eq '{reader}'")
    assert len(readers) == 2
    one = everything[0]["principalId"]
    assert sick.items(f"{path}?$filter=principalId eq '{one}'")


def test_who_holds_permissions_of_a_resource(sick: Client) -> None:
    page = sick.get(f"{GRAPH}/appRoleAssignedTo?$count=true&$top=5", EVENTUAL).json()
    everything = sick.items(f"{GRAPH}/appRoleAssignedTo?$top=5")
    assert page["@odata.count"] == len(everything) > 5
    assert sick.get(f"{GRAPH}/appRoleAssignedTo/$count", EVENTUAL).text == str(len(everything))
    one = everything[0]["principalId"]
    own = sick.items(f"/servicePrincipals/{one}/appRoleAssignments")
    assert everything[0] in own


def test_get_by_ids_leaves_out_what_is_unknown(sick: Client) -> None:
    tenant = sick.emulator.tenant
    wanted = [tenant.users[0]["id"], tenant.applications[0]["id"], tenant.groups[0]["id"]]
    body = {"ids": [*wanted, "11111111-1111-1111-1111-111111111111"]}
    found = sick.post("/directoryObjects/getByIds", body).json()["value"]
    assert [item["id"] for item in found] == wanted
    typed = sick.post("/directoryObjects/getByIds?$select=id", {**body, "types": ["user"]})
    assert typed.json()["value"] == [{"id": wanted[0], "@odata.type": "#microsoft.graph.user"}]
    assert typed.headers["x-ms-resource-unit"] == "2"
    too_many = {"ids": ["x"] * 1001}
    assert sick.post("/directoryObjects/getByIds", too_many).status_code == 400


def test_what_is_not_there_and_what_would_write(sick: Client) -> None:
    missing = "/applications/11111111-1111-1111-1111-111111111111"
    assert sick.get(missing).json()["error"]["code"] == "Request_ResourceNotFound"
    assert sick.get("/nonsense").status_code == 404
    assert sick.get("//applications").status_code == 404
    assert sick.post("/applications", {"displayName": "x"}).status_code == 403
    assert sick.post("/users", {}).status_code == 405
    record = sick.emulator.requests[-1]
    assert (record.method, record.path, record.status) == ("POST", "/v1.0/users", 405)
    beta = sick.http.get("/beta/organization", headers={"Authorization": f"Bearer {sick.token()}"})
    assert beta.status_code == 404


def test_a_token_must_be_good_and_for_graph(sick: Client) -> None:
    assert sick.http.get("/v1.0/applications").status_code == 401
    for token in ("rubbish", sick.token("https://outlook.office365.com")):
        answer = sick.get("/applications", {"Authorization": f"Bearer {token}"})
        assert answer.status_code == 401
        assert answer.json()["error"]["code"] == "InvalidAuthenticationToken"


def test_every_answer_has_the_services_headers(sick: Client) -> None:
    answer = sick.get("/organization", {"client-request-id": "mine"})
    assert answer.headers["client-request-id"] == "mine"
    assert answer.headers["x-ms-resource-unit"] == "1"
    assert {"date", "request-id"} <= set(answer.headers)


def test_batches(sick: Client) -> None:
    found = sick.batch("/applications?$top=1", "/nonsense", "/organization")
    assert {key: item["status"] for key, item in found.items()} == {"1": 200, "2": 404, "3": 200}
    assert found["1"]["body"]["value"][0]["id"] == sick.emulator.tenant.applications[0]["id"]
    assert found["1"]["headers"]["request-id"]
    assert sick.emulator.requests[-1].detail[0] == "/applications?$top=1"


@pytest.mark.parametrize(
    "steps",
    [
        [],
        [{"id": str(n), "method": "GET", "url": "/organization"} for n in range(21)],
        [{"id": i, "method": "GET", "url": "/organization"} for i in ("a", "A")],
        [{"id": "1", "method": "GET", "url": "https://localhost/v1.0/organization"}],
        [{"id": "1", "method": "GET", "url": "/v1.0/organization"}],
        [{"id": "1", "method": "POST", "url": "/$batch"}],
        [{"id": "1", "url": "/organization"}],
        [{"id": "1", "method": "POST", "url": "/directoryObjects/getByIds", "body": {"ids": []}}],
    ],
)
def test_batches_the_service_refuses(sick: Client, steps: list[dict[str, object]]) -> None:
    assert sick.post("/$batch", {"requests": steps}).status_code == 400


def test_answers_of_a_batch_come_in_another_order(sick: Client) -> None:
    steps = [{"id": str(n), "method": "GET", "url": "/organization"} for n in range(20)]
    answers = sick.post("/$batch", {"requests": steps}).json()["responses"]
    assert [item["id"] for item in answers] != [step["id"] for step in steps]


EVERYTHING = (
    "/applications",
    "/applications/$count",
    "/servicePrincipals",
    "/oauth2PermissionGrants",
    "/roleManagement/directory/roleDefinitions",
    "/roleManagement/directory/roleAssignments",
    "/roleManagement/directory/roleEligibilityScheduleInstances",
    "/directoryRoles",
    "/organization",
    "/directory/deletedItems/microsoft.graph.application",
    f"{GRAPH}/appRoleAssignedTo",
    "/applications?$expand=owners",
    "/applications?$expand=federatedIdentityCredentials",
)


@pytest.mark.parametrize(
    ("grant", "refused"),
    [
        (("Directory.Read.All",), {EVERYTHING[6], EVERYTHING[12]}),
        (
            ("Application.Read.All",),
            {*EVERYTHING[3:9]},
        ),
        (
            ("RoleManagement.Read.Directory",),
            {*EVERYTHING[:4], *EVERYTHING[8:]},
        ),
        (
            ("RoleManagement.Read.All", "Application.Read.All", "Organization.Read.All"),
            {EVERYTHING[3]},
        ),
        (
            ("DelegatedPermissionGrant.Read.All", "RoleEligibilitySchedule.Read.Directory"),
            {*EVERYTHING[:3], *EVERYTHING[4:6], *EVERYTHING[7:]},
        ),
    ],
)
def test_permissions_open_what_they_should(
    start: Callable[..., Client], grant: tuple[str, ...], refused: set[str]
) -> None:
    client = start(grant=grant)
    answers = {path: client.get(path, EVENTUAL).status_code for path in EVERYTHING}
    assert {path for path, status in answers.items() if status == 403} == refused
    assert set(answers.values()) <= {200, 403}


def test_without_application_read_all_only_federated_credentials_close(
    start: Callable[..., Client],
) -> None:
    client = start(without=("Application.Read.All",))
    app = client.emulator.tenant.named("Deploy Pipeline", "application")["id"]
    assert client.get(f"/applications/{app}/federatedIdentityCredentials").status_code == 403
    assert client.get(f"/applications/{app}").status_code == 200


def test_users_show_only_their_id_to_a_token_that_cannot_read_them(
    start: Callable[..., Client],
) -> None:
    client = start(grant=("Application.Read.All",))
    app = client.emulator.tenant.named("Consent Robot", "application")["id"]
    owners = client.items(f"/applications/{app}/owners")
    assert set(owners[0]) == {"id", "@odata.type"}
