"""Applications whose newest certificate is old.

## What it does
Takes the certificates of each of the tenant's own applications and of its service principal
together. The newest one that is valid fails when it began more than `max_days` days ago. An older
one beside it passes here; certificates that are not valid yet do not count. Certificates of SAML
single sign-on and of managed identities are left out.

## Why it matters
A private key leaks without a trace: in a backup, an image, a colleague's download folder. Only a
new key ends what an old copy can do. And a rotation nobody has done for a year goes wrong when the
expiry forces it.

## How to fix
Add a new certificate, move the workload to it, and remove the old one. Let the store do it: Azure
Key Vault renews a certificate before it ends.
Portal: Entra admin center > App registrations > the application > Certificates & secrets.
Azure CLI: az ad app credential reset --id APP --append --cert @new.pem, then
az ad app credential delete --id APP --key-id KEY --cert.
PowerShell: Remove-AzADAppCredential or Remove-AzADSpCredential (module Az.Resources).

## When it is fine
A private key that cannot leave its hardware. Raise `max_days` to what your policy says: with 365 it
asks the same as a yearly rotation does.

## References
- https://learn.microsoft.com/azure/key-vault/certificates/overview-renew-certificate
- https://learn.microsoft.com/entra/fundamentals/zero-trust-protect-identities
- https://learn.microsoft.com/graph/api/resources/keycredential

Catalogue: CRED-013
"""

from __future__ import annotations

from pandas import DataFrame, Series, Timestamp

from auditor.rule import iso_27001, nist_800_53, rule

from .._shared import client_credentials, valid_at
from ._rotation import app_of

_UNTOLD = "its dates are not known"
_PERHAPS = "another certificate of the application, whose dates are not known, may be newer"


@rule(
    id="certificate-not-rotated",
    severity="medium",
    about="certificates",
    where=client_credentials,
    message="{name} has no newer certificate than {key_id}, which is {days} days old; "
    "the limit is {max_days}.",
    evidence=("start", "end"),
    controls=(nist_800_53("SC-12"), iso_27001("A.8.24")),
)
def certificate_not_rotated(
    certificates: DataFrame, as_of: Timestamp, *, max_days: int = 180
) -> DataFrame:
    app, valid = app_of(certificates), valid_at(certificates, as_of)
    start = certificates["start"]
    newest = start.where(valid.fillna(False)).groupby(app).transform("max")
    days = (as_of - start).dt.days.astype("Int64")
    old: Series = (valid.fillna(False) & (start == newest) & (days > max_days)).astype(bool)
    untold = valid.isna()
    some = untold.groupby(app).transform("any")
    unknown = Series(None, index=certificates.index, dtype=object)
    unknown = unknown.mask(old & some, _PERHAPS).mask(untold, _UNTOLD)
    told: DataFrame = certificates.assign(days=days, unknown=unknown)[old | untold]
    return told
