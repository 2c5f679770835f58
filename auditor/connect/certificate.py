"""Reads the auditor's own certificate file, and says clearly why it cannot be used.

Entra's client assertions are signed with RSA (RS256, reference 5.8), so an elliptic-curve key is
of no use here however valid it is.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditor.errors import CredentialError

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

_CHECK_IT = "Check what credential.password_env, password_file or the prompt gives."
_HOW_TO_GIVE_IT = (
    "Put the password into an environment variable and name it in credential.password_env, or name a"
    " file in credential.password_file, or set credential.password_prompt = true."
)
_REGISTER = "Make a new certificate, add it to the app registration, and name its file here."


def checked_certificate(path: Path, password: bytes | None, now: datetime) -> bytes:
    """The file's bytes, after making sure that they can sign in at `now`.

    Raises `CredentialError` when the file is unreadable, has no RSA key, is locked, or when its
    certificate is not valid at `now`.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise CredentialError(
            f"The certificate {path} cannot be read: {error.strerror or error}.",
            "Check the path and that you may read the file.",
        ) from error
    certificate, key = (
        _pem(path, data, password) if b"-----BEGIN" in data else _pfx(path, data, password)
    )
    _usable(path, certificate, key, now)
    return data


def _pem(path: Path, data: bytes, password: bytes | None) -> tuple[Certificate, Any]:
    from cryptography import x509
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    if b"PRIVATE KEY-----" not in data:
        raise CredentialError(
            f"The PEM file {path} holds no private key.",
            "Name a file that holds the certificate and its private key.",
        )
    try:
        key = load_pem_private_key(data, password if b"ENCRYPTED" in data else None)
    except TypeError as error:
        raise CredentialError(
            f"The private key in {path} is encrypted, and no password is given.",
            _HOW_TO_GIVE_IT,
        ) from error
    except (ValueError, UnsupportedAlgorithm) as error:
        raise CredentialError(
            f"The private key in {path} cannot be read: the password is wrong or it is damaged.",
            _CHECK_IT,
        ) from error
    try:
        found = x509.load_pem_x509_certificates(data)
    except ValueError as error:
        raise CredentialError(
            f"The PEM file {path} holds no readable certificate.",
            "Name a file that holds the certificate and its private key.",
        ) from error
    public = getattr(key, "public_key", lambda: None)()
    matching = [each for each in found if _public(each) == public]
    if not matching:
        raise CredentialError(
            f"No certificate in {path} belongs to its private key.",
            "Put the matching pair into it.",
        )
    return matching[0], key


def _pfx(path: Path, data: bytes, password: bytes | None) -> tuple[Certificate, Any]:
    from cryptography.hazmat.primitives.serialization import pkcs12

    try:
        key, certificate, _ = pkcs12.load_key_and_certificates(data, password)
    except ValueError as error:
        locked = "password" in str(error).lower() or "decrypt" in str(error).lower()
        if not locked:
            raise CredentialError(
                f"{path} is neither a PEM file nor a readable PFX file.",
                "Name a PEM file with an RSA key and its certificate, or a PFX file.",
            ) from error
        missing = "no password is given" if password is None else "the password is wrong"
        raise CredentialError(
            f"The PFX file {path} cannot be opened: {missing}.",
            _HOW_TO_GIVE_IT if password is None else _CHECK_IT,
        ) from error
    if key is None or certificate is None:
        raise CredentialError(
            f"The PFX file {path} lacks its {'private key' if key is None else 'certificate'}.",
            "Export it again together with the private key.",
        )
    return certificate, key


def _public(certificate: Certificate) -> Any:
    try:
        return certificate.public_key()
    except Exception:  # an unreadable key belongs to no private key: nothing more to tell
        return None


def _usable(path: Path, certificate: Certificate, key: Any, now: datetime) -> None:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

    if not isinstance(key, RSAPrivateKey):
        raise CredentialError(
            f"The private key in {path} is not RSA, and Entra takes only RSA here.", _REGISTER
        )
    start, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if now > end:
        raise CredentialError(
            f"The certificate in {path} expired on {end:%Y-%m-%d %H:%M} UTC"
            f" (now: {now.astimezone(UTC):%Y-%m-%d %H:%M}).",
            _REGISTER,
        )
    if now < start:
        raise CredentialError(
            f"The certificate in {path} is valid only from {start:%Y-%m-%d %H:%M} UTC"
            f" (now: {now.astimezone(UTC):%Y-%m-%d %H:%M}).",
            "Check this machine's clock, or wait.",
        )
