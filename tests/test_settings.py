from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from auditor.errors import SettingsError
from auditor.settings import Settings, load_settings

Write = Callable[[str], Path]
ID = "1111aaaa-2222-3333-4444-555555555555"
GOOD = f"""
[tenant]
id = "{ID.upper()}"
cloud = "gcc-high"
[credential]
client_id = "{ID}"
certificate = "client.pem"
password_env = "AUDITOR_PASSWORD"
[endpoints]
graph = "https://localhost:8443/"
[collect]
certificate_minutes = 3
exchange = false
[coverage]
accept = ["role-eligibility"]
[audit]
fail_on = "critical"
[rules.secret-lifetime]
max_days = 90
severity = "low"
"""


@pytest.fixture
def write(tmp_path: Path) -> Write:
    (tmp_path / "client.pem").write_text("x")

    def save(text: str) -> Path:
        path = tmp_path / "auditor.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return save


def test_everything_is_read(write: Write, tmp_path: Path) -> None:
    settings = load_settings(write(GOOD))
    assert settings.tenant.id == ID
    assert settings.tenant.cloud == "gcc-high"
    assert settings.credential.certificate == tmp_path / "client.pem"
    assert settings.credential.password_env == "AUDITOR_PASSWORD"
    assert settings.endpoints.graph == "https://localhost:8443"
    assert settings.endpoints.login is None
    assert settings.collect.certificate_minutes == 3
    assert settings.collect.exchange is False
    assert settings.collect.graph_page_size == 999
    assert settings.coverage.accept == ("role-eligibility",)
    assert settings.audit.fail_on == "critical"
    assert settings.rules == {"secret-lifetime": {"max_days": 90, "severity": "low"}}


def test_a_byte_order_mark_and_a_domain_are_fine(write: Write) -> None:
    text = GOOD.replace(ID.upper(), "contoso.onmicrosoft.com")
    assert load_settings(write("\ufeff" + text)).tenant.id == "contoso.onmicrosoft.com"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("[collect]", "[colect]", "[colect] is no section of the settings (nearest: collect)"),
        (
            "exchange = false",
            "exchang = false",
            "collect.exchang is no setting (nearest: exchange)",
        ),
        ("exchange = false", 'exchange = "no"', "collect.exchange must be true or false"),
        ("= 3", "= 3.5", "collect.certificate_minutes must be a whole number from 0"),
        ("= 3", "= true", "collect.certificate_minutes must be a whole number"),
        ("= 3", "= -1", "collect.certificate_minutes must be a whole number"),
        (ID.upper(), "not a tenant", "tenant.id must be a tenant id (GUID) or a domain"),
        (f'client_id = "{ID}"', 'client_id = "me"', "credential.client_id must be an application"),
        ('"gcc-high"', '"gcc-hi"', "tenant.cloud must be one of global, gcc-high, dod, china"),
        ('"critical"', '"severe"', "audit.fail_on must be one of critical, high"),
        ('["role-eligibility"]', '["role-eligible"]', "(nearest: role-eligibility)"),
        ('["role-eligibility"]', '"role-eligibility"', "coverage.accept must be a list"),
        ('["role-eligibility"]', "[[]]", "which is no dataset"),
        ("https://localhost:8443/", "http://localhost", "endpoints.graph must be https://"),
        ("https://localhost:8443/", "https://localhost/v1.0", "endpoints.graph must be https://"),
        ("https://localhost:8443/", "https://localhost:x", "endpoints.graph must be https://"),
        ("client.pem", "other.pem", "there is no such file"),
        ('"AUDITOR_PASSWORD"', '"hunter2!"', "credential.password_env must be the name of an"),
        ("[tenant]", "tenant = 1\n[x]", "[x] is no section"),
        ("[rules.secret-lifetime]", "[rules]\nsecret-lifetime = 3\n[rules.b]", "must be a section"),
        ("[tenant]", "[tenant", "is not valid TOML"),
    ],
)
def test_what_is_wrong_is_told_by_file_and_key(write: Write, old: str, new: str, told: str) -> None:
    path = write(GOOD.replace(old, new, 1))
    with pytest.raises(SettingsError) as error:
        load_settings(path)
    assert told in str(error.value)
    assert str(path) in str(error.value)
    assert "\n" not in str(error.value)


def test_a_toml_error_names_the_line(write: Write) -> None:
    with pytest.raises(SettingsError, match="line 2"):
        load_settings(write("[tenant]\nid = \n"))


@pytest.mark.parametrize("key", ["id", "client_id", "certificate"])
def test_what_must_be_there_is_asked_for(write: Write, key: str) -> None:
    text = "\n".join(line for line in GOOD.splitlines() if not line.startswith(f"{key} "))
    with pytest.raises(SettingsError, match=rf"\.{key} is missing"):
        load_settings(write(text))


def test_work_on_a_snapshot_needs_no_tenant_and_no_certificate(write: Write) -> None:
    settings = load_settings(write('[audit]\nfail_on = "low"\n'), connect=False)
    assert settings.audit.fail_on == "low"
    assert load_settings(write(GOOD.replace("client.pem", "away.pem")), connect=False).tenant.id


def test_a_missing_file_a_folder_and_other_bytes(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="There is no settings file"):
        load_settings(tmp_path / "auditor.toml")
    with pytest.raises(SettingsError, match="cannot be read"):
        load_settings(tmp_path)
    (tmp_path / "a.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsError, match="UTF-8"):
        load_settings(tmp_path / "a.toml")


def test_offline_settings_are_the_defaults() -> None:
    settings = Settings.offline()
    assert settings.audit.fail_on == "high"
    assert settings.coverage.accept == ()
    assert settings.rules == {}


def test_settings_and_datasets_load_nothing_slow() -> None:
    code = (
        "import sys, auditor.settings, auditor.datasets, auditor.connect;"
        "print([n for n in ('msgraph', 'azure', 'pandas', 'httpx', 'cryptography') if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
