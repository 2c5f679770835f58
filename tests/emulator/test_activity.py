"""The endpoints of Conditional Access, risk, reports, audits, partners and agents."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from auditor.emulator import EmulatorError, EmulatorOptions
from auditor.emulator.options import check_options
from auditor.emulator.quota import LIMITS, Quota
from auditor.emulator.web import Refusal
from tests.emulator.conftest import EVENTUAL, Client
from tests.places import ACTIVITY_PATHS

Start = Callable[..., Client]
AGENTS = ACTIVITY_PATHS["agent-identities"]
AUDITS = ACTIVITY_PATHS["directory-audits"]


def beta(client: Client, path: str, status: int = 200) -> list[dict[str, object]]:
    found = client.get(f"{client.emulator.url}/beta{path}", EVENTUAL)
    assert found.status_code == status, found.text
    items: list[dict[str, object]] = found.json().get("value", [])
    return items


@pytest.mark.parametrize("path", sorted(set(ACTIVITY_PATHS.values()) - {AGENTS}))
def test_both_stories_answer(sick: Client, healthy: Client, path: str) -> None:
    assert beta(sick, path)
    beta(healthy, path)


@pytest.mark.parametrize(
    "path", ["/reports/servicePrincipalSignInActivities", "/reports/appCredentialSignInActivities"]
)
def test_the_sign_in_reports_are_in_beta_only(sick: Client, path: str) -> None:
    assert sick.get(path).status_code == 404


def test_agents_are_a_cast_and_need_an_advanced_query(sick: Client) -> None:
    assert sick.get(AGENTS).status_code == 400
    found = beta(sick, f"{AGENTS}?$count=true&$expand=sponsors($select=id)")
    assert [len(each["sponsors"]) for each in found] == [1, 0]  # type: ignore[arg-type]
    listed = sick.items("/servicePrincipals?$select=id&$top=999")
    kinds = {each.get("@odata.type", "").rpartition(".")[2] for each in listed}
    assert {"agentIdentity", "agentIdentityBlueprintPrincipal"} <= kinds


def test_audits_are_filtered_by_time_and_service(sick: Client) -> None:
    everything = beta(sick, f"{AUDITS}?$top=999")
    since = (datetime.now(UTC) - timedelta(days=30)).strftime("%Y-%m-%dT%H:%M:%SZ")
    within = beta(sick, f"{AUDITS}?$filter=activityDateTime ge {since}")
    both = f"activityDateTime ge {since} and loggedByService eq 'Core Directory'"
    core = beta(sick, f"{AUDITS}?$filter={both}")
    assert len(everything) > len(within) > len(core) > 5
    beta(sick, f"{AUDITS}?$filter=activityDateTime ge yesterday", 400)
    beta(sick, f"{AUDITS}?$filter=category eq 'Policy'", 400)
    names = [str(each["activityDisplayName"]) for each in core]
    assert any("\u2013" in name and name.endswith(" ") for name in names)


@pytest.mark.parametrize(
    ("permission", "places"),
    [
        ("Policy.Read.All", ("conditional-access-policies", "cross-tenant-partners")),
        ("IdentityRiskEvent.Read.All", ("service-principal-risk-detections",)),
        ("AgentIdentity.Read.All", ("agent-identities",)),
    ],
)
def test_each_needs_its_permission(start: Start, permission: str, places: tuple[str, ...]) -> None:
    client = start(without=(permission,))
    for name in places:
        beta(client, f"{ACTIVITY_PATHS[name]}?$count=true", 403)


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_reports_and_conditional_access_have_limits_of_their_own() -> None:
    clock = Clock()
    quota = Quota("scope", enforced=True, clock=clock)
    for kind, (most, seconds, told) in LIMITS.items():
        for _ in range(most):
            quota.take_limited(kind)
        with pytest.raises(Refusal) as caught:
            quota.take_limited(kind)
        assert ("Retry-After" in caught.value.headers) is told
        clock.now += seconds
        quota.take_limited(kind)
    quota.take_limited("")


def test_conditional_access_refuses_without_saying_when_to_come_back(start: Start) -> None:
    client = start(quota="documented")
    answers = [client.get(ACTIVITY_PATHS["named-locations"]) for _ in range(3)]
    refused = next(each for each in answers if each.status_code == 429)
    assert "retry-after" not in refused.headers


def test_a_licence_that_does_not_exist_is_named() -> None:
    with pytest.raises(EmulatorError, match="P1, P2, workload"):
        check_options(EmulatorOptions(unlicensed=("P3",)), ("sick",))


def test_the_sick_tenant_goes_on_with_the_old_secret(sick: Client) -> None:
    tenant = sick.emulator.tenant
    app = tenant.named("Rotated Courier", "application")
    old, new = (each["keyId"] for each in app["passwordCredentials"])
    used = {each["keyId"] for each in tenant.more["credential_sign_ins"]}
    assert old in used
    assert new not in used
    states = {each["state"] for each in tenant.more["conditional_access_policies"]}
    assert states == {"enabled", "disabled", "enabledForReportingButNotEnforced"}
    assert [each["isServiceProvider"] for each in tenant.more["partners"]] == [True, False]
