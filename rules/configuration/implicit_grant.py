"""Applications that get tokens in the implicit flow.

## What it does
Looks at every registration of the tenant. One fails when access tokens may be issued in the
implicit flow (medium), or ID tokens only (low).

## Why it matters
In the implicit flow Entra ID puts the token itself into the address the browser goes to. It stays
in histories, logs and referrers, and nothing binds it to the application that asked for it.

## How to fix
Move the application to the authorization code flow with PKCE, which every current library does for
single-page applications, then switch this off.
Portal: Entra admin center > App registrations > the application > Authentication > Implicit grant
and hybrid flows.
Graph PowerShell: Update-MgApplication -ApplicationId ID -Web @{ ImplicitGrantSettings =
@{ EnableAccessTokenIssuance = $false; EnableIdTokenIssuance = $false } }.
Azure CLI: az ad app update --id APPID --enable-access-token-issuance false
--enable-id-token-issuance false.

## When it is fine
ID tokens only: a web application of an older framework that signs people in by the hybrid flow
(response type code id_token) and receives them by form post. Access tokens: never.

## References
Catalogue: CFG-007
- https://learn.microsoft.com/entra/identity-platform/v2-oauth2-implicit-grant-flow
- https://datatracker.ietf.org/doc/html/rfc9700
"""

from __future__ import annotations

from pandas import DataFrame, Series

from auditor.rule import nist_800_53, rule


@rule(
    id="implicit-grant",
    severity="medium",
    about="applications",
    needs=("implicit_access_tokens", "implicit_id_tokens"),
    message="{name} gets {issued} in the implicit flow.",
    fix="Update-MgApplication -ApplicationId {id} -Web @{{ ImplicitGrantSettings ="
    " @{{ EnableAccessTokenIssuance = $false; EnableIdTokenIssuance = $false }} }}",
    evidence=("public_redirects",),
    controls=(nist_800_53("CM-6"),),
)
def implicit_grant(applications: DataFrame) -> DataFrame:
    access = applications["implicit_access_tokens"].astype(bool)
    identity = applications["implicit_id_tokens"].astype(bool)
    issued = Series("ID tokens", index=applications.index).mask(access, "access tokens")
    severity = Series("low", index=applications.index).mask(access, "medium")
    found = applications.assign(issued=issued, severity=severity)
    return found[access | identity]
