"""Applications with a credential that works and nobody who is accountable.

## What it does
Looks at every app registration of the tenant. One fails when it or its service principal carries a
client secret or certificate that is valid now, neither has an owner, and the registration has no
serviceManagementReference. SAML signing certificates are no such credentials. Where the dates of a
credential were not told it is unknown. privileged-app-without-owner asks the same of privileged
applications, whatever they sign in with.

## Why it matters
A credential has to be renewed in time, and taken away when it leaks. Somebody must do that, and
know what stops working then.

## How to fix
Write the accountable team into serviceManagementReference, or make a person who looks after it the
owner if the application holds nothing privileged.
Portal: Entra admin center > App registrations > the application > Branding & properties, or Owners.
Graph PowerShell: Update-MgApplication -ApplicationId ID -ServiceManagementReference 'CMDB-1'.
Azure CLI: az ad app update --id ID --set serviceManagementReference=CMDB-1.

## When it is fine
When the inventory is keyed by client id and kept elsewhere. Switch the rule off then.

## References
- https://learn.microsoft.com/entra/identity/enterprise-apps/overview-assign-app-owners
- https://learn.microsoft.com/graph/api/resources/application
Catalogue: OWN-002
"""

from __future__ import annotations

from pandas import DataFrame, Series, Timestamp

from auditor.rule import iso_27001, nist_800_53, rule

from .._shared import valid_at


@rule(
    id="unowned-application-credential",
    severity="medium",
    about="applications",
    passes_without=("credentials",),
    fails_without=("application_owners", "service_principal_owners"),
    message="Nobody is named for {name}, which has {count} credentials that work.",
    fix="Update-MgApplication -ApplicationId {id} -ServiceManagementReference 'TEAM'",
    evidence=("service_management_reference", "created"),
    controls=(nist_800_53("CM-8"), iso_27001("A.5.9")),
)
def unowned_application_credential(
    applications: DataFrame,
    credentials: DataFrame,
    application_owners: DataFrame,
    service_principal_owners: DataFrame,
    as_of: Timestamp,
) -> DataFrame:
    reference = applications["service_management_reference"]
    named = reference.str.contains(r"\w", regex=True).fillna(False).astype(bool)
    owned = applications.index.isin(application_owners["object_row"])
    owned |= (
        applications["principal"]
        .isin(service_principal_owners["object_row"][service_principal_owners["object_row"] >= 0])
        .to_numpy()
    )
    nobody = applications[~named & ~owned]
    usable = credentials[~credentials["saml"].astype(bool) & (credentials["application"] >= 0)]
    valid = valid_at(usable, as_of)
    sure = usable[valid.fillna(False).astype(bool)].groupby("application").size()
    unsure = usable[valid.isna()].groupby("application").size()
    count, dateless = (
        each.reindex(nobody.index).fillna(0).astype("int64") for each in (sure, unsure)
    )
    return nobody.assign(
        count=count,
        unknown=Series(None, index=nobody.index, dtype=object).mask(
            count == 0, "whether a credential of it is valid could not be told"
        ),
    )[(count > 0) | (dateless > 0)]
