"""The endpoints of app management, consent, authorization and token policies.

Source: Graph's pages on reading each of them, with their tables of permissions.
"""

from __future__ import annotations

from auditor.emulator import permissions
from auditor.emulator.graph_handlers import (
    Found,
    Handler,
    Listing,
    Single,
    collection,
    not_found,
    related,
)
from auditor.emulator.graph_route import KEY, Route, route
from auditor.emulator.tenant import Json, Tenant
from auditor.emulator.web import Call

_POLICY = r"(?P<id>[^/]+)"
_DIRECTORY = frozenset({"Directory.Read.All", "Directory.ReadWrite.All"})
_APPLICATIONS = frozenset({"Application.Read.All", "Application.ReadWrite.All"})
_CONFIGURATION = frozenset({"Policy.Read.All", "Policy.ReadWrite.ApplicationConfiguration"})
_AUTHORIZATION = frozenset({"Policy.Read.All", "Policy.ReadWrite.Authorization"})
_CONSENT = frozenset({"Policy.Read.All", "Policy.ReadWrite.ConsentRequest"}) | _DIRECTORY
_GRANTS = frozenset({"Policy.Read.PermissionGrant", "Policy.ReadWrite.PermissionGrant"})
_NAMES = frozenset({"id", "displayName"})


def _single(name: str, kind: str) -> Handler:
    """The one object of a collection that has one."""

    def handle(tenant: Tenant, _call: Call, _parts: dict[str, str]) -> Found:
        return Single(kind, tenant.collection(name)[0])

    return handle


def _of_policy(name: str, parts: dict[str, str], tenant: Tenant) -> Json:
    wanted = parts["id"].casefold()
    for item in tenant.collection(name):
        if item["id"].casefold() == wanted:
            return item
    raise not_found(parts["id"])


def _applies_to(name: str) -> Handler:
    """The applications and service principals a policy was put on."""

    def handle(tenant: Tenant, _call: Call, parts: dict[str, str]) -> Found:
        policy = _of_policy(name, parts, tenant)
        items = tenant.relations["appliesTo"].get(policy["id"], [])
        return Listing("directoryObject", items, countable=False, mixed=True)

    return handle


def _conditions(part: str) -> Handler:
    """The includes or excludes of a consent policy."""

    def handle(tenant: Tenant, _call: Call, parts: dict[str, str]) -> Found:
        policy = _of_policy("permission_grant_policies", parts, tenant)
        return Listing("permissionGrantConditionSet", list(policy[part]), countable=False)

    return handle


def _policies(path: str, name: str, kind: str, *, wider: frozenset[str]) -> tuple[Route, ...]:
    """A kind of policy that is put on objects; `wider` reads the objects without the rest."""
    return (
        route(path, _CONFIGURATION, collection(name, kind, _NAMES, countable=False)),
        route(
            f"{path}/{_POLICY}/appliesTo",
            _CONFIGURATION | wider,
            _applies_to(name),
            also=_APPLICATIONS | wider,
        ),
    )


POLICIES: tuple[Route, ...] = (
    route(
        "/policies/defaultAppManagementPolicy",
        _CONFIGURATION,
        _single("default_app_policy", "tenantAppManagementPolicy"),
    ),
    *_policies(
        "/policies/appManagementPolicies",
        "app_policies",
        "appManagementPolicy",
        wider=frozenset(),
    ),
    route(
        "/policies/authorizationPolicy",
        _AUTHORIZATION,
        _single("authorization_policy", "authorizationPolicy"),
    ),
    route(
        "/policies/permissionGrantPolicies",
        _GRANTS,
        collection(
            "permission_grant_policies", "permissionGrantPolicy", frozenset({"id"}), countable=False
        ),
    ),
    *(
        route(
            f"/policies/permissionGrantPolicies/{_POLICY}/{part}",
            _GRANTS | {"Directory.Read.All"},
            _conditions(part),
        )
        for part in ("includes", "excludes")
    ),
    route(
        "/servicePrincipals" + KEY + "/delegatedPermissionClassifications",
        permissions.APPLICATIONS,
        related(
            "servicePrincipal",
            "delegatedPermissionClassifications",
            "delegatedPermissionClassification",
        ),
    ),
    route(
        "/policies/adminConsentRequestPolicy",
        _CONSENT,
        _single("admin_consent_policy", "adminConsentRequestPolicy"),
    ),
    *(
        each
        for kind in ("tokenLifetime", "claimsMapping", "tokenIssuance")
        for each in _policies(
            f"/policies/{kind}Policies",
            f"{kind}Policies",
            f"{kind}Policy",
            wider=frozenset({"Directory.Read.All"}),
        )
    ),
)
