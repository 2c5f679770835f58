"""Organizations with rights here, customers this tenant has rights at, and agents."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from auditor.tables.conditional_access import part
from auditor.tables.declare import PAGE, Frame, Table, flag, many, row, text, time
from auditor.tables.principals import odata_type, with_app_id
from auditor.tables.source import Source, place, positions, words

_AGENTS = frozenset({"agentIdentity", "agentIdentityBlueprint", "agentIdentityBlueprintPrincipal"})


def _partners(source: Source) -> Frame:
    return PARTNERS.frame(
        {
            "tenant_id": item["tenantId"],
            "service_provider": item.get("isServiceProvider"),
            "same_organization": item.get("isInMultiTenantOrganization"),
            "trusts_mfa": part(item, "inboundTrust").get("isMfaAccepted"),
            "consents_inbound": part(item, "automaticUserConsentSettings").get("inboundAllowed"),
            "page": found.page,
        }
        for found in source.rows("cross-tenant-partners")
        if source.whole("cross-tenant-partners", item := found.item, "tenantId")
    )


def _customers(source: Source) -> Frame:
    return CUSTOMERS.frame(
        {
            "id": item["id"],
            "name": words(item.get("displayName")),
            "status": words(item.get("status")),
            "customer_id": words(part(item, "customer").get("tenantId")),
            "customer_name": words(part(item, "customer").get("displayName")),
            "roles": _roles(source, item),
            "auto_extend": words(item.get("autoExtendDuration")),
            "activated": item.get("activatedDateTime"),
            "ends": item.get("endDateTime"),
            "page": found.page,
        }
        for found in source.rows("delegated-admin-relationships")
        if source.whole("delegated-admin-relationships", item := found.item, "id")
    )


def _roles(source: Source, item: dict[str, Any]) -> list[str] | None:
    details = dict(part(item, "accessDetails"))
    if not isinstance(details.get("unifiedRoles"), list):
        return None
    name = "delegated-admin-relationships"
    return [
        each["roleDefinitionId"]
        for each in source.each(name, details, "unifiedRoles")
        if source.whole(name, each, "roleDefinitionId")
    ]


def _agents(source: Source) -> Frame:
    return AGENTS.frame(_listed(source))


def _listed(source: Source) -> Iterator[dict[str, Any]]:
    blueprints = positions(source.table("service_principals"), "app_id")
    told = {
        id.lower(): found.item
        for found in source.rows("agent-identities")
        if (id := words(found.item.get("id")))
    }
    for dataset in ("service-principals", "applications"):
        for found in source.rows(dataset):
            kind = odata_type(found.item)
            item = with_app_id(found.item)
            if kind not in _AGENTS or not (words(item.get("id")) and words(item.get("appId"))):
                continue  # what lacks an id is told as a fault where the object's own table is built
            more = told.get(item["id"].lower(), {})
            blueprint = words(more.get("agentIdentityBlueprintId"))
            yield {
                "id": item["id"],
                "kind": kind,
                "app_id": item["appId"],
                "name": words(item.get("displayName")),
                "enabled": item.get("accountEnabled"),
                "blueprint_app_id": blueprint,
                "blueprint": place(blueprints, blueprint),
                "sponsors": _sponsors(more),
                "created": more.get("createdDateTime") or item.get("createdDateTime"),
                "page": found.page,
            }


def _sponsors(item: dict[str, Any]) -> list[str] | None:
    found = item.get("sponsors")
    if not isinstance(found, list):
        return None
    ids = [words(each.get("id")) for each in found if isinstance(each, dict)]
    return [id for id in ids if id] if len(ids) == len(found) and all(ids) else None


PARTNERS = Table(
    name="partners",
    meaning="organizations with cross-tenant access settings of their own",
    key=("tenant_id",),
    columns=(
        text("tenant_id", "the other organization's tenant id", True),
        flag("service_provider", "isServiceProvider: it administers this tenant (GDAP, CSP)"),
        flag("same_organization", "whether both are of one multitenant organization"),
        flag("trusts_mfa", "whether its second factors count here; null for the default"),
        flag("consents_inbound", "whether its users consent by themselves; null for the default"),
        PAGE,
    ),
    source="cross-tenant-partners",
    build=_partners,
    subject=("'tenant'", "tenant_id", "", "tenant_id"),
)
CUSTOMERS = Table(
    name="customers",
    meaning="customers this tenant administers as a partner (GDAP)",
    key=("id",),
    columns=(
        text("id", "id of the relationship", True),
        text("name", "display name of the relationship"),
        text("status", "active, expiring, terminated ..."),
        text("customer_id", "the customer's tenant id"),
        text("customer_name", "the customer's display name"),
        many("roles", "template ids of the directory roles; null if not told"),
        text("auto_extend", "by how much it is extended by itself, ISO 8601"),
        time("activated", "when it became active"),
        time("ends", "when it ends"),
        PAGE,
    ),
    source="delegated-admin-relationships",
    build=_customers,
    subject=("'delegatedAdminRelationship'", "id", "", "name"),
)
AGENTS = Table(
    name="agents",
    meaning="agent identities, their blueprints and the blueprints' service principals",
    key=("id",),
    columns=(
        text("id", "object id", True),
        text(
            "kind", "agentIdentity, agentIdentityBlueprint or agentIdentityBlueprintPrincipal", True
        ),
        text("app_id", "client id; the object id where an agent identity has none", True),
        text("name", "display name"),
        flag("enabled", "accountEnabled; null for a blueprint"),
        text("blueprint_app_id", "an agent identity's blueprint; null if not told"),
        row("blueprint", "that blueprint's row in service_principals"),
        many(
            "sponsors", "object ids of an agent identity's sponsors, 20 at most; null if not told"
        ),
        time("created", "when it was made"),
        PAGE,
    ),
    source="service-principals",
    build=_agents,
    adds=("applications",),
    fills=("agent-identities",),
    subject=("kind", "id", "app_id", "name"),
)
TABLES = (PARTNERS, CUSTOMERS, AGENTS)
