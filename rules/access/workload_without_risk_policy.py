"""Privileged applications that are not blocked when Microsoft sees them at risk.

## What it does
Looks at the tenant's own single-tenant applications with a tier 0 or tier 1 permission or directory
role. One passes when Conditional Access policies that are on, block, and are for it and for all
resources from everywhere cover each level of risk in `levels` (high is always among them), one
policy or several together. A policy that only reports or is off, or that leaves out the application,
a resource or a place, does not count. Where a policy chooses by custom security attributes the
answer is unknown. Managed identities, agents and applications open to other organizations cannot be
covered and are left out.

## Why it matters
Microsoft looks for leaked credentials and odd sign-ins of applications. Without a policy this ends
as a line in a report: the application goes on signing in, and so does whoever took its credential,
until somebody reads the report.

## How to fix
Block service principals at medium and high risk. Begin in report-only mode; a blocked workload works
again when its risk is dismissed or its credentials are renewed. It takes Workload ID Premium
licences.
Portal: Entra admin center > Conditional Access > Policies > New policy > Workload identities: all
owned service principals; Target resources: All; Conditions > Service principal risk; Grant: block.
Graph PowerShell: New-MgIdentityConditionalAccessPolicy.

## When it is fine
For a workload whose stop would do more harm than its misuse, when somebody watches the risk reports
around the clock. Without the licence, accept the rule's findings with that reason.

## References
- https://learn.microsoft.com/entra/identity/conditional-access/workload-identity
- https://learn.microsoft.com/entra/id-protection/concept-workload-identity-risk
- https://learn.microsoft.com/graph/api/resources/conditionalaccessclientapplications

Catalogue: SET-008, SET-010
"""

from __future__ import annotations

from pandas import DataFrame

from auditor.rule import nist_800_53, rule

from ._covered import Policy, Worth, coverable, enforced, judged, listed


def _worth(policy: Policy) -> Worth:
    found = enforced(policy)
    if listed(policy["risk_levels"]) is None:
        found.unknown.append("does not say for which risk it is")
    blocked, left_out = listed(policy["locations"]), listed(policy["locations_except"])
    if blocked is None and left_out is None:
        return found  # no condition on places
    everywhere = None if blocked is None else "All" in blocked
    found.demand(everywhere, "blocks only some places", "does not say which places it blocks")
    none = None if left_out is None else not left_out
    found.demand(none, "leaves places out", "does not say which places it leaves out")
    return found


@rule(
    id="workload-without-risk-policy",
    severity="medium",
    about="privileged_principals",
    where=coverable,
    fails_without=("ca_policies",),
    message="Nothing blocks {name} when its risk is {lacking}: {why}. It holds {reasons}.",
    evidence=("tier", "audience"),
    controls=(nist_800_53("SI-4"),),
)
def workload_without_risk_policy(
    privileged_principals: DataFrame,
    ca_policies: DataFrame,
    *,
    levels: tuple[str, ...] = ("medium", "high"),
) -> DataFrame:
    wanted = tuple(dict.fromkeys((*(each.lower() for each in levels), "high")))

    def grades(policy: Policy) -> tuple[str, ...]:
        # No level named is any level; a list that was not told may be any of them.
        return tuple(each.lower() for each in listed(policy["risk_levels"]) or wanted)

    return judged(privileged_principals, ca_policies, _worth, grades, wanted)
