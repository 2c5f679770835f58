"""Registrations that accounts of other organizations can sign in to.

## What it does
Looks at signInAudience of every registration of the tenant. One fails when it is not this
organization only and its publisher is not verified: medium if it has redirect URIs on the web, where
people sign in, low otherwise. Verification is what an application made for others needs before
people there can consent to it; without it, the audience is mostly a wrong click. A value this
version does not know, and a verification that the cloud does not tell, are unknown.

## Why it matters
Entra ID gives everybody with an account in any tenant, or any personal account, a valid token for
such an application. Whether they come in is decided by the application's own code alone, and code
that only checks that the token is valid lets them in. Other tenants also get an instance of it,
with its permissions.

## How to fix
If only your own people use it, make it single-tenant. Otherwise let the application check the
tenant (claim tid) against a list, and see property-lock-off.
Portal: Entra admin center > App registrations > the application > Authentication > Supported
account types. To verify: Branding & properties > Publisher verification.
Graph PowerShell: Update-MgApplication -ApplicationId ID -SignInAudience AzureADMyOrg.
Azure CLI: az ad app update --id APPID --sign-in-audience AzureADMyOrg.

## When it is fine
Applications for several tenants of one organization, which need no verification.

## References
Catalogue: CFG-009
- https://learn.microsoft.com/entra/identity-platform/supported-accounts-validation
- https://learn.microsoft.com/entra/identity-platform/publisher-verification-overview
- https://learn.microsoft.com/entra/identity-platform/howto-convert-app-to-be-multi-tenant
"""

from __future__ import annotations

from pandas import DataFrame, Series

from auditor.rule import nist_800_53, rule

from ._audience import KNOWN, OWN


@rule(
    id="multitenant-registration",
    severity="low",
    about="applications",
    needs=("audience",),
    message="{name} can be signed in to from outside this organization ({audience}), and its"
    " publisher is not verified.",
    fix="Update-MgApplication -ApplicationId {id} -SignInAudience AzureADMyOrg",
    evidence=("verified", "public_redirects"),
    controls=(nist_800_53("AC-20"),),
)
def multitenant_registration(applications: DataFrame) -> DataFrame:
    audience, verified = applications["audience"], applications["verified"]
    on_the_web = applications["public_redirects"].str.len() > 0
    cause = (
        Series(None, index=applications.index, dtype=object)
        .mask(verified.isna(), "whether its publisher is verified is not told")
        .mask(~audience.isin(KNOWN), "its audience is one this version does not know")
    )
    severity = Series("low", index=applications.index).mask(on_the_web, "medium")
    meant = audience.isin(KNOWN) & verified.fillna(False).astype(bool)
    found = applications.assign(severity=severity, unknown=cause)
    return found[(audience != OWN) & ~meant]
