"""Workload identities that are eligible for a directory role.

## What it does
Looks at every eligible assignment of a directory role in Privileged Identity Management (PIM). One
fails when an application or managed identity is eligible, itself or as a member of a group that is.
Eligibility of people passes, and so does that of groups without a workload in them. One whose holder
could not be looked up is unknown. Without Entra ID P2 there is no eligibility, and the rule is not
evaluated. Microsoft's own service principals are left out.

## Why it matters
To activate a role takes a person: a second factor, a reason, often an approval. A workload can do
none of that, so the assignment gives nothing today. It is a misunderstanding that somebody will
repair, most likely by making the role permanent, and until then it is a role that no list of active
assignments shows.

## How to fix
Remove the eligible assignment, or take the workload out of the group. If it needs the role, assign
it active, for the narrowest scope and with an end date.
Portal: Entra admin center > Identity Governance > Privileged Identity Management > Microsoft Entra
roles > Assignments > Eligible assignments.
Graph PowerShell: New-MgRoleManagementDirectoryRoleEligibilityScheduleRequest with the action
adminRemove; for a group, Remove-MgGroupMemberByRef -GroupId GROUP -DirectoryObjectId PRINCIPAL.

## When it is fine
Never by itself: it has no effect that somebody could need.

## References
- https://learn.microsoft.com/entra/id-governance/privileged-identity-management/pim-configure
- https://learn.microsoft.com/graph/api/resources/unifiedroleeligibilityscheduleinstance

Catalogue: ROLE-006
"""

from __future__ import annotations

from pandas import DataFrame, Series

from auditor.rule import nist_800_53, rule

from .._shared import beside, gathered

_DIRECT = (
    "New-MgRoleManagementDirectoryRoleEligibilityScheduleRequest -Action adminRemove "
    "-PrincipalId {principal_id} -RoleDefinitionId {role_id} -DirectoryScopeId {scope} "
    "-Justification 'A workload cannot activate it'"
)
_THROUGH = "Remove-MgGroupMemberByRef -GroupId {principal_id} -DirectoryObjectId {member}"
_NAMED = 5  # how many workloads the message names; the evidence has all


@rule(
    id="eligible-workload-role",
    severity="medium",
    about="role_eligibility",
    passes_without=("workload_eligibility",),
    message="{workloads} cannot activate the directory role {role} that {who} eligible for.",
    evidence=("tier", "template_id", "scope", "member_names"),
    controls=(nist_800_53("AC-6"),),
)
def eligible_workload_role(
    role_eligibility: DataFrame, workload_eligibility: DataFrame
) -> DataFrame:
    own = workload_eligibility["publisher"].astype("string") != "microsoft"
    inside = workload_eligibility[own.fillna(True).astype(bool)]
    unsure = inside["assignment_id"][inside["publisher"].isna()]
    sure = inside["assignment_id"][inside["publisher"].notna()]
    place = role_eligibility["id"]
    rows = Series(role_eligibility.index, index=place)
    at = inside["assignment_id"].map(rows[~rows.index.duplicated()]).fillna(-1).astype("int64")
    names = gathered(at, inside["name"].fillna(inside["principal_id"]))
    pages = gathered(at, inside["page"].astype("str"))
    ids = gathered(at, inside["principal_id"])

    proven = place.isin(sure)
    direct = role_eligibility["principal"] >= 0
    lost = ~direct & role_eligibility["principal_type"].isna()
    found = role_eligibility[proven | place.isin(unsure) | lost]
    index = Series(found.index, index=found.index)
    members = beside(index, names)
    through = ~direct[found.index]
    group = found["principal_name"].fillna(found["principal_id"])
    return found.assign(
        member_names=members,
        member=beside(index, ids).map(lambda each: each[0] if each else None),
        workloads=members.map(_few),
        who=Series("it is", index=found.index).mask(through, "the group " + group + " is"),
        proof_pages=beside(index, pages),
        fix=Series(_DIRECT, index=found.index).mask(through, _THROUGH),
        unknown=Series(None, index=found.index, dtype=object)
        .mask(~proven[found.index], "whether its workload is Microsoft's own was not told")
        .mask(lost[found.index] & ~proven[found.index], "who is eligible could not be looked up"),
    )


def _few(names: tuple[str, ...]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")
