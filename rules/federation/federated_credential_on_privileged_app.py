"""Federated credentials on applications with privileged permissions or roles.

## What it does
Takes every federated credential of an app registration and looks at what the application's service
principal holds. It fails as high when that is a tested path to Global Administrator (tier 0) and as
medium when it is tenant-wide data or a whole service (tier 1). A holder of nothing but permissions
that nobody has rated is unknown, and so is a credential whose application is not among those read.

## Why it matters
The outside platform then administers the tenant: whoever may push to that repository, edit that
pipeline or run a pod there holds these permissions. No Conditional Access for users stands in
between, and the platform's own administrators are administrators here.

## How to fix
Split the application, so that the pipeline holds only what its task needs, or restrict who may
change the pipeline: a protected environment with reviewers, a service account of its own.
Portal: Entra admin center > App registrations > the application > Certificates & secrets >
Federated credentials.
Graph PowerShell: Remove-MgApplicationFederatedIdentityCredential.
Azure CLI: az ad app federated-credential delete --id APP --federated-credential-id ID.

## When it is fine
A pipeline that deploys the tenant's own configuration, when its repository is guarded like a
Global Administrator's account. Accept each with a reason and an end date.

## References
Catalogue: CRED-034
- https://learn.microsoft.com/entra/workload-id/workload-identity-federation
- https://learn.microsoft.com/entra/identity/conditional-access/workload-identity
"""

from __future__ import annotations

from pandas import DataFrame, Series

from auditor.rule import iso_27001, mitre, nist_800_53, rule

from ._removal import REMOVE


@rule(
    id="federated-credential-on-privileged-app",
    severity="high",
    about="federated_credentials",
    passes_without=("privileged_principals",),
    message="{issuer} signs in as {name}, which is privileged: {reasons}.",
    evidence=("subject", "expression", "tier"),
    fix=REMOVE,
    controls=(nist_800_53("AC-6(5)"), iso_27001("A.8.2"), mitre("T1098.001")),
)
def federated_credential_on_privileged_app(
    federated_credentials: DataFrame, privileged_principals: DataFrame
) -> DataFrame:
    known = privileged_principals[privileged_principals["application"] >= 0]
    of_app = known.drop_duplicates("application").set_index("application")
    rows = federated_credentials["application"]
    tier = rows.map(of_app["tier"])
    privileged, lost = rows.isin(of_app.index), rows < 0
    unknown = Series(None, index=rows.index, dtype=object)
    unknown = unknown.mask(privileged & tier.isna(), "what its application holds is not rated")
    unknown = unknown.mask(lost, "its application is not among those read")
    found = federated_credentials.assign(
        tier=tier,
        reasons=rows.map(of_app["reasons"]),
        rated_by=rows.map(of_app["rated_by"]),
        severity=Series("medium", index=rows.index).mask((tier == 0).fillna(False), "high"),
        unknown=unknown,
    )
    return found[privileged | lost]
