"""Lifetime of client secrets is not limited.

## What it does
Looks for the restriction passwordLifetime in the app management policies, and compares its
maxLifetime with `max_days`. The portal stores one day more than it shows: 180 days become P181D.
It is judged in the default policy for applications and for service principals apart, and in every
custom policy that is on and put on something. The presence of an entry is not enough: it fails when
the policy or the entry is switched off, when the entry is not there, when its date
(restrictForAppsCreatedAfterDateTime) is in the future, when the limit is longer than
`max_days`, when actors are exempt (low), and when
its date leaves out what was created before (low; for applications only if there are older ones). A
custom policy that does not list it is unknown: whether the default holds then is not documented.

## Why it matters
Without a limit a secret is made for as long as the form allows, and copies of it stay good long
after people and machines that had them are gone.

## How to fix
Portal: Entra admin center > Enterprise applications > Security > Application policies >
Restrict max password lifetime, on for all applications, without a start date.
Graph: PATCH /policies/defaultAppManagementPolicy with isEnabled true and, in both
applicationRestrictions and servicePrincipalRestrictions,
{"restrictionType": "passwordLifetime", "state": "enabled", "maxLifetime": "P180D"}
among passwordCredentials.
Send the whole list of restrictions: a PATCH replaces it.
Graph PowerShell: Update-MgPolicyDefaultAppManagementPolicy -BodyParameter with the same body.

## When it is fine
Where new secrets are blocked altogether the limit is a second line; it costs nothing.

## References
Catalogue: POL-002 (max_days)
- https://learn.microsoft.com/graph/api/resources/tenantappmanagementpolicy
- https://learn.microsoft.com/graph/api/resources/appmanagementpolicy
- https://learn.microsoft.com/entra/identity/enterprise-apps/configure-app-management-policies
"""

from __future__ import annotations

from pandas import DataFrame, Timestamp

from auditor.rule import answers, cis_m365, nist_800_53, rule, scuba

from ._restrictions import loose, of


@rule(
    id="password-lifetime-not-limited",
    severity="medium",
    about="app_policies",
    where=of("passwordLifetime"),
    passes_without=("app_policy_targets", "applications"),
    message="The lifetime of client secrets is not limited by restriction passwordLifetime of policy {policy} for {whom}: {reason}.",
    evidence=("enabled", "state", "max_lifetime", "applies_from", "exempt", "objects"),
    controls=(
        answers(cis_m365("7.0", "5.1.5.4", max_days=180)),
        answers(scuba("MS.AAD.5.6v1", max_days=181)),
        nist_800_53("IA-5"),
    ),
)
def password_lifetime_not_limited(
    app_policies: DataFrame,
    app_policy_targets: DataFrame,
    applications: DataFrame,
    as_of: Timestamp,
    *,
    max_days: int = 180,
) -> DataFrame:
    return loose(app_policies, app_policy_targets, applications, as_of, max_days)
