"""Disabled applications that keep their privileges.

## What it does
Looks at service principals with a tier 0 or tier 1 permission or directory role, managed identities
included. One fails when its account is disabled: high for tier 0, else medium. Where that is not
told it is unknown. Microsoft's own service principals are left out.

## Why it matters
Disabling stops sign-ins and takes nothing away. Whoever may edit applications enables it again with
one setting, and every permission and role is back without any new consent.

## How to fix
Remove the roles and permissions, or delete the application if nobody missed it.
Portal: Entra admin center > Enterprise apps > the application > Permissions > Revoke; Roles &
admins for its roles.
Graph PowerShell: Get-MgServicePrincipalAppRoleAssignment -ServicePrincipalId ID, then
Remove-MgServicePrincipalAppRoleAssignment -ServicePrincipalId ID -AppRoleAssignmentId ASSIGNMENT.
Azure CLI: az ad sp delete --id ID.

## When it is fine
For the weeks in which one waits whether somebody misses it. Accept it until then.

## References
- https://learn.microsoft.com/entra/identity/enterprise-apps/disable-user-sign-in-portal
- https://learn.microsoft.com/graph/api/serviceprincipal-delete-approleassignments
Catalogue: ACT-003
"""

from __future__ import annotations

from pandas import DataFrame, Series

from auditor.rule import iso_27001, nist_800_53, rule, soc2

from .._shared import not_microsoft


@rule(
    id="disabled-application-privilege",
    severity="medium",
    about="privileged_principals",
    where=not_microsoft,
    needs=("enabled",),
    message="{name} is disabled and keeps {held}.",
    fix="Get-MgServicePrincipalAppRoleAssignment -ServicePrincipalId {id}",
    evidence=("tier", "reasons", "managed_identity"),
    controls=(nist_800_53("AC-2"), iso_27001("A.5.18"), soc2("CC6.2")),
)
def disabled_application_privilege(privileged_principals: DataFrame) -> DataFrame:
    found = privileged_principals[~privileged_principals["enabled"].astype(bool)]
    zero = (found["tier"] == 0).fillna(False).astype(bool)
    return found.assign(
        held=found["reasons"].str.join(", ").fillna("its privileges"),
        severity=Series("medium", index=found.index).mask(zero, "high"),
    )
