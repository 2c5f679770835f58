"""What is known of permissions, roles and Exchange's role groups: data files, and their readers.

See README.md in this folder for the columns, the sources and how a rating was chosen. Ratings are
keyed by ids, never by names: the same GUID means different permissions on different resources.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

MICROSOFT_TENANTS = frozenset(
    {"f8cdef31-a31e-4b4a-93e4-5f571e91255a", "72f988bf-86f1-41af-91ab-2d7cd011db47"}
)
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

# The unique number is told apart from ordinary names by its length; it may be negative.
_CENTRAL = re.compile(r"([A-Za-z]+)_-?\d{6,}", re.ASCII)


@dataclass(frozen=True, slots=True)
class PermissionRating:
    """How far an application permission reaches. Tier 0: to Global Administrator; 1: tenant-wide
    data or one service; 2: little; None: no source rates it.
    """

    name: str
    tier: int | None
    path: str  # direct, indirect: tested; unproven, candidate: not tested; "" below tier 0
    basis: str
    confidence: str
    disagree: str
    conditional: bool

    @property
    def tested(self) -> bool:
        """Whether a path to Global Administrator was tested."""
        return self.path in ("direct", "indirect")


@dataclass(frozen=True, slots=True)
class RoleRating:
    """How far a directory role reaches; tiers as for permissions."""

    name: str
    tier: int | None
    path: str
    is_privileged: bool
    basis: str


@dataclass(frozen=True, slots=True)
class MailboxPermission:
    """An application permission that opens mailboxes."""

    name: str
    access: str  # read, write, send, full, metadata
    bound: bool  # whether an application access policy can bind it


@dataclass(frozen=True, slots=True)
class CentralGroup:
    """A role group that Entra feeds: the directory roles behind it and its normal contents."""

    name: str
    directory_roles: frozenset[str]
    normal_roles: frozenset[str]
    nested_in: str


def _read(name: str) -> list[dict[str, str]]:
    text = (files(__name__) / f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def _tier(text: str) -> int | None:
    return int(text) if text else None


@cache
def permissions() -> Mapping[tuple[str, str], PermissionRating]:
    """Ratings of application permissions by (resource app id, permission id)."""
    return {
        (row["resource_app_id"], row["permission_id"]): PermissionRating(
            name=row["name"],
            tier=_tier(row["tier"]),
            path=row["path"],
            basis=row["basis"],
            confidence=row["confidence"],
            disagree=row["disagree"],
            conditional=row["conditional"] == "yes",
        )
        for row in _read("permissions")
    }


@cache
def roles() -> Mapping[str, RoleRating]:
    """Ratings of directory roles by template id."""
    return {
        row["template_id"]: RoleRating(
            name=row["name"],
            tier=_tier(row["tier"]),
            path=row["path"],
            is_privileged=row["is_privileged"] == "true",
            basis=row["basis"],
        )
        for row in _read("roles")
    }


@cache
def mailbox_permissions() -> Mapping[tuple[str, str], MailboxPermission]:
    """Application permissions that open mailboxes, by (resource app id, permission id)."""
    return {
        (row["resource_app_id"], row["permission_id"]): MailboxPermission(
            row["name"], row["access"], row["bound_by_access_policy"] == "yes"
        )
        for row in _read("mailbox_permissions")
    }


@cache
def exchange_levels(kind: str) -> Mapping[str, str]:
    """Level of app-only Exchange administration by role.

    `kind` is directory-role (keyed by template id), role-group or management-role (by name).
    """
    return {
        row["id"] or row["name"]: row["level"]
        for row in _read("exchange_levels")
        if row["kind"] == kind
    }


@cache
def _central_groups() -> Mapping[str, CentralGroup]:
    return {
        row["name"]: CentralGroup(
            row["name"],
            frozenset(filter(None, row["directory_roles"].split(";"))),
            frozenset(filter(None, row["normal_roles"].split(";"))),
            row["nested_in"],
        )
        for row in _read("role_groups")
    }


def is_central(name: str) -> bool:
    """Whether the name is of the kind that Entra gives the groups it feeds: word, tenant's number."""
    return _CENTRAL.fullmatch(name) is not None


def central_group(name: str) -> CentralGroup | None:
    """What is known of the role group `name`, such as TenantAdmins_-123456789; else None.

    Source: permissions-exo for TenantAdmins_, ExchangeServiceAdmins_ and HelpdeskAdmins_.
    """
    match = _CENTRAL.fullmatch(name)
    return _central_groups().get(match[1] if match else name)
