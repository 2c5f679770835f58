"""The least the auditor is allowed, by tier: application permissions, roles and who may grant them.

Sources: app role ids from the export of Microsoft Graph's and Exchange Online's own service
principals; the least permission of each endpoint from Microsoft's permissions reference
(reference, section 1.1); Exchange.ManageAsApp and what it needs besides from
app-only-auth-powershell-v2 (reference, sections 4.1 and 4.2).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from auditor.knowledge import EXCHANGE, EXCHANGE_PROTECTION, GRAPH

TIERS = ("core", "activity", "pim", "exchange")
GLOBAL_READER = "f2ef992c-3afb-46b9-b7cf-a126ee74c451"  # a role's template id is its id everywhere
VIEW_ONLY = "View-Only Organization Management"
EXCHANGE_ROLES = ("view-only-organization-management", "global-reader")

RESOURCES = {
    GRAPH: "Microsoft Graph",
    EXCHANGE: "Office 365 Exchange Online",
    EXCHANGE_PROTECTION: "Microsoft Exchange Online Protection",
}


@dataclass(frozen=True, slots=True)
class Permission:
    """An application permission: on which resource, its app role id, and what it opens for us."""

    tier: str
    name: str
    id: str
    opens: str
    resource: str = GRAPH


_PERMISSIONS = (
    Permission(
        "core",
        "Application.Read.All",
        "9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30",
        "applications, credentials, federation, grants",
    ),
    Permission(
        "core",
        "Directory.Read.All",
        "7ab1d382-f21e-4acd-a863-ba3e13f7da61",
        "delegated grants, groups, directory roles",
    ),
    Permission(
        "core",
        "Policy.Read.All",
        "246dd0d5-5bd0-4def-940b-0421030a5b68",
        "app management, authorization, Conditional Access",
    ),
    Permission(
        "core",
        "Policy.Read.PermissionGrant",
        "9e640839-a198-48fb-8b9a-013fd6f6cbcd",
        "who may consent to what",
    ),
    Permission(
        "activity",
        "AuditLog.Read.All",
        "b0afded3-3588-46d8-8b3d-9842eff778da",
        "sign-in activity, audit log",
    ),
    Permission(
        "activity",
        "IdentityRiskyServicePrincipal.Read.All",
        "607c7344-0eed-41e5-823a-9695ebe1b7b0",
        "service principals at risk",
    ),
    Permission(
        "activity",
        "IdentityRiskEvent.Read.All",
        "6e472fd1-ad78-48da-a0f0-97ab2c6b769e",
        "detections behind that risk",
    ),
    Permission(
        "pim",
        "RoleAssignmentSchedule.Read.Directory",
        "d5fe8ce8-684c-4c83-a52c-46e882ce4be1",
        "active assignments of directory roles",
    ),
    Permission(
        "pim",
        "RoleEligibilitySchedule.Read.Directory",
        "ff278e11-4a33-4d0c-83d2-d01dc58929a5",
        "directory roles one may activate",
    ),
    Permission(
        "pim",
        "PrivilegedAssignmentSchedule.Read.AzureADGroup",
        "cd4161cb-f098-48f8-a884-1eda9a42434c",
        "active memberships of groups",
    ),
    Permission(
        "pim",
        "PrivilegedEligibilitySchedule.Read.AzureADGroup",
        "edb419d6-7edc-42a3-9345-509bfdf5d87c",
        "memberships one may activate",
    ),
)
_MANAGE_AS_APP = Permission(
    "exchange",
    "Exchange.ManageAsApp",
    "dc50a0fb-09a3-484d-be87-e023b12c6440",
    "Exchange's door; opens nothing alone",
    EXCHANGE,
)
# The same permission has another resource and id there (app-only-auth-powershell-v2).
_MANAGE_AS_APP_GOVERNMENT = Permission(
    "exchange",
    "Exchange.ManageAsApp",
    "455e5cd2-84e8-4751-8344-5672145dfa17",
    "Exchange's door; opens nothing alone",
    EXCHANGE_PROTECTION,
)


def permissions(tiers: Collection[str], cloud: str = "global") -> tuple[Permission, ...]:
    """The application permissions of the tiers, in the order of the tiers."""
    government = cloud in {"gcc-high", "dod"}
    exchange = _MANAGE_AS_APP_GOVERNMENT if government else _MANAGE_AS_APP
    return tuple(each for each in (*_PERMISSIONS, exchange) if each.tier in tiers)


def unreadable(granted: Collection[Permission]) -> tuple[str, ...]:
    """The datasets that none of the granted permissions opens."""
    from auditor.datasets import DATASETS

    names = {each.name for each in granted}
    return tuple(
        name
        for name, dataset in DATASETS.items()
        if not any(names.issuperset(way) for way in dataset.permissions)
    )
