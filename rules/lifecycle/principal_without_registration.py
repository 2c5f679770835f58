"""Service principals of this tenant whose app registration is gone.

## What it does
Looks at service principals of type Application that this tenant is said to own. One fails when no
app registration has its client id: medium where it holds a tier 0 or tier 1 permission or role, or
one nobody rates, else low. Managed identities and foreign applications have no registration here
and are left out, as are older kinds. Where owner or type is not told it is unknown.

## Why it matters
What remains can still hold permissions, roles and credentials of its own, and does not show under
App registrations, where people look. Nobody maintains it.

## How to fix
Restore the registration if it was deleted by mistake within 30 days. Otherwise disable the service
principal, and delete it when nobody missed it.
Portal: Entra admin center > Enterprise apps > the application > Properties > Delete.
Graph PowerShell: Update-MgServicePrincipal -ServicePrincipalId ID -AccountEnabled:$false, later
Remove-MgServicePrincipal -ServicePrincipalId ID.
Azure CLI: az ad sp delete --id ID.

## When it is fine
Hardly ever. Service principals that were made alone, by old tools, can look like this: find out
what uses one before it is removed.

## References
- https://learn.microsoft.com/entra/identity-platform/app-objects-and-service-principals
- https://learn.microsoft.com/graph/api/resources/serviceprincipal
Catalogue: ACT-005
"""

from __future__ import annotations

from pandas import DataFrame, Series

from auditor.rule import iso_27001, nist_800_53, rule

from ._activity import DISABLE


def _own_applications(principals: DataFrame) -> Series:
    own = principals["publisher"].astype("string") == "own"
    return own & (principals["type"].astype("string") == "Application")


@rule(
    id="principal-without-registration",
    severity="low",
    about="service_principals",
    where=_own_applications,
    fails_without=("applications",),
    detail=("privileged_principals",),
    message="{name} belongs to this tenant and has no app registration{holding}.",
    fix=DISABLE,
    evidence=("owner_tenant", "type", "enabled"),
    controls=(nist_800_53("CM-8"), iso_27001("A.5.9")),
)
def principal_without_registration(
    service_principals: DataFrame, applications: DataFrame, privileged_principals: DataFrame
) -> DataFrame:
    found = service_principals[~service_principals.index.isin(applications["principal"])]
    held = privileged_principals.drop_duplicates("principal").set_index("principal")["reasons"]
    privileged = Series(found.index.isin(held.index), index=found.index)
    told = "; it holds " + held.reindex(found.index).str.join(", ").fillna("a privilege")
    return found.assign(
        severity=Series("low", index=found.index).mask(privileged, "medium"),
        holding=Series("", index=found.index, dtype=object).mask(privileged, told.astype("str")),
    )
