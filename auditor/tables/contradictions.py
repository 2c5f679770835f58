"""Holds the rows of different datasets against one another.

Most of these answers carry no count. What one of them refers to and another lacks shows that one is
not whole: it is called partial, and nothing passes on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pandas as pd

from auditor.knowledge import roles
from auditor.tables.source import Source, words

_NOT_FOUND = 404
_HOLDING = ("principal_id", "role_id", "scope")
_INNER = {"member": "member_group", "assignee": "role_group"}
# Assignees that are no applications; whatever else Exchange calls one, it could be an application.
_NO_APPLICATION = (
    "user",
    "securitygroup",
    "roleassignmentpolicy",
    "foreignsecurityprincipal",
    "rolegroup",
    "linkedrolegroup",
    "computer",
    "mailboxplan",
)


def contradictions(source: Source) -> Iterator[tuple[str, str]]:
    """(dataset, what it lacks) for everything that does not fit."""
    for check in (
        _no_applications,
        _strangers,
        _unresolved,
        _role_definitions,
        _role_assignments,
        _roles_told_elsewhere,
        _exchange_groups,
        _exchange_roles,
        _exchange_names,
        _exchange_principals,
    ):
        yield from check(source)


def _no_applications(source: Source) -> Iterator[tuple[str, str]]:
    principals = source.table("service_principals")
    own = principals[(principals["publisher"] == "own") & (principals["type"] == "Application")]
    if len(own) and source.table("applications").empty:
        yield (
            "applications",
            f"no application came back, yet {len(own)} service principals belong to this tenant's own",
        )


def _strangers(source: Source) -> Iterator[tuple[str, str]]:
    """Service principals that hold something and are not among those listed."""
    grants = source.table("grants")
    held = [source.table("role_assignments"), source.table("role_eligibility")]
    lost = {id.lower() for id in grants["client_id"][grants["client"] < 0]}
    lost |= {id.lower() for id in grants["resource_id"][grants["resource"] < 0]}
    for table in held:
        mine = (table["principal"] < 0) & (table["principal_type"] == "servicePrincipal")
        lost |= {id.lower() for id in table["principal_id"][mine]}
    known = {id.lower() for id in source.table("service_principals")["id"]}
    inside = {
        str(found.item.get("id")).lower() for found in source.rows("group-service-principals")
    }
    lost |= inside - known
    if lost:
        yield (
            "service-principals",
            f"{len(lost)} that hold a permission or role are not among them: {min(lost)}",
        )


def _unresolved(source: Source) -> Iterator[tuple[str, str]]:
    """Principals of roles that could be groups, and groups whose members were not asked for."""
    gone = {
        page.of.lower()
        for page in source.snapshot.pages
        if page.dataset == "referenced-principals" and page.of and page.status == _NOT_FOUND
    }
    asked = {id.lower() for id in source.asked("group-service-principals")}
    unknown, closed = set(), set()
    for name in ("role_assignments", "role_eligibility"):
        table = source.table(name)
        for id, kind, place in zip(
            table["principal_id"], table["principal_type"], table["principal"], strict=True
        ):
            if place < 0 and kind not in ("user", "group", "servicePrincipal"):
                unknown.add(id.lower())
            if place < 0 and kind == "group":
                closed.add(id.lower())
    if unknown - gone:
        yield (
            "referenced-principals",
            f"what {len(unknown - gone)} holders of roles are was not told: {min(unknown - gone)}",
        )
    if closed - asked:
        yield (
            "group-service-principals",
            f"{len(closed - asked)} groups that hold a role were not read: {min(closed - asked)}",
        )


def _role_definitions(source: Source) -> Iterator[tuple[str, str]]:
    assigned = source.table("role_assignments")
    defined = {id.lower() for id in source.table("role_definitions")["id"]}
    unknown = {id.lower() for id in assigned["role_id"]} - defined
    if unknown:
        names = ", ".join(sorted(roles()[id].name if id in roles() else id for id in unknown)[:3])
        yield "role-definitions", f"{len(unknown)} assigned roles are not among them: {names}"


def _role_assignments(source: Source) -> Iterator[tuple[str, str]]:
    """Holds them against /directoryRoles, which lists the same members another way."""
    assigned = source.table("role_assignments")
    held = {
        (str(template).lower(), id.lower())
        for template, id, scope in zip(
            assigned["template_id"], assigned["principal_id"], assigned["scope"], strict=True
        )
        if scope == "/"
    }
    missing = 0
    for found in source.rows("directory-roles"):
        template = words(found.item.get("roleTemplateId"))
        members = found.item.get("members")
        for member in members if isinstance(members, list) else []:
            id = words(member.get("id")) if isinstance(member, dict) else None
            missing += bool(template and id and (template.lower(), id.lower()) not in held)
    if missing:
        yield "role-assignments", f"{missing} members of directory roles have no assignment here"


def _roles_told_elsewhere(source: Source) -> Iterator[tuple[str, str]]:
    """Holds them against PIM, and against what the service tells of roles through groups.

    People activate roles at any moment, also between two requests: of those PIM lists, only
    workloads and groups count.
    """
    assigned = source.table("role_assignments")
    held = _holdings(zip(*(assigned[name] for name in _HOLDING), strict=True))
    pim = source.table("role_schedules")
    lasting = (pim["principal"] >= 0) | pim["principal_type"].isin(["servicePrincipal", "group"])
    pim = pim[lasting & (pim["member_type"] == "Direct")]
    told = _holdings(zip(*(pim[name] for name in _HOLDING), strict=True))
    names = ("principalId", "roleDefinitionId", "directoryScopeId")
    through_groups = source.rows("transitive-role-assignments")
    told |= _holdings(tuple(found.item.get(name) for name in names) for found in through_groups)
    if lost := told - held:
        yield (
            "role-assignments",
            f"{len(lost)} roles told elsewhere are not among them, such as one of {min(lost)[0]}",
        )


def _holdings(rows: Iterable[tuple[object, ...]]) -> set[tuple[str, ...]]:
    """Who, which role and where; rows that lack one of them tell nothing."""
    whole = ([each.lower() for each in row if isinstance(each, str)] for row in rows)
    return {tuple(row) for row in whole if len(row) == len(_HOLDING)}


def _exchange_groups(source: Source) -> Iterator[tuple[str, str]]:
    groups, members = source.table("role_groups"), source.table("role_group_members")
    lost = members[(members["kind"] == "roleGroup") & (members["member_group"] < 0)]
    if len(lost):
        yield "exchange-role-groups", f"nested group {lost['name'].iloc[0]} is not among them"
    assigned = source.table("management_role_assignments")
    kinds = assigned["assignee_type"].str.lower()
    orphans = assigned[kinds.isin(["rolegroup"]) & (assigned["role_group"] < 0)]
    if len(orphans) and len(groups):
        yield (
            "exchange-role-groups",
            f"role group {orphans['assignee'].iloc[0]} holds a role and is not among them",
        )
    yield from _two_lists(source)
    if len(groups) and "organization management" not in set(groups["name"].str.lower()):
        yield "exchange-role-groups", "Organization Management is not among them"
    # A member of a kind that is not told could be any application.
    kinds = members["kind"].fillna("servicePrincipal")
    nameless = _nameless(source, members[kinds == "servicePrincipal"], "member")
    if nameless:
        yield "exchange-role-group-members", nameless
    arrived = members.groupby("role_group").size()
    short = [
        name
        for place, (name, listed) in enumerate(
            zip(groups["name"], groups["listed_members"], strict=True)
        )
        if listed is not None and len(set(listed)) > arrived.get(place, 0)
    ]
    if short:
        yield (
            "exchange-role-group-members",
            f"{len(short)} role groups list more members than arrived: {', '.join(short[:3])}",
        )


def _two_lists(source: Source) -> Iterator[tuple[str, str]]:
    """The listing with -ShowPartnerLinked holds every group, the one without all but partners'."""

    def named(dataset: str) -> dict[str, str]:
        return {
            str(found.item.get("Name")): str(found.item.get("RoleGroupType")).lower()
            for found in source.rows(dataset)
        }

    plain, every = named("exchange-role-groups"), named("exchange-partner-role-groups")
    if not plain or not every:
        return  # the ledger says why
    lost = sorted(
        name for name, kind in every.items() if name not in plain and "partner" not in kind
    )
    if lost:
        yield (
            "exchange-role-groups",
            f"{len(lost)} are listed only with -ShowPartnerLinked: {lost[0]}",
        )
    lost = sorted(set(plain) - set(every))
    if lost:
        yield (
            "exchange-partner-role-groups",
            f"{len(lost)} of the other listing are missing: {lost[0]}",
        )


def _exchange_roles(source: Source) -> Iterator[tuple[str, str]]:
    groups, assigned = source.table("role_groups"), source.table("management_role_assignments")
    held = set(zip(assigned["role_group"], assigned["role"].str.lower(), strict=True))
    missing = [
        f"{role} of {name}"
        for place, (name, listed) in enumerate(zip(groups["name"], groups["roles"], strict=True))
        for role in listed or ()
        if (place, role.lower()) not in held
    ]
    if missing:
        yield (
            "exchange-role-assignments",
            f"{len(missing)} roles that role groups list have no assignment here: {missing[0]}",
        )
    listed = {
        (place, role.lower()) for place, named in enumerate(groups["roles"]) for role in named or ()
    }
    told = {place for place, named in enumerate(groups["roles"]) if named is not None}
    extra = [each for each in held - listed if each[0] in told]
    if extra:
        yield (
            "exchange-role-groups",
            f"{len(extra)} assigned roles are not among the roles that a group lists: {min(extra)[1]}",
        )
    # An assignee that nobody can name could be any application.
    kinds = assigned["assignee_type"].str.lower().fillna("")
    nameless = _nameless(source, assigned[~kinds.isin(_NO_APPLICATION)], "assignee")
    if nameless:
        yield "exchange-role-assignments", nameless


def _exchange_names(source: Source) -> Iterator[tuple[str, str]]:
    """Roles that are assigned must be among those listed."""
    listed = {name.lower() for name in source.table("exchange_roles")["name"]}
    assigned = source.table("management_role_assignments")["role"]
    lost = {name for name in assigned if name.lower() not in listed}
    if listed and lost:
        yield (
            "exchange-management-roles",
            f"{len(lost)} that are assigned are not among them: {min(lost)}",
        )


def _exchange_principals(source: Source) -> Iterator[tuple[str, str]]:
    """A service principal can be assigned a role only after it was made known to Exchange."""
    named = set(source.table("management_role_assignments")["principal"]) - {-1}
    lost = named - set(source.table("exchange_service_principals")["principal"])
    if lost:
        name = source.table("service_principals")["id"][min(lost)]
        yield (
            "exchange-service-principals",
            f"{len(lost)} that are assigned a role are not among them: {name}",
        )


def _nameless(source: Source, rows: pd.DataFrame, column: str) -> str:
    """Service principals that neither Graph nor Exchange's own list knows."""
    listed = source.table("exchange_service_principals")["object_id"]
    known = {id.lower() for id in listed}
    lost = rows[(rows["principal"] < 0) & ~rows[column].str.lower().isin(known)]
    lost = lost[lost[_INNER[column]] < 0]
    if lost.empty:
        return ""
    return f"{len(lost)} service principals cannot be told which: {lost[column].iloc[0]}"
