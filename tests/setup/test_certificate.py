"""The key pair and certificate that are made here."""

from __future__ import annotations

import base64
import os
import stat
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from auditor.connect.certificate import checked_certificate
from auditor.errors import CredentialError, OutputError
from auditor.setup import certificate
from auditor.setup.certificate import Made, icacls, make_certificate, read_public, restrict_windows

NOW = datetime(2026, 11, 24, 12, 0, 0, 5, tzinfo=UTC)
POSIX = pytest.mark.skipif(os.name == "nt", reason="file modes are POSIX's")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return make_certificate(tmp_path_factory.mktemp("made") / "keys", now=NOW)


def test_it_is_what_entra_takes_and_nothing_more(made: Made) -> None:
    found = x509.load_pem_x509_certificate(made.public_file.read_bytes())
    key = found.public_key()
    assert isinstance(key, rsa.RSAPublicKey)
    assert key.key_size == 3072
    assert found.subject == found.issuer
    assert found.subject.rfc4514_string() == "CN=entra-app-auditor"
    assert isinstance(found.signature_hash_algorithm, hashes.SHA256)
    assert found.not_valid_before_utc == NOW.replace(microsecond=0)
    assert found.not_valid_after_utc - found.not_valid_before_utc == timedelta(days=365)
    usage = found.extensions.get_extension_for_class(x509.KeyUsage)
    assert usage.critical
    assert usage.value.digital_signature
    assert not usage.value.key_cert_sign
    assert not usage.value.key_encipherment
    purpose = found.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(purpose) == [ExtendedKeyUsageOID.CLIENT_AUTH]
    assert not found.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    subject = found.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    authority = found.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value
    assert subject.digest == authority.key_identifier
    found.verify_directly_issued_by(found)


def test_the_auditor_can_sign_in_with_it(made: Made) -> None:
    assert checked_certificate(made.key_file, None, NOW + timedelta(days=1))


def test_the_public_file_holds_no_key_and_its_reader_agrees(made: Made) -> None:
    assert b"PRIVATE" not in made.public_file.read_bytes()
    assert read_public(made.public_file, NOW) == made.public
    # The private file may be named too; only its public part leaves it.
    assert read_public(made.key_file, NOW) == made.public
    der = base64.b64decode(made.public.base64)
    assert x509.load_der_x509_certificate(der).not_valid_after_utc == made.public.end


@POSIX
def test_the_key_is_its_owners_only(made: Made) -> None:
    assert stat.S_IMODE(made.key_file.stat().st_mode) == 0o600
    assert stat.S_IMODE(made.key_file.parent.stat().st_mode) == 0o700


def test_a_password_encrypts_the_key(tmp_path: Path) -> None:
    made = make_certificate(tmp_path, now=NOW, password=b"correct horse")
    assert b"ENCRYPTED PRIVATE KEY" in made.key_file.read_bytes()
    assert checked_certificate(made.key_file, b"correct horse", NOW)
    with pytest.raises(CredentialError):
        checked_certificate(made.key_file, b"wrong", NOW)


@pytest.mark.parametrize("name", ["client.pem", "client.crt"])
def test_nothing_is_overwritten(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("mine")
    with pytest.raises(OutputError, match=rf"{name} exists, and no key or certificate is ever"):
        make_certificate(tmp_path, now=NOW)
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_text() == "mine"


def test_a_failure_leaves_no_key_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = certificate._write_new

    def full(path: Path, data: bytes, *, private: bool) -> None:
        if not private:
            raise certificate._unwritable(path, OSError(28, "No space left on device"))
        real(path, data, private=private)

    monkeypatch.setattr(certificate, "_write_new", full)
    with pytest.raises(OutputError, match="No space left"):
        make_certificate(tmp_path, now=NOW)
    assert list(tmp_path.iterdir()) == []


WINDOWS = {"SYSTEMROOT": r"C:\Windows", "USERDOMAIN": "CONTOSO", "USERNAME": "ada"}


def test_on_windows_the_owner_alone_keeps_rights(tmp_path: Path) -> None:
    asked: list[Sequence[str]] = []

    def run(command: Sequence[str]) -> tuple[int, str]:
        asked.append(command)
        return 0, ""

    restrict_windows(tmp_path / "client.pem", WINDOWS, run)
    assert asked == [
        (
            r"C:\Windows\System32\icacls.exe",
            str(tmp_path / "client.pem"),
            "/inheritance:r",
            "/grant:r",
            r"CONTOSO\ada:F",
        )
    ]
    assert icacls(tmp_path, WINDOWS | {"USERDOMAIN": ""})[-1] == "ada:F"


def test_on_windows_rights_that_cannot_be_restricted_stop_it(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="could not be restricted to you: Access is denied"):
        restrict_windows(tmp_path, WINDOWS, lambda command: (5, "Access is denied.\r\n"))
    with pytest.raises(OutputError, match="SYSTEMROOT and USERNAME"):
        icacls(tmp_path, {})


def test_what_is_no_rsa_certificate_in_force_is_refused(tmp_path: Path, made: Made) -> None:
    with pytest.raises(CredentialError, match="cannot be read"):
        read_public(tmp_path / "none", NOW)
    (tmp_path / "text").write_text("hello")
    with pytest.raises(CredentialError, match="no readable certificate"):
        read_public(tmp_path / "text", NOW)
    with pytest.raises(CredentialError, match="expired on 2027-11-24"):
        read_public(made.public_file, NOW + timedelta(days=400))
    key = ec.generate_private_key(ec.SECP256R1())
    curve = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([]))
        .issuer_name(x509.Name([]))
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(NOW)
        .not_valid_after(NOW + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    (tmp_path / "curve").write_bytes(curve.public_bytes(Encoding.DER))
    with pytest.raises(CredentialError, match="not RSA"):
        read_public(tmp_path / "curve", NOW)
