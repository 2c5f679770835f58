"""Application ID URIs in a domain that is not the tenant's.

## What it does
Looks at the tenant's own registrations with an Application ID URI (identifierUris). One fails when
a URI contains neither its client id nor the tenant id, and its host is not a verified domain of the
tenant or a name below one. The domains include TENANT.onmicrosoft.com, which nobody else can have.
Registrations for SAML single sign-on pass: there the product dictates the entity id.

## Why it matters
Clients ask for tokens by this name, and the token carries it as its audience. A name in a domain of
somebody else, or in none, can be registered in another tenant as well: a client or API that
compares names only cannot tell the two apart, and a domain that was given up can be bought.

## How to fix
Add the default URI, api://CLIENT-ID, move the clients to it, then remove this one.
Portal: Entra admin center > App registrations > the application > Expose an API.
Graph PowerShell: Update-MgApplication -ApplicationId ID -IdentifierUris @('api://CLIENT-ID').
Azure CLI: az ad app update --id APPID --identifier-uris api://CLIENT-ID.
An app management policy can block new ones (identifierUris restrictions).

## When it is fine
WS-Federation or SAML where single sign-on is not set to SAML here, and a domain that you own and
have not verified: verify it.

## References
Catalogue: CFG-015
- https://learn.microsoft.com/entra/identity-platform/identifier-uri-restrictions
- https://learn.microsoft.com/entra/identity-platform/security-best-practices-for-app-registration
"""

from __future__ import annotations

from pandas import DataFrame, Series

from auditor.rule import nist_800_53, rule

from .._shared import beside, gathered


def _with_uri(applications: DataFrame) -> Series:
    count = applications["identifier_uris"].str.len()
    return (count > 0).astype("boolean").mask(count.isna())


@rule(
    id="unverified-identifier-uri",
    severity="low",
    about="applications",
    where=_with_uri,
    fails_without=("tenant", "service_principals"),
    message="{name} is named {strange} as an API, which is in no verified domain of the tenant.",
    fix="$a = Get-MgApplication -ApplicationId {id}; $strange = {strange} -split ', ';"
    " Update-MgApplication -ApplicationId {id} -IdentifierUris"
    " (@($a.IdentifierUris | Where-Object {{ $_ -notin $strange }})"
    " + @('api://' + {app_id}) | Select-Object -Unique)",
    evidence=("identifier_uris",),
    controls=(nist_800_53("CM-6"),),
)
def unverified_identifier_uri(
    applications: DataFrame, tenant: DataFrame, service_principals: DataFrame
) -> DataFrame:
    uris = applications["identifier_uris"].explode().astype("str").str.lower()
    app_ids = applications["app_id"].str.lower().reindex(uris.index)
    lists = tenant["domains"].dropna()
    domains = {name.lower() for each in lists for name in each if name}
    tenants = {id.lower() for id in tenant["id"]}
    # What a URI is tied to, of a set that is small for each: its own ids, and the domains.
    tied = [
        app_id in uri or any(id in uri for id in tenants) or _inside(uri, domains)
        for uri, app_id in zip(uris, app_ids, strict=True)
    ]
    loose = uris[[not each for each in tied]]
    strange = gathered(loose.index, loose)
    found = applications[applications.index.isin(strange)]
    found = found.assign(strange=beside(Series(found.index, index=found.index), strange))
    mode = service_principals["single_sign_on"].reindex(found["principal"]).set_axis(found.index)
    if tenant.empty or tenant["domains"].isna().any():
        found = found.assign(unknown="the verified domains of the tenant are not known")
    return found[(mode.str.lower() != "saml").fillna(True).astype(bool)]


def _inside(uri: str, domains: set[str]) -> bool:
    """Whether the URI's host is one of the domains or a name below one."""
    host = uri.partition("://")[2].partition("/")[0].rpartition("@")[2].partition(":")[0]
    parts = host.rstrip(".").split(".")
    return any(".".join(parts[place:]) in domains for place in range(len(parts)))
