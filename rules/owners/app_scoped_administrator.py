"""Administrators of a single application, by a role at its scope.

## What it does
Looks at every active directory role assignment. One fails when its scope is an app registration or
a service principal of this tenant: critical where that application is tier 0, high where it is
tier 1 or holds what nobody rates, else medium. Assignments over the whole directory, on an
administrative unit or on another object pass. An assignment whose scope is not told is unknown.

## Why it matters
A role on one application, such as Application Administrator at its scope, lets its holder add a
credential and sign in as it: the same as being its owner. But nobody sees it in the list of owners,
nor among the administrators of the directory.

## How to fix
Remove the assignment, and name the accountable person in serviceManagementReference.
Portal: Entra admin center > App registrations > the application > Roles and administrators.
Graph PowerShell: Remove-MgRoleManagementDirectoryRoleAssignment -UnifiedRoleAssignmentId ASSIGNMENT.
Azure CLI: az rest --method DELETE --url
https://graph.microsoft.com/v1.0/roleManagement/directory/roleAssignments/ASSIGNMENT.

## When it is fine
A custom role at one application that cannot change credentials, or an application without privilege
that a team keeps. It is narrower than the same role over the directory. Accept it with an end date.

## References
- https://learn.microsoft.com/entra/identity/role-based-access-control/custom-enterprise-apps
- https://learn.microsoft.com/entra/identity/role-based-access-control/manage-roles-portal
- https://learn.microsoft.com/graph/api/resources/unifiedroleassignment
Catalogue: OWN-009
"""

from __future__ import annotations

from pandas import DataFrame, Series

from auditor.rule import iso_27001, mitre, nist_800_53, rule

from ._standing import rank, with_privilege


@rule(
    id="app-scoped-administrator",
    severity="high",
    about="role_assignments",
    needs=("scope",),
    passes_without=("applications", "service_principals"),
    detail=("privileged_principals",),
    message="{holder} has the role {role_name} on {title}, which {can}, and can become it.",
    fix="Remove-MgRoleManagementDirectoryRoleAssignment -UnifiedRoleAssignmentId {id}",
    evidence=("principal_type", "template_id", "tier_of_application", "reasons"),
    controls=(nist_800_53("AC-6"), iso_27001("A.8.2"), mitre("T1098.001")),
)
def app_scoped_administrator(
    role_assignments: DataFrame,
    applications: DataFrame,
    service_principals: DataFrame,
    privileged_principals: DataFrame,
) -> DataFrame:
    at = role_assignments["scope"].str.removeprefix("/").str.lower()
    # Few assignments have a scope of their own; only these are looked up.
    single = role_assignments[(at != "") & ~at.str.contains("/", regex=False)]
    at = at[single.index]
    by_app = Series(applications.index, index=applications["id"].str.lower())
    by_principal = Series(service_principals.index, index=service_principals["id"].str.lower())
    app = at.map(by_app).astype("Int64")
    of_app = app.map(applications["principal"])
    principal = at.map(by_principal).astype("Int64").fillna(of_app.astype("Int64"))
    names = app.map(applications["name"]).fillna(principal.map(service_principals["name"]))
    hit = app.notna() | at.isin(by_principal.index)
    found = single[hit]
    owned = with_privilege(
        DataFrame({"principal": principal[hit].fillna(-1).astype("int64")}), privileged_principals
    )
    ranks = rank(owned)
    return found.assign(
        holder=found["principal_name"].fillna(found["principal_id"]),
        role_name=found["role"].fillna(found["role_id"]),
        title=names[hit].fillna(at[hit]),
        can=ranks["can"],
        tier_of_application=owned["tier"],
        reasons=owned["reasons"],
        severity=ranks["severity"],
    )
