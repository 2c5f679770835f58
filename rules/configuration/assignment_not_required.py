"""Applications that everybody in the tenant may use.

## What it does
Looks at the tenant's own and foreign applications that people or other applications sign in to:
those with a reply URL, single sign-on or application roles. One fails when assignment is not
required (appRoleAssignmentRequired is false). Daemons have none of these, so there is nobody to
assign to them, and they are left out; so are managed identities and Microsoft's applications.

## Why it matters
Every account of the tenant, guests included, gets a token for such an application, and every
application registered here gets one for its API. Then only the application's own code stands
between an ordinary account and its data.

## How to fix
Assign the groups that need it, then require assignment. In the other order, those who use it now
are locked out.
Portal: Entra admin center > Enterprise apps > the application > Users and groups, then
Properties > Assignment required?
Graph PowerShell: Update-MgServicePrincipal -ServicePrincipalId ID -AppRoleAssignmentRequired.
Azure CLI: az ad sp update --id ID --set appRoleAssignmentRequired=true.

## When it is fine
An application meant for everybody, such as the canteen's menu, and one that checks the roles or
groups in each token itself.

## References
Catalogue: CFG-010
- https://learn.microsoft.com/entra/identity/enterprise-apps/application-properties
- https://learn.microsoft.com/entra/identity/enterprise-apps/what-is-access-management
- https://learn.microsoft.com/graph/api/resources/serviceprincipal
"""

from __future__ import annotations

from pandas import DataFrame, Series

from auditor.rule import nist_800_53, rule

from .._shared import not_microsoft


def _signed_in_to(service_principals: DataFrame) -> Series:
    workload = ~service_principals["managed_identity"]
    return not_microsoft(service_principals) & workload & service_principals["sign_in"]


@rule(
    id="assignment-not-required",
    severity="medium",
    about="service_principals",
    where=_signed_in_to,
    needs=("assignment_required",),
    message="Everybody in the tenant may use {name}: assignment is not required.",
    fix="Update-MgServicePrincipal -ServicePrincipalId {id} -AppRoleAssignmentRequired",
    evidence=("publisher", "enabled"),
    controls=(nist_800_53("AC-3"),),
)
def assignment_not_required(service_principals: DataFrame) -> DataFrame:
    return service_principals[~service_principals["assignment_required"].astype(bool)]
