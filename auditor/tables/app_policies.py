"""App management policies: what credentials an application may get, and who is exempt.

What a policy does not list, it does not restrict. So each policy has a row for every type of
restriction that Graph v1.0 knows, also where it is not listed: a rule finds what is not there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from auditor.tables.declare import PAGE, Frame, Table, flag, many, number, row, text, time
from auditor.tables.principals import odata_type
from auditor.tables.source import Source, known, place, positions, words
from auditor.times import duration_days

_DEFAULT, _CUSTOM = "app-management-default-policy", "app-management-policies"
_TYPES = {
    "passwordCredentials": (
        "passwordAddition",
        "passwordLifetime",
        "symmetricKeyAddition",
        "symmetricKeyLifetime",
        "customPasswordAddition",
    ),
    "keyCredentials": ("asymmetricKeyLifetime",),
}
_SETS = {
    "applicationRestrictions": "applications",
    "servicePrincipalRestrictions": "servicePrincipals",
}
_NAMES = {name.lower(): name for names in _TYPES.values() for name in names}
ABSENT = "absent"


def _policies(source: Source) -> Frame:
    return APP_POLICIES.frame([*_default(source), *_custom(source)])


def _default(source: Source) -> Iterator[dict[str, Any]]:
    for found in source.rows(_DEFAULT):
        if not source.whole(_DEFAULT, found.item, "id"):
            continue
        policy = _policy(found.item, found.page, custom=False)
        for name, target in _SETS.items():
            rules = found.item.get(name)
            yield from _restrictions(source, _DEFAULT, rules, policy | {"target": target})
            yield from _uris(rules, policy | {"target": target})


def _custom(source: Source) -> Iterator[dict[str, Any]]:
    for found in source.rows(_CUSTOM):
        if not source.whole(_CUSTOM, found.item, "id"):
            continue
        policy = _policy(found.item, found.page, custom=True)
        rules = found.item.get("restrictions")
        yield from _restrictions(source, _CUSTOM, rules, policy | {"target": "any"})
        inner = rules.get("applicationRestrictions") if isinstance(rules, dict) else None
        yield from _uris(inner, policy | {"target": "applications"})


def _policy(item: Mapping[str, Any], page: int, *, custom: bool) -> dict[str, Any]:
    return {
        "policy_id": item["id"],
        "policy": words(item.get("displayName")),
        "custom": custom,
        "enabled": item.get("isEnabled"),
        "page": page,
    }


def _restrictions(
    source: Source, dataset: str, rules: object, policy: dict[str, Any]
) -> Iterator[dict[str, Any]]:
    """The restrictions of one set; a list that did not come leaves the state of its types open."""
    for name, types in _TYPES.items():
        listed = rules.get(name) if isinstance(rules, dict) else None
        open_ = dict.fromkeys(types, ABSENT if isinstance(listed, list) else None)
        for item in source.each(dataset, {name: listed or []}, name):
            if source.whole(dataset, item, "restrictionType"):
                type_ = _NAMES.get(item["restrictionType"].lower(), item["restrictionType"])
                open_.pop(type_, None)
                yield policy | _restriction(item, type_)
        for type_, state in open_.items():
            yield policy | {"restriction": type_, "state": state}


def _uris(rules: object, policy: dict[str, Any]) -> Iterator[dict[str, Any]]:
    found = rules.get("identifierUris") if isinstance(rules, dict) else None
    for type_, item in (found if isinstance(found, dict) else {}).items():
        if isinstance(item, dict):
            yield policy | _restriction(item, type_)


def _restriction(item: Mapping[str, Any], type_: str) -> dict[str, Any]:
    since = item.get("restrictForAppsCreatedAfterDateTime", "")
    return {
        "restriction": type_,
        "state": words(item.get("state")),
        "max_lifetime": words(item.get("maxLifetime")),
        "max_lifetime_days": duration_days(item.get("maxLifetime")),
        "applies_from": words(since) or None,
        "applies_to_all": None if since is not None and not words(since) else since is None,
        "exempt": _exempt(item["excludeActors"]) if "excludeActors" in item else None,
    }


def _exempt(actors: object) -> list[str] | None:
    found = actors.get("customSecurityAttributes") if isinstance(actors, dict) else actors
    if found is None:
        return []
    if not isinstance(found, list):
        return [str(actors)]  # whoever that is: it is not nobody
    return [
        " ".join(str(each.get(name)) for name in ("id", "operator", "value"))
        if isinstance(each, dict)
        else str(each)
        for each in found
    ]


def targets(
    source: Source, dataset: str, policies: Mapping[str, Mapping[str, Any]]
) -> Iterator[dict[str, Any]]:
    """Rows about the objects of each policy: whose they are, with what `policies` says of it."""
    tables = [("application", source.table("applications"))]
    tables.append(("servicePrincipal", source.table("service_principals")))
    where = [(kind, frame, positions(frame, "id")) for kind, frame in tables]
    for found in source.rows(dataset):
        if found.of is None or not source.whole(dataset, found.item, "id"):
            continue
        made: dict[str, Any] = {
            "policy_id": found.of,
            **policies.get(found.of.lower(), {}),
            "object_id": found.item["id"],
            "object_type": odata_type(found.item),
            "page": found.page,
        }
        for kind, frame, rows in where:
            at = place(rows, found.item["id"])
            made[_ROWS[kind]] = at
            if at >= 0:
                made |= {"object_type": kind, "app_id": known(frame["app_id"].iloc[at])}
                made["name"] = known(frame["name"].iloc[at])
        yield made


def _targets(source: Source) -> Frame:
    policies = {
        str(id_).lower(): {"policy": known(name), "enabled": known(enabled)}
        for id_, name, enabled in zip(
            *(source.table("app_policies")[each] for each in ("policy_id", "policy", "enabled")),
            strict=True,
        )
    }
    return APP_POLICY_TARGETS.frame(targets(source, "app-management-applies-to", policies))


_ROWS = {"application": "application", "servicePrincipal": "principal"}
TARGET = (
    text("policy_id", "id of the policy", True),
    text("policy", "its display name"),
    text("object_id", "object id of what it is put on", True),
    text("object_type", "application or servicePrincipal; null if not told"),
    row("application", "row in applications"),
    row("principal", "row in service_principals"),
    text("app_id", "client id; null if the object is not among those read"),
    text("name", "display name; null if the object is not among those read"),
    PAGE,
)
APP_POLICIES = Table(
    name="app_policies",
    meaning="restrictions of app management policies, one row for each type in each policy",
    key=("restriction", "target", "policy_id"),
    columns=(
        text("policy_id", "id of the policy", True),
        text("policy", "its display name"),
        flag("custom", "whether it is put on single objects instead of the tenant", True),
        flag("enabled", "isEnabled of the policy"),
        text("target", "applications, servicePrincipals, or any for a custom policy", True),
        text(
            "restriction", "restrictionType, or the name of a restriction of identifier URIs", True
        ),
        text("state", "enabled, disabled, or absent where the policy does not list it"),
        number("max_lifetime_days", "maxLifetime in days, a part of one counted as a day"),
        text("max_lifetime", "maxLifetime as received"),
        time("applies_from", "restrictForAppsCreatedAfterDateTime"),
        flag("applies_to_all", "whether it has no such date; null if that was not told"),
        many("exempt", "custom security attributes of actors that are exempt; null if not told"),
        PAGE,
    ),
    source=_DEFAULT,
    build=_policies,
    adds=(_CUSTOM,),
    subject=("'policy'", "policy_id", "policy_id", "policy"),
)
APP_POLICY_TARGETS = Table(
    name="app_policy_targets",
    meaning="applications and service principals that have an app management policy of their own",
    key=("policy_id", "object_id"),
    columns=(*TARGET, flag("enabled", "isEnabled of the policy")),
    source="app-management-applies-to",
    build=_targets,
    fills=("app-management-policies", "applications", "service-principals"),
    subject=("object_type", "object_id", "app_id", "name"),
)
TABLES = (APP_POLICIES, APP_POLICY_TARGETS)
