"""Exchange app-only access by a directory role that opens far more than Exchange.

## What it does
Looks at applications and managed identities that hold Exchange.ManageAsApp (in any of its
versions). One fails when it also holds, itself or through a group, over the whole directory, a role
that reaches beyond Exchange: Global Administrator (high), and the roles in `broad_roles`, by
template id: Security Administrator and Compliance Administrator (medium). Other roles that do not
open Exchange at all are not looked at here; privileged-role does.

## Why it matters
Exchange takes the rights of an app-only session from the role. An application that only moves
mailboxes and is a Global Administrator for it gives the whole tenant to whoever takes its
certificate.

## How to fix
Give it the narrower role, test the job, then remove the broad one: Exchange Administrator for all
of Exchange, Exchange Recipient Administrator for recipients and migrations, or no directory role
and a role group of its own with just the management roles it uses.
Exchange Online PowerShell: New-ServicePrincipal -AppId APPID -ObjectId ID -DisplayName NAME;
New-RoleGroup -Name NAME -Roles "Mail Recipients"; Add-RoleGroupMember NAME -Member ID.
Portal: Entra admin center > Roles & admins > the role > Assignments.

## When it is fine
When the same application also administers what the broad role is for, such as security policies
across services. Two applications are still better than one with both.

## References
- https://learn.microsoft.com/powershell/exchange/app-only-auth-powershell-v2
- https://learn.microsoft.com/exchange/permissions-exo/permissions-exo
- https://learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference
"""

from __future__ import annotations

from pandas import DataFrame, Series

from auditor.rule import nist_800_53, rule, soc2

from .._shared import not_microsoft
from ._remedies import told

_GLOBAL = "62e90394-69f5-4237-9190-012177145e10"
_SECURITY = "194ae4cb-b126-40b2-bd5b-6091b380977d"
_COMPLIANCE = "17315797-102d-40b4-93e0-432062caca18"
_INSTEAD = "Exchange Recipient Administrator or a role group of its own"


def _holds_the_permission(exchange_access: DataFrame) -> Series:
    return not_microsoft(exchange_access) & (exchange_access["permission"] == "granted")


@rule(
    id="broad-exchange-role",
    severity="medium",
    about="exchange_access",
    where=_holds_the_permission,
    passes_without=("workload_roles",),
    message="{name} administers Exchange with the role {role}, held {through}; "
    "{instead} is narrower.",
    evidence=("permissions", "level", "via"),
    controls=(
        nist_800_53("AC-6"),
        soc2("CC6.3"),
    ),
)
def broad_exchange_role(
    exchange_access: DataFrame,
    workload_roles: DataFrame,
    *,
    broad_roles: tuple[str, ...] = (_GLOBAL, _SECURITY, _COMPLIANCE),
) -> DataFrame:
    template, scope = workload_roles["template_id"].str.lower(), workload_roles["scope"]
    broad = template.isin([_GLOBAL, *(each.lower() for each in broad_roles)])
    whole = scope == "/"
    doubtful = workload_roles[(broad | template.isna()) & (whole | scope.isna())]
    held = told(workload_roles[broad & whole])
    held = held.assign(everything=held["template_id"].str.lower() == _GLOBAL)
    order = ["everything", "role", "assignment_id"]
    worst = held.sort_values(order, ascending=[False, True, True]).drop_duplicates("principal")
    worst = worst.set_index("principal")

    principal = exchange_access["principal"]
    proven = principal.isin(worst.index)
    found = exchange_access[proven | principal.isin(doubtful["principal"])]
    held = worst.reindex(found["principal"]).set_axis(found.index)
    everything = held["everything"].fillna(False).astype(bool)
    return found.assign(
        role=held["role"],
        role_template_id=held["template_id"],
        assignment_id=held["assignment_id"],
        group_id=held["group_id"],
        principal_id=found["id"],
        through=held["through"],
        instead=Series(_INSTEAD, index=found.index).mask(everything, "Exchange Administrator"),
        severity=Series("medium", index=found.index).mask(everything, "high"),
        fix=held["fix"],
        unknown=Series(
            "a role it holds, or the role's scope, was not told", index=found.index
        ).mask(proven, None),
    )
