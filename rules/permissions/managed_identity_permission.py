"""Managed identities with strong application permissions.

## What it does
Looks at managed identities. One fails when it holds an application permission of tier 0 (high) or
tier 1 (medium), whether the rating was tested or rests on a model. A permission of Microsoft's that
nobody rates makes it unknown, if nothing else fails. Single permissions with a tested path are also
found by path-to-global-administrator; what this adds is what else reaches them: the Azure resource.

## Why it matters
A managed identity has no secret to steal. But whoever may run code on the virtual machine, function
or pipeline it belongs to gets its token: a Contributor in Azure becomes what the identity is, and
no directory role of that person shows it.

## How to fix
Grant narrower permissions; move the job to an identity of its own, on a resource in a subscription
that only administrators of that tier can change.
Portal: Entra admin center > Enterprise apps > Application type: Managed Identities > Permissions.
Graph PowerShell: Get-MgServicePrincipalAppRoleAssignment -ServicePrincipalId ID, then
Remove-MgServicePrincipalAppRoleAssignment -ServicePrincipalId ID -AppRoleAssignmentId ASSIGNMENT.
Azure CLI: az rest --method DELETE --url
https://graph.microsoft.com/v1.0/servicePrincipals/ID/appRoleAssignments/ASSIGNMENT.

## When it is fine
Where the resource, its resource group and its subscription are administered by the same few people
as the directory. Accept it with their names.

## References
- https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/overview
- https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/managed-identity-best-practice-recommendations

Catalogue: PERM-013
"""

from __future__ import annotations

from pandas import DataFrame, Series

from auditor.rule import iso_27001, mitre, nist_800_53, rule

from ._held import application_permissions, with_held


def _managed(principals: DataFrame) -> Series:
    return principals["managed_identity"]


@rule(
    id="managed-identity-permission",
    severity="high",
    about="service_principals",
    where=_managed,
    passes_without=("grants",),
    message="The managed identity {name} holds tier {tier} permissions: {held}.",
    fix="Remove-MgServicePrincipalAppRoleAssignment -ServicePrincipalId {id}"
    " -AppRoleAssignmentId {assignment}",
    controls=(nist_800_53("AC-6"), iso_27001("A.8.2"), mitre("T1098.003")),
)
def managed_identity_permission(service_principals: DataFrame, grants: DataFrame) -> DataFrame:
    found = with_held(service_principals, application_permissions(grants))
    return found.assign(severity=found["tier"].map({0: "high", 1: "medium"}))
