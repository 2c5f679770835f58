"""Directory roles: definitions, assignments, and who holds them in effect."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from auditor.knowledge import exchange_levels, roles
from auditor.tables import rating
from auditor.tables.declare import PAGE, Frame, Table, flag, row, text
from auditor.tables.source import Source, known, place, positions, words


def _definitions(source: Source) -> Frame:
    return ROLE_DEFINITIONS.frame(
        {
            "id": item["id"],
            "template_id": words(item.get("templateId")),
            "name": words(item.get("displayName")),
            "built_in": item.get("isBuiltIn"),
            "enabled": item.get("isEnabled"),
            "page": found.page,
        }
        for found in source.rows("role-definitions")
        if source.whole("role-definitions", item := found.item, "id")
    )


def _nothing(_: Mapping[str, Any]) -> dict[str, Any]:
    return {}


def assigned(
    source: Source, dataset: str, more: Callable[[Mapping[str, Any]], dict[str, Any]] = _nothing
) -> Iterator[dict[str, Any]]:
    """Rows about who has which role, with the columns of `ASSIGNMENT` and `more` of each item."""
    definitions = source.table("role_definitions")
    defined = positions(definitions, "id")
    principals = positions(source.table("service_principals"), "id")
    objects = source.table("directory_objects")
    others = positions(objects, "id")
    for found in source.rows(dataset):
        item = found.item
        if not source.whole(dataset, item, "id", "roleDefinitionId", "principalId"):
            continue
        definition = place(defined, item["roleDefinitionId"])
        template = _text(definitions, "template_id", definition)
        # The id of a built-in definition is its template id, also where definitions are not read.
        if template is None and item["roleDefinitionId"].lower() in roles():
            template = item["roleDefinitionId"].lower()
        rated = source.ratings.role(template) if template else None
        principal = place(principals, item["principalId"])
        other = place(others, item["principalId"])
        yield {
            "id": item["id"],
            "role_id": item["roleDefinitionId"],
            "template_id": template,
            "role": _text(definitions, "name", definition)
            or (rated.name or None if rated else None),
            **rating.columns(rated),
            "exchange_level": exchange_levels("directory-role").get(template.lower())
            if template
            else None,
            "principal_id": item["principalId"],
            "principal_type": "servicePrincipal"
            if principal >= 0
            else _text(objects, "type", other),
            "principal_name": _text(objects, "name", other),
            "principal": principal,
            "scope": words(item.get("directoryScopeId")),
            "page": found.page,
            **more(item),
        }


def _text(frame: Frame, column: str, place_: int) -> str | None:
    return words(frame[column].iloc[place_]) if place_ >= 0 else None


def _assignments(source: Source) -> Frame:
    return ROLE_ASSIGNMENTS.frame(assigned(source, "role-assignments"))


def _eligible(source: Source) -> Frame:
    return ROLE_ELIGIBILITY.frame(assigned(source, "role-eligibility"))


def _members(source: Source) -> Frame:
    principals = positions(source.table("service_principals"), "id")
    records = {}
    for dataset in ("group-members", "group-service-principals"):
        for found in source.rows(dataset):
            if found.of is None:
                continue
            if source.whole(dataset, found.item, "id"):
                records[found.of, found.item["id"]] = {
                    "group_id": found.of,
                    "member_id": found.item["id"],
                    "principal": place(principals, found.item["id"]),
                    "page": found.page,
                }
    return GROUP_MEMBERS.frame(records.values())


def _held(source: Source, held: Frame) -> Iterator[dict[str, Any]]:
    principals = source.table("service_principals")
    members = source.table("group_members")
    inside = members[members["principal"] >= 0].groupby("group_id")["principal"].apply(list)
    by_group = {str(group).lower(): rows for group, rows in inside.items()}
    titles, apps = list(principals["name"]), list(principals["app_id"])
    ids, publishers = list(principals["id"]), list(principals["publisher"])
    managed = list(principals["managed_identity"])
    for _, each in held.iterrows():
        direct = each["principal"]
        holders = [direct] if direct >= 0 else by_group.get(str(each["principal_id"]).lower(), [])
        for holder in holders:
            yield {
                "assignment_id": each["id"],
                "principal_id": ids[holder],
                "principal": holder,
                "app_id": apps[holder],
                "name": titles[holder],
                "publisher": words(publishers[holder]),
                "managed_identity": known(managed[holder]),
                "role": words(each["role"]),
                "template_id": words(each["template_id"]),
                **{name: known(each[name]) for name in rating.NAMES},
                "exchange_level": words(each["exchange_level"]),
                "scope": words(each["scope"]),
                "through_group": direct < 0,
                "group_id": None if direct >= 0 else each["principal_id"],
                "group_name": None if direct >= 0 else words(each["principal_name"]),
                "page": each["page"],
            }


def _workload(source: Source) -> Frame:
    return WORKLOAD_ROLES.frame(_held(source, source.table("role_assignments")))


def _workload_eligible(source: Source) -> Frame:
    return WORKLOAD_ELIGIBILITY.frame(_held(source, source.table("role_eligibility")))


ASSIGNMENT = (
    text("id", "id of the assignment", True),
    text("role_id", "roleDefinitionId", True),
    text("template_id", "template id of the role; null if its definition was not read"),
    text("role", "name of the role"),
    *rating.COLUMNS,
    text("exchange_level", "what it opens in Exchange app-only; null for nothing"),
    text("principal_id", "object id of who holds it", True),
    text("principal_type", "user, group, servicePrincipal; null if it could not be looked up"),
    text("principal_name", "display name of a user or group"),
    row("principal", "row in service_principals"),
    text("scope", "directoryScopeId; / is the whole directory"),
    PAGE,
)
_HELD = (
    text("assignment_id", "id of the assignment", True),
    text("principal_id", "object id of the service principal", True),
    row("principal", "its row in service_principals"),
    text("app_id", "its client id"),
    text("name", "its display name"),
    text("publisher", "own, foreign or microsoft; null if not told"),
    flag("managed_identity", "whether it is a managed identity"),
    text("role", "name of the role"),
    text("template_id", "template id of the role"),
    *rating.COLUMNS,
    text("exchange_level", "what it opens in Exchange app-only; null for nothing"),
    text("scope", "directoryScopeId; / is the whole directory"),
    flag("through_group", "whether it comes through a group", True),
    text("group_id", "the group it comes through; null if held directly"),
    text("group_name", "that group's display name"),
    PAGE,
)
ROLE_DEFINITIONS = Table(
    name="role_definitions",
    meaning="directory roles, built-in and custom",
    key=("id",),
    columns=(
        text("id", "id", True),
        text("template_id", "template id"),
        text("name", "display name"),
        flag("built_in", "isBuiltIn"),
        flag("enabled", "isEnabled"),
        PAGE,
    ),
    source="role-definitions",
    build=_definitions,
    subject=("'directoryRole'", "id", "template_id", "name"),
)
ROLE_ASSIGNMENTS = Table(
    name="role_assignments",
    meaning="active assignments of directory roles, to users, groups and workloads",
    key=("id",),
    columns=ASSIGNMENT,
    source="role-assignments",
    build=_assignments,
    adds=("directory-roles",),
    fills=("role-definitions", "service-principals", "referenced-principals"),
    subject=("principal_type", "principal_id", "principal_id", "principal_name"),
)
ROLE_ELIGIBILITY = Table(
    name="role_eligibility",
    meaning="eligible assignments of directory roles (PIM)",
    key=("id",),
    columns=ASSIGNMENT,
    source="role-eligibility",
    build=_eligible,
    fills=("role-definitions", "service-principals", "referenced-principals"),
    subject=("principal_type", "principal_id", "principal_id", "principal_name"),
)
GROUP_MEMBERS = Table(
    name="group_members",
    meaning="members, direct and nested, of groups that hold a directory role",
    key=("group_id", "member_id"),
    columns=(
        text("group_id", "object id of the group", True),
        text("member_id", "object id of the member", True),
        row("principal", "the member's row in service_principals"),
        PAGE,
    ),
    source="group-members",
    build=_members,
    adds=("group-service-principals",),
    subject=("'group'", "group_id", "member_id", "member_id"),
)
_WIDER = ("group-service-principals", "referenced-principals", "service-principals")
WORKLOAD_ROLES = Table(
    name="workload_roles",
    meaning="directory roles that service principals hold, directly or through a group",
    key=("assignment_id", "principal_id"),
    columns=_HELD,
    source="role-assignments",
    build=_workload,
    adds=("directory-roles", *_WIDER),
    fills=("role-definitions",),
    subject=("'servicePrincipal'", "principal_id", "app_id", "name"),
)
WORKLOAD_ELIGIBILITY = Table(
    name="workload_eligibility",
    meaning="directory roles that service principals are eligible for (PIM)",
    key=("assignment_id", "principal_id"),
    columns=_HELD,
    source="role-eligibility",
    build=_workload_eligible,
    adds=_WIDER,
    fills=("role-definitions",),
    subject=("'servicePrincipal'", "principal_id", "app_id", "name"),
)
TABLES = (
    ROLE_DEFINITIONS,
    ROLE_ASSIGNMENTS,
    ROLE_ELIGIBILITY,
    GROUP_MEMBERS,
    WORKLOAD_ROLES,
    WORKLOAD_ELIGIBILITY,
)
