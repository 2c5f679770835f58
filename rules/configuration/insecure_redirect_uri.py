"""Redirect URIs without encryption.

## What it does
Looks at every redirect URI of the tenant's own applications: web, single-page and public client,
and those that only the service principal has. One fails when its scheme is http and its host is not
the user's own computer (localhost, 127.0.0.0/8, ::1). The host is read as a browser reads it:
http://localhost.evil.example and http://localhost@evil.example are not local. Schemes of
applications, such as msauth.com.contoso.app://auth, are not http and pass.

## Why it matters
Entra ID sends authorization codes and tokens to this address through the user's browser. Over http
everybody on the way reads them: the network of a hotel, a proxy, a provider.

## How to fix
Serve the application over https, register that address and remove this one.
Portal: Entra admin center > App registrations > the application > Authentication.
Graph PowerShell: Update-MgApplication -ApplicationId ID -Web @{ RedirectUris = LIST }.
Azure CLI: az ad app update --id APPID --web-redirect-uris URI URI, with all that are to stay.

## When it is fine
Not where people sign in. A test system in a closed network is no exception: certificates for it are
free.

## References
Catalogue: CFG-002
- https://learn.microsoft.com/entra/identity-platform/reply-url
- https://datatracker.ietf.org/doc/html/rfc9700
"""

from __future__ import annotations

from pandas import DataFrame

from auditor.rule import mitre, nist_800_53, rule

from ._redirects import own_addresses, removal


@rule(
    id="insecure-redirect-uri",
    severity="high",
    about="redirect_uris",
    where=own_addresses,
    needs=("scheme", "local"),
    message="{name} has tokens sent to {uri} ({platform}) without encryption.",
    evidence=("platform", "host"),
    controls=(nist_800_53("CM-6"), mitre("T1528")),
)
def insecure_redirect_uri(redirect_uris: DataFrame) -> DataFrame:
    open_ = (redirect_uris["scheme"] == "http") & ~redirect_uris["local"].astype(bool)
    return redirect_uris.assign(fix=removal(redirect_uris))[open_]
