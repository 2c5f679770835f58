"""Deleted applications that work again, with far-reaching rights, once restored.

## What it does
Looks at deleted app registrations that can be restored for 30 days. One fails when a secret or
certificate of it is still valid and it asks for a tier 0 or tier 1 application permission. One
without a credential that is still valid passes: restored, it opens nothing to who kept a copy. What
a deleted application was granted and which roles it held cannot be read any more; so one with a
valid credential that asks for nothing of that tier is unknown, as is one whose lists did not come.

## Why it matters
Restoring brings the service principal, its grants and its credentials back at once, without any
consent. A copy of the secret works again, and nobody expects that of an application they deleted.

## How to fix
Delete it for good, which cannot be undone, or remove its credentials right after restoring it.
Portal: Entra admin center > App registrations > Deleted applications > Delete permanently.
Graph PowerShell: Remove-MgDirectoryDeletedItem -DirectoryObjectId ID.
Azure CLI: az rest --method DELETE --url
https://graph.microsoft.com/v1.0/directory/deletedItems/ID.

## When it is fine
While one waits whether somebody misses it. The finding ends by itself 30 days after the deletion.

## References
- https://learn.microsoft.com/entra/identity/enterprise-apps/restore-application
- https://learn.microsoft.com/graph/api/directory-deleteditems-list
Catalogue: ACT-004
"""

from __future__ import annotations

from pandas import DataFrame, Series, Timestamp

from auditor.rule import nist_800_53, rule, soc2


@rule(
    id="deleted-application-credential",
    severity="medium",
    about="deleted_applications",
    needs=("credentials",),
    message=(
        "{name} was deleted, asks for {asked}, and can be restored with a credential that is valid "
        "until {until}."
    ),
    fix="Remove-MgDirectoryDeletedItem -DirectoryObjectId {id}",
    evidence=("deleted", "credentials", "last_end", "asks"),
    controls=(nist_800_53("AC-2"), soc2("CC6.2")),
)
def deleted_application_credential(deleted_applications: DataFrame, as_of: Timestamp) -> DataFrame:
    table = deleted_applications
    dateless = (table["credentials"] > 0).astype(bool) & table["last_end"].isna()
    valid = table["last_end"] > as_of
    found = table[dateless | (valid & (table["credentials"] > 0).astype(bool))]
    asks = found["asks"].str.len().fillna(0) > 0
    return found.assign(
        asked=found["asks"].str.join(", ").fillna("nothing that is known"),
        until=found["last_end"].dt.strftime("%Y-%m-%d"),
        unknown=Series(None, index=found.index, dtype=object)
        .mask(~asks, "it has a valid credential, and what it held is not readable once deleted")
        .mask(found["last_end"].isna(), "until when its credentials are valid was not told"),
    )
