"""`auditor setup` as a user meets it."""

from __future__ import annotations

import base64
import re
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography import x509

from auditor.cli import main
from tests.setup import linters

GUID = "aaaaaaaa-0000-4000-8000-000000000001"


def run(*arguments: str | Path) -> int:
    with pytest.raises(SystemExit) as stopped:
        main(["setup", *map(str, arguments)])
    assert isinstance(stopped.value.code, int)
    return stopped.value.code


def test_the_script_is_printed_and_the_prose_is_not(capsys: pytest.CaptureFixture[str]) -> None:
    assert run() == 0
    out, err = capsys.readouterr()
    linters.powershell(out)
    assert "./client.crt" in out
    assert "Nothing was sent to a tenant" in err
    assert "Privileged Role Administrator" in err


def test_a_certificate_is_made_and_its_public_part_is_in_the_script(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    script = tmp_path / "setup.ps1"
    assert run("--make-certificate", tmp_path / "keys", "--with", "all", "--output", script) == 0
    out, err = capsys.readouterr()
    assert out == ""
    text = script.read_text(encoding="utf-8-sig")
    key = (tmp_path / "keys" / "client.pem").read_text()
    secret = key.partition("-----BEGIN PRIVATE KEY-----\n")[2].splitlines()[0]
    assert secret
    assert secret not in text + err
    embedded = re.search(r"FromBase64String\('([^']+)'\)", text)
    assert embedded
    public = x509.load_pem_x509_certificate((tmp_path / "keys" / "client.crt").read_bytes())
    assert x509.load_der_x509_certificate(base64.b64decode(embedded[1])) == public
    # A second run overwrites no key, and says so in one sentence.
    assert run("--make-certificate", tmp_path / "keys") == 2
    assert "ever overwritten" in capsys.readouterr().err
    # And the file it made is what --certificate takes.
    assert run("--certificate", tmp_path / "keys" / "client.crt") == 0


def test_a_password_from_the_environment(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments = ("--make-certificate", tmp_path / "keys", "--password-env", "KEY_PASSWORD")
    assert run(*arguments) == 2
    assert "KEY_PASSWORD is not set" in capsys.readouterr().err
    assert not (tmp_path / "keys").exists()
    monkeypatch.setenv("KEY_PASSWORD", "correct horse")
    assert run(*arguments) == 0
    assert 'password_env = "KEY_PASSWORD"' in capsys.readouterr().out
    assert "ENCRYPTED" in (tmp_path / "keys" / "client.pem").read_text()


@pytest.mark.parametrize(
    ("arguments", "kind"),
    [
        (("--github", "contoso/audits", "--environment", "audit"), "github-actions"),
        (
            (
                *("--azure-pipelines", "contoso/project/name", "--organisation-id", GUID),
                *("--service-connection-id", GUID),
            ),
            "azure-pipelines",
        ),
        (("--issuer", "https://idp.contoso.com", "--subject", "s"), "workload-identity"),
        (
            (
                *("--issuer", "https://idp.contoso.com", "--subject", "s"),
                *("--service-connection-id", GUID),
            ),
            "azure-pipelines",
        ),
    ],
)
def test_the_ways_to_federate(
    arguments: tuple[str, ...], kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("--as", "federated", "--language", "terraform", *arguments) == 0
    out = capsys.readouterr().out
    linters.terraform(out)
    assert f'"kind = \\"{kind}\\""' in out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--as", "federated"), "Say once whose tokens are trusted"),
        (("--github", "c/r"), "--github goes with --as federated"),
        (("--as", "federated", "--github", "c/r", "--issuer", "https://a"), "Say once"),
        (("--as", "federated", "--github", "c/r"), "either --environment"),
        (("--as", "federated", "--github", "c/r", "--subject", "s"), "--subject does not go with"),
        (("--as", "managed-identity"), "--resource-group"),
        (("--resource-group", "rg"), "--resource-group goes with --as managed-identity"),
        (("--as", "managed-identity", "--certificate", "c"), "goes with --as certificate"),
        (("--certificate", "a", "--make-certificate", "b"), "Give either"),
        (("--password-env", "A"), "--password-env encrypts"),
        (("--name", "a\nb"), "visible characters"),
        (("--certificate", "nowhere.crt"), "cannot be read"),
        (("--output", "nowhere/setup.ps1"), "cannot be written"),
    ],
)
def test_misuse_is_told_in_a_sentence(
    arguments: tuple[str, ...],
    told: str,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(*arguments) == 2
    out, err = capsys.readouterr()
    assert told in err.replace("\n", " ")
    assert out == ""
    assert list(tmp_path.iterdir()) == []


def test_the_bytes_do_not_depend_on_the_consoles_code_page() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "auditor", "setup", "--name", "Prüfer \u65e5"],
        capture_output=True,
        env={"PYTHONIOENCODING": "ascii", "PATH": "", "SYSTEMROOT": "C:\\Windows"},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "$Name = 'Prüfer \u65e5'" in done.stdout.decode("utf-8")


def test_the_printed_script_waits_for_no_heavy_package() -> None:
    code = (
        "import sys; from auditor.cli import main\n"
        "try: main(['setup', '--with', 'all'])\n"
        "except SystemExit: pass\n"
        "heavy = {'pandas', 'msgraph', 'azure', 'httpx', 'cryptography'} & set(sys.modules)\n"
        "sys.exit(repr(sorted(heavy)) if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
