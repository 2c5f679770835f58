"""An organization's rows as the script of `auditor import-exchange` writes them, in either shell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from auditor.emulator.tenant import ExchangeOrg

TAKEN = "2026-05-19T08:00:00Z"
_FIELDS = {
    "Get-RoleGroup": (
        *("Name", "Guid", "DisplayName", "RoleGroupType", "LinkedPartnerOrganizationId"),
        *("Members", "Roles", "Capabilities", "DistinguishedName", "OrganizationId"),
    ),
    "Get-RoleGroupMember": (
        *("Name", "Guid", "DisplayName", "RecipientTypeDetails", "ExternalDirectoryObjectId"),
    ),
    "Get-ServicePrincipal": (
        *("DisplayName", "AppId", "ObjectId", "Guid", "Identity", "Name", "SidAsString"),
    ),
    "Get-ManagementRoleAssignment": (
        *("Name", "Guid", "Role", "RoleAssigneeName", "RoleAssigneeType"),
        *("RoleAssignmentDelegationType", "CustomResourceScope", "CustomRecipientWriteScope"),
        *("RecipientWriteScope", "Enabled", "OrganizationId"),
    ),
    "Get-ApplicationAccessPolicy": ("Identity", "AppId", "AccessRight", "ScopeName", "IsValid"),
    "Get-ManagementScope": (
        *("Name", "Guid", "RecipientFilter", "RecipientRoot", "ScopeRestrictionType", "Exclusive"),
    ),
    "Get-ManagementRole": ("Name", "Guid", "RoleType", "Parent", "IsRootRole", "IsEndUserRole"),
    "Get-OrganizationConfig": ("Name", "DisplayName", "OrganizationId", "IsDehydrated"),
}
Rows = Iterable[Mapping[str, Any]]


def shaped(cmdlet: str, rows: Rows) -> list[dict[str, Any]]:
    """Rows as the script's shapes make them: flags and lists stay, all else becomes text."""
    keep = bool, list
    return [
        {
            name: value if isinstance(value := row.get(name), keep) else str(value or "")
            for name in _FIELDS[cmdlet]
        }
        for row in rows
    ]


def answer(command: str, rows: Rows, of: str = "", error: str = "") -> dict[str, Any]:
    made = shaped(command.split(maxsplit=1)[0], rows)
    return {"command": command, "of": of, "count": len(made), "error": error, "rows": made}


def export_of(org: ExchangeOrg, **values: Any) -> dict[str, Any]:
    """Everything the script writes of an organization."""
    plain = [row for row in org.role_groups if row["RoleGroupType"] != "PartnerLinked"]
    groups = "Get-RoleGroup -ResultSize Unlimited"
    answers = [
        answer("Get-OrganizationConfig", org.organization),
        answer(groups, plain),
        answer(f"{groups} -ShowPartnerLinked", org.role_groups),
        *(
            answer(
                f"Get-RoleGroupMember -Identity {row['Guid']} -ResultSize Unlimited",
                org.members[row["Name"]],
                of=row["Guid"],
            )
            for row in org.role_groups
        ),
        answer("Get-ServicePrincipal", org.service_principals),
        answer("Get-ManagementRoleAssignment", org.assignments),
        answer("Get-ApplicationAccessPolicy", org.policies),
        answer("Get-ManagementScope", org.scopes),
        answer("Get-ManagementRole", org.roles),
    ]
    told = {"format": "auditor-exchange-export", "version": 1, "takenAt": TAKEN}
    return told | {"answers": answers} | values


def powershell_7(value: Any) -> bytes:
    """UTF-8 without a mark."""
    return orjson.dumps(value, option=orjson.OPT_INDENT_2)


def powershell_5(value: Any) -> bytes:
    """UTF-16 with a mark, as `>` writes it; arrays inside objects in their wrapping."""
    return b"\xff\xfe" + orjson.dumps(_wrapped(value)).decode().encode("utf-16-le")


def _wrapped(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _wrapped(each) for name, each in value.items()}
    if isinstance(value, list):
        return {"value": [_wrapped(each) for each in value], "Count": len(value)}
    return value
