"""What `auditor setup` prints: for every kind, tier and language, parsed by a linter of it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import tomllib
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

import pytest

from auditor.errors import SettingsError
from auditor.settings import load_settings
from auditor.setup import quoting, values
from auditor.setup.plan import EXCHANGE_ROLES, GLOBAL_READER, TIERS, VIEW_ONLY
from auditor.setup.script import render, steps
from auditor.setup.values import KINDS, LANGUAGES, Federation, PublicCertificate, Setup
from tests.setup import linters

CHOICES = [
    (("core",), EXCHANGE_ROLES[0]),
    (("core", "activity"), EXCHANGE_ROLES[0]),
    (("core", "pim"), EXCHANGE_ROLES[0]),
    (("core", "exchange"), EXCHANGE_ROLES[0]),
    (("core", "exchange"), EXCHANGE_ROLES[1]),
    (TIERS, EXCHANGE_ROLES[0]),
]
CERTIFICATE = PublicCertificate("TUlJ" * 40 + "QQ==", "AB" * 20, datetime(2027, 5, 1, tzinfo=UTC))
HOSTILE = 'O\'Neil \u2019; $(touch pwned) `touch pwned` ${a} %{b} $${c} \\ "q" & # <>| \u65e5\u672c'
GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def wanted(
    kind: str, tiers: tuple[str, ...] = ("core",), role: str = EXCHANGE_ROLES[0], **more: object
) -> Setup:
    by_kind: dict[str, dict[str, object]] = {
        "certificate": {"certificate": CERTIFICATE},
        "federated": {"federation": values.github("contoso/audits", "audit", None)},
        "managed-identity": {"resource_group": "rg-audit"},
    }
    given = by_kind[kind] | more
    return Setup(kind=kind, tiers=tiers, exchange_role=role, **given)  # type: ignore[arg-type]


EVERY = [wanted(kind, *choice) for kind, choice in product(KINDS, CHOICES)]
EVERY += [wanted("certificate", certificate=None), wanted("certificate", TIERS, cloud="gcc-high")]
NAMES = [
    f"{number}-{each.kind}-{'-'.join(each.tiers)}-{each.exchange_role}-{each.cloud}"
    for number, each in enumerate(EVERY)
]


def told(setup: Setup, script: str) -> None:
    """What holds of every script, whatever its language."""
    for step in steps(setup):
        assert f"# Step {step.number}. {step.title}.\n# Run by: {step.who}." in script
    own = {each.id for each in setup.permissions}
    resources = {each.resource for each in setup.permissions}
    others = set(GUID.findall(script)) - own - resources - {"00000000-0000-0000-0000-000000000000"}
    role = setup.exchange and not setup.role_group
    assert others == ({GLOBAL_READER} if role else set())
    for each in setup.permissions:
        assert each.name in script
        assert each.id in script
    assert ("Exchange.ManageAsApp lets an application reach Exchange" in script) == setup.exchange
    assert (f"{VIEW_ONLY}'" in script) == setup.role_group
    assert "auditor access" in script
    assert "auditor run" in script


@pytest.mark.parametrize("setup", EVERY, ids=NAMES)
def test_every_powershell_script_parses(setup: Setup) -> None:
    script = render(setup, "powershell")
    linters.powershell(script)
    told(setup, script)
    assert f"Connect-MgGraph -Environment '{setup.names.graph_powershell}'" in script


@pytest.mark.parametrize("setup", EVERY, ids=NAMES)
def test_every_terraform_file_parses(setup: Setup) -> None:
    script = render(setup, "terraform")
    told(setup, script)
    blocks = linters.terraform(script)
    kinds = {name.strip('"') for each in blocks["resource"] for name in each}
    assert "azuread_app_role_assignment" in kinds
    assert ("azuread_application_certificate" in kinds) == (setup.kind == "certificate")
    assert ("azuread_application_federated_identity_credential" in kinds) == (
        setup.kind == "federated"
    )
    assert ("azurerm_user_assigned_identity" in kinds) == (setup.kind == "managed-identity")
    granted = blocks["locals"][0]["permissions"]
    assert {
        (resource.strip('"'), name.strip('"'), id.strip('"'))
        for resource, names in granted.items()
        for name, id in names.items()
    } == {(each.resource, each.name, each.id) for each in setup.permissions}


def test_every_shell_script_passes_bash_and_shellcheck(tmp_path: Path) -> None:
    scripts = {
        f"{name}.sh": render(setup, "azure-cli") for name, setup in zip(NAMES, EVERY, strict=True)
    }
    for setup, script in zip(EVERY, scripts.values(), strict=True):
        told(setup, script)
    linters.shell(tmp_path, scripts)


def test_a_parse_error_fails(tmp_path: Path) -> None:
    for language, linter in (("powershell", linters.powershell), ("terraform", linters.terraform)):
        with pytest.raises(Exception):  # noqa: B017 -- each parser has its own
            linter(render(wanted("certificate"), language).rpartition("}")[0])
    with pytest.raises(AssertionError):
        linters.shell(tmp_path, {"a.sh": "if true; then echo $1"})


def test_a_hostile_name_stays_text_in_powershell() -> None:
    setup = wanted("certificate", TIERS, name=HOSTILE)
    root = linters.powershell(render(setup, "powershell"))
    # The grammar does not know that typographic quotes count; `quoting` does, see below.
    plain = HOSTILE.replace("\u2019", "\u2019\u2019")
    found = linters.strings(root)
    assert plain in found
    assert "displayName eq " + quoting.odata(plain) in found


@pytest.mark.parametrize("quote", ["'", "\u2018", "\u2019", "\u201a", "\u201b"])
def test_every_quote_powershell_knows_is_doubled(quote: str) -> None:
    assert quoting.powershell(f"a{quote}; b") == f"'a{quote}{quote}; b'"


def test_a_hostile_name_stays_text_in_terraform() -> None:
    federation = values.any_issuer("https://idp.contoso.com", HOSTILE, None)
    setup = wanted("federated", TIERS, name=HOSTILE, federation=federation)
    script = render(setup, "terraform")
    linters.terraform(script)
    literal = (
        "\"O'Neil \u2019; $(touch pwned) `touch pwned` $${a} %%{b} $$${c} "
        '\\\\ \\"q\\" & # <>| \u65e5\u672c"'
    )
    assert f"display_name            = {literal}\n" in script
    assert f"subject        = {literal}\n" in script


FAKE_AZ = """#!/usr/bin/env bash
printf '%s\\0' "$@" END >>calls
case "$*" in
  account*) echo 33333333-3333-3333-3333-333333333333 ;;
  *"GET --url"*appRoleAssignments*)
    printf '11111111-1111-1111-1111-111111111111\\t9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30\\n' ;;
  *"GET --url"*/applications\\ *) cat found 2>/dev/null || true ;;
  *"GET --url"*roleAssignments*) ;;
  *"--query appId"*|*"--query clientId"*) echo 22222222-2222-2222-2222-222222222222 ;;
  *"--query id"*) echo 11111111-1111-1111-1111-111111111111 ;;
esac
"""


def played(
    folder: Path, setup: Setup, *arguments: str
) -> tuple[subprocess.CompletedProcess[str], list[list[str]]]:
    """Runs the script where `az` notes what it is called with, and answers."""
    az = folder / "az"
    az.write_text(FAKE_AZ)
    az.chmod(0o755)
    (folder / "setup.sh").write_text(render(setup, "azure-cli"), encoding="utf-8")
    done = subprocess.run(
        ["bash", "setup.sh", *arguments],
        cwd=folder,
        env={**os.environ, "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    log = folder / "calls"
    calls = log.read_text(encoding="utf-8").split("END\0") if log.exists() else []
    return done, [call.split("\0")[:-1] for call in calls[:-1]]


def bodies(calls: list[list[str]]) -> list[tuple[str, dict[str, object]]]:
    return [
        (call[call.index("--url") + 1], json.loads(call[call.index("--body") + 1]))
        for call in calls
        if "--body" in call
    ]


posix = pytest.mark.skipif(not linters.ON_POSIX, reason="runs bash")


@posix
def test_the_shell_script_asks_graph_for_exactly_the_plan(tmp_path: Path) -> None:
    setup = wanted("certificate", TIERS, EXCHANGE_ROLES[1], name=HOSTILE)
    done, calls = played(tmp_path, setup)
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "pwned").exists()
    search = next(call for call in calls if "--url-parameters" in call)
    assert search[-1] == "$filter=displayName eq " + quoting.odata(HOSTILE)
    sent = bodies(calls)
    assert sent[0][1]["displayName"] == HOSTILE
    assert sent[0][1]["signInAudience"] == "AzureADMyOrg"
    assert sent[1][1] == {
        "keyCredentials": [
            {"type": "AsymmetricX509Cert", "usage": "Verify", "key": CERTIFICATE.base64}
        ]
    }
    granted = {body["appRoleId"] for url, body in sent if url.endswith("/appRoleAssignments")}
    # Application.Read.All is granted already, says the answer to the first question.
    assert granted == {each.id for each in setup.permissions if each.name != "Application.Read.All"}
    assert sent[-1][1]["roleDefinitionId"] == GLOBAL_READER
    toml = done.stdout.split("------------\n")[1]
    assert tomllib.loads(toml)["credential"]["client_id"] == "22222222-2222-2222-2222-222222222222"
    # What it printed is what the auditor reads.
    (tmp_path / "auditor.toml").write_text(toml)
    (tmp_path / "client.pem").touch()
    assert load_settings(tmp_path / "auditor.toml").tenant.cloud == "global"


@posix
def test_the_shell_script_federates_and_prints_the_exchange_step(tmp_path: Path) -> None:
    federation = values.any_issuer("https://idp.contoso.com/x", HOSTILE, None)
    setup = wanted("federated", ("core", "exchange"), name=HOSTILE, federation=federation)
    done, calls = played(tmp_path, setup)
    assert done.returncode == 0, done.stderr
    assert bodies(calls)[1][1] == {
        "name": "auditor",
        "issuer": "https://idp.contoso.com/x",
        "subject": HOSTILE,
        "audiences": ["api://AzureADTokenExchange"],
    }
    exchange = done.stdout.split("Run in Exchange Online PowerShell:\n\n")[1].split("\n\n")[0]
    linters.powershell(exchange)
    assert f"-DisplayName {quoting.powershell(HOSTILE)}" in exchange
    assert "Add-RoleGroupMember -Identity 'View-Only Organization Management'" in exchange


@posix
def test_a_step_alone_needs_the_client_id_and_touches_nothing_else(tmp_path: Path) -> None:
    setup = wanted("certificate")
    done, calls = played(tmp_path, setup, "2")
    assert done.returncode == 1
    assert "Give the client id that step 1 printed" in done.stderr
    assert calls == []
    done, calls = played(tmp_path, setup, "2", "22222222-2222-2222-2222-222222222222")
    assert done.returncode == 0, done.stderr
    assert all(url.endswith("/appRoleAssignments") for url, _ in bodies(calls))


@posix
def test_an_application_of_the_same_name_stops_step_1(tmp_path: Path) -> None:
    (tmp_path / "found").write_text("99999999-9999-9999-9999-999999999999\n")
    done, calls = played(tmp_path, wanted("certificate"))
    assert done.returncode == 1
    assert "There is an application of this name already" in done.stderr
    assert bodies(calls) == []


@pytest.mark.parametrize("kind", KINDS)
def test_the_settings_lines_are_toml(kind: str) -> None:
    setup = wanted(kind, certificate_file='C:\\keys\\a "b"\\client.pem')
    read = tomllib.loads("[credential]\n" + "\n".join(setup.settings))
    assert read["collect"] == {"exchange": False}
    if kind == "certificate":
        assert read["credential"]["certificate"] == 'C:\\keys\\a "b"\\client.pem'
    assert (
        read["credential"]["kind"]
        == {
            "certificate": "certificate",
            "federated": "github-actions",
            "managed-identity": "managed-identity",
        }[kind]
    )


@pytest.mark.parametrize(
    "name", ["", " ", "a\nb", "a\u202eb", "a\x1b[31mb", "a\u2028b", "x" * 121, "a\0b"]
)
def test_a_name_that_would_not_stay_on_its_line_is_refused(name: str) -> None:
    with pytest.raises(SettingsError, match="visible characters on one line"):
        wanted("certificate", name=name)


def test_a_managed_identity_needs_a_name_azure_takes_and_a_resource_group() -> None:
    with pytest.raises(SettingsError, match="no name of a managed identity"):
        wanted("managed-identity", name="a b'c")
    with pytest.raises(SettingsError, match="resource group"):
        wanted("managed-identity", resource_group="")


def test_whose_tokens_are_trusted() -> None:
    github = values.github("contoso/audits", "a:b", None)
    assert github.subject == "repo:contoso/audits:environment:a%3Ab"
    assert values.github("c/r", None, "main").subject == "repo:c/r:ref:refs/heads/main"
    id = "AAAAAAAA-0000-4000-8000-000000000001"
    pipelines = values.azure_pipelines("contoso/project/name", id, id)
    assert pipelines.issuer == f"https://vstoken.dev.azure.com/{id.lower()}"
    assert pipelines.subject == "sc://contoso/project/name"
    assert pipelines.service_connection == id.lower()
    attempts: list[Callable[[], Federation]] = [
        lambda: values.github("contoso", "audit", None),
        lambda: values.github("contoso/audits", None, None),
        lambda: values.github("contoso/audits", "audit", "main"),
        lambda: values.azure_pipelines("contoso/name", id, id),
        lambda: values.azure_pipelines("contoso/project/name", "1", id),
        lambda: values.any_issuer("http://idp", "s", None),
        lambda: values.any_issuer("https://idp", "", None),
    ]
    for wrong in attempts:
        with pytest.raises(SettingsError):
            wrong()


def test_a_template_cannot_print_what_is_not_quoted() -> None:
    from auditor.setup.script import _environment

    environment = _environment(quoting.powershell)
    with pytest.raises(TypeError, match="without quoting"):
        environment.from_string("{{ name }}").render(name="a")
    with pytest.raises(ValueError, match="our own words"):
        environment.from_string("{{ name | own }}").render(name="a`b")


def test_there_is_a_script_for_every_language() -> None:
    assert all(render(wanted("certificate"), language) for language in LANGUAGES)
