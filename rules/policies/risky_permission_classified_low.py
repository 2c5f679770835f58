"""Delegated permissions classified low that give more than a sign-in.

## What it does
Looks at every delegated permission that the tenant classifies low. It passes only if it is one of
the five that a sign-in needs: openid, profile, email, offline_access and User.Read of Microsoft
Graph, told by their ids, or named in `allowed` as "app id/permission id". A permission rated tier 0
or 1 fails as high, any other as medium. A classification whose API or level is not told is unknown.

## Why it matters
Users may consent on their own to what is classified low. A permission to read mail or files put
there hands that data to any application with a verified publisher, without anybody deciding it.

## How to fix
Portal: Entra admin center > Enterprise applications > Consent and permissions > Permission
classifications: remove it from Low.
Graph PowerShell: Remove-MgServicePrincipalDelegatedPermissionClassification.

## When it is fine
A permission of an API of your own that shows nothing of other people. Name it in `allowed`.

## References
Catalogue: PERM-025 (allowed)
- https://learn.microsoft.com/entra/identity/enterprise-apps/configure-permission-classifications
- https://learn.microsoft.com/graph/api/resources/delegatedpermissionclassification
"""

from __future__ import annotations

from pandas import DataFrame, Series

from auditor.rule import mitre, rule, scuba

_GRAPH = "00000003-0000-0000-c000-000000000000"
_SIGN_IN = frozenset(
    f"{_GRAPH}/{id}"
    for id in (
        "37f7f235-527c-4136-accd-4a02d197296e",  # openid
        "14dad69e-099b-42c9-810b-d002981feec1",  # profile
        "64a6cdd6-aab1-4aaf-94b8-3cc8405e90d0",  # email
        "7427e0e9-2fba-42fe-b0c0-848c9e6a8182",  # offline_access
        "e1fe6dd8-ba31-4d61-89e7-88639da4683d",  # User.Read
    )
)


@rule(
    id="risky-permission-classified-low",
    severity="medium",
    about="permission_classifications",
    needs=("classification", "resource_app_id"),
    message="{permission} of {resource_name} is classified low: users may consent to it.",
    evidence=("resource_app_id", "permission_id", "tier"),
    controls=(scuba("MS.AAD.5.2v1"), mitre("T1528")),
)
def risky_permission_classified_low(
    permission_classifications: DataFrame, *, allowed: tuple[str, ...] = ()
) -> DataFrame:
    table = permission_classifications
    fine = _SIGN_IN | {each.lower() for each in allowed}
    permission = (table["resource_app_id"] + "/" + table["permission_id"]).str.lower()
    high = (table["tier"] <= 1).fillna(False).astype(bool)
    severity = Series("medium", index=table.index).mask(high, "high")
    low = table["classification"].str.lower() == "low"
    return table.assign(severity=severity)[low & ~permission.isin(fine)]
