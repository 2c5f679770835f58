"""Certificates that stay valid longer than the limit.

## What it does
Compares start and end of every certificate on the tenant's own applications and service principals,
as Entra ID keeps them. It fails when the time between them is longer than `max_days`. Certificates
of SAML single sign-on and of managed identities are left out.

## Why it matters
Whoever copies the private key can sign in as the application until the certificate ends or somebody
removes it here. A rotation at least once a year ends unnoticed copies, and stays practised.

## How to fix
Issue a certificate with a shorter life, from a store that renews it (Azure Key Vault does), add it,
move the workload to it and remove this one.
Portal: Entra admin center > App registrations > the application > Certificates & secrets.
PowerShell: Remove-AzADAppCredential or Remove-AzADSpCredential (module Az.Resources).
Azure CLI: az ad app credential reset --id APP --append --cert @new.pem, then
az ad app credential delete --id APP --key-id KEY --cert.
To keep new ones short, set an app management policy with asymmetricKeyLifetime.
SCuBA allows 365 days, CIS Microsoft 365 Foundations 7.0 (5.1.5.6) allows 180. `auditor controls`
tells each at its own limit; findings are made at `max_days`.

## When it is fine
A private key that cannot leave its hardware, where a rotation costs more than it protects. Accept
that one finding with a reason.

## References
- https://learn.microsoft.com/graph/api/resources/keycredential
- https://learn.microsoft.com/entra/identity/enterprise-apps/configure-app-management-policies
- https://learn.microsoft.com/azure/key-vault/certificates/overview-renew-certificate

Catalogue: CRED-012 (max_days)
"""

from __future__ import annotations

from pandas import DataFrame

from auditor.rule import cis_m365, iso_27001, mitre, nist_800_53, rule, scuba

from .._shared import client_credentials, removal


@rule(
    id="certificate-lifetime",
    severity="medium",
    about="certificates",
    where=client_credentials,
    needs=("start", "end"),
    message="Certificate {key_id} of {name} is valid for {days} days; the limit is {max_days}.",
    controls=(
        cis_m365("7.0", "5.1.5.6", max_days=180),
        scuba("MS.AAD.5.7v1", max_days=365),
        nist_800_53("SC-12"),
        iso_27001("A.8.24"),
        mitre("T1649"),
    ),
)
def certificate_lifetime(certificates: DataFrame, *, max_days: int = 365) -> DataFrame:
    days = (certificates["end"] - certificates["start"]).dt.days
    return certificates.assign(days=days, fix=removal(certificates))[days > max_days]
