"""Privileged directory roles of workloads that were not assigned through PIM.

## What it does
Compares every active tier 0 and tier 1 directory role of an application or managed identity, held
itself or through a group, with what Privileged Identity Management (PIM) lists for the same role,
scope and holder. One fails when PIM does not list it, or lists it with neither a start nor an end,
as it does for a role that was assigned elsewhere. One with a start or an end passes, and so do roles
of tier 2. Tier 0 is medium, tier 1 low. Without Entra ID P2 the list cannot be read, and the roles
are unknown: accept the dataset role-assignment-schedules under [coverage] if the tenant has no such
licence. Microsoft's own service principals are left out.

## Why it matters
An application cannot activate a role, so PIM does not make its role temporary as it does for a
person. What PIM adds for a workload is the assignment: somebody gave a reason, the administrators
were notified, and it can end by itself. A role assigned past PIM has none of these; that is also how
an attacker assigns one.

## How to fix
Find out who assigned it and why. If it is needed, assign it again through PIM, active, with a reason
and an end date, and put the renewal into a calendar: the workload stops when it ends.
Portal: Entra admin center > Identity Governance > Privileged Identity Management > Microsoft Entra
roles > Roles > the role > Add assignments > Active.
Graph PowerShell: remove the assignment, then New-MgRoleManagementDirectoryRoleAssignmentScheduleRequest
with the action adminAssign.

## When it is fine
Where roles of workloads are assigned by a reviewed pipeline with a record of its own. Accept those,
or switch the rule off, and say where the record is.

## References
- https://learn.microsoft.com/entra/id-governance/privileged-identity-management/pim-how-to-add-role-to-user
- https://learn.microsoft.com/graph/api/resources/unifiedroleassignmentscheduleinstance
- https://learn.microsoft.com/graph/api/rbacapplication-post-roleassignmentschedulerequests

Catalogue: ROLE-009
"""

from __future__ import annotations

from pandas import DataFrame, Series

from auditor.rule import nist_800_53, rule, scuba

from .._shared import not_microsoft
from ._remedies import LOWEST, told

_FIX = (
    "Remove-MgRoleManagementDirectoryRoleAssignment -UnifiedRoleAssignmentId {assignment_id}; "
    "New-MgRoleManagementDirectoryRoleAssignmentScheduleRequest -Action adminAssign "
    "-PrincipalId {assignee} -RoleDefinitionId {template_id} -DirectoryScopeId {scope} "
    "-Justification 'WHY' -ScheduleInfo @{{startDateTime = Get-Date; expiration = "
    "@{{type = 'afterDateTime'; endDateTime = (Get-Date).AddDays(180)}}}}"
)
_VAGUE = "what PIM lists for its holder does not say which role, scope or dates"


def _key(frame: DataFrame, holder: str) -> Series:
    role, who, scope = (frame[name].str.lower() for name in ("template_id", holder, "scope"))
    return role + "|" + who + "|" + scope


@rule(
    id="role-outside-pim",
    severity="medium",
    about="workload_roles",
    where=not_microsoft,
    needs=("tier",),
    passes_without=("role_schedules",),
    fails_without=("role_schedules",),
    message="{name} holds the directory role {role} over {reach}, {through}: {why}.",
    evidence=("template_id", "scope", "group_id"),
    controls=(
        scuba("MS.AAD.7.5v1"),
        nist_800_53("AC-2"),
    ),
    fix=_FIX,
)
def role_outside_pim(workload_roles: DataFrame, role_schedules: DataFrame) -> DataFrame:
    held = workload_roles[workload_roles["tier"] <= LOWEST]
    assignee = held["principal_id"].mask(held["through_group"], held["group_id"])
    held = held.assign(assignee=assignee)
    key = _key(held, "assignee")

    # A row for a member of a group tells of the group's assignment, not of one of its own.
    kind = role_schedules["member_type"].str.lower()
    listed = role_schedules[(kind != "group").fillna(True)]
    same, permanent = _key(listed, "principal_id"), listed["permanent"]
    begun = listed["start"].notna()
    never = ~begun & permanent.fillna(False)
    dated = begun | ~permanent.fillna(True)
    vague = same.isna() | kind[listed.index].isna() | (~begun & permanent.isna())

    outside = key.isin(same[never & ~vague])
    doubt = key.isna() | assignee.str.lower().isin(listed["principal_id"].str.lower()[vague])
    inside = key.isin(same[dated & ~vague]) & ~outside & ~doubt
    found = told(held)[~inside]
    elsewhere = outside[found.index]
    page = Series(listed["page"].to_numpy(), index=same).groupby(level=0).first()
    return found.assign(
        why=Series("PIM does not know of it", index=found.index).mask(
            elsewhere, "it was assigned for good and not through PIM"
        ),
        proof_pages=key[found.index].map(page).map(lambda each: (int(each),), na_action="ignore"),
        severity=Series("low", index=found.index).mask(found["tier"] == 0, "medium"),
        unknown=Series(None, index=found.index, dtype=object).mask(
            doubt[found.index] & ~elsewhere, _VAGUE
        ),
        fix=None,
    )
