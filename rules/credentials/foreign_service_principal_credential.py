"""Credentials on service principals of applications from other tenants.

## What it does
Looks at service principals whose application is registered in another organization's tenant. One
fails when it carries a client secret, certificate or symmetric key itself, expired or not. The
signing pairs that SAML single sign-on puts there are left out. A service principal whose publisher
is not told is unknown.

## Why it matters
The publisher signs in with the credentials of its own registration and needs none here. One that
was added here lets its holder act as that application, with every permission this tenant gave it,
under a name that everybody trusts. Attackers use this to keep access.

## How to fix
Treat it as an incident until explained: look in the audit log for "Add service principal
credentials" and who did it, and in the service principal sign-in logs for its use. Then remove it.
Portal: it does not show them; the key ids are in the evidence.
Graph PowerShell: Remove-MgServicePrincipalPassword -ServicePrincipalId OBJECT-ID -KeyId KEY-ID for
secrets. Certificates: Remove-AzADSpCredential -ObjectId OBJECT-ID -KeyId KEY-ID (module
Az.Resources).
Azure CLI: az ad sp credential delete --id OBJECT-ID --key-id KEY-ID, with --cert for a certificate.
Ask the publisher to set the app instance property lock, which forbids credentials on instances.

## When it is fine
Seldom: a product whose instructions say so, such as one registered by another tenant of the same
organization. Have it registered here instead, or accept the finding with the instructions as
reason.

## References
- https://learn.microsoft.com/entra/architecture/security-operations-applications
- https://learn.microsoft.com/entra/identity-platform/howto-configure-app-instance-property-locks
- https://learn.microsoft.com/graph/api/serviceprincipal-removepassword
- https://attack.mitre.org/techniques/T1098/001/

Catalogue: CRED-021
"""

from __future__ import annotations

from pandas import DataFrame, Series

from auditor.rule import mitre, nist_800_53, rule

from ._carried import carriers


def _foreign(service_principals: DataFrame) -> Series:
    return service_principals["publisher"].astype("string") == "foreign"


@rule(
    id="foreign-service-principal-credential",
    severity="critical",
    about="service_principals",
    where=_foreign,
    passes_without=("credentials",),
    message="{name}, an application of tenant {owner_tenant}, carries credentials here: {key_ids}.",
    controls=(nist_800_53("IA-5"), mitre("T1098.001")),
)
def foreign_service_principal_credential(
    service_principals: DataFrame, credentials: DataFrame
) -> DataFrame:
    return carriers(service_principals, credentials)
