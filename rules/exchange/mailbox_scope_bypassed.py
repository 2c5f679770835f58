"""Scoped roles of RBAC for Applications beside a permission that reaches every mailbox.

## What it does
Looks at assignments of RBAC for Applications roles ("Application Mail.Read" and the like) that are
limited to a scope. One fails when the same application holds a permission of Microsoft Graph or
Office 365 Exchange Online for the same data, full_access_as_app included, that no access policy
limits. An assignment whose application was not told, or whose access policies were not told in
full, is unknown.

## Why it matters
Rights of Entra and of Exchange add up; neither narrows the other. The scope looks like a limit, is
reported as one, and binds nothing: the application reads every mailbox by its permission.

## How to fix
Remove the permission in Entra. The scoped role goes on working without it; changes take up to two
hours to take effect.
Portal: Entra admin center > Enterprise apps > the application > Permissions > Review permissions.
Graph PowerShell: Remove-MgServicePrincipalAppRoleAssignment -ServicePrincipalId ID
-AppRoleAssignmentId ASSIGNMENT.
Exchange Online PowerShell, to see both: Test-ServicePrincipalAuthorization -Identity ID
-Resource MAILBOX shows what Exchange gives, and nothing of what Entra gives.

## When it is fine
For the hours of a move from one to the other.

## References
- https://learn.microsoft.com/exchange/permissions-exo/application-rbac
- https://learn.microsoft.com/powershell/module/exchange/test-serviceprincipalauthorization

Catalogue: EXO-008
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pandas import DataFrame, Series

from auditor.rule import mitre, nist_800_53, rule
from auditor.tables.access_policy import Reach

from ._groups import saying
from ._mailbox import Held, application_role, covers, held_by, parts

_SEE = (
    "Get-MgServicePrincipalAppRoleAssignment -ServicePrincipalId {assignee} -All; "
    "Remove-MgServicePrincipalAppRoleAssignment -ServicePrincipalId {assignee} "
    "-AppRoleAssignmentId ASSIGNMENT"
)


def _scoped(management_role_assignments: DataFrame) -> Series:
    limited = (
        management_role_assignments["scope"].notna()
        | management_role_assignments["scope_kind"].notna()
    )
    return application_role(management_role_assignments) & limited


@rule(
    id="mailbox-scope-bypassed",
    severity="high",
    about="management_role_assignments",
    where=_scoped,
    passes_without=("grants",),
    fails_without=("access_policies",),
    message="{holder} has {role} only for {limit}, and reaches every mailbox by {wide}.",
    fix=_SEE,
    evidence=("scope_kind", "assignee_type", "wide"),
    controls=(nist_800_53("AC-6"), mitre("T1114.002")),
)
def mailbox_scope_bypassed(
    management_role_assignments: DataFrame, grants: DataFrame, access_policies: DataFrame
) -> DataFrame:
    held = held_by(grants, access_policies)
    told = management_role_assignments[["role", "principal"]]
    found = saying(
        management_role_assignments,
        {
            row: _verdict(role, held.get(principal, ()), principal)
            for row, role, principal in zip(
                told.index, told["role"], told["principal"], strict=True
            )
        },
    )
    return found.assign(
        holder=found["assignee"].fillna("an application that is not named"),
        limit=found["scope"].fillna(found["scope_kind"]),
    )


def _verdict(role: str, held: Sequence[Held], principal: int) -> dict[str, Any] | None:
    if principal < 0:
        return {"unknown": "whose assignment it is could not be told"}
    same = [
        each
        for each in held
        if each.resource and any(covers(each.name, part) for part in parts(role))
    ]
    wide = [each for each in same if each.wide]
    if wide:
        return {
            "wide": ", ".join(sorted({f"{each.resource} {each.name}" for each in wide})),
            "proof_pages": tuple(sorted({each.page for each in wide})),
        }
    if any(not each.resource for each in held):
        return {"unknown": "which API a permission of its application is of is not told"}
    if any(each.reach is Reach.UNKNOWN for each in same):
        return {"unknown": "whether access policies limit its permissions is not told"}
    return None
