"""The folder a client needs: the CA to trust, the client certificate, and a settings file."""

from __future__ import annotations

import ipaddress
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from auditor.emulator.certificates import pem_with_key, story_key
from auditor.emulator.options import EmulatorError
from auditor.emulator.tenant import Tenant

CA, SERVER, CLIENT, SETTINGS = "ca.pem", "server.pem", "client.pem", "auditor.toml"
_VALID = timedelta(days=90)
_TOML = """\
# Written by the emulator: signs in to a made-up tenant on this machine.
[tenant]
id = "{tenant}"
cloud = "{cloud}"

[credential]
kind = "certificate"
client_id = "{client}"
certificate = "{certificate}"

[endpoints]
login = "{url}"
graph = "{url}"
exchange = "{url}"
ca_bundle = "{ca}"
"""


def prepare_tls(folder: Path) -> Path:
    """Makes the folder with a CA and a server certificate, or keeps those that are still good."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        server = folder / SERVER
        if not _still_good(folder / CA, server):
            _write_tls(folder)
    except OSError as error:
        raise EmulatorError(
            f"The state folder {folder} cannot be written ({error.strerror}); "
            "name another with --state."
        ) from error
    return server


def write_client(folder: Path, tenant: Tenant, url: str, cloud: str) -> Path:
    """Writes the auditor's certificate and the settings that use it; returns the settings."""
    _write_private(folder / CLIENT, pem_with_key(tenant.client_certificate, story_key("client")))
    settings = folder / SETTINGS
    text = _TOML.format(
        tenant=tenant.id,
        cloud=cloud,
        client=tenant.client_id,
        certificate=CLIENT,
        url=url,
        ca=CA,
    )
    settings.write_text(text, encoding="utf-8")
    return settings


def _still_good(ca: Path, server: Path) -> bool:
    try:
        issuer = x509.load_pem_x509_certificate(ca.read_bytes())
        own = x509.load_pem_x509_certificate(server.read_bytes())
        own.verify_directly_issued_by(issuer)
    except (OSError, ValueError, TypeError, InvalidSignature):
        # Whatever is wrong with files left by another run, fresh ones mend it.
        return False
    soonest = min(issuer.not_valid_after_utc, own.not_valid_after_utc)
    return soonest > datetime.now(UTC) + timedelta(days=1)


def _write_tls(folder: Path) -> None:
    ca_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    ca_name = _name("entra-app-auditor emulator CA")
    ca_identifier = x509.SubjectKeyIdentifier.from_public_key(ca_key.public_key())
    authority = x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(ca_identifier)
    # Python 3.13 refuses certificates without key identifiers and key usage.
    ca = (
        _builder(ca_name, ca_name, ca_key)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(sign_certificates=True), critical=True)
        .add_extension(authority, critical=False)
        .sign(ca_key, hashes.SHA256())
    )
    names: list[x509.GeneralName] = [x509.DNSName("localhost")]
    names += [x509.IPAddress(ipaddress.ip_address(text)) for text in ("127.0.0.1", "::1")]
    server = (
        _builder(_name("localhost"), ca_name, key)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(sign_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(authority, critical=False)
        .sign(ca_key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / CA).write_bytes(ca.public_bytes(pem))
    _write_private(folder / SERVER, server.public_bytes(pem) + private)


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + _VALID)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _usage(*, sign_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=sign_certificates,
        crl_sign=sign_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _write_private(path: Path, data: bytes) -> None:
    # Made anew with its mode, so that the key is at no moment readable by others.
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
