"""Application permissions and delegated grants, and what applications ask for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from auditor.knowledge import APPLICATION, DELEGATED, permissions
from auditor.tables import rating
from auditor.tables.declare import PAGE, Frame, Table, flag, row, text, time
from auditor.tables.source import Source, known, place, positions, words


def _names(source: Source) -> dict[tuple[str, str], str]:
    """Names of application and delegated permissions by (resource app id, permission id)."""
    found: dict[tuple[str, str], str] = {
        key: each.name
        for kind in (DELEGATED, APPLICATION)
        for key, each in permissions(kind).items()
    }
    found |= source.ratings.names()
    for each in source.rows("service-principals"):
        app_id = words(each.item.get("appId"))
        for name in ("appRoles", "oauth2PermissionScopes"):
            for entry in source.each("service-principals", each.item, name, needed=False):
                id, value = words(entry.get("id")), words(entry.get("value"))
                if app_id and id and value:
                    found[app_id.lower(), id.lower()] = value
    return found


def _grants(source: Source) -> Frame:
    principals = source.table("service_principals")
    rows = positions(principals, "id")
    names = _names(source)
    return GRANTS.frame(_granted(source, principals, rows, names))


def _granted(
    source: Source, principals: Frame, rows: Mapping[str, int], names: Mapping[tuple[str, str], str]
) -> Iterator[dict[str, Any]]:
    apps, titles = list(principals["app_id"]), list(principals["name"])
    publishers, managed = list(principals["publisher"]), list(principals["managed_identity"])
    for found in source.rows("app-role-assignments"):
        item = found.item
        if not source.whole(
            "app-role-assignments", item, "id", "principalId", "resourceId", "appRoleId"
        ):
            continue
        if str(item.get("principalType")).lower() in ("user", "group"):
            continue  # they hold app roles too, and are no workload
        client, resource = place(rows, item["principalId"]), place(rows, item["resourceId"])
        key = (apps[resource].lower() if resource >= 0 else "", item["appRoleId"].lower())
        yield {
            "id": item["id"],
            "client_id": item["principalId"],
            "client": client,
            "app_id": apps[client] if client >= 0 else None,
            "name": titles[client] if client >= 0 else words(item.get("principalDisplayName")),
            "publisher": known(publishers[client]) if client >= 0 else None,
            "managed_identity": known(managed[client]) if client >= 0 else None,
            "resource_id": item["resourceId"],
            "resource": resource,
            "resource_app_id": apps[resource] if resource >= 0 else None,
            "resource_name": titles[resource]
            if resource >= 0
            else words(item.get("resourceDisplayName")),
            "resource_publisher": known(publishers[resource]) if resource >= 0 else None,
            "permission_id": item["appRoleId"],
            "permission": names.get(key),
            **rating.columns(source.ratings.permission(*key) if resource >= 0 else None),
            "created": item.get("createdDateTime"),
            "page": found.page,
        }


def _scopes(source: Source) -> dict[tuple[str, str], str]:
    """Ids of delegated permissions by (resource app id, name in lower case), as APIs publish them."""
    return {
        (app_id.lower(), value.lower()): id.lower()
        for each in source.rows("service-principals")
        if (app_id := words(each.item.get("appId")))
        for entry in source.each(
            "service-principals", each.item, "oauth2PermissionScopes", needed=False
        )
        if (id := words(entry.get("id"))) and (value := words(entry.get("value")))
    }


def _delegated(source: Source) -> Frame:
    principals = source.table("service_principals")
    rows = positions(principals, "id")
    return DELEGATED_GRANTS.frame(_consented(source, principals, rows, _scopes(source)))


def _consented(
    source: Source, principals: Frame, rows: Mapping[str, int], ids: Mapping[tuple[str, str], str]
) -> Iterator[dict[str, Any]]:
    apps, titles = list(principals["app_id"]), list(principals["name"])
    publishers = [known(each) for each in principals["publisher"]]
    for found in source.rows("delegated-grants"):
        item = found.item
        if not source.whole("delegated-grants", item, "id", "clientId", "resourceId", "scope"):
            continue
        client, resource = place(rows, item["clientId"]), place(rows, item["resourceId"])
        api = apps[resource].lower() if resource >= 0 else ""
        for scope in item["scope"].split():
            rated = source.ratings.scope(api, scope, ids.get((api, scope.lower())), DELEGATED)
            yield {
                "id": item["id"],
                "scope": scope,
                "client_id": item["clientId"],
                "client": client,
                "app_id": apps[client] if client >= 0 else None,
                "name": titles[client] if client >= 0 else None,
                "publisher": publishers[client] if client >= 0 else None,
                "consent_type": words(item.get("consentType")),
                "principal_id": words(item.get("principalId")),
                "resource_id": item["resourceId"],
                "resource": resource,
                "resource_app_id": apps[resource] if resource >= 0 else None,
                "resource_name": titles[resource] if resource >= 0 else None,
                "resource_publisher": publishers[resource] if resource >= 0 else None,
                "permission_id": rated.id or None,
                **rating.columns(rated if resource >= 0 else None),
                "page": found.page,
            }


def _requested(source: Source) -> Frame:
    applications = source.table("applications")
    rows = positions(applications, "id")
    links, titles = list(applications["principal"]), list(applications["name"])
    names = _names(source)
    records = []
    for found in source.rows("applications"):
        own = place(rows, found.item.get("id"))
        if own < 0:
            continue
        need = partial(source.whole, "applications")
        for resource in source.each("applications", found.item, "requiredResourceAccess"):
            if not need(resource, "resourceAppId"):
                continue
            for access in source.each("applications", resource, "resourceAccess"):
                if not need(access, "id", "type"):
                    continue
                key = (resource["resourceAppId"].lower(), access["id"].lower())
                records.append(
                    {
                        "object_id": found.item["id"],
                        "application": own,
                        "principal": links[own],
                        "app_id": found.item["appId"],
                        "name": titles[own],
                        "resource_app_id": resource["resourceAppId"],
                        "permission_id": access["id"],
                        "kind": access["type"],
                        "permission": names.get(key),
                        "page": found.page,
                    }
                )
    # Asked for twice is asked for once.
    seen = {
        (r["object_id"], r["resource_app_id"], r["permission_id"], r["kind"]): r for r in records
    }
    return REQUESTED_PERMISSIONS.frame(seen.values())


GRANTS = Table(
    name="grants",
    meaning="application permissions that service principals hold",
    key=("client_id", "resource_id", "permission_id"),
    columns=(
        text("id", "id of the app role assignment", True),
        text("client_id", "object id of the service principal that holds it", True),
        row("client", "its row in service_principals"),
        text("app_id", "its client id"),
        text("name", "its display name"),
        text("publisher", "own, foreign or microsoft; null if not told"),
        flag("managed_identity", "whether it is a managed identity"),
        text("resource_id", "object id of the API's service principal", True),
        row("resource", "the API's row in service_principals"),
        text("resource_app_id", "client id of the API; null if its service principal is not known"),
        text("resource_name", "display name of the API"),
        text("resource_publisher", "own, foreign or microsoft: who publishes the API"),
        text("permission_id", "id of the permission (app role)", True),
        text("permission", "name of the permission; null if the API does not publish it"),
        *rating.COLUMNS,
        time("created", "when it was granted"),
        PAGE,
    ),
    source="app-role-assignments",
    build=_grants,
    fills=("service-principals",),
    subject=("'servicePrincipal'", "client_id", "app_id", "name"),
)
DELEGATED_GRANTS = Table(
    name="delegated_grants",
    meaning="delegated permissions, one row per scope",
    key=("id", "scope"),
    columns=(
        text("id", "id of the oauth2PermissionGrant", True),
        text("scope", "one delegated permission", True),
        text("client_id", "object id of the client's service principal", True),
        row("client", "its row in service_principals"),
        text("app_id", "its client id"),
        text("name", "its display name"),
        text("publisher", "own, foreign or microsoft; null if not told"),
        text("consent_type", "AllPrincipals or Principal"),
        text("principal_id", "the one user it is for"),
        text("resource_id", "object id of the API's service principal", True),
        row("resource", "the API's row in service_principals"),
        text("resource_app_id", "client id of the API"),
        text("resource_name", "display name of the API"),
        text("resource_publisher", "own, foreign or microsoft: who publishes the API"),
        text("permission_id", "id of the permission; null if neither the API nor knowledge has it"),
        *rating.COLUMNS,
        PAGE,
    ),
    source="delegated-grants",
    build=_delegated,
    fills=("service-principals",),
    subject=("'servicePrincipal'", "client_id", "app_id", "name"),
)
REQUESTED_PERMISSIONS = Table(
    name="requested_permissions",
    meaning="permissions that app registrations ask for (requiredResourceAccess)",
    key=("object_id", "resource_app_id", "kind", "permission_id"),
    columns=(
        text("object_id", "object id of the application", True),
        text("resource_app_id", "client id of the API", True),
        text("permission_id", "id of the permission", True),
        text("kind", "Role (application) or Scope (delegated)", True),
        row("application", "the application's row"),
        row("principal", "the row of its service principal"),
        text("app_id", "client id of the application"),
        text("name", "display name of the application"),
        text("permission", "name of the permission; null if the API does not publish it"),
        PAGE,
    ),
    source="applications",
    build=_requested,
    joins=("service-principals",),
    subject=("'application'", "object_id", "app_id", "name"),
)
TABLES = (GRANTS, DELEGATED_GRANTS, REQUESTED_PERMISSIONS)
