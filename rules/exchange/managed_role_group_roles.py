"""Centrally managed role groups whose management roles differ from the normal ones.

## What it does
Looks at role groups that carry Partner_Managed: the directory fills them, and most hold no roles
themselves but are nested in a built-in group. One fails when a management role was added (high) or
one of its normal roles is gone (medium). The group's own list and the role assignments are both
read. A group that is not known here and has roles is unknown, as is one whose roles were not told.

## Why it matters
Every Global Administrator, and whoever Microsoft or a partner puts there, is in such a group. A
role added to it is held by all of them at once and shows nowhere in Entra: a quiet way to keep
rights such as Mailbox Import Export, which even Organization Management does not have.

## How to fix
Find the assignment and who made it (unified audit log, operation New-ManagementRoleAssignment) and
remove it. Give the role to a role group of your own, with the people who need it.
Exchange Online PowerShell: Get-ManagementRoleAssignment -RoleAssignee GROUP -Role ROLE |
Remove-ManagementRoleAssignment; for a role that is gone, New-ManagementRoleAssignment
-SecurityGroup GROUP -Role ROLE. Portal: Exchange admin center > Roles > Admin roles.

## When it is fine
Microsoft changes what these groups hold from time to time. If the same change shows in a second
tenant, it is Microsoft's: accept it and tell us.

## References
- https://learn.microsoft.com/exchange/permissions-exo/permissions-exo
- https://learn.microsoft.com/powershell/module/exchange/get-managementroleassignment
- https://learn.microsoft.com/powershell/module/exchange/remove-managementroleassignment
"""

from __future__ import annotations

from typing import Any

from pandas import DataFrame, Series

from auditor.rule import iso_27001, mitre, nist_800_53, rule

from .._shared import gathered
from ._groups import saying

_ADDED = (
    "Get-ManagementRoleAssignment -RoleAssignee {name} -Role {role} | "
    "Remove-ManagementRoleAssignment"
)
_REMOVED = "New-ManagementRoleAssignment -SecurityGroup {name} -Role {role}"


def _managed(role_groups: DataFrame) -> Series:
    return role_groups["partner_managed"]


@rule(
    id="managed-role-group-roles",
    severity="high",
    about="role_groups",
    where=_managed,
    passes_without=("management_role_assignments",),
    fails_without=("management_role_assignments",),
    message="Centrally managed role group {name} is not as it normally is: roles added: {added}; "
    "roles gone: {removed}.",
    evidence=("roles", "normal_roles"),
    controls=(
        nist_800_53("CM-6"),
        iso_27001("A.8.9"),
        mitre("T1098.003"),
    ),
)
def managed_role_group_roles(
    role_groups: DataFrame, management_role_assignments: DataFrame
) -> DataFrame:
    live = management_role_assignments[management_role_assignments["enabled"].fillna(True)]
    assigned = gathered(live["role_group"], live["role"])
    proof = gathered(live["role_group"], live["page"].astype("str"))
    groups = role_groups.to_dict("records")
    return saying(
        role_groups,
        {
            row: _verdict(group, assigned.get(row, ()), proof.get(row, ()))
            for row, group in zip(role_groups.index, groups, strict=True)
        },
    )


def _verdict(
    group: dict[Any, Any], assigned: tuple[str, ...], proof: tuple[str, ...]
) -> dict[str, Any] | None:
    listed, normal = group["roles"], group["normal_roles"]
    told = isinstance(listed, tuple)
    roles = {*assigned, *(listed if told else ())}
    if not isinstance(normal, tuple):
        # A group that is not known at all is fine without a role; it gives nothing.
        if told and not roles and not isinstance(group["directory_roles"], tuple):
            return None
        return {"unknown": "its normal roles are not known"}
    added = tuple(sorted(roles - set(normal)))
    removed = tuple(sorted(set(normal) - roles)) if told else ()
    if added or removed:
        return {
            "added": added,
            "removed": removed,
            "severity": "high" if added else "medium",
            "role": (added or removed)[0],
            "fix": _ADDED if added else _REMOVED,
            "proof_pages": proof,
        }
    return None if told else {"unknown": "its roles were not told"}
