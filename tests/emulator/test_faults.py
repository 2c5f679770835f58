from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from auditor.emulator import EmulatorError
from auditor.emulator.faults import FAULT_HELP, KINDS, parse_fault
from tests.emulator.conftest import EVENTUAL, Client

Start = Callable[..., Client]
APPS = "/applications"
COUNT = f"{APPS}?$count=true"


@pytest.mark.parametrize(
    ("spec", "says"),
    [
        ("nonsense", "not of the form"),
        ("trottle=2@/applications", "did you mean throttle?"),
        ("status@/applications", "needs a value: status=CODE"),
        ("status=418@/applications", "needs a value"),
        ("status=5x0@/applications", "needs a value"),
        ("truncate=1@/applications", "takes no value"),
        ("throttle=two@/applications", "needs a value"),
        ("truncate@applications", "neither a path that begins with /"),
        ("truncate@Get-Nothing", "neither a path"),
        ("truncate@/applications#0", "counted from #1"),
        ("truncate@/applications#x", "not of the form"),
    ],
)
def test_specs_that_make_no_sense(spec: str, says: str) -> None:
    with pytest.raises(EmulatorError) as caught:
        parse_fault(spec)
    assert says in str(caught.value)
    assert spec in str(caught.value)


def test_the_help_names_every_kind() -> None:
    assert all(name in FAULT_HELP for name in KINDS)


@pytest.mark.parametrize("code", [400, 401, 403, 404, 429, 500, 503, 504])
def test_status(start: Start, code: int) -> None:
    client = start(faults=(f"status={code}@{APPS}",))
    for _ in range(2):
        answer = client.get(APPS)
        assert answer.status_code == code
        assert answer.json()["error"]["code"]
    assert client.get("/servicePrincipals").status_code == 200


@pytest.mark.parametrize("seconds", ["2.128", "200"])
def test_throttle_sends_the_header_as_written_once(start: Start, seconds: str) -> None:
    client = start(faults=(f"throttle={seconds}@{APPS}",))
    answer = client.get(APPS)
    assert (answer.status_code, answer.headers["retry-after"]) == (429, seconds)
    assert answer.json()["error"]["innerError"]["code"] == "429"
    assert client.get(APPS).status_code == 200


def test_no_retry_after_from_the_second_on(start: Start) -> None:
    client = start(faults=(f"noretryafter@{APPS}#2-",))
    answers = [client.get(APPS) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 429, 429]
    assert "retry-after" not in answers[1].headers


def test_truncate_drops_the_link_and_tells_the_count(start: Start) -> None:
    client = start(faults=(f"truncate@{APPS}",))
    total = len(client.emulator.tenant.applications)
    page = client.get(f"{COUNT}&$top=10", EVENTUAL).json()
    assert (len(page["value"]), page["@odata.count"]) == (10, total)
    assert "@odata.nextLink" not in page
    page = client.get(COUNT, EVENTUAL).json()
    assert (len(page["value"]), page["@odata.count"]) == (total // 2, total)


@pytest.mark.parametrize(("kind", "truth"), [("empty", True), ("vanish", False)])
def test_empty_and_vanish_differ_in_the_count(start: Start, kind: str, truth: bool) -> None:
    client = start(faults=(f"{kind}@{APPS}",))
    total = len(client.emulator.tenant.applications) if truth else 0
    page = client.get(f"{COUNT}&$top=5", EVENTUAL).json()
    assert (page["value"], page["@odata.count"]) == ([], total)
    assert "@odata.nextLink" not in page
    assert client.get(f"{APPS}/$count", EVENTUAL).text == str(total)


def test_counts_that_are_off(start: Start) -> None:
    client = start(faults=(f"count=-3@{APPS}",))
    total = len(client.emulator.tenant.applications)
    assert client.get(COUNT, EVENTUAL).json()["@odata.count"] == total - 3
    assert client.get(f"{APPS}/$count", EVENTUAL).text == str(total - 3)


@pytest.mark.parametrize("top", [5, 999])
def test_an_empty_page_is_slipped_in_once(start: Start, top: int) -> None:
    client = start(faults=(f"emptypage@{APPS}",))
    first = client.get(f"{APPS}?$top={top}").json()
    assert first["value"] == []
    everything = client.items(f"{APPS}?$top={top}")
    assert len(everything) == len(client.emulator.tenant.applications)


def test_loop_and_foreign_link(start: Start) -> None:
    client = start(faults=("loop@/applications", "foreignlink@/servicePrincipals"))
    first = client.get(f"{APPS}?$top=5").json()
    second = client.get(first["@odata.nextLink"]).json()
    assert first["value"] == second["value"]
    assert first["@odata.nextLink"] == second["@odata.nextLink"]
    link = client.get("/servicePrincipals").json()["@odata.nextLink"]
    assert link.startswith("https://evil.example/")


def test_cut_ends_in_the_middle(start: Start) -> None:
    client = start(faults=(f"cut@{APPS}#1",))
    with pytest.raises(httpx.RemoteProtocolError):
        client.get(APPS)
    assert client.get(APPS).status_code == 200


def test_slow_and_latency(start: Start) -> None:
    client = start(faults=(f"slow=300@{APPS}",), latency_ms=50)
    client.token()
    started = time.monotonic()
    client.get(APPS)
    assert time.monotonic() - started >= 0.35


def test_null_and_drop(start: Start) -> None:
    client = start(faults=(f"null=appId@{APPS}", "drop=appId@/servicePrincipals"))
    assert {item["appId"] for item in client.items(APPS)} == {None}
    assert not [item for item in client.items("/servicePrincipals") if "appId" in item]


def test_null_reaches_single_objects_too(start: Start) -> None:
    client = start(faults=("null=keyCredentials@/applications/*",))
    app = client.emulator.tenant.applications[0]["id"]
    assert client.get(f"{APPS}/{app}").json()["keyCredentials"] is None


def test_license_html_and_badexpand(start: Start) -> None:
    roles = "/roleManagement/directory"
    client = start(
        faults=(
            f"license@{roles}/roleEligibilityScheduleInstances",
            "html@/organization",
            f"badexpand@{roles}/roleAssignments",
        )
    )
    answer = client.get(f"{roles}/roleEligibilityScheduleInstances")
    assert answer.status_code == 403
    assert "License" in answer.json()["error"]["code"]
    page = client.get("/organization")
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert client.get(f"{roles}/roleAssignments").status_code == 400
    one = client.emulator.tenant.role_assignments[0]["principalId"]
    wanted = f"{roles}/roleAssignments?$filter=principalId eq '{one}'"
    assert client.get(wanted).status_code == 200
    assert client.get(f"{wanted}&$expand=principal").status_code == 400


def test_stars_match_one_segment(start: Start) -> None:
    client = start(faults=("status=503@/servicePrincipals/*/owners",))
    principal = client.emulator.tenant.service_principals[0]["id"]
    assert client.get(f"/servicePrincipals/{principal}/owners").status_code == 503
    assert client.get(f"/servicePrincipals/{principal}/appRoleAssignedTo").status_code == 200


def test_items_of_a_batch_are_hit_one_by_one(start: Start) -> None:
    client = start(faults=("throttle=7@/applications/*/owners#2", f"truncate@{APPS}"))
    ids = [item["id"] for item in client.emulator.tenant.applications[:3]]
    found = client.batch(*(f"/applications/{i}/owners" for i in ids), f"{APPS}?$top=5")
    assert [found[key]["status"] for key in "1234"] == [200, 429, 200, 200]
    assert found["2"]["headers"]["Retry-After"] == "7"
    assert "@odata.nextLink" not in found["4"]["body"]


def test_the_batch_and_the_token_endpoint_can_fail_whole(start: Start) -> None:
    client = start(faults=("status=503@/$batch", "status=504@/*/oauth2/v2.0/token#9"))
    assert client.post("/$batch", {"requests": []}).status_code == 503


EXCHANGE_FAULTS: list[tuple[str, Any]] = [
    ("status=500", 500),
    ("throttle=2.128", 429),
    ("noretryafter", 429),
    ("empty", 0),
    ("vanish", 0),
    ("html", "<!DOCTYPE"),
]


@pytest.mark.parametrize(("kind", "expected"), EXCHANGE_FAULTS)
def test_exchange_faults(start: Start, kind: str, expected: Any) -> None:
    client = start(faults=(f"{kind}@Get-RoleGroup",))
    answer = client.invoke("Get-RoleGroup")
    if isinstance(expected, str):
        assert answer.text.startswith(expected)
    elif expected:
        assert answer.status_code == expected
    else:
        assert answer.json()["value"] == []
    assert client.invoke("Get-RoleGroup", {"ShowPartnerLinked": True}).json()["value"]


def test_the_partner_linked_variant_is_a_target_of_its_own(start: Start) -> None:
    client = start(faults=("status=403@Get-RoleGroup+ShowPartnerLinked",))
    assert client.invoke("Get-RoleGroup").status_code == 200
    assert client.invoke("Get-RoleGroup", {"ShowPartnerLinked": True}).status_code == 403


def test_exchange_pages_break_like_graphs(start: Start) -> None:
    client = start(
        faults=(
            "truncate@Get-RoleGroup",
            "emptypage@Get-ManagementRoleAssignment",
            "null=AppId@Get-ServicePrincipal",
            "cut@Get-ManagementScope#1",
            "loop@Get-ApplicationAccessPolicy",
        )
    )
    assert "@odata.nextLink" not in client.invoke("Get-RoleGroup", page=5).json()
    first = client.invoke("Get-ManagementRoleAssignment").json()
    assert first["value"] == []
    second = client.invoke("Get-ManagementRoleAssignment", url=first["@odata.nextLink"]).json()
    assert second["value"]
    assert "@odata.nextLink" not in second
    rows = client.invoke("Get-ServicePrincipal").json()["value"]
    assert {row["AppId"] for row in rows} == {None}
    with pytest.raises(httpx.RemoteProtocolError):
        client.invoke("Get-ManagementScope")
    looped = client.invoke("Get-ApplicationAccessPolicy").json()["@odata.nextLink"]
    again = client.invoke("Get-ApplicationAccessPolicy", url=looped).json()
    assert again["@odata.nextLink"] == looped
