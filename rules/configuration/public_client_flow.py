"""Applications that allow flows without a secret.

## What it does
Looks at every registration of the tenant. One fails when "Allow public client flows" is on
(isFallbackPublicClient). Null is the default, which is off.

## Why it matters
Then anybody who knows the client id may start a device code sign-in, or send a user's name and
password, in this application's name. Device code phishing works that way: the victim signs in on a
genuine page, and the attacker gets the tokens, with every permission the application has consent
for.

## How to fix
Switch it off. An application with redirect URIs of the platform "Mobile and desktop" does not need
it for signing people in by the browser.
Portal: Entra admin center > App registrations > the application > Authentication > Settings > Allow
public client flows.
Graph PowerShell: Update-MgApplication -ApplicationId ID -IsFallbackPublicClient:$false.
Azure CLI: az ad app update --id APPID --is-fallback-public-client false.
Block the device code flow by Conditional Access for all who do not need it.

## When it is fine
A command-line tool or device without a browser, which needs the device code flow, with delegated
permissions that are small.

## References
Catalogue: CFG-008
- https://learn.microsoft.com/entra/identity-platform/msal-client-applications
- https://learn.microsoft.com/entra/identity-platform/v2-oauth2-device-code
- https://learn.microsoft.com/graph/api/resources/application
"""

from __future__ import annotations

from pandas import DataFrame

from auditor.rule import mitre, nist_800_53, rule


@rule(
    id="public-client-flow",
    severity="medium",
    about="applications",
    needs=("fallback_public",),
    message="{name} allows flows without a secret: device code, and user name with password.",
    fix="Update-MgApplication -ApplicationId {id} -IsFallbackPublicClient:$false",
    controls=(nist_800_53("CM-6"), mitre("T1528")),
)
def public_client_flow(applications: DataFrame) -> DataFrame:
    return applications[applications["fallback_public"].astype(bool)]
