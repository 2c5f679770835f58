"""Rows of management roles, the organization's configuration and the audit log.

Source: the cmdlets' reference pages and the schema of the Management Activity API (Exchange admin
schema); which properties a row shows is as public tools read them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import orjson

from auditor.emulator.tenant import Json

# Roles every organization has besides those its role groups hold.
FURTHER_ROLES = (
    *("Address Lists", "ApplicationImpersonation", "Mailbox Import Export", "Public Folders"),
    *("MyBaseOptions", "MyContactInformation", "MyDistributionGroups", "MyMailSubscriptions"),
    *("Application Mail.Read", "Application Mail.ReadWrite", "Application Mail.Send"),
    *("Application Mail Full Access", "Application Exchange Full Access"),
    *("Application Calendars.Read", "Application EWS.AccessAsApp"),
)
ADMIN_RECORD = 1  # AuditLogRecordType ExchangeAdmin


def management_roles(
    names: Iterable[str], custom: dict[str, str], guid: Callable[[str, str], str], created: str
) -> tuple[Json, ...]:
    """A row for each built-in role, and for each custom one with the role it was made from."""
    rows = [_role(name, "", guid, created) for name in sorted({*names, *FURTHER_ROLES})]
    return (*rows, *(_role(name, parent, guid, created) for name, parent in custom.items()))


def _role(name: str, parent: str, guid: Callable[[str, str], str], created: str) -> Json:
    id = guid("role", f"{parent}/{name}")
    return {
        "RoleEntries": [],
        "RoleType": (parent or name).replace(" ", "").replace("-", ""),
        "ImplicitRecipientReadScope": "Organization",
        "ImplicitRecipientWriteScope": "Organization",
        "ImplicitConfigReadScope": "OrganizationConfig",
        "ImplicitConfigWriteScope": "OrganizationConfig",
        "IsRootRole": not parent,
        "IsEndUserRole": name.startswith("My"),
        "IsDeprecated": False,
        "MailboxPlanIndex": "",
        "Description": f"Lets administrators work with {name}.",
        "Parent": parent,
        "Name": name,
        "Identity": f"{parent}\\{name}" if parent else name,
        "Guid": id,
        "ExchangeObjectId": id,
        "IsValid": True,
        "WhenCreatedUTC": created,
    }


def organization_config(domain: str, title: str, guid: str, created: str) -> Json:
    """The one row of Get-OrganizationConfig, shortened to what administrators look at."""
    return {
        "Name": domain,
        "Identity": domain,
        "DisplayName": title,
        "Guid": guid,
        "OrganizationId": f"EX.PROD/Microsoft Exchange Hosted Organizations/{domain} - {domain}",
        "IsDehydrated": False,
        "AuditDisabled": False,
        "OAuth2ClientProfileEnabled": True,
        "EwsEnabled": None,
        "EwsApplicationAccessPolicy": None,
        "EwsAllowList": None,
        "EwsBlockList": None,
        "RejectDirectSend": False,
        "WhenCreatedUTC": created,
    }


def audit_record(
    id: str,
    user: str,
    app_id: str,
    cmdlet: str,
    when: str,
    *,
    domain: str,
    target: str,
    parameters: dict[str, str],
    ok: bool,
) -> Json:
    """A cmdlet that was run, as the unified audit log tells it."""
    data = {
        "CreationTime": when.removesuffix("Z"),
        "Id": id,
        "Operation": cmdlet,
        "OrganizationId": "",
        "RecordType": ADMIN_RECORD,
        "ResultStatus": str(ok),
        "UserKey": user,
        "UserType": 2,
        "Version": 1,
        "Workload": "Exchange",
        "ObjectId": target,
        "UserId": user,
        "AppId": app_id,
        "ClientAppId": "",
        "ExternalAccess": False,
        "OrganizationName": domain,
        "OriginatingServer": "EX01 (15.20.1.1)",
        "Parameters": [{"Name": name, "Value": value} for name, value in parameters.items()],
    }
    return {
        "RecordType": "ExchangeAdmin",
        "CreationDate": when,
        "UserIds": user,
        "Operations": cmdlet,
        "AuditData": orjson.dumps(data).decode(),
        "Identity": id,
        "IsValid": True,
        "ObjectState": "Unchanged",
    }
