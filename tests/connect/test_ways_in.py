"""Every kind of credential signs in to the emulator and reads something with what it got."""

from __future__ import annotations

import getpass
import sys
import threading
import webbrowser
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import load_pem_private_key, pkcs12
from cryptography.x509 import load_pem_x509_certificate

from auditor.connect.credentials import MAKERS
from auditor.errors import SignInError
from auditor.settings import KINDS
from tests.connect.ways import Stage

DELEGATED = ("device-code", "browser", "azure-cli")


@pytest.fixture
def browser(place: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    def open_(url: str, *_: object) -> bool:
        # The listener is bound by now, but answers only after this returns.
        threading.Thread(target=place.browse, args=(url,), daemon=True).start()
        return True

    monkeypatch.setattr(webbrowser, "open", open_)


def test_every_kind_of_the_settings_has_a_way_in() -> None:
    assert set(MAKERS) == set(KINDS)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_the_way_leads_in(
    kind: str,
    place: Stage,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    browser: None,
    capfd: pytest.CaptureFixture[str],
) -> None:
    keys, environment = place.way(kind, tmp_path)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    place.said.clear()
    me, status = place.enter(place.settings(**keys))
    assert status == 200
    assert me.tenant_id == place.emulator.tenant.id
    assert me.delegated == (kind in DELEGATED)
    assert bool(me.scopes) == me.delegated
    assert bool(me.roles) != me.delegated
    assert me.sees_everything
    if me.delegated:
        assert me.user.startswith("quinn.reader@")
    told = "\n".join(place.said) + "".join(capfd.readouterr())
    assert "eyJ" not in told
    assert place.secret not in told


@pytest.fixture
def locked(place: Stage, tmp_path: Path) -> Path:
    """The auditor's own certificate as a PFX file with a password."""
    pem = (place.folder / "client.pem").read_bytes()
    data = pkcs12.serialize_key_and_certificates(
        b"auditor",
        load_pem_private_key(pem, None),  # type: ignore[arg-type]
        load_pem_x509_certificate(pem),
        None,
        serialization.BestAvailableEncryption(b"correct horse"),
    )
    path = tmp_path / "auditor.pfx"
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("where", ["password_env", "password_file", "password_prompt"])
def test_a_pfx_opens_with_the_password_from_where_the_settings_say(
    where: str, place: Stage, locked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def prompt(text: str, **_: Any) -> str:
        asked.append(text)
        return "correct horse"

    monkeypatch.setenv("AUDITOR_PASSWORD", "correct horse")
    monkeypatch.setattr(getpass, "getpass", prompt)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    (locked.parent / "password").write_bytes(b"correct horse\r\n")
    value: Any = {
        "password_env": "AUDITOR_PASSWORD",
        "password_file": locked.parent / "password",
        "password_prompt": True,
    }[where]
    keys = {**place.way("certificate", locked.parent)[0], "certificate": locked, where: value}
    assert place.enter(place.settings(**keys))[1] == 200
    assert len(asked) == (where == "password_prompt")


@pytest.fixture
def metadata_service(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A virtual machine's metadata service, where no identity is assigned."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = b'{"error": "invalid_request", "error_description": "Identity not found"}'
            self.send_response(400)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None: ...

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        address = f"http://127.0.0.1:{server.server_address[1]}"
        monkeypatch.setenv("AZURE_POD_IDENTITY_AUTHORITY_HOST", address)
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield
        server.shutdown()
        thread.join()


def test_a_machine_without_an_identity_is_told_apart_from_no_machine(
    place: Stage, metadata_service: None
) -> None:
    with pytest.raises(SignInError) as error:
        place.enter(place.settings(kind="managed-identity"))
    assert "Identity not found" in error.value.what
    assert "system-assigned" in error.value.remedy


def test_no_other_credential_of_the_machine_is_taken(
    place: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, metadata_service: None
) -> None:
    """azure-identity would use a workload identity's variables for a managed identity."""
    token = place.way("workload-identity", tmp_path)[0]["token_file"]
    monkeypatch.setenv("AZURE_TENANT_ID", place.emulator.tenant.id)
    monkeypatch.setenv("AZURE_CLIENT_ID", place.emulator.tenant.client_id)
    monkeypatch.setenv("AZURE_FEDERATED_TOKEN_FILE", str(token))
    monkeypatch.setenv("AZURE_AUTHORITY_HOST", place.emulator.url)
    with pytest.raises(SignInError, match="Identity not found"):
        place.enter(place.settings(kind="managed-identity"))
