"""Applications with full access to mailboxes through Exchange Web Services.

## What it does
Looks at every application permission that is held by an application or managed identity that is not
Microsoft's. full_access_as_app on Office 365 Exchange Online fails: critical when it reaches every
mailbox, medium when an application access policy limits it to listed ones, high when it is not told
whether one does. A permission with that id on an API that is not told is unknown.

## Why it matters
It reads, changes, sends and deletes in any mailbox, the chief executive's included, without a user
and without a trace in the mailbox owner's sign-ins. Exchange Web Services are being retired: what
still uses them is old.

## How to fix
Move the application to Microsoft Graph, with only the permission it needs, limited to its mailboxes
by RBAC for Applications. Until then assign "Application EWS.AccessAsApp" with a management scope
and remove the permission.
Portal: Entra admin center > Enterprise apps > the application > Permissions.
Graph PowerShell: Remove-MgServicePrincipalAppRoleAssignment -ServicePrincipalId ID
-AppRoleAssignmentId ASSIGNMENT.
Azure CLI: az rest --method DELETE --url
https://graph.microsoft.com/v1.0/servicePrincipals/ID/appRoleAssignments/ASSIGNMENT.

## When it is fine
A mailbox migration or a backup of every mailbox, while it runs. Accept it with an end date.

## References
- https://learn.microsoft.com/exchange/client-developer/exchange-web-services/how-to-authenticate-an-ews-application-by-using-oauth
- https://learn.microsoft.com/exchange/permissions-exo/application-rbac
- https://learn.microsoft.com/graph/auth-limit-mailbox-access

Catalogue: EXO-005
"""

from __future__ import annotations

from pandas import DataFrame, Series

from auditor.rule import mitre, nist_800_53, rule
from auditor.tables.access_policy import Reach

from .._shared import not_microsoft
from ._mailbox import FULL_ACCESS, among, reached

_SEVERITY = {
    Reach.EVERY: "critical",
    Reach.ALL_BUT: "critical",
    Reach.LISTED: "medium",
    Reach.UNKNOWN: "high",
}


@rule(
    id="ews-full-access",
    severity="critical",
    about="grants",
    where=not_microsoft,
    detail=("access_policies",),
    message="{name} has full access to mailboxes by EWS ({held}): {reach}.",
    fix="Remove-MgServicePrincipalAppRoleAssignment -ServicePrincipalId {client_id} "
    "-AppRoleAssignmentId {id}",
    evidence=("resource_name", "permission_id", "created", "scopes"),
    controls=(nist_800_53("AC-6(5)"), mitre("T1114.002")),
)
def ews_full_access(grants: DataFrame, access_policies: DataFrame) -> DataFrame:
    full = among(grants, frozenset({FULL_ACCESS}))
    untold = full[full.isna()].index
    found = reached(grants[full.fillna(True)], access_policies)
    return found.assign(
        severity=found["reach"].map(_SEVERITY),
        unknown=Series(None, index=found.index, dtype=object).mask(
            found.index.isin(untold), "which API the permission is of is not told"
        ),
    )
