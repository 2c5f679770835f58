"""Applications that appeared in the last weeks and are already privileged.

## What it does
Looks at service principals with a tier 0 or tier 1 permission or directory role. One fails when its
app registration was made within `days` (30), or, where the registration is another tenant's or it
is a managed identity, when the first permission it still holds was granted within `days`: high for
tier 0, else medium. Without a date it is unknown: a foreign application or managed identity that
holds only a role, or one of this tenant whose registration did not arrive. Microsoft's own service
principals are left out.

## Why it matters
An application that is made and given far-reaching rights within days is what an intruder leaves
behind, and what a hurried project leaves behind. Both should be looked at while people remember.

## How to fix
Ask who made it and who approved its rights, and look up both in the audit log. Take back what
nobody can explain.
Portal: Entra admin center > Monitoring > Audit logs, activity Add app role assignment to service
principal.
Graph PowerShell: Get-MgAuditLogDirectoryAudit -Filter "targetResources/any(t:t/id eq 'ID')".
Azure CLI: az ad sp show --id ID.

## When it is fine
When the change was planned and approved. Accept it: the finding ends by itself after `days`.

## References
- https://learn.microsoft.com/entra/architecture/security-operations-applications
- https://learn.microsoft.com/graph/api/resources/approleassignment
- https://attack.mitre.org/techniques/T1098/003/
Catalogue: ACT-007 (days)
"""

from __future__ import annotations

from pandas import DataFrame, Series, Timedelta, Timestamp

from auditor.rule import mitre, nist_800_53, rule

from .._shared import not_microsoft


@rule(
    id="new-privileged-application",
    severity="medium",
    about="privileged_principals",
    where=not_microsoft,
    # An older grant that is missing would make an old application look new.
    fails_without=("grants",),
    detail=("applications",),
    message="{name} {how} on {day} and is privileged: {held}.",
    fix='Get-MgAuditLogDirectoryAudit -Filter "targetResources/any(t:t/id eq {id})"',
    evidence=("since", "tier", "publisher", "managed_identity", "reasons"),
    controls=(nist_800_53("CM-3"), nist_800_53("SI-4"), mitre("T1098.003")),
)
def new_privileged_application(
    privileged_principals: DataFrame,
    grants: DataFrame,
    applications: DataFrame,
    as_of: Timestamp,
    *,
    days: int = 30,
) -> DataFrame:
    at = privileged_principals["application"]
    registered = applications["created"].reindex(at).set_axis(at.index)
    dated = grants[grants["client"] >= 0].groupby("client")["created"]
    # One grant without a date may be the oldest.
    first = dated.min().mask(dated.count() < dated.size())
    granted = first.reindex(privileged_principals["principal"]).set_axis(at.index)
    managed = privileged_principals["managed_identity"]
    own = privileged_principals["publisher"] == "own"
    of_registration = own & ~managed.fillna(False).astype(bool)
    since = registered.where(of_registration, granted)
    untold = since.isna() | (own & managed.isna() & registered.isna())
    found = privileged_principals.assign(since=since)[
        (since > as_of - Timedelta(days=days)) | untold
    ]
    index = found.index
    zero = (found["tier"] == 0).fillna(False).astype(bool)
    how = Series("got its first permission", index=index)
    return found.assign(
        how=how.mask(of_registration[index], "was registered"),
        day=found["since"].dt.strftime("%Y-%m-%d"),
        held=found["reasons"].str.join(", ").fillna("a privilege"),
        severity=Series("medium", index=index).mask(zero, "high"),
        unknown=Series(None, index=index, dtype=object).mask(
            untold[index], "since when it is here was not told"
        ),
    )
