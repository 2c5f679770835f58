"""Gathers what an application holds that opens Exchange or mailboxes, from every table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from auditor.knowledge import (
    APPLICATION_ROLES,
    EXCHANGE,
    GRAPH,
    LEVELS,
    MANAGE_AS_APP,
    Ratings,
    exchange_levels,
    mailbox_permissions,
)
from auditor.tables import rating
from auditor.tables.declare import Frame
from auditor.tables.source import Source, known

_WHOLE = "/"
_MANAGE_IDS = frozenset(id for _, id in MANAGE_AS_APP)


@dataclass
class Access:
    """What is found of one service principal."""

    granted: set[str] = field(default_factory=set)
    requested: set[str] = field(default_factory=set)
    roles: set[tuple[str, str]] = field(default_factory=set)  # (level, what gives it)
    eligible: set[str] = field(default_factory=set)
    narrower: set[str] = field(default_factory=set)
    unrated: set[str] = field(default_factory=set)
    doubts: set[str] = field(default_factory=set)  # what may grant the permission itself
    maybe: set[str] = field(default_factory=set)  # memberships that could not be looked into
    mailbox: set[str] = field(default_factory=set)
    wide: set[str] = field(default_factory=set)
    scoped: set[str] = field(default_factory=set)
    pages: set[int] = field(default_factory=set)
    rated_by: set[str] = field(default_factory=set)


def gather(source: Source) -> dict[int, Access]:
    """What is found, by row of service_principals; nothing for those that hold nothing."""
    found: dict[int, Access] = defaultdict(Access)
    for look in (
        _permissions,
        _requests,
        _directory_roles,
        _role_groups,
        _management_roles,
        _unopened_groups,
    ):
        look(source, found)
    return found


def _permissions(source: Source, found: dict[int, Access]) -> None:
    grants = source.table("grants")
    bound = _bound_by_policy(source.table("access_policies"))
    every = source.table("service_principals")["app_id"]
    for client, resource, id, page in zip(
        grants["client"],
        grants["resource_app_id"],
        grants["permission_id"],
        grants["page"],
        strict=True,
    ):
        if client < 0:
            continue
        if not isinstance(resource, str):
            if id.lower() in _MANAGE_IDS:
                found[client].doubts.add("a permission with the id of Exchange.ManageAsApp")
            continue
        key = (resource.lower(), id.lower())
        name, mailbox = MANAGE_AS_APP.get(key), mailbox_permissions().get(key)
        if name:
            found[client].granted.add(name)
            found[client].pages.add(page)
        if mailbox:
            access = found[client]
            api = {GRAPH: "Graph", EXCHANGE: "Exchange"}[key[0]]
            access.pages.add(page)
            policies = bound(every.iloc[client]) if mailbox.bound else []
            access.mailbox.add(f"{api} {mailbox.name}" + (f" ({policies[0]})" if policies else ""))
            (access.scoped if policies else access.wide).add(mailbox.name)


def _bound_by_policy(policies: Frame) -> Any:
    by_app: dict[str, list[str]] = defaultdict(list)
    for app_id, right, scope, valid in zip(
        policies["app_id"],
        policies["access_right"],
        policies["scope"],
        policies["valid"],
        strict=True,
    ):
        # A policy that is not told to be valid, or of a kind not told, proves no boundary. A
        # DenyAccess policy takes some mailboxes away and leaves all others open: none either.
        if (known(right) or "").lower() == "restrictaccess" and known(valid) is True:
            by_app[app_id.lower()].append(
                f"only {known(scope) or 'an unnamed scope'}, by access policy"
            )
    return lambda app_id: by_app.get(app_id.lower(), []) + by_app.get("*", [])


def _requests(source: Source, found: dict[int, Access]) -> None:
    asked = source.table("requested_permissions")
    for principal, resource, id, kind in zip(
        asked["principal"],
        asked["resource_app_id"],
        asked["permission_id"],
        asked["kind"],
        strict=True,
    ):
        name = MANAGE_AS_APP.get((resource.lower(), id.lower()))
        if name and principal >= 0 and kind == "Role":
            found[principal].requested.add(name)


def _directory_roles(source: Source, found: dict[int, Access]) -> None:
    for table, eligible in (("workload_roles", False), ("workload_eligibility", True)):
        held = source.table(table)
        for principal, level, role, scope, group, page in zip(
            held["principal"],
            held["exchange_level"],
            held["role"],
            held["scope"],
            held["group_name"].fillna(held["group_id"]),
            held["page"],
            strict=True,
        ):
            if not isinstance(level, str):
                continue
            access = found[principal]
            what = f"directory role {known(role)}" + (
                f" through group {group}" if known(group) else ""
            )
            access.pages.add(page)
            if eligible:
                access.eligible.add(what)
            elif known(scope) == _WHOLE:
                access.roles.add((level, what))
            elif known(scope) is None:
                access.unrated.add(f"{what} at a scope not told")
            else:
                access.narrower.add(f"{what} at {scope}")


def _rate(
    names: Iterable[str],
    what: str,
    access: Access,
    page: int,
    *,
    ratings: Ratings,
    above: Sequence[str] = (),
) -> None:
    least = max(map(LEVELS.index, above), default=0)
    if least == len(LEVELS) - 1:
        return  # nothing is above full
    for name in names:
        if name in APPLICATION_ROLES:
            continue  # data access, rated as such
        access.pages.add(page)
        level, reason = ratings.management_role(name)
        access.rated_by |= {by} if (by := rating.by(reason)) else set()
        if level is not None and LEVELS.index(level) <= least:
            continue
        if level is not None:
            told = " (rated by overlay)" if reason else ""
            access.roles.add((level, f"{what}, role {name}{told}"))
        else:
            access.unrated.add(f"{what}, role {name} (not rated)")


def _role_groups(source: Source, found: dict[int, Access]) -> None:
    groups, members = source.table("role_groups"), source.table("effective_members")
    rated = exchange_levels("role-group")
    names, roles, fed = list(groups["name"]), list(groups["roles"]), list(groups["directory_roles"])
    directory = exchange_levels("directory-role")
    assigned = _assigned(source)
    for principal, group, page in zip(
        members["principal"], members["role_group"], members["page"], strict=True
    ):
        if principal < 0:
            continue
        access, what = found[principal], f"role group {names[group]}"
        access.pages.add(page)
        levels = [rated[names[group]]] if names[group] in rated else []
        levels += [directory[role] for role in fed[group] or () if role in directory]
        access.roles |= {(level, what) for level in levels}
        # Roles may have been added to a group of whatever name: those above its level are told.
        _rate(
            {*(roles[group] or ()), *assigned[group]},
            what,
            access,
            page,
            ratings=source.ratings,
            above=levels,
        )
        if roles[group] is None and not assigned[group]:
            access.unrated.add(f"{what} (its roles were not told)")


def _assigned(source: Source) -> dict[int, set[str]]:
    """Management roles by role group, as the assignments tell them; disabled ones left out."""
    table = source.table("management_role_assignments")
    found: dict[int, set[str]] = defaultdict(set)
    for group, role, delegating, enabled in zip(
        table["role_group"], table["role"], table["delegating"], table["enabled"], strict=True
    ):
        if group >= 0 and known(delegating) is not True and known(enabled) is not False:
            found[group].add(role)
    return found


def _unopened_groups(source: Source, found: dict[int, Access]) -> None:
    """A directory group inside a role group may hold any application: its members are not read."""
    members = source.table("effective_members")
    inside = members[members["kind"] == "group"]
    doubts = {
        f"role group {group}, if it is in the group {known(name) or member}"
        for group, name, member in zip(
            inside["group_name"], inside["name"], inside["member"], strict=True
        )
    }
    for access in found.values():
        if access.granted:
            access.maybe |= doubts


def _management_roles(source: Source, found: dict[int, Access]) -> None:
    assigned = source.table("management_role_assignments")
    for principal, role, scope, delegating, enabled, page in zip(
        assigned["principal"],
        assigned["role"],
        assigned["scope"],
        assigned["delegating"],
        assigned["enabled"],
        assigned["page"],
        strict=True,
    ):
        if principal < 0 or known(delegating) is True or known(enabled) is False:
            continue
        access = found[principal]
        limited = known(scope)
        if role in APPLICATION_ROLES:
            reach = f"only {limited}" if limited else "every mailbox"
            access.mailbox.add(f"{role} ({reach}, RBAC for Applications)")
            (access.scoped if limited else access.wide).add(role)
            access.pages.add(page)
        elif known(delegating) is None:
            access.unrated.add(f"management role assignment, role {role} (its kind is not told)")
        else:
            where = f" limited to {limited}" if limited else ""
            what = f"management role assignment{where}"
            _rate([role], what, access, page, ratings=source.ratings)
