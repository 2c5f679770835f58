"""The auditor's own certificate, with keys made here."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from cryptography.x509.oid import NameOID

from auditor.connect.certificate import checked_certificate
from auditor.connect.clouds import CLOUDS
from auditor.connect.credentials import signer
from auditor.connect.tls import tls_context
from auditor.errors import CredentialError, SettingsError
from auditor.settings import Credential, Settings, Tenant

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
PASSWORD = b"correct horse"


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


def certificate(key: Any, start: int = -10, end: int = 10) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "auditor")])
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(NOW + timedelta(days=start))
        .not_valid_after(NOW + timedelta(days=end))
        .sign(key, hashes.SHA256())
    )


def pem(key: Any, made: x509.Certificate, password: bytes | None = None) -> bytes:
    lock = BestAvailableEncryption(password) if password else NoEncryption()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, lock) + made.public_bytes(  # type: ignore[no-any-return]
        Encoding.PEM
    )


def pfx(key: Any, made: x509.Certificate | None, password: bytes | None) -> bytes:
    lock = BestAvailableEncryption(password) if password else NoEncryption()
    return pkcs12.serialize_key_and_certificates(b"a", key, made, None, lock)


def save(tmp_path: Path, data: bytes) -> Path:
    path = tmp_path / "client.bin"
    path.write_bytes(data)
    return path


def refusal(path: Path, password: bytes | None = None) -> str:
    with pytest.raises(CredentialError) as error:
        checked_certificate(path, password, NOW)
    assert error.value.remedy
    assert (password or b"\0").decode() not in str(error.value)
    return str(error.value)


def test_good_files_are_taken(tmp_path: Path, key: rsa.RSAPrivateKey) -> None:
    made = certificate(key)
    for data, password in (
        (pem(key, made), None),
        (pem(key, made, PASSWORD), PASSWORD),
        (pfx(key, made, PASSWORD), PASSWORD),
        (pfx(key, made, None), None),
    ):
        assert checked_certificate(save(tmp_path, data), password, NOW) == data


def test_an_elliptic_curve_key_is_refused(tmp_path: Path) -> None:
    other = ec.generate_private_key(ec.SECP256R1())
    assert "not RSA" in refusal(save(tmp_path, pem(other, certificate(other))))


def test_a_pem_without_key_certificate_or_match(tmp_path: Path, key: rsa.RSAPrivateKey) -> None:
    made = certificate(key)
    assert "holds no private key" in refusal(save(tmp_path, made.public_bytes(Encoding.PEM)))
    alone = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    assert "no readable certificate" in refusal(save(tmp_path, alone))
    other = rsa.generate_private_key(65537, 2048)
    assert "belongs to its private key" in refusal(save(tmp_path, pem(key, certificate(other))))
    broken = alone.replace(b"\n", b"\nAAAA", 5) + made.public_bytes(Encoding.PEM)
    assert "cannot be read" in refusal(save(tmp_path, broken))


def test_expired_and_not_yet_valid_with_dates(tmp_path: Path, key: rsa.RSAPrivateKey) -> None:
    assert "expired on 2026-11-22" in refusal(save(tmp_path, pem(key, certificate(key, -9, -1))))
    assert "only from 2026-11-25" in refusal(save(tmp_path, pem(key, certificate(key, 2, 9))))


@pytest.mark.parametrize("make", [pem, pfx])
def test_passwords(tmp_path: Path, key: rsa.RSAPrivateKey, make: Any) -> None:
    path = save(tmp_path, make(key, certificate(key), PASSWORD))
    assert "no password is given" in refusal(path)
    assert "wrong" in refusal(path, b"incorrect")


def test_other_files(tmp_path: Path, key: rsa.RSAPrivateKey) -> None:
    assert "neither a PEM file nor" in refusal(save(tmp_path, b"hello"))
    assert "neither a PEM file nor" in refusal(save(tmp_path, b""))
    assert "lacks its certificate" in refusal(save(tmp_path, pfx(key, None, PASSWORD)), PASSWORD)
    assert "cannot be read" in refusal(tmp_path)


def test_a_password_variable_that_is_not_set(
    tmp_path: Path, key: rsa.RSAPrivateKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AUDITOR_TEST", raising=False)
    settings = Settings(
        tenant=Tenant(id="contoso.onmicrosoft.com"),
        credential=Credential(
            client_id="11111111-2222-3333-4444-555555555555",
            certificate=save(tmp_path, pfx(key, certificate(key), PASSWORD)),
            password_env="AUDITOR_TEST",
        ),
    )
    with pytest.raises(CredentialError, match="AUDITOR_TEST"):
        signer(settings, CLOUDS["global"], tls_context(None), now=NOW)
    monkeypatch.setenv("AUDITOR_TEST", PASSWORD.decode())
    assert signer(settings, CLOUDS["global"], tls_context(None), now=NOW)


def test_a_ca_bundle_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="ca_bundle"):
        tls_context(save(tmp_path, b"hello"))
    with pytest.raises(SettingsError, match="ca_bundle"):
        tls_context(tmp_path / "none.pem")
