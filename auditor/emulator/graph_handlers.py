"""What the endpoints of Graph answer from the tenant."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from auditor.emulator.tenant import Json, Tenant
from auditor.emulator.web import Call, Refusal

_EXPANDABLE = {
    "application": frozenset({"owners", "federatedIdentityCredentials"}),
    "servicePrincipal": frozenset(
        {"owners", "appRoleAssignments", "appRoleAssignedTo", "oauth2PermissionGrants"}
    ),
    "directoryRole": frozenset({"members"}),
    "agentIdentity": frozenset({"owners", "sponsors"}),
    "unifiedRoleAssignment": frozenset({"principal", "roleDefinition", "directoryScope"}),
    "unifiedRoleEligibilityScheduleInstance": frozenset({"principal", "roleDefinition"}),
}


@dataclass(frozen=True)
class Listing:
    """A collection. `mixed` lists objects of several types, `cast` is an OData cast.

    `filtered` says that the handler has applied $filter, which then is no plain comparison.
    """

    kind: str
    items: list[Json]
    filters: frozenset[str] = frozenset()
    paged: bool = True
    countable: bool = True
    mixed: bool = False
    cast: bool = False
    filtered: bool = False

    @property
    def expandable(self) -> frozenset[str]:
        """The relations $expand may name."""
        return _EXPANDABLE.get(self.kind, frozenset())


@dataclass(frozen=True)
class Single:
    """One object."""

    kind: str
    item: Json
    mixed: bool = False

    @property
    def expandable(self) -> frozenset[str]:
        """The relations $expand may name."""
        return _EXPANDABLE.get(self.kind, frozenset())


@dataclass(frozen=True)
class Amount:
    """The answer of a $count segment."""

    kind: str
    number: int


Found = Listing | Single | Amount
Handler = Callable[[Tenant, Call, dict[str, str]], Found]


def relation_items(
    tenant: Tenant, kind: str, relation: str, item: Json
) -> list[Json] | Json | None:
    """What an $expand shows of an object: a list, one object or nothing."""
    if single := _SINGLE_RELATIONS.get(relation):
        return single(tenant, item)
    if kind == "directoryRole":
        return _role_members(tenant, item["roleTemplateId"])
    return tenant.relations[relation].get(item["id"], [])


def not_found(name: str) -> Refusal:
    """404 for an object that is not there."""
    return Refusal(
        404,
        "Request_ResourceNotFound",
        f"Resource '{name}' does not exist or one of its queried reference-property objects are "
        "not present.",
    )


def _pick(tenant: Tenant, kind: str, parts: dict[str, str]) -> Json:
    if app_id := parts.get("appid"):
        collections = {
            "application": tenant.applications,
            "servicePrincipal": tenant.service_principals,
        }
        item = tenant.by_app_id(collections[kind], app_id.casefold())
        if item is None:
            raise not_found(app_id)
        return item
    found, item = tenant.objects.get(parts["id"].casefold(), ("", {}))
    if found != kind:
        raise not_found(parts["id"])
    return item


def collection(name: str, kind: str, filters: frozenset[str], **more: bool) -> Handler:
    """A whole collection of the tenant."""

    def handle(tenant: Tenant, call: Call, _parts: dict[str, str]) -> Found:
        items: list[Json] = list(tenant.collection(name))
        return counted(call, Listing(kind, items, filters, **more))

    return handle


def one(kind: str) -> Handler:
    """One object by its id or appId."""

    def handle(tenant: Tenant, _call: Call, parts: dict[str, str]) -> Found:
        return Single(kind, _pick(tenant, kind, parts))

    return handle


def anything(tenant: Tenant, _call: Call, parts: dict[str, str]) -> Found:
    """One directory object of whatever type, by its id."""
    kind, item = tenant.objects.get(parts["id"].casefold(), ("", {}))
    if not kind:
        raise not_found(parts["id"])
    return Single("directoryObject", item, mixed=True)


def related(owner: str, relation: str, kind: str, *names: str, mixed: bool = False) -> Handler:
    """A relation of one object; `names` are what $filter may use."""

    def handle(tenant: Tenant, call: Call, parts: dict[str, str]) -> Found:
        item = _pick(tenant, owner, parts)
        items = tenant.relations[relation].get(item["id"], [])
        return counted(call, Listing(kind, items, frozenset(names), mixed=mixed))

    return handle


def members(*, transitive: bool, cast: bool) -> Handler:
    """Members of a group, direct or all, service principals only by cast."""

    def handle(tenant: Tenant, call: Call, parts: dict[str, str]) -> Found:
        group = _pick(tenant, "group", parts)
        direct = tenant.member_ids.get(group["id"], ())
        ids = tenant.transitive_members(group["id"]) if transitive else direct
        found = [tenant.objects[i] for i in ids if i in tenant.objects]
        # Without a cast v1.0 leaves service principals out of a group's members.
        items = [item for kind, item in found if (kind == "servicePrincipal") is cast]
        kind = "servicePrincipal" if cast else "directoryObject"
        return counted(call, Listing(kind, items, mixed=True, cast=cast))

    return handle


def counted(call: Call, listing: Listing) -> Found:
    """The listing, or how long it is where the path asks that."""
    if not call.path.endswith("/$count"):
        return listing
    return Amount(listing.kind, len(listing.items))


def directory_roles(tenant: Tenant, _call: Call, _parts: dict[str, str]) -> Found:
    """The activated roles: those somebody holds."""
    activated = {item["roleDefinitionId"] for item in tenant.role_assignments}
    items: list[Json] = [
        {
            # An activated role has an id of its own; only roleTemplateId names the role.
            "id": f"{role['id'][:-4]}{(int(role['id'][-4:], 16) ^ 0xA5A5):04x}",
            "deletedDateTime": None,
            "description": role["description"],
            "displayName": role["displayName"],
            "roleTemplateId": role["templateId"],
        }
        for role in tenant.role_definitions
        if role["id"] in activated
    ]
    names = frozenset({"roleTemplateId", "displayName"})
    return Listing("directoryRole", items, names, paged=False, countable=False)


def _role_members(tenant: Tenant, template: str) -> list[Json]:
    ids = [
        item["principalId"]
        for item in tenant.role_assignments
        if item["roleDefinitionId"] == template and item["directoryScopeId"] == "/"
    ]
    return [tenant.objects[i][1] for i in ids if i in tenant.objects]


def _principal(tenant: Tenant, item: Json) -> Json | None:
    return tenant.objects.get(item["principalId"], ("", None))[1]


def _definition(tenant: Tenant, item: Json) -> Json | None:
    wanted = item["roleDefinitionId"]
    return next((role for role in tenant.role_definitions if role["id"] == wanted), None)


def _scope(_tenant: Tenant, item: Json) -> Json | None:
    return {"id": item["directoryScopeId"].rpartition("/")[2]}


_SINGLE_RELATIONS: dict[str, Callable[[Tenant, Json], Json | None]] = {
    "principal": _principal,
    "roleDefinition": _definition,
    "directoryScope": _scope,
}
