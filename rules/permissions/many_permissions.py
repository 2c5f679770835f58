"""Applications with more application permissions than one task needs.

## What it does
Counts the application permissions of every service principal that is not Microsoft's: those of tier
0 and 1, and those on Microsoft's APIs that nobody rates. More than `max_permissions` (10) fail.
`every_tier` counts those of tier 2 as well, which read little. Permissions on your own and other
publishers' APIs count only if your overlay rates them.

## Why it matters
An application that grew over years holds what each of its jobs once needed. One stolen credential
opens all of it, and nobody can tell any more which permission could go.

## How to fix
Split the application by job, so that each has its own registration and few permissions. Look into
the activity log of Microsoft Graph for the calls it makes, and remove what none of them needs.
Portal: Entra admin center > Enterprise apps > the application > Permissions.
Graph PowerShell: Get-MgServicePrincipalAppRoleAssignment -ServicePrincipalId ID, then
Remove-MgServicePrincipalAppRoleAssignment -ServicePrincipalId ID -AppRoleAssignmentId ASSIGNMENT.
Azure CLI: az rest --url
https://graph.microsoft.com/v1.0/servicePrincipals/ID/appRoleAssignments lists them.

## When it is fine
A tool that audits or configures the whole tenant. Accept it, or raise the number.

## References
- https://learn.microsoft.com/entra/identity-platform/secure-least-privileged-access
- https://learn.microsoft.com/graph/microsoft-graph-activity-logs-overview

Catalogue: PERM-005 (max_permissions)
"""

from __future__ import annotations

from pandas import DataFrame, Series

from auditor.rule import iso_27001, nist_800_53, rule

from .._shared import not_microsoft
from ._held import application_permissions, with_held

_EVERY = 2  # the highest tier number there is


@rule(
    id="many-permissions",
    severity="medium",
    about="service_principals",
    where=not_microsoft,
    passes_without=("grants",),
    message="{name} holds {count} application permissions; the limit is {max_permissions}: {held}.",
    fix="Remove-MgServicePrincipalAppRoleAssignment -ServicePrincipalId {id}"
    " -AppRoleAssignmentId {assignment}",
    evidence=("publisher", "managed_identity"),
    controls=(nist_800_53("AC-6"), iso_27001("A.5.18")),
)
def many_permissions(
    service_principals: DataFrame,
    grants: DataFrame,
    *,
    max_permissions: int = 10,
    every_tier: bool = False,
) -> DataFrame:
    weighed = application_permissions(grants, up_to=_EVERY if every_tier else 1)
    found = with_held(service_principals, weighed)
    rows = found.index.to_series()
    rated = weighed.strong["client"].value_counts().reindex(rows).fillna(0)
    open_ = weighed.doubtful["client"].value_counts().reindex(rows).fillna(0)
    # What is not rated counts; where the API itself was not told, it may be nobody's but one's own.
    told = weighed.doubtful[weighed.doubtful["resource_publisher"].notna()]
    count = rated + told["client"].value_counts().reindex(rows).fillna(0)
    over = (count > max_permissions).to_numpy()
    perhaps = (rated + open_ > max_permissions).to_numpy()
    cause = "permissions on an API that could not be told may be too many"
    return found.assign(
        count=Series(count.astype(int).to_numpy(), index=rows.index),
        unknown=Series(None, index=rows.index, dtype=object).mask(~over, cause),
    )[over | perhaps]
