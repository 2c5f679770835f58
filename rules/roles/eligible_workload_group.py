"""Workload identities that can only become members or owners of a privileged group.

## What it does
Looks at who is in a group that holds a directory role, owns it, or is eligible for either, as PIM for
Groups lists it. One fails when an application or managed identity is eligible: it cannot activate
the membership or ownership. People pass, and so does what is assigned: role-through-group reports
workloads that are in such a group. An eligible holder that could not be looked up, or that is a
group itself, is unknown. Groups without a directory role are not asked about.

## Why it matters
To activate a membership takes a person with a second factor. For a workload it gives nothing today,
and whoever notices that will make it permanent: then the workload holds the group's roles. As an
owner it could add members.

## How to fix
Remove the eligible assignment. If the workload needs the role, assign the role to it directly, with
the narrowest scope.
Portal: Entra admin center > Identity Governance > Privileged Identity Management > Groups > the
group > Assignments > Eligible assignments.
Graph PowerShell: New-MgIdentityGovernancePrivilegedAccessGroupEligibilityScheduleRequest with the
action adminRemove.

## When it is fine
Never by itself: it has no effect that somebody could need.

## References
- https://learn.microsoft.com/entra/id-governance/privileged-identity-management/concept-pim-for-groups
- https://learn.microsoft.com/graph/api/resources/privilegedaccessgroupeligibilityscheduleinstance

Catalogue: ROLE-006
"""

from __future__ import annotations

from pandas import DataFrame, Series

from auditor.rule import nist_800_53, rule

_FIX = (
    "New-MgIdentityGovernancePrivilegedAccessGroupEligibilityScheduleRequest -Action adminRemove "
    "-AccessId {access} -GroupId {group_id} -PrincipalId {principal_id} "
    "-Justification 'A workload cannot activate it'"
)


@rule(
    id="eligible-workload-group",
    severity="medium",
    about="group_schedules",
    detail=("service_principals",),
    message="{workload} cannot activate what it is eligible for: to be {role} of {group}, "
    "which holds a directory role.",
    evidence=("access", "group_id"),
    controls=(nist_800_53("AC-6"),),
    fix=_FIX,
)
def eligible_workload_group(group_schedules: DataFrame, service_principals: DataFrame) -> DataFrame:
    eligible = group_schedules[group_schedules["eligible"]]
    kind = eligible["principal_type"]
    workload = (eligible["principal"] >= 0) | (kind == "servicePrincipal").fillna(False)
    unclear = ~workload & (kind.isna() | (kind == "group").fillna(False))
    found = eligible[workload | unclear]
    names = service_principals["name"].reindex(found["principal"]).set_axis(found.index)
    return found.assign(
        workload=names.fillna(found["principal_name"]).fillna(found["principal_id"]),
        role=found["access"].fillna("member or owner"),
        group=found["group_name"].fillna(found["group_id"]),
        unknown=Series(None, index=found.index, dtype=object).mask(
            unclear[found.index],
            "who is eligible could not be looked up, or is a group whose members were not read",
        ),
    )
