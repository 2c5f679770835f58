"""Symmetric keys may be added to applications.

## What it does
Looks for the restriction symmetricKeyAddition in the app management policies. The list of trusted
authorities (trustedCertificateAuthorities) exists in beta only and is not read.
It is judged in the default policy for applications and for service principals apart, and in every
custom policy that is on and put on something. The presence of an entry is not enough: it fails when
the policy or the entry is switched off, when the entry is not there, when its date
(restrictForAppsCreatedAfterDateTime) is in the future, when actors are exempt (low), and when
its date leaves out what was created before (low; for applications only if there are older ones). A
custom policy that does not list it is unknown: whether the default holds then is not documented.

## Why it matters
A symmetric key is a secret that both sides hold, like a password; nothing new needs one. Blocked
passwords with open symmetric keys leave the same door beside the closed one.

## How to fix
Portal: Entra admin center > Enterprise applications > Security > Application policies >
Block symmetric keys, on for all applications, without a start date.
Graph: PATCH /policies/defaultAppManagementPolicy with isEnabled true and, in both
applicationRestrictions and servicePrincipalRestrictions,
{"restrictionType": "symmetricKeyAddition", "state": "enabled"} among
passwordCredentials.
Send the whole list of restrictions: a PATCH replaces it.
Graph PowerShell: Update-MgPolicyDefaultAppManagementPolicy -BodyParameter with the same body.

## When it is fine
A product of a vendor that provisions with symmetric keys. Put a custom policy on it alone.

## References
Catalogue: POL-007
- https://learn.microsoft.com/graph/api/resources/tenantappmanagementpolicy
- https://learn.microsoft.com/graph/api/resources/appmanagementpolicy
- https://learn.microsoft.com/entra/identity/enterprise-apps/configure-app-management-policies
"""

from __future__ import annotations

from pandas import DataFrame, Timestamp

from auditor.rule import nist_800_53, rule

from ._restrictions import loose, of


@rule(
    id="symmetric-key-allowed",
    severity="low",
    about="app_policies",
    where=of("symmetricKeyAddition"),
    passes_without=("app_policy_targets", "applications"),
    message="Symmetric keys are not blocked by restriction symmetricKeyAddition of policy {policy} for {whom}: {reason}.",
    evidence=("enabled", "state", "max_lifetime", "applies_from", "exempt", "objects"),
    controls=(nist_800_53("IA-5"),),
)
def symmetric_key_allowed(
    app_policies: DataFrame,
    app_policy_targets: DataFrame,
    applications: DataFrame,
    as_of: Timestamp,
) -> DataFrame:
    return loose(app_policies, app_policy_targets, applications, as_of)
