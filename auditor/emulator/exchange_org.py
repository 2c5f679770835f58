"""Builds Exchange Online's role groups, members and assignments as the cmdlets return them.

Source: Microsoft's cmdlet reference and permission pages; the shape of rows is what public tools
read from the admin API. Lists carry a type annotation beside them, in two spellings, because the
service is seen using both.
"""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass, field

from auditor.emulator.exchange_config import (
    audit_record,
    management_roles,
    organization_config,
)
from auditor.emulator.exchange_defaults import DEFAULT_GROUPS, DISPLAY, MANAGED
from auditor.emulator.tenant import ExchangeOrg, Json


@dataclass
class ExchangeBuilder:
    """Collects role groups and assignments of one organization."""

    domain: str
    seed: int
    created: str
    groups: dict[str, Json] = field(default_factory=dict)
    rows: dict[str, list[Json]] = field(default_factory=dict)
    service_principals: list[Json] = field(default_factory=list)
    assignments: list[Json] = field(default_factory=list)
    policies: list[Json] = field(default_factory=list)
    scopes: list[Json] = field(default_factory=list)
    custom_roles: dict[str, str] = field(default_factory=dict)
    records: list[Json] = field(default_factory=list)

    def __post_init__(self) -> None:
        digits = hashlib.sha256(f"{self.domain}/{self.seed}".encode()).digest()
        number = -(int.from_bytes(digits[:4], "big") % 900_000_000 + 100_000_000)
        self.marks = {"n": str(number), "g": uuid.UUID(bytes=digits[:16]).hex}
        for name, roles, _, managed in DEFAULT_GROUPS:
            self.role_group(name, roles, managed=managed, display=DISPLAY.get(name))
        for name, _, nested, _ in DEFAULT_GROUPS:
            for inner in nested:
                self.nest(name, inner)

    def real(self, name: str) -> str:
        """A default group's name with the tenant's number in it."""
        return name.format(**self.marks)

    def guid(self, kind: str, name: str) -> str:
        """The same id for the same organization, kind and name."""
        raw = hashlib.sha256(f"{self.seed}/{self.domain}/exo/{kind}/{name}".encode()).digest()
        return str(uuid.UUID(bytes=raw[:16], version=4))

    def role_group(
        self,
        name: str,
        roles: tuple[str, ...] = (),
        *,
        managed: bool = False,
        kind: str = "Standard",
        display: str | None = None,
        partner: str | None = None,
    ) -> None:
        """A role group; kind PartnerLinked is only listed on request."""
        real = self.real(name)
        identity = f"{self.domain}\\{real}"
        base = "FFO.extest.microsoft.com/Microsoft Exchange Hosted Organizations"
        self.groups[real] = {
            "ManagedBy": [f"{base}/{self.domain}/Organization Management"],
            "RoleAssignments": [],
            "Roles": [],
            "DisplayName": display or real,
            "ExternalDirectoryObjectId": "",
            "Members": [],
            "SamAccountName": real[:20],
            "Description": MANAGED if managed else f"Members of {real} hold its roles.",
            "RoleGroupType": kind,
            "LinkedGroup": "",
            "Capabilities": ["Partner_Managed"] if managed else ["None"],
            "LinkedPartnerGroupId": self.guid("partnergroup", real) if partner else "",
            "LinkedPartnerOrganizationId": partner or "",
            "Identity": real,
            "IsValid": True,
            "Name": real,
            "DistinguishedName": f"CN={real},OU={self.domain},DC=FFO,DC=extest",
            "Guid": self.guid("rolegroup", real),
            "ExchangeObjectId": self.guid("rolegroup", real),
            "Id": identity,
            "WhenCreatedUTC": self.created,
            "WhenChangedUTC": self.created,
            "ObjectState": "Changed",
        }
        self.rows[real] = []
        for role in roles:
            self.assign_group(real, role)

    def nest(self, outer: str, inner: str) -> None:
        """Makes a role group member of another."""
        name = self.real(inner)
        self._member(outer, name, self.groups[name]["Guid"], "Group", "RoleGroup", name, "")

    def add_user(self, group: str, name: str, object_id: str) -> None:
        """A user as member."""
        guid = self.guid("user", object_id)
        self._member(group, name, guid, "UserMailbox", "UserMailbox", name, object_id)

    def add_security_group(self, group: str, name: str, object_id: str) -> None:
        """A mail-enabled security group as member."""
        kind = "MailUniversalSecurityGroup"
        self._member(group, name, self.guid("group", object_id), kind, kind, name, object_id)

    def add_workload(self, group: str, object_id: str) -> None:
        """A service principal as member: all its names are its object id."""
        guid = self.guid("principal", object_id)
        self._member(group, object_id, guid, "User", "ServicePrincipal", object_id, object_id)

    def add_partner(self, group: str, name: str) -> None:
        """A partner's group as member; it has no object in this tenant."""
        self._member(group, name, self.guid("partner", name), "Group", "Partner", name, "")

    def _member(
        self,
        group: str,
        name: str,
        guid: str,
        recipient: str,
        details: str,
        display: str,
        object_id: str,
    ) -> None:
        real = self.real(group)
        self.groups[real]["Members"].append(name)
        self.rows[real].append(
            {
                "Name": name,
                "DisplayName": display,
                "Identity": name,
                "Alias": "",
                "Guid": guid,
                "ExchangeObjectId": guid,
                "ExternalDirectoryObjectId": object_id,
                "RecipientType": recipient,
                "RecipientTypeDetails": details,
                "PrimarySmtpAddress": "",
                "Capabilities": [],
            }
        )

    def workload(self, display: str, app_id: str, object_id: str) -> None:
        """Exchange's own entry of a service principal."""
        self.service_principals.append(
            {
                "DisplayName": display,
                "AppId": app_id,
                "ObjectId": object_id,
                "SidAsString": f"S-1-5-21-{int(self.guid('sid', object_id)[:8], 16)}-1104",
                "Identity": object_id,
                "Id": object_id,
                "Name": object_id,
                "Guid": self.guid("principal", object_id),
                "IsValid": True,
            }
        )

    def scope(self, name: str, recipient_filter: str) -> None:
        """A recipient scope."""
        self.scopes.append(
            {
                "Name": name,
                "Identity": name,
                "Guid": self.guid("scope", name),
                "RecipientRoot": "",
                "RecipientFilter": recipient_filter,
                "ScopeRestrictionType": "RecipientScope",
                "Exclusive": False,
                "WhenCreatedUTC": self.created,
            }
        )

    def assign_group(self, group: str, role: str) -> None:
        """A role of a role group, in the group's own lists and as an assignment."""
        real = self.real(group)
        name = f"{role}-{real}"[:64]
        self.groups[real]["Roles"].append(role)
        self.groups[real]["RoleAssignments"].append(name)
        self._assignment(name, role, real, "RoleGroup", None)

    def unassign_group(self, group: str, role: str) -> None:
        """Takes a role from a role group."""
        real = self.real(group)
        name = f"{role}-{real}"[:64]
        self.groups[real]["Roles"].remove(role)
        self.groups[real]["RoleAssignments"].remove(name)
        self.assignments = [row for row in self.assignments if row["Name"] != name]

    def assign_workload(self, object_id: str, role: str, *, scope: str | None = None) -> None:
        """A management role of a service principal, for everybody or a custom scope."""
        self._assignment(f"{role}-{object_id}"[:64], role, object_id, "ServicePrincipal", scope)

    def _assignment(
        self, name: str, role: str, assignee: str, kind: str, scope: str | None
    ) -> None:
        self.assignments.append(
            {
                "Name": name,
                "Identity": name,
                "Guid": self.guid("assignment", f"{name}/{assignee}"),
                "Role": role,
                "RoleAssignee": assignee,
                "RoleAssigneeName": assignee,
                "RoleAssigneeType": kind,
                "AssignmentMethod": "Direct",
                "RoleAssignmentDelegationType": "Regular",
                "AssignmentChain": None,
                "EffectiveUserName": "All Group Members" if kind == "RoleGroup" else assignee,
                "CustomResourceScope": scope,
                "CustomRecipientWriteScope": scope,
                "CustomConfigWriteScope": None,
                "RecipientReadScope": "Organization",
                "ConfigReadScope": "OrganizationConfig",
                "RecipientWriteScope": "CustomRecipientScope" if scope else "Organization",
                "ConfigWriteScope": "OrganizationConfig",
                "Enabled": True,
                "IsValid": True,
                "WhenCreatedUTC": self.created,
            }
        )

    def policy(
        self, app_id: str, scope_name: str, right: str = "RestrictAccess", *, valid: bool = True
    ) -> None:
        """An application access policy."""
        guid = self.guid("policy", app_id)
        sid = f"S-1-5-21-{int(guid[:8], 16)}-3301"
        self.policies.append(
            {
                "Identity": f"{self.domain}\\{app_id}:{sid};{guid}",
                "AppId": app_id,
                "ScopeName": scope_name,
                "ScopeIdentity": scope_name,
                "ScopeIdentityRaw": f"{sid};{guid}",
                "AccessRight": right,
                "ShardType": "All",
                "IsValid": valid,
                "Description": f"{app_id} reaches {scope_name} only.",
            }
        )

    def custom_role(self, name: str, parent: str) -> None:
        """A management role made from another."""
        self.custom_roles[name] = parent

    def ran(
        self,
        app_id: str,
        cmdlet: str,
        when: str,
        target: str,
        *,
        ok: bool = True,
        user: str = "",
        **parameters: str,
    ) -> None:
        """A cmdlet that an application (or `user`) ran, in the audit log."""
        id = self.guid("audit", f"{len(self.records)}/{app_id}/{cmdlet}/{when}")
        record = audit_record(
            id,
            user or f"{self.domain}/{app_id}",
            "" if user else app_id,
            cmdlet,
            when,
            domain=self.domain,
            target=target,
            parameters=parameters,
            ok=ok,
        )
        self.records.append(record)

    def finish(self) -> ExchangeOrg:
        """The organization as a value."""
        roles = {role for _, held, _, _ in DEFAULT_GROUPS for role in held}
        roles |= {row["Role"] for row in self.assignments} - set(self.custom_roles)
        config = organization_config(
            self.domain, self.domain.partition(".")[0], self.guid("org", "config"), self.created
        )
        return ExchangeOrg(
            role_groups=tuple(self.groups.values()),
            members={name: tuple(rows) for name, rows in self.rows.items()},
            service_principals=tuple(self.service_principals),
            assignments=tuple(self.assignments),
            policies=tuple(self.policies),
            scopes=tuple(self.scopes),
            roles=management_roles(roles, self.custom_roles, self.guid, self.created),
            organization=(config,),
            audit=tuple(self.records),
        )
