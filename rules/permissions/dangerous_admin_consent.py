"""Dangerous delegated permissions consented to for all users.

## What it does
Looks at delegated permissions that an administrator granted for everybody (AllPrincipals), to
clients that are not Microsoft's, own or foreign. One fails when its tier is 0 (high) or 1 (medium);
`up_to_tier = 0` reports tier 0 alone. Scopes to sign in with (openid, profile, email,
offline_access, User.Read) pass. A scope of Microsoft's that nobody rates is unknown. Consents of
single users are left to user-consent-to-mail-or-files, the breadth of a foreign application's
consents to foreign-app-consent.

## Why it matters
The application can use the scope as anybody who signs in to it, without asking again. The first
administrator who does lends it that administrator's rights: with Directory.AccessAsUser.All or
RoleManagement.ReadWrite.Directory, one click is enough to take the tenant over.

## How to fix
Ask the owner which scopes it needs. Take the others off the grant, or let users consent (or
request) one by one. Restrict who may sign in: assignment required, for a group.
Portal: Entra admin center > Enterprise apps > the application > Permissions > Admin consent.
Graph PowerShell: Update-MgOauth2PermissionGrant -OAuth2PermissionGrantId GRANT -Scope 'the rest', or
Remove-MgOauth2PermissionGrant -OAuth2PermissionGrantId GRANT.
Azure CLI: az ad app permission list-grants --id APP shows the grants.

## When it is fine
Tools that administrators use to administer, open to these administrators alone. Accept the scope
with that group's name.

## References
- https://learn.microsoft.com/entra/identity/enterprise-apps/user-admin-consent-overview
- https://learn.microsoft.com/entra/identity/enterprise-apps/manage-application-permissions
- https://attack.mitre.org/techniques/T1528/

Catalogue: PERM-020
"""

from __future__ import annotations

from pandas import DataFrame, Series

from auditor.rule import iso_27001, mitre, nist_800_53, rule

from .._shared import not_microsoft
from ._held import microsofts_api, signs_in


def _for_everybody(grants: DataFrame) -> Series:
    everybody = grants["consent_type"].astype("string") == "AllPrincipals"
    return not_microsoft(grants) & everybody & microsofts_api(grants)


@rule(
    id="dangerous-admin-consent",
    severity="high",
    about="delegated_grants",
    where=_for_everybody,
    needs=("tier",),
    message="{name} may use {scope} on {resource_name} (tier {tier}) as any user who signs in to it.",
    fix="Remove-MgOauth2PermissionGrant -OAuth2PermissionGrantId {id}",
    evidence=("reach", "path", "basis", "consent_type", "publisher"),
    controls=(
        nist_800_53("AC-6"),
        iso_27001("A.8.2"),
        mitre("T1098.003"),
        mitre("T1528"),
    ),
)
def dangerous_admin_consent(delegated_grants: DataFrame, *, up_to_tier: int = 1) -> DataFrame:
    severity = delegated_grants["tier"].map({0: "high", 1: "medium"}).fillna("low")
    fails = (delegated_grants["tier"] <= up_to_tier) & ~signs_in(delegated_grants)
    return delegated_grants.assign(severity=severity)[fails]
