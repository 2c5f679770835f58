"""Credentials on Microsoft's own service principals.

## What it does
Looks at service principals whose application is registered in one of Microsoft's tenants. One fails
when it carries a client secret, certificate or symmetric key itself, expired or not. The signing
pairs that SAML single sign-on puts there are left out. A service principal whose publisher is not
told is unknown.

## Why it matters
Microsoft's services sign in with credentials that no tenant sees. One that was added here lets its
holder act as that service in this tenant, often with far-reaching permissions that no consent
shows. Attackers use this to keep access.

## How to fix
Treat it as an incident until explained: look in the audit log for "Add service principal
credentials" and who did it, and in the service principal sign-in logs for its use. Then remove it.
Portal: it does not show them; the key ids are in the evidence.
Graph PowerShell: Remove-MgServicePrincipalPassword -ServicePrincipalId OBJECT-ID -KeyId KEY-ID for
secrets. Certificates: Remove-AzADSpCredential -ObjectId OBJECT-ID -KeyId KEY-ID (module
Az.Resources).
Azure CLI: az ad sp credential delete --id OBJECT-ID --key-id KEY-ID, with --cert for a certificate.
Office 365 Exchange Online (00000002-0000-0ff1-ce00-000000000000) is a known case: the Hybrid
Configuration Wizard used to put the Exchange servers' Auth Certificate there, and whoever holds an
Exchange server's key could reach into the tenant (CVE-2025-53786); exchange-hybrid-key tells more.
Deploy the dedicated Exchange hybrid app first, then run ConfigureExchangeHybridApplication.ps1 with
-ResetFirstPartyServicePrincipalKeyCredentials.

## When it is fine
Never. Hybrid keys on Exchange Online are a leftover: Exchange Online has refused the shared service
principal for hybrid features since October 2025.

## References
- https://learn.microsoft.com/exchange/hybrid-deployment/deploy-dedicated-hybrid-app
- https://microsoft.github.io/CSS-Exchange/Hybrid/ConfigureExchangeHybridApplication/
- https://learn.microsoft.com/entra/architecture/security-operations-applications
- https://attack.mitre.org/techniques/T1098/001/

Catalogue: CRED-022
"""

from __future__ import annotations

from pandas import DataFrame, Series

from auditor.knowledge import EXCHANGE
from auditor.rule import mitre, nist_800_53, rule

from ._carried import carriers


def _microsoft(service_principals: DataFrame) -> Series:
    return service_principals["publisher"].astype("string") == "microsoft"


@rule(
    id="microsoft-service-principal-credential",
    severity="critical",
    about="service_principals",
    where=_microsoft,
    passes_without=("credentials",),
    message="Microsoft's service principal {name} carries credentials: {key_ids}{hint}.",
    controls=(nist_800_53("IA-5"), mitre("T1098.001")),
)
def microsoft_service_principal_credential(
    service_principals: DataFrame, credentials: DataFrame
) -> DataFrame:
    found = carriers(service_principals, credentials)
    exchange = found["app_id"].str.lower() == EXCHANGE
    hint = exchange.map({True: "; perhaps keys of a hybrid deployment", False: ""})
    # Microsoft's script for hybrid keys looks after what depends on them; no one line does.
    return found.assign(hint=hint, fix=found["fix"].mask(exchange))
