"""Makes a Tenant of what a story stated: relations, indexes and the built-in roles."""

from __future__ import annotations

from dataclasses import dataclass, field

from auditor.emulator import facts, shapes
from auditor.emulator.builder import AppHandle, TenantBuilder
from auditor.emulator.certificates import Certificate
from auditor.emulator.tenant import ExchangeOrg, Json, Tenant


@dataclass(frozen=True)
class Client:
    """The auditor's own application in a story."""

    handle: AppHandle
    certificate: Certificate


@dataclass
class Further:
    """What a story states besides: collections by name, and sponsors by the id of an agent."""

    collections: dict[str, list[Json]] = field(default_factory=dict)
    sponsors: dict[str, tuple[str, ...]] = field(default_factory=dict)
    partner: str | None = None  # partnerTenantType of the organization

    def add(self, name: str, *items: Json) -> None:
        """Adds objects to a collection."""
        self.collections.setdefault(name, []).extend(items)


def finish(
    build: TenantBuilder,
    exchange: ExchangeOrg,
    client: Client,
    further: Further | None = None,
    unlicensed: tuple[str, ...] = (),
) -> Tenant:
    """The tenant as a value the server reads and never changes."""
    further = further or Further()
    objects = _objects(build)
    relations = _relations(build, objects)
    relations["sponsors"] = {
        owned: [objects[sponsor][1] for sponsor in ids] for owned, ids in further.sponsors.items()
    }
    return Tenant(
        id=build.tenant_id,
        name=build.name,
        domain=build.domain,
        now=build.now,
        client_id=client.handle.app_id,
        client_object_id=client.handle.principal_id,
        client_certificate=client.certificate,
        organization=(
            {
                **shapes.organization(build.tenant_id, build.name, build.domain),
                "partnerTenantType": further.partner,
            },
        ),
        applications=tuple(build.applications),
        service_principals=tuple(build.principals),
        users=tuple(build.users),
        groups=tuple(build.groups),
        grants=tuple(build.grants),
        role_definitions=tuple(shapes.role_definition(role) for role in facts.role_facts()),
        role_assignments=tuple(build.roles),
        eligibilities=tuple(build.eligible),
        deleted_applications=tuple(build.deleted_applications),
        deleted_service_principals=tuple(build.deleted_principals),
        keys=build.keys,
        relations=relations,
        member_ids=build.members,
        exchange=exchange,
        objects=objects,
        more={name: tuple(items) for name, items in further.collections.items()},
        unlicensed=unlicensed,
    )


def _objects(build: TenantBuilder) -> dict[str, tuple[str, Json]]:
    kinds = {
        "application": build.applications,
        "servicePrincipal": build.principals,
        "user": build.users,
        "group": build.groups,
    }
    return {item["id"]: (kind, item) for kind, items in kinds.items() for item in items}


def _relations(
    build: TenantBuilder, objects: dict[str, tuple[str, Json]]
) -> dict[str, dict[str, list[Json]]]:
    by_client: dict[str, list[Json]] = {}
    by_resource: dict[str, list[Json]] = {}
    for item in build.assignments:
        by_client.setdefault(item["principalId"], []).append(item)
        by_resource.setdefault(item["resourceId"], []).append(item)
    grants: dict[str, list[Json]] = {}
    for item in build.grants:
        grants.setdefault(item["clientId"], []).append(item)
    owners = {
        owned: [objects[owner][1] for owner in ids] for owned, ids in build.owners.items() if ids
    }
    return {
        "owners": owners,
        "appRoleAssignments": by_client,
        "appRoleAssignedTo": by_resource,
        "oauth2PermissionGrants": grants,
        "federatedIdentityCredentials": {
            holder: [{"claimsMatchingExpression": None, **each} for each in trusted]
            for holder, trusted in build.federated.items()
        },
    }
