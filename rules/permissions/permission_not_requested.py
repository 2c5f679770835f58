"""Application permissions that are granted although the registration does not ask for them.

## What it does
Looks at application permissions held by service principals of the tenant's own registrations. One
fails when the registration's requiredResourceAccess does not list it. Managed identities have no
registration, foreign and Microsoft's applications keep theirs elsewhere: they are left out. So is
an assignment to an API without any permission (default access).

## Why it matters
The list of the registration is what people review. A permission beside it was forgotten when the
list was cleaned up, or was put there past it by script, which is also how an attacker who holds
AppRoleAssignment.ReadWrite.All does it. It works all the same.

## How to fix
Find out who granted it (audit log, "Add app role assignment to service principal"). Remove the
grant; if the application needs it, add it to the list instead.
Portal: Entra admin center > App registrations > the application > API permissions, "Other
permissions granted".
Graph PowerShell: Remove-MgServicePrincipalAppRoleAssignment -ServicePrincipalId ID
-AppRoleAssignmentId ASSIGNMENT. Azure CLI: az ad app permission add --id APPID --api API
--api-permissions PERMISSION=Role.

## When it is fine
Where permissions are granted by infrastructure code that does not write the list. Add it there: the
review that the list makes possible is worth the line.

## References
- https://learn.microsoft.com/graph/permissions-grant-via-msgraph
- https://learn.microsoft.com/graph/api/serviceprincipal-delete-approleassignments
- https://attack.mitre.org/techniques/T1098/003/

Catalogue: PERM-007
"""

from __future__ import annotations

from pandas import DataFrame, Series

from auditor.rule import iso_27001, mitre, nist_800_53, rule

from ._match import NO_PERMISSION, among


def _own_applications(grants: DataFrame) -> Series:
    own = grants["publisher"].astype("string") == "own"
    return own & ~grants["managed_identity"] & (grants["permission_id"] != NO_PERMISSION)


@rule(
    id="permission-not-requested",
    severity="low",
    about="grants",
    where=_own_applications,
    needs=("resource_app_id",),
    fails_without=("requested_permissions", "applications"),
    message="{name} holds {held} on {resource_name}, which its registration does not ask for.",
    fix="Remove-MgServicePrincipalAppRoleAssignment -ServicePrincipalId {client_id}"
    " -AppRoleAssignmentId {id}",
    evidence=("created", "tier", "path"),
    controls=(
        nist_800_53("CM-6"),
        iso_27001("A.8.9"),
        mitre("T1098.003"),
    ),
)
def permission_not_requested(
    grants: DataFrame, requested_permissions: DataFrame, applications: DataFrame
) -> DataFrame:
    asked = requested_permissions[requested_permissions["kind"] == "Role"]
    requested = among(
        (grants["client"], grants["resource_app_id"], grants["permission_id"]),
        (asked["principal"], asked["resource_app_id"], asked["permission_id"]),
    )
    registered = (grants["client"] >= 0) & grants["client"].isin(applications["principal"])
    cause = Series(None, index=grants.index, dtype=object).mask(
        ~registered, "its registration is not among those read"
    )
    held = grants["permission"].fillna(grants["permission_id"])
    return grants.assign(held=held, unknown=cause)[~requested]
