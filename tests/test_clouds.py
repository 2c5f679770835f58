"""A run per cloud profile, against the emulator in that cloud's shape."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import Any

import pytest

from auditor.audit import Audit
from auditor.cli.run import judge
from auditor.collect import collect
from auditor.connect import applications, credentials
from auditor.connect.clouds import CLOUDS, cloud_of
from auditor.datasets import DATASETS
from auditor.emulator import Emulator, EmulatorOptions
from auditor.emulator.clouds import CLOUDS as FACTS
from auditor.errors import SignInError
from auditor.settings import Endpoints, load_settings

NATIONAL = ("gcc-high", "dod", "china")


def audited(state: Path, output: Path, cloud: str, story: str) -> Audit:
    options = EmulatorOptions(story=story, cloud=cloud)
    with Emulator(state, options=options) as emulator:
        settings = load_settings(emulator.settings_path)
        assert settings.tenant.cloud == cloud
        collected = collect(settings, output, progress=lambda _: None)
    return judge(collected.path, settings, output, None, ())[0]


BY_PUBLISHER = {
    "many-consents-to-unverified-app",
    "multitenant-registration",
    "unverified-foreign-app",
}


@pytest.mark.parametrize("cloud", NATIONAL)
def test_a_run_in_a_national_cloud(cloud: str, tmp_path: Path) -> None:
    """Sign-in with its scopes works; all is read but what it lacks; the same is found."""
    story = "healthy" if cloud == "dod" else "sick"
    audit = audited(tmp_path / "state", tmp_path / "out", cloud, story)
    assert audit.tenant["cloud"] == cloud
    lines = {line.dataset: line for line in audit.coverage}
    gaps = {name for name, each in DATASETS.items() if cloud not in each.clouds}
    assert {name for name, line in lines.items() if line.gap} == gaps
    for name, kind in (("applications", "application"), ("service-principals", "servicePrincipal")):
        lacking = FACTS[cloud].lacks[kind] & {*DATASETS[name].select}
        assert lacking, "this cloud would show nothing"
        told = " ".join(lines[name].notes)
        assert all(each in told for each in lacking)
        kept = {*DATASETS[name].optional} - lacking
        assert not any(each in told for each in kept)
    odd = {
        (each.rule, each.verdict)
        for each in audit.outcomes
        if not gaps & {*each.datasets.population, *each.datasets.absence}
        and each.verdict != ("pass" if story == "healthy" else "fail")
    }
    # Whether a publisher is verified is not told there: unknown, and never a pass.
    assert odd <= {(rule, "unknown") for rule in BY_PUBLISHER}
    for each in audit.outcomes:
        if gaps & {*each.datasets.population, *each.datasets.absence}:
            assert each.verdict != "pass", each.rule


def test_a_token_of_another_cloud_is_of_no_use(tmp_path: Path) -> None:
    with Emulator(tmp_path, options=EmulatorOptions(cloud="gcc-high")) as emulator:
        text = emulator.settings_path.read_text("utf-8").replace("gcc-high", "global")
        emulator.settings_path.write_text(text, encoding="utf-8")
        with pytest.raises(SignInError, match="AADSTS500011"):
            collect(load_settings(emulator.settings_path), tmp_path / "out")


@pytest.mark.parametrize("cloud", FACTS)
def test_nothing_is_asked_that_a_cloud_is_known_to_lack(cloud: str) -> None:
    facts = FACTS[cloud]
    kinds = {"/applications": "application", "/servicePrincipals": "servicePrincipal"}
    for dataset in DATASETS.values():
        if cloud in dataset.clouds and dataset.service == "graph":
            assert not dataset.path.startswith(facts.missing or ("\0",)), dataset.name
            lacks = facts.lacks.get(kinds.get(dataset.path, ""), frozenset())
            assert lacks & {*dataset.select} <= {*dataset.optional}, dataset.name


@pytest.mark.parametrize("cloud", CLOUDS)
def test_discovery_stays_on_for_the_clouds_own_hosts(
    cloud: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only a host of one's own, which Microsoft cannot know, is not asked about."""
    given: dict[str, Any] = {}

    class Fake:
        def __init__(self, *_: object, **more: Any) -> None:
            given.update(more)

    monkeypatch.setattr("azure.identity.CertificateCredential", Fake)
    monkeypatch.setattr(applications, "checked_certificate", lambda *_: b"")
    (tmp_path / "a.pem").write_text("x")
    sets = ["tenant.id=contoso.com", f"tenant.cloud={cloud}"]
    sets += [f"credential.client_id={'1' * 8}-1111-1111-1111-{'1' * 12}"]
    sets += [f"credential.certificate={tmp_path / 'a.pem'}"]
    settings = load_settings(None, sets=sets)
    context = ssl.create_default_context()
    for endpoints, off in (
        (Endpoints(), False),
        (Endpoints(login=CLOUDS[cloud].login), False),
        (Endpoints(login="https://localhost:8443"), True),
    ):
        credentials.signer(settings, cloud_of(cloud, endpoints), context)
        assert given["disable_instance_discovery"] is off
        assert given["authority"] == (endpoints.login or CLOUDS[cloud].login)
