"""Other organizations' applications with far-reaching delegated permissions.

## What it does
Looks at service principals whose registration belongs to another tenant that is not Microsoft's,
and at the delegated permissions consented to for them, by administrators or by users. One fails
when it has a scope of tier 0, or more than `max_scopes` (5) different ones of tier 1; scopes to
sign in with do not count. It is high where such a scope was consented to for everybody, else
medium. A scope of Microsoft's that nobody rates makes it unknown, if nothing else fails. What this
adds to the rules about single consents is the breadth: all that one publisher was given.

## Why it matters
Each scope looks reasonable on its own consent page. Together they are mail, files, chats and
directory of everybody who signs in, in the hands of a publisher whose safety you cannot see.

## How to fix
Ask the publisher which scopes the product needs, take the others off, and let only those sign in
who use it (assignment required).
Portal: Entra admin center > Enterprise apps > the application > Permissions > Review permissions.
Graph PowerShell: Get-MgServicePrincipalOauth2PermissionGrant -ServicePrincipalId ID, then
Update-MgOauth2PermissionGrant -OAuth2PermissionGrantId GRANT -Scope 'the rest', or
Remove-MgOauth2PermissionGrant -OAuth2PermissionGrantId GRANT.
Azure CLI: az ad app permission list-grants --id APP shows the grants.

## When it is fine
A product under contract that needs them, such as a meeting assistant or a desktop mail program.
Accept it with the contract's owner and its end.

## References
- https://learn.microsoft.com/entra/identity/enterprise-apps/manage-application-permissions
- https://learn.microsoft.com/entra/identity/enterprise-apps/user-admin-consent-overview
- https://attack.mitre.org/techniques/T1528/

Catalogue: PERM-022 (max_scopes)
"""

from __future__ import annotations

from pandas import DataFrame, Series

from auditor.rule import iso_27001, mitre, nist_800_53, rule

from ._held import NOT_JUDGED, delegated_permissions, with_held


def _foreign(principals: DataFrame) -> Series:
    return principals["publisher"].astype("string") == "foreign"


@rule(
    id="foreign-app-consent",
    severity="high",
    about="service_principals",
    where=_foreign,
    passes_without=("delegated_grants",),
    message="{name}, an application of tenant {owner_tenant}, was given {count} strong delegated "
    "permissions: {held}.",
    fix="Remove-MgOauth2PermissionGrant -OAuth2PermissionGrantId {assignment}",
    evidence=("owner_tenant", "verified", "enabled"),
    controls=(
        nist_800_53("AC-20"),
        iso_27001("A.5.19"),
        mitre("T1528"),
    ),
)
def foreign_app_consent(
    service_principals: DataFrame, delegated_grants: DataFrame, *, max_scopes: int = 5
) -> DataFrame:
    strong, doubtful = weighed = delegated_permissions(delegated_grants)
    found = with_held(service_principals, weighed)
    rows = found.index.to_series()
    # The same scope for ten users is one scope; letter case tells nothing.
    count = strong.assign(scope=strong["scope"].str.lower()).groupby("client")["scope"].nunique()
    more = doubtful.assign(scope=doubtful["scope"].str.lower()).groupby("client")["scope"].nunique()
    counted = count.reindex(rows).fillna(0).astype(int).set_axis(rows.index)
    top = (found["tier"] == 0).fillna(False).astype(bool)
    fails = top | (counted > max_scopes)
    # One that nobody rates may be of tier 0.
    perhaps = rows.isin(more.index) & ~fails
    by_users = strong["client"][strong["consent_type"] != "Principal"]
    severity = Series("medium", index=rows.index).mask(rows.isin(by_users), "high")
    cause = Series(None, index=rows.index, dtype=object).mask(perhaps, NOT_JUDGED)
    return found.assign(count=counted, severity=severity, unknown=cause)[fails | perhaps]
