"""Redirect URIs with a wildcard.

## What it does
Looks at every redirect URI of the tenant's own applications: web, single-page and public client,
and those that only the service principal has. One fails when it contains an asterisk: critical in
the host, high elsewhere.

## Why it matters
A wildcard lets whoever asks for the sign-in choose where the code or token goes. In the host, one
forgotten name or one page that can be taken over below the domain is enough; in the path, one page
that forwards to another address.

## How to fix
Register each address the application uses (up to 256), or carry the target in the state parameter
and forward on your own side. Then remove this one.
Portal: Entra admin center > App registrations > the application > Manifest (the page Authentication
refuses wildcards).
Graph PowerShell: Update-MgApplication -ApplicationId ID -Web @{ RedirectUris = LIST }.
Azure CLI: az ad app update --id APPID --web-redirect-uris URI URI, with all that are to stay.

## When it is fine
Never. Microsoft advises against them and does not take them for applications that personal accounts
sign in to.

## References
Catalogue: CFG-003
- https://learn.microsoft.com/entra/identity-platform/reply-url
- https://datatracker.ietf.org/doc/html/rfc9700
"""

from __future__ import annotations

from pandas import DataFrame, Series

from auditor.rule import mitre, nist_800_53, rule

from ._redirects import own_addresses, removal


@rule(
    id="wildcard-redirect-uri",
    severity="high",
    about="redirect_uris",
    where=own_addresses,
    needs=("scheme", "host"),
    message="{name} has tokens sent to wherever {uri} ({platform}) fits.",
    evidence=("platform",),
    controls=(nist_800_53("CM-6"), mitre("T1528")),
)
def wildcard_redirect_uri(redirect_uris: DataFrame) -> DataFrame:
    def starred(column: str) -> Series:
        return redirect_uris[column].str.contains("*", regex=False)

    severity = Series("high", index=redirect_uris.index).mask(starred("host"), "critical")
    return redirect_uris.assign(severity=severity, fix=removal(redirect_uris))[starred("uri")]
