"""Credentials on the tenant's own service principals instead of their applications.

## What it does
Looks at the tenant's own service principals that are no managed identities. One fails when it
carries a client secret, certificate or symmetric key itself, expired or not. The signing pairs that
SAML single sign-on puts there are left out. A service principal whose publisher or type is not told
is unknown.

## Why it matters
A credential there signs in as the application just as one on the registration does, but the portal
does not show it under Certificates & secrets. People and tools who review the registration miss it,
which makes it a known way to keep access. The command line tools of earlier years put them there
too.

## How to fix
If the workload is known, add a credential to the application, better a federated one or a
certificate, move the workload, then remove this one. If nobody knows it, look in the audit log for
"Add service principal credentials" and treat it as an incident.
Portal: it does not show them; the key ids are in the evidence.
Graph PowerShell: Remove-MgServicePrincipalPassword -ServicePrincipalId OBJECT-ID -KeyId KEY-ID for
secrets. Certificates: Remove-AzADSpCredential -ObjectId OBJECT-ID -KeyId KEY-ID (module
Az.Resources); Remove-MgServicePrincipalKey does not serve, it asks for a proof signed with a key it
carries.
Azure CLI: az ad sp credential delete --id OBJECT-ID --key-id KEY-ID, with --cert for a certificate.

## When it is fine
A known workload set up with an old tool, until it is moved.

## References
- https://learn.microsoft.com/entra/architecture/security-operations-applications
- https://learn.microsoft.com/graph/api/serviceprincipal-removepassword
- https://learn.microsoft.com/entra/identity-platform/app-objects-and-service-principals
- https://attack.mitre.org/techniques/T1098/001/

Catalogue: CRED-020
"""

from __future__ import annotations

from pandas import DataFrame

from auditor.rule import mitre, nist_800_53, rule

from .._shared import client_credentials
from ._carried import carriers


@rule(
    id="service-principal-credential",
    severity="high",
    about="service_principals",
    where=client_credentials,
    passes_without=("credentials",),
    message="The service principal of {name} itself carries credentials: {key_ids}.",
    controls=(nist_800_53("IA-5"), mitre("T1098.001")),
)
def service_principal_credential(
    service_principals: DataFrame, credentials: DataFrame
) -> DataFrame:
    return carriers(service_principals, credentials)
