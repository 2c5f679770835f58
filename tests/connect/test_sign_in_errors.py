"""Every error of signing in, as a user sees it: `auditor collect`, exit code 2, one sentence.

Set TELL_FILE to a file to have all sentences written there.
"""

from __future__ import annotations

import os
import webbrowser
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from auditor.cli import main
from auditor.emulator.faults import FaultPlan
from auditor.emulator.oidc import KUBERNETES_SUBJECT
from tests.connect.ways import Stage, stage

NOBODY = "00000000-0000-0000-0000-000000000001"
PASSWORD = b"correct horse"


@dataclass
class Case:
    """What is set up wrong, and what the message must say."""

    kind: str
    says: tuple[str, ...]
    keys: dict[str, Any] = field(default_factory=dict)
    environment: dict[str, str | None] = field(default_factory=dict)
    options: dict[str, Any] = field(default_factory=dict)
    signin: int = 0  # the refusal that the token endpoint plays
    replace: tuple[str, str] = ("", "")  # in the settings file
    prepare: Callable[[Stage, Path], dict[str, Any]] = lambda place, folder: {}


def _pair(folder: Path, *, start: float = -10, end: float = 10, curve: bool = False) -> Path:
    key: Any = (
        ec.generate_private_key(ec.SECP256R1()) if curve else rsa.generate_private_key(65537, 2048)
    )
    name, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")]), datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now + timedelta(days=start))
        .not_valid_after(now + timedelta(days=end))
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    pkcs8 = serialization.PrivateFormat.PKCS8
    path = folder / "own.pem"
    path.write_bytes(
        certificate.public_bytes(pem) + key.private_bytes(pem, pkcs8, serialization.NoEncryption())
    )
    pfx = pkcs12.serialize_key_and_certificates(
        b"x", key, certificate, None, serialization.BestAvailableEncryption(PASSWORD)
    )
    (folder / "own.pfx").write_bytes(pfx)
    return path


def own(**given: Any) -> Callable[[Stage, Path], dict[str, Any]]:
    return lambda _, folder: {"certificate": _pair(folder, **given)}


def pfx(_: Stage, folder: Path) -> dict[str, Any]:
    return {"certificate": _pair(folder).with_suffix(".pfx")}


def no_key(place: Stage, folder: Path) -> dict[str, Any]:
    text = (place.folder / "client.pem").read_text()
    path = folder / "no-key.pem"
    start = text.index("-----BEGIN CERTIFICATE")
    path.write_text(text[start : text.index("-----END CERTIFICATE-----") + 26])
    return {"certificate": path}


def token_file(make: Callable[[Stage], str]) -> Callable[[Stage, Path], dict[str, Any]]:
    def prepare(place: Stage, folder: Path) -> dict[str, Any]:
        (folder / "token").write_text(make(place))
        return {"token_file": folder / "token"}

    return prepare


def forged(place: Stage) -> str:
    claims = {"iss": "https://evil.example", "sub": KUBERNETES_SUBJECT, "aud": "x", "exp": 9**10}
    return jwt.encode(claims, "k" * 32)


def az(token: str = "", error: str = "") -> Callable[[Stage, Path], dict[str, Any]]:
    def prepare(place: Stage, folder: Path) -> dict[str, Any]:
        os.environ["PATH"] = str(place.az(folder, token, error))
        return {}

    return prepare


CASES: dict[str, Case] = {
    # Entra refuses the application.
    "700016": Case("certificate", ("AADSTS700016", "credential.client_id"), {"client_id": NOBODY}),
    "700027": Case("certificate", ("AADSTS700027", "upload its public part"), prepare=own()),
    "7000215": Case(
        "client-secret",
        ("AADSTS7000215", "not its Secret ID"),
        environment={"AUDITOR_SECRET": "wrong~secret~value"},
    ),
    "7000222": Case("client-secret", ("AADSTS7000222", "expired"), options={"auditor_secret": -3}),
    "90002": Case(
        "certificate",
        ("there is no such tenant", "tenant.cloud"),
        replace=('id = "', f'id = "{NOBODY}" #'),
    ),
    "53003": Case("certificate", ("AADSTS53003", "Conditional Access"), signin=53003),
    "700024": Case("certificate", ("AADSTS700024", "clock"), signin=700024),
    "clock skew": Case(
        "certificate",
        ("AADSTS700024", "This machine's clock is 2", "minutes behind"),
        signin=700024,
        options={"now": datetime.now(UTC) + timedelta(minutes=25)},
    ),
    "500011": Case(
        "certificate", ("AADSTS500011", "tenant.cloud"), replace=('"global"', '"gcc-high"')
    ),
    # A user signs in.
    "65001": Case(
        "device-code", ("AADSTS65001", "Grant admin consent"), options={"consented": False}
    ),
    "50076": Case("device-code", ("AADSTS50076", "second time"), signin=50076),
    "50079": Case("browser", ("AADSTS50079", "second time"), signin=50079),
    "530003": Case("device-code", ("AADSTS530003", "managed device"), signin=530003),
    "50034": Case("device-code", ("AADSTS50034", "no such user"), signin=50034),
    "device code expired": Case("device-code", ("before it expired",), signin=70020),
    "no public client": Case(
        "device-code",
        ("AADSTS7000218", "public client flows"),
        prepare=lambda place, _: {"client_id": place.emulator.tenant.client_id},
    ),
    "no browser": Case("browser", ("No browser could be opened", "device-code")),
    # Federation.
    "700213": Case(
        "github-actions",
        ("AADSTS700213", "'repo:contoso/audit:environment:production'", "subject"),
        options={"trusts": ("repo:contoso/audit:ref:refs/heads/main",)},
    ),
    "700211": Case(
        "workload-identity",
        ("AADSTS700211", "'https://evil.example'", "issuer"),
        prepare=token_file(forged),
    ),
    "700212": Case(
        "github-actions",
        ("AADSTS700212", "'api://other'", "credential.audience"),
        {"audience": "api://other"},
    ),
    "70025": Case(
        "github-actions", ("AADSTS70025", "Federated credentials"), options={"trusts": ()}
    ),
    "token file missing": Case(
        "workload-identity",
        ("there is no such file", "credential.token_file"),
        {"token_file": "nowhere"},
    ),
    "token file empty": Case(
        "workload-identity", ("is empty",), prepare=token_file(lambda _: " \n")
    ),
    "token file is none": Case(
        "workload-identity", ("holds no token", "JWT"), prepare=token_file(lambda _: "hello")
    ),
    "token file expired": Case(
        "workload-identity",
        ("expired on",),
        prepare=token_file(
            lambda place: place.emulator.issuer.token(KUBERNETES_SUBJECT, seconds=-9)
        ),
    ),
    "not in GitHub": Case(
        "github-actions",
        ("ACTIONS_ID_TOKEN_REQUEST_URL", "id-token: write"),
        environment={"ACTIONS_ID_TOKEN_REQUEST_URL": None},
    ),
    "no id-token permission": Case(
        "github-actions",
        ("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "id-token: write"),
        environment={"ACTIONS_ID_TOKEN_REQUEST_TOKEN": None},
    ),
    "GitHub says no": Case(
        "github-actions",
        ("GitHub issued no token: it answered 401",),
        environment={"ACTIONS_ID_TOKEN_REQUEST_TOKEN": "wrong"},
    ),
    "no system token": Case(
        "azure-pipelines",
        ("SYSTEM_ACCESSTOKEN", "System.AccessToken"),
        environment={"SYSTEM_ACCESSTOKEN": None},
    ),
    "no such connection": Case(
        "azure-pipelines",
        ("it answered 404", "credential.service_connection"),
        {"service_connection": NOBODY},
    ),
    # Managed identity.
    "no managed identity": Case(
        "managed-identity",
        ("There is no managed identity here", "IMDS"),
        environment={
            "IDENTITY_ENDPOINT": None,
            "IDENTITY_HEADER": None,
            "AZURE_POD_IDENTITY_AUTHORITY_HOST": "http://127.0.0.1:9",
        },
    ),
    "unknown identity": Case(
        "managed-identity", ("No User Assigned", NOBODY, "assigned"), {"client_id": NOBODY}
    ),
    # The Azure CLI.
    "no az": Case("azure-cli", ("There is no Azure CLI",), environment={"PATH": "/nowhere"}),
    "az not signed in": Case(
        "azure-cli",
        ("Nobody is signed in to the Azure CLI", "az login --tenant"),
        prepare=az(error="ERROR: Please run 'az login' to setup account."),
    ),
    "az signed out by MFA": Case(
        "azure-cli",
        ("AADSTS50076", "second time"),
        prepare=az(error="ERROR: AADSTS50076: use multi-factor authentication. Trace ID: 1"),
    ),
    "another tenant": Case(
        "azure-cli",
        ("for the tenant t-other", "tenant.id"),
        prepare=az(jwt.encode({"tid": "t-other", "scp": "x"}, "k" * 32)),
    ),
    # The certificate file.
    "expired certificate": Case(
        "certificate", ("expired on", "UTC (now:"), prepare=own(start=-20, end=-2)
    ),
    "not yet valid": Case("certificate", ("is valid only from", "clock"), prepare=own(start=2)),
    "EC key": Case("certificate", ("is not RSA",), prepare=own(curve=True)),
    "no key": Case("certificate", ("holds no private key",), prepare=no_key),
    "wrong PFX password": Case(
        "certificate",
        ("the password is wrong", "credential.password_env"),
        {"password_env": "AUDITOR_PASSWORD"},
        {"AUDITOR_PASSWORD": "battery staple"},
        prepare=pfx,
    ),
    "no PFX password": Case("certificate", ("no password is given",), prepare=pfx),
    "password not set": Case(
        "certificate",
        ("AUDITOR_PASSWORD", "is not set"),
        {"password_env": "AUDITOR_PASSWORD"},
        prepare=pfx,
    ),
    "no password file": Case(
        "certificate",
        ("credential.password_file", "there is no such file"),
        {"password_file": "nowhere"},
        prepare=pfx,
    ),
    "no terminal": Case(
        "certificate",
        ("no terminal to ask at", "credential.password_file"),
        {"password_prompt": True},
        prepare=pfx,
    ),
    "two passwords": Case(
        "certificate",
        ("credential.password_prompt", "one way to give the password too many"),
        {"password_env": "AUDITOR_PASSWORD", "password_prompt": True},
        prepare=pfx,
    ),
    # Secrets.
    "secret not set": Case(
        "client-secret", ("AUDITOR_SECRET", "is not set"), environment={"AUDITOR_SECRET": None}
    ),
    "secret empty": Case(
        "client-secret", ("AUDITOR_SECRET", "is empty"), environment={"AUDITOR_SECRET": ""}
    ),
}


@pytest.fixture
def staged(place: Stage, tmp_path: Path) -> Iterator[Callable[..., Stage]]:
    """The shared tenant, or one with options of the case's own."""
    managers = []

    def get(options: dict[str, Any]) -> Stage:
        if not options:
            return place
        managers.append(stage(tmp_path / "stage", **options))
        return managers[-1].__enter__()

    yield get
    for manager in managers:
        manager.__exit__(None, None, None)


@pytest.mark.parametrize("name", CASES)
def test_what_a_user_sees(
    name: str,
    staged: Callable[..., Stage],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    case = CASES[name]
    place = staged(case.options)
    if case.signin:
        plan = FaultPlan((f"signin={case.signin}@/*/oauth2/v2.0/token",))
        monkeypatch.setattr(place.emulator, "_faults", plan)
    monkeypatch.setenv("PATH", os.environ["PATH"])  # put back, whatever a case does to it
    if case.kind == "browser":
        opens = name != "no browser"
        monkeypatch.setattr(webbrowser, "open", lambda url: opens and browse(place, url))
    keys, environment = place.way(case.kind, tmp_path)
    for variable, value in {**environment, **case.environment}.items():
        if value is None:
            monkeypatch.delenv(variable, raising=False)
        else:
            monkeypatch.setenv(variable, value)
    keys = {**keys, **case.prepare(place, tmp_path), **case.keys}
    settings = place.toml(tmp_path / "auditor.toml", **keys)
    text = settings.read_text("utf-8").replace(*case.replace, 1) if case.replace[0] else None
    if text is not None:
        settings.write_text(text, "utf-8")
    with pytest.raises(SystemExit) as stopped:
        main(["collect", "--settings", str(settings), "--output", str(tmp_path / "out")])
    told = capfd.readouterr()
    last = told.err.strip().splitlines()[-1]
    if tell := os.environ.get("TELL_FILE"):
        with Path(tell).open("a", encoding="utf-8") as file:
            file.write(f"{name}: {last}\n")
    assert stopped.value.code == 2, told.err
    for words in case.says:
        assert words in last, last
    assert last.startswith("auditor: ")
    assert not list(tmp_path.glob("out/*")), "nothing half-written"
    secrets = [value for value in {**environment, **case.environment}.values() if value]
    for secret in (*secrets, place.secret, "eyJ"):
        if len(secret) > 10 and "/" not in secret and secret != "AUDITOR_SECRET":
            assert secret not in told.out + told.err


def browse(place: Stage, url: str) -> bool:
    import threading

    threading.Thread(target=place.browse, args=(url,), daemon=True).start()
    return True
