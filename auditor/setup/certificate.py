"""Makes the auditor's key pair and certificate on this machine, and reads public parts.

The private key is written once, to a file only its owner can read, and shown nowhere.
"""

from __future__ import annotations

import base64
import os
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.errors import CredentialError, OutputError
from auditor.setup.values import PublicCertificate

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

KEY_FILE, PUBLIC_FILE = "client.pem", "client.crt"
DAYS = 365
_COMMON_NAME = "entra-app-auditor"


@dataclass(frozen=True, slots=True)
class Made:
    """The two files, and the public part of what is in them."""

    key_file: Path  # certificate and private key
    public_file: Path  # the certificate alone
    public: PublicCertificate


def make_certificate(folder: Path, *, now: datetime, password: bytes | None = None) -> Made:
    """Makes an RSA 3072 key and a self-signed certificate of one year in `folder`.

    Raises `OutputError` when a file is there already or cannot be written, and leaves nothing
    half-written behind.
    """
    key_file, public_file = folder / KEY_FILE, folder / PUBLIC_FILE
    for path in (key_file, public_file):
        if path.exists() or path.is_symlink():
            raise _exists(path)
    key_pem, certificate = _made(now, password)
    public_pem = _pem(certificate)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(
            f"{folder} cannot be made: {error.strerror or error}.", "Name another folder."
        ) from error
    _write_new(key_file, public_pem + key_pem, private=True)
    try:
        _write_new(public_file, public_pem, private=False)
    except BaseException:
        key_file.unlink(missing_ok=True)  # a key without what to upload is of no use
        raise
    return Made(key_file, public_file, _public(certificate))


def read_public(path: Path, now: datetime) -> PublicCertificate:
    """The public part of the certificate in a PEM or DER file.

    Raises `CredentialError` when it is none, is not RSA, or is not valid any more.
    """
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

    try:
        data = path.read_bytes()
    except OSError as error:
        raise CredentialError(
            f"The certificate {path} cannot be read: {error.strerror or error}.",
            "Have one made with --make-certificate FOLDER.",
        ) from error
    try:
        if b"-----BEGIN" in data:
            certificate = x509.load_pem_x509_certificate(data)
        else:
            certificate = x509.load_der_x509_certificate(data)
        rsa = isinstance(certificate.public_key(), RSAPublicKey)
    except Exception as error:  # damaged bytes fail in many ways, all of them meaning this
        raise CredentialError(
            f"{path} holds no readable certificate.",
            "Name its public part, PEM or DER, such as client.crt.",
        ) from error
    if not rsa:
        raise CredentialError(
            f"The key of {path} is not RSA, and Entra takes only RSA here.",
            "Have one made with --make-certificate FOLDER.",
        )
    if certificate.not_valid_after_utc <= now:
        raise CredentialError(
            f"The certificate {path} expired on {certificate.not_valid_after_utc:%Y-%m-%d}.",
            "Have one made with --make-certificate FOLDER.",
        )
    return _public(certificate)


def _made(now: datetime, password: bytes | None) -> tuple[bytes, Certificate]:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import rsa
    from cryptography.hazmat.primitives.serialization import (
        BestAvailableEncryption,
        Encoding,
        NoEncryption,
        PrivateFormat,
    )
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    key = rsa.generate_private_key(public_exponent=65537, key_size=3072)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, _COMMON_NAME)])
    identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    start = now.astimezone(UTC).replace(microsecond=0)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=DAYS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), critical=False)
        .add_extension(identifier, critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    lock = BestAvailableEncryption(password) if password else NoEncryption()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, lock), certificate


def _pem(certificate: Certificate) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding

    return certificate.public_bytes(Encoding.PEM)


def _public(certificate: Certificate) -> PublicCertificate:
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.serialization import Encoding

    return PublicCertificate(
        base64=base64.b64encode(certificate.public_bytes(Encoding.DER)).decode(),
        # Entra shows SHA-1 thumbprints: a name to compare, not a proof.
        thumbprint=certificate.fingerprint(hashes.SHA1()).hex().upper(),  # noqa: S303
        end=certificate.not_valid_after_utc,
    )


def _write_new(path: Path, data: bytes, *, private: bool) -> None:
    """Writes a file that is not there yet, closed to others before the first byte is in it."""
    binary = getattr(os, "O_BINARY", 0)
    mode = 0o600 if private else 0o644
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | binary, mode)
    except FileExistsError as error:
        raise _exists(path) from error
    except OSError as error:
        raise _unwritable(path, error) from error
    try:
        with os.fdopen(handle, "wb") as file:
            if private and os.name == "nt":
                restrict_windows(path, os.environ)
            file.write(data)
    except OSError as error:
        path.unlink(missing_ok=True)
        raise _unwritable(path, error) from error
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def restrict_windows(
    path: Path,
    environment: Mapping[str, str],
    run: Callable[[Sequence[str]], tuple[int, str]] | None = None,
) -> None:
    """Takes every inherited right from the file and gives it to its owner alone.

    `run` runs a command and tells its exit code and output. Raises `OutputError` when it fails:
    a key that others can read must not be written.
    """
    code, told = (run or _run)(icacls(path, environment))
    if code != 0:
        raise OutputError(
            f"The rights on {path} could not be restricted to you: {told.strip() or code}.",
            "No key was written. Name a folder on an NTFS drive.",
        )


def icacls(path: Path, environment: Mapping[str, str]) -> tuple[str, ...]:
    """The command that leaves a file to the user who runs it. Raises `OutputError`."""
    root, user = environment.get("SYSTEMROOT"), environment.get("USERNAME")
    if not root or not user:
        raise OutputError(
            "The key cannot be protected: the variables SYSTEMROOT and USERNAME are not set.",
            "Run this from an ordinary session.",
        )
    domain = environment.get("USERDOMAIN")
    account = f"{domain}\\{user}" if domain else user
    # By its full path: a program of that name in the current folder must not be run.
    program = f"{root}\\System32\\icacls.exe"
    return (program, str(path), "/inheritance:r", "/grant:r", f"{account}:F")


def _run(command: Sequence[str]) -> tuple[int, str]:
    done = subprocess.run(  # noqa: S603 -- a list, no shell; the program is named by its full path
        command, capture_output=True, text=True, errors="replace", timeout=60, check=False
    )
    return done.returncode, done.stderr or done.stdout


def _exists(path: Path) -> OutputError:
    return OutputError(
        f"{path} exists, and no key or certificate is ever overwritten.", "Name another folder."
    )


def _unwritable(path: Path, error: OSError) -> OutputError:
    return OutputError(
        f"{path} cannot be written: {error.strerror or error}.", "Name another folder."
    )
