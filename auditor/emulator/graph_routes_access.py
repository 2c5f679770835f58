"""Conditional Access, partner organizations, customers and agents.

Sources: the endpoints' pages in Microsoft's documentation of Graph.
"""

from __future__ import annotations

from auditor.emulator.graph_handlers import Amount, Found, Handler, Listing
from auditor.emulator.graph_route import BOTH, COUNT, Route, route
from auditor.emulator.tenant import Json, Tenant
from auditor.emulator.web import Call

_CONDITIONAL = frozenset(
    {"Policy.Read.All", "Policy.Read.ConditionalAccess", "Policy.ReadWrite.ConditionalAccess"}
)
_CROSS_TENANT = frozenset({"Policy.Read.All", "Policy.ReadWrite.CrossTenantAccess"})
_CUSTOMERS = frozenset(
    {"DelegatedAdminRelationship.Read.All", "DelegatedAdminRelationship.ReadWrite.All"}
)
_AGENTS = frozenset({"AgentIdentity.Read.All", "AgentIdentity.ReadWrite.All"})
AGENT = "#microsoft.graph.agentIdentity"


def further(name: str, kind: str, *filters: str) -> Handler:
    """A collection that a story may have stated; empty where none did."""

    def handle(tenant: Tenant, _call: Call, _parts: dict[str, str]) -> Found:
        return Listing(kind, list(tenant.more.get(name, ())), frozenset(filters), countable=False)

    return handle


def _agents(tenant: Tenant, call: Call, _parts: dict[str, str]) -> Found:
    items: list[Json] = [
        item for item in tenant.service_principals if item.get("@odata.type") == AGENT
    ]
    if call.path.endswith("/$count"):
        return Amount("agentIdentity", len(items))
    return Listing("agentIdentity", items, frozenset({"id", "displayName"}), cast=True)


ACCESS: tuple[Route, ...] = (
    route(
        "/identity/conditionalAccess/policies",
        _CONDITIONAL,
        further("conditional_access_policies", "conditionalAccessPolicy"),
        versions=BOTH,
        limit="conditional-access",
    ),
    route(
        "/identity/conditionalAccess/namedLocations",
        _CONDITIONAL,
        further("named_locations", "namedLocation"),
        versions=BOTH,
        limit="conditional-access",
    ),
    route(
        "/policies/crossTenantAccessPolicy/partners",
        _CROSS_TENANT,
        further("partners", "crossTenantAccessPolicyConfigurationPartner"),
        versions=BOTH,
    ),
    route(
        "/tenantRelationships/delegatedAdminRelationships",
        _CUSTOMERS,
        further("relationships", "delegatedAdminRelationship"),
        versions=BOTH,
    ),
    route(
        r"/servicePrincipals/microsoft\.graph\.agentIdentity" + COUNT,
        _AGENTS,
        _agents,
        versions=BOTH,
    ),
)
