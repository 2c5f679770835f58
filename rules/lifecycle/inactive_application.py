"""Applications that have not signed in for a long time.

## What it does
Looks at every enabled service principal, of this tenant's applications and of other publishers'.
One fails when the sign-in report's newest entry of it, as a client or as a resource, for a user or
for itself, is older than `days` (90): high where it is privileged, by a permission or a directory
role, else medium. A sign-in that did not succeed counts as one. One without an entry fails only if
the report's oldest entry proves that it reaches back that far and the application is older than
that; one registered since then passes. Otherwise it is unknown, as are quiet managed identities:
whether the report covers them is not documented. Microsoft's and disabled ones are left out.
Without Entra ID P1, and outside the global cloud, there is no such report, and nothing fails.

## Why it matters
An application nobody uses is one nobody watches. Its permissions, roles and credentials stay, and
whoever finds one of these has a quiet way in.

## How to fix
Disable it first: that ends its sign-ins at once and can be undone. Delete it when nobody missed it.
Portal: Entra admin center > Enterprise apps > the application > Properties > Enabled for users to
sign in.
Graph PowerShell: Update-MgServicePrincipal -ServicePrincipalId ID -AccountEnabled:$false.
Azure CLI: az ad sp update --id ID --set accountEnabled=false.

## When it is fine
What runs once a quarter or year, or is kept for an emergency. Accept it with an end date, or raise
`days`.

## References
- https://learn.microsoft.com/graph/api/resources/serviceprincipalsigninactivity?view=graph-rest-beta
- https://learn.microsoft.com/entra/identity/monitoring-health/recommendation-remove-unused-apps
Catalogue: ACT-001 (days), ROLE-008 (its severity)
"""

from __future__ import annotations

from pandas import DataFrame, Series, Timestamp

from auditor.rule import nist_800_53, rule, soc2

from ._activity import DISABLE, enabled_applications, idle


@rule(
    id="inactive-application",
    severity="medium",
    about="service_principals",
    where=enabled_applications,
    fails_without=("sp_sign_ins",),
    detail=("applications", "grants", "privileged_principals"),
    message="{name} {told} and is still enabled{holding}.",
    fix=DISABLE,
    evidence=("last", "publisher", "type", "days_allowed"),
    controls=(nist_800_53("AC-2(3)"), soc2("CC6.2")),
)
def inactive_application(
    service_principals: DataFrame,
    sp_sign_ins: DataFrame,
    applications: DataFrame,
    grants: DataFrame,
    privileged_principals: DataFrame,
    as_of: Timestamp,
    *,
    days: int = 90,
) -> DataFrame:
    found = idle(service_principals, sp_sign_ins, applications, grants, as_of, days)
    held = privileged_principals.drop_duplicates("principal").set_index("principal")["reasons"]
    reasons = held.reindex(found.index)
    privileged = Series(found.index.isin(held.index), index=found.index)
    holding = Series("", index=found.index, dtype=object)
    return found.assign(
        reasons=reasons.map(lambda each: each if isinstance(each, tuple) else ()),
        holding=holding.mask(
            privileged, ", with " + reasons.str.join(", ").fillna("a privilege").astype("str")
        ),
        severity=Series("medium", index=found.index).mask(privileged, "high"),
        days_allowed=days,
    )
