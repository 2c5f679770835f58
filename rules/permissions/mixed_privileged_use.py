"""Applications with strong permissions both of their own and on behalf of users.

## What it does
Looks at service principals that are not Microsoft's. One fails when it holds an application
permission of tier 0 or 1 and also a delegated permission of tier 0 or 1, consented to by whomever;
scopes to sign in with do not count. Where one half holds and the other rests on a permission that
nobody rates, it is unknown.

## Why it matters
Two kinds of use share one credential and one name. What users are shown at consent is less than the
application can do, the log of its sign-ins mixes both, and a flaw in the part with a user interface
(a redirect address, a leaked token) is a flaw in the part that runs without users.

## How to fix
Register the service apart from the user interface, move the application permissions to it, remove
them here.
Portal: Entra admin center > App registrations > New registration; then Enterprise apps > the
application > Permissions.
Graph PowerShell: Remove-MgServicePrincipalAppRoleAssignment -ServicePrincipalId ID
-AppRoleAssignmentId ASSIGNMENT. Azure CLI: az ad app permission delete --id APP --api API.

## When it is fine
Products of others that are built so. For your own, a small application whose two halves are run by
the same people.

## References
- https://learn.microsoft.com/entra/identity-platform/permissions-consent-overview
- https://learn.microsoft.com/entra/identity-platform/secure-least-privileged-access

Catalogue: PERM-026
"""

from __future__ import annotations

from pandas import DataFrame, Series

from auditor.rule import nist_800_53, rule

from .._shared import beside, gathered, not_microsoft
from ._held import NOT_JUDGED, application_permissions, delegated_permissions, with_held


@rule(
    id="mixed-privileged-use",
    severity="low",
    about="service_principals",
    where=not_microsoft,
    passes_without=("grants", "delegated_grants"),
    message="{name} works without users ({held}) and on behalf of users ({delegated}).",
    fix="Remove-MgServicePrincipalAppRoleAssignment -ServicePrincipalId {id}"
    " -AppRoleAssignmentId {assignment}",
    evidence=("publisher",),
    controls=(nist_800_53("AC-6"),),
)
def mixed_privileged_use(
    service_principals: DataFrame, grants: DataFrame, delegated_grants: DataFrame
) -> DataFrame:
    found = with_held(service_principals, application_permissions(grants))
    strong, doubtful = delegated_permissions(delegated_grants)
    rows = found.index.to_series()
    sure, perhaps = rows.isin(strong["client"]), rows.isin(doubtful["client"])
    pages = beside(rows, gathered(strong["client"], strong["page"].astype("str")))
    both = [
        tuple(dict.fromkeys((*a, *b))) for a, b in zip(found["proof_pages"], pages, strict=True)
    ]
    return found.assign(
        delegated=beside(rows, gathered(strong["client"], strong["scope"])),
        proof_pages=Series(both, index=rows.index, dtype=object),
        unknown=found["unknown"].mask(~sure, NOT_JUDGED),
    )[sure | perhaps]
