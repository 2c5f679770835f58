from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.emulator.conftest import Client


def _rows(client: Client, cmdlet: str, parameters: dict[str, Any] | None = None) -> list[Any]:
    rows: list[Any] = client.invoke(cmdlet, parameters).json()["value"]
    return rows


def test_pages_are_posted_again_with_the_same_body(sick: Client) -> None:
    parameters = {"ResultSize": "Unlimited"}
    everything = _rows(sick, "Get-RoleGroup", parameters)
    found: list[Any] = []
    url = ""
    while True:
        answer = sick.invoke("Get-RoleGroup", parameters, url=url, page=7).json()
        assert len(answer["value"]) <= 7
        found += answer["value"]
        url = answer.get("@odata.nextLink", "")
        if not url:
            break
    assert found == everything


def test_a_next_link_wants_post_and_the_same_body(sick: Client) -> None:
    link = sick.invoke("Get-RoleGroup", page=5).json()["@odata.nextLink"]
    assert sick.invoke("Get-RoleGroup", url=link, page=5).status_code == 200
    assert sick.invoke("Get-RoleGroup", url=link, page=5, method="GET").status_code == 400
    other = sick.invoke("Get-RoleGroup", {"SortBy": "Name"}, url=link, page=5)
    assert other.status_code == 400


def test_rows_carry_type_annotations_in_both_spellings(sick: Client) -> None:
    row = _rows(sick, "Get-RoleGroup")[0]
    assert row["Guid@odata.type"] == "#Guid"
    assert row["Capabilities@data.type"] == "#Collection(String)"


def test_partner_linked_groups_show_on_request_only(sick: Client, healthy: Client) -> None:
    plain = {row["Name"] for row in _rows(sick, "Get-RoleGroup")}
    linked = {row["Name"] for row in _rows(sick, "Get-RoleGroup", {"ShowPartnerLinked": True})}
    assert linked - plain == {"PartnerRoleGroup_TailspinAdmins"}
    both = [_rows(healthy, "Get-RoleGroup", p) for p in ({}, {"ShowPartnerLinked": True})]
    assert both[0] == both[1]


def test_result_size_limits_and_warns(sick: Client) -> None:
    answer = sick.invoke("Get-RoleGroup", {"ResultSize": 3}).json()
    assert len(answer["value"]) == 3
    assert answer["@adminapi.warnings"] == ["There are more results available than 3."]


@pytest.mark.parametrize("identity", [None, "", "nobody"])
def test_an_empty_or_unknown_identity_returns_all_members(sick: Client, identity: Any) -> None:
    everybody = _rows(sick, "Get-RoleGroupMember", {"Identity": identity})
    some = _rows(sick, "Get-RoleGroupMember", {"Identity": "Organization Management"})
    assert len(everybody) > len(some) == 5


def test_members_tell_what_they_are(sick: Client) -> None:
    rows = _rows(sick, "Get-RoleGroupMember", {"Identity": "Organization Management"})
    kinds = sorted(row["RecipientTypeDetails"] for row in rows)
    assert kinds == ["RoleGroup", "RoleGroup", "RoleGroup", "ServicePrincipal", "UserMailbox"]
    workload = next(row for row in rows if row["RecipientTypeDetails"] == "ServicePrincipal")
    backdoor = sick.emulator.tenant.named("Backdoored Service")["id"]
    assert workload["Name"] == workload["DisplayName"] == backdoor


def test_groups_and_assignments_agree(sick: Client) -> None:
    assignments = _rows(sick, "Get-ManagementRoleAssignment")
    for group in _rows(sick, "Get-RoleGroup", {"ShowPartnerLinked": True}):
        own = [row for row in assignments if row["RoleAssigneeName"] == group["Name"]]
        assert sorted(row["Role"] for row in own) == sorted(group["Roles"])
        members = _rows(sick, "Get-RoleGroupMember", {"Identity": group["Guid"]})
        assert [row["Name"] for row in members] == group["Members"] or not group["Members"]


@pytest.mark.parametrize(
    ("cmdlet", "parameters", "exception"),
    [
        ("Get-Mailbox", {}, "CommandNotFoundException"),
        ("Get-RoleGroup", {"Nonsense": 1}, "ParameterBindingException"),
        ("Get-RoleGroup", {"ResultSize": "many"}, "ParameterBindingException"),
        ("Get-RoleGroupMember", {}, "ParameterBindingException"),
        ("Get-ServicePrincipal", {"Identity": "nobody"}, "ManagementObjectNotFoundException"),
    ],
)
def test_commands_exchange_refuses(
    sick: Client, cmdlet: str, parameters: dict[str, Any], exception: str
) -> None:
    answer = sick.invoke(cmdlet, parameters)
    assert answer.status_code == 400
    error = answer.json()["error"]
    assert error["details"][0]["message"].split("|")[1].endswith(exception)
    assert error["innererror"]["internalexception"]["type"].endswith(exception)


def test_other_cmdlets_answer(sick: Client) -> None:
    apps = _rows(sick, "Get-ServicePrincipal")
    assert "Forgotten Connector" in {row["DisplayName"] for row in apps}
    assert len(_rows(sick, "Get-ApplicationAccessPolicy")) == 4
    assert len(_rows(sick, "Get-ManagementScope")) == 2
    wide = sick.emulator.tenant.named("Wide Mail Reader")["id"]
    own = _rows(sick, "Get-ManagementRoleAssignment", {"RoleAssignee": wide})
    assert [row["Role"] for row in own] == ["Application Mail.Read"]


def test_a_graph_token_or_another_tenant_is_refused(sick: Client) -> None:
    body = {"CmdletInput": {"CmdletName": "Get-RoleGroup", "Parameters": {}}}
    path = f"/adminapi/beta/{sick.emulator.tenant.id}/InvokeCommand"
    graph = {"Authorization": f"Bearer {sick.token()}"}
    assert sick.http.post(path, json=body, headers=graph).status_code == 401
    assert sick.http.post(path, json=body).status_code == 401
    other = sick.invoke("Get-RoleGroup", url="/adminapi/beta/other.example/InvokeCommand")
    assert other.status_code == 404


def test_without_the_permission_exchange_is_closed(start: Callable[..., Client]) -> None:
    client = start(without=("Exchange.ManageAsApp",))
    assert client.invoke("Get-RoleGroup").status_code == 401


def test_a_role_group_opens_exchange_without_a_directory_role(healthy: Client) -> None:
    roles = healthy.emulator.tenant.directory_roles_of(healthy.emulator.tenant.client_object_id)
    assert roles == frozenset()
    assert healthy.invoke("Get-RoleGroup").status_code == 200
