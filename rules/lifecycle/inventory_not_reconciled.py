"""An inventory whose registrations and service principals do not match.

## What it does
Counts what was read: the app registrations, and the service principals by who owns them. The
tenant fails when the number of its own service principals of type Application differs from the
number of its registrations that have one of these. It is told for information; the counts prove how
much every other rule saw. Where a listing is incomplete, or a service principal's owner or type was
not told, the two cannot be matched and it is unknown: it never passes on a part.

## Why it matters
An inventory is worth something only if it is known to be whole. A service principal without a
registration is an application nobody lists; a number that changed overnight is a question to ask.

## How to fix
See principal-without-registration and application-without-principal, which name each object, and
what the report's coverage says is missing.
Portal: Entra admin center > App registrations > All applications, and Enterprise apps.
Graph PowerShell: Get-MgApplication -All -CountVariable apps; Get-MgServicePrincipal -All.
Azure CLI: az ad app list --all; az ad sp list --all.

## When it is fine
When the objects that differ are known and accepted there.

## References
- https://learn.microsoft.com/entra/identity-platform/app-objects-and-service-principals
- https://learn.microsoft.com/graph/aad-advanced-queries
Catalogue: ACT-008
"""

from __future__ import annotations

from pandas import DataFrame, Series

from auditor.rule import iso_27001, nist_800_53, rule


@rule(
    id="inventory-not-reconciled",
    severity="info",
    about="tenant",
    passes_without=("applications", "service_principals"),
    fails_without=("applications", "service_principals"),
    message=(
        "{principals} service principals of this tenant's applications, {matched} of them with one "
        "of {registrations} registrations; {foreign} of others, {microsoft} of Microsoft, "
        "{managed} managed identities."
    ),
    fix="Get-MgServicePrincipal -All -Property Id,AppId,AppOwnerOrganizationId",
    controls=(nist_800_53("CM-8"), iso_27001("A.5.9")),
)
def inventory_not_reconciled(
    tenant: DataFrame, applications: DataFrame, service_principals: DataFrame
) -> DataFrame:
    every = service_principals
    home = every["owner_tenant"].str.lower()
    kind = every["type"]
    own_kind = kind == "Application"
    registered = every.index.isin(applications["principal"])
    by_home = home[own_kind].value_counts()
    matched = home[own_kind & registered].value_counts()
    # Without an owner or a kind it could be one of this tenant's own.
    untold = bool((kind.isna() | (own_kind & home.isna())).any())
    ids = tenant["id"].str.lower()
    counted = tenant.assign(
        principals=by_home.reindex(ids).fillna(0).astype("int64").to_numpy(),
        matched=matched.reindex(ids).fillna(0).astype("int64").to_numpy(),
        registrations=len(applications),
        foreign=int((every["publisher"] == "foreign").sum()),
        microsoft=int((every["publisher"] == "microsoft").sum()),
        managed=int(every["managed_identity"].fillna(False).sum()),
    )
    cause = "the owner or type of some service principals was not told"
    found = counted[(counted["principals"] != counted["matched"]) | untold]
    return found.assign(unknown=Series(cause if untold else None, index=found.index, dtype=object))
