"""Privileged applications with an owner, who can become the application.

## What it does
Looks at applications with a tier 0 or tier 1 permission or directory role, of this tenant or of
another. One fails when its registration or its service principal has an owner, whoever that is:
critical for tier 0, high for tier 1. Managed identities have no credentials that an owner could add
and are left out, as are Microsoft's own service principals.

## Why it matters
An owner can add a credential to the application, sign in as it and use every right it has. No
directory role is needed for that, and no administrator is asked. So an owner's account, which may
be an ordinary one, is worth as much to an attacker as the application itself.

## How to fix
Write the accountable person or team into serviceManagementReference of the registration, then
remove the owners of both objects. Administrators keep managing it by their directory role.
Portal: Entra admin center > App registrations, and Enterprise apps > the application > Owners.
Graph PowerShell: Update-MgApplication -ApplicationId ID -ServiceManagementReference 'CMDB-1';
Remove-MgApplicationOwnerByRef -ApplicationId ID -DirectoryObjectId OWNER;
Remove-MgServicePrincipalOwnerByRef -ServicePrincipalId ID -DirectoryObjectId OWNER.
privileged-app-without-owner is the other half: it passes as soon as the reference is there.

## When it is fine
When every owner is an administrative account of at least the application's own tier, protected as
such. Accept the finding with those names; a new owner does not make a new finding, so look again
when the acceptance ends.

## References
- https://learn.microsoft.com/entra/identity/enterprise-apps/overview-assign-app-owners
- https://learn.microsoft.com/graph/api/application-list-owners
- https://attack.mitre.org/techniques/T1098/001/
Catalogue: OWN-001
"""

from __future__ import annotations

from pandas import DataFrame, Series

from auditor.rule import iso_27001, mitre, nist_800_53, rule

from .._shared import not_microsoft
from ._owned import owners

_OF_APPLICATION = (
    "Remove-MgApplicationOwnerByRef -ApplicationId {owned_id} -DirectoryObjectId {owner_id}"
)
_OF_PRINCIPAL = (
    "Remove-MgServicePrincipalOwnerByRef -ServicePrincipalId {owned_id} "
    "-DirectoryObjectId {owner_id}"
)
_NAMED = 5  # how many owners the message names; the evidence has all


def _applications(principals: DataFrame) -> Series:
    return not_microsoft(principals) & ~principals["managed_identity"]


@rule(
    id="privileged-app-owner",
    severity="high",
    about="privileged_principals",
    where=_applications,
    passes_without=("application_owners", "service_principal_owners"),
    message="{owners} can become {name} by adding a credential of their own: {reasons}.",
    evidence=("tier", "publisher"),
    controls=(
        nist_800_53("AC-6(5)"),
        iso_27001("A.8.2"),
        mitre("T1098.001"),
    ),
)
def privileged_app_owner(
    privileged_principals: DataFrame,
    application_owners: DataFrame,
    service_principal_owners: DataFrame,
) -> DataFrame:
    owned = owners(privileged_principals, application_owners, service_principal_owners)
    has_owner = owned["owner_ids"].str.len() > 0
    # An application of this tenant has a registration; without it, its owners are not known.
    lost = (owned["publisher"] == "own") & (owned["application"] < 0) & ~has_owner
    found = owned[has_owner | lost]
    removal = _removal(found, application_owners, service_principal_owners)
    tier_one = (found["tier"] == 1).fillna(False).astype(bool)
    return found.assign(
        owners=found["owner_names"].map(_few),
        severity=Series("critical", index=found.index).mask(tier_one, "high"),
        unknown=Series(None, index=found.index, dtype=object).mask(
            lost[found.index], "its registration, and with it its owners, is not among those read"
        ),
        owned_id=removal["owned_id"],
        owner_id=removal["owner_id"],
        fix=removal["fix"],
    )


def _few(names: tuple[str, ...]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")


def _removal(
    found: DataFrame, application_owners: DataFrame, service_principal_owners: DataFrame
) -> DataFrame:
    """The first owner of each row, and the command that removes this one; the rest goes alike."""

    def first(table: DataFrame, rows: Series) -> DataFrame:
        owners_ = table[table["object_row"] >= 0].sort_values("owner_id")
        owners_ = owners_.drop_duplicates("object_row").set_index("object_row")
        return owners_[["object_id", "owner_id"]].reindex(rows).set_axis(rows.index)

    by_app = first(application_owners, found["application"])
    by_principal = first(service_principal_owners, found["principal"])
    one = by_app.fillna(by_principal)
    on_app = by_app["owner_id"].notna()
    return DataFrame(
        {
            "owned_id": one["object_id"],
            "owner_id": one["owner_id"],
            "fix": Series(_OF_PRINCIPAL, index=found.index).mask(on_app, _OF_APPLICATION),
        }
    )
