"""Reads a certificate's public bytes field by field, so that one broken field hides no other.

Certificates met in the wild cannot all be read: some have broken extensions, unknown keys or are
no certificates at all. Each becomes a record of what could be read and a reason for what could not.
"""

from __future__ import annotations

import base64
import binascii
import warnings
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, rsa

_ALGORITHMS: tuple[tuple[type[Any], str], ...] = (
    (rsa.RSAPublicKey, "RSA"),
    (ec.EllipticCurvePublicKey, "EC"),
    (ed25519.Ed25519PublicKey, "Ed25519"),
    (ed448.Ed448PublicKey, "Ed448"),
    (dsa.DSAPublicKey, "DSA"),
)


@lru_cache(maxsize=16384)
def read_certificate(key: str) -> dict[str, Any]:
    """What the base64 text of a keyCredential's `key` says.

    Fields: readable, problem (what could not be read, null if nothing), subject, issuer, serial,
    not_before, not_after (ISO texts), algorithm, bits, curve, signature_hash, thumbprint (SHA-1,
    as Entra shows it), sha256, self_signed.
    """
    try:
        data = base64.b64decode(key, validate=True)
    except (binascii.Error, ValueError):
        return {"readable": False, "problem": "its bytes are not base64"}
    try:
        found = _load(data)
    except ValueError as error:
        return {"readable": False, "problem": f"it is no X.509 certificate: {_short(error)}"}
    problems: list[str] = []

    def read(name: str, field: Callable[[], Any]) -> Any:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # odd serial numbers and dates are told by value
                return field()
        except Exception as error:  # the parser raises many kinds; each names one broken field
            problems.append(f"{name}: {_short(error)}")
            return None

    key_facts = read("public key", lambda: _key(found)) or {}
    subject = read("subject", lambda: found.subject.rfc4514_string())
    issuer = read("issuer", lambda: found.issuer.rfc4514_string())
    read("extensions", lambda: list(found.extensions))
    return {
        "readable": True,
        "subject": subject,
        "issuer": issuer,
        "serial": read("serial number", lambda: f"{found.serial_number:X}"),
        "not_before": read("start", lambda: found.not_valid_before_utc.isoformat()),
        "not_after": read("end", lambda: found.not_valid_after_utc.isoformat()),
        "signature_hash": read("signature", lambda: _hash(found)),
        "thumbprint": found.fingerprint(hashes.SHA1()).hex().upper(),  # noqa: S303  # a name, no proof
        "sha256": found.fingerprint(hashes.SHA256()).hex().upper(),
        "self_signed": None if subject is None or issuer is None else subject == issuer,
        **key_facts,
        "problem": "; ".join(problems) or None,
    }


def _load(data: bytes) -> x509.Certificate:
    if data.lstrip().startswith(b"-----BEGIN"):
        return x509.load_pem_x509_certificate(data)
    return x509.load_der_x509_certificate(data)


def _key(found: x509.Certificate) -> dict[str, Any]:
    key = found.public_key()
    name = next((name for kind, name in _ALGORITHMS if isinstance(key, kind)), type(key).__name__)
    return {
        "algorithm": name,
        "bits": getattr(key, "key_size", None),
        "curve": key.curve.name if isinstance(key, ec.EllipticCurvePublicKey) else None,
    }


# Hashes so old that the parser does not know them, by the dotted id of the signature algorithm.
_FORGOTTEN = {"1.2.840.113549.1.1.2": "md2", "1.2.840.113549.1.1.3": "md4"}


def _hash(found: x509.Certificate) -> str:
    old = _FORGOTTEN.get(found.signature_algorithm_oid.dotted_string)
    if old is not None:
        return old
    chosen = found.signature_hash_algorithm
    return chosen.name if chosen is not None else found.signature_algorithm_oid.dotted_string


def _short(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:160]
