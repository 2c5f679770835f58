"""Certificates of the stories: good ones, weak ones and one that is none.

The private keys behind them are published in data/keys.json, so that the same story gives the same
bytes everywhere and no time goes into key generation. They open nothing but the emulator's fiction;
the keys of its TLS server and of its tokens are fresh and random.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from auditor.emulator.facts import load

PublicKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey

# OIDs in DER of sha256WithRSAEncryption and of the two algorithms that are broken. They have the
# same length, so a certificate is rewritten in place and signed again by hand: the library
# rightly refuses to make such signatures.
_SHA256_RSA = bytes.fromhex("06092a864886f70d01010b")
_WEAK = {
    "sha1": (bytes.fromhex("06092a864886f70d010105"), "3021300906052b0e03021a05000414"),
    "md5": (bytes.fromhex("06092a864886f70d010104"), "3020300c06082a864886f70d020505000410"),
}


@dataclass(frozen=True)
class Certificate:
    """A certificate as Entra stores it."""

    der: bytes
    start: datetime
    end: datetime

    @property
    def sha1(self) -> bytes:
        """The thumbprint Entra shows."""
        return hashlib.sha1(self.der, usedforsecurity=False).digest()

    @property
    def sha256(self) -> bytes:
        """The thumbprint newer clients send."""
        return hashlib.sha256(self.der).digest()

    def public_key(self) -> rsa.RSAPublicKey:
        """The RSA key that verifies assertions."""
        key = x509.load_der_x509_certificate(self.der).public_key()
        if not isinstance(key, rsa.RSAPublicKey):
            raise TypeError("only an RSA certificate signs assertions")
        return key


@cache
def story_key(name: str) -> rsa.RSAPrivateKey:
    """A published RSA key by its name in data/keys.json."""
    p, q = (int(text, 16) for text in load("keys.json")[name])
    e = 65537
    d = pow(e, -1, (p - 1) * (q - 1))
    numbers = rsa.RSAPrivateNumbers(
        p=p,
        q=q,
        d=d,
        dmp1=rsa.rsa_crt_dmp1(d, p),
        dmq1=rsa.rsa_crt_dmq1(d, q),
        iqmp=rsa.rsa_crt_iqmp(p, q),
        public_numbers=rsa.RSAPublicNumbers(e, p * q),
    )
    return numbers.private_key(unsafe_skip_rsa_key_validation=True)


def issued(
    name: str, start: datetime, end: datetime, *, issuer: str, key: PublicKey | None = None
) -> Certificate:
    """A certificate of the tenant's own certificate authority.

    Without a key of its own it gets a 2048-bit number drawn from its name: nobody ever signs with
    it, and drawing is free where finding primes is not.
    """
    subject = key or _drawn_key(f"{issuer}/{name}")
    return _build(name, f"{issuer} Issuing CA", subject, story_key("issuer"), start, end)


def self_signed(
    name: str, start: datetime, end: datetime, *, key: str = "selfsigned", digest: str = "sha256"
) -> Certificate:
    """A certificate that vouches for itself; digest sha1 or md5 makes a broken signature."""
    private = story_key(key)
    made = _build(name, name, private.public_key(), private, start, end)
    return made if digest == "sha256" else _resign(made, private, digest)


def odd_curve(name: str, start: datetime, end: datetime, *, issuer: str) -> Certificate:
    """A certificate on brainpoolP256r1, a curve few policies name."""
    key = ec.derive_private_key(_number(name, 31) + 1, ec.BrainpoolP256R1()).public_key()
    return issued(name, start, end, issuer=issuer, key=key)


def pem_with_key(certificate: Certificate, key: rsa.RSAPrivateKey) -> bytes:
    """Private key and certificate in one PEM file, as azure-identity reads it."""
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    public = x509.load_der_x509_certificate(certificate.der)
    return private + public.public_bytes(serialization.Encoding.PEM)


def _build(
    subject: str,
    issuer: str,
    public: PublicKey,
    signer: rsa.RSAPrivateKey,
    start: datetime,
    end: datetime,
) -> Certificate:
    not_after = end.replace(microsecond=0)
    built = (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(_name(issuer))
        .public_key(public)
        .serial_number(_number(f"{issuer}/{subject}/{start}/{end}", 16) | 1 << 126)
        .not_valid_before(start)
        .not_valid_after(not_after)
        .sign(signer, hashes.SHA256())
    )
    return Certificate(built.public_bytes(serialization.Encoding.DER), start, end)


def _resign(made: Certificate, key: rsa.RSAPrivateKey, digest: str) -> Certificate:
    parsed = x509.load_der_x509_certificate(made.der)
    oid, prefix = _WEAK[digest]
    body = parsed.tbs_certificate_bytes.replace(_SHA256_RSA, oid)
    size = (key.key_size + 7) // 8
    info = bytes.fromhex(prefix) + hashlib.new(digest, body, usedforsecurity=False).digest()
    padded = b"\x00\x01" + b"\xff" * (size - len(info) - 3) + b"\x00" + info
    numbers = key.private_numbers()
    signature = pow(int.from_bytes(padded, "big"), numbers.d, numbers.public_numbers.n)
    der = (
        made.der.replace(parsed.tbs_certificate_bytes, body)
        .replace(_SHA256_RSA, oid)
        .replace(parsed.signature, signature.to_bytes(size, "big"))
    )
    return Certificate(der, made.start, made.end)


@cache
def _drawn_key(name: str) -> rsa.RSAPublicKey:
    modulus = _number(name, 256) | (1 << 2047) | 1
    return rsa.RSAPublicNumbers(65537, modulus).public_key()


def _number(name: str, size: int) -> int:
    # The top bit stays clear, so that a serial number is positive.
    raw = hashlib.shake_256(name.encode("utf-8")).digest(size)
    return int.from_bytes(raw, "big") >> 1 | 1


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])
