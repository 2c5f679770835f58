"""The Exchange app-only verdict: what app-only Exchange administration really results, per app.

Exchange lets an application administer it when it holds Exchange.ManageAsApp and, besides, a
directory role that opens Exchange, membership of a role group, or a management role of its own;
the rights of all of them add up (app-only-auth-powershell-v2). Each alone is dormant: one consent
away. Data access to mailboxes (Graph, EWS, IMAP, RBAC for Applications) is a second matter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from auditor.knowledge import (
    EXCHANGE,
    GRAPH,
    LEVELS,
    MANAGE_AS_APP,
    exchange_levels,
    mailbox_permissions,
)
from auditor.tables.declare import PAGE, Frame, Table, flag, many, row, text
from auditor.tables.source import Source, known

_APPLICATION_ROLE = "Application "  # RBAC for Applications roles all begin so
_WHOLE = "/"


@dataclass
class _Access:
    """What is found of one service principal."""

    granted: set[str] = field(default_factory=set)
    requested: set[str] = field(default_factory=set)
    roles: set[tuple[str, str]] = field(default_factory=set)  # (level, what gives it)
    eligible: set[str] = field(default_factory=set)
    narrower: set[str] = field(default_factory=set)
    unrated: set[str] = field(default_factory=set)
    mailbox: set[str] = field(default_factory=set)
    wide: set[str] = field(default_factory=set)
    scoped: set[str] = field(default_factory=set)
    pages: set[int] = field(default_factory=set)


def _build(source: Source) -> Frame:
    found: dict[int, _Access] = defaultdict(_Access)
    _permissions(source, found)
    _requests(source, found)
    _directory_roles(source, found)
    _role_groups(source, found)
    _management_roles(source, found)
    principals = source.table("service_principals")
    columns = ("id", "app_id", "name", "publisher", "managed_identity", "page")
    values = {name: [known(each) for each in principals[name]] for name in columns}
    empty = _Access()
    return EXCHANGE_ACCESS.frame(
        {name: values[name][each] for name in columns}
        | {"principal": each}
        | _verdict(found.get(each, empty))
        for each in range(len(principals))
    )


def _verdict(access: _Access) -> dict[str, Any]:
    best = max((level for level, _ in access.roles), key=LEVELS.index, default=None)
    if access.granted and best:
        level = best
    elif access.granted or best or access.eligible or (access.unrated and not access.granted):
        level = "dormant"
    else:
        level = "none"
    via = sorted({what for _, what in access.roles} | access.unrated)
    return {
        "level": level,
        "rank": LEVELS.index(level),
        "permission": "granted" if access.granted else "requested" if access.requested else "none",
        "permissions": sorted(access.granted or access.requested),
        "via": via,
        "eligible": sorted(access.eligible),
        "narrower": sorted(access.narrower),
        # A role nobody rated could give more than the level says; without the permission it
        # cannot be used at all.
        "unrated": sorted(access.unrated) if access.granted and level != "full" else [],
        "mailbox": sorted(access.mailbox),
        "mailbox_reach": "tenant-wide" if access.wide else "scoped" if access.scoped else "none",
        "proof_pages": sorted(access.pages),
    }


def _permissions(source: Source, found: dict[int, _Access]) -> None:
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
        if client < 0 or not isinstance(resource, str):
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


def _requests(source: Source, found: dict[int, _Access]) -> None:
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


def _directory_roles(source: Source, found: dict[int, _Access]) -> None:
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
            else:
                access.narrower.add(f"{what} at {known(scope) or 'a scope not told'}")


def _rate(names: Iterable[str], what: str, access: _Access, page: int) -> None:
    levels = exchange_levels("management-role")
    for name in names:
        if name.startswith(_APPLICATION_ROLE):
            continue  # data access, rated as such
        access.pages.add(page)
        if name in levels:
            access.roles.add((levels[name], f"{what}, role {name}"))
        else:
            access.unrated.add(f"{what}, role {name} (not rated)")


def _role_groups(source: Source, found: dict[int, _Access]) -> None:
    groups, members = source.table("role_groups"), source.table("effective_members")
    rated = exchange_levels("role-group")
    names, roles, fed = list(groups["name"]), list(groups["roles"]), list(groups["directory_roles"])
    directory = exchange_levels("directory-role")
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
        if not levels:
            _rate(roles[group] or (), what, access, page)
            if roles[group] is None:
                access.unrated.add(f"{what} (its roles were not told)")


def _management_roles(source: Source, found: dict[int, _Access]) -> None:
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
        if principal < 0 or delegating or known(enabled) is False:
            continue
        access = found[principal]
        limited = known(scope)
        if role.startswith(_APPLICATION_ROLE):
            reach = f"only {limited}" if limited else "every mailbox"
            access.mailbox.add(f"{role} ({reach}, RBAC for Applications)")
            (access.scoped if limited else access.wide).add(role)
            access.pages.add(page)
        else:
            where = f" limited to {limited}" if limited else ""
            _rate([role], f"management role assignment{where}", access, page)


EXCHANGE_ACCESS = Table(
    name="exchange_access",
    meaning="the Exchange app-only verdict, one row per service principal",
    key=("id",),
    columns=(
        text("id", "object id", True),
        row("principal", "its row in service_principals"),
        text("app_id", "client id", True),
        text("name", "display name"),
        text("publisher", "own, foreign or microsoft; null if not told"),
        flag("managed_identity", "whether it is a managed identity"),
        text("level", f"one of {', '.join(LEVELS)}", True),
        row("rank", "position of the level, 0 for none"),
        text("permission", "Exchange.ManageAsApp: granted, requested or none", True),
        many("permissions", "which of the ManageAsApp permissions"),
        many("via", "roles and groups that give the level"),
        many("eligible", "directory roles it is only eligible for"),
        many("narrower", "directory roles at a narrower scope, which do not count"),
        many("unrated", "roles nobody rated that could give more than the level says"),
        many("mailbox", "permissions and roles that open mailboxes"),
        text("mailbox_reach", "none, scoped or tenant-wide", True),
        many("proof_pages", "numbers of the snapshot pages that prove the row"),
        PAGE,
    ),
    source="service-principals",
    build=_build,
    joins=(
        "app-role-assignments",
        "role-assignments",
        "role-definitions",
        "group-service-principals",
        "referenced-principals",
        "exchange-role-groups",
        "exchange-partner-role-groups",
        "exchange-role-group-members",
        "exchange-role-assignments",
    ),
    fills=(
        "applications",
        "role-eligibility",
        "exchange-access-policies",
    ),
    named=("exchange-service-principals",),
    subject=("'servicePrincipal'", "id", "app_id", "name"),
)
TABLES = (EXCHANGE_ACCESS,)
