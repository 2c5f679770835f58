"""Application permissions on APIs that Microsoft retired.

## What it does
Looks at application permissions by API and permission id. One fails when it is on Azure AD Graph
(any permission), or is full_access_as_app, which opens Exchange Web Services. retired-api-consent
does the same for delegated permissions. Microsoft's own service principals are left out.

## Why it matters
What still needs such a permission stops working, and what does not need it keeps rights that nobody
looks after: Azure AD Graph was switched off in 2025; Exchange Online blocks Exchange Web Services
from October 2026 where no list of allowed applications is set, and for good in April 2027. The
permission outlives the API in the tenant, and shows who has not moved.

## How to fix
Ask the owner for the move to Microsoft Graph, grant there what is needed, then remove this one.
Portal: Entra admin center > Enterprise apps > the application > Permissions; take it off the list
of the registration too (App registrations > API permissions).
Graph PowerShell: Remove-MgServicePrincipalAppRoleAssignment -ServicePrincipalId ID
-AppRoleAssignmentId ASSIGNMENT. Azure CLI: az ad app permission delete --id APP --api API.

## When it is fine
Exchange Web Services, until the publisher of a product has moved. Accept it with that date.

## References
- https://learn.microsoft.com/graph/migrate-azure-ad-graph-overview
- https://learn.microsoft.com/exchange/clients-and-mobile-in-exchange-online/deprecation-of-ews-exchange-online

Catalogue: PERM-010
"""

from __future__ import annotations

from pandas import DataFrame, Series

from auditor.rule import nist_800_53, rule

from .._shared import not_microsoft
from ._match import NO_PERMISSION
from ._retired import retired_api


def _permissions(grants: DataFrame) -> Series:
    return not_microsoft(grants) & (grants["permission_id"] != NO_PERMISSION)


@rule(
    id="retired-api-permission",
    severity="medium",
    about="grants",
    where=_permissions,
    needs=("resource_app_id",),
    message="{name} holds {held} of a retired API: {api}.",
    fix="Remove-MgServicePrincipalAppRoleAssignment -ServicePrincipalId {client_id}"
    " -AppRoleAssignmentId {id}",
    evidence=("tier", "created", "publisher"),
    controls=(nist_800_53("CM-7"), nist_800_53("SA-22")),
)
def retired_api_permission(grants: DataFrame) -> DataFrame:
    api = retired_api(grants)
    held = grants["permission"].fillna(grants["permission_id"])
    return grants.assign(held=held, api=api)[api.notna()]
