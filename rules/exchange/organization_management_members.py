"""Organization Management with more, or other, members than it should have.

## What it does
Expands the role group Organization Management with every role group nested in it and looks at the
members as a whole. It fails when there are more than `max_members`, when one is an application, a
partner or a guest (high), or when one was added to the group directly in Exchange rather than by a
directory role (medium). The finding lists every member and how it got in. Where a member's kind or
the way in was not told, or a directory group hides its members, the rest is unknown.

## Why it matters
Its members can do everything in Exchange Online, and give themselves the few roles it lacks. Direct
members are permanent: no PIM, no access review and no list of directory roles shows them.

## How to fix
Make people eligible for Exchange Administrator in PIM and remove them here. Leave only the two
centrally managed groups, TenantAdmins_ and ExchangeServiceAdmins_, as members.
Exchange Online PowerShell: Get-RoleGroupMember "Organization Management";
Remove-RoleGroupMember "Organization Management" -Member MEMBER.
Portal: Exchange admin center > Roles > Admin roles > Organization Management > Assigned.
An application that administers Exchange gets a role group with the roles it uses.

## When it is fine
A larger administration team: raise `max_members` to its size. An emergency account that is a direct
member on purpose; accept it by name in the reason.

## References
- https://learn.microsoft.com/exchange/permissions-exo/permissions-exo
- https://learn.microsoft.com/powershell/module/exchange/remove-rolegroupmember
- https://learn.microsoft.com/entra/id-governance/privileged-identity-management/pim-configure

Catalogue: EXO-012
"""

from __future__ import annotations

from typing import Any

from pandas import DataFrame, Series

from auditor.rule import iso_27001, mitre, nist_800_53, rule

from ._groups import (
    MEMBER_NOT_TOLD,
    MEMBERS_NOT_TOLD,
    REMOVE_MEMBER,
    TOP,
    Member,
    members_of,
    pages,
    saying,
)

_OUTSIDERS = ("partner", "guest")


def _top(role_groups: DataFrame) -> Series:
    return role_groups["name"].str.lower() == TOP.lower()


@rule(
    id="organization-management-members",
    severity="medium",
    about="role_groups",
    where=_top,
    passes_without=("effective_members",),
    message="Effective members of {name}: {members}; {count} in all, {why}.",
    controls=(
        nist_800_53("AC-6(5)"),
        iso_27001("A.8.2"),
        mitre("T1098.003"),
    ),
)
def organization_management_members(
    role_groups: DataFrame, effective_members: DataFrame, *, max_members: int = 5
) -> DataFrame:
    members = members_of(effective_members)
    return saying(
        role_groups,
        {row: _verdict(members.get(row, []), max_members) for row in role_groups.index},
    )


def _verdict(members: list[Member], max_members: int) -> dict[str, Any] | None:
    hidden = [member for member in members if member.hides_others]
    members = [member for member in members if not member.nested]
    workloads = [member for member in members if member.workload]
    outsiders = [member for member in members if member.kind in _OUTSIDERS]
    direct = [member for member in members if member.path and len(member.path) == 1]
    reasons = [
        reason
        for holds, reason in (
            (workloads, f"{len(workloads)} of them applications"),
            (outsiders, f"{len(outsiders)} of them partners or guests"),
            (direct, f"{len(direct)} of them added in Exchange itself"),
            (len(members) > max_members, f"{max_members} are allowed"),
        )
        if holds
    ]
    if reasons:
        return {
            "count": len(members),
            "why": ", ".join(reasons),
            "members": tuple(_way(member) for member in members),
            "severity": "high" if workloads or outsiders else "medium",
            "remove": direct[0].id if direct else None,
            "fix": REMOVE_MEMBER if direct else None,
            "proof_pages": pages(members),
        }
    if hidden:
        return {"unknown": MEMBERS_NOT_TOLD.format(hidden[0].name)}
    for member in members:
        if member.kind is None:
            return {"unknown": MEMBER_NOT_TOLD.format(member.name)}
        if not member.path:
            return {"unknown": f"how {member.name} got in was not told"}
    return None


def _way(member: Member) -> str:
    kind = "an application" if member.workload else member.kind or "of a kind not told"
    if not member.path:
        way = "way in not told"
    elif len(member.path) == 1:
        way = "added directly"
    else:
        way = f"through {' > '.join(member.path[1:])}"
    return f"{member.name} ({kind}, {way})"
