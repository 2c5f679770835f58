"""Ids and names that Microsoft publishes and the code has to know one by one."""

from __future__ import annotations

from collections.abc import Mapping

GRAPH = "00000003-0000-0000-c000-000000000000"
EXCHANGE = "00000002-0000-0ff1-ce00-000000000000"
EXCHANGE_PROTECTION = "00000007-0000-0ff1-ce00-000000000000"

# (resource app id, permission id) -> name. The last one stands for Exchange.ManageAsApp in
# GCC High and DoD (app-only-auth-powershell-v2).
MANAGE_AS_APP: Mapping[tuple[str, str], str] = {
    (EXCHANGE, "dc50a0fb-09a3-484d-be87-e023b12c6440"): "Exchange.ManageAsApp",
    (EXCHANGE, "ea3d980d-ebc7-4be4-8298-a167e5b8797c"): "Exchange.ManageAsAppV2",
    (EXCHANGE_PROTECTION, "455e5cd2-84e8-4751-8344-5672145dfa17"): "Exchange.ManageAsApp",
}

# Directory roles, by template id, that open Security & Compliance PowerShell to an application
# with Exchange.ManageAsApp: Global Administrator, Compliance Administrator, Security
# Administrator, Global Reader, Security Reader (app-only-auth-powershell-v2).
COMPLIANCE_ROLES = frozenset(
    (
        "62e90394-69f5-4237-9190-012177145e10",
        "17315797-102d-40b4-93e0-432062caca18",
        "194ae4cb-b126-40b2-bd5b-6091b380977d",
        "f2ef992c-3afb-46b9-b7cf-a126ee74c451",
        "5d6b6bb7-de71-4623-b4af-96380a352509",
    )
)

# RBAC for Applications: access to mailbox content, no administration (application-rbac).
APPLICATION_ROLES = frozenset(
    f"Application {name}"
    for name in (
        *("Mail.Read", "Mail.ReadBasic", "Mail.ReadWrite", "Mail.Send", "Mail Full Access"),
        *("MailboxSettings.Read", "MailboxSettings.ReadWrite", "Calendars.Read"),
        *("Calendars.ReadWrite", "Contacts.Read", "Contacts.ReadWrite", "Exchange Full Access"),
        *("EWS.AccessAsApp", "SMTP.SendAsApp", "MailboxFolder.Read", "MailboxFolder.ReadWrite"),
        *("MailboxItem.Read", "MailboxItem.ReadWrite", "MailboxItem.Export"),
        *("MailboxItem.ImportExport", "MailboxConfigItem.Read", "MailboxConfigItem.ReadWrite"),
        *("MailTips.ReadBasic.All", "Mail-Advanced.ReadWrite.All"),
    )
)

# What an app-only identity can administer in Exchange, in rising order.
LEVELS = ("none", "dormant", "read", "support", "recipient", "security", "compliance", "full")
