"""The tenant, its applications and service principals, what they refer to, and the deleted."""

from __future__ import annotations

from typing import Any

from auditor.knowledge import MICROSOFT_TENANTS
from auditor.tables.configuration import (
    APPLICATION_COLUMNS,
    PRINCIPAL_COLUMNS,
    application_settings,
    principal_settings,
)
from auditor.tables.declare import PAGE, Frame, Table, flag, many, row, text, time
from auditor.tables.source import Source, place, positions, texts, words

_NOT_FOUND = 404


def _tenant(source: Source) -> Frame:
    return TENANT.frame(
        {
            "id": found.item["id"],
            "name": words(found.item.get("displayName")),
            "domains": [
                domain["name"]
                for domain in source.each(
                    "organization", found.item, "verifiedDomains", needed=False
                )
                if isinstance(domain.get("name"), str)
            ],
            "page": found.page,
        }
        for found in source.rows("organization")
        if source.whole("organization", found.item, "id")
    )


def _applications(source: Source) -> Frame:
    principals = positions(source.table("service_principals"), "app_id")
    return APPLICATIONS.frame(
        {
            "id": item["id"],
            "app_id": item["appId"],
            "name": words(item.get("displayName")),
            "audience": words(item.get("signInAudience")),
            "created": item.get("createdDateTime"),
            "service_management_reference": words(item.get("serviceManagementReference")),
            "notes": words(item.get("notes")),
            "tags": texts(item.get("tags")),
            **application_settings(item),
            "principal": place(principals, item["appId"]),
            "page": found.page,
        }
        for found in source.rows("applications")
        if source.whole("applications", item := found.item, "id", "appId")
    )


def _publisher(item: dict[str, Any], tenant_id: str) -> str | None:
    owner = words(item.get("appOwnerOrganizationId"))
    if owner is not None:
        owner = owner.lower()
        if not tenant_id:
            return "microsoft" if owner in MICROSOFT_TENANTS else None
        if owner == tenant_id:
            return "own"
        return "microsoft" if owner in MICROSOFT_TENANTS else "foreign"
    # A managed identity is made by Azure for this tenant and has no registration to be owned.
    return "own" if item.get("servicePrincipalType") == "ManagedIdentity" else None


def with_app_id(item: dict[str, Any]) -> dict[str, Any]:
    """An agent identity may come without an appId: its object id is what it signs in as."""
    if item.get("appId") is None and odata_type(item) == "agentIdentity":
        return {**item, "appId": item.get("id")}
    return item


def _service_principals(source: Source) -> Frame:
    told = (source.snapshot.tenant.get(name) for name in ("service_principal", "client_id"))
    collector = frozenset(id.lower() for id in told if isinstance(id, str) and id)
    return SERVICE_PRINCIPALS.frame(
        {
            "id": item["id"],
            "app_id": item["appId"],
            "name": words(item.get("displayName")),
            "type": words(item.get("servicePrincipalType")),
            "owner_tenant": words(item.get("appOwnerOrganizationId")),
            "publisher": _publisher(item, source.tenant_id),
            "enabled": item.get("accountEnabled"),
            "managed_identity": (
                kind == "ManagedIdentity"
                if (kind := words(item.get("servicePrincipalType")))
                else None
            ),
            "notes": words(item.get("notes")),
            "tags": texts(item.get("tags")),
            **principal_settings(item, collector),
            "page": found.page,
        }
        for found in source.rows("service-principals")
        if source.whole("service-principals", item := with_app_id(found.item), "id", "appId")
    )


_WORDS = {word.lower(): word for word in ("user", "group", "servicePrincipal")}


def odata_type(item: dict[str, Any]) -> str | None:
    """The last word of `@odata.type`, such as user, group or servicePrincipal."""
    word = (words(item.get("@odata.type")) or "").rpartition(".")[2]
    return _WORDS.get(word.lower(), word) or None


def _directory_objects(source: Source) -> Frame:
    return DIRECTORY_OBJECTS.frame(
        {
            "id": item["id"],
            "type": odata_type(item),
            "name": words(item.get("displayName")),
            "user_name": words(item.get("userPrincipalName")),
            "user_type": words(item.get("userType")),
            "enabled": item.get("accountEnabled"),
            "page": found.page,
        }
        for found in source.rows("referenced-principals")
        if source.whole("referenced-principals", item := found.item, "id")
    )


def _gone(source: Source) -> Frame:
    # Only a 404 of the object itself proves that it is gone.
    pages = {
        page.of.lower(): page.number
        for page in source.snapshot.pages
        if page.dataset == "referenced-principals" and page.of and page.status == _NOT_FOUND
    }
    return GONE_OBJECTS.frame({"id": id, "page": page} for id, page in sorted(pages.items()))


TENANT = Table(
    name="tenant",
    meaning="the tenant itself, one row",
    key=("id",),
    columns=(
        text("id", "tenant id", True),
        text("name", "display name"),
        many("domains", "verified domains"),
        PAGE,
    ),
    source="organization",
    build=_tenant,
    subject=("'tenant'", "id", "id", "name"),
)
APPLICATIONS = Table(
    name="applications",
    meaning="the tenant's app registrations",
    key=("id",),
    columns=(
        text("id", "object id", True),
        text("app_id", "client id", True),
        text("name", "display name"),
        text("audience", "signInAudience"),
        time("created", "when it was registered"),
        text("service_management_reference", "link to an inventory, as entered"),
        text("notes", "notes, as entered"),
        many("tags", "tags, as entered by whoever may change it"),
        *APPLICATION_COLUMNS,
        row("principal", "its service principal in this tenant"),
        PAGE,
    ),
    source="applications",
    build=_applications,
    fills=("service-principals",),
    subject=("'application'", "id", "app_id", "name"),
)
SERVICE_PRINCIPALS = Table(
    name="service_principals",
    meaning="every service principal: own, foreign, Microsoft's and managed identities",
    key=("id",),
    columns=(
        text("id", "object id", True),
        text("app_id", "client id", True),
        text("name", "display name"),
        text("type", "servicePrincipalType"),
        text("owner_tenant", "tenant that owns the registration"),
        text("publisher", "own, foreign or microsoft, by owner tenant; null if not told"),
        flag("enabled", "accountEnabled"),
        flag("managed_identity", "whether it is a managed identity; null if its type is not told"),
        text("notes", "notes, as entered"),
        many("tags", "tags: Microsoft's own words, and as entered by whoever may change it"),
        *PRINCIPAL_COLUMNS,
        PAGE,
    ),
    source="service-principals",
    build=_service_principals,
    subject=("'servicePrincipal'", "id", "app_id", "name"),
)
DIRECTORY_OBJECTS = Table(
    name="directory_objects",
    meaning="users, groups and others that roles, ownership or consents refer to",
    key=("id",),
    columns=(
        text("id", "object id", True),
        text("type", "user, group, servicePrincipal ..."),
        text("name", "display name"),
        text("user_name", "userPrincipalName"),
        text("user_type", "Member or Guest"),
        flag("enabled", "accountEnabled"),
        PAGE,
    ),
    source="referenced-principals",
    build=_directory_objects,
    subject=("type", "id", "id", "name"),
)
GONE_OBJECTS = Table(
    name="gone_objects",
    meaning="objects that roles, ownership or consents refer to and that no longer exist",
    key=("id",),
    columns=(text("id", "object id", True), PAGE),
    source="referenced-principals",
    build=_gone,
    subject=("'object'", "id", "id", "id"),
)
TABLES = (
    TENANT,
    SERVICE_PRINCIPALS,
    APPLICATIONS,
    DIRECTORY_OBJECTS,
    GONE_OBJECTS,
)
