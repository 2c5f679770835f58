"""Service principals that Exchange knows and Entra does not.

## What it does
Looks at the service principals that Exchange keeps (Get-ServicePrincipal). One fails when the
tenant has no service principal with its object id. It is medium where management roles or role
groups are still assigned to it, low otherwise.

## Why it matters
The application was deleted and its rights in Exchange were not. Nobody can sign in as it now; the
entry is what a review stumbles over. A wrong object id, often that of the app registration, gives an
entry that never works and a second try with wider rights.

## How to fix
Remove its role assignments, then the entry.
Exchange Online PowerShell: Get-ManagementRoleAssignment -RoleAssignee ID |
Remove-ManagementRoleAssignment; Remove-ServicePrincipal -Identity ID. There is no page for it in
the portals.

## When it is fine
A service principal that was deleted less than 30 days ago and may be restored.

## References
- https://learn.microsoft.com/powershell/module/exchange/get-serviceprincipal
- https://learn.microsoft.com/powershell/module/exchange/remove-serviceprincipal
- https://learn.microsoft.com/exchange/permissions-exo/application-rbac

Catalogue: EXO-014
"""

from __future__ import annotations

from pandas import DataFrame, Series

from auditor.rule import nist_800_53, rule


@rule(
    id="orphaned-exchange-service-principal",
    severity="low",
    about="exchange_service_principals",
    fails_without=("service_principals",),
    detail=("management_role_assignments", "role_group_members"),
    message="Exchange knows {title} (object id {object_id}), and Entra does not: {rights}.",
    fix="Remove-ServicePrincipal -Identity {object_id}",
    evidence=("app_id", "rights"),
    controls=(nist_800_53("CM-8"),),
)
def orphaned_exchange_service_principal(
    exchange_service_principals: DataFrame,
    service_principals: DataFrame,
    management_role_assignments: DataFrame,
    role_group_members: DataFrame,
) -> DataFrame:
    ids = exchange_service_principals["object_id"].str.lower()
    found = exchange_service_principals[exchange_service_principals["principal"] < 0]
    assigned = management_role_assignments["assignee"].str.lower().dropna()
    members = role_group_members["member"].str.lower()
    holds = ids[found.index].isin({*assigned, *members})
    return found.assign(
        title=found["name"].fillna("a service principal without a name"),
        severity=Series("low", index=found.index).mask(holds, "medium"),
        rights=Series("nothing is assigned to it", index=found.index).mask(
            holds, "roles or role groups are still assigned to it"
        ),
    )
