"""Members of centrally managed Exchange role groups that no directory role explains.

## What it does
Looks at role groups that carry Partner_Managed and the directory roles that feed them. A direct
member is explained when it holds one of these roles over the whole directory, or is a member of a
group that holds it. A group with any other member fails. Nested role groups and partners are looked
at by other rules. A group that has members and whose directory roles are not known is unknown, and
so is one with a member without a directory id.

## Why it matters
The directory writes these groups. Somebody who is inside without the role was put there another
way, or stayed when the role was taken away: an Exchange administrator whom no review of roles, no
PIM and no access package shows.

## How to fix
Ask who the member is and since when. If the role is right, assign it in Entra; otherwise remove the
member. Exchange may refuse that for a group that is managed centrally: open a support case then.
Exchange Online PowerShell: Get-RoleGroupMember GROUP; Remove-RoleGroupMember GROUP -Member ID.
Portal: Entra admin center > Roles & admins > the role > Assignments.

## When it is fine
For some hours after a role was removed: the groups are written with delay. Collect again. A role
that was active in PIM at the time explains a member only while it was; look at the two instants.

## References
- https://learn.microsoft.com/exchange/permissions-exo/permissions-exo
- https://learn.microsoft.com/powershell/module/exchange/get-rolegroupmember
- https://learn.microsoft.com/entra/identity/role-based-access-control/list-role-assignments-users
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pandas import DataFrame, Series

from auditor.rule import iso_27001, mitre, nist_800_53, rule

from ._groups import REMOVE_MEMBER, Member, members_of, named, pages, saying


def _managed(role_groups: DataFrame) -> Series:
    return role_groups["partner_managed"]


@rule(
    id="managed-role-group-unexplained-member",
    severity="high",
    about="role_groups",
    where=_managed,
    passes_without=("role_group_members",),
    fails_without=("role_assignments", "group_members"),
    message="Centrally managed role group {name} has members whom no directory role explains: "
    "{unexplained}.",
    fix=REMOVE_MEMBER,
    evidence=("directory_roles",),
    controls=(
        nist_800_53("AC-2"),
        iso_27001("A.5.18"),
        mitre("T1098.003"),
    ),
)
def managed_role_group_unexplained_member(
    role_groups: DataFrame,
    role_group_members: DataFrame,
    role_assignments: DataFrame,
    group_members: DataFrame,
) -> DataFrame:
    members = members_of(role_group_members)
    template, scope = role_assignments["template_id"].str.lower(), role_assignments["scope"]
    # An assignment whose role or scope was not told may be the one that explains a member.
    dark = template.isna() | scope.isna()
    holder = role_assignments["principal_id"].str.lower()
    group, inside = group_members["group_id"].str.lower(), group_members["member_id"].str.lower()

    def holders(which: Series) -> set[str]:
        held = set(holder[which])
        return held | set(inside[group.isin(held)])

    def of_roles(roles: tuple[str, ...]) -> set[str]:
        return holders(template.isin(each.lower() for each in roles) & (scope == "/"))

    perhaps = holders(dark)
    return saying(
        role_groups,
        {
            row: _verdict(roles, members.get(row, []), of_roles, perhaps)
            for row, roles in zip(role_groups.index, role_groups["directory_roles"], strict=True)
        },
    )


def _verdict(
    roles: object,
    members: list[Member],
    of_roles: Callable[[tuple[str, ...]], set[str]],
    perhaps: set[str],
) -> dict[str, Any] | None:
    own = [member for member in members if not member.nested and member.kind != "partner"]
    if not own:
        return None
    if not isinstance(roles, tuple):
        return {"unknown": "the directory roles that feed it are not known"}
    explained = of_roles(roles)
    told = [member for member in own if member.external_id]
    open_ = [member for member in told if (member.external_id or "").lower() not in explained]
    proven = [member for member in open_ if (member.external_id or "").lower() not in perhaps]
    if proven:
        return {
            "unexplained": named(proven),
            "unexplained_ids": tuple(member.external_id for member in proven),
            "remove": proven[0].id,
            "proof_pages": pages(proven),
        }
    if open_:
        return {"unknown": f"the role of {open_[0].name}, or its scope, was not told"}
    nameless = [member for member in own if not member.external_id]
    if nameless:
        return {"unknown": f"the directory id of {nameless[0].name} was not told"}
    return None
