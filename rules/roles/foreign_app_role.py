"""Applications of other organizations that hold a privileged directory role.

## What it does
Looks at every active directory role that an application registered in another tenant holds here,
itself or through a group, at any scope. Tier 0 and tier 1 roles are critical, Global Reader and
Security Reader high. Tier 2 passes. A custom role and one that nobody rates is unknown. Microsoft's
own applications, whatever tenant of theirs they come from, are left out.

## Why it matters
The credentials of such an application are not yours. Its maker, and whoever breaks into its maker,
signs in here with that role; you can neither rotate its keys nor see who has them, and Conditional
Access for workload identities does not apply to it.

## How to fix
Ask the maker which Graph permissions the product needs instead of a role: most have a version
without. Then remove the assignment, or the member from the group. If the product is no longer used,
delete its enterprise application.
Portal: Entra admin center > Roles & admins > the role > Assignments.
Graph PowerShell: Remove-MgRoleManagementDirectoryRoleAssignment -UnifiedRoleAssignmentId ID.
Azure CLI: az rest --method delete
--url https://graph.microsoft.com/v1.0/roleManagement/directory/roleAssignments/ID

## When it is fine
A backup or security product that a contract covers and that works with a role only. Accept the
finding until the contract ends, and watch the application's sign-ins.

## References
- https://learn.microsoft.com/entra/identity/role-based-access-control/best-practices
- https://learn.microsoft.com/entra/identity-platform/single-and-multi-tenant-apps
- https://attack.mitre.org/techniques/T1199/

Catalogue: ROLE-003
"""

from __future__ import annotations

from pandas import DataFrame, Series

from auditor.rule import iso_27001, mitre, nist_800_53, rule

from ._remedies import LOWEST, READERS, of_strangers, told


@rule(
    id="foreign-app-role",
    severity="critical",
    about="workload_roles",
    where=of_strangers,
    needs=("tier",),
    message="{name}, an application of another organization, holds the directory role {role} "
    "over {reach}, {through}.",
    evidence=("path", "template_id", "scope", "group_id"),
    controls=(
        nist_800_53("AC-20"),
        iso_27001("A.5.19"),
        mitre("T1199"),
    ),
)
def foreign_app_role(workload_roles: DataFrame) -> DataFrame:
    held = workload_roles[workload_roles["tier"] <= LOWEST]
    reads = (held["tier"] > 0) & held["template_id"].str.lower().isin(READERS)
    return told(held).assign(severity=Series("critical", index=held.index).mask(reads, "high"))
