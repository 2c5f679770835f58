"""Other organizations' applications with strong application permissions.

## What it does
Looks at service principals whose registration belongs to another tenant that is not Microsoft's.
One fails when it holds an application permission of tier 0 (critical) or tier 1 (high), whether the
rating was tested or rests on a model. One finding tells all of them: what this adds to the rules
about single permissions is who holds them. A permission of Microsoft's that nobody rates makes the
application unknown, if nothing else fails. Permissions on other publishers' APIs are not rated.

## Why it matters
The credentials of such an application are kept by its publisher: you cannot rotate them, see where
they lie, or protect them with your policies. A break-in there is a break-in here, with these
permissions and without any user of yours.

## How to fix
Ask the publisher which permissions the contract needs, grant narrower ones, and remove the rest.
If nobody uses the application, delete its service principal.
Portal: Entra admin center > Enterprise apps > the application > Permissions > Review permissions.
Graph PowerShell: Get-MgServicePrincipalAppRoleAssignment -ServicePrincipalId ID, then
Remove-MgServicePrincipalAppRoleAssignment -ServicePrincipalId ID -AppRoleAssignmentId ASSIGNMENT.
Azure CLI: az ad sp delete --id ID removes it altogether.

## When it is fine
Backup, security and management services under contract. Accept each with the contract's owner and
its end, and limit from where it may sign in (Conditional Access for workload identities covers only
your own applications; ask the publisher for its addresses and watch the sign-ins).

## References
- https://learn.microsoft.com/entra/identity/enterprise-apps/manage-application-permissions
- https://learn.microsoft.com/graph/permissions-reference
- https://attack.mitre.org/techniques/T1199/

Catalogue: PERM-004
"""

from __future__ import annotations

from pandas import DataFrame, Series

from auditor.rule import iso_27001, mitre, nist_800_53, rule

from ._held import application_permissions, with_held


def _foreign(principals: DataFrame) -> Series:
    return principals["publisher"].astype("string") == "foreign"


@rule(
    id="foreign-app-permission",
    severity="critical",
    about="service_principals",
    where=_foreign,
    passes_without=("grants",),
    message="{name}, an application of tenant {owner_tenant}, holds tier {tier} permissions: {held}.",
    fix="Remove-MgServicePrincipalAppRoleAssignment -ServicePrincipalId {id}"
    " -AppRoleAssignmentId {assignment}",
    evidence=("owner_tenant", "verified", "enabled"),
    controls=(
        nist_800_53("AC-20"),
        iso_27001("A.5.19"),
        iso_27001("A.5.21"),
        mitre("T1199"),
    ),
)
def foreign_app_permission(service_principals: DataFrame, grants: DataFrame) -> DataFrame:
    found = with_held(service_principals, application_permissions(grants))
    return found.assign(severity=found["tier"].map({0: "critical", 1: "high"}))
