"""Exchange role groups that a partner or another organisation reaches into.

## What it does
Looks at every role group, those that only -ShowPartnerLinked lists included. One fails when it is
listed only so, is linked to a partner's organisation, is of a linked type, or has a member that is
a partner's or another organisation's group. It is critical when management roles are assigned to it
or it is Organization Management or a direct member of that, high otherwise. Partner_Managed alone
is normal and passes: it says that the directory fills the group. A group whose type was not told,
or with a member whose kind was not told, is unknown.

## Why it matters
People you do not know and cannot disable administer your mail. Their accounts follow the partner's
rules for multifactor authentication and leavers, and a partner is attacked for its customers.

## How to fix
End the relationship if it is over, or ask the partner for granular delegated admin privileges
(GDAP) with the one role needed and an end date. Partner-linked groups themselves cannot be edited.
Portal: Microsoft 365 admin center > Settings > Partner relationships.
Exchange Online PowerShell: Get-RoleGroup -ShowPartnerLinked; Get-RoleGroupMember GROUP;
Remove-RoleGroupMember GROUP -Member MEMBER.

## When it is fine
When a contract names the partner and what it administers. Accept it with the contract's end date.

## References
- https://learn.microsoft.com/powershell/module/exchange/get-rolegroup
- https://learn.microsoft.com/microsoft-365/commerce/manage-partners
- https://learn.microsoft.com/partner-center/customers/gdap-introduction

Catalogue: EXO-010, EXO-011
"""

from __future__ import annotations

from typing import Any

from pandas import DataFrame

from auditor.rule import iso_27001, mitre, nist_800_53, rule
from auditor.tables.source import known

from ._groups import MEMBER_NOT_TOLD, REMOVE_MEMBER, TOP, Member, members_of, named, pages, saying


@rule(
    id="partner-linked-role-group",
    severity="high",
    about="role_groups",
    passes_without=("role_group_members",),
    message="Role group {name} is open to another organisation: {why}.",
    evidence=("type", "linked_partner", "partner_only", "partner_managed", "roles"),
    controls=(
        nist_800_53("AC-20"),
        iso_27001("A.5.19"),
        iso_27001("A.5.22"),
        mitre("T1199"),
    ),
)
def partner_linked_role_group(role_groups: DataFrame, role_group_members: DataFrame) -> DataFrame:
    members = members_of(role_group_members)
    top = role_group_members[role_group_members["group_name"] == TOP]
    in_top = {*top["role_group"], *top["member_group"]} - {-1}
    groups = role_groups.to_dict("records")
    return saying(
        role_groups,
        {
            row: _verdict(group, members.get(row, []), row in in_top or group["name"] == TOP)
            for row, group in zip(role_groups.index, groups, strict=True)
        },
    )


def _verdict(group: dict[Any, Any], members: list[Member], in_top: bool) -> dict[str, Any] | None:
    kind, partner = known(group["type"]), known(group["linked_partner"])
    foreign = [member for member in members if member.kind == "partner"]
    reasons = [
        reason
        for holds, reason in (
            (group["partner_only"], "only -ShowPartnerLinked lists it"),
            (partner, f"it is linked to the organisation {partner}"),
            (kind and "linked" in kind.lower(), f"it is of type {kind}"),
            (foreign, f"it has the members {', '.join(named(foreign))}"),
        )
        if holds
    ]
    if reasons:
        return {
            "why": "; ".join(reasons),
            "severity": "critical" if group["roles"] or in_top else "high",
            "remove": foreign[0].id if foreign else None,
            "fix": REMOVE_MEMBER if foreign else None,
            "proof_pages": pages(foreign),
        }
    if kind is None:
        return {"unknown": "its type was not told"}
    untold = [member for member in members if member.kind is None and not member.nested]
    if untold:
        return {"unknown": MEMBER_NOT_TOLD.format(untold[0].name)}
    return None
