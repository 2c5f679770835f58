"""Permissions that an application asks for and was never granted.

## What it does
Holds every permission in the requiredResourceAccess of the tenant's registrations against what was
granted: application permissions (Role) against the app role assignments of its service principal,
delegated permissions (Scope) against its grants, for all users or for one. One that was not granted
to anybody fails. A delegated permission whose API does not publish its name is unknown.

## Why it matters
What is asked for and not used is a standing offer: the next administrator who clicks "Grant admin
consent" grants all of it at once. The list also stops telling what the application needs, so nobody
notices the one dangerous entry.

## How to fix
Ask the owner. If the permission is needed, consent to this one; if not, take it off the list.
Portal: Entra admin center > App registrations > the application > API permissions.
Azure CLI: az ad app permission delete --id APPID --api API --api-permissions PERMISSION.
Graph PowerShell: Update-MgApplication -ApplicationId ID -RequiredResourceAccess LIST.

## When it is fine
Applications that ask each user at sign-in (dynamic consent) list permissions nobody used yet, and a
registration made for other tenants is consented to there. A new application before its first use.

## References
- https://learn.microsoft.com/entra/identity-platform/permissions-consent-overview
- https://learn.microsoft.com/graph/api/resources/requiredresourceaccess
- https://learn.microsoft.com/cli/azure/ad/app/permission

Catalogue: PERM-007
"""

from __future__ import annotations

from pandas import DataFrame, Series

from auditor.rule import iso_27001, nist_800_53, rule

from ._match import among


@rule(
    id="permission-not-consented",
    severity="low",
    about="requested_permissions",
    fails_without=("grants", "delegated_grants"),
    message="{name} asks for {wanted} ({kind}) of API {resource_app_id}; it was never granted.",
    fix="az ad app permission delete --id {app_id} --api {resource_app_id}"
    " --api-permissions {permission_id}",
    controls=(
        nist_800_53("CM-6"),
        iso_27001("A.8.9"),
    ),
)
def permission_not_consented(
    requested_permissions: DataFrame, grants: DataFrame, delegated_grants: DataFrame
) -> DataFrame:
    asked = requested_permissions
    role, scope = asked["kind"] == "Role", asked["kind"] == "Scope"
    by_id = (asked["principal"], asked["permission_id"])
    by_name = (asked["principal"], asked["permission"])
    held = (grants["client"], grants["permission_id"])
    delegated = (delegated_grants["client"], delegated_grants["scope"])
    granted = (
        role & among((*by_id, asked["resource_app_id"]), (*held, grants["resource_app_id"]))
    ) | (
        scope
        & among(
            (*by_name, asked["resource_app_id"]), (*delegated, delegated_grants["resource_app_id"])
        )
    )
    # A grant whose API could not be told may be this one.
    role_of_some = grants["resource_app_id"].isna()
    scope_of_some = delegated_grants["resource_app_id"].isna()
    perhaps = (role & among(by_id, tuple(each[role_of_some] for each in held))) | (
        scope & among(by_name, tuple(each[scope_of_some] for each in delegated))
    )
    cause = (
        Series(None, index=asked.index, dtype=object)
        .mask(perhaps, "a grant like it is on an API that could not be told")
        .mask(scope & asked["permission"].isna(), "the name of the permission is not known")
        .mask(~role & ~scope, "it is of a kind this version does not know")
    )
    wanted = asked["permission"].fillna(asked["permission_id"])
    return asked.assign(wanted=wanted, unknown=cause)[~granted]
