"""Environment variables, --set, kinds of credential: which wins, and what an error says."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from auditor.cli import cli, options
from auditor.errors import SettingsError
from auditor.packs import configure, load_rules
from auditor.settings import KINDS, Settings, load_settings

ID = "1111aaaa-2222-3333-4444-555555555555"
SECRET = "pA8Q~not-for-any-log"
ENOUGH = {
    "AUDITOR_TENANT__ID": "contoso.onmicrosoft.com",
    "AUDITOR_CREDENTIAL__KIND": "managed-identity",
}


def loaded(
    file: Path | None = None, *sets: str, connect: bool = True, **variables: str
) -> Settings:
    return load_settings(file, connect=connect, environment=variables, sets=sets)


def in_environment(variables: dict[str, str], *sets: str, file: Path | None = None) -> Settings:
    return load_settings(file, environment=variables, sets=sets)


def written(folder: Path, text: str) -> Path:
    path = folder / "auditor.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_flag_wins_over_the_environment_and_that_over_the_file(tmp_path: Path) -> None:
    file = written(tmp_path, "[collect]\nretries = 1\nconcurrency = 1\nlongest_wait = 1\n")
    found = in_environment(
        {**ENOUGH, "AUDITOR_COLLECT__RETRIES": "2", "AUDITOR_COLLECT__CONCURRENCY": "2"},
        "collect.retries=3",
        "collect.retries=4",
        file=file,
    )
    assert (found.collect.retries, found.collect.concurrency, found.collect.longest_wait) == (
        4,
        2,
        1,
    )
    assert found.origins["collect.retries"] == "--set"
    assert found.origins["collect.concurrency"] == "AUDITOR_COLLECT__CONCURRENCY"
    assert found.origins["collect.longest_wait"] == str(file)


def test_the_environment_alone_is_enough_and_texts_have_types(tmp_path: Path) -> None:
    (tmp_path / "client.pem").write_text("x")
    found = loaded(
        AUDITOR_TENANT__ID="contoso.onmicrosoft.com",
        AUDITOR_CREDENTIAL__CLIENT_ID=ID,
        AUDITOR_CREDENTIAL__CERTIFICATE=str(tmp_path / "client.pem"),
        AUDITOR_CREDENTIAL__PASSWORD_ENV="AUDITOR_PASSWORD",
        AUDITOR_PASSWORD=SECRET,
        AUDITOR_COLLECT__EXCHANGE="False",
        AUDITOR_COLLECT__CERTIFICATE_MINUTES=" 3 ",
        AUDITOR_COVERAGE__ACCEPT="role-eligibility, exchange-role-groups",
        AUDITOR_CHROMIUM="/usr/bin/chromium",
        AUDITORIUM="else",
    )
    assert found.collect.exchange is False
    assert found.collect.certificate_minutes == 3
    assert found.coverage.accept == ("role-eligibility", "exchange-role-groups")
    assert found.credential.certificate == tmp_path / "client.pem"
    assert in_environment(ENOUGH, "coverage.accept=").coverage.accept == ()


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("AUDITOR_TENANT__IDD", "x", "is no setting (nearest: AUDITOR_TENANT__ID)"),
        ("AUDITOR_TENANT__CLIENT_ID", ID, "(nearest: AUDITOR_CREDENTIAL__CLIENT_ID)"),
        ("AUDITOR_CLIENT_ID", ID, "(nearest: AUDITOR_CREDENTIAL__CLIENT_ID)"),
        ("AUDITOR_TENANT_ID", "x", "(nearest: AUDITOR_TENANT__ID)"),
        ("AUDITOR_RULES__MAX_DAYS", "3", "AUDITOR_RULES__RULE_ID__SETTING"),
        ("AUDITOR_CLIENT_SECRET", SECRET, "credential.secret_env"),
        ("AUDITOR_CREDENTIAL__PASSWORD", SECRET, "credential.password_env"),
        ("AUDITOR_CREDENTIAL__SECRET_ENV", SECRET, "must be the name of an environment variable"),
        ("AUDITOR_CREDENTIAL__CLIENT_ID", SECRET, "must be an application (client) id"),
        ("AUDITOR_COLLECT__EXCHANGE", "no", "must be true or false, not 'no'"),
        ("AUDITOR_COLLECT__RETRIES", "3.5", "must be a whole number, not '3.5'"),
        ("AUDITOR_COLLECT__RETRIES", "99", "must be a whole number from 0 to 20, not '99'"),
        ("AUDITOR_COLLECT__RETRIES", "", "is empty"),
        ("AUDITOR_TENANT__CLOUD", "gcchigh", "(nearest: gcc-high)"),
        ("AUDITOR_COVERAGE__ACCEPT", "role-eligible", "(nearest: role-eligibility)"),
    ],
)
def test_a_wrong_variable_is_told_by_its_name_without_secrets(
    name: str, value: str, told: str
) -> None:
    with pytest.raises(SettingsError) as error:
        in_environment({**ENOUGH, name: value})
    assert name in str(error.value)
    assert told in str(error.value)
    assert SECRET not in str(error.value)
    assert SECRET not in repr(error.value.__context__)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "tenant.client_id=x",
            "--set tenant.client_id is no setting: client_id belongs to the sec",
        ),
        ("tenant.x=x", "--set tenant.x is no setting"),
        ("tennant.id=x", "--set [tennant] is no section of the settings (nearest: tenant)"),
        ("audit.fail_on=hi", "--set audit.fail_on must be one of critical"),
        ("audit.fail_on", "--set takes SECTION.KEY=VALUE"),
        ("fail_on=low", "--set takes SECTION.KEY=VALUE"),
        ("rules.max_days=low", "or rules.RULE.SETTING=VALUE"),
        (f"credential.client_secret={SECRET}", 'secret_env = "NAME"'),
    ],
)
def test_a_wrong_flag_is_told(text: str, told: str) -> None:
    with pytest.raises(SettingsError) as error:
        in_environment(ENOUGH, text)
    assert told in str(error.value)
    assert SECRET not in str(error.value)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (f'[tenant]\nclient_id = "{ID}"', "client_id belongs to the section [credential]"),
        (f'client_id = "{ID}"', "client_id belongs to the section [credential]"),
        ('[collect]\nfail_on = "low"', "fail_on belongs to the section [audit]"),
        ("[secret-lifetime]\nmax_days = 3", "settings of a rule stand in [rules.ID]"),
        (f'[credential]\nclient_secret = "{SECRET}"', 'secret_env = "NAME"'),
        (f'[credential]\npassword = "{SECRET}"', 'password_env = "NAME"'),
        (f'[tenant]\nsecret = "{SECRET}"', "secrets are never settings"),
        (f'client_secret = "{SECRET}"', "secrets are never settings"),
        (f'[credential]\nsecret_evn = "{SECRET}"', "(nearest: secret_env)"),
        (f'[credential]\nclient_id = "{SECRET}"', "must be an application (client) id"),
        (f'[credential]\npassword_env = "{SECRET}"', "must be the name of an environment"),
        ('[credential]\nkind = "certficate"', "(nearest: certificate)"),
    ],
)
def test_wrong_places_and_secrets_in_the_file(tmp_path: Path, text: str, told: str) -> None:
    file = written(tmp_path, text)
    with pytest.raises(SettingsError) as error:
        loaded(file, connect=False)
    assert str(file) in str(error.value)
    assert told in str(error.value)
    assert SECRET not in str(error.value)


VALUES = {
    "client_id": ID,
    "certificate": "there.pem",
    "password_env": "PASSWORD",
    "password_file": "there.pem",
    "password_prompt": "true",
    "token_file": "there.pem",
    "secret_env": "SECRET",
    "service_connection": "connection",
    "audience": "api://x",
}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_takes_its_own_keys_and_no_other(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("there.pem").write_text("x")
    needed, may = KINDS[kind]
    base = (f"credential.kind={kind}", "tenant.id=contoso.com")
    sets = [f"credential.{key}={VALUES[key]}" for key in needed]
    assert loaded(None, *base, *sets).credential.kind == kind
    for key in needed:
        fewer = [each for each in sets if not each.startswith(f"credential.{key}=")]
        with pytest.raises(SettingsError, match=rf"credential\.{key} is missing"):
            loaded(None, *base, *fewer)
    for key, value in VALUES.items():
        more = (*base, *sets, f"credential.{key}={value}")
        if key in (*needed, *may):
            loaded(None, *more)
            continue
        with pytest.raises(SettingsError, match=f"kind {kind} does not take {key}; .* does"):
            loaded(None, *more)


def test_at_most_one_way_to_give_the_password(tmp_path: Path) -> None:
    file = written(tmp_path, '[credential]\npassword_env = "A"\npassword_prompt = false\n')
    assert loaded(file, connect=False).credential.password_env == "A"
    with pytest.raises(SettingsError, match="one way to give the password too many") as error:
        loaded(file, "credential.password_prompt=true", connect=False)
    assert str(file) in str(error.value)


def test_another_kind_from_the_environment_leaves_the_files_keys_aside(tmp_path: Path) -> None:
    file = written(
        tmp_path, f'[credential]\nclient_id = "{ID}"\ncertificate = "a.pem"\npassword_env = "A"\n'
    )
    found = in_environment({**ENOUGH, "AUDITOR_CREDENTIAL__KIND": "github-actions"}, file=file)
    assert found.credential.client_id == ID
    assert found.credential.password_env is None
    with pytest.raises(SettingsError, match="does not take certificate; certificate does"):
        loaded(written(tmp_path, '[credential]\nkind = "azure-cli"\ncertificate = "a.pem"\n'))


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        ("certificate", "certificate"),
        ("certificate", "password_file"),
        ("workload-identity", "token_file"),
    ],
)
def test_files_that_are_named_must_be_there_when_connecting(
    kind: str, key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("there.pem").write_text("x")
    keys = {**{each: VALUES[each] for each in KINDS[kind][0]}, key: "away.pem"}
    sets = [f"credential.{name}={value}" for name, value in keys.items()]
    sets += [f"credential.kind={kind}", "tenant.id=contoso.com"]
    loaded(None, *sets, connect=False)
    with pytest.raises(SettingsError, match=rf"--set credential\.{key} names away.pem"):
        loaded(None, *sets)


def test_without_a_file_what_is_missing_is_named_by_its_variables() -> None:
    with pytest.raises(SettingsError) as error:
        loaded()
    assert "There is no settings file" in str(error.value)
    for name in ("TENANT__ID", "CREDENTIAL__CLIENT_ID", "CREDENTIAL__CERTIFICATE"):
        assert f"AUDITOR_{name}" in str(error.value)


def configured(settings: Settings) -> dict[str, object]:
    rule = next(
        each
        for each in configure(load_rules(), settings.rules)
        if each.rule.id == "secret-lifetime"
    )
    return {**rule.settings, "severity": rule.severity, "enabled": rule.enabled}


def test_settings_of_rules_from_the_environment_and_flags(tmp_path: Path) -> None:
    file = written(tmp_path, '[rules.secret-lifetime]\nmax_days = 90\nseverity = "low"\n')
    variable = {"AUDITOR_RULES__SECRET_LIFETIME__MAX_DAYS": "365"}
    found = configured(load_settings(file, connect=False, environment=variable))
    assert found["max_days"] == 365
    assert str(found["severity"]) == "1"
    found = configured(
        load_settings(
            file,
            connect=False,
            environment=variable,
            sets=["rules.secret-lifetime.max-days=7", "rules.secret-lifetime.enabled=false"],
        )
    )
    assert found["max_days"] == 7
    assert found["enabled"] is False


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("SECRET_LIFETIMES__MAX_DAYS", "3", "no such rule. Did you mean secret-lifetime?"),
        ("SECRET_LIFETIME__MAX_DAY", "3", "no setting max_day. Did you mean max_days?"),
        ("SECRET_LIFETIME__MAX_DAYS", "soon", "takes a whole number, not 'soon'"),
        ("SECRET_LIFETIME__MAX_DAYS", "-3", "takes a number of 0 or more"),
        ("SECRET_LIFETIME__ENABLED", "no", "takes true or false, not 'no'"),
        ("SECRET_LIFETIME__SEVERITY", "bad", "is no severity"),
    ],
)
def test_a_wrong_setting_of_a_rule_names_its_variable(name: str, value: str, told: str) -> None:
    settings = load_settings(None, connect=False, environment={f"AUDITOR_RULES__{name}": value})
    with pytest.raises(SettingsError, match=re.escape(told)) as error:
        configure(load_rules(), settings.rules)
    assert f"AUDITOR_RULES__{name}: " in str(error.value)


def test_a_wrong_setting_of_a_rule_names_its_file(tmp_path: Path) -> None:
    for text in ("[rules.secret-lifetimes]", "[rules.secret-lifetime]\nmax_days = nan"):
        file = written(tmp_path, text)
        with pytest.raises(SettingsError, match=re.escape(f"{file}: [rules.secret-lifetime")):
            configure(load_rules(), loaded(file, connect=False).rules)


def test_settings_show_tells_values_and_origins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    written(tmp_path, '[tenant]\nid = "contoso.com"\n[rules.secret-lifetime]\nmax_days = 9\n')
    monkeypatch.setenv("AUDITOR_CREDENTIAL__KIND", "managed-identity")
    done = CliRunner().invoke(cli, ["settings", "show", "--set", "audit.fail_on=low"])
    assert done.exception is None, done.output
    for line in (
        'tenant.id = "contoso.com"  # auditor.toml',
        'credential.kind = "managed-identity"  # AUDITOR_CREDENTIAL__KIND',
        'audit.fail_on = "low"  # --set',
        "collect.retries = 6  # default",
        "rules.secret-lifetime.max_days = 9  # auditor.toml",
    ):
        assert line in done.output.splitlines()
    done = CliRunner().invoke(cli, ["settings", "show", "--set", "credential.kind=device-code"])
    assert isinstance(done.exception, SettingsError)
    assert "credential.client_id is missing" in str(done.exception)


def test_every_command_with_settings_reads_its_flags(monkeypatch: pytest.MonkeyPatch) -> None:
    """A command that calls load_settings itself would take --set and do nothing with it."""
    folder = Path(options.__file__).parent
    direct = [
        path.name
        for path in folder.rglob("*.py")
        if "options.settings(" in (text := path.read_text("utf-8"))
        and re.search(r"\bload_settings\(", text)
    ]
    assert not direct, "use options.load"
    assert isinstance(cli, click.Group)
