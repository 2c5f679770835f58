"""App registrations that say nothing of what they are for.

## What it does
Looks at every app registration of the tenant. One fails when it has no serviceManagementReference
and neither the registration nor its service principal has notes; text of blanks counts as none.
Set `notes` to false to ask for the reference and let notes not do.

## Why it matters
Without a link to an inventory or a line of text, a reader of the directory cannot tell what an
application serves, whom to ask, or whether it may be stopped. That is found out during an incident.

## How to fix
Write the number of the inventory entry into serviceManagementReference, or a line into the notes.
Portal: Entra admin center > App registrations > the application > Branding & properties.
Graph PowerShell: Update-MgApplication -ApplicationId ID -ServiceManagementReference 'CMDB-1'.
Azure CLI: az ad app update --id ID --set serviceManagementReference=CMDB-1.

## When it is fine
When the inventory is keyed by client id and kept elsewhere. Switch the rule off then.

## References
- https://learn.microsoft.com/graph/api/resources/application
- https://learn.microsoft.com/graph/api/resources/serviceprincipal
Catalogue: OWN-010
"""

from __future__ import annotations

from pandas import DataFrame, Series

from auditor.rule import iso_27001, nist_800_53, rule


@rule(
    id="undocumented-application",
    severity="low",
    about="applications",
    fails_without=("service_principals",),
    message="{name} has no service management reference{nor}.",
    fix="Update-MgApplication -ApplicationId {id} -ServiceManagementReference 'CMDB'",
    evidence=("service_management_reference", "notes", "created"),
    controls=(nist_800_53("CM-8"), iso_27001("A.5.9")),
)
def undocumented_application(
    applications: DataFrame, service_principals: DataFrame, *, notes: bool = True
) -> DataFrame:
    told = _text(applications["service_management_reference"])
    if notes:
        beside = service_principals["notes"].reindex(applications["principal"])
        told = told | _text(applications["notes"]) | _text(beside.set_axis(applications.index))
    return applications[~told].assign(nor=" and no notes" if notes else "")


def _text(column: Series) -> Series:
    return column.str.contains(r"\w", regex=True).fillna(False).astype(bool)
