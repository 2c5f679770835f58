"""PIM and policies as the emulator serves them: as unforgiving as the service."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from auditor.emulator import EmulatorError, EmulatorOptions
from auditor.emulator.options import check_options
from tests.emulator.conftest import EVENTUAL, Client

GROUPS = "/identityGovernance/privilegedAccess/group"
ROLES = "/roleManagement/directory"


def beta(client: Client, path: str, headers: dict[str, str] | None = None) -> httpx.Response:
    authorization = {"Authorization": f"Bearer {client.token()}"}
    return client.http.get(f"/beta{path}", headers=authorization | (headers or {}))


def test_schedules_of_groups_need_a_filter_and_do_not_page(sick: Client) -> None:
    group = sick.emulator.tenant.named("Tier 0 Automation", "group")["id"]
    path = f"{GROUPS}/eligibilityScheduleInstances"
    assert sick.get(path).json()["error"]["code"] == "Request_BadRequest"
    scoped = f"{path}?$filter=groupId eq '{group}'"
    assert sick.get(f"{scoped}&$top=5").status_code == 400
    found = sick.get(scoped).json()["value"]
    assert {each["accessId"] for each in found} == {"member", "owner"}
    active = sick.items(f"{GROUPS}/assignmentScheduleInstances?$filter=groupId eq '{group}'")
    assert [each["assignmentType"] for each in active] == ["Assigned"]


def test_every_active_role_is_a_schedule_instance(sick: Client) -> None:
    assigned = {each["id"] for each in sick.items(f"{ROLES}/roleAssignments")}
    instances = sick.items(f"{ROLES}/roleAssignmentScheduleInstances")
    assert {each["roleAssignmentOriginId"] for each in instances} == assigned
    activated = [each for each in instances if each["assignmentType"] == "Activated"]
    assert len(activated) == 1
    assert activated[0]["endDateTime"]


def test_roles_through_groups_are_told_in_beta_as_an_advanced_query(sick: Client) -> None:
    tenant = sick.emulator.tenant
    worker = tenant.named("Identity Sync Worker")["id"]
    path = f"{ROLES}/transitiveRoleAssignments"
    scoped = f"{path}?$count=true&$filter=principalId eq '{worker}'"
    assert sick.get(scoped, EVENTUAL).status_code == 404
    assert beta(sick, f"{path}?$count=true", EVENTUAL).status_code == 400
    assert beta(sick, scoped).status_code == 400
    told = beta(sick, scoped, EVENTUAL).json()
    assert told["@odata.count"] == 1
    group = tenant.named("Tier 0 Automation", "group")["id"]
    assert [each["principalId"] for each in told["value"]] == [group]


def test_single_policies_are_objects(sick: Client) -> None:
    for name in ("defaultAppManagementPolicy", "authorizationPolicy", "adminConsentRequestPolicy"):
        answer = sick.get(f"/policies/{name}").json()
        assert "value" not in answer
        assert sick.get(f"/policies/{name}?$top=1").status_code == 400
    assert "id" not in sick.get("/policies/adminConsentRequestPolicy").json()


def test_policies_tell_what_they_apply_to(sick: Client) -> None:
    policies = {each["displayName"]: each for each in sick.items("/policies/appManagementPolicies")}
    path = f"/policies/appManagementPolicies/{policies['Secrets are fine here']['id']}/appliesTo"
    kinds = [each["@odata.type"] for each in sick.items(f"{path}?$select=id")]
    assert kinds == ["#microsoft.graph.application", "#microsoft.graph.servicePrincipal"]
    assert sick.get("/policies/appManagementPolicies/nobody/appliesTo").status_code == 404


def test_consent_policies_come_with_their_conditions(sick: Client) -> None:
    listed = sick.items("/policies/permissionGrantPolicies")
    policy = next(each for each in listed if each["id"] == "everything-goes")
    assert policy["excludes"]
    assert (
        sick.items("/policies/permissionGrantPolicies/everything-goes/excludes")
        == (policy["excludes"])
    )


def test_what_a_policy_applies_to_needs_two_permissions(start: Callable[..., Client]) -> None:
    client = start(grant=("Policy.Read.All",))
    policy = client.items("/policies/tokenLifetimePolicies")[0]["id"]
    path = f"/policies/tokenLifetimePolicies/{policy}/appliesTo"
    assert client.get(path).status_code == 403
    assert client.get("/policies/permissionGrantPolicies").status_code == 403
    assert start(grant=("Directory.Read.All",)).get(path).status_code == 200


@pytest.mark.parametrize("licence", ["P2", "P1"])
def test_a_tenant_without_the_licence_refuses(start: Callable[..., Client], licence: str) -> None:
    client = start(unlicensed=(licence,))
    answer = client.get(f"{ROLES}/roleAssignmentScheduleInstances")
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "AadPremiumLicenseRequired"
    assert client.get(f"{ROLES}/roleAssignments").status_code == 200


def test_a_licence_nobody_sells_is_an_error() -> None:
    with pytest.raises(EmulatorError, match="no licence 'E5' to lack; use one of P1, P2, workload"):
        check_options(EmulatorOptions(unlicensed=("E5",)), ("sick",))
