"""What Privileged Identity Management knows of directory roles and of role-holding groups."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from auditor.tables.declare import PAGE, Frame, Table, flag, row, text, time
from auditor.tables.roles import ASSIGNMENT, assigned
from auditor.tables.source import Source, place, positions, words


def _when(item: Mapping[str, Any]) -> dict[str, Any]:
    """Start, end and whether there is no end: a null end means that, a missing one nothing."""
    end = item.get("endDateTime", "")
    return {
        "start": item.get("startDateTime"),
        "end": words(end) or None,
        "permanent": None if end == "" else end is None,
    }


def _role_schedule(item: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "assignment_type": words(item.get("assignmentType")),
        "member_type": words(item.get("memberType")),
        **_when(item),
    }


def _role_schedules(source: Source) -> Frame:
    return ROLE_SCHEDULES.frame(assigned(source, "role-assignment-schedules", _role_schedule))


def _in_groups(source: Source) -> Iterator[dict[str, Any]]:
    objects = source.table("directory_objects")
    others = positions(objects, "id")
    principals = positions(source.table("service_principals"), "id")
    for dataset, eligible in _GROUP_DATASETS.items():
        for found in source.rows(dataset):
            item = found.item
            if not source.whole(dataset, item, "id", "groupId", "principalId"):
                continue
            group, other = place(others, item["groupId"]), place(others, item["principalId"])
            principal = place(principals, item["principalId"])
            yield {
                "id": item["id"],
                "eligible": eligible,
                "group_id": item["groupId"],
                "group_name": words(objects["name"].iloc[group]) if group >= 0 else None,
                "principal_id": item["principalId"],
                "principal_type": _type(principal, objects, other),
                "principal_name": words(objects["name"].iloc[other]) if other >= 0 else None,
                "principal": principal,
                "access": words(item.get("accessId")),
                "assignment_type": words(item.get("assignmentType")),
                "member_type": words(item.get("memberType")),
                **_when(item),
                "page": found.page,
            }


def _type(principal: int, objects: Frame, other: int) -> str | None:
    if principal >= 0:
        return "servicePrincipal"
    return words(objects["type"].iloc[other]) if other >= 0 else None


def _group_schedules(source: Source) -> Frame:
    return GROUP_SCHEDULES.frame(_in_groups(source))


_GROUP_DATASETS = {"group-assignment-schedules": False, "group-eligibility-schedules": True}
_TIMES = (
    time("start", "startDateTime; null if it is so since the role was assigned for good"),
    time("end", "endDateTime; null for none"),
    flag("permanent", "whether there is no end; null if that was not told"),
)
ROLE_SCHEDULES = Table(
    name="role_schedules",
    meaning="active directory roles as PIM knows them, for good, for a time, or activated",
    key=("id", "principal_id"),
    columns=(
        *ASSIGNMENT,
        text("assignment_type", "Assigned or Activated"),
        text("member_type", "Direct, Group or Inherited"),
        *_TIMES,
    ),
    source="role-assignment-schedules",
    build=_role_schedules,
    fills=("role-definitions", "service-principals", "referenced-principals"),
    subject=("principal_type", "principal_id", "principal_id", "principal_name"),
)
GROUP_SCHEDULES = Table(
    name="group_schedules",
    meaning="who is in a role-holding group, owns it, or can become so (PIM for Groups)",
    key=("id", "eligible"),
    columns=(
        text("id", "id of the schedule instance", True),
        flag("eligible", "whether it has to be activated first", True),
        text("group_id", "object id of the group", True),
        text("group_name", "that group's display name"),
        text("principal_id", "object id of the member or owner", True),
        text("principal_type", "user, group, servicePrincipal; null if it was not looked up"),
        text("principal_name", "display name of a user or group; null if it was not looked up"),
        row("principal", "row in service_principals"),
        text("access", "member or owner"),
        text("assignment_type", "assigned or activated; null where it is eligible"),
        text("member_type", "direct or group"),
        *_TIMES,
        PAGE,
    ),
    source="group-eligibility-schedules",
    build=_group_schedules,
    adds=("group-assignment-schedules",),
    fills=("service-principals", "referenced-principals"),
    subject=("'group'", "group_id", "principal_id", "group_name"),
)
TABLES = (ROLE_SCHEDULES, GROUP_SCHEDULES)
