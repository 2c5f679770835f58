"""Exchange's role groups, management roles and what opens mailboxes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from auditor.knowledge.data import read, texts

# The unique number is told apart from ordinary names by its length; it may be negative.
_CENTRAL = re.compile(r"([A-Za-z]+)_-?\d{6,}", re.ASCII)


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


@dataclass(frozen=True, slots=True)
class ExchangeRole:
    """What opens Exchange's administration, how far, and who says so."""

    kind: str  # directory-role, role-group, management-role
    id: str  # template id of a directory role
    name: str
    level: str
    allows: str  # what a management role allows, in a few words
    source: str


@cache
def mailbox_permissions() -> Mapping[tuple[str, str], MailboxPermission]:
    """Application permissions that open mailboxes, by (resource app id, permission id)."""
    return {
        (row["resource_app_id"], row["permission_id"]): MailboxPermission(
            row["name"], row["access"], row["bound_by_access_policy"] == "yes"
        )
        for row in read("mailbox_permissions")
    }


@cache
def exchange_roles() -> tuple[ExchangeRole, ...]:
    """Everything that gives a level of app-only Exchange administration."""
    return tuple(ExchangeRole(**row) for row in read("exchange_levels"))


@cache
def exchange_levels(kind: str) -> Mapping[str, str]:
    """Level of app-only Exchange administration by role.

    `kind` is directory-role (keyed by template id), role-group or management-role (by name).
    """
    return {each.id or each.name: each.level for each in exchange_roles() if each.kind == kind}


@cache
def role_group_contents() -> Mapping[str, tuple[str, ...]]:
    """Management roles that Exchange's own role groups hold by default, by the group's name.

    For people to compare with; no verdict hangs on it. Source: permissions-exo.
    """
    return {
        row["role_group"]: texts(row["management_roles"]) for row in read("role_group_contents")
    }


@cache
def central_groups() -> Mapping[str, CentralGroup]:
    """Role groups that directory roles feed, by name without the tenant's number."""
    return {
        row["name"]: CentralGroup(
            row["name"],
            frozenset(texts(row["directory_roles"])),
            frozenset(texts(row["normal_roles"])),
            row["nested_in"],
        )
        for row in read("role_groups")
    }


def is_central(name: str) -> bool:
    """Whether the name is of the kind that Entra gives the groups it feeds: word, tenant's number."""
    return _CENTRAL.fullmatch(name) is not None


def central_group(name: str) -> CentralGroup | None:
    """What is known of the role group `name`, such as TenantAdmins_-123456789; else None.

    Source: permissions-exo for TenantAdmins_, ExchangeServiceAdmins_ and HelpdeskAdmins_.
    """
    match = _CENTRAL.fullmatch(name)
    return central_groups().get(match[1] if match else name)
