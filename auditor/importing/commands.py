"""The commands whose output is read: into which dataset, and which fields are judged."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

GROUPS, PARTNERS = "exchange-role-groups", "exchange-partner-role-groups"
MEMBERS = "exchange-role-group-members"
OF_GROUP = "RoleGroupGuid"  # what a file of members adds, since Exchange does not tell the group


@dataclass(frozen=True, slots=True)
class Command:
    """One command.

    needed  a row without one of them is refused
    texts, lists, flags  fields that tables read; lacking or cut, the dataset is partial
    marks   sets of fields, any one of which tells its rows from those of other commands
    whole   the command lines that give every row there is; {of} is the object asked about
    """

    cmdlet: str
    dataset: str
    needed: tuple[str, ...]
    marks: tuple[AbstractSet[str], ...]
    whole: tuple[str, ...]
    texts: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()


COMMANDS = (
    Command(
        cmdlet="Get-RoleGroupMember",
        dataset=MEMBERS,
        needed=("Name",),
        marks=({"Name", OF_GROUP},),
        whole=("Get-RoleGroupMember -Identity {of} -ResultSize Unlimited",),
        texts=("Guid", "RecipientTypeDetails", "ExternalDirectoryObjectId"),
    ),
    Command(
        cmdlet="Get-RoleGroup",
        dataset=GROUPS,
        needed=("Name", "Guid"),
        marks=({"RoleGroupType"}, {"Roles", "Members"}),
        whole=(
            "Get-RoleGroup -ResultSize Unlimited",
            "Get-RoleGroup -ResultSize Unlimited -ShowPartnerLinked",
        ),
        texts=("RoleGroupType", "LinkedPartnerOrganizationId"),
        lists=("Members", "Roles", "Capabilities"),
    ),
    Command(
        cmdlet="Get-ServicePrincipal",
        dataset="exchange-service-principals",
        needed=("AppId", "ObjectId"),
        marks=({"AppId", "ObjectId"}, {"AppId", "ServiceId"}),
        whole=("Get-ServicePrincipal",),
    ),
    Command(
        cmdlet="Get-ManagementRoleAssignment",
        dataset="exchange-role-assignments",
        needed=("Name", "Role"),
        marks=({"Role", "RoleAssigneeType"}, {"Role", "RoleAssigneeName"}),
        whole=("Get-ManagementRoleAssignment",),
        texts=("RoleAssigneeName", "RoleAssigneeType", "RoleAssignmentDelegationType"),
        flags=("Enabled",),
    ),
    Command(
        cmdlet="Get-ApplicationAccessPolicy",
        dataset="exchange-access-policies",
        needed=("Identity", "AppId"),
        marks=({"AppId", "AccessRight"},),
        whole=("Get-ApplicationAccessPolicy",),
        texts=("AccessRight", "ScopeName"),
        flags=("IsValid",),
    ),
    Command(
        cmdlet="Get-ManagementScope",
        dataset="exchange-management-scopes",
        needed=("Name",),
        marks=({"ScopeRestrictionType"}, {"RecipientFilter", "RecipientRoot"}),
        whole=("Get-ManagementScope",),
        texts=("RecipientFilter", "ScopeRestrictionType"),
        flags=("Exclusive",),
    ),
    Command(
        cmdlet="Get-ManagementRole",
        dataset="exchange-management-roles",
        needed=("Name",),
        marks=({"RoleType", "IsRootRole"}, {"RoleType", "Parent"}),
        whole=("Get-ManagementRole",),
        texts=("RoleType", "Parent"),
        flags=("IsRootRole",),
    ),
    Command(
        cmdlet="Get-OrganizationConfig",
        dataset="exchange-organization-config",
        needed=("Name",),
        marks=({"IsDehydrated"},),
        whole=("Get-OrganizationConfig",),
    ),
)
