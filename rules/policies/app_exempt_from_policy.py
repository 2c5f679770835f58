"""Applications that a policy of their own frees from credential restrictions.

## What it does
Takes every application and service principal with an app management policy of its own, and compares
that policy with the default one. It fails when the policy is on and switches a restriction of
credentials off, or allows a longer lifetime than the default policy. Policies that are off free
nobody and pass. When the application was registered is told as evidence; when it was exempted, no
API tells.

## Why it matters
An exemption is made for one migration and stays. Whoever may add credentials to such an application
meets no limit, and the tenant's default policy looks as if it held.

## How to fix
Look at each exemption at least once a year. Remove the application from the policy when it is done.
Portal: Entra admin center > Enterprise applications > Security > Application policies.
Graph PowerShell: Remove-MgApplicationAppManagementPolicyAppManagementPolicyByRef, or
Remove-MgServicePrincipalAppManagementPolicyAppManagementPolicyByRef.

## When it is fine
A product that cannot do otherwise. Accept the finding with a reason and an end date: that is the
review.

## References
Catalogue: POL-006
- https://learn.microsoft.com/graph/api/resources/appmanagementpolicy
- https://learn.microsoft.com/graph/api/appmanagementpolicy-list-appliesto
- https://learn.microsoft.com/entra/identity/enterprise-apps/configure-app-management-policies
"""

from __future__ import annotations

from pandas import DataFrame, Series

from auditor.rule import iso_27001, nist_800_53, rule

_OF_CREDENTIALS = (
    *("passwordAddition", "passwordLifetime", "customPasswordAddition"),
    *("symmetricKeyAddition", "symmetricKeyLifetime", "asymmetricKeyLifetime"),
)
_FIX = {
    "application": (
        "Remove-MgApplicationAppManagementPolicyAppManagementPolicyByRef "
        "-ApplicationId {object_id} -AppManagementPolicyId {policy_id}"
    ),
    "servicePrincipal": (
        "Remove-MgServicePrincipalAppManagementPolicyAppManagementPolicyByRef "
        "-ServicePrincipalId {object_id} -AppManagementPolicyId {policy_id}"
    ),
}


@rule(
    id="app-exempt-from-policy",
    severity="medium",
    about="app_policy_targets",
    needs=("enabled",),
    passes_without=("app_policies",),
    detail=("applications",),
    message="Policy {policy} frees {name} from {freed}.",
    evidence=("created", "object_type"),
    controls=(nist_800_53("CM-6"), iso_27001("A.5.17")),
)
def app_exempt_from_policy(
    app_policy_targets: DataFrame, app_policies: DataFrame, applications: DataFrame
) -> DataFrame:
    rules = app_policies[app_policies["restriction"].isin(_OF_CREDENTIALS)]
    default = rules[~rules["custom"]]
    limit = default.groupby("restriction")["max_lifetime_days"].min()
    own = rules[rules["custom"]]
    id_ = own["policy_id"].str.lower()
    longer = own["max_lifetime_days"] > own["restriction"].map(limit)
    frees = (own["state"] == "disabled").fillna(False) | (
        longer.fillna(False) & (own["state"] == "enabled").fillna(False)
    )
    # A lifetime that is not told on either side may be the longer one.
    lifetimes = own["restriction"].str.endswith("Lifetime")
    limited = own["restriction"].isin(
        default.loc[(default["state"] != "absent").fillna(True), "restriction"]
    )
    open_ = own["state"].isna() | (
        lifetimes & limited & longer.isna() & (own["state"] == "enabled").fillna(False)
    )
    freed = own[frees.astype(bool)].groupby(id_[frees.astype(bool)])["restriction"].agg(tuple)
    rows = app_policy_targets["policy_id"].str.lower()
    told = rows.map(freed)
    unknown = Series(None, index=rows.index, dtype=object)
    unknown = unknown.mask(
        rows.isin(id_[open_.astype(bool)]), "what its policy restricts is not known"
    )
    unknown = unknown.mask(~rows.isin(id_), "its policy is not among those read")
    on = app_policy_targets["enabled"].astype(bool)
    kinds = app_policy_targets["object_type"]
    at = app_policy_targets["application"]
    found = app_policy_targets.assign(
        freed=told,
        created=at.map(applications["created_received"]),
        name=app_policy_targets["name"].fillna(app_policy_targets["object_id"]),
        fix=kinds.map(_FIX),
        unknown=unknown.mask(told.notna(), None),
    )
    return found[on & (told.notna() | found["unknown"].notna())]
