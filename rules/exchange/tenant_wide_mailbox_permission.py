"""Application permissions on mail, calendars, contacts or settings of every mailbox.

## What it does
Looks at application permissions on mail, calendars, contacts, mailbox settings, folders and items,
of Microsoft Graph and of Office 365 Exchange Online, held by applications that are not Microsoft's.
One fails when no application access policy limits it: there is no valid RestrictAccess policy with
a scope for the application or for all, or only DenyAccess policies, which leave the rest open, or
the permission is of a kind that no policy is documented to bind. Reading basic properties or
settings is medium, the rest is high, and critical when a foreign publisher holds it. Where policies
may limit it and do not tell enough, it is unknown. full_access_as_app is the rule ews-full-access's
matter; IMAP, POP and SMTP permissions open a mailbox only once it was opened to the application.

## Why it matters
One certificate or secret reads the mail of everybody: password resets, contracts, salaries. Who
takes it needs no user and no second factor, and searches every mailbox in an hour.

## How to fix
Give the application the same role in Exchange with a management scope for its mailboxes (RBAC for
Applications), test it, then remove the permission in Entra: as long as it is there the scope binds
nothing. An application access policy works too; Microsoft asks for no new ones.
Exchange Online PowerShell: New-ServicePrincipal -AppId APPID -ObjectId ID; New-ManagementScope
-Name SCOPE -RecipientRestrictionFilter FILTER; New-ManagementRoleAssignment -App ID
-Role "Application Mail.Read" -CustomResourceScope SCOPE.
Graph PowerShell: Remove-MgServicePrincipalAppRoleAssignment -ServicePrincipalId ID
-AppRoleAssignmentId ASSIGNMENT. Portal: Enterprise apps > the application > Permissions.

## When it is fine
Archives, backup and journaling need every mailbox. Accept those with an owner.

## References
- https://learn.microsoft.com/graph/auth-limit-mailbox-access
- https://learn.microsoft.com/powershell/module/exchange/new-applicationaccesspolicy
- https://learn.microsoft.com/exchange/permissions-exo/application-rbac

Catalogue: EXO-006
"""

from __future__ import annotations

import pandas as pd
from pandas import DataFrame, Series

from auditor.knowledge import APPLICATION_ROLES
from auditor.rule import mitre, nist_800_53, rule
from auditor.tables.access_policy import Reach

from .._shared import not_microsoft
from ._mailbox import MAILBOX_DATA, among, reached

_REMOVE = (
    "Remove-MgServicePrincipalAppRoleAssignment -ServicePrincipalId {client_id} "
    "-AppRoleAssignmentId {id}"
)
_SCOPE_FIRST = (
    "New-ServicePrincipal -AppId {app_id} -ObjectId {client_id}; New-ManagementRoleAssignment "
    "-App {client_id} -Role {role} -CustomResourceScope YOUR_SCOPE; " + _REMOVE
)
_WHY = {
    Reach.EVERY: "no access policy limits it",
    Reach.ALL_BUT: "its access policies only deny some mailboxes",
}


def _mailbox_data(grants: DataFrame) -> Series:
    return not_microsoft(grants) & among(grants, MAILBOX_DATA)


@rule(
    id="tenant-wide-mailbox-permission",
    severity="high",
    about="grants",
    where=_mailbox_data,
    fails_without=("access_policies",),
    message="{name} holds {held} on {resource_name} for every mailbox: {why}.",
    evidence=("permission_id", "access", "reach", "bindable", "created"),
    controls=(nist_800_53("AC-6"), mitre("T1114.002")),
)
def tenant_wide_mailbox_permission(grants: DataFrame, access_policies: DataFrame) -> DataFrame:
    told = reached(grants, access_policies)
    found = told[told["reach"] != Reach.LISTED]
    role = "Application " + found["held"].astype("str")
    less = found["access"] == "metadata"
    foreign = found["publisher"] == "foreign"
    return found.assign(
        why=found["reach"]
        .map(_WHY)
        .mask(~found["bindable"].astype(bool), "no access policy is documented to bind it"),
        role=role,
        severity=Series("high", index=found.index).mask(foreign, "critical").mask(less, "medium"),
        fix=Series(_REMOVE, index=found.index).mask(role.isin(APPLICATION_ROLES), _SCOPE_FIRST),
        unknown=Series(pd.NA, index=found.index, dtype=object).mask(
            found["reach"] == Reach.UNKNOWN,
            "whether its access policies limit it is not told",
        ),
    )
