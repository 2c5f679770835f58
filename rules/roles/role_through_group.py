"""Workload identities that get a directory role through a group.

## What it does
Looks at every active directory role of an application or managed identity. One that comes through a
group, direct or nested, fails: high for tier 0 and tier 1 roles, medium for a role that nobody
rates, low for tier 2. A role that is held directly passes here. Microsoft's own service principals
are left out.

## Why it matters
Nothing on the application shows the role, and the page of the role shows a group. Who may change
the group's members, its owners among them, decides which application gets the role, and a review of
the role's assignments sees a name like "Automation". The application also shares what the group is
for: it gets every further role the group is given.

## How to fix
Assign the role it needs to the application itself, at the narrowest scope, and take it out of the
group. Keep groups that hold roles for people.
Portal: Entra admin center > Groups > the group > Members, and Roles & admins > the role.
Graph PowerShell: Remove-MgGroupMemberByRef -GroupId GROUP -DirectoryObjectId PRINCIPAL.
Azure CLI: az ad group member remove --group GROUP --member-id PRINCIPAL.

## When it is fine
Where a group stands for a fleet of identities of one kind, such as the workers of one service, holds
nobody else and has no owners. Accept each with that reason.

## References
- https://learn.microsoft.com/entra/identity/role-based-access-control/groups-concept
- https://learn.microsoft.com/graph/api/group-list-transitivemembers

Catalogue: ROLE-004
"""

from __future__ import annotations

from pandas import DataFrame, Series

from auditor.rule import iso_27001, nist_800_53, rule

from .._shared import not_microsoft
from ._remedies import LOWEST, told


@rule(
    id="role-through-group",
    severity="high",
    about="workload_roles",
    where=not_microsoft,
    message="{name} holds the directory role {role} over {reach}, {through}.",
    evidence=("tier", "path", "template_id", "scope", "group_id"),
    controls=(
        nist_800_53("AC-6"),
        iso_27001("A.5.18"),
    ),
)
def role_through_group(workload_roles: DataFrame) -> DataFrame:
    held = workload_roles[workload_roles["through_group"]]
    severity = Series("high", index=held.index).mask((held["tier"] > LOWEST).fillna(False), "low")
    return told(held).assign(severity=severity.mask(held["tier"].isna(), "medium"))
