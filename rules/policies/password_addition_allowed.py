"""Client secrets may be added to applications.

## What it does
Looks for the restriction passwordAddition in the app management policies, which blocks new client
secrets.
It is judged in the default policy for applications and for service principals apart, and in every
custom policy that is on and put on something. The presence of an entry is not enough: it fails when
the policy or the entry is switched off, when the entry is not there, when its date
(restrictForAppsCreatedAfterDateTime) is in the future, when actors are exempt (low), and when
its date leaves out what was created before (low; for applications only if there are older ones). A
custom policy that does not list it is unknown: whether the default holds then is not documented.

## Why it matters
As long as secrets can be added, they will be: by scripts, by guides that say so, and by whoever
wants a way back in. A finding about each secret comes too late; this setting comes before.

## How to fix
Portal: Entra admin center > Enterprise applications > Security > Application policies >
Block password addition, on for all applications, without a start date.
Graph: PATCH /policies/defaultAppManagementPolicy with isEnabled true and, in both
applicationRestrictions and servicePrincipalRestrictions,
{"restrictionType": "passwordAddition", "state": "enabled"} among passwordCredentials.
Send the whole list of restrictions: a PATCH replaces it.
Graph PowerShell: Update-MgPolicyDefaultAppManagementPolicy -BodyParameter with the same body.

## When it is fine
While applications are moved to certificates, managed identities and federation, with the rest
exempt by a custom policy for a time.

## References
Catalogue: POL-001, POL-005 (a policy that is off fails as high)
- https://learn.microsoft.com/graph/api/resources/tenantappmanagementpolicy
- https://learn.microsoft.com/graph/api/resources/appmanagementpolicy
- https://learn.microsoft.com/entra/identity/enterprise-apps/configure-app-management-policies
"""

from __future__ import annotations

from pandas import DataFrame, Timestamp

from auditor.rule import answers, cis_m365, iso_27001, nist_800_53, rule, scuba

from ._restrictions import loose, of


@rule(
    id="password-addition-allowed",
    severity="medium",
    about="app_policies",
    where=of("passwordAddition"),
    passes_without=("app_policy_targets", "applications"),
    message="New client secrets are not blocked by restriction passwordAddition of policy {policy} for {whom}: {reason}.",
    evidence=("enabled", "state", "max_lifetime", "applies_from", "exempt", "objects"),
    controls=(
        answers(cis_m365("7.0", "5.1.5.3")),
        answers(scuba("MS.AAD.5.5v1")),
        nist_800_53("IA-5"),
        iso_27001("A.5.17"),
    ),
)
def password_addition_allowed(
    app_policies: DataFrame,
    app_policy_targets: DataFrame,
    applications: DataFrame,
    as_of: Timestamp,
) -> DataFrame:
    return loose(app_policies, app_policy_targets, applications, as_of)
