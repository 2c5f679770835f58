"""Datasets of Conditional Access, partners and agents.

Sources: the API's pages on Microsoft Learn and msgraph-metadata (reference, sections 1.1, 1.5 and
2.2). Conditional Access is read from beta: conditions on agents are there alone, and whether v1.0
lists a policy that uses a preview condition is not documented.
"""

from __future__ import annotations

from auditor.datasets.dataset import Dataset

_POLICIES = (("Policy.Read.All",),)

ACCESS: tuple[Dataset, ...] = (
    Dataset(
        name="conditional-access-policies",
        service="graph",
        throttle="conditional-access",
        title="Conditional Access policies",
        path="/identity/conditionalAccess/policies",
        version="beta",
        permissions=_POLICIES,
        top=0,
    ),
    Dataset(
        name="named-locations",
        service="graph",
        throttle="conditional-access",
        title="Named locations of Conditional Access",
        path="/identity/conditionalAccess/namedLocations",
        permissions=_POLICIES,
        top=0,
    ),
    Dataset(
        name="cross-tenant-partners",
        service="graph",
        title="Organizations with access settings of their own, service providers (GDAP) among them",
        path="/policies/crossTenantAccessPolicy/partners",
        permissions=_POLICIES,
        top=0,
    ),
    Dataset(
        name="delegated-admin-relationships",
        service="graph",
        tier="activity",
        title="Customers this tenant administers as a partner (GDAP)",
        path="/tenantRelationships/delegatedAdminRelationships",
        permissions=(("DelegatedAdminRelationship.Read.All",),),
        clouds=("global", "gcc-high", "dod"),
        top=300,
        after=("organization",),
    ),
    Dataset(
        name="agent-identities",
        service="graph",
        tier="activity",
        title="Agent identities, their blueprints and sponsors",
        path="/servicePrincipals/microsoft.graph.agentIdentity",
        version="beta",
        permissions=(("AgentIdentity.Read.All",),),
        counted=True,
        advanced=True,
        select=(
            "id",
            "displayName",
            "accountEnabled",
            "createdDateTime",
            "agentIdentityBlueprintId",
        ),
        expand="sponsors($select=id)",
        after=("service-principals",),
    ),
)
