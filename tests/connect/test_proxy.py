"""A proxy that opens TLS: every client goes through it, and trusts it by `ca_bundle` alone."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from auditor.collect import collect
from auditor.emulator import Emulator, EmulatorOptions
from auditor.errors import SignInError
from auditor.ledger import LedgerLine
from auditor.settings import Settings, load_settings

# Names that only the proxy knows the way to.
HOSTS = {name: f"{name}.cloud.test" for name in ("login", "graph", "exchange")}


def authority(folder: Path) -> tuple[Path, Path]:
    """The proxy's own authority, and what it shows for the hosts: files of certificates."""
    now = datetime.now(UTC)
    keys = [ec.generate_private_key(ec.SECP256R1()) for _ in range(2)]
    names = [
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, each)]) for each in ("Proxy CA", "shown")
    ]
    own = x509.SubjectKeyIdentifier.from_public_key(keys[0].public_key())
    made = []
    for at in (0, 1):
        usage = dict.fromkeys(
            ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement"), False
        )
        usage |= dict.fromkeys(("encipher_only", "decipher_only"), False)
        builder = (
            x509.CertificateBuilder()
            .subject_name(names[at])
            .issuer_name(names[0])
            .public_key(keys[at].public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(
                x509.BasicConstraints(ca=not at, path_length=None if at else 0), critical=True
            )
            .add_extension(
                x509.KeyUsage(
                    digital_signature=True, key_cert_sign=not at, crl_sign=not at, **usage
                ),
                critical=True,
            )
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(own), critical=False
            )
            .add_extension(
                x509.SubjectKeyIdentifier.from_public_key(keys[at].public_key()), critical=False
            )
        )
        if at:
            alternative = [x509.DNSName(host) for host in HOSTS.values()]
            builder = builder.add_extension(
                x509.SubjectAlternativeName(alternative), critical=False
            )
        made.append(builder.sign(keys[0], hashes.SHA256()))
    pem = serialization.Encoding.PEM
    key = keys[1].private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    ca, shown = folder / "proxy-ca.pem", folder / "proxy.pem"
    ca.write_bytes(made[0].public_bytes(pem))
    shown.write_bytes(made[1].public_bytes(pem) + key)
    return ca, shown


class InspectingProxy:
    """Answers CONNECT, opens TLS with a certificate of its own, and passes on what it reads."""

    def __init__(self, folder: Path, emulator: Emulator) -> None:
        self.ca, shown = authority(folder)
        self.asked: list[str] = []
        self._inside = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._inside.load_cert_chain(shown)
        self._outside = ssl.create_default_context(cafile=emulator.settings_path.parent / "ca.pem")
        self._to = int(emulator.url.rpartition(":")[2])
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._socket.close()

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._inspect, args=(client,), daemon=True).start()

    def _inspect(self, client: socket.socket) -> None:
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += client.recv(1)
        method, target, _ = head.split(b" ", 2)
        assert method == b"CONNECT"
        self.asked.append(target.decode().partition(":")[0])
        client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        try:
            with (
                self._inside.wrap_socket(client, server_side=True) as near,
                self._outside.wrap_socket(
                    socket.create_connection(("localhost", self._to)), server_hostname="localhost"
                ) as far,
            ):
                back = threading.Thread(target=_pass, args=(far, near), daemon=True)
                back.start()
                _pass(near, far)
                back.join(5)
        except OSError:
            return  # the client did not trust us


def _pass(one: ssl.SSLSocket, other: ssl.SSLSocket) -> None:
    try:
        while data := one.recv(65536):
            other.sendall(data)
        other.shutdown(socket.SHUT_WR)
    except OSError:
        return


@pytest.fixture(scope="module")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    options = EmulatorOptions(story="healthy")
    with Emulator(tmp_path_factory.mktemp("state"), options=options) as running:
        yield running


@pytest.fixture
def proxy(
    emulator: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[InspectingProxy]:
    for name in ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    made = InspectingProxy(tmp_path, emulator)
    monkeypatch.setenv("HTTPS_PROXY", made.url)
    yield made
    made.close()


def settings_for(emulator: Emulator, *more: str) -> Settings:
    hosts = [f"endpoints.{name}=https://{host}" for name, host in HOSTS.items()]
    return load_settings(emulator.settings_path, sets=[*hosts, *more])


def collected(settings: Settings, folder: Path) -> dict[str, LedgerLine]:
    found = collect(settings, folder, progress=lambda _: None)
    return {line.dataset: line for line in found.ledger}


def test_every_client_goes_through_the_proxy_and_trusts_it_by_ca_bundle(
    emulator: Emulator, proxy: InspectingProxy, tmp_path: Path
) -> None:
    settings = settings_for(emulator, f"endpoints.ca_bundle={proxy.ca}")
    lines = collected(settings, tmp_path / "out")
    assert [line for line in lines.values() if line.gap] == []
    assert set(proxy.asked) == set(HOSTS.values())


def test_without_ca_bundle_the_sign_in_says_what_to_do(
    emulator: Emulator, proxy: InspectingProxy, tmp_path: Path
) -> None:
    with pytest.raises(SignInError, match=r"could not be reached.*name its authority in endpoi"):
        collect(settings_for(emulator), tmp_path / "out")
    assert proxy.asked[0] == HOSTS["login"]


def test_a_proxy_that_opens_only_some_hosts_is_told_by_the_ledger(
    emulator: Emulator,
    proxy: InspectingProxy,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Also: NO_PROXY holds for every client; sign-in goes straight to the emulator."""
    monkeypatch.setenv("NO_PROXY", "localhost")
    lines = collected(settings_for(emulator, f"endpoints.login={emulator.url}"), tmp_path / "out")
    assert set(proxy.asked) == {HOSTS["graph"], HOSTS["exchange"]}
    for name in ("applications", "exchange-role-groups"):
        assert "CERTIFICATE_VERIFY_FAILED" in lines[name].cause
        assert "endpoints.ca_bundle" in lines[name].remedy
        assert lines[name].requests == 1  # trying again would not mend it


def test_no_proxy_is_honoured_by_every_client(
    emulator: Emulator,
    proxy: InspectingProxy,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
    lines = collected(load_settings(emulator.settings_path), tmp_path / "out")
    assert [line for line in lines.values() if line.gap] == []
    assert proxy.asked == []


def test_a_proxy_that_is_not_there_is_told(
    emulator: Emulator, proxy: InspectingProxy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy.close()
    monkeypatch.setenv("NO_PROXY", "localhost")
    more = (f"endpoints.login={emulator.url}", "collect.retries=0")
    lines = collected(settings_for(emulator, *more), tmp_path / "out")
    assert "HTTPS_PROXY" in lines["applications"].remedy
