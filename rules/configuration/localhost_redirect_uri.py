"""Redirect URIs to the developer's computer on applications in production.

## What it does
Looks at the tenant's own registrations whose web or single-page redirect URIs include the user's
own computer (localhost, 127.0.0.0/8, ::1). One fails when it also has a redirect URI that leads
elsewhere, or a client secret or certificate: then it is in production, and not a developer's toy.
Redirect URIs of public clients are left out: for desktop and command-line applications the local
address is the documented way.

## Why it matters
Any program on the user's computer can wait at that address, send the user to sign in to an
application everybody trusts, and take the answer.

## How to fix
Make a second registration for development and remove the local addresses from this one.
Portal: Entra admin center > App registrations > the application > Authentication.
Graph PowerShell: Update-MgApplication -ApplicationId ID -Web @{ RedirectUris = LIST }.
Azure CLI: az ad app update --id APPID --web-redirect-uris URI URI, with all that are to stay.

## When it is fine
For a short while, to look into a fault that only shows in production.

## References
Catalogue: CFG-006
- https://learn.microsoft.com/entra/identity-platform/reply-url
- https://learn.microsoft.com/entra/identity-platform/security-best-practices-for-app-registration
"""

from __future__ import annotations

from pandas import DataFrame, Series

from auditor.rule import nist_800_53, rule


def _with_local(applications: DataFrame) -> Series:
    count = applications["local_redirects"].str.len()
    return (count > 0).astype("boolean").mask(count.isna())


@rule(
    id="localhost-redirect-uri",
    severity="low",
    about="applications",
    where=_with_local,
    needs=("public_redirects",),
    passes_without=("credentials",),
    message="{name} is in production and has tokens sent to {local_redirects}.",
    fix="$a = Get-MgApplication -ApplicationId {id}; $local = {local_redirects} -split ', ';"
    " Update-MgApplication -ApplicationId {id}"
    " -Web @{{ RedirectUris = @($a.Web.RedirectUris | Where-Object {{ $_ -notin $local }}) }}"
    " -Spa @{{ RedirectUris = @($a.Spa.RedirectUris | Where-Object {{ $_ -notin $local }}) }}",
    evidence=("public_redirects",),
    controls=(nist_800_53("CM-6"),),
)
def localhost_redirect_uri(applications: DataFrame, credentials: DataFrame) -> DataFrame:
    held = credentials["application"][credentials["holder_type"] == "application"]
    carries = Series(applications.index.isin(held), index=applications.index)
    found = applications.assign(carries_credentials=carries)
    return found[carries | (applications["public_redirects"].str.len() > 0)]
