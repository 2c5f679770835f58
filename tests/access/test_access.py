"""What `auditor access` says, against the emulator and of made-up answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import Any

import orjson
import pytest
from click.testing import CliRunner

from auditor.access import Access, State, check_access
from auditor.access.judge import judge
from auditor.access.own import Own, concerns
from auditor.access.probes import Probe
from auditor.collect.answers import Reply
from auditor.collect.run import Run
from auditor.connect.wire import Answer, Ask
from auditor.datasets import DATASETS
from auditor.emulator import Emulator, EmulatorOptions
from auditor.errors import Refused, Unavailable
from auditor.settings import load_settings
from tests.collect.tenants import tenant

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
GRAPH_READ = "9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30"  # Application.Read.All
DIRECTORY_READ = "7ab1d382-f21e-4acd-a863-ba3e13f7da61"
MANAGE_AS_APP = "dc50a0fb-09a3-484d-be87-e023b12c6440"
Accessed = Callable[..., Access]


@pytest.fixture(scope="module")
def accessed(tmp_path_factory: pytest.TempPathFactory) -> Accessed:
    state = tmp_path_factory.mktemp("state")

    @cache
    def run(**options: Any) -> Access:
        with Emulator(state, options=EmulatorOptions(**options)) as emulator:
            return check_access(load_settings(emulator.settings_path))

    return run


def states(access: Access) -> dict[str, State]:
    return {each.dataset: each.state for each in access.reaches}


def test_a_whole_set_of_permissions_reads_everything(accessed: Accessed) -> None:
    found = accessed(story="healthy")
    assert [each for each in found.reaches if not each.state.good and each.remedy == ""] == []
    assert states(found)["applications"] is State.READABLE
    assert states(found)["exchange-role-groups"] is State.READABLE
    assert [each for each in found.concerns if each.level != "note"] == []


def test_what_is_taken_away_is_missing_with_its_remedy_and_rules(accessed: Accessed) -> None:
    found = accessed(story="healthy", without=("Directory.Read.All", "Exchange.ManageAsApp"))
    by_name = {each.dataset: each for each in found.reaches}
    grants = by_name["delegated-grants"]
    assert grants.state is State.MISSING
    assert "Directory.Read.All" in grants.remedy
    assert "permission-not-consented" in grants.rules
    # It answers without a word to whoever may see one kind of object only.
    assert by_name["referenced-principals"].state is State.MISSING
    groups = by_name["exchange-role-groups"]
    assert groups.state is State.MISSING
    assert "View-Only Organization Management" in groups.remedy
    assert by_name["applications"].state is State.READABLE
    assert found.short


def test_it_exits_3_and_writes_json(accessed: Accessed, tmp_path: Any) -> None:
    from auditor.cli.access import access

    with Emulator(tmp_path, options=EmulatorOptions(without=("Directory.Read.All",))) as emulator:
        arguments = ["--settings", str(emulator.settings_path)]
        told = CliRunner().invoke(access, arguments, standalone_mode=False)
        data = CliRunner().invoke(access, [*arguments, "--format", "json"], standalone_mode=False)
    assert told.return_value == data.return_value == 3
    assert "remedy: Grant the auditor the application permission" in told.output
    read = orjson.loads(data.output)
    assert {each["dataset"] for each in read["reaches"]} == set(DATASETS)


def reached(run: Run, name: str, reply: Reply | None, *assigned: tuple[str, str]) -> Any:
    own = Own(None, None, tuple({"appRoleId": i, "createdDateTime": t} for i, t in assigned))
    probes = {}
    if reply is not None and DATASETS[name].service == "graph":
        probes[name] = Probe(DATASETS[name], Ask("https://graph.test/v1.0/x"), reply)
    modules = reply if DATASETS[name].service == "exchange" else None
    found = judge(run, own, probes, modules, NOW, rules=lambda _: ("some-rule",), accepted=())
    return next(each for each in found if each.dataset == name)


def refusal(code: str = "Authorization_RequestDenied") -> Reply:
    return Reply(None, error=Refused("the service answered 403", status=403, code=code))


def made(*roles: str, exchange: tuple[str, ...] = ()) -> Run:
    run = tenant(lambda *_: {"value": []})
    run.me = replace(run.me, roles=roles)
    run.exchange_me = replace(run.me, roles=exchange)
    return run


def test_granted_minutes_ago_is_told_from_missing() -> None:
    run = made("Application.Read.All")
    late = reached(run, "delegated-grants", refusal(), (DIRECTORY_READ, "2026-06-01T11:52:00Z"))
    assert late.state is State.WAITING
    assert "8 minutes ago" in late.probe
    never = reached(run, "delegated-grants", refusal(), (GRAPH_READ, "2026-06-01T11:52:00Z"))
    assert never.state is State.MISSING


def test_a_refusal_of_what_the_token_carries_is_told_as_such() -> None:
    run = made("Directory.Read.All")
    assert reached(run, "delegated-grants", refusal()).state is State.REFUSED


def test_a_missing_licence_names_it_and_how_to_accept_the_gap() -> None:
    run = made("RoleEligibilitySchedule.Read.Directory")
    error = Unavailable("the service answered 400", status=400, code="AadPremiumLicenseRequired")
    found = reached(run, "role-eligibility", Reply(None, error=error))
    assert found.state is State.UNLICENSED
    assert "P2" in found.remedy
    assert 'accept = ["role-eligibility"]' in found.remedy


def test_a_dataset_without_an_object_to_try_goes_by_the_token() -> None:
    assert reached(made("Directory.Read.All"), "group-members", None).state is State.GRANTED
    assert reached(made("Application.Read.All"), "group-members", None).state is State.MISSING


def exchange_refusal() -> Reply:
    return Reply(None, error=Refused("the service answered 401", status=401))


def test_exchange_may_take_two_hours_after_a_grant() -> None:
    run = made("Application.Read.All", exchange=("Exchange.ManageAsApp",))
    fresh = reached(
        run, "exchange-role-groups", exchange_refusal(), (MANAGE_AS_APP, "2026-06-01T11:00:00Z")
    )
    assert fresh.state is State.WAITING
    assert "two hours" in fresh.remedy
    old = reached(
        run, "exchange-role-groups", exchange_refusal(), (MANAGE_AS_APP, "2026-01-01T00:00:00Z")
    )
    assert old.state is State.REFUSED
    assert "View-Only Organization Management" in old.remedy


def test_a_cmdlet_that_exchange_hides_is_refused_and_one_it_shows_is_readable() -> None:
    run = made(exchange=("Exchange.ManageAsApp",))
    ask = Ask("https://outlook.test")
    body = {"value": [{"exportedCmdlets": "Get-RoleGroup,Get-ServicePrincipal"}]}
    reply = Reply(Answer(ask, 200, {}, b""), body)
    assert reached(run, "exchange-service-principals", reply).state is State.READABLE
    assert reached(run, "exchange-access-policies", reply).state is State.REFUSED
    odd = Reply(Answer(ask, 200, {}, b""), {"value": [{"exportedCmdlets": None}]})
    assert reached(run, "exchange-service-principals", odd).state is State.REFUSED


def told(run: Run, own: Own) -> list[str]:
    return [f"{each.level}: {each.what}" for each in concerns(run, own, NOW)]


def test_the_auditor_is_rated_by_its_own_measure() -> None:
    run = made("Application.Read.All", "Application.ReadWrite.All", exchange=())
    run.me = replace(run.me, wids=("62e90394-69f5-4237-9190-012177145e10",))
    application = {
        "id": "app",
        "passwordCredentials": [{"keyId": "a-secret"}],
        "keyCredentials": [
            {
                "keyId": "ten-years",
                "startDateTime": "2020-01-01T00:00:00Z",
                "endDateTime": "2030-01-01T00:00:00Z",
            },
            {
                "keyId": "one-year",
                "startDateTime": "2026-01-01T00:00:00Z",
                "endDateTime": "2027-01-01T00:00:00Z",
            },
            {"keyId": "undated", "startDateTime": None, "endDateTime": "2027-01-01T00:00:00Z"},
        ],
        "owners": [],
    }
    found = "\n".join(told(run, Own(None, application, ())))
    assert "Application.ReadWrite.All" in found
    assert "Application.Read.All" not in found.replace("Application.ReadWrite.All", "")
    assert "Global Administrator" in found
    assert "a-secret" in found
    assert "ten-years" in found
    assert "one-year" not in found
    assert "unknown: The dates of certificate undated" in found


def test_what_cannot_be_seen_of_the_auditor_is_unknown() -> None:
    run = made("Application.Read.All")
    assert any(each.startswith("unknown") for each in told(run, Own(None, None, None)))
    bare: dict[str, Any] = {"id": "app", "passwordCredentials": None, "keyCredentials": []}
    assert any(each.startswith("unknown") for each in told(run, Own(None, bare, ())))


def test_an_auditor_that_only_reads_has_nothing_to_complain_of() -> None:
    run = made("Application.Read.All", "Directory.Read.All", exchange=("Exchange.ManageAsApp",))
    bare: dict[str, Any] = {
        "id": "app",
        "passwordCredentials": [],
        "keyCredentials": [],
        "owners": [],
    }
    assert told(run, Own(bare, bare, ())) == []
