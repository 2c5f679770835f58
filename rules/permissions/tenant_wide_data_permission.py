"""Application permissions over the files, sites, chats or calendars of everybody.

## What it does
Looks at application permissions by API and permission id. One fails when what it reaches, in the
words of the knowledge, is files, sites, chats, channel messages, recordings and transcripts of
meetings, calendars, contacts, settings of mailboxes, compliance cases or protected content, and
its tier is 0 or 1: high. Narrow ones (.Selected, .WhereInstalled, .AppFolder) and those over
calendars, contacts and settings of mailboxes, which Exchange can limit, are medium; reading
calendars is reported at tier 2 too. Permissions that open sites one by one (reach sites-selected)
pass. Mail itself is left to the rules about Exchange: they also read the access policies that
bind it. What path-to-global-administrator reports, by a tested path, is not repeated here.

## Why it matters
An application permission asks no user and knows no folder: it gives every site, every team chat or
every calendar of the tenant to whoever holds the application's credential.

## How to fix
Files and sites: grant Sites.Selected, give the application the sites it needs (POST
/sites/SITE/permissions), test, then remove the wide permission. Chats: use resource-specific
consent for one team or chat. Calendars and contacts: limit the application in Exchange
(RBAC for Applications, New-ManagementRoleAssignment with a scope) and remove the permission here.
Portal: Entra admin center > Enterprise apps > the application > Permissions.
Graph PowerShell: Remove-MgServicePrincipalAppRoleAssignment -ServicePrincipalId ID
-AppRoleAssignmentId ASSIGNMENT. Azure CLI: az rest --method DELETE --url
https://graph.microsoft.com/v1.0/servicePrincipals/ID/appRoleAssignments/ASSIGNMENT.

## When it is fine
Backup, archiving, data loss prevention and migration read everything by purpose. Accept each with
an owner and an end date, and let it sign in without a secret.

## References
- https://learn.microsoft.com/graph/permissions-selected-overview
- https://learn.microsoft.com/microsoftteams/platform/graph-api/rsc/resource-specific-consent
- https://learn.microsoft.com/exchange/permissions-exo/application-rbac

Catalogue: PERM-003
"""

from __future__ import annotations

from pandas import DataFrame, Series

from auditor.knowledge import mailbox_permissions
from auditor.rule import iso_27001, nist_800_53, pci_dss, rule, soc2

from .._shared import not_microsoft
from ._held import microsofts_api
from ._match import NO_PERMISSION

_OPEN = frozenset(
    {
        *("files-read", "files-write", "sites-control", "chat-read", "chat-write"),
        *("meetings-read", "compliance-content", "protected-content"),
    }
)
# Exchange can limit an application to some mailboxes; whether it does is not looked at here.
_LIMITABLE = frozenset(
    {
        *("calendar-read", "calendar-write", "contacts-read", "contacts-write"),
        *("mailbox-settings", "mailbox-settings-read"),
    }
)
_NARROW = (".Selected", ".WhereInstalled", ".AppFolder")
_MAIL = frozenset(f"{resource}/{id}" for resource, id in mailbox_permissions())


def _data(grants: DataFrame) -> Series:
    mail = (grants["resource_app_id"] + "/" + grants["permission_id"]).str.lower().isin(_MAIL)
    rest = ~mail & (grants["permission_id"] != NO_PERMISSION)
    return not_microsoft(grants) & microsofts_api(grants) & rest


@rule(
    id="tenant-wide-data-permission",
    severity="high",
    about="grants",
    where=_data,
    needs=("tier", "path", "reach", "resource_app_id"),
    message="{name} holds {held} on {resource_name}, for everybody's data: {reach}.",
    fix="Remove-MgServicePrincipalAppRoleAssignment -ServicePrincipalId {client_id}"
    " -AppRoleAssignmentId {id}",
    evidence=("tier", "basis", "created", "publisher", "managed_identity"),
    controls=(
        nist_800_53("AC-6(1)"),
        iso_27001("A.8.3"),
        soc2("CC6.3"),
        pci_dss("7.2.5"),
    ),
)
def tenant_wide_data_permission(grants: DataFrame) -> DataFrame:
    reach = grants["reach"]
    open_ = ~reach.map(_OPEN.isdisjoint).astype(bool)
    limitable = ~reach.map(_LIMITABLE.isdisjoint).astype(bool)
    calendars = reach.map(lambda words: "calendar-read" in words).astype(bool)
    strong = grants["tier"] <= 1
    tested = grants["path"].isin(("direct", "indirect"))
    held = grants["permission"].fillna(grants["permission_id"])
    narrow = held.str.endswith(_NARROW)
    wide = open_ & strong & ~narrow
    severity = Series("medium", index=grants.index).mask(wide, "high")
    fails = (((open_ | limitable) & strong) | calendars) & ~tested
    return grants.assign(held=held, severity=severity)[fails]
