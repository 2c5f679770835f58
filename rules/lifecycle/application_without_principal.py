"""App registrations that have no service principal in their own tenant.

## What it does
Looks at every app registration. One fails when no service principal of this tenant has its client
id. It is told for information: such an application cannot sign in here.

## Why it matters
It may be left over from an attempt, or serve only other tenants. Its credentials can be valid all
the same: as soon as somebody consents to it, here or elsewhere, they work.

## How to fix
Delete it if nobody needs it; it can be restored for 30 days.
Portal: Entra admin center > App registrations > the application > Delete.
Graph PowerShell: Remove-MgApplication -ApplicationId ID.
Azure CLI: az ad app delete --id ID.

## When it is fine
An application made for customers in other tenants, or one that is being set up.

## References
- https://learn.microsoft.com/entra/identity-platform/app-objects-and-service-principals
- https://learn.microsoft.com/entra/identity/enterprise-apps/restore-application
Catalogue: ACT-006
"""

from __future__ import annotations

from pandas import DataFrame

from auditor.rule import iso_27001, nist_800_53, rule


@rule(
    id="application-without-principal",
    severity="info",
    about="applications",
    # Read from it is which row of it belongs to the registration; a missing one belongs to none.
    fails_without=("service_principals",),
    message="{name} is registered here and has no service principal in this tenant.",
    fix="Remove-MgApplication -ApplicationId {id}",
    evidence=("app_id", "audience", "created"),
    controls=(nist_800_53("CM-8"), iso_27001("A.5.9")),
)
def application_without_principal(
    applications: DataFrame, service_principals: DataFrame
) -> DataFrame:
    return applications[~applications["principal"].isin(service_principals.index)]
