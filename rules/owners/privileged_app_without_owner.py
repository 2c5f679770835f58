"""Privileged applications that nobody is accountable for.

## What it does
Looks at the tenant's own applications with a tier 0 or tier 1 permission or directory role. One
fails when neither its registration nor its service principal has an owner and its registration has
no serviceManagementReference. Managed identities, foreign and Microsoft's applications are left
out: their accountable person is not kept here.

## Why it matters
When a credential expires, leaks or is found in a log, somebody must say what the application is for
and whether it may be stopped. Without a name nobody dares to remove it, and it stays with all its
rights.

## How to fix
Write the accountable person, team or inventory number into serviceManagementReference. Do not add
an owner for this: an owner of a privileged application can add a credential and become it, which is
what privileged-app-owner reports. Both rules pass for an application that has no owner and a
reference.
Portal: Entra admin center > App registrations > the application > Branding & properties > Service
management reference.
Graph PowerShell: Update-MgApplication -ApplicationId ID -ServiceManagementReference 'CMDB-1'.
Azure CLI: az ad app update --id ID --set serviceManagementReference=CMDB-1.

## When it is fine
When the applications are kept in an inventory that is keyed by client id, and the reference would
only repeat it. Switch the rule off then, rather than accepting each finding.

## References
- https://learn.microsoft.com/graph/api/resources/application
- https://learn.microsoft.com/entra/identity/enterprise-apps/overview-assign-app-owners
Catalogue: OWN-002 (for privileged applications)
"""

from __future__ import annotations

from pandas import DataFrame, Series

from auditor.rule import iso_27001, nist_800_53, rule

from ._owned import owners


def _own_applications(principals: DataFrame) -> Series:
    own = principals["publisher"].astype("string") == "own"
    return own & ~principals["managed_identity"]


@rule(
    id="privileged-app-without-owner",
    severity="medium",
    about="privileged_principals",
    where=_own_applications,
    fails_without=("application_owners", "service_principal_owners", "applications"),
    message="Nobody is named for {name}: no owner and no service management reference; {reasons}.",
    fix="Update-MgApplication -ApplicationId {application_id} -ServiceManagementReference 'WHO'",
    evidence=("tier",),
    controls=(
        nist_800_53("CM-8"),
        iso_27001("A.5.9"),
    ),
)
def privileged_app_without_owner(
    privileged_principals: DataFrame,
    application_owners: DataFrame,
    service_principal_owners: DataFrame,
    applications: DataFrame,
) -> DataFrame:
    owned = owners(privileged_principals, application_owners, service_principal_owners)
    registration = applications.reindex(owned["application"]).set_axis(owned.index)
    reference = registration["service_management_reference"]
    # A reference of blanks or of characters nobody sees names nobody.
    named = (owned["owner_ids"].str.len() > 0) | reference.str.contains(r"\w", regex=True)
    arrived = registration["id"].notna()
    found = owned[~named]
    return found.drop(columns=["owner_names", "owner_ids", "proof_pages"]).assign(
        application_id=registration["id"][found.index],
        unknown=Series(None, index=found.index, dtype=object).mask(
            ~arrived[found.index], "its registration is not among those read"
        ),
    )
