"""Builds a tenant from short statements such as `app("Payroll Sync", secrets=[...])`.

The shapes are those of Graph v1.0 metadata: every property the service returns by default is there,
with the service's own empty values.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field

from auditor.emulator import facts
from auditor.emulator.credentials import NOTHING, CredentialMaker, Credentials
from auditor.emulator.shapes import application, resource_principal, service_principal
from auditor.emulator.tenant import Json


@dataclass(frozen=True)
class AppHandle:
    """The ids of what `app` made; empty where there is none."""

    app_id: str = ""
    object_id: str = ""
    principal_id: str = ""


@dataclass
class TenantBuilder(CredentialMaker):
    """Collects the statements of a story; `directory.finish` makes the Tenant of them."""

    domain: str = ""
    exchange_resource: str = facts.EXCHANGE  # whose app role lets an application into Exchange
    applications: list[Json] = field(default_factory=list)
    principals: list[Json] = field(default_factory=list)
    users: list[Json] = field(default_factory=list)
    groups: list[Json] = field(default_factory=list)
    grants: list[Json] = field(default_factory=list)
    assignments: list[Json] = field(default_factory=list)
    roles: list[Json] = field(default_factory=list)
    eligible: list[Json] = field(default_factory=list)
    deleted_applications: list[Json] = field(default_factory=list)
    deleted_principals: list[Json] = field(default_factory=list)
    keys: dict[str, dict[str, str]] = field(default_factory=dict)
    owners: dict[str, tuple[str, ...]] = field(default_factory=dict)
    members: dict[str, tuple[str, ...]] = field(default_factory=dict)
    federated: dict[str, list[Json]] = field(default_factory=dict)
    resource_ids: dict[str, str] = field(default_factory=dict)
    principal_names: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.tenant_id = self.guid("tenant", self.name)
        first_party = [*facts.FIRST_PARTY]
        if self.exchange_resource == facts.EXCHANGE_PROTECTION:
            first_party.append(("Microsoft Exchange Online Protection", facts.EXCHANGE_PROTECTION))
        for title, app_id in first_party:
            item = resource_principal(self.guid("principal", title), app_id, title)
            self._add_principal(item)

    def user(self, name: str, *, guest: bool = False, enabled: bool = True) -> str:
        """A user; returns its id."""
        local = name.lower().replace(" ", ".")
        suffix = f"_partner.example#EXT#@{self.domain}" if guest else f"@{self.domain}"
        item: Json = {
            "id": self.guid("user", name),
            "displayName": name,
            "userPrincipalName": local + suffix,
            "mail": f"{local}@{'partner.example' if guest else self.domain}",
            "userType": "Guest" if guest else "Member",
            "accountEnabled": enabled,
            "givenName": name.split(maxsplit=1)[0],
            "surname": name.rsplit(maxsplit=1)[-1],
            "jobTitle": None,
        }
        self.users.append(item)
        return str(item["id"])

    def group(self, name: str, members: tuple[str, ...], *, for_roles: bool = False) -> str:
        """A security group; returns its id."""
        item: Json = {
            "id": self.guid("group", name),
            "displayName": name,
            "description": None,
            "groupTypes": [],
            "isAssignableToRole": True if for_roles else None,
            "mailEnabled": False,
            "mailNickname": name.replace(" ", ""),
            "securityEnabled": True,
            "visibility": "Private" if for_roles else None,
            "createdDateTime": self.stamp(-500),
        }
        self.groups.append(item)
        self.members[item["id"]] = members
        return str(item["id"])

    def app(
        self,
        name: str,
        *,
        credentials: Credentials = NOTHING,
        principal_credentials: Credentials = NOTHING,
        holds: tuple[str, ...] = (),
        asks: tuple[str, ...] | None = None,
        owners: tuple[str, ...] = (),
        principal_owners: tuple[str, ...] = (),
        roles: tuple[str, ...] = (),
        reference: str | None = None,
        with_principal: bool = True,
        key: str | None = None,
        created: float = -400,
        audience: str = "AzureADMyOrg",
        **more: object,
    ) -> AppHandle:
        """An own application; `holds` ("Graph/Mail.Read") is granted, `asks` is requested."""
        unique = key or name
        object_id, app_id = self.guid("application", unique), self.guid("appid", unique)
        item = application(object_id, app_id, name, self.domain, self.stamp(created))
        item["signInAudience"] = audience
        item["serviceManagementReference"] = reference
        item["requiredResourceAccess"] = self._requests(holds if asks is None else asks)
        item.update(more)
        self._put(item, credentials)
        self.applications.append(item)
        self.owners[object_id] = owners
        if not with_principal:
            return AppHandle(app_id, object_id, "")
        principal_id = self.principal(
            name,
            app_id=app_id,
            key=unique,
            credentials=principal_credentials,
            holds=holds,
            owners=principal_owners,
            roles=roles,
            created=created,
            signInAudience=audience,
        )
        return AppHandle(app_id, object_id, principal_id)

    def principal(
        self,
        name: str,
        *,
        app_id: str = "",
        key: str | None = None,
        owner_tenant: str | None = None,
        kind: str = "Application",
        credentials: Credentials = NOTHING,
        holds: tuple[str, ...] = (),
        owners: tuple[str, ...] = (),
        roles: tuple[str, ...] = (),
        created: float = -400,
        **more: object,
    ) -> str:
        """A service principal alone: foreign, a managed identity, or of a lost registration."""
        unique = key or name
        object_id = self.guid("principal", unique)
        item = service_principal(
            object_id,
            app_id or self.guid("appid", unique),
            name,
            None if kind == "ManagedIdentity" else owner_tenant or self.tenant_id,
            self.stamp(created),
        )
        item["servicePrincipalType"] = kind
        item.update(more)
        self._put(item, credentials)
        self._add_principal(item)
        self.owners[object_id] = owners
        for permission in holds:
            self.grant(object_id, permission, created=created)
        for role in roles:
            self.role(object_id, role)
        return object_id

    def grant(self, principal_id: str, permission: str, *, created: float = -300) -> None:
        """An application permission, as consented by an administrator."""
        resource, name = facts.split_permission(permission, self.exchange_resource)
        raw = hashlib.sha256(f"{principal_id}/{resource}/{name}/{self.seed}".encode()).digest()
        self.assignments.append(
            {
                "id": base64.urlsafe_b64encode(raw).decode().rstrip("="),
                "deletedDateTime": None,
                "appRoleId": facts.app_role_id(resource, name),
                "createdDateTime": self.stamp(created),
                "principalDisplayName": self.principal_names[principal_id],
                "principalId": principal_id,
                "principalType": "ServicePrincipal",
                "resourceDisplayName": self.principal_names[self.resource_ids[resource]],
                "resourceId": self.resource_ids[resource],
            }
        )

    def delegated(
        self, client_id: str, scope: str, *, resource: str = "Graph", user: str | None = None
    ) -> None:
        """A delegated grant, for one user or for everybody; the scope is kept as written."""
        target = self.resource_ids[facts.RESOURCES[resource]]
        raw = hashlib.sha256(f"{client_id}/{target}/{user}/{self.seed}".encode()).digest()
        self.grants.append(
            {
                "clientId": client_id,
                "consentType": "Principal" if user else "AllPrincipals",
                "id": base64.urlsafe_b64encode(raw).decode().rstrip("="),
                "principalId": user,
                "resourceId": target,
                "scope": scope,
            }
        )

    def role(self, principal_id: str, role: str, *, scope: str = "/") -> None:
        """A standing directory role assignment."""
        name = f"{principal_id}/{role}/{scope}"
        self.roles.append(
            {
                "id": self.guid("roleassignment", name).replace("-", "") + "-1",
                "principalId": principal_id,
                "principalOrganizationId": self.tenant_id,
                "directoryScopeId": scope,
                "roleDefinitionId": facts.role_id(role),
            }
        )

    def eligibility(self, principal_id: str, role: str) -> None:
        """A role somebody may activate for a time."""
        name = f"{principal_id}/{role}"
        self.eligible.append(
            {
                "id": self.guid("eligibility", name).replace("-", "") + "-1-e",
                "principalId": principal_id,
                "roleDefinitionId": facts.role_id(role),
                "directoryScopeId": "/",
                "appScopeId": None,
                "startDateTime": self.stamp(-120),
                "endDateTime": self.stamp(245),
                "memberType": "Direct",
                "roleEligibilityScheduleId": self.guid("schedule", name),
            }
        )

    def trust(self, handle: AppHandle, name: str, issuer: str, subject: str) -> None:
        """A federated credential of an application."""
        self.federated.setdefault(handle.object_id, []).append(
            {
                "id": self.guid("federated", f"{handle.app_id}/{name}"),
                "name": name,
                "issuer": issuer,
                "subject": subject,
                "description": None,
                "audiences": ["api://AzureADTokenExchange"],
            }
        )

    def principal_id(self, name: str) -> str:
        """The id of the service principal with this display name."""
        return next(key for key, value in self.principal_names.items() if value == name)

    def group_id(self, name: str) -> str:
        """The id of the group with this display name."""
        return next(str(item["id"]) for item in self.groups if item["displayName"] == name)

    def application_named(self, name: str) -> Json:
        """The application with this display name."""
        return next(item for item in self.applications if item["displayName"] == name)

    def put(self, principal_id: str, credentials: Credentials) -> None:
        """Puts credentials on a service principal that is there already."""
        self._put(next(p for p in self.principals if p["id"] == principal_id), credentials)

    def _put(self, item: Json, credentials: Credentials) -> None:
        item["passwordCredentials"] = list(credentials.passwords)
        item["keyCredentials"] = [listed for listed, _ in credentials.keys]
        if credentials.keys:
            self.keys[item["id"]] = {listed["keyId"]: data for listed, data in credentials.keys}

    def _add_principal(self, item: Json) -> None:
        self.principals.append(item)
        self.principal_names[item["id"]] = item["displayName"]
        self.resource_ids.setdefault(item["appId"], item["id"])

    def _requests(self, permissions: tuple[str, ...]) -> list[Json]:
        wanted: dict[str, list[Json]] = {}
        for text in permissions:
            resource, name = facts.split_permission(
                text.removeprefix("delegated:"), self.exchange_resource
            )
            delegated = text.startswith("delegated:")
            identifier = (facts.scope_id if delegated else facts.app_role_id)(resource, name)
            kind = "Scope" if delegated else "Role"
            wanted.setdefault(resource, []).append({"id": identifier, "type": kind})
        return [{"resourceAppId": app, "resourceAccess": items} for app, items in wanted.items()]
