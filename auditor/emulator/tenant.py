"""The tenant the emulator serves: directory objects as Graph words them, and their relations."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from auditor.emulator.certificates import Certificate

Json = dict[str, Any]


@dataclass(frozen=True)
class ExchangeOrg:
    """Exchange Online's side: rows as the cmdlets return them."""

    role_groups: tuple[Json, ...] = ()
    members: dict[str, tuple[Json, ...]] = field(default_factory=dict)
    service_principals: tuple[Json, ...] = ()
    assignments: tuple[Json, ...] = ()
    policies: tuple[Json, ...] = ()
    scopes: tuple[Json, ...] = ()
    roles: tuple[Json, ...] = ()
    organization: tuple[Json, ...] = ()
    audit: tuple[Json, ...] = ()

    def admits(self, object_id: str) -> bool:
        """Whether a service principal is member of a role group or holds a management role."""
        members = any(
            row.get("ExternalDirectoryObjectId") == object_id or row["Name"] == object_id
            for rows in self.members.values()
            for row in rows
        )
        return members or any(row["RoleAssigneeName"] == object_id for row in self.assignments)


@dataclass(frozen=True)
class Tenant:
    """One generated tenant. Lists are in the order the service answers them.

    `keys` holds certificate bytes by object id and keyId, because listings never carry them.
    `relations` maps a relation ("owners", "members", "federatedIdentityCredentials", ...) to
    lists by the id of the object that has it.
    """

    id: str
    name: str
    domain: str
    now: datetime
    client_id: str
    client_object_id: str
    client_certificate: Certificate
    organization: tuple[Json, ...]
    applications: tuple[Json, ...]
    service_principals: tuple[Json, ...]
    users: tuple[Json, ...]
    groups: tuple[Json, ...]
    grants: tuple[Json, ...]
    role_definitions: tuple[Json, ...]
    role_assignments: tuple[Json, ...]
    eligibilities: tuple[Json, ...]
    deleted_applications: tuple[Json, ...]
    deleted_service_principals: tuple[Json, ...]
    keys: dict[str, dict[str, str]]
    relations: dict[str, dict[str, list[Json]]]
    member_ids: dict[str, tuple[str, ...]]
    exchange: ExchangeOrg
    objects: dict[str, tuple[str, Json]]
    more: dict[str, tuple[Json, ...]] = field(default_factory=dict)  # further collections, by name

    def collection(self, name: str) -> tuple[Json, ...]:
        """A collection by the name of its field, or of its key in `more`."""
        found: tuple[Json, ...] = self.more[name] if name in self.more else getattr(self, name)
        return found

    def named(self, name: str, kind: str = "servicePrincipal") -> Json:
        """The first object of a kind with this display name."""
        for found, item in self.objects.values():
            if found == kind and item["displayName"] == name:
                return item
        raise KeyError(f"{kind} {name}")

    def by_app_id(self, collection: tuple[Json, ...], app_id: str) -> Json | None:
        """The application or service principal with this appId."""
        return next((item for item in collection if item["appId"] == app_id), None)

    def directory_roles_of(self, principal_id: str) -> frozenset[str]:
        """Template ids of the tenant-wide roles a principal holds, itself or through groups."""
        holders = {principal_id} | {
            group for group in self.member_ids if principal_id in self.transitive_members(group)
        }
        return frozenset(
            item["roleDefinitionId"]
            for item in self.role_assignments
            if item["principalId"] in holders and item["directoryScopeId"] == "/"
        )

    def transitive_members(self, group_id: str) -> tuple[str, ...]:
        """Ids of everything in a group and the groups in it, each once."""
        found: dict[str, None] = {}
        waiting = [group_id]
        while waiting:
            for member in self.member_ids.get(waiting.pop(), ()):
                if member not in found:
                    found[member] = None
                    waiting.append(member)
        return tuple(found)
