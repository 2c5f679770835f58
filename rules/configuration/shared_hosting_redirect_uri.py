"""Redirect URIs on names of a hosting provider.

## What it does
Looks at every http and https redirect URI of the tenant's own applications: web, single-page and
public client, and those that only the service principal has. One fails when its host lies below a
name where anybody can register one of their own, such as azurewebsites.net, github.io or
herokuapp.com (a list of August 2026; `more_hosts` adds to it). Host names of App Service that end
in a random part of their own (name-RANDOM.REGION.azurewebsites.net) cannot be chosen by somebody
else: low. Names are compared, nothing is looked up.

## Why it matters
When the site is deleted and the redirect URI is forgotten, the name is free. Whoever registers it
receives the authorization codes and tokens of everybody who signs in, on a genuine page of
Microsoft's.

## How to fix
Give the site a name in a domain of your own, register that address and remove this one. If the site
is gone, remove it now, before somebody else takes the name.
Portal: Entra admin center > App registrations > the application > Authentication.
Graph PowerShell: Update-MgApplication -ApplicationId ID -Web @{ RedirectUris = LIST }.
Azure CLI: az ad app update --id APPID --web-redirect-uris URI URI, with all that are to stay.

## When it is fine
While the site exists and its deletion is sure to take the redirect URI along, as in one template of
infrastructure code. Accept the finding with that as reason and an end date.

## References
Catalogue: CFG-004
- https://learn.microsoft.com/entra/identity-platform/reply-url
- https://learn.microsoft.com/azure/security/fundamentals/subdomain-takeover
- https://attack.mitre.org/techniques/T1584/001/
"""

from __future__ import annotations

from pandas import DataFrame, Series

from auditor.rule import mitre, nist_800_53, rule

from ._hosting import HOSTING
from ._redirects import own_addresses, removal

_UNIQUE = r"-[a-z0-9]{16}\.[a-z0-9-]+\.azurewebsites\.net$"


def _web_addresses(redirect_uris: DataFrame) -> Series:
    web = redirect_uris["scheme"].isin(["http", "https"]).astype("boolean")
    return own_addresses(redirect_uris) & web.mask(redirect_uris["scheme"].isna())


@rule(
    id="shared-hosting-redirect-uri",
    severity="high",
    about="redirect_uris",
    where=_web_addresses,
    needs=("host",),
    message="{name} has tokens sent to {uri} ({platform}): a name of a hosting provider.",
    evidence=("platform", "host"),
    controls=(nist_800_53("CM-6"), mitre("T1584.001")),
)
def shared_hosting_redirect_uri(
    redirect_uris: DataFrame, *, more_hosts: tuple[str, ...] = ()
) -> DataFrame:
    names = tuple(f".{name.strip().strip('.').lower()}" for name in (*HOSTING, *more_hosts))
    below = ("." + redirect_uris["host"]).str.endswith(names)
    unique = redirect_uris["host"].str.contains(_UNIQUE, regex=True)
    severity = Series("high", index=redirect_uris.index).mask(unique, "low")
    return redirect_uris.assign(severity=severity, fix=removal(redirect_uris))[below]
