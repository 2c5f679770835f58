"""Self-signed certificates.

## What it does
Reads the public bytes of every certificate on the tenant's own applications and service principals.
It fails when issuer and subject are the same. An issuer that contains one of the texts in
`approved_issuers` (upper and lower case alike) is allowed. With `only_approved`, any certificate
fails whose issuer contains none of them, self-signed or not. Certificates whose bytes were not
fetched or cannot be read are unknown. SAML signing certificates and managed identities are left
out.

## Why it matters
Anybody can make one, with any name and any life, on any machine: nothing proves who holds the key
or how it is kept, and no authority knows that it exists. A certificate from your own authority or
key vault leaves a record, follows its rules and is renewed in time.

## How to fix
Issue the certificate from your certificate authority or through Azure Key Vault, add it, move the
workload to it, then remove this one.
Portal: Entra admin center > App registrations > the application > Certificates & secrets.
PowerShell: Remove-AzADAppCredential or Remove-AzADSpCredential (module Az.Resources).
Azure CLI: az ad app credential reset --id APP --append --cert @new.pem, then
az ad app credential delete --id APP --key-id KEY --cert.
To refuse new ones, set an app management policy with trustedCertificateAuthority (beta).

## When it is fine
Where the key was made in a key vault or hardware module and never leaves it. Name those issuers in
`approved_issuers`; the name is a convention of yours, no proof.

## References
- https://learn.microsoft.com/entra/identity-platform/howto-create-self-signed-certificate
- https://learn.microsoft.com/graph/api/resources/certificatebasedapplicationconfiguration
- https://devblogs.microsoft.com/identity/app-management-policy/

Catalogue: CRED-015 (approved_issuers, only_approved)
"""

from __future__ import annotations

from pandas import DataFrame

from auditor.rule import nist_800_53, rule

from .._shared import client_credentials, removal


@rule(
    id="self-signed-certificate",
    severity="low",
    about="certificate_contents",
    where=client_credentials,
    needs=("self_signed",),
    message="Certificate {key_id} of {name} is {how}; its issuer is {issuer}.",
    evidence=("subject", "thumbprint", "self_signed"),
    controls=(nist_800_53("SC-17"),),
)
def self_signed_certificate(
    certificate_contents: DataFrame,
    *,
    approved_issuers: tuple[str, ...] = (),
    only_approved: bool = False,
) -> DataFrame:
    table = certificate_contents
    failing = table["self_signed"] | only_approved
    for issuer in approved_issuers:
        allowed = table["issuer"].str.contains(issuer, case=False, regex=False)
        failing = failing & ~allowed.fillna(False).astype("boolean")
    how = table["self_signed"].map({True: "self-signed", False: "from no approved authority"})
    return table.assign(how=how, fix=removal(table))[failing]
