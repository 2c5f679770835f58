"""Certificates with a weak key or signature.

## What it does
Reads the public bytes of every certificate on the tenant's own applications and service principals.
It fails with an RSA key shorter than `min_bits`, any DSA key, an elliptic curve other than P-256,
P-384 and P-521, or a signature made with MD2, MD4, MD5 or SHA-1. One weak part is enough, even when
another could not be read. A certificate whose bytes were not fetched or cannot be read, or whose
key is of a kind not rated here, is unknown. SAML signing certificates and managed identities are
left out.

## Why it matters
Who can compute the private key from the public one signs in as the application; the public key is
no secret. For client assertions Entra ID documents RSA signatures only (PS256), so an RSA key's
length counts most; DSA and elliptic keys there are most often leftovers of another use. A weak
signature allows a forged certificate where a chain is checked; on a self-signed one it matters
less, but it dates the tool that made it.

## How to fix
Make a new key of RSA 2048 bits or more with a SHA-256 signature, add its certificate, move the
workload to it, then remove this one.
Portal: Entra admin center > App registrations > the application > Certificates & secrets.
PowerShell: New-SelfSignedCertificate -KeyAlgorithm RSA -KeyLength 2048 -HashAlgorithm SHA256, then
Remove-AzADAppCredential or Remove-AzADSpCredential (module Az.Resources).
Azure CLI: az ad app credential reset --id APP --append --cert @new.pem, then
az ad app credential delete --id APP --key-id KEY --cert.

## When it is fine
Never for the key. A self-signed certificate with a SHA-1 signature can wait for its next rotation.

## References
- https://learn.microsoft.com/entra/identity-platform/certificate-credentials
- https://learn.microsoft.com/entra/identity-platform/howto-create-self-signed-certificate
- https://csrc.nist.gov/pubs/sp/800/131/a/r2/final

Catalogue: CRED-014
"""

from __future__ import annotations

from pandas import DataFrame, Series

from auditor.rule import iso_27001, nist_800_53, rule

from .._shared import client_credentials, removal

_CURVES = ("secp256r1", "secp384r1", "secp521r1")
_RATED = ("RSA", "EC", "DSA", "Ed25519", "Ed448")
_HASHES = ("md2", "md4", "md5", "sha1")


@rule(
    id="weak-certificate",
    severity="high",
    about="certificate_contents",
    where=client_credentials,
    message="Certificate {key_id} of {name} is weak: {why}.",
    evidence=("algorithm", "bits", "curve", "signature_hash", "thumbprint"),
    controls=(
        nist_800_53("SC-13"),
        iso_27001("A.8.24"),
    ),
)
def weak_certificate(certificate_contents: DataFrame, *, min_bits: int = 2048) -> DataFrame:
    table = certificate_contents
    algorithm = table["algorithm"].astype("string")
    curve, hash = table["curve"].astype("string"), table["signature_hash"].str.lower()
    bits = table["bits"].astype("string")
    reasons = (
        ((algorithm == "RSA") & (table["bits"] < min_bits), "an RSA key of " + bits + " bits"),
        (algorithm == "DSA", "a DSA key"),
        ((algorithm == "EC") & _outside(curve, _CURVES), "the elliptic curve " + curve),
        (~_outside(hash, _HASHES), "a signature with " + hash.str.upper()),
    )
    unrated = _outside(algorithm, _RATED).fillna(True)
    weak = Series(False, index=table.index, dtype="boolean").mask(unrated)
    why = Series("", index=table.index, dtype="string")
    for found, text in reasons:
        weak = weak | found
        why = why.mask(found.fillna(False), why + " and " + text)
    told = table.assign(
        why=why.str.removeprefix(" and "), fix=removal(table), unknown=_cause(table)
    )
    told["unknown"] = told["unknown"].where(weak.isna())
    return told[weak.fillna(True)]


def _outside(values: Series, listed: tuple[str, ...]) -> Series:
    """Whether each value is none of those listed; null where it is not known."""
    return (~values.isin(listed)).astype("boolean").mask(values.isna())


def _cause(table: DataFrame) -> Series:
    """Why each certificate cannot be judged, if it cannot."""
    part = "its key or signature could not be read or is of a kind not rated"
    cause = Series(part, index=table.index, dtype="str")
    cause[~table["readable"].fillna(True)] = "its bytes are no readable certificate"
    cause[table["readable"].isna()] = "its bytes were not fetched"
    return cause
