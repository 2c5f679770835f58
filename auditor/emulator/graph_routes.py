"""The endpoints of Graph v1.0 the emulator has, as a table."""

from __future__ import annotations

import re
from dataclasses import dataclass

from auditor.emulator import permissions
from auditor.emulator.graph_handlers import (
    Handler,
    anything,
    collection,
    directory_roles,
    members,
    one,
    related,
)
from auditor.emulator.web import Call, Refusal

_OBJECT_FILTERS = frozenset({"id", "appId", "displayName", "servicePrincipalType"})


@dataclass(frozen=True)
class Route:
    """An endpoint: its path, the permissions that open it, what it answers, its base cost."""

    pattern: re.Pattern[str]
    permissions: frozenset[str]
    handler: Handler
    cost: int = 1
    method: str = "GET"


@dataclass(frozen=True)
class Match:
    """A route and the parts of the path it took out."""

    route: Route
    parts: dict[str, str]


def find_route(call: Call) -> Match:
    """The endpoint of a request, or the refusal of one that is not there."""
    for route in ROUTES:
        if found := route.pattern.fullmatch(call.path):
            if call.method != route.method:
                raise Refusal(
                    403,
                    "Authorization_RequestDenied",
                    "Insufficient privileges to complete the operation.",
                )
            return Match(route, {k: v for k, v in found.groupdict().items() if v is not None})
    if call.method != "GET":
        raise Refusal(405, "Request_BadRequest", "Specified HTTP method is not allowed here.")
    segment = call.path.rstrip("/").rpartition("/")[2]
    raise Refusal(404, "ResourceNotFound", f"Resource not found for the segment '{segment}'.")


_COUNT = r"(?:/\$count)?"
_KEY = r"(?:/(?P<id>[0-9a-fA-F-]{36})|\(appId='(?P<appid>[0-9a-fA-F-]{36})'\))"
_ROLES = "/roleManagement/directory"
_PRINCIPAL_FILTERS = frozenset({"id", "principalId", "roleDefinitionId"})


def _route(path: str, any_of: frozenset[str], handler: Handler, cost: int = 1) -> Route:
    return Route(re.compile(path), any_of, handler, cost)


def _object_routes(path: str, name: str, kind: str, cost: int) -> tuple[Route, ...]:
    opened = permissions.APPLICATIONS
    owners = related(kind, "owners", "directoryObject", mixed=True)
    return (
        _route(path + _COUNT, opened, collection(name, kind, _OBJECT_FILTERS), cost),
        _route(path + _KEY, opened, one(kind)),
        _route(path + _KEY + "/owners" + _COUNT, opened, owners),
    )


def _assigned(relation: str) -> Handler:
    names = ("resourceId", "principalId", "appRoleId")
    return related("servicePrincipal", relation, "appRoleAssignment", *names)


ROUTES: tuple[Route, ...] = (
    _route(
        "/organization",
        permissions.ORGANIZATION,
        collection("organization", "organization", frozenset(), countable=False),
    ),
    *_object_routes("/applications", "applications", "application", 2),
    *_object_routes("/servicePrincipals", "service_principals", "servicePrincipal", 1),
    _route(
        "/applications" + _KEY + "/federatedIdentityCredentials",
        permissions.FEDERATED,
        related(
            "application",
            "federatedIdentityCredentials",
            "federatedIdentityCredential",
            "name",
            "issuer",
            "subject",
        ),
    ),
    _route(
        "/servicePrincipals" + _KEY + "/appRoleAssignments" + _COUNT,
        permissions.APPLICATIONS,
        _assigned("appRoleAssignments"),
        2,
    ),
    _route(
        "/servicePrincipals" + _KEY + "/appRoleAssignedTo" + _COUNT,
        permissions.APPLICATIONS,
        _assigned("appRoleAssignedTo"),
    ),
    _route(
        "/oauth2PermissionGrants" + _COUNT,
        permissions.GRANTS,
        collection(
            "grants",
            "oAuth2PermissionGrant",
            frozenset({"clientId", "consentType", "principalId", "resourceId"}),
        ),
        2,
    ),
    _route(
        _ROLES + "/roleDefinitions",
        permissions.ROLES,
        collection(
            "role_definitions",
            "unifiedRoleDefinition",
            frozenset({"id", "displayName", "isBuiltIn", "templateId"}),
            countable=False,
        ),
    ),
    _route(
        _ROLES + "/roleAssignments",
        permissions.ROLES,
        collection(
            "role_assignments", "unifiedRoleAssignment", _PRINCIPAL_FILTERS, countable=False
        ),
    ),
    _route(
        _ROLES + "/roleEligibilityScheduleInstances",
        permissions.ELIGIBILITY,
        collection(
            "eligibilities",
            "unifiedRoleEligibilityScheduleInstance",
            _PRINCIPAL_FILTERS,
            countable=False,
        ),
    ),
    _route("/directoryObjects/(?P<id>[0-9a-fA-F-]{36})", permissions.ANY_OBJECT, anything),
    _route("/directoryRoles", permissions.ROLES, directory_roles),
    _route("/groups/(?P<id>[0-9a-fA-F-]{36})", permissions.GROUPS, one("group")),
    *(
        _route(
            f"/groups/(?P<id>[0-9a-fA-F-]{{36}})/{name}{suffix}{_COUNT}",
            permissions.GROUPS,
            members(transitive=transitive, cast=cast),
            units,
        )
        for name, transitive, units in (("members", False, 3), ("transitiveMembers", True, 5))
        for suffix, cast in (("", False), (r"/microsoft\.graph\.servicePrincipal", True))
    ),
    *(
        _route(
            rf"/directory/deletedItems/microsoft\.graph\.{kind}{_COUNT}",
            permissions.APPLICATIONS,
            collection(name, kind, _OBJECT_FILTERS),
        )
        for name, kind in (
            ("deleted_applications", "application"),
            ("deleted_service_principals", "servicePrincipal"),
        )
    ),
)
