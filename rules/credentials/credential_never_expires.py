"""Credentials that practically never expire.

## What it does
Looks at every client secret, certificate and symmetric key on the tenant's own applications and
service principals. A credential fails when its end lies in the year `max_year` or later, such as
2299 or 9999. Certificates of SAML single sign-on and of managed identities are left out.

## Why it matters
Nothing ever forces a rotation. A copy that leaks today opens the tenant for as long as the
application exists, long after everybody who knew of it has left.

## How to fix
Add a credential with a life of months, move the workload to it and remove this one.
Portal: Entra admin center > App registrations > the application > Certificates & secrets.
Graph PowerShell: Add-MgApplicationPassword, then Remove-MgApplicationPassword (or
Remove-MgServicePrincipalPassword). Certificates: Remove-AzADAppCredential or
Remove-AzADSpCredential.
Azure CLI: az ad app credential delete --id APP --key-id KEY, with --cert for a certificate.
The portal makes no secrets of that length: find the script that does. To refuse them, set an app
management policy with passwordLifetime and asymmetricKeyLifetime.

## When it is fine
Never.

## References
- https://learn.microsoft.com/graph/api/resources/passwordcredential
- https://learn.microsoft.com/graph/api/resources/keycredential
- https://learn.microsoft.com/entra/identity/enterprise-apps/configure-app-management-policies

Catalogue: CRED-003
"""

from __future__ import annotations

from pandas import DataFrame, Series

from auditor.rule import iso_27001, nist_800_53, rule, soc2

from .._shared import removal, sign_in_credentials


@rule(
    id="credential-never-expires",
    severity="high",
    about="credentials",
    where=sign_in_credentials,
    needs=("end",),
    message="The {kind} {key_id} of {name} is valid until {end}: it practically never expires.",
    controls=(
        nist_800_53("IA-5"),
        iso_27001("A.5.17"),
        soc2("CC6.1"),
    ),
)
def credential_never_expires(credentials: DataFrame, *, max_year: int = 2100) -> DataFrame:
    never: Series = credentials["end"].dt.year >= max_year
    return credentials.assign(fix=removal(credentials))[never]
