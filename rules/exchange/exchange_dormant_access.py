"""Applications that are one step away from administering Exchange Online.

## What it does
Looks at applications and managed identities whose app-only Exchange administration is dormant: they
hold Exchange.ManageAsApp and no role that opens Exchange over the whole directory, or such a role
and not the permission, or they are only eligible for a role. Each fails. One that holds the
permission with a role nobody rates may be more than dormant and is unknown. Without Entra ID P2
eligibility cannot be read and what does not fail is unknown: accept the dataset role-eligibility
under [coverage] if the tenant has no such licence.

## Why it matters
The missing half comes with one consent or one role assignment, often by somebody who sees only that
half. Until then nobody looks at the application, because it does not work.

## How to fix
Take away the half that is there: the permission of an application that was never finished, the role
of one that moved on to Graph.
Portal: Entra admin center > Enterprise apps > the application > Permissions, or Roles & admins.
Graph PowerShell: Remove-MgServicePrincipalAppRoleAssignment -ServicePrincipalId ID
-AppRoleAssignmentId ASSIGNMENT, or Remove-MgRoleManagementDirectoryRoleAssignment
-UnifiedRoleAssignmentId ASSIGNMENT.

## When it is fine
While a new application is being set up. A directory role that the application needs for something
else, such as Global Reader for Graph, opens Exchange as well as soon as the permission is added:
accept it with that reason.

## References
- https://learn.microsoft.com/powershell/exchange/app-only-auth-powershell-v2
- https://learn.microsoft.com/entra/id-governance/privileged-identity-management/pim-configure

Catalogue: EXO-002, EXO-003
"""

from __future__ import annotations

from pandas import DataFrame, Series

from auditor.rule import nist_800_53, rule

from .._shared import not_microsoft
from ._remedy import REMOVE_PERMISSION

_ROLES = 'Get-MgRoleManagementDirectoryRoleAssignment -Filter "principalId eq {id}"'
_ELIGIBLE = (
    'Get-MgRoleManagementDirectoryRoleEligibilityScheduleInstance -Filter "principalId eq {id}"'
)


@rule(
    id="exchange-dormant-access",
    severity="low",
    about="exchange_access",
    where=not_microsoft,
    passes_without=("workload_eligibility",),
    # "And no role" is true only if every place where a role can come from was read.
    fails_without=("grants", "workload_roles", "effective_members", "management_role_assignments"),
    message="{name} is one step from administering Exchange: {why}.",
    evidence=("permission", "permissions", "via", "eligible", "narrower"),
    controls=(nist_800_53("AC-6"),),
)
def exchange_dormant_access(
    exchange_access: DataFrame,
    workload_eligibility: DataFrame,
    grants: DataFrame,
    workload_roles: DataFrame,
    effective_members: DataFrame,
    management_role_assignments: DataFrame,
) -> DataFrame:
    dormant = exchange_access["level"] == "dormant"
    unrated = exchange_access["unrated"].isna() | (exchange_access["unrated"].str.len() > 0)
    # Eligible for a role whose definition was not read: it may open Exchange.
    nameless = workload_eligibility[workload_eligibility["template_id"].isna()]
    unread = exchange_access["principal"].isin(nameless["principal"]) & ~dormant
    found = exchange_access[dormant | unread]
    granted, held = found["permission"] == "granted", found["via"].str.len() > 0
    remedy = (
        Series(_ELIGIBLE, index=found.index).mask(held, _ROLES).mask(granted, REMOVE_PERMISSION)
    )
    told = found[["permission", "via", "eligible", "narrower"]]
    return found.assign(
        why=[_why(*row) for row in told.itertuples(index=False)],
        fix=remedy,
        unknown=Series(None, index=found.index, dtype=object)
        .mask(
            dormant[found.index] & granted & unrated[found.index],
            "what it holds besides the permission could not be judged",
        )
        .mask(unread[found.index], "it is eligible for a role whose definition was not read"),
    )


def _why(permission: str, via: object, eligible: object, narrower: object) -> str:
    missing = "Exchange.ManageAsApp" + (", which it asks for" if permission == "requested" else "")
    if permission != "granted":
        if _told(via):
            return f"it holds {_told(via)} and not {missing}"
        return f"it is eligible for {_told(eligible) or 'a role'} and does not hold {missing}"
    if _told(eligible):
        return f"it holds Exchange.ManageAsApp and is eligible for {_told(eligible)}"
    if _told(narrower):
        return f"it holds Exchange.ManageAsApp, and {_told(narrower)}, which does not count"
    return "it holds Exchange.ManageAsApp and no role"


def _told(names: object) -> str:
    return ", ".join(names) if isinstance(names, tuple) else ""
