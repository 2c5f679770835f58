"""Agents with strong application permissions.

## What it does
Looks at agent identities and at the service principals of their blueprints. One fails when it holds
an application permission of tier 0 (critical) or tier 1 (high). A permission of Microsoft's that
nobody rates makes it unknown, if nothing else fails. A blueprint itself is a registration and holds
nothing; what it asks for is judged by permission-not-consented. Delegated consents of agents are
judged like those of any client. Agents that Microsoft publishes are not told apart and stay in.

## Why it matters
An agent decides by itself what it does next, and what it decides can be steered by a text it reads:
a mail, a page, a file. With an application permission, nobody's own rights limit what comes of
that. Permissions of a blueprint's service principal are worse, since the blueprint's credential
stands for all its agents.

## How to fix
Let the agent act for the user who asks it (delegated permissions), or give it a narrow one
(.Selected). Then remove the permission.
Portal: Entra admin center > Agent identities > the agent > Permissions.
Graph PowerShell: Remove-MgServicePrincipalAppRoleAssignment -ServicePrincipalId ID
-AppRoleAssignmentId ASSIGNMENT. Azure CLI: az rest --method DELETE --url
https://graph.microsoft.com/v1.0/servicePrincipals/ID/appRoleAssignments/ASSIGNMENT.

## When it is fine
An agent that works without a user on data of one kind may need tier 1. Accept it with its sponsor
and an end date; tier 0 is never fine.

## References
- https://learn.microsoft.com/entra/agent-id/identity-platform/what-is-agent-id
- https://learn.microsoft.com/entra/agent-id/identity-platform/agent-blueprint
- https://learn.microsoft.com/graph/api/resources/agentidentity

Catalogue: PERM-014
"""

from __future__ import annotations

from pandas import DataFrame, Series

from auditor.rule import iso_27001, nist_800_53, rule

from ._held import application_permissions, with_held


def _with_permissions(agents: DataFrame) -> Series:
    return agents["kind"] != "agentIdentityBlueprint"


@rule(
    id="agent-permission",
    severity="high",
    about="agents",
    where=_with_permissions,
    passes_without=("grants",),
    message="The {kind} {name} holds tier {tier} permissions: {held}.",
    fix="Remove-MgServicePrincipalAppRoleAssignment -ServicePrincipalId {id}"
    " -AppRoleAssignmentId {assignment}",
    evidence=("blueprint_app_id", "sponsors", "enabled"),
    controls=(nist_800_53("AC-6"), iso_27001("A.8.2")),
)
def agent_permission(agents: DataFrame, grants: DataFrame) -> DataFrame:
    # The table knows agents by id; here the holders of grants are numbered by the agents' rows.
    rows = Series(agents.index, index=agents["id"].str.lower())
    client = grants["client_id"].str.lower().map(rows).fillna(-1).astype("int64")
    found = with_held(agents, application_permissions(grants.assign(client=client)))
    return found.assign(severity=found["tier"].map({0: "critical", 1: "high"}))
