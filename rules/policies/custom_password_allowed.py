"""Applications may be given passwords of somebody's choice.

## What it does
Looks for the restriction customPasswordAddition in the app management policies, which blocks client
secrets that their maker chose instead of Entra.
It is judged in the default policy for applications and for service principals apart, and in every
custom policy that is on and put on something. The presence of an entry is not enough: it fails when
the policy or the entry is switched off, when the entry is not there, when its date
(restrictForAppsCreatedAfterDateTime) is in the future, when actors are exempt (low), and when
its date leaves out what was created before (low; for applications only if there are older ones). A
custom policy that does not list it is unknown: whether the default holds then is not documented.

## Why it matters
A chosen password may be short, reused or known to others. Entra makes secrets of its own that are
neither; only old APIs and scripts still need to choose one.

## How to fix
Portal: Entra admin center > Enterprise applications > Security > Application policies >
Block custom passwords, on for all applications, without a start date.
Graph: PATCH /policies/defaultAppManagementPolicy with isEnabled true and, in both
applicationRestrictions and servicePrincipalRestrictions,
{"restrictionType": "customPasswordAddition", "state": "enabled"} among
passwordCredentials.
Send the whole list of restrictions: a PATCH replaces it.
Graph PowerShell: Update-MgPolicyDefaultAppManagementPolicy -BodyParameter with the same body.

## When it is fine
An old product that sets its own password. Put a custom policy on that one application.

## References
Catalogue: POL-003
- https://learn.microsoft.com/graph/api/resources/tenantappmanagementpolicy
- https://learn.microsoft.com/graph/api/resources/appmanagementpolicy
- https://learn.microsoft.com/entra/identity/enterprise-apps/configure-app-management-policies
"""

from __future__ import annotations

from pandas import DataFrame, Timestamp

from auditor.rule import answers, cis_m365, iso_27001, rule

from ._restrictions import loose, of


@rule(
    id="custom-password-allowed",
    severity="medium",
    about="app_policies",
    where=of("customPasswordAddition"),
    passes_without=("app_policy_targets", "applications"),
    message="Chosen passwords are not blocked by restriction customPasswordAddition of policy {policy} for {whom}: {reason}.",
    evidence=("enabled", "state", "max_lifetime", "applies_from", "exempt", "objects"),
    controls=(
        answers(cis_m365("7.0", "5.1.5.5")),
        iso_27001("A.5.17"),
    ),
)
def custom_password_allowed(
    app_policies: DataFrame,
    app_policy_targets: DataFrame,
    applications: DataFrame,
    as_of: Timestamp,
) -> DataFrame:
    return loose(app_policies, app_policy_targets, applications, as_of)
