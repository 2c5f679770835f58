"""Privileged applications that can sign in from anywhere.

## What it does
Looks at the tenant's own single-tenant applications with a tier 0 or tier 1 permission or directory
role. One passes when a Conditional Access policy is on, blocks, is for it and for all resources, at
any risk, and from everywhere but named locations of address ranges. A policy that only reports or is
off, or that leaves out the application, a resource, a whole country (unless `countries` is true), or
a range wider than `shortest_ipv4` or `shortest_ipv6`, does not count. Where a policy chooses by
custom security attributes, or leaves out all trusted locations, the answer is unknown: neither the
attributes nor the trusted addresses of the old multifactor settings can be read. Managed identities,
agents and applications open to other organizations cannot be covered and are left out.

## Why it matters
A workload has no second factor. Where it may sign in from is the only thing a thief of its secret or
key does not have.

## How to fix
Name the addresses the workload comes from, then block it from everywhere else. Begin in report-only
mode and read the sign-in logs of service principals. It takes Workload ID Premium licences.
Portal: Entra admin center > Conditional Access > Policies > New policy > Workload identities; Target
resources: All; Network: include any, exclude the location; Grant: block.
Graph PowerShell: New-MgIdentityConditionalAccessNamedLocation and
New-MgIdentityConditionalAccessPolicy.

## When it is fine
When the workload runs where addresses change, as on hosted build agents: use a federated credential
there, and accept the finding. Without the licence, accept the rule's findings with that reason.

## References
- https://learn.microsoft.com/entra/identity/conditional-access/workload-identity
- https://learn.microsoft.com/entra/identity/conditional-access/concept-assignment-network
- https://learn.microsoft.com/graph/api/resources/conditionalaccessclientapplications

Catalogue: SET-009, SET-010
"""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_network
from typing import Any

from pandas import DataFrame, Series

from auditor.rule import nist_800_53, rule
from auditor.tables.source import known

from ._covered import Policy, Worth, coverable, enforced, judged, listed


@rule(
    id="workload-without-location-policy",
    severity="high",
    about="privileged_principals",
    where=coverable,
    passes_without=("named_locations",),
    fails_without=("ca_policies",),
    message="{name} can sign in from anywhere: {why}. It holds {reasons}.",
    evidence=("tier", "audience"),
    controls=(nist_800_53("AC-17"),),
)
def workload_without_location_policy(
    privileged_principals: DataFrame,
    ca_policies: DataFrame,
    named_locations: DataFrame,
    *,
    shortest_ipv4: int = 16,
    shortest_ipv6: int = 32,
    countries: bool = False,
) -> DataFrame:
    limits = {4: shortest_ipv4, 6: shortest_ipv6}
    places = {each["id"].lower(): each for each in named_locations.to_dict("records")}

    def worth(policy: Policy) -> Worth:
        found = enforced(policy)
        risks = listed(policy["risk_levels"])
        any_risk = None if risks is None else not risks
        found.demand(any_risk, "is for risky sign-ins only", "does not say for which risk it is")
        blocked, left_out = listed(policy["locations"]), listed(policy["locations_except"])
        everywhere = None if blocked is None else "All" in blocked
        found.demand(everywhere, "blocks only some places", "does not say which places it blocks")
        if left_out is None:
            found.unknown.append("does not say which places it leaves out")
        for each in left_out or ():
            _look(each, places.get(each.lower()), limits, countries, found)
        return found

    found = judged(
        privileged_principals, ca_policies, worth, lambda _: ("anywhere",), ("anywhere",)
    )
    severity = Series("high", index=found.index)
    return found.drop(columns=["lacking"]).assign(
        severity=severity.mask((found["tier"] != 0).fillna(True).astype(bool), "medium")
    )


def _look(
    id: str,
    place: Mapping[Any, Any] | None,
    limits: Mapping[int, int],
    countries: bool,
    found: Worth,
) -> None:
    """Notes what is wrong with a place that a policy leaves out."""
    if id.lower() == "alltrusted":
        found.unknown.append("leaves out all trusted locations, not all of which can be read")
        return
    if place is None:
        found.unknown.append(f"leaves out the location {id}, which was not among those read")
        return
    name = known(place["name"]) or id
    kind = known(place["kind"])
    if kind == "country":
        found.demand(countries, f"leaves out the countries of {name}", "")
        return
    ranges = listed(place["ranges"])
    if kind is None or ranges is None:
        found.unknown.append(f"leaves out {name}, whose addresses were not told")
        return
    for each in ranges:
        try:
            network = ip_network(each, strict=False)
        except ValueError:
            found.unknown.append(f"leaves out {name}, whose range {each} cannot be read")
            continue
        narrow = network.prefixlen >= limits[network.version]
        found.demand(narrow, f"leaves out {name} with the wide range {each}", "")
