"""Lifetime of certificates of applications is not limited.

## What it does
Looks for the restriction asymmetricKeyLifetime in the app management policies, and compares its
maxLifetime with `max_days`. The portal stores one day more than it shows: 365 days become P366D.
It is judged in the default policy for applications and for service principals apart, and in every
custom policy that is on and put on something. The presence of an entry is not enough: it fails when
the policy or the entry is switched off, when the entry is not there, when its date
(restrictForAppsCreatedAfterDateTime) is in the future, when the limit is longer than
`max_days`, when actors are exempt (low), and when
its date leaves out what was created before (low; for applications only if there are older ones). A
custom policy that does not list it is unknown: whether the default holds then is not documented.

## Why it matters
A private key that is good for years is copied to every machine of those years. A limit makes
rotation a habit before it is an emergency.

## How to fix
Portal: Entra admin center > Enterprise applications > Security > Application policies >
Restrict max certificate lifetime, on for all applications, without a start date.
Graph: PATCH /policies/defaultAppManagementPolicy with isEnabled true and, in both
applicationRestrictions and servicePrincipalRestrictions,
{"restrictionType": "asymmetricKeyLifetime", "state": "enabled", "maxLifetime": "P180D"}
among keyCredentials.
Send the whole list of restrictions: a PATCH replaces it.
Graph PowerShell: Update-MgPolicyDefaultAppManagementPolicy -BodyParameter with the same body.

## When it is fine
Where your authority issues for a year and the keys stay in hardware, raise `max_days` to 366.

## References
Catalogue: POL-004 (max_days)
- https://learn.microsoft.com/graph/api/resources/tenantappmanagementpolicy
- https://learn.microsoft.com/graph/api/resources/appmanagementpolicy
- https://learn.microsoft.com/entra/identity/enterprise-apps/configure-app-management-policies
"""

from __future__ import annotations

from pandas import DataFrame, Timestamp

from auditor.rule import answers, cis_m365, nist_800_53, rule, scuba

from ._restrictions import loose, of


@rule(
    id="certificate-lifetime-not-limited",
    severity="medium",
    about="app_policies",
    where=of("asymmetricKeyLifetime"),
    passes_without=("app_policy_targets", "applications"),
    message="The lifetime of certificates is not limited by restriction asymmetricKeyLifetime of policy {policy} for {whom}: {reason}.",
    evidence=("enabled", "state", "max_lifetime", "applies_from", "exempt", "objects"),
    controls=(
        answers(cis_m365("7.0", "5.1.5.6", max_days=180)),
        answers(scuba("MS.AAD.5.7v1", max_days=366)),
        nist_800_53("SC-12"),
    ),
)
def certificate_lifetime_not_limited(
    app_policies: DataFrame,
    app_policy_targets: DataFrame,
    applications: DataFrame,
    as_of: Timestamp,
    *,
    max_days: int = 180,
) -> DataFrame:
    return loose(app_policies, app_policy_targets, applications, as_of, max_days)
