"""Applications that sign in with client secrets.

## What it does
Looks at every client secret on the tenant's own applications and service principals. A secret fails
while it is valid (start <= as-of < end). One that has expired or is not yet valid passes.

## Why it matters
A secret is a password that is sent to Entra ID at every sign-in and has to be copied to wherever
the workload runs. Whoever reads a configuration file, a pipeline log or a ticket can use it from
anywhere. A managed identity has no secret to copy, a federated credential trusts a token that the
platform issues, and a certificate's private key need not leave its store.

## How to fix
Workloads on Azure: use a managed identity. GitHub, GitLab, Kubernetes and other platforms that
issue OpenID Connect tokens: add a federated credential. All others: use a certificate. Then remove
the secret.
Portal: Entra admin center > App registrations > the application > Certificates & secrets. Secrets
on a service principal show only in Graph.
Graph PowerShell: New-MgApplicationFederatedIdentityCredential, then Remove-MgApplicationPassword or
Remove-MgServicePrincipalPassword.
Azure CLI: az ad app federated-credential create, then
az ad app credential delete --id APP --key-id KEY (az ad sp credential delete on a service
principal).
To stop new ones, set an app management policy with passwordAddition.

## When it is fine
A product that can do nothing else. Accept that one finding with a reason and an end date, and keep
the secret's life short.

## References
- https://learn.microsoft.com/entra/identity-platform/security-best-practices-for-app-registration
- https://learn.microsoft.com/entra/workload-id/workload-identity-federation
- https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/overview
- https://learn.microsoft.com/entra/identity/enterprise-apps/configure-app-management-policies

Catalogue: CRED-005
"""

from __future__ import annotations

from pandas import DataFrame, Timestamp

from auditor.rule import cis_m365, rule, scuba

from .._shared import client_credentials, removal, valid_at


@rule(
    id="client-secret",
    severity="medium",
    about="secrets",
    where=client_credentials,
    needs=("start", "end"),
    message="{name} can sign in with the client secret {key_id}, valid until {end}.",
    controls=(
        cis_m365("7.0", "5.1.5.3"),
        scuba("MS.AAD.5.5v1"),
    ),
)
def client_secret(secrets: DataFrame, as_of: Timestamp) -> DataFrame:
    return secrets.assign(fix=removal(secrets))[valid_at(secrets, as_of)]
