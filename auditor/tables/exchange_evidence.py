"""Gathers what an application holds that opens Exchange or mailboxes, from every table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from auditor.knowledge import (
    APPLICATION_ROLES,
    COMPLIANCE_ROLES,
    EXCHANGE,
    GRAPH,
    LEVELS,
    MANAGE_AS_APP,
    Ratings,
    exchange_levels,
    mailbox_permissions,
)
from auditor.tables import rating
from auditor.tables.access_policy import Policies, Reach
from auditor.tables.source import Source, known

_WHOLE = "/"
_MANAGE_IDS = frozenset(id for _, id in MANAGE_AS_APP)


@dataclass
class Access:
    """What is found of one service principal."""

    granted: set[str] = field(default_factory=set)
    requested: set[str] = field(default_factory=set)
    roles: set[tuple[str, str]] = field(default_factory=set)  # (level, what gives it)
    compliance: set[tuple[str, str]] = field(default_factory=set)  # those that open it as well
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
    policies = Policies.of(source.table("access_policies"))
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
            app_id = every.iloc[client]
            # What is not sure to be a boundary is none.
            limited = policies.reach(app_id, bindable=mailbox.bound) is Reach.LISTED
            scopes = ", ".join(policies.scopes(app_id))
            told = f" (only {scopes}, by access policy)" if limited else ""
            access.mailbox.add(f"{api} {mailbox.name}{told}")
            (access.scoped if limited else access.wide).add(mailbox.name)


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
        for principal, template, level, role, scope, group, page in zip(
            held["principal"],
            held["template_id"],
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
                if template.lower() in COMPLIANCE_ROLES:
                    access.compliance.add((level, what))
            elif known(scope) is None:
                access.unrated.add(f"{what} at a scope not told")
            else:
                access.narrower.add(f"{what} at {scope}")


@dataclass(frozen=True, slots=True)
class Roles:
    """Management roles as Exchange lists them: anybody may name a custom role as a built-in one."""

    ratings: Ratings
    parents: Mapping[str, str]  # what custom roles were made from, by name in lower case

    @classmethod
    def of(cls, source: Source) -> Roles:
        """From the table exchange_roles; one that does not tell that it is built-in is custom."""
        table = source.table("exchange_roles")
        return cls(
            source.ratings,
            {
                name.lower(): known(parent) or "another role"
                for name, root, parent in zip(
                    table["name"], table["root"], table["parent"], strict=True
                )
                if known(root) is not True or known(parent)
            },
        )

    def made_from(self, name: str) -> str | None:
        """What a custom role was made from; None for a built-in one."""
        return self.parents.get(name.lower())

    def level(self, name: str) -> tuple[str | None, str]:
        """Its level and the overlay's reason. Only an overlay rates a custom role."""
        level, reason = self.ratings.management_role(name)
        return (None, "") if self.made_from(name) and not reason else (level, reason)


def _rate(
    names: Iterable[str],
    what: str,
    access: Access,
    page: int,
    *,
    known_as: Roles,
    above: Sequence[str] = (),
) -> None:
    least = max(map(LEVELS.index, above), default=0)
    if least == len(LEVELS) - 1:
        return  # nothing is above full
    for name in names:
        if name in APPLICATION_ROLES and not known_as.made_from(name):
            continue  # data access, rated as such
        access.pages.add(page)
        level, reason = known_as.level(name)
        access.rated_by |= {by} if (by := rating.by(reason)) else set()
        if level is not None and LEVELS.index(level) <= least:
            continue
        if level is not None:
            told = " (rated by overlay)" if reason else ""
            access.roles.add((level, f"{what}, role {name}{told}"))
        else:
            parent = known_as.made_from(name)
            made = f"made from {parent}, " if parent else ""
            access.unrated.add(f"{what}, role {name} ({made}not rated)")


def _role_groups(source: Source, found: dict[int, Access]) -> None:
    groups, members = source.table("role_groups"), source.table("effective_members")
    rated = exchange_levels("role-group")
    names, roles, fed = list(groups["name"]), list(groups["roles"]), list(groups["directory_roles"])
    directory = exchange_levels("directory-role")
    assigned, known_as = _assigned(source), Roles.of(source)
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
            known_as=known_as,
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
    assigned, known_as = source.table("management_role_assignments"), Roles.of(source)
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
        if role in APPLICATION_ROLES and not known_as.made_from(role):
            reach = f"only {limited}" if limited else "every mailbox"
            access.mailbox.add(f"{role} ({reach}, RBAC for Applications)")
            (access.scoped if limited else access.wide).add(role)
            access.pages.add(page)
        elif known(delegating) is None:
            access.unrated.add(f"management role assignment, role {role} (its kind is not told)")
        else:
            where = f" limited to {limited}" if limited else ""
            what = f"management role assignment{where}"
            _rate([role], what, access, page, known_as=known_as)
