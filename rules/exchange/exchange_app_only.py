"""Applications that administer Exchange Online without a user, above the level allowed.

## What it does
Works out for every application and managed identity what its app-only Exchange administration
amounts to: Exchange.ManageAsApp (each of its versions) together with a directory role over the
whole directory, a role group, or a management role of its own. The levels rise none, dormant, read,
support, recipient, security, compliance, full. One fails above `max_level`: full is critical;
compliance, security and recipient are high; support is medium; read and below are low. One that
holds a management role nobody rates and does not fail otherwise is unknown. Access to mailbox
content by Graph, EWS, IMAP or RBAC for Applications is told beside it and is no part of the level,
and so is what the same permission opens in Security & Compliance PowerShell with a directory role.
A custom management role is not rated by its name, even if it bears that of a built-in one.

## Why it matters
At level full an application can read every mailbox by giving itself access, forward mail out,
switch off auditing and rewrite transport rules, without a sign-in that Conditional Access for
users would see. Few inventories show it: the permission alone gives nothing, the role alone
neither, and Exchange Administrator does not count as privileged in Entra's own lists.

## How to fix
Find out which cmdlets the job runs. Give the application a role group with only the roles for these
(New-RoleGroup, Add-RoleGroupMember) or Exchange Recipient Administrator, then remove the wider
role. If it no longer administers Exchange, remove Exchange.ManageAsApp.
Portal: Entra admin center > Enterprise apps > the application > Permissions, and Roles & admins.
Exchange Online PowerShell: Get-ManagementRoleAssignment -RoleAssignee ID; Get-RoleGroupMember.
Graph PowerShell: Remove-MgServicePrincipalAppRoleAssignment -ServicePrincipalId ID
-AppRoleAssignmentId ASSIGNMENT.

## When it is fine
A migration, backup or user-provisioning service may need level recipient or more. Accept that one
with an owner and an end date, and require a certificate or a managed identity for it.

## References
- https://learn.microsoft.com/powershell/exchange/app-only-auth-powershell-v2
- https://learn.microsoft.com/exchange/permissions-exo/permissions-exo
- https://learn.microsoft.com/exchange/permissions-exo/application-rbac

Catalogue: EXO-001, EXO-004
"""

from __future__ import annotations

from pandas import DataFrame

from auditor.knowledge import LEVELS
from auditor.rule import iso_27001, mitre, nist_800_53, rule, soc2

from .._shared import not_microsoft
from ._remedy import REMOVE_PERMISSION

_SEVERITY = {
    **dict.fromkeys(("none", "dormant", "read"), "low"),
    "support": "medium",
    **dict.fromkeys(("recipient", "security", "compliance"), "high"),
    "full": "critical",
}


@rule(
    id="exchange-app-only",
    severity="high",
    about="exchange_access",
    where=not_microsoft,
    message="{name} administers Exchange app-only at level {level}, by {via}; "
    "Security & Compliance PowerShell: {compliance_level}; "
    "mailbox permissions of its own: {mailbox_reach}.",
    fix=REMOVE_PERMISSION,
    choices={"max_level": LEVELS},
    evidence=(
        "permission",
        "permissions",
        "via",
        "compliance_via",
        "mailbox",
        "narrower",
        "eligible",
        "unrated",
    ),
    controls=(
        nist_800_53("AC-6(5)"),
        iso_27001("A.8.2"),
        soc2("CC6.3"),
        mitre("T1098.003"),
        mitre("T1114.002"),
    ),
)
def exchange_app_only(exchange_access: DataFrame, *, max_level: str = "read") -> DataFrame:
    above = exchange_access["rank"] > LEVELS.index(max_level)
    could_be_more = exchange_access["unrated"].isna() | (exchange_access["unrated"].str.len() > 0)
    found = exchange_access[above | could_be_more]
    unknown = "it may hold more: " + found["unrated"].map(_some)
    return found.assign(
        severity=found["level"].map(_SEVERITY),
        unknown=unknown.astype(object).mask(above[found.index], None),
    )


def _some(doubts: object) -> str:
    return ", ".join(doubts[:2]) if isinstance(doubts, tuple) else "its roles were not told"
