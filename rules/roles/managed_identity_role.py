"""Managed identities that hold a privileged directory role.

## What it does
Looks at every active directory role of a managed identity, held itself or through a group, at any
scope. Tier 0 and tier 1 roles fail, with high; Global Reader and Security Reader with medium. Tier 2
passes. A custom role and one that nobody rates is unknown.

## Why it matters
A managed identity has no secret to lose, but it is whoever controls its Azure resource. A
Contributor of that virtual machine or function, a pipeline that deploys to it, and anybody who runs
code on it gets the role's token from the local endpoint. So Azure permissions that look small turn
into directory administration, and Conditional Access does not apply to managed identities.

## How to fix
Replace the role by the one Graph application permission the job needs, or by the same role on an
administrative unit. Where the role has to stay, move the job to a resource and a subscription that
only administrators of that tier control.
Portal: Entra admin center > Roles & admins > the role > Assignments.
Graph PowerShell: Remove-MgRoleManagementDirectoryRoleAssignment -UnifiedRoleAssignmentId ID.
Azure CLI: az role assignment list --scope RESOURCE --include-inherited tells who controls the
resource.

## When it is fine
When the resource is in a subscription of its own and everybody with write access to it, management
groups included, has the same role anyway. Accept it with the subscription's name.

## References
- https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/overview
- https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/managed-identity-best-practice-recommendations
- https://learn.microsoft.com/entra/identity/conditional-access/workload-identity

Catalogue: ROLE-007
"""

from __future__ import annotations

from pandas import DataFrame, Series

from auditor.rule import iso_27001, mitre, nist_800_53, rule

from ._remedies import LOWEST, READERS, of_managed_identities, told


@rule(
    id="managed-identity-role",
    severity="high",
    about="workload_roles",
    where=of_managed_identities,
    needs=("tier",),
    message="The managed identity {name} holds the directory role {role} over {reach}, {through}; "
    "who controls its Azure resource has that role.",
    evidence=("path", "template_id", "scope", "group_id"),
    controls=(
        nist_800_53("AC-6"),
        iso_27001("A.8.2"),
        mitre("T1098.003"),
    ),
)
def managed_identity_role(workload_roles: DataFrame) -> DataFrame:
    held = workload_roles[workload_roles["tier"] <= LOWEST]
    reads = (held["tier"] > 0) & held["template_id"].str.lower().isin(READERS)
    return told(held).assign(severity=Series("high", index=held.index).mask(reads, "medium"))
