"""Certificates that cannot be read, whole or in part.

## What it does
Reads the public bytes of every certificate on the tenant's own applications and service principals.
It fails when they are no X.509 certificate or when a part of it, such as the key, a name or an
extension, could not be read; the message says which. A certificate whose bytes were not fetched is
unknown. SAML signing certificates and managed identities are left out.

## Why it matters
What cannot be read cannot be checked: the other certificate rules say unknown about it. Entra ID
stores what the caller sends. Broken certificates come from faulty tools or old systems, and some of
them from somebody who put a key where it attracts no attention.

## How to fix
Find out which workload uses it. Replace it by a certificate from a current tool, then remove it.
Portal: Entra admin center > App registrations > the application > Certificates & secrets.
PowerShell: Remove-AzADAppCredential or Remove-AzADSpCredential (module Az.Resources).
Azure CLI: az ad app credential delete --id APP --key-id KEY --cert.

## When it is fine
When only an extension is malformed and a certificate authority of your own makes it so: have it
corrected for the next one.

## References
- https://learn.microsoft.com/graph/api/resources/keycredential
- https://learn.microsoft.com/entra/identity-platform/certificate-credentials
- https://www.rfc-editor.org/rfc/rfc5280

Catalogue: CRED-014
"""

from __future__ import annotations

from pandas import DataFrame, Series

from auditor.rule import nist_800_53, rule

from .._shared import client_credentials, removal

# What every certificate has: one of these null beside no problem says that the cause is not known.
_PARTS = ["subject", "issuer", "serial", "not_before", "not_after", "algorithm", "signature_hash"]


@rule(
    id="unreadable-certificate",
    severity="medium",
    about="certificate_contents",
    where=client_credentials,
    message="Certificate {key_id} of {name} cannot be read: {problem}.",
    evidence=("readable", "thumbprint"),
    controls=(nist_800_53("SC-12"),),
)
def unreadable_certificate(certificate_contents: DataFrame) -> DataFrame:
    table = certificate_contents
    broken = ~table["readable"].fillna(True) | table["problem"].notna()
    unfetched = table["readable"].isna() & ~broken
    unclear = table[_PARTS].isna().any(axis=1) & ~broken
    cause = Series("a part of it is not known, nor why", index=table.index, dtype="str")
    cause[unfetched] = "its bytes were not fetched"
    told = table.assign(
        problem=table["problem"].fillna("what is wrong was not told"),
        unknown=cause.mask(broken),
        fix=removal(table),
    )
    return told[broken | unfetched | unclear]
