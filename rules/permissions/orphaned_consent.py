"""Consents of clients or users that are deleted or disabled.

## What it does
Looks at delegated permissions granted to clients that are not Microsoft's. One fails when the
service principal of its client or of its API is gone, when the client is disabled, or when the one
user it is for is deleted or disabled. A user whose account was not told is unknown. Application
permissions of disabled applications are no part of this.

## Why it matters
Nobody uses such a consent, so nobody misses it, and it comes back to life with the account or the
application: whoever is hired again or enabled again has let an application in without deciding it.
It also hides, among hundreds of its kind, the consents that matter.

## How to fix
Remove the grant.
Portal: Entra admin center > Enterprise apps > the application > Permissions > User consent. What
has no client any more shows only in Graph.
Graph PowerShell: Remove-MgOauth2PermissionGrant -OAuth2PermissionGrantId GRANT.
Azure CLI: az rest --method DELETE --url https://graph.microsoft.com/v1.0/oauth2PermissionGrants/GRANT.

## When it is fine
While somebody is on leave with a disabled account, or an application is being looked into.

## References
- https://learn.microsoft.com/graph/api/oauth2permissiongrant-delete
- https://learn.microsoft.com/graph/api/resources/oauth2permissiongrant
- https://learn.microsoft.com/entra/identity/enterprise-apps/manage-application-permissions

Catalogue: PERM-023
"""

from __future__ import annotations

from pandas import DataFrame, Series

from auditor.rule import iso_27001, nist_800_53, rule


def _not_microsofts(grants: DataFrame) -> Series:
    # The publisher of a client that is gone is not known, and no reason to leave it out.
    return grants["publisher"].astype("string").fillna("") != "microsoft"


@rule(
    id="orphaned-consent",
    severity="low",
    about="delegated_grants",
    where=_not_microsofts,
    fails_without=("service_principals",),
    detail=("directory_objects", "gone_objects"),
    message="The consent of client {client_id} to {scope} has no use: {why}.",
    fix="Remove-MgOauth2PermissionGrant -OAuth2PermissionGrantId {id}",
    evidence=("name", "principal_id", "consent_type", "resource_id"),
    controls=(nist_800_53("AC-2(3)"), iso_27001("A.5.18")),
)
def orphaned_consent(
    delegated_grants: DataFrame,
    service_principals: DataFrame,
    directory_objects: DataFrame,
    gone_objects: DataFrame,
) -> DataFrame:
    rows, nothing = delegated_grants, Series(None, index=delegated_grants.index, dtype=object)
    client = service_principals["enabled"].reindex(rows["client"]).set_axis(rows.index)
    user = rows["principal_id"].str.lower()
    people = directory_objects.assign(id=directory_objects["id"].str.lower())
    people = people.drop_duplicates("id").set_index("id")
    enabled = people["enabled"].reindex(user).set_axis(rows.index)
    gone = user.isin(gone_objects["id"].str.lower())
    kind = rows["consent_type"]
    why = (
        nothing.mask(_false(enabled), "its user is disabled")
        .mask(gone, "its user is deleted")
        .mask(_false(client), "its client is disabled")
        .mask(rows["resource"] < 0, "its API is gone")
        .mask(rows["client"] < 0, "its client is gone")
    )
    by_user = (kind == "Principal") | kind.isna() | user.notna()
    cause = (
        nothing.mask(by_user & enabled.isna(), "whether its user is enabled is not known")
        .mask(client.isna(), "whether its client is enabled is not known")
        .mask(why.notna(), None)
    )
    return rows.assign(why=why, unknown=cause)[why.notna() | cause.notna()]


def _false(values: Series) -> Series:
    return ~values.astype("boolean").fillna(True).astype(bool)
