"""Application permissions of Microsoft's that nobody rates.

## What it does
Looks at application permissions on Microsoft's APIs, held by applications and managed identities
that are not Microsoft's. One fails when neither this version's knowledge nor your ratings overlay
says how far it reaches. Permissions on your own and other publishers' APIs are left out, unless
your overlay rates any. Every other rule calls such a permission unknown; this one says which it is.

## Why it matters
Microsoft adds permissions all the time. A new one may be as strong as any, and a check that only
knows a list of bad ones would let it pass in silence.

## How to fix
Read in the permissions reference what it allows. If nobody needs it, remove it; if it stays, rate
it in an overlay (docs/knowledge.md tells how) and the other rules judge it from then on.
Portal: Entra admin center > Enterprise apps > the application > Permissions.
Graph PowerShell: Remove-MgServicePrincipalAppRoleAssignment -ServicePrincipalId ID
-AppRoleAssignmentId ASSIGNMENT. Azure CLI: az ad sp show --id API --query appRoles tells what the
API says of it.

## When it is fine
Never for long: rate it. A newer version of the auditor may know it already.

## References
- https://learn.microsoft.com/graph/permissions-reference
- https://learn.microsoft.com/graph/whats-new-overview

Catalogue: PERM-008
"""

from __future__ import annotations

from pandas import DataFrame, Series

from auditor.rule import iso_27001, nist_800_53, rule

from .._shared import not_microsoft
from ._held import microsofts_api
from ._match import NO_PERMISSION


def _permissions(grants: DataFrame) -> Series:
    judged = microsofts_api(grants) & (grants["permission_id"] != NO_PERMISSION)
    return not_microsoft(grants) & judged


@rule(
    id="unrated-permission",
    severity="medium",
    about="grants",
    where=_permissions,
    needs=("resource_app_id",),
    message="{name} holds {held} on {resource_name}, a permission that nobody rates.",
    fix="Remove-MgServicePrincipalAppRoleAssignment -ServicePrincipalId {client_id}"
    " -AppRoleAssignmentId {id}",
    evidence=("created", "publisher", "managed_identity"),
    controls=(nist_800_53("CM-3"), iso_27001("A.5.18")),
)
def unrated_permission(grants: DataFrame) -> DataFrame:
    held = grants["permission"].fillna(grants["permission_id"])
    return grants.assign(held=held)[grants["tier"].isna()]
