"""Applications inside centrally managed Exchange role groups.

## What it does
Looks at role groups that carry Partner_Managed, with nested role groups opened. One fails when an
application or managed identity is among its effective members: critical for groups that are part of
Organization Management (TenantAdmins_, ExchangeServiceAdmins_), high otherwise. A group with a
member of a kind that was not told is unknown, and so is one with a directory group inside, because
the members of that are not listed by Exchange.

## Why it matters
These groups are for the people who hold a directory role. An application there administers Exchange
without standing out: it needs only Exchange.ManageAsApp to use what the whole group may do.

## How to fix
Take the directory role from the application; the group follows. A member that was added in Exchange
itself is removed there. Then give the application a role group of its own with the roles it uses.
Portal: Entra admin center > Roles & admins > the role > Assignments.
Exchange Online PowerShell: Get-RoleGroupMember GROUP; Remove-RoleGroupMember GROUP -Member ID.
Graph PowerShell: Get-MgRoleManagementDirectoryRoleAssignment -Filter "principalId eq 'ID'".

## When it is fine
When the application is accepted at that level by exchange-app-only, with the same owner and end.

## References
- https://learn.microsoft.com/exchange/permissions-exo/permissions-exo
- https://learn.microsoft.com/powershell/exchange/app-only-auth-powershell-v2
- https://learn.microsoft.com/powershell/module/exchange/remove-rolegroupmember

Catalogue: EXO-012
"""

from __future__ import annotations

from typing import Any

from pandas import DataFrame, Series

from auditor.knowledge import central_group
from auditor.rule import iso_27001, mitre, nist_800_53, rule

from ._groups import (
    MEMBER_NOT_TOLD,
    MEMBERS_NOT_TOLD,
    REMOVE_MEMBER,
    TOP,
    Member,
    members_of,
    named,
    pages,
    saying,
)


def _managed(role_groups: DataFrame) -> Series:
    return role_groups["partner_managed"]


@rule(
    id="managed-role-group-workload",
    severity="high",
    about="role_groups",
    where=_managed,
    passes_without=("effective_members",),
    message="Centrally managed role group {name} has applications as members: {workloads}.",
    fix=REMOVE_MEMBER,
    controls=(
        nist_800_53("AC-6(5)"),
        iso_27001("A.8.2"),
        mitre("T1098.003"),
    ),
)
def managed_role_group_workload(role_groups: DataFrame, effective_members: DataFrame) -> DataFrame:
    members = members_of(effective_members)
    return saying(
        role_groups,
        {
            row: _verdict(name, members.get(row, []))
            for row, name in zip(role_groups.index, role_groups["name"], strict=True)
        },
    )


def _verdict(name: str, members: list[Member]) -> dict[str, Any] | None:
    workloads = [member for member in members if member.workload]
    if workloads:
        central = central_group(name)
        return {
            "workloads": named(workloads),
            "workload_ids": tuple(member.external_id or member.id for member in workloads),
            "severity": "critical" if central and central.nested_in == TOP else "high",
            "remove": workloads[0].id,
            "proof_pages": pages(workloads),
        }
    for member in members:
        if member.kind is None:
            return {"unknown": MEMBER_NOT_TOLD.format(member.name)}
        if member.hides_others:
            return {"unknown": MEMBERS_NOT_TOLD.format(member.name)}
    return None
