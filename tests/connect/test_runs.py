"""Whole runs by those ways in that change what a run can tell."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from auditor.audit import collected_as
from auditor.cli.run import judge
from auditor.collect import Collected, collect
from auditor.connect.applications import SECRET_RULE
from auditor.datasets import DATASETS
from auditor.ledger import LedgerLine, Result
from auditor.packs import load_rules
from auditor.snapshot import open_snapshot
from tests.connect.ways import Stage, stage

GRAPH_SETS = [name for name, each in DATASETS.items() if each.service != "exchange"]
EXCHANGE_SETS = [
    name for name in DATASETS if name not in GRAPH_SETS and name != "exchange-app-cmdlets"
]


def run(
    place: Stage, kind: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[dict[str, LedgerLine], Collected]:
    keys, environment = place.way(kind, folder)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    place.said.clear()
    collected = collect(
        place.settings(**keys), folder / "out", progress=lambda event: place.said.append(str(event))
    )
    return {line.dataset: line for line in collected.ledger}, collected


def certain(lines: dict[str, LedgerLine], names: list[str]) -> list[str]:
    return [f"{name}: {lines[name].cause}" for name in names if lines[name].gap]


def test_a_managed_identity_reads_everything(
    place: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines, collected = run(place, "managed-identity", tmp_path, monkeypatch)
    assert certain(lines, list(DATASETS)) == []
    tenant = open_snapshot(collected.path).tenant
    assert tenant["client_id"] == place.identity_app_id
    assert tenant["service_principal"] == tenant["signed_in"]["object_id"] != ""
    assert collected_as(tenant) == f"the application {place.identity_app_id} (managed-identity)"


def test_a_user_reads_graph_and_exchange_is_not_asked(
    place: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines, collected = run(place, "device-code", tmp_path, monkeypatch)
    assert certain(lines, GRAPH_SETS) == []
    assert "Application.Read.All" in lines["applications"].held
    for name in EXCHANGE_SETS:
        assert lines[name].result is Result.NOT_ASKED
        assert lines[name].requests == 0
        assert "signed in as a user" in lines[name].cause
        assert "Sign in as an application" in lines[name].remedy
    assert sum("enter the code" in each for each in place.said) == 1
    assert any("a quick look, without Exchange" in each for each in place.said)
    tenant = open_snapshot(collected.path).tenant
    assert tenant["client_id"] == place.public_client
    assert tenant["service_principal"] == ""
    assert tenant["signed_in"]["delegated"] is True
    assert "the user quinn.reader@" in collected_as(tenant)
    audit = judge(collected.path, place.settings(), tmp_path, None, ())[0]
    exchange = [
        each for each in audit.outcomes if set(each.datasets.population) & set(EXCHANGE_SETS)
    ]
    assert exchange
    assert {each.verdict for each in exchange} <= {"not-evaluated", "unknown"}


def test_the_azure_cli_needs_no_service_principal_and_its_gaps_show(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with stage(tmp_path / "stage") as place:
        tenant = place.emulator.tenant
        gone = tenant.named("Microsoft Azure CLI")
        kept = tuple(each for each in tenant.service_principals if each is not gone)
        object.__setattr__(tenant, "service_principals", kept)
        lines, _ = run(place, "azure-cli", tmp_path, monkeypatch)
    assert lines["service-principals"].complete, lines["service-principals"].cause
    assert lines["applications"].complete, lines["applications"].cause
    assert lines["role-eligibility"].result is Result.REFUSED
    assert "delegated permission" in lines["role-eligibility"].remedy


def test_what_a_user_without_a_reading_role_sees_is_never_whole(
    place: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tenant = place.emulator.tenant
    reader = tenant.named("Quinn Reader", "user")["id"]
    helpdesk = next(each for each in tenant.role_definitions if "Helpdesk" in each["displayName"])
    other = tuple(
        {**each, "roleDefinitionId": helpdesk["id"]} if each["principalId"] == reader else each
        for each in tenant.role_assignments
    )
    whole = tenant.role_assignments
    object.__setattr__(tenant, "role_assignments", other)
    try:
        lines, _ = run(place, "device-code", tmp_path, monkeypatch)
    finally:
        object.__setattr__(tenant, "role_assignments", whole)
    results = {lines[name].result for name in GRAPH_SETS}
    assert results <= {Result.PARTIAL, Result.REFUSED, Result.NOT_ASKED}
    assert "left out without a word" in lines["applications"].cause
    assert "Global Reader" in lines["applications"].remedy


def test_a_token_for_another_audience_names_the_settings_to_check(
    place: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = {
        "grant_type": "client_credentials",
        "client_id": place.emulator.tenant.client_id,
        "client_secret": place.secret,
        "scope": "https://outlook.office365.com/.default",
    }
    with place.http() as http:
        answer: httpx.Response = http.post(
            f"/{place.emulator.tenant.id}/oauth2/v2.0/token", data=form
        )
    token = answer.json()["access_token"]
    monkeypatch.setattr(place, "cli_token", lambda: token)
    lines, _ = run(place, "azure-cli", tmp_path, monkeypatch)
    assert lines["organization"].result is Result.REFUSED
    assert "Invalid audience" in lines["organization"].cause
    assert "tenant.cloud and the hosts in [endpoints]" in lines["organization"].remedy


def test_a_client_secret_warns_and_says_so_ever_after(
    place: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys, environment = place.way("client-secret", tmp_path)
    monkeypatch.setenv("AUDITOR_SECRET", environment["AUDITOR_SECRET"])
    place.said.clear()
    place.enter(place.settings(**keys))
    warned = [each for each in place.said if each.startswith("warning:")]
    assert len(warned) == 1
    assert SECRET_RULE in {rule.id for rule in load_rules()}
    assert "auditor rules explain client-secret" in warned[0]
    told = {"signed_in": {"kind": "client-secret", "app_id": "a", "delegated": False}}
    assert collected_as(told) == (
        "the application a (client-secret, which breaks the rule client-secret)"
    )
    assert collected_as({}) == ""
