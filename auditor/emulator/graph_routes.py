"""The endpoints of Graph the emulator has, as a table."""

from __future__ import annotations

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
from auditor.emulator.graph_route import BOTH, COUNT, ID, KEY, ROLES, Match, Route, route
from auditor.emulator.graph_routes_access import ACCESS
from auditor.emulator.graph_routes_activity import ACTIVITY
from auditor.emulator.graph_routes_pim import PIM
from auditor.emulator.graph_routes_policies import POLICIES
from auditor.emulator.licences import P2
from auditor.emulator.web import Call, Refusal

_OBJECT_FILTERS = frozenset({"id", "appId", "displayName", "servicePrincipalType"})
_PRINCIPAL_FILTERS = frozenset({"id", "principalId", "roleDefinitionId"})


def find_route(call: Call) -> Match:
    """The endpoint of a request, or the refusal of one that is not there."""
    for each in ROUTES:
        if (parts := each.parts(call)) is not None:
            if call.method != each.method:
                raise Refusal(
                    403,
                    "Authorization_RequestDenied",
                    "Insufficient privileges to complete the operation.",
                )
            return Match(each, parts)
    if call.method != "GET":
        raise Refusal(405, "Request_BadRequest", "Specified HTTP method is not allowed here.")
    segment = call.path.rstrip("/").rpartition("/")[2]
    raise Refusal(404, "ResourceNotFound", f"Resource not found for the segment '{segment}'.")


def _object_routes(path: str, name: str, kind: str, cost: int) -> tuple[Route, ...]:
    opened = permissions.APPLICATIONS
    owners = related(kind, "owners", "directoryObject", mixed=True)
    return (
        route(path + COUNT, opened, collection(name, kind, _OBJECT_FILTERS), cost, BOTH),
        route(path + KEY, opened, one(kind)),
        route(path + KEY + "/owners" + COUNT, opened, owners),
    )


def _assigned(relation: str) -> Handler:
    names = ("resourceId", "principalId", "appRoleId")
    return related("servicePrincipal", relation, "appRoleAssignment", *names)


_DIRECTORY: tuple[Route, ...] = (
    route(
        "/organization",
        permissions.ORGANIZATION,
        collection("organization", "organization", frozenset(), countable=False),
    ),
    *_object_routes("/applications", "applications", "application", 2),
    *_object_routes("/servicePrincipals", "service_principals", "servicePrincipal", 1),
    route(
        "/applications" + KEY + "/federatedIdentityCredentials",
        permissions.FEDERATED,
        related(
            "application",
            "federatedIdentityCredentials",
            "federatedIdentityCredential",
            "name",
            "issuer",
            "subject",
        ),
        versions=BOTH,
    ),
    route(
        "/servicePrincipals" + KEY + "/appRoleAssignments" + COUNT,
        permissions.APPLICATIONS,
        _assigned("appRoleAssignments"),
        2,
    ),
    route(
        "/servicePrincipals" + KEY + "/appRoleAssignedTo" + COUNT,
        permissions.APPLICATIONS,
        _assigned("appRoleAssignedTo"),
    ),
    route(
        "/oauth2PermissionGrants" + COUNT,
        permissions.GRANTS,
        collection(
            "grants",
            "oAuth2PermissionGrant",
            frozenset({"clientId", "consentType", "principalId", "resourceId"}),
        ),
        2,
    ),
    route(
        ROLES + "/roleDefinitions",
        permissions.ROLES,
        collection(
            "role_definitions",
            "unifiedRoleDefinition",
            frozenset({"id", "displayName", "isBuiltIn", "templateId"}),
            countable=False,
        ),
    ),
    route(
        ROLES + "/roleAssignments",
        permissions.ROLES,
        collection(
            "role_assignments", "unifiedRoleAssignment", _PRINCIPAL_FILTERS, countable=False
        ),
    ),
    route(
        ROLES + "/roleEligibilityScheduleInstances",
        permissions.ELIGIBILITY,
        collection(
            "eligibilities",
            "unifiedRoleEligibilityScheduleInstance",
            _PRINCIPAL_FILTERS,
            countable=False,
        ),
        licence=P2,
    ),
    route("/directoryObjects/" + ID, permissions.ANY_OBJECT, anything),
    route("/directoryRoles", permissions.ROLES, directory_roles),
    route("/groups/" + ID, permissions.GROUPS, one("group")),
    *(
        route(
            f"/groups/{ID}/{name}{suffix}{COUNT}",
            permissions.GROUPS,
            members(transitive=transitive, cast=cast),
            units,
        )
        for name, transitive, units in (("members", False, 3), ("transitiveMembers", True, 5))
        for suffix, cast in (("", False), (r"/microsoft\.graph\.servicePrincipal", True))
    ),
    *(
        route(
            rf"/directory/deletedItems/microsoft\.graph\.{kind}{COUNT}",
            permissions.APPLICATIONS,
            collection(name, kind, _OBJECT_FILTERS),
        )
        for name, kind in (
            ("deleted_applications", "application"),
            ("deleted_service_principals", "servicePrincipal"),
        )
    ),
)

ROUTES: tuple[Route, ...] = (*_DIRECTORY, *PIM, *POLICIES, *ACCESS, *ACTIVITY)
