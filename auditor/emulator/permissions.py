"""Which application permissions open which part of Graph; any one of a set is enough.

Source: Microsoft's permission reference per endpoint. Written down apart from the auditor's own
table of datasets.
"""

from __future__ import annotations

from auditor.emulator.web import Refusal

_APPLICATION = frozenset({"Application.Read.All", "Application.ReadWrite.All"})
_DIRECTORY = frozenset({"Directory.Read.All", "Directory.ReadWrite.All"})

APPLICATIONS = _APPLICATION | _DIRECTORY
FEDERATED = _APPLICATION
GRANTS = _DIRECTORY | {
    "DelegatedPermissionGrant.Read.All",
    "DelegatedPermissionGrant.ReadWrite.All",
}
ROLES = _DIRECTORY | {
    "RoleManagement.Read.Directory",
    "RoleManagement.Read.All",
    "RoleManagement.ReadWrite.Directory",
}
ELIGIBILITY = frozenset(
    {
        "RoleEligibilitySchedule.Read.Directory",
        "RoleEligibilitySchedule.ReadWrite.Directory",
        "RoleManagement.Read.All",
        "RoleManagement.Read.Directory",
        "RoleManagement.ReadWrite.Directory",
    }
)
GROUPS = _DIRECTORY | {
    "Group.Read.All",
    "Group.ReadWrite.All",
    "GroupMember.Read.All",
    "GroupMember.ReadWrite.All",
}
ORGANIZATION = _DIRECTORY | {"Organization.Read.All", "Organization.ReadWrite.All"}
USERS = _DIRECTORY | {"User.Read.All", "User.ReadBasic.All", "User.ReadWrite.All"}
ANY_OBJECT = APPLICATIONS | ROLES | GROUPS | USERS

# What shows more of an object in a mixed list than its id and type.
READERS = {
    "application": APPLICATIONS,
    "servicePrincipal": APPLICATIONS,
    "group": GROUPS,
    "user": USERS,
}

# Relations that need more than the object they hang on.
EXPANSIONS = {
    "federatedIdentityCredentials": FEDERATED,
    "oauth2PermissionGrants": GRANTS,
    "members": ROLES,
}


def demand(held: frozenset[str], any_of: frozenset[str]) -> None:
    """Refuses a token that has none of the permissions."""
    if held.isdisjoint(any_of):
        raise Refusal(
            403,
            "Authorization_RequestDenied",
            "Insufficient privileges to complete the operation.",
        )
