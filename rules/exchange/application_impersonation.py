"""Assignments of the retired role ApplicationImpersonation.

## What it does
Looks at management role assignments that are in force. One fails when its role is
ApplicationImpersonation, or a custom role made from it, whoever holds it: an application, a user or
a role group. A role that Exchange's list of roles does not have is unknown.

## Why it matters
The role let its holder act as any mailbox through Exchange Web Services. Microsoft retired it early
in 2025 and it opens nothing now. What is left shows which accounts were trusted with every mailbox:
they often hold other rights, old passwords, and were moved to a tenant-wide permission in a hurry.

## How to fix
See what else the holder has, then remove the assignment. What still needs mailboxes gets a role of
RBAC for Applications with a scope.
Exchange Online PowerShell: Get-ManagementRoleAssignment -Role ApplicationImpersonation;
Remove-ManagementRoleAssignment -Identity ASSIGNMENT. Portal: Exchange admin center > Roles > Admin
roles.

## When it is fine
A role group that Microsoft fills and keeps the role in by default: accept it.

## References
- https://learn.microsoft.com/exchange/client-developer/exchange-web-services/impersonation-and-ews-in-exchange
- https://learn.microsoft.com/exchange/permissions-exo/application-rbac

Catalogue: EXO-013
"""

from __future__ import annotations

from pandas import DataFrame, Series

from auditor.rule import mitre, nist_800_53, rule

_ROLE = "applicationimpersonation"


def _in_force(management_role_assignments: DataFrame) -> Series:
    enabled = management_role_assignments["enabled"].fillna(True)
    return enabled & ~management_role_assignments["delegating"]


@rule(
    id="application-impersonation",
    severity="medium",
    about="management_role_assignments",
    where=_in_force,
    passes_without=("exchange_roles",),
    message="{holder} still holds {role}, which stood for every mailbox.",
    fix="Remove-ManagementRoleAssignment -Identity {name}",
    evidence=("assignee_type", "scope", "made_from"),
    controls=(nist_800_53("AC-6(5)"), mitre("T1098.002")),
)
def application_impersonation(
    management_role_assignments: DataFrame, exchange_roles: DataFrame
) -> DataFrame:
    names = exchange_roles["name"].str.lower()
    types = Series(exchange_roles["type"].str.lower().to_numpy(), index=names)
    types = types[~types.index.duplicated()]
    role = management_role_assignments["role"].str.lower()
    kind = role.map(types)
    told = role == _ROLE
    fails = told | (kind == _ROLE).fillna(False)
    found = management_role_assignments[fails | kind.isna()]
    return found.assign(
        holder=found["assignee"].fillna("somebody who is not told"),
        made_from=kind[found.index],
        unknown=Series("what its role was made from is not told", index=found.index).mask(
            fails[found.index], None
        ),
    )
