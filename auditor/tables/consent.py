"""What users may do and consent to, and how administrators are asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from auditor.knowledge.ratings import DELEGATED
from auditor.tables.declare import PAGE, Frame, Table, flag, many, number, row, text
from auditor.tables.source import Source, known, place, positions, words

_FOR_SELF = "managepermissiongrantsforself."
_BUILT_IN = "microsoft-"
_PARTS = {
    "includes": ("include", "permission-grant-includes"),
    "excludes": ("exclude", "permission-grant-excludes"),
}


def _texts(value: object) -> list[str] | None:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else None


def _whole_number(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _authorization(source: Source) -> Frame:
    return AUTHORIZATION_POLICY.frame(
        _authorized(found.item) | {"page": found.page}
        for found in source.rows("authorization-policy")
        if source.whole("authorization-policy", found.item, "id")
    )


def _authorized(item: Mapping[str, Any]) -> dict[str, Any]:
    users = item.get("defaultUserRolePermissions")
    users = users if isinstance(users, dict) else {}
    assigned = _texts(users.get("permissionGrantPoliciesAssigned"))
    return {
        "id": item["id"],
        "users_create_apps": users.get("allowedToCreateApps"),
        "users_create_tenants": users.get("allowedToCreateTenants"),
        "users_create_groups": users.get("allowedToCreateSecurityGroups"),
        "users_read_others": users.get("allowedToReadOtherUsers"),
        "assigned": assigned,
        "self_consent": None
        if assigned is None
        else [each[len(_FOR_SELF) :] for each in assigned if each.lower().startswith(_FOR_SELF)],
        "risky_consent": item.get("allowUserConsentForRiskyApps"),
        "invites_from": words(item.get("allowInvitesFrom")),
        "guest_role_id": words(item.get("guestUserRoleId")),
        "email_verified_join": item.get("allowEmailVerifiedUsersToJoinOrganization"),
        "msol_blocked": item.get("blockMsolPowerShell"),
    }


def _conditions(source: Source) -> Iterator[dict[str, Any]]:
    """Condition sets came with their policy, or were read again."""
    again: dict[tuple[str, str], list[tuple[int, dict[str, Any]]]] = {}
    for _, dataset in _PARTS.values():
        for found in source.rows(dataset):
            again.setdefault((dataset, found.of or ""), []).append((found.page, found.item))
    for found in source.rows("permission-grant-policies"):
        if not source.whole("permission-grant-policies", found.item, "id"):
            continue
        for part, (use, dataset) in _PARTS.items():
            if found.item["id"] in source.asked(dataset):
                items = again.get((dataset, found.item["id"]), [])
            else:
                items = [(found.page, each) for each in source.each(dataset, found.item, part)]
            for page, item in items:
                if source.whole(dataset, item, "id"):
                    yield _condition(found.item, use, item) | {"page": page}


def _condition(policy: Mapping[str, Any], use: str, item: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "policy_id": policy["id"],
        "policy": words(policy.get("displayName")),
        "built_in": policy["id"].lower().startswith(_BUILT_IN),
        "use": use,
        "condition_id": item["id"],
        "permission_type": words(item.get("permissionType")),
        "classification": words(item.get("permissionClassification")),
        "resource_app_id": words(item.get("resourceApplication")),
        "permissions": _texts(item.get("permissions")),
        "client_app_ids": _texts(item.get("clientApplicationIds")),
        "client_tenants": _texts(item.get("clientApplicationTenantIds")),
        "client_publishers": _texts(item.get("clientApplicationPublisherIds")),
        "verified_only": item.get("clientApplicationsFromVerifiedPublisherOnly"),
    }


def _grant_policies(source: Source) -> Frame:
    return PERMISSION_GRANT_POLICIES.frame(_conditions(source))


def _classified(source: Source) -> Iterator[dict[str, Any]]:
    principals = source.table("service_principals")
    rows = positions(principals, "id")
    dataset = "permission-classifications"
    for found in source.rows(dataset):
        item = found.item
        if found.of is None or not source.whole(dataset, item, "permissionId"):
            continue
        at = place(rows, found.of)
        api = known(principals["app_id"].iloc[at]) if at >= 0 else None
        yield {
            "resource_id": found.of,
            "resource": at,
            "resource_app_id": api,
            "resource_name": known(principals["name"].iloc[at]) if at >= 0 else None,
            "permission_id": item["permissionId"],
            "permission": words(item.get("permissionName")),
            "classification": words(item.get("classification")),
            "tier": source.ratings.permission(api, item["permissionId"], DELEGATED).tier
            if api
            else None,
            "page": found.page,
        }


def _classifications(source: Source) -> Frame:
    return PERMISSION_CLASSIFICATIONS.frame(_classified(source))


def _admin_consent(source: Source) -> Frame:
    return ADMIN_CONSENT_POLICY.frame(
        {
            "id": "adminConsentRequestPolicy",  # the service sends none
            "enabled": found.item.get("isEnabled"),
            "notifies": found.item.get("notifyReviewers"),
            "reminds": found.item.get("remindersEnabled"),
            "days": _whole_number(found.item.get("requestDurationInDays")),
            "reviewers": _reviewers(found.item.get("reviewers")),
            "page": found.page,
        }
        for found in source.rows("admin-consent-policy")
    )


def _reviewers(value: object) -> list[str] | None:
    if not isinstance(value, list):
        return None
    return [str(each.get("query")) for each in value if isinstance(each, dict)]


AUTHORIZATION_POLICY = Table(
    name="authorization_policy",
    meaning="what users may do by default; one row",
    key=("id",),
    columns=(
        text("id", "authorizationPolicy", True),
        flag("users_create_apps", "whether users may register applications"),
        flag("users_create_tenants", "whether users may create tenants"),
        flag("users_create_groups", "whether users may create security groups"),
        flag("users_read_others", "whether users may read other users"),
        many("assigned", "permissionGrantPoliciesAssigned as received"),
        many("self_consent", "ids of the consent policies users may consent under; () for none"),
        flag("risky_consent", "whether users may consent to risky applications"),
        text("invites_from", "who may invite guests"),
        text("guest_role_id", "template id of the role of guests"),
        flag("email_verified_join", "whether anybody with a verified mail address may join"),
        flag("msol_blocked", "whether the old MSOL PowerShell is blocked"),
        PAGE,
    ),
    source="authorization-policy",
    build=_authorization,
    subject=("'policy'", "id", "id", "id"),
)
PERMISSION_GRANT_POLICIES = Table(
    name="permission_grant_policies",
    meaning="condition sets of app consent policies: what each includes and excludes",
    key=("policy_id", "use", "condition_id"),
    columns=(
        text("policy_id", "id of the policy", True),
        text("policy", "its display name"),
        flag("built_in", "whether it is Microsoft's own", True),
        text("use", "include or exclude", True),
        text("condition_id", "id of the condition set", True),
        text("permission_type", "application, delegated or delegatedUserConsentable"),
        text("classification", "low, medium, high, or all"),
        text("resource_app_id", "app id of the API, or any"),
        many("permissions", "ids of permissions, or all"),
        many("client_app_ids", "app ids of clients, or all"),
        many("client_tenants", "tenants of clients, or all"),
        many("client_publishers", "publishers of clients, or all"),
        flag("verified_only", "whether only clients of verified publishers match"),
        PAGE,
    ),
    source="permission-grant-policies",
    build=_grant_policies,
    adds=("permission-grant-includes", "permission-grant-excludes"),
    subject=("'policy'", "policy_id", "policy_id", "policy"),
)
PERMISSION_CLASSIFICATIONS = Table(
    name="permission_classifications",
    meaning="delegated permissions that the tenant calls low, medium or high",
    key=("resource_id", "permission_id"),
    columns=(
        text("resource_id", "object id of the API's service principal", True),
        row("resource", "its row in service_principals"),
        text("resource_app_id", "its app id"),
        text("resource_name", "its display name"),
        text("permission_id", "id of the delegated permission", True),
        text("permission", "its name"),
        text("classification", "low, medium or high"),
        number("tier", "rating of the permission; null if nobody rates it or its API is not known"),
        PAGE,
    ),
    source="permission-classifications",
    build=_classifications,
    fills=("service-principals",),
    subject=("'servicePrincipal'", "resource_id", "resource_app_id", "resource_name"),
)
ADMIN_CONSENT_POLICY = Table(
    name="admin_consent_policy",
    meaning="whether users can ask an administrator for consent; one row",
    key=("id",),
    columns=(
        text("id", "adminConsentRequestPolicy", True),
        flag("enabled", "isEnabled"),
        flag("notifies", "whether reviewers are told of requests"),
        flag("reminds", "whether reviewers are reminded"),
        number("days", "requestDurationInDays"),
        many("reviewers", "the queries that name the reviewers"),
        PAGE,
    ),
    source="admin-consent-policy",
    build=_admin_consent,
    subject=("'policy'", "id", "id", "id"),
)
TABLES = (
    AUTHORIZATION_POLICY,
    PERMISSION_GRANT_POLICIES,
    PERMISSION_CLASSIFICATIONS,
    ADMIN_CONSENT_POLICY,
)
