"""Keys of a hybrid deployment on Exchange Online's own service principal.

## What it does
Looks at Microsoft's service principal Office 365 Exchange Online, told by its app id. It fails when
key credentials are on it, expired or not. The message names them and, where their bytes were read,
their subjects. Client secrets there are told by microsoft-service-principal-credential, which
reports these keys too, since nothing in them proves who put them there.

## Why it matters
The Hybrid Configuration Wizard used to upload the Auth Certificate of the Exchange servers to this
service principal. Whoever takes an Exchange server then holds a key that speaks to the tenant as
Exchange Online itself, and the tenant's logs hardly tell (CVE-2025-53786). A key that an attacker
added looks the same.

## How to fix
If a hybrid deployment still runs: install the 2025 updates, deploy the dedicated hybrid app, then
remove the keys with ConfigureExchangeHybridApplication.ps1
-ResetFirstPartyServicePrincipalKeyCredentials. If there is none: run the same script in that mode.
Compare the certificate with the servers' Auth Certificate (Get-AuthConfig); if it is none of
theirs, treat it as an incident.
Portal: it does not show them.
Graph PowerShell: Get-MgServicePrincipal -Filter "appId eq '00000002-0000-0ff1-ce00-000000000000'"
-Property keyCredentials lists them.

## When it is fine
Never: Exchange Online has refused the shared service principal for hybrid features since October
2025.

## References
- https://learn.microsoft.com/exchange/hybrid-deployment/deploy-dedicated-hybrid-app
- https://microsoft.github.io/CSS-Exchange/Hybrid/ConfigureExchangeHybridApplication/
- https://msrc.microsoft.com/update-guide/vulnerability/CVE-2025-53786

Catalogue: CRED-023
"""

from __future__ import annotations

from pandas import DataFrame, Series

from auditor.knowledge import EXCHANGE
from auditor.rule import mitre, nist_800_53, rule

_RESET = ".\\ConfigureExchangeHybridApplication.ps1 -ResetFirstPartyServicePrincipalKeyCredentials"


def _exchange_online(service_principals: DataFrame) -> Series:
    return service_principals["app_id"].str.lower() == EXCHANGE


@rule(
    id="exchange-hybrid-key",
    severity="high",
    about="service_principals",
    where=_exchange_online,
    passes_without=("credentials",),
    detail=("certificate_contents",),
    message="{name} carries keys: {key_ids}{subjects}.",
    fix=_RESET,
    controls=(nist_800_53("IA-5"), mitre("T1098.001")),
)
def exchange_hybrid_key(
    service_principals: DataFrame, credentials: DataFrame, certificate_contents: DataFrame
) -> DataFrame:
    on_it = credentials["holder_type"] == "servicePrincipal"
    on_it &= credentials["principal"].isin(service_principals.index)
    keys = credentials[on_it & (credentials["kind"] != "secret")].sort_values("key_id")
    named = certificate_contents[certificate_contents["subject"].notna()].sort_values("subject")
    subjects = named.groupby("principal")["subject"].agg(
        lambda each: ", ".join(dict.fromkeys(each))
    )
    found = service_principals.join(
        keys.groupby("principal")["key_id"].agg(tuple).rename("key_ids")
    )
    told = Series(found.index, index=found.index).map(subjects)
    found = found.assign(subjects=(" (" + told.astype("str").where(told.notna()) + ")").fillna(""))
    return found[found["key_ids"].notna()]
