"""Workload identities that hold a privileged directory role.

## What it does
Looks at every active directory role that an application or managed identity holds, itself or
through a group, at any scope. Tier 0 roles with a tested path to Global Administrator are critical,
tier 0 roles whose path nobody tested are high. Tier 1 roles are high, and medium for
Global Reader and Security Reader. Tier 2 passes. Custom roles and roles that nobody rates are
unknown: read what they allow. Microsoft's own service principals are left out.

## Why it matters
A workload identity signs in without a person, without multifactor authentication and from
anywhere. Whoever gets one of its credentials has the role, at once and around the clock. A role
that comes through a group is easily overlooked: nothing on the application shows it.

## How to fix
Give the application the one permission it needs instead of a role, or a narrower role, or the same
role on an administrative unit. Then remove the assignment, or the member from the group.
Portal: Entra admin center > Roles & admins > the role > Assignments.
Graph PowerShell: Get-MgRoleManagementDirectoryRoleAssignment -Filter "principalId eq 'ID'", then
Remove-MgRoleManagementDirectoryRoleAssignment -UnifiedRoleAssignmentId ASSIGNMENT.

## When it is fine
A few products can only work with a role, such as a backup tool that is a Global Reader. Accept that
finding with an owner and an end date, and let the application sign in without a secret.

## References
- https://learn.microsoft.com/entra/identity/role-based-access-control/best-practices
- https://learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference
- https://learn.microsoft.com/entra/identity/role-based-access-control/groups-concept

Catalogue: ROLE-001, ROLE-002
"""

from __future__ import annotations

from pandas import DataFrame, Series

from auditor.rule import iso_27001, mitre, nist_800_53, pci_dss, rule, soc2

from .._shared import not_microsoft
from ._remedies import LOWEST, READERS, told


@rule(
    id="privileged-role",
    severity="high",
    about="workload_roles",
    where=not_microsoft,
    needs=("tier",),
    message="{name} holds the directory role {role} over {reach}, {through}.",
    evidence=("path", "template_id", "scope", "group_id", "managed_identity"),
    controls=(
        nist_800_53("AC-6(5)"),
        iso_27001("A.8.2"),
        soc2("CC6.3"),
        pci_dss("7.2.5"),
        mitre("T1098.003"),
    ),
)
def privileged_role(workload_roles: DataFrame) -> DataFrame:
    held = workload_roles[workload_roles["tier"] <= LOWEST]
    tested = (held["tier"] == 0) & (held["path"] != "not-proven")
    reads = (held["tier"] > 0) & held["template_id"].str.lower().isin(READERS)
    severity = Series("high", index=held.index).mask(tested, "critical").mask(reads, "medium")
    return told(held).assign(severity=severity)
