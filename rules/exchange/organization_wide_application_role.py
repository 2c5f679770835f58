"""Roles of RBAC for Applications that reach every mailbox.

## What it does
Looks at assignments of RBAC for Applications roles ("Application Mail.Read" and the like) to
applications. One fails when it has no scope, or when the filter of its management scope takes in
everybody: a property that every mailbox has is not empty (`Alias -ne $null`), a pattern that fits
everything (`-like '*'`), every user mailbox, or everybody but a few. Administrative units and groups
are scopes and pass. A filter that this rule cannot read, or a scope that is not among Exchange's, is
unknown. Reading basic properties or settings is medium, the rest is high.

## Why it matters
The role was made to limit an application to some mailboxes. Without a scope that limits, it is the
tenant-wide permission of Entra again, where nobody looks for it: Entra's page of the application
shows no permission at all.

## How to fix
Make a management scope for the mailboxes the application needs, assign the role with it, and remove
the assignment without.
Exchange Online PowerShell: New-ManagementScope -Name SCOPE -RecipientRestrictionFilter FILTER;
New-ManagementRoleAssignment -App ID -Role ROLE -CustomResourceScope SCOPE;
Remove-ManagementRoleAssignment -Identity ASSIGNMENT. There is no page for it in the portals.

## When it is fine
Archives and backup need every mailbox. Accept those with an owner.

## References
- https://learn.microsoft.com/exchange/permissions-exo/application-rbac
- https://learn.microsoft.com/powershell/module/exchange/new-managementscope
- https://learn.microsoft.com/powershell/module/exchange/new-managementroleassignment

Catalogue: EXO-009
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pandas import DataFrame

from auditor.rule import mitre, nist_800_53, rule
from auditor.tables.source import known

from ._filter import takes_in_everybody
from ._groups import saying
from ._mailbox import application_role

_REMOVE = "Remove-ManagementRoleAssignment -Identity {name}"
_LESS = ("readbasic", "mailboxsettings.read", "mailtips")
_ORGANIZATION = "organization"


@rule(
    id="organization-wide-application-role",
    severity="high",
    about="management_role_assignments",
    where=application_role,
    passes_without=("exchange_scopes",),
    message="{holder} has {role} for every mailbox: {why}.",
    fix=_REMOVE,
    evidence=("scope", "scope_kind", "write_scope", "filter"),
    controls=(nist_800_53("AC-6"), mitre("T1114.002")),
)
def organization_wide_application_role(
    management_role_assignments: DataFrame, exchange_scopes: DataFrame
) -> DataFrame:
    filters = {
        name.lower(): known(filter_)
        for name, filter_ in zip(exchange_scopes["name"], exchange_scopes["filter"], strict=True)
    }
    rows = management_role_assignments.to_dict("records")
    found = saying(
        management_role_assignments,
        {
            row: _verdict(each, filters)
            for row, each in zip(management_role_assignments.index, rows, strict=True)
        },
    )
    return found.assign(holder=found["assignee"].fillna("an application that is not named"))


def _verdict(row: Mapping[Any, Any], filters: Mapping[str, str | None]) -> dict[str, Any] | None:
    scope, kind, write = (known(row[name]) for name in ("scope", "scope_kind", "write_scope"))
    role = row["role"].lower().removesuffix(".all")
    severity = {"severity": "medium" if role.endswith(_LESS) else "high"}
    if scope is None:
        if write is not None and write.lower() != _ORGANIZATION:
            return {"unknown": f"it is limited ({write}) by something that is not told"}
        return {"why": "it has no scope", **severity}
    if kind in ("administrative unit", "group"):
        return None
    if scope.lower() not in filters:
        return {"unknown": f"the scope {scope} is not among Exchange's management scopes"}
    filter_ = filters[scope.lower()]
    everybody = None if filter_ is None else takes_in_everybody(filter_)
    if everybody is None:
        return {"unknown": f"whom the filter of the scope {scope} takes in could not be read"}
    if not everybody:
        return None
    told = filter_ or "none"
    return {"why": f"the filter of its scope {scope} is {told}", "filter": told, **severity}
