"""Well-known ids the emulator needs, written down apart from the auditor's own knowledge.

Sources: Microsoft's published permission reference, the built-in roles reference and the metadata
of Graph v1.0. The emulator keeps its own copy on purpose: were it to share the auditor's tables, a
wrong id would agree with itself.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

GRAPH = "00000003-0000-0000-c000-000000000000"
EXCHANGE = "00000002-0000-0ff1-ce00-000000000000"
EXCHANGE_PROTECTION = "00000007-0000-0ff1-ce00-000000000000"
SHAREPOINT = "00000003-0000-0ff1-ce00-000000000000"
AAD_GRAPH = "00000002-0000-0000-c000-000000000000"
OFFICE_MANAGEMENT = "c5393580-f805-4401-95e8-94b7a6ef2fc2"
MICROSOFT_TENANT = "f8cdef31-a31e-4b4a-93e4-5f571e91255a"
DEFAULT_USER_ROLE = "0997a1d0-0d1d-4acb-b408-d5ca73121e90"
MEMBER_ROLE = "b79fbf4d-3ef9-4689-8143-76b194e85509"  # in every member's token
AZURE_CLI = "04b07795-8ddb-461a-bbee-02f9e1bf7b46"
# What Microsoft consented to for its own client, in every tenant (as `az` shows of its token).
AZURE_CLI_SCOPES = (
    "Application.ReadWrite.All",
    "AppRoleAssignment.ReadWrite.All",
    "AuditLog.Read.All",
    "DelegatedPermissionGrant.ReadWrite.All",
    "Directory.AccessAsUser.All",
    "Group.ReadWrite.All",
    "User.Read.All",
    "User.ReadWrite.All",
)

# The short names that stories use for the resources.
RESOURCES = {
    "Graph": GRAPH,
    "Exchange": EXCHANGE,
    "SharePoint": SHAREPOINT,
    "AadGraph": AAD_GRAPH,
    "Management": OFFICE_MANAGEMENT,
}

# Display name and app id of the Microsoft service principals both stories have.
FIRST_PARTY = (
    ("Microsoft Graph", GRAPH),
    ("Office 365 Exchange Online", EXCHANGE),
    ("Office 365 SharePoint Online", SHAREPOINT),
    ("Windows Azure Active Directory", AAD_GRAPH),
    ("Office 365 Management APIs", OFFICE_MANAGEMENT),
    ("Azure Portal", "c44b4083-3bb0-49c1-b47d-974e53cbdf3c"),
    ("Windows Azure Service Management API", "797f4846-ba00-4fd7-ba43-dac1f8f63013"),
    ("Microsoft Azure CLI", AZURE_CLI),
    ("Microsoft Azure PowerShell", "1950a258-227b-4e31-a9cf-717495945fc2"),
    ("Microsoft Exchange REST API Based Powershell", "fb78d390-0c51-40cd-8e17-fdbfab77341b"),
    ("Microsoft Teams Services", "cc15fd57-2c6c-4117-a88c-83b1d56b4bbe"),
    ("Microsoft Intune", "0000000a-0000-0000-c000-000000000000"),
    ("Power BI Service", "00000009-0000-0000-c000-000000000000"),
)

# Entra roles that open Exchange Online to an app that holds Exchange.ManageAsApp.
EXCHANGE_ROLES = frozenset(
    {
        "17315797-102d-40b4-93e0-432062caca18",
        "29232cdf-9323-42fd-ade2-1d097af3e4de",
        "31392ffb-586c-42d1-9346-e59415a2cc4e",
        "62e90394-69f5-4237-9190-012177145e10",
        "f2ef992c-3afb-46b9-b7cf-a126ee74c451",
        "729827e3-9c14-49f7-bb1b-9608f156bbb8",
        "194ae4cb-b126-40b2-bd5b-6091b380977d",
        "5d6b6bb7-de71-4623-b4af-96380a352509",
    }
)


@dataclass(frozen=True)
class Permission:
    """One app role or delegated scope of a resource."""

    id: str
    name: str
    title: str


@dataclass(frozen=True)
class RoleFact:
    """One built-in directory role."""

    id: str
    name: str
    privileged: bool
    description: str


def load(name: str) -> Any:
    """The data file of this name, shipped with the emulator."""
    text = (resources.files("auditor.emulator") / "data" / name).read_text("utf-8")
    return json.loads(text)


@cache
def app_roles(resource: str) -> tuple[Permission, ...]:
    """The application permissions of a resource, by its app id."""
    return _permissions(resource, "application")


@cache
def scopes(resource: str) -> tuple[Permission, ...]:
    """The delegated permissions of a resource, by its app id."""
    return _permissions(resource, "delegated")


@cache
def permission_names(resource: str) -> frozenset[str]:
    """Names of the application permissions of a resource."""
    return frozenset(permission.name for permission in app_roles(resource))


@cache
def app_role_id(resource: str, name: str) -> str:
    """The id of an application permission; the first where a name has two."""
    return next(p.id for p in app_roles(resource) if p.name == name)


def split_permission(text: str, exchange_resource: str) -> tuple[str, str]:
    """The resource's app id and the permission's name of "Graph/Mail.Read".

    Which resource lets an application into Exchange is the cloud's affair.
    """
    short, _, name = text.partition("/")
    if (short, name) == ("Exchange", "Exchange.ManageAsApp"):
        return exchange_resource, name
    return RESOURCES[short], name


@cache
def scope_id(resource: str, name: str) -> str:
    """The id of a delegated permission."""
    return next(p.id for p in scopes(resource) if p.name == name)


@cache
def role_facts() -> tuple[RoleFact, ...]:
    """Every built-in directory role."""
    return tuple(RoleFact(*row) for row in load("roles.json"))


@cache
def role_id(name: str) -> str:
    """The template id of a built-in directory role."""
    return next(role.id for role in role_facts() if role.name == name)


@cache
def property_names(kind: str) -> frozenset[str]:
    """The v1.0 property names of application or servicePrincipal."""
    return frozenset(load("properties.json")[kind])


@cache
def _all_permissions() -> dict[str, dict[str, list[list[str]]]]:
    loaded: dict[str, dict[str, list[list[str]]]] = load("permissions.json")
    return loaded


def _permissions(resource: str, kind: str) -> tuple[Permission, ...]:
    rows = _all_permissions().get(resource, {}).get(kind, [])
    return tuple(Permission(*row) for row in rows)
