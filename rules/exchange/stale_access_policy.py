"""Application access policies for applications that they do not concern.

## What it does
Looks at application access policies that name one application. One fails when the tenant has no
service principal with that client id, or when that service principal holds no permission that an
access policy binds.

## Why it matters
Policies are few (about 300 fit into a tenant) and read as proof of a limit. One for an application
that is gone, or that reads mail in another way, hides which applications are limited, and takes
effect again unseen when somebody consents to the application once more.

## How to fix
Look how the application gets at mailboxes today, limit that, and remove the policy.
Exchange Online PowerShell: Get-ApplicationAccessPolicy; Remove-ApplicationAccessPolicy
-Identity POLICY. There is no page for it in the portals.

## When it is fine
A policy made before the application gets its permissions, while it is being set up: the right order.

## References
- https://learn.microsoft.com/powershell/module/exchange/remove-applicationaccesspolicy
- https://learn.microsoft.com/graph/auth-limit-mailbox-access

Catalogue: EXO-007
"""

from __future__ import annotations

from pandas import DataFrame, Series

from auditor.rule import nist_800_53, rule
from auditor.tables.access_policy import EVERY_APP

from ._mailbox import BINDABLE, among


def _of_one_application(access_policies: DataFrame) -> Series:
    return access_policies["app_id"] != EVERY_APP


@rule(
    id="stale-access-policy",
    severity="low",
    about="access_policies",
    where=_of_one_application,
    fails_without=("service_principals", "grants"),
    message="The access policy for {app_id} (scope {group}) limits nothing: {why}.",
    fix="Remove-ApplicationAccessPolicy -Identity {identity}",
    evidence=("access_right", "scope", "valid"),
    controls=(nist_800_53("CM-8"),),
)
def stale_access_policy(
    access_policies: DataFrame, service_principals: DataFrame, grants: DataFrame
) -> DataFrame:
    apps = access_policies["app_id"].str.lower()
    ids = service_principals["app_id"].str.lower()
    rows = service_principals.index[ids.isin(apps)]
    bound = among(grants, BINDABLE)
    binds = {*grants.loc[bound.fillna(False), "client"]}
    maybe = {*grants.loc[bound.isna(), "client"]}
    here = {ids[row]: row for row in rows}
    told = [here.get(each, -1) for each in apps]
    row = Series(told, index=access_policies.index)
    found = access_policies[~row.isin(binds) | (row < 0)]
    row = row[found.index]
    gone = row < 0
    return found.assign(
        group=found["scope"].replace("", None).fillna("none"),
        why=Series(
            "its application holds no permission that a policy binds", index=found.index
        ).mask(gone, "there is no service principal with this client id"),
        unknown=Series(None, index=found.index, dtype=object).mask(
            row.isin(maybe) & ~gone, "which API a permission of its application is of is not told"
        ),
    )
