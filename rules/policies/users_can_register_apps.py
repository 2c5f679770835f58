"""Users without any role may register applications.

## What it does
Reads allowedToCreateApps of the authorization policy: what every member user may do by default.

## Why it matters
Whoever registers an application owns it, can give it credentials, and can ask others to consent to
it under a name of his choice. A stolen account of anybody is enough to leave such a door behind.

## How to fix
Portal: Entra admin center > Users > User settings > Users can register applications: No.
Graph PowerShell: Update-MgPolicyAuthorizationPolicy with AllowedToCreateApps false.
Give those who need it the role Application Developer.

## When it is fine
A tenant for tests and development that holds nothing else.

## References
Catalogue: SET-001
- https://learn.microsoft.com/graph/api/resources/authorizationpolicy
- https://learn.microsoft.com/entra/identity/role-based-access-control/delegate-app-roles
"""

from __future__ import annotations

from pandas import DataFrame

from auditor.rule import answers, cis_m365, nist_800_53, rule, scuba


@rule(
    id="users-can-register-apps",
    severity="high",
    about="authorization_policy",
    needs=("users_create_apps",),
    message="Every user may register applications (allowedToCreateApps is true).",
    fix=(
        "Update-MgPolicyAuthorizationPolicy -DefaultUserRolePermissions "
        "@{{ AllowedToCreateApps = $false }}"
    ),
    controls=(
        answers(cis_m365("7.0", "5.1.2.2")),
        answers(cis_m365("6.0", "5.1.2.2")),
        answers(scuba("MS.AAD.5.1v1")),
        nist_800_53("AC-6(10)"),
        nist_800_53("CM-5"),
    ),
)
def users_can_register_apps(authorization_policy: DataFrame) -> DataFrame:
    return authorization_policy[authorization_policy["users_create_apps"].astype(bool)]
